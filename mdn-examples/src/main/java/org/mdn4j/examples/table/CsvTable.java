/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.mdn4j.examples.kit.Program;
import org.mdn4j.examples.kit.Program.UserError;

/**
 * A CSV file under a line of column names. Lines without any content are passed over; spaces around
 * a cell do not count.
 *
 * @param file where it came from
 * @param dialect how it was read
 * @param columns names, of which some may be empty, or equal
 * @param rows cells, as many as columns in each
 * @param lines the line of the file that each row begins on, from 1
 */
record CsvTable(
    Path file,
    CsvDialect dialect,
    List<String> columns,
    List<List<String>> rows,
    List<Integer> lines) {
  /**
   * The name of a data frame's index, which has none, and what pandas calls it when it reads it
   * again.
   */
  private static final Pattern NAMELESS = Pattern.compile("|Unnamed: \\d+");

  private static final Pattern BETWEEN_THOUSANDS =
      Pattern.compile("[+-]?\\d{1,3}([.,'’_\\h]\\d{3})+([.,]\\d+)?");
  private static final Pattern ROW = Pattern.compile("\\brow (\\d+)\\b");
  private static final int LONGEST = 80;

  /** Reads a file as {@link #read(Path, CsvDialect)} does, by the default dialect. */
  static CsvTable read(Path file) throws IOException {
    return read(file, CsvDialect.DEFAULT);
  }

  /**
   * Reads a file.
   *
   * @throws UserError if there is no such file, it has no rows, bytes are no text in its encoding,
   *     a line has not as many cells as there are names, or it looks delimited by something else
   * @throws IOException if reading fails
   */
  static CsvTable read(Path file, CsvDialect dialect) throws IOException {
    return CsvFile.read(file, dialect);
  }

  /**
   * Returns the index of a column.
   *
   * @throws UserError if there is none of that name, or several; it says which there are
   */
  int indexOf(String column) {
    int index = columns.indexOf(column);
    requireColumn(column);
    Program.require(
        index == columns.lastIndexOf(column), "%s has two columns %s", file, quoted(column));
    return index;
  }

  private void requireColumn(String column) {
    Program.require(
        columns.contains(column),
        "%s has no column %s; its columns are %s",
        file,
        quoted(column),
        quoted(columns));
  }

  /**
   * Returns the columns that an option names.
   *
   * @param options each a column, or several separated by commas
   * @throws UserError if there is no such column
   */
  List<String> named(List<String> options) {
    List<String> names =
        options.stream()
            .map(CsvDialect::text)
            .flatMap(
                text -> columns.contains(text) ? Stream.of(text) : CsvFile.names(text).stream())
            .distinct()
            .toList();
    names.forEach(this::requireColumn);
    return names;
  }

  /**
   * Returns a copy without some columns, and without those that have no name: a warning says which.
   */
  CsvTable without(Collection<String> excluded) {
    int[] nameless =
        IntStream.range(0, columns.size())
            .filter(column -> NAMELESS.matcher(columns.get(column)).matches())
            .toArray();
    if (nameless.length > 0) {
      Program.warn(
          "%s: %s %s without a name %s left out",
          file,
          nameless.length == 1 ? "column" : "columns",
          IntStream.of(nameless)
              .mapToObj(column -> Integer.toString(column + 1))
              .collect(Collectors.joining(", ")),
          nameless.length == 1 ? "is" : "are");
    }
    int[] kept =
        IntStream.range(0, columns.size())
            .filter(column -> !NAMELESS.matcher(columns.get(column)).matches())
            .filter(column -> !excluded.contains(columns.get(column)))
            .toArray();
    return select(kept);
  }

  /** Returns a copy with some columns only, in the given order. */
  CsvTable select(List<String> names) {
    return select(names.stream().mapToInt(this::indexOf).toArray());
  }

  private CsvTable select(int[] kept) {
    return new CsvTable(
        file,
        dialect,
        select(columns, kept),
        rows.stream().map(row -> select(row, kept)).toList(),
        lines);
  }

  /** Returns the rows in which no cell of these columns is missing. */
  CsvTable withoutMissing(List<String> of) {
    int[] indices = of.stream().mapToInt(this::indexOf).toArray();
    int[] complete =
        IntStream.range(0, rows.size())
            .filter(row -> IntStream.of(indices).noneMatch(column -> isMissing(row, column)))
            .toArray();
    Program.require(
        complete.length > 0, "%s has no row without a missing cell%s", file, aboutMissing(indices));
    return only(complete);
  }

  /** Returns the rows at these indices. */
  CsvTable only(int[] indices) {
    return new CsvTable(file, dialect, columns, select(rows, indices), select(lines, indices));
  }

  /** Returns the names of the columns in which all cells are missing, if there are any. */
  private String aboutMissing(int[] indices) {
    List<String> without =
        IntStream.of(indices)
            .filter(
                column -> IntStream.range(0, rows.size()).allMatch(row -> isMissing(row, column)))
            .mapToObj(columns::get)
            .toList();
    return without.isEmpty() ? "" : "; nothing is in the columns " + quoted(without);
  }

  private static <T> List<T> select(List<T> list, int[] indices) {
    return IntStream.of(indices).mapToObj(list::get).toList();
  }

  String cell(int row, int column) {
    return rows.get(row).get(column);
  }

  boolean isMissing(int row, int column) {
    return dialect.isMissing(cell(row, column));
  }

  /**
   * Returns a cell as a number.
   *
   * @throws UserError if it is no finite one
   */
  double number(int row, int column, String expected) {
    OptionalDouble number = dialect.number(cell(row, column));
    return number.orElseThrow(
        () -> problem(row, column, expected, aboutNumbers(cell(row, column))));
  }

  /** Returns whether a cell looks like a number that another dialect would have. */
  boolean isAlmostNumber(int row, int column) {
    return !aboutNumbers(cell(row, column)).isEmpty();
  }

  private String aboutNumbers(String cell) {
    List<String> hints = new ArrayList<>();
    String plain = plain(cell);
    if (!plain.equals(cell)
        && (dialect.number(plain).isPresent() || dialect.otherMark().number(plain).isPresent())) {
      hints.add("digits are 0 to 9, and signs and points those of a keyboard: " + plain);
    }
    if (BETWEEN_THOUSANDS.matcher(cell).matches()) {
      hints.add("nothing may stand between thousands");
    }
    if (dialect.otherMark().number(cell).isPresent()) {
      hints.add(
          dialect.decimalComma()
              ? "with --decimal-comma a number has no point"
              : "a comma in place of the point needs --decimal-comma");
    }
    return hints.isEmpty() ? "" : " (" + String.join("; ", hints) + ")";
  }

  /** Returns a cell with the digits, the point and the minus of other scripts as in ASCII. */
  private static String plain(String cell) {
    StringBuilder plain = new StringBuilder();
    cell.codePoints()
        .map(
            point ->
                Character.isDigit(point)
                    ? '0' + Character.digit(point, 10)
                    : point == '\u066B' ? '.' : point == '\u2212' ? '-' : point)
        .forEach(plain::appendCodePoint);
    return plain.toString();
  }

  /**
   * Returns the problem that a model has with a row of the frame of this table, which names the
   * row's line.
   */
  UserError problem(IllegalArgumentException e) {
    String message =
        ROW.matcher(e.getMessage())
            .replaceAll(row -> "line " + lines.get(Integer.parseInt(row.group(1))));
    return new UserError("%s: %s".formatted(file, message));
  }

  /** Returns the problem with a cell. */
  UserError problem(int row, int column, String expected) {
    return problem(row, column, expected, "");
  }

  private UserError problem(int row, int column, String expected, String hint) {
    return new UserError(
        "%s, line %s, column %s: expected %s, got %s%s"
            .formatted(
                file,
                lines.get(row),
                quoted(columns.get(column)),
                expected,
                quoted(cell(row, column)),
                isMissing(row, column) ? " (--drop-missing leaves such rows out)" : hint));
  }

  /** Returns a text as messages have it: in quotes, on one line, and not too long. */
  static String quoted(String text) {
    String line = text.replace("\n", "\\n");
    return '"' + (line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line) + '"';
  }

  static String quoted(List<String> texts) {
    return texts.stream().map(CsvTable::quoted).collect(Collectors.joining(", "));
  }
}
