/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.eval.MixtureEvaluation;
import org.mdn4j.examples.kit.Program;
import org.mdn4j.examples.kit.Program.UserError;
import org.mdn4j.examples.kit.RandomSplit;
import org.mdn4j.regression.frame.ColumnKind;
import org.mdn4j.regression.frame.ColumnRoles;
import org.mdn4j.regression.frame.Frame;

/**
 * Rows of a CSV file whose targets are known.
 *
 * @param table the rows, those columns included that only say which row it is
 * @param frame the same rows
 * @param roles of the frame's columns
 * @param targets {@code [N][D]}
 * @param dropped how many rows were left out because a cell was missing
 */
record TabularData(
    CsvTable table, Frame frame, ColumnRoles roles, double[][] targets, int dropped) {

  /**
   * What columns are for; all others are inputs.
   *
   * @param targets names of the columns to predict
   * @param categorical names of columns that hold categories, whatever they look like
   * @param weights name of the column of row weights, or null
   * @param groups name of the column of groups, or null
   */
  record Options(List<String> targets, List<String> categorical, String weights, String groups) {}

  /**
   * Reads the rows of a table.
   *
   * @param known the table without columns that only say which row it is
   * @throws UserError if a column has two roles, no input is left, a cell of a target or weight is
   *     no number, or a cell is not of its column's kind; it says line and column
   */
  static TabularData of(CsvTable table, CsvTable known, Options options, int dropped) {
    TableColumns.requireRoles(known, options.targets(), options.categorical());
    try {
      ColumnRoles roles = ColumnRoles.targets(options.targets().toArray(String[]::new));
      roles = options.weights() == null ? roles : roles.weights(options.weights());
      roles = options.groups() == null ? roles : roles.groups(options.groups());
      double[][] targets = TableColumns.numbers(known, options.targets());
      Map<String, ColumnKind> kinds = new HashMap<>();
      options.categorical().forEach(name -> kinds.put(name, ColumnKind.CATEGORY));
      options.targets().forEach(name -> kinds.put(name, ColumnKind.NUMBER));
      if (options.weights() != null) {
        requireWeights(known, options.weights());
        kinds.put(options.weights(), ColumnKind.NUMBER);
      }
      Frame frame = CsvFrame.of(known, kinds);
      roles.features(frame);
      return new TabularData(table, frame, roles, targets, dropped);
    } catch (UserError e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new UserError("%s: %s".formatted(table.file(), e.getMessage()));
    }
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
        table.only(rows), frame.select(rows), roles, RandomSplit.select(targets, rows), dropped);
  }

  /** Splits the rows, those of a group together. */
  RandomSplit split(double testFraction, int components, long seed) {
    String[] groups =
        roles
            .groups()
            .map(name -> groups(table, table.indexOf(name)))
            .orElseGet(() -> new String[targets.length]);
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
        IntStream.range(0, targets.length)
            .filter(row -> weights == null || weights[row] > 0)
            .toArray();
    Program.require(counting.length > 0, "%s: expected a weight above 0, all are 0", table.file());
    return counting;
  }

  /** Checks that every target has more than one value. */
  void requireVarying() {
    for (int d = 0; d < roles.targets().size(); d++) {
      int target = d;
      Program.require(
          Arrays.stream(targets).anyMatch(row -> row[target] != targets[0][target]),
          "%s: expected a target that varies, got %s in all %d rows to learn from of column %s",
          table.file(),
          targets[0][target],
          targets.length,
          CsvTable.quoted(roles.targets().get(target)));
    }
  }

  /** Returns the scores of predictions. */
  List<TestScore> scores(MixtureEvaluation evaluation, MixtureBatch predicted) {
    return TestScore.of(evaluation, predicted, targets, weights(), roles.targets());
  }

  /** Returns predictions with the lines that the rows stand on. */
  List<Prediction> predictions(MixtureBatch predicted) {
    return IntStream.range(0, targets.length)
        .mapToObj(n -> Prediction.of(table.lines().get(n), targets[n], predicted.get(n)))
        .toList();
  }
}
