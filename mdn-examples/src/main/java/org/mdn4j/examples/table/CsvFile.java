/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
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
import org.mdn4j.examples.kit.Program;
import org.mdn4j.examples.kit.Program.UserError;

/**
 * A reader that turns a CSV file into a table by FastCSV, and describes the file where that fails.
 * Cells may be in double quotes, a quote inside them doubled; lines may end with LF, CRLF or CR.
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

  /** Reads a table as {@link CsvTable#read(Path, CsvDialect)} does. */
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
   * Returns the names in an option's value, which are separated by commas; one that holds a comma
   * is in double quotes.
   */
  static List<String> names(String option) {
    try (CsvReader<Line> lines = lines(new StringReader(option), CsvDialect.DEFAULT, new Lines())) {
      return lines.stream().flatMap(line -> line.cells().stream()).toList();
    } catch (IOException | CsvParseException e) {
      throw new UserError(
          "Expected names separated by commas, one with a comma in double quotes, got " + option);
    }
  }

  /**
   * A line that is not empty, or several where a cell goes on.
   *
   * @param number of the first, from 1
   */
  private record Line(int number, List<String> cells) {}

  /** A collector of cells, which rejects a quote that neither encloses a cell nor stands in one. */
  private static final class Lines extends AbstractBaseCsvCallbackHandler<Line> {
    private List<String> cells;

    @Override
    protected void handleBegin(long line) {
      cells = new ArrayList<>();
    }

    @Override
    protected void handleField(int index, char[] buffer, int offset, int length, boolean quoted) {
      String cell = new String(buffer, offset, length);
      if (!quoted && cell.indexOf('"') >= 0) {
        throw new CsvParseException("a double quote stands in a cell that is not in double quotes");
      }
      cells.add(CsvDialect.text(cell));
    }

    @Override
    protected Line buildRecord() {
      return new Line((int) getStartingLineNumber(), cells);
    }

    /** Returns the problem with the line that is read. */
    private UserError problem(Path file, CsvParseException e) {
      String what = e.getMessage();
      if (what.startsWith("Unclosed")) {
        what = "a double quote opens a cell and none closes it";
      } else if (what.startsWith("Unexpected character after closing quote")) {
        what = "a double quote opens a cell and the one that closes it is not its end";
      }
      return new UserError("%s, line %s: %s".formatted(file, getStartingLineNumber(), what));
    }
  }

  private static CsvReader<Line> lines(Reader reader, CsvDialect dialect, Lines handler) {
    return CsvReader.builder()
        .fieldSeparator(dialect.delimiter())
        .trimWhitespacesAroundQuotes(true)
        .allowUnclosedQuote(false)
        .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
        .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
        .build(handler, reader);
  }

  private StrictReader open() throws IOException {
    return StrictReader.open(file, Charset.forName(dialect.encoding()));
  }

  private CsvTable table(int mostRows) throws IOException {
    List<String> columns = null;
    List<List<String>> rows = new ArrayList<>();
    List<Integer> numbers = new ArrayList<>();
    Lines handler = new Lines();
    try (CsvReader<Line> lines = lines(open(), dialect, handler)) {
      Iterator<Line> iterator = lines.iterator();
      if (separatorLine) {
        iterator.next();
      }
      while (rows.size() < mostRows && iterator.hasNext()) {
        Line line = iterator.next();
        if (line.cells().stream().allMatch(String::isEmpty)) {
          continue;
        }
        if (columns == null) {
          columns = line.cells();
          continue;
        }
        Program.require(
            line.cells().size() == columns.size(),
            "%s, line %d: expected %d cells as in the header, got %d",
            file,
            line.number(),
            columns.size(),
            line.cells().size());
        rows.add(line.cells());
        numbers.add(line.number());
      }
    } catch (CsvParseException e) {
      throw e.getCause() instanceof UserError problem ? problem : handler.problem(file, e);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    Program.require(columns != null, "%s is empty", file);
    return new CsvTable(file, dialect, columns, rows, numbers);
  }

  /**
   * Rejects a file that is a table by another delimiter, and not by this one.
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
        "%s looks delimited by %s, not by %s (%s columns: %s): say --delimiter %s%s"
            .formatted(
                file,
                inWords(other),
                inWords(dialect.delimiter()),
                best.columns().size(),
                CsvTable.quoted(best.columns()),
                other.equals("\t") ? "tab" : CsvTable.quoted(other),
                decimalComma));
  }

  /** Returns the first lines by a delimiter; null if they are no table of at least two columns. */
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
