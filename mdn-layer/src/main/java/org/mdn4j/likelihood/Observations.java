/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Labels and a mask, checked, in the form that a {@link MixtureLikelihood} takes.
 *
 * @param labels {@code [N, D]}, finite; what the mask hides is 1, which every family has
 * @param observed {@code [N, D]} of ones and zeros, or null when rows are whole
 * @param weights {@code [N]}, by which score and gradient of a row are multiplied, or null for 1
 */
public record Observations(INDArray labels, INDArray observed, INDArray weights) {

  /**
   * Checks labels and mask.
   *
   * @param labels {@code [N, D]}, FLOAT or DOUBLE
   * @param mask null, weights per row {@code [N, 1]}, or ones and zeros per target {@code [N, D]}
   * @return the observations
   * @throws IllegalArgumentException if the mask has another shape
   * @throws BadEntryException if it has other values, or a label that it does not hide is NaN or
   *     infinite
   */
  public static Observations of(INDArray labels, INDArray mask) {
    if (mask == null) {
      requireFinite(labels);
      return new Observations(labels, null, null);
    }
    int rows = (int) labels.size(0);
    int targets = (int) labels.size(1);
    boolean perRow = Arrays.equals(mask.shape(), new long[] {rows, 1});
    if (!perRow && !Arrays.equals(mask.shape(), labels.shape())) {
      throw new IllegalArgumentException(
          "Expected a label mask of shape [%d, 1] (per row) or [%d, %d] (per target), got %s"
              .formatted(rows, rows, targets, Arrays.toString(mask.shape())));
    }
    double[] visible = MatrixMemory.of(labels).read(); // [N, D]
    double[] values = MatrixMemory.of(mask).read(); // [N, 1] or [N, D]
    double[] weights = new double[rows];
    for (int n = 0; n < rows; n++) {
      for (int d = 0; d < targets; d++) {
        double value = values[perRow ? n : n * targets + d];
        requireMaskValue(value, perRow, n, d);
        weights[n] = Math.max(weights[n], value);
        if (value == 0) {
          visible[n * targets + d] = 1;
        }
      }
    }
    INDArray shown = Nd4j.create(visible, labels.shape(), labels.dataType());
    requireFinite(shown);
    return new Observations(
        shown, perRow ? null : mask, Nd4j.create(weights, new long[] {rows}, labels.dataType()));
  }

  /**
   * The sum of the rows' scores, times their weights.
   *
   * @param scores {@code [N]}, which are multiplied by the weights in place
   * @return Σ_n weight_n score_n
   */
  public double total(INDArray scores) {
    return Arrays.stream(MatrixMemory.of(weighted(scores)).read()).sum();
  }

  /**
   * Multiplies rows by their weights, in place.
   *
   * @param rows {@code [N]} or {@code [N, P]}
   * @return rows
   */
  public INDArray weighted(INDArray rows) {
    if (weights == null) {
      return rows;
    }
    INDArray factors = weights.castTo(rows.dataType());
    return rows.rank() == 1 ? rows.muli(factors) : rows.muliColumnVector(factors);
  }

  private static void requireMaskValue(double value, boolean perRow, int n, int d) {
    if (perRow ? !(value >= 0 && Double.isFinite(value)) : value != 0 && value != 1) {
      throw new BadEntryException(
          "Expected %s in the label mask, got %s"
              .formatted(perRow ? "weights >= 0" : "0 or 1", value),
          n,
          perRow ? 0 : d);
    }
  }

  private static void requireFinite(INDArray labels) {
    long bad = MatrixMemory.of(labels).firstNotFinite();
    if (bad >= 0) {
      long row = bad / labels.size(1);
      long column = bad % labels.size(1);
      throw new BadEntryException(
          "Expected finite labels, got " + labels.getDouble(row, column), row, column);
    }
  }
}
