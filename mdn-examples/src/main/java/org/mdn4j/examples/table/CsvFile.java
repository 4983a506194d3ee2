/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.mdn4j.examples.kit.Program;
import org.mdn4j.examples.kit.Program.UserError;

/**
 * Turns a CSV file into a table by commons-csv, and says what the file looks like where that fails.
 */
final class CsvFile {
  private static final List<String> DELIMITERS = List.of(",", ";", "\t", "|");
  private static final int LOOKED_AT = 20; // lines, to see how a file is delimited
  private static final Pattern SEPARATOR =
      Pattern.compile("\"?sep=([^\\p{L}\\p{N}\".+-])\"?"); // Excel's first line
  private static final Pattern DECIMAL_COMMA = Pattern.compile("[+-]?\\d+,\\d+");

  private final Path file;
  private final CsvDialect dialect;
  private final boolean separatorLine;

  private CsvFile(Path file, CsvDialect dialect, boolean separatorLine) {
    this.file = file;
    this.dialect = dialect;
    this.separatorLine = separatorLine;
  }

  /** As {@link CsvTable#read(Path, CsvDialect)}. */
  static CsvTable read(Path file, CsvDialect dialect) throws IOException {
    Program.require(Files.exists(file), "There is no file %s", file);
    Program.require(Files.isRegularFile(file), "%s is not a file", file);
    Program.require(Files.isReadable(file), "%s may not be read", file);
    CsvFile csv = new CsvFile(file, dialect, false);
    try (BufferedReader reader = new BufferedReader(csv.open())) {
      String first = reader.readLine();
      Matcher separator = SEPARATOR.matcher(first == null ? "" : first);
      if (separator.matches()) {
        csv = new CsvFile(file, dialect.delimiter(separator.group(1)), true);
      }
    }
    CsvTable table;
    try {
      table = csv.table(Integer.MAX_VALUE);
    } catch (UserError e) {
      csv.requireDelimiter();
      throw e;
    }
    if (table.columns().size() == 1) {
      csv.requireDelimiter();
    }
    Program.require(!table.rows().isEmpty(), "%s has a header but no rows", file);
    return table;
  }

  /**
   * The names in an option's value, which are apart by commas; one that holds a comma is in double
   * quotes.
   */
  static List<String> names(String option) {
    try (CSVParser parser =
        CSVParser.parse(new StringReader(option), CsvDialect.DEFAULT.format())) {
      return parser.stream()
          .flatMap(record -> record.toList().stream().map(CsvDialect::text))
          .toList();
    } catch (IOException | UncheckedIOException e) {
      throw new UserError(
          "Expected names apart by commas, one with a comma in double quotes, got " + option);
    }
  }

  private StrictReader open() throws IOException {
    return StrictReader.open(file, Charset.forName(dialect.encoding()));
  }

  private CsvTable table(int mostRows) throws IOException {
    List<String> columns = null;
    List<List<String>> rows = new ArrayList<>();
    List<Integer> lines = new ArrayList<>();
    try (CSVParser parser = CSVParser.parse(open(), dialect.format())) {
      Iterator<CSVRecord> records = parser.iterator();
      if (separatorLine) {
        next(records, 1);
      }
      while (rows.size() < mostRows) {
        int line = (int) parser.getCurrentLineNumber() + 1;
        CSVRecord record = next(records, line);
        if (record == null) {
          break;
        }
        List<String> cells = record.stream().map(CsvDialect::text).toList();
        if (cells.stream().allMatch(String::isEmpty)) {
          continue;
        }
        if (columns == null) {
          columns = cells;
          continue;
        }
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
    Program.require(columns != null, "%s is empty", file);
    return new CsvTable(file, dialect, columns, rows, lines);
  }

  /** The next line's cells, or null at the end. */
  private CSVRecord next(Iterator<CSVRecord> records, int line) throws IOException {
    try {
      return records.hasNext() ? records.next() : null;
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof CSVException cause) {
        throw new UserError(
            "%s, line %d: a double quote opens a cell and %s"
                .formatted(
                    file,
                    line,
                    cause.getMessage().contains("EOF")
                        ? "none closes it"
                        : "the one that closes it is followed by more than a delimiter"));
      }
      throw e.getCause();
    }
  }

  /**
   * Refuses a file that is a table by another delimiter, and not by this one.
   *
   * @throws UserError that says which
   */
  private void requireDelimiter() throws IOException {
    if (shape(dialect.delimiter()) != null) {
      return;
    }
    CsvTable best = null;
    for (String delimiter : DELIMITERS) {
      CsvTable table = shape(delimiter);
      if (table != null && (best == null || table.columns().size() > best.columns().size())) {
        best = table;
      }
    }
    if (best == null) {
      return;
    }
    String decimalComma =
        dialect.decimalComma()
            ? ""
            : best.rows().stream()
                .flatMap(List::stream)
                .filter(cell -> DECIMAL_COMMA.matcher(cell).matches())
                .findFirst()
                .map(" and --decimal-comma, as it has %s"::formatted)
                .orElse("");
    String other = best.dialect().delimiter();
    throw new UserError(
        "%s looks delimited by %s, not by %s (%d columns: %s): say --delimiter %s%s"
            .formatted(
                file,
                inWords(other),
                inWords(dialect.delimiter()),
                best.columns().size(),
                CsvTable.quoted(best.columns()),
                other.equals("\t") ? "tab" : CsvTable.quoted(other),
                decimalComma));
  }

  /** The first lines by a delimiter; null if they are no table of at least two columns. */
  private CsvTable shape(String delimiter) throws IOException {
    try {
      CsvTable table =
          new CsvFile(file, dialect.delimiter(delimiter), separatorLine).table(LOOKED_AT);
      return table.columns().size() > 1 ? table : null;
    } catch (UserError e) {
      return null; // no table by this delimiter
    }
  }

  private static String inWords(String delimiter) {
    return switch (delimiter) {
      case "," -> "commas";
      case ";" -> "semicolons";
      case "\t" -> "tabs";
      default -> CsvTable.quoted(delimiter);
    };
  }
}
