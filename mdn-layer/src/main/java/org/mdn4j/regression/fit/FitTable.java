/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.fit;

import static org.mdn4j.Arguments.require;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.regression.columns.ColumnLearner;
import org.mdn4j.regression.columns.FrameColumns;
import org.mdn4j.regression.columns.Table;
import org.mdn4j.regression.frame.ColumnRoles;
import org.mdn4j.regression.frame.Frame;
import org.mdn4j.regression.model.FittedEnsemble;
import org.mdn4j.regression.model.RowInfo;
import org.mdn4j.regression.report.ColumnSummary;

/**
 * What a fit is to learn from: rows of positive weight.
 *
 * @param frame that the rows are of; null for arrays
 * @param roles of its columns; null for arrays
 * @param columns of the frame that the features come from; null for arrays
 * @param features as numbers
 * @param continuous how many of them, from the first, are standardised
 * @param targets of as many rows
 * @param info what is known of the rows beside that
 * @param summaries of the frame's columns of features; empty for an array
 */
public record FitTable(
    Frame frame,
    ColumnRoles roles,
    FrameColumns columns,
    Table features,
    int continuous,
    Table targets,
    RowInfo info,
    List<ColumnSummary> summaries) {

  /**
   * Creates it of arrays.
   *
   * @param weights of the rows, or null
   * @param groups of the rows, or null
   * @throws IllegalArgumentException if rows differ in number, or weights are not usable
   */
  public static FitTable of(Table features, Table targets, double[] weights, int[] groups) {
    require(
        features.rows() == targets.rows(),
        "Expected as many rows of targets as of features, %d, got %d",
        features.rows(),
        targets.rows());
    int[] used = used(weights, features.rows());
    Object[] boxed = null;
    if (groups != null) {
      require(
          groups.length == features.rows(),
          "Expected as many groups as rows, %d, got %d",
          features.rows(),
          groups.length);
      boxed = IntStream.of(groups).boxed().toArray();
    }
    boolean all = used.length == features.rows();
    return new FitTable(
        null,
        null,
        null,
        all ? features : features.select(used),
        features.columns(),
        all ? targets : targets.select(used),
        RowInfo.of(weights, boxed, used),
        List.of());
  }

  /**
   * Creates the table of a frame.
   *
   * @param censored whether targets are intervals
   * @throws IllegalArgumentException if a column that has a role is not there or not of its kind, a
   *     target or a weight is missing, or no feature varies
   */
  public static FitTable of(Frame frame, ColumnRoles roles, boolean censored) {
    List<String> names = roles.features(frame);
    double[] weights =
        roles.weights().map(name -> column(frame.numbers(List.of(name)))).orElse(null);
    int[] used = used(weights, frame.rows());
    Object[] groups = roles.groups().map(name -> FrameColumns.groups(frame, name)).orElse(null);
    Frame rows = used.length == frame.rows() ? frame : frame.select(used);
    FrameColumns columns =
        new FrameColumns(
            ColumnLearner.learn(rows, names), roles.targets(), roles.weights().orElse(null));
    return new FitTable(
        rows,
        roles,
        columns,
        columns.expand(rows, FrameColumns.NO_GUESS),
        columns.continuous(),
        Table.targets(rows, roles.targets(), censored),
        RowInfo.of(weights, groups, used),
        columns.summaries(rows));
  }

  /**
   * Returns some rows, from which alone is learned how a frame's columns become numbers; of targets
   * that are no intervals.
   */
  FitTable select(int[] rows) {
    return frame == null
        ? new FitTable(
            null,
            null,
            null,
            features.select(rows),
            continuous,
            targets.select(rows),
            info.select(rows),
            List.of())
        : of(frame.select(rows), roles, false);
  }

  /** Predicts these rows by a model that was fitted to others. */
  MixtureBatch predictedBy(FittedEnsemble ensemble) {
    return frame == null ? ensemble.predict(features) : ensemble.predict(frame);
  }

  /** Returns the weights of the rows; null where all count alike. */
  double[] weights() {
    float[] weights = info.weights();
    return weights == null
        ? null
        : IntStream.range(0, weights.length).mapToDouble(row -> weights[row]).toArray();
  }

  private static int[] used(double[] weights, int rows) {
    return weights == null ? IntStream.range(0, rows).toArray() : RowInfo.weighted(weights, rows);
  }

  private static double[] column(double[][] rows) {
    return Arrays.stream(rows).mapToDouble(row -> row[0]).toArray();
  }
}
