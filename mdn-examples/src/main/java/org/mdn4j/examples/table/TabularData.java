/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.descriptive.moment.Mean;
import org.apache.commons.math3.stat.descriptive.moment.Variance;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.eval.MixtureEvaluation;
import org.mdn4j.examples.kit.Outcomes;
import org.mdn4j.examples.kit.Program;
import org.mdn4j.examples.kit.Program.UserError;
import org.mdn4j.examples.kit.RandomSplit;
import org.mdn4j.regression.MixtureRegressor;
import org.mdn4j.regression.frame.ColumnKind;
import org.mdn4j.regression.frame.ColumnRoles;
import org.mdn4j.regression.frame.Frame;

/**
 * Rows of a CSV file whose targets are known.
 *
 * @param table the rows, those columns included that only say which row it is
 * @param frame the same rows
 * @param roles of the frame's columns
 * @param targets the columns of targets
 * @param outcomes what they hold
 * @param dropped how many rows were left out because a cell was missing
 */
record TabularData(
    CsvTable table,
    Frame frame,
    ColumnRoles roles,
    TargetColumns targets,
    Outcomes outcomes,
    int dropped) {
  private static final int TEXT_DIGITS = 6;

  /** Beyond so many standard deviations from their mean a model takes no features. */
  private static final double FARTHEST = 1e6;

  /**
   * What columns are for; all others are inputs.
   *
   * @param targets the columns to predict
   * @param counts whether targets must be counts
   * @param categorical names of columns that hold categories, whatever they look like
   * @param weights name of the column of row weights, or null
   * @param groups name of the column of groups, or null
   */
  record Options(
      TargetColumns targets,
      boolean counts,
      List<String> categorical,
      String weights,
      String groups) {}

  /**
   * Reads the rows of a table.
   *
   * @param known the table without columns that only say which row it is
   * @throws UserError if a column has two roles, no input is left, a cell of a target or weight is
   *     not what it must be, or a cell is not of its column's kind; it says line and column
   */
  static TabularData of(CsvTable table, CsvTable known, Options options, int dropped) {
    TargetColumns targets = options.targets();
    TableColumns.requireRoles(known, targets, options.categorical());
    try {
      List<String> labels = targets.ofFrame(known.columns());
      ColumnRoles roles = ColumnRoles.targets(labels.toArray(String[]::new));
      roles = options.weights() == null ? roles : roles.weights(options.weights());
      roles = options.groups() == null ? roles : roles.groups(options.groups());
      requireNoFlags(targets, options);
      Outcomes outcomes = targets.read(known, options.counts());
      Map<String, ColumnKind> kinds = new HashMap<>();
      options.categorical().forEach(name -> kinds.put(name, ColumnKind.CATEGORY));
      if (options.weights() != null) {
        requireWeights(known, options.weights());
        kinds.put(options.weights(), ColumnKind.NUMBER);
      }
      Frame frame;
      if (targets.isCensored()) {
        frame =
            CsvFrame.of(known.without(targets.all()), kinds)
                .with(TargetColumns.frame(outcomes, labels));
      } else {
        targets.columns().forEach(name -> kinds.put(name, ColumnKind.NUMBER));
        frame = CsvFrame.of(known, kinds);
      }
      roles.features(frame);
      return new TabularData(table, frame, roles, targets, outcomes, dropped);
    } catch (UserError e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new UserError("%s: %s".formatted(table.file(), e.getMessage()));
    }
  }

  private static void requireNoFlags(TargetColumns targets, Options options) {
    String event = targets.event();
    Program.require(
        event == null || !event.equals(options.weights()) && !event.equals(options.groups()),
        "Expected one role for each column, %s has two",
        CsvTable.quoted(String.valueOf(event)));
  }

  private static void requireWeights(CsvTable table, String column) {
    double[][] weights = TableColumns.numbers(table, List.of(column));
    for (int row = 0; row < weights.length; row++) {
      if (weights[row][0] < 0) {
        throw table.problem(row, table.indexOf(column), "a weight of at least 0");
      }
    }
  }

  /** Returns some rows. */
  TabularData only(int[] rows) {
    return new TabularData(
        table.only(rows), frame.select(rows), roles, targets, outcomes.select(rows), dropped);
  }

  /** Splits the rows, those of a group together. */
  RandomSplit split(double testFraction, int components, long seed) {
    String[] groups =
        roles
            .groups()
            .map(name -> groups(table, table.indexOf(name)))
            .orElseGet(() -> new String[rows()]);
    return RandomSplit.of(groups, testFraction, components, seed);
  }

  private static String[] groups(CsvTable table, int column) {
    return IntStream.range(0, table.rows().size())
        .mapToObj(row -> table.isMissing(row, column) ? null : table.cell(row, column))
        .toArray(String[]::new);
  }

  /** Returns the weights of the rows; null for equal ones. */
  double[] weights() {
    return roles.weights().map(frame::numbers).orElse(null);
  }

  /** Returns the rows that count: those with a weight above 0. */
  int[] counting() {
    double[] weights = weights();
    int[] counting =
        IntStream.range(0, rows()).filter(row -> weights == null || weights[row] > 0).toArray();
    Program.require(counting.length > 0, "%s: expected a weight above 0, all are 0", table.file());
    return counting;
  }

  /** Returns the number of rows. */
  int rows() {
    return outcomes.rows();
  }

  /** Checks that every target has more than one value. */
  void requireVarying() {
    List<String> names = targets.names();
    for (int d = 0; d < names.size(); d++) {
      int target = d;
      double[][] lower = outcomes.lower();
      double[][] upper = outcomes.upper();
      Program.require(
          IntStream.range(0, rows())
              .anyMatch(
                  row ->
                      lower[row][target] != lower[0][target]
                          || upper[row][target] != upper[0][target]),
          "%s: expected a target that varies, got %s in all %d rows to learn from of column %s",
          table.file(),
          outcomes.isExact(0, d) ? lower[0][d] : outcomes.text(0, d, TEXT_DIGITS),
          rows(),
          CsvTable.quoted(names.get(target)));
    }
  }

  /**
   * Checks, before a model is fitted, that it will take the numbers among the features of these
   * rows.
   *
   * @throws UserError if one is too far from those that the model is to learn from
   */
  void requireNear(Frame fitted) {
    double[] weights = roles.weights().map(fitted::numbers).orElse(null);
    for (String name : roles.features(frame)) {
      if (frame.kind(name) != ColumnKind.NUMBER) {
        continue;
      }
      double[] numbers = fitted.numbers(name);
      int[] known =
          IntStream.range(0, numbers.length).filter(n -> !Double.isNaN(numbers[n])).toArray();
      double[] values = IntStream.of(known).mapToDouble(n -> numbers[n]).toArray();
      double[] counts =
          IntStream.of(known).mapToDouble(n -> weights == null ? 1 : weights[n]).toArray();
      double mean = new Mean().evaluate(values, counts);
      double farthest = FARTHEST * Math.sqrt(new Variance(false).evaluate(values, counts, mean));
      double[] cells = frame.numbers(name);
      for (int row = 0; row < cells.length; row++) {
        if (farthest > 0 && Math.abs(cells[row] - mean) > farthest) {
          throw table.problem(
              row,
              table.indexOf(name),
              "a number within a million standard deviations of the rows to learn from");
        }
      }
    }
  }

  /**
   * Predicts the rows.
   *
   * @throws UserError if a cell is too far from all that the model has learned from; it says line
   *     and column
   */
  MixtureBatch predictedBy(MixtureRegressor regressor) {
    try {
      return regressor.predict(frame);
    } catch (IllegalArgumentException e) {
      throw table.problem(e);
    }
  }

  /** Returns the scores of predictions. */
  List<TestScore> scores(MixtureEvaluation evaluation, MixtureBatch predicted) {
    return TestScore.of(evaluation, predicted, outcomes, weights(), targets.names());
  }

  /** Returns predictions with the lines that the rows stand on. */
  List<Prediction> predictions(MixtureBatch predicted) {
    return IntStream.range(0, rows())
        .mapToObj(n -> Prediction.of(table.lines().get(n), outcomes.label(n), predicted.get(n)))
        .toList();
  }
}
