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
 * A table's training, validation and test rows, features and target standardised by the training
 * rows' means and standard deviations.
 *
 * @param normalizer holds the statistics, in double
 * @param ignored features that are constant in training; they are 0 in all rows
 * @param training {@code [N, C − 1]} and {@code [N, 1]}, FLOAT
 * @param validation likewise
 * @param test likewise
 */
record StandardizedTable(
    NormalizerStandardize normalizer,
    List<String> ignored,
    DataSet training,
    DataSet validation,
    DataSet test) {

  /** A value so many standard deviations from the mean is taken for a mistake. */
  private static final double FARTHEST = 1e6;

  /** Divides what is constant in training; a finite number, so that reverting gives the mean. */
  private static final double IGNORED_DEVIATION = 1e30;

  /**
   * Standardises.
   *
   * @param table the numbers
   * @param target index of the target's column; all others are features
   * @param split which row is for what
   * @throws InvalidInputException if there is no feature, the target is constant in training, a
   *     column's standard deviation is out of the range that the normaliser can hold, or a value is
   *     absurdly far away
   */
  static StandardizedTable of(NumericTable table, int target, RandomSplit split)
      throws InvalidInputException {
    if (table.columns().size() < 2) {
      throw new InvalidInputException(
          "%s has no column beside \"%s\" to predict it from",
          table.file(), table.columns().get(target));
    }
    DataSet training = select(table, target, split.training());
    NormalizerStandardize normalizer = new NormalizerStandardize();
    normalizer.fitLabel(true);
    normalizer.fit(training);
    List<String> ignored = new ArrayList<>();
    for (int column = 0, feature = 0; column < table.columns().size(); column++) {
      boolean constant = isConstant(table, column, split.training());
      if (column == target) {
        if (constant) {
          throw new InvalidInputException(
              "%s: the target \"%s\" is %s in all %d training rows",
              table.file(),
              table.columns().get(column),
              table.rows()[split.training()[0]][column],
              split.training().length);
        }
        requireUsable(normalizer.getLabelStd().getDouble(0), table, column);
      } else {
        if (constant) {
          ignored.add(table.columns().get(column));
          // NormalizerStandardize would divide by 1e-5 and blow up any other value.
          normalizer.getStd().putScalar(0, feature, IGNORED_DEVIATION);
        } else {
          requireUsable(normalizer.getStd().getDouble(0, feature), table, column);
        }
        feature++;
      }
    }
    return new StandardizedTable(
        normalizer,
        List.copyOf(ignored),
        standardize(training, normalizer, table, target, split.training()),
        standardize(
            select(table, target, split.validation()),
            normalizer,
            table,
            target,
            split.validation()),
        standardize(select(table, target, split.test()), normalizer, table, target, split.test()));
  }

  /**
   * Mean of the training rows' target.
   *
   * @return in the target's own units
   */
  double targetMean() {
    return normalizer.getLabelMean().getDouble(0);
  }

  /**
   * Standard deviation of the training rows' target.
   *
   * @return in the target's own units
   */
  double targetDeviation() {
    return normalizer.getLabelStd().getDouble(0);
  }

  private static DataSet select(NumericTable table, int target, int[] rows) {
    int columns = table.columns().size();
    double[][] features = new double[rows.length][columns - 1];
    double[][] labels = new double[rows.length][1];
    for (int n = 0; n < rows.length; n++) {
      double[] row = table.rows()[rows[n]];
      System.arraycopy(row, 0, features[n], 0, target);
      System.arraycopy(row, target + 1, features[n], target, columns - target - 1);
      labels[n][0] = row[target];
    }
    return new DataSet(Nd4j.createFromArray(features), Nd4j.createFromArray(labels));
  }

  private static boolean isConstant(NumericTable table, int column, int[] rows) {
    double first = table.rows()[rows[0]][column];
    return Arrays.stream(rows).allMatch(row -> table.rows()[row][column] == first);
  }

  /** NormalizerStandardize raises smaller deviations to 1e-5. */
  private static void requireUsable(double deviation, NumericTable table, int column)
      throws InvalidInputException {
    if (!(deviation > Nd4j.EPS_THRESHOLD && deviation < IGNORED_DEVIATION)) {
      throw new InvalidInputException(
          "%s: the standard deviation of column \"%s\" must be between %s and %s; give it in other"
              + " units",
          table.file(), table.columns().get(column), Nd4j.EPS_THRESHOLD, IGNORED_DEVIATION);
    }
  }

  private static DataSet standardize(
      DataSet part, NormalizerStandardize normalizer, NumericTable table, int target, int[] rows)
      throws InvalidInputException {
    normalizer.transform(part);
    INDArray all = Nd4j.hstack(part.getFeatures(), part.getLabels()); // [N, C], target last
    double[][] values = all.toDoubleMatrix();
    for (int n = 0; n < rows.length; n++) {
      for (int c = 0; c < values[n].length; c++) {
        if (Math.abs(values[n][c]) > FARTHEST) {
          int column = c == values[n].length - 1 ? target : c < target ? c : c + 1;
          throw new InvalidInputException(
              "%s, line %d, column \"%s\": %s is over a million standard deviations from the mean",
              table.file(),
              table.lines()[rows[n]],
              table.columns().get(column),
              table.rows()[rows[n]][column]);
        }
      }
    }
    return new DataSet(
        part.getFeatures().castTo(DataType.FLOAT), part.getLabels().castTo(DataType.FLOAT));
  }
}
