/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.mdn4j.examples.kit.Outcomes;
import org.mdn4j.regression.MixtureRegressor;
import org.mdn4j.regression.frame.Frame;

/**
 * The columns of a file that say what is known of targets: one of values for each; or two of the
 * ends of intervals, of which an empty cell leaves its side open; or one of values beside one of
 * flags, 1 where the value was seen, and 0 where it is only known to be larger.
 *
 * @param columns of values, or of lower and upper ends in turns
 * @param ends whether they are ends
 * @param event the column of flags, or null
 */
record TargetColumns(List<String> columns, boolean ends, String event) {
  private static final Pattern INFINITE =
      Pattern.compile("([+-]?)(inf|infinity|∞)", Pattern.CASE_INSENSITIVE);

  /** Returns columns of values. */
  static TargetColumns values(List<String> columns) {
    return new TargetColumns(columns, false, null);
  }

  /**
   * Returns the columns of a model that was fitted to a frame.
   *
   * @param event the column of flags that the file for training had, or null
   */
  static TargetColumns of(MixtureRegressor regressor, String event) {
    List<String> names = regressor.targetNames();
    return event == null
        ? new TargetColumns(names, names.size() > regressor.targets(), null)
        : new TargetColumns(names.subList(0, 1), false, event);
  }

  /** Returns whether a model's labels are intervals. */
  boolean isCensored() {
    return ends || event != null;
  }

  /** Returns the names of the targets. */
  List<String> names() {
    return ends
        ? IntStream.range(0, columns.size() / 2)
            .mapToObj(d -> columns.get(2 * d) + "_to_" + columns.get(2 * d + 1))
            .toList()
        : columns;
  }

  /** Returns all columns. */
  List<String> all() {
    return event == null ? columns : Stream.concat(columns.stream(), Stream.of(event)).toList();
  }

  /** Returns the names that the columns of a frame have for a model's labels. */
  List<String> ofFrame(List<String> taken) {
    if (event == null) {
      return columns;
    }
    String upper = columns.get(0) + "_upper";
    while (taken.contains(upper)) {
      upper += "_";
    }
    return List.of(columns.get(0), upper);
  }

  /**
   * Returns the labels as columns of a frame, in which an open end is missing.
   *
   * @param names as {@link #ofFrame} has them
   */
  static Frame frame(Outcomes outcomes, List<String> names) {
    Frame.Builder builder = Frame.builder();
    for (int column = 0; column < names.size(); column++) {
      int place = column;
      builder.numbers(
          names.get(column),
          IntStream.range(0, outcomes.rows())
              .mapToDouble(row -> outcomes.label(row)[place])
              .map(end -> Double.isInfinite(end) ? Double.NaN : end)
              .toArray());
    }
    return builder.build();
  }

  /**
   * Reads the outcomes of all rows.
   *
   * @param counts whether they must be counts
   * @throws UserError if a column is not there, or a row has no outcome; it says line and column
   */
  Outcomes read(CsvTable table, boolean counts) {
    int[] places = all().stream().mapToInt(table::indexOf).toArray();
    return of(
        IntStream.range(0, table.rows().size())
            .mapToObj(row -> label(table, row, places, counts))
            .toArray(double[][]::new));
  }

  private Outcomes of(double[][] labels) {
    return isCensored() ? Outcomes.intervals(labels) : Outcomes.exact(labels);
  }

  /**
   * Reads the labels of rows that need not have any, {@code [N][D]} or {@code [N][2 D]}; null for a
   * row of which a target is not known.
   *
   * @param counts whether they must be counts
   * @throws UserError if a cell is neither missing nor what its column holds
   */
  double[][] known(CsvTable table, boolean counts) {
    double[][] known = new double[table.rows().size()][];
    if (table.columns().containsAll(all())) {
      int[] places = all().stream().mapToInt(table::indexOf).toArray();
      for (int row = 0; row < known.length; row++) {
        if (!isMissing(table, row, places)) {
          known[row] = label(table, row, places, counts);
        }
      }
    }
    return known;
  }

  /** Returns the rows in which all targets are known. */
  int[] knownRows(CsvTable table) {
    int[] places = all().stream().mapToInt(table::indexOf).toArray();
    return IntStream.range(0, table.rows().size())
        .filter(row -> !isMissing(table, row, places))
        .toArray();
  }

  /** Returns whether a target is missing: a cell, or both ends of an interval. */
  private boolean isMissing(CsvTable table, int row, int[] places) {
    return ends
        ? IntStream.range(0, places.length / 2)
            .anyMatch(
                d -> table.isMissing(row, places[2 * d]) && table.isMissing(row, places[2 * d + 1]))
        : IntStream.of(places).anyMatch(place -> table.isMissing(row, place));
  }

  private double[] label(CsvTable table, int row, int[] places, boolean counts) {
    if (event != null) {
      double value = value(table, row, places[0], counts);
      return new double[] {value, seen(table, row, places[1]) ? value : Double.POSITIVE_INFINITY};
    }
    if (!ends) {
      return IntStream.of(places).mapToDouble(place -> value(table, row, place, counts)).toArray();
    }
    double[] label = new double[places.length];
    for (int place = 0; place < places.length; place += 2) {
      readEnds(table, row, places[place], places[place + 1], counts, label, place);
    }
    return label;
  }

  private static void readEnds(
      CsvTable table, int row, int low, int high, boolean counts, double[] into, int at) {
    double lower = end(table, row, low, counts, Double.NEGATIVE_INFINITY);
    double upper = end(table, row, high, counts, Double.POSITIVE_INFINITY);
    if (Double.isInfinite(lower) && Double.isInfinite(upper)) {
      throw table.problem(
          row,
          low,
          "at least one end of the interval from it to %s"
              .formatted(CsvTable.quoted(table.columns().get(high))));
    }
    if (lower > upper) {
      throw table.problem(
          row,
          low,
          "a lower end of at most the upper one, %s in column %s"
              .formatted(table.cell(row, high), CsvTable.quoted(table.columns().get(high))));
    }
    into[at] = lower;
    into[at + 1] = upper;
  }

  /** Returns an end; open where its cell is missing or says so. */
  private static double end(CsvTable table, int row, int column, boolean counts, double open) {
    String cell = table.cell(row, column);
    if (table.isMissing(row, column)) {
      return open;
    }
    var infinite = INFINITE.matcher(cell);
    if (!infinite.matches()) {
      return number(table, row, column, counts, "a finite number, or none for an open end");
    }
    boolean below = infinite.group(1).equals("-");
    if (below != open < 0) {
      throw table.problem(
          row,
          column,
          open < 0 ? "a lower end, a number or -inf" : "an upper end, a number or inf");
    }
    return open;
  }

  private static double value(CsvTable table, int row, int column, boolean counts) {
    return number(table, row, column, counts, "a finite number");
  }

  private static double number(
      CsvTable table, int row, int column, boolean counts, String expected) {
    double number = table.number(row, column, expected);
    if (counts && (number < 0 || number != Math.rint(number))) {
      throw table.problem(row, column, "a count, an integer of at least 0");
    }
    return number;
  }

  private static boolean seen(CsvTable table, int row, int column) {
    double flag = table.dialect().number(table.cell(row, column)).orElse(Double.NaN);
    if (flag != 0 && flag != 1) {
      throw table.problem(row, column, "1 where the value was seen, or 0 where it is only a bound");
    }
    return flag == 1;
  }

  /** Returns in words what a row of the frame's column is for; null if it is no label. */
  String role(List<String> ofFrame, String column) {
    int place = ofFrame.indexOf(column);
    if (place < 0) {
      return null;
    }
    if (event != null) {
      return place == 0
          ? "target, seen where %s is 1".formatted(event)
          : "where the target was seen";
    }
    return !ends ? "target" : place % 2 == 0 ? "target, lower end" : "target, upper end";
  }
}
