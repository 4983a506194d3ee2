/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.mdn4j.examples.kit.Program.UserError;
import org.mdn4j.regression.frame.Frame;

/**
 * The frame of a CSV file. A column is what all of its cells are that are not missing: numbers, ISO
 * 8601 dates, true and false, or else, where none is a number, categories.
 */
final class CsvFrame {
  private CsvFrame() {}

  /**
   * Creates the frame of a table.
   *
   * @param categorical names of columns that hold categories, whatever their cells look like
   * @throws UserError if a column has numbers and other cells; the message says which
   */
  static Frame of(CsvTable table, List<String> categorical) {
    Frame.Builder builder = Frame.builder();
    for (String name : table.columns()) {
      add(builder, table, name, categorical.contains(name));
    }
    return builder.build();
  }

  private static void add(Frame.Builder builder, CsvTable table, String name, boolean categorical) {
    int column = table.indexOf(name);
    int[] present =
        IntStream.range(0, table.rows().size())
            .filter(row -> !table.isMissing(row, column))
            .toArray();
    String[] cells =
        IntStream.range(0, table.rows().size())
            .mapToObj(row -> table.isMissing(row, column) ? null : table.cell(row, column))
            .toArray(String[]::new);
    Predicate<String> isNumber = cell -> table.dialect().number(cell).isPresent();
    if (categorical) {
      builder.categories(name, cells);
    } else if (all(cells, present, isNumber)) {
      builder.numbers(
          name,
          IntStream.range(0, cells.length)
              .mapToDouble(
                  row ->
                      cells[row] == null
                          ? Double.NaN
                          : table.dialect().number(cells[row]).getAsDouble())
              .toArray());
    } else if (all(cells, present, CsvFrame::isDate)) {
      builder.dates(name, cells);
    } else if (all(cells, present, CsvFrame::isTruth)) {
      builder.booleans(
          name,
          IntStream.range(0, cells.length)
              .mapToObj(row -> cells[row] == null ? null : Boolean.valueOf(cells[row]))
              .toArray(Boolean[]::new));
    } else {
      for (int row : present) {
        if (isNumber.test(cells[row])) {
          int other =
              IntStream.of(present)
                  .filter(one -> !isNumber.test(cells[one]))
                  .findFirst()
                  .orElseThrow();
          throw table.problem(
              other,
              column,
              "a finite number as in other rows (or a column that --categorical names)");
        }
      }
      builder.categories(name, cells);
    }
  }

  private static boolean all(String[] cells, int[] present, Predicate<String> is) {
    return IntStream.of(present).allMatch(row -> is.test(cells[row]));
  }

  private static boolean isTruth(String cell) {
    return List.of("true", "false").contains(cell.toLowerCase(Locale.ROOT));
  }

  private static boolean isDate(String cell) {
    return parses(cell, LocalDate::parse)
        || parses(cell, LocalDateTime::parse)
        || parses(cell, OffsetDateTime::parse);
  }

  private interface Parser {
    Object parse(String text);
  }

  private static boolean parses(String cell, Parser parser) {
    try {
      parser.parse(cell);
      return true;
    } catch (DateTimeParseException e) {
      return false;
    }
  }
}
