/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.page;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.mdn4j.examples.kit.Digits;
import org.mdn4j.regression.frame.ColumnKind;
import org.mdn4j.regression.frame.Frame;
import org.nd4j.shade.jackson.annotation.JsonRawValue;

/**
 * Rows of a table and the model that predicts them, by which a page's reader changes one cell after
 * the other and sees the predicted density move. The model runs in the page.
 *
 * @param model as {@link org.mdn4j.regression.MixtureRegressor#toJson()} has it
 * @param target its name
 * @param inputs the columns that can be changed
 * @param rows to begin with
 */
public record RowExplorer(
    @JsonRawValue String model, String target, List<Input> inputs, List<Row> rows) {
  private static final int MOST_ROWS = 200;
  private static final int MOST_NAMES = 200;
  private static final int DIGITS = 8;

  /**
   * A column whose cells can be changed.
   *
   * @param name of the column
   * @param kind of its cells
   * @param low the least number, or the first second of dates; null of names
   * @param high the largest
   * @param names of categories, alphabetical; empty of others
   */
  public record Input(String name, ColumnKind kind, Double low, Double high, List<String> names) {}

  /**
   * A row to start from.
   *
   * @param name by which the reader knows it
   * @param cells per input a number, a name, or null where one is missing
   * @param observed target
   */
  public record Row(String name, List<Object> cells, double observed) {}

  /**
   * Takes some rows of a frame.
   *
   * @param model as {@link org.mdn4j.regression.MixtureRegressor#toJson()} has it
   * @param target its name
   * @param columns that can be changed, the most interesting first
   * @param frame with these columns
   * @param names of the rows, {@code [N]}
   * @param observed their targets, {@code [N]}
   * @return evenly chosen ones of them, {@value #MOST_ROWS} at most
   */
  public static RowExplorer of(
      String model,
      String target,
      List<String> columns,
      Frame frame,
      List<String> names,
      double[] observed) {
    int count = Math.min(MOST_ROWS, frame.rows());
    int[] shown =
        IntStream.range(0, count).map(i -> (int) ((long) i * frame.rows() / count)).toArray();
    List<Row> rows = new ArrayList<>();
    List<Object[]> cells = columns.stream().map(name -> cells(frame, name)).toList();
    for (int row : shown) {
      List<Object> ofRow = new ArrayList<>(); // with nulls
      cells.forEach(column -> ofRow.add(column[row]));
      rows.add(new Row(names.get(row), ofRow, rounded(observed[row])));
    }
    return new RowExplorer(
        model, target, columns.stream().map(name -> input(frame, name)).toList(), rows);
  }

  private static Object[] cells(Frame frame, String name) {
    return frame.kind(name) == ColumnKind.CATEGORY
        ? frame.categories(name)
        : Arrays.stream(frame.numbers(name))
            .mapToObj(one -> Double.isNaN(one) ? null : rounded(one))
            .toArray();
  }

  private static double rounded(double number) {
    return Double.parseDouble(Digits.of(number, DIGITS));
  }

  private static Input input(Frame frame, String name) {
    ColumnKind kind = frame.kind(name);
    if (kind == ColumnKind.CATEGORY) {
      List<String> names =
          Stream.of(frame.categories(name))
              .filter(Objects::nonNull)
              .distinct()
              .sorted()
              .limit(MOST_NAMES)
              .toList();
      return new Input(name, kind, null, null, names);
    }
    DoubleSummaryStatistics range =
        Arrays.stream(frame.numbers(name)).filter(one -> !Double.isNaN(one)).summaryStatistics();
    return range.getCount() == 0
        ? new Input(name, kind, 0.0, 0.0, List.of())
        : new Input(name, kind, rounded(range.getMin()), rounded(range.getMax()), List.of());
  }
}
