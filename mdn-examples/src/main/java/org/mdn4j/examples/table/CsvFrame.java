/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.mdn4j.regression.frame.ColumnKind;
import org.mdn4j.regression.frame.Frame;

/**
 * The frame of a CSV file. A column is of the kind that is given, or else what all of its cells are
 * that are not missing: numbers, ISO 8601 dates, true and false, or, where none is a number,
 * categories.
 */
final class CsvFrame {
  private CsvFrame() {}

  /**
   * Creates the frame of a table.
   *
   * @param kinds of columns, whatever their cells look like
   * @throws UserError if a cell is not of its column's kind, or a column has numbers and other
   *     cells; it says line and column
   */
  static Frame of(CsvTable table, Map<String, ColumnKind> kinds) {
    Frame.Builder builder = Frame.builder();
    for (String name : table.columns()) {
      Cells cells = new Cells(table, table.indexOf(name));
      ColumnKind kind = kinds.get(name);
      cells.add(builder, name, kind == null ? cells.kind() : kind);
    }
    return builder.build();
  }

  /** The cells of one column. */
  private record Cells(CsvTable table, int column) {
    private String cell(int row) {
      return table.isMissing(row, column) ? null : table.cell(row, column);
    }

    private IntStream present() {
      return rows().filter(row -> cell(row) != null);
    }

    private IntStream rows() {
      return IntStream.range(0, table.rows().size());
    }

    /** Returns what all cells are. */
    ColumnKind kind() {
      if (all(this::isNumber)) {
        return ColumnKind.NUMBER;
      }
      if (all(Frame::isDate)) {
        return ColumnKind.DATE;
      }
      if (all(CsvFrame::isTruth)) {
        return ColumnKind.BOOLEAN;
      }
      if (2 * present().filter(row -> Frame.isDate(cell(row))).count() > present().count()) {
        require(
            Frame::isDate,
            "an ISO 8601 date as in most rows (or a column that --categorical names)");
      }
      if (present().anyMatch(row -> isNumber(cell(row)))) {
        int other = present().filter(row -> !isNumber(cell(row))).findFirst().orElseThrow();
        table.number(
            other,
            column,
            "a finite number as in other rows (or a column that --categorical names)");
      }
      present()
          .filter(row -> table.isAlmostNumber(row, column))
          .forEach(
              row ->
                  table.number(
                      row, column, "a finite number (or a column that --categorical names)"));
      return ColumnKind.CATEGORY;
    }

    private boolean isNumber(String cell) {
      return table.dialect().number(cell).isPresent();
    }

    private boolean all(Predicate<String> is) {
      return present().allMatch(row -> is.test(cell(row)));
    }

    void add(Frame.Builder builder, String name, ColumnKind kind) {
      switch (kind) {
        case NUMBER ->
            builder.numbers(
                name,
                rows()
                    .mapToDouble(
                        row ->
                            cell(row) == null
                                ? Double.NaN
                                : table.number(row, column, "a finite number"))
                    .toArray());
        case DATE -> {
          require(Frame::isDate, "an ISO 8601 date, such as 2026-11-29 or 2026-11-29T14:30:00Z");
          builder.dates(name, rows().mapToObj(this::cell).toArray(String[]::new));
        }
        case BOOLEAN -> {
          require(CsvFrame::isTruth, "true or false");
          builder.booleans(
              name,
              rows()
                  .mapToObj(row -> cell(row) == null ? null : Boolean.valueOf(cell(row)))
                  .toArray(Boolean[]::new));
        }
        case CATEGORY ->
            builder.categories(name, rows().mapToObj(this::cell).toArray(String[]::new));
      }
    }

    private void require(Predicate<String> is, String expected) {
      present()
          .filter(row -> !is.test(cell(row)))
          .forEach(
              row -> {
                throw table.problem(row, column, expected);
              });
    }
  }

  private static boolean isTruth(String cell) {
    return List.of("true", "false").contains(cell.toLowerCase(Locale.ROOT));
  }
}
