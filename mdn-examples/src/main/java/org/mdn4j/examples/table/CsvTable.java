/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.datavec.api.records.reader.RecordReader;
import org.datavec.api.records.reader.impl.csv.CSVRecordReader;
import org.datavec.api.split.FileSplit;
import org.datavec.api.writable.Writable;
import org.mdn4j.examples.kit.Program;
import org.mdn4j.examples.kit.Program.UserError;

/**
 * A CSV file under a line of column names, as DataVec reads it: commas, optional double quotes,
 * UTF-8. Blank lines are passed over; spaces around a cell do not count. DataVec comes with DL4J;
 * commons-csv would be one more library for a few lines less, and leaves the mark of UTF-8 and the
 * words about an open quote to its caller, too.
 *
 * @param file where it came from
 * @param columns names, all different
 * @param rows cells, as many as columns in each
 * @param lines the line of the file that each row stands on, from 1
 */
record CsvTable(Path file, List<String> columns, List<List<String>> rows, List<Integer> lines) {
  private static final Set<String> MISSING = Set.of("", "NA", "N/A", "NaN", "null", "?");

  /**
   * Reads a file.
   *
   * @throws UserError if there is no such file, it has no rows, column names repeat, or a line has
   *     not as many cells as there are names
   * @throws IOException if reading fails
   */
  static CsvTable read(Path file) throws IOException {
    Program.require(Files.exists(file), "There is no file %s", file);
    Program.require(Files.isRegularFile(file), "%s is not a file", file);
    Program.require(Files.isReadable(file), "%s may not be read", file);
    List<String> columns = null;
    List<List<String>> rows = new ArrayList<>();
    List<Integer> lines = new ArrayList<>();
    try (RecordReader reader = new CSVRecordReader()) {
      reader.initialize(new FileSplit(file.toFile()));
      for (int line = 1; reader.hasNext(); line++) {
        List<String> cells = cells(reader, file, line);
        if (cells.size() == 1
            && cells.get(0).isEmpty()
            && (columns == null || columns.size() > 1)) {
          continue;
        }
        if (columns == null) {
          columns = columnNames(cells, file);
        } else {
          Program.require(
              cells.size() == columns.size(),
              "%s, line %d: expected %d cells as in the header, got %d",
              file,
              line,
              columns.size(),
              cells.size());
          rows.add(cells);
          lines.add(line);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while reading " + file, e);
    }
    Program.require(columns != null, "%s is empty", file);
    Program.require(!rows.isEmpty(), "%s has a header but no rows", file);
    return new CsvTable(file, columns, rows, lines);
  }

  /**
   * Where a column stands.
   *
   * @throws UserError if there is none of that name; it says which there are
   */
  int indexOf(String column) {
    int index = columns.indexOf(column);
    Program.require(
        index >= 0,
        "%s has no column %s; its columns are %s",
        file,
        quoted(column),
        columns.stream().map(CsvTable::quoted).collect(Collectors.joining(", ")));
    return index;
  }

  /** The rows in which no cell is missing: empty, NA, N/A, NaN, null or a question mark. */
  CsvTable withoutMissing() {
    int[] complete =
        IntStream.range(0, rows.size())
            .filter(row -> rows.get(row).stream().noneMatch(MISSING::contains))
            .toArray();
    Program.require(complete.length > 0, "%s has no row without a missing cell", file);
    return new CsvTable(
        file,
        columns,
        IntStream.of(complete).mapToObj(rows::get).toList(),
        IntStream.of(complete).mapToObj(lines::get).toList());
  }

  boolean isMissing(int row, int column) {
    return MISSING.contains(rows.get(row).get(column));
  }

  /** What is wrong with a cell. */
  UserError problem(int row, int column, String expected) {
    String cell = rows.get(row).get(column);
    return new UserError(
        "%s, line %d, column %s: expected %s, got %s%s"
            .formatted(
                file,
                lines.get(row),
                quoted(columns.get(column)),
                expected,
                quoted(cell),
                isMissing(row, column) ? " (--drop-missing leaves such rows out)" : ""));
  }

  static String quoted(String text) {
    return '"' + text + '"';
  }

  private static List<String> cells(RecordReader reader, Path file, int line) {
    List<Writable> record;
    try {
      record = reader.next();
    } catch (RuntimeException e) {
      // CSVRecordReader wraps its parser's IOException
      if (e.getCause() instanceof IOException cause) {
        throw new UserError("%s, line %d: %s".formatted(file, line, cause.getMessage()));
      }
      throw e;
    }
    return record.stream().map(cell -> unquoted(cell.toString())).toList();
  }

  /** DataVec keeps a closing quote that spaces follow. */
  private static String unquoted(String cell) {
    return cell.replaceFirst("\"\\s+$", "").strip();
  }

  private static List<String> columnNames(List<String> cells, Path file) {
    List<String> names = new ArrayList<>(cells);
    // Spreadsheets mark UTF-8 by this character; between it and a quote nothing was stripped.
    names.set(0, names.get(0).replaceFirst("^\uFEFF", "").replaceFirst("^\"(.*)\"$", "$1"));
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      Program.require(seen.add(name), "%s has two columns %s", file, quoted(name));
    }
    return List.copyOf(names);
  }
}
