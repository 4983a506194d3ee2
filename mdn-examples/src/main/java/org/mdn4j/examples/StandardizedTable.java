/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerStandardize;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Features and target of a table's training, validation and test rows, standardised by the training
 * rows' means and standard deviations. The features are the columns but the target's, in order.
 *
 * @param standardize holds the statistics, in DOUBLE
 * @param ignored features that are constant in training; they are 0 in all rows
 * @param training features {@code [N, C − 1]} and labels {@code [N, 1]}, FLOAT
 * @param validation likewise
 * @param test likewise
 */
record StandardizedTable(
    NormalizerStandardize standardize,
    List<String> ignored,
    DataSet training,
    DataSet validation,
    DataSet test) {

  /** What is so many standard deviations from the mean is taken for a mistake. */
  private static final double FARTHEST = 1e6;

  /** Divides a feature that is constant in training; finite, so that it can be reverted. */
  private static final double IGNORED_DEVIATION = 1e30;

  /**
   * Standardises.
   *
   * @param table the numbers
   * @param target index of the target's column
   * @param split which row is for what
   * @throws UserError if there is no feature, the target is constant in training, a column's
   *     standard deviation is out of the range that the normaliser can hold, or a value is absurdly
   *     far from the mean
   */
  static StandardizedTable of(NumericTable table, int target, RandomSplit split) {
    Program.require(
        table.columns().size() > 1,
        "%s has no column beside \"%s\" to predict it from",
        table.file(),
        table.columns().get(target));
    int[] features = new int[table.columns().size() - 1];
    Arrays.setAll(features, feature -> feature < target ? feature : feature + 1);

    NormalizerStandardize standardize = new NormalizerStandardize();
    standardize.fitLabel(true);
    standardize.fit(
        new DataSet(
            select(table, split.training(), features), select(table, split.training(), target)));
    Program.require(
        !isConstant(table, split.training(), target),
        "%s: the target \"%s\" is %s in all %d training rows",
        table.file(),
        table.columns().get(target),
        table.rows()[split.training()[0]][target],
        split.training().length);
    requireUsable(standardize.getLabelStd().getDouble(0), table, target);
    List<String> ignored = new ArrayList<>();
    for (int feature = 0; feature < features.length; feature++) {
      if (isConstant(table, split.training(), features[feature])) {
        // The normaliser would divide by 1e-5, and any other value would be far away.
        standardize.getStd().putScalar(0, feature, IGNORED_DEVIATION);
        ignored.add(table.columns().get(features[feature]));
      } else {
        requireUsable(standardize.getStd().getDouble(0, feature), table, features[feature]);
      }
    }
    return new StandardizedTable(
        standardize,
        List.copyOf(ignored),
        standardized(table, split.training(), features, target, standardize),
        standardized(table, split.validation(), features, target, standardize),
        standardized(table, split.test(), features, target, standardize));
  }

  /**
   * What to add to an NLL of the standardised target for the NLL in its own units.
   *
   * @return the logarithm of the training target's standard deviation
   */
  double nllOffset() {
    return Math.log(standardize.getLabelStd().getDouble(0));
  }

  private static INDArray select(NumericTable table, int[] rows, int... columns) {
    double[][] cells = new double[rows.length][columns.length];
    for (int n = 0; n < rows.length; n++) {
      double[] row = table.rows()[rows[n]];
      Arrays.setAll(cells[n], c -> row[columns[c]]);
    }
    return Nd4j.createFromArray(cells);
  }

  private static boolean isConstant(NumericTable table, int[] rows, int column) {
    double first = table.rows()[rows[0]][column];
    return Arrays.stream(rows).allMatch(row -> table.rows()[row][column] == first);
  }

  /** The normaliser raises deviations to 1e-5, so such a column would not be standardised. */
  private static void requireUsable(double deviation, NumericTable table, int column) {
    Program.require(
        deviation > Nd4j.EPS_THRESHOLD && deviation < IGNORED_DEVIATION,
        "%s: column \"%s\" needs other units; its standard deviation must be in (%s, %s)",
        table.file(),
        table.columns().get(column),
        Nd4j.EPS_THRESHOLD,
        IGNORED_DEVIATION);
  }

  private static DataSet standardized(
      NumericTable table,
      int[] rows,
      int[] features,
      int target,
      NormalizerStandardize standardize) {
    INDArray inputs = select(table, rows, features);
    INDArray labels = select(table, rows, target);
    standardize.transform(inputs);
    standardize.transformLabel(labels);
    requireNear(inputs, table, rows, features);
    requireNear(labels, table, rows, target);
    return new DataSet(inputs.castTo(DataType.FLOAT), labels.castTo(DataType.FLOAT));
  }

  private static void requireNear(
      INDArray standardized, NumericTable table, int[] rows, int... columns) {
    double[][] distances = standardized.toDoubleMatrix();
    for (int n = 0; n < rows.length; n++) {
      for (int c = 0; c < columns.length; c++) {
        Program.require(
            Math.abs(distances[n][c]) <= FARTHEST,
            "%s, line %d, column \"%s\": %s is over a million standard deviations from the mean",
            table.file(),
            table.lines()[rows[n]],
            table.columns().get(columns[c]),
            table.rows()[rows[n]][columns[c]]);
      }
    }
  }
}
