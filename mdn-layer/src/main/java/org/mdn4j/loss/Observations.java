/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.loss;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Labels and a mask, checked, in the form that a likelihood takes.
 *
 * @param labels {@code [N, D]}, finite; what the mask hides is 0
 * @param observed {@code [N, D]} of ones and zeros, or null when rows are whole
 * @param weights {@code [N]}, by which score and gradient of a row are multiplied, or null for 1
 */
record Observations(INDArray labels, INDArray observed, INDArray weights) {

  /**
   * Checks labels and mask.
   *
   * @param labels {@code [N, D]}
   * @param mask null, weights per row {@code [N, 1]}, or ones and zeros per target {@code [N, D]}
   * @throws IllegalArgumentException if the mask has another shape or other values, or a label that
   *     it does not hide is NaN or infinite
   */
  static Observations of(INDArray labels, INDArray mask) {
    if (mask == null) {
      requireFinite(labels);
      return new Observations(labels, null, null);
    }
    long rows = labels.size(0);
    long targets = labels.size(1);
    boolean perRow = Arrays.equals(mask.shape(), new long[] {rows, 1});
    if (!perRow && !Arrays.equals(mask.shape(), labels.shape())) {
      throw new IllegalArgumentException(
          "Expected a label mask of shape [%d, 1] (per row) or [%d, %d] (per target), got %s"
              .formatted(rows, rows, targets, Arrays.toString(mask.shape())));
    }
    INDArray visible = labels.dup('c');
    for (int n = 0; n < rows; n++) {
      for (int d = 0; d < targets; d++) {
        double value = mask.getDouble(n, perRow ? 0 : d);
        requireMaskValue(value, perRow, n, d);
        if (value == 0) {
          visible.putScalar(n, d, 0);
        }
      }
    }
    requireFinite(visible);
    return perRow
        ? new Observations(visible, null, mask.reshape(rows))
        : new Observations(visible, mask, mask.castTo(DataType.FLOAT).max(1));
  }

  private static void requireMaskValue(double value, boolean perRow, int n, int d) {
    if (perRow ? !(value >= 0 && Double.isFinite(value)) : value != 0 && value != 1) {
      throw new IllegalArgumentException(
          "Expected %s in the label mask, got %s at row %d, column %d"
              .formatted(perRow ? "weights >= 0" : "0 or 1", value, n, perRow ? 0 : d));
    }
  }

  private static void requireFinite(INDArray labels) {
    // The sum of finite labels may overflow; only then, or when one is not finite, look at each.
    if (Double.isFinite(labels.sumNumber().doubleValue())) {
      return;
    }
    for (int n = 0; n < labels.size(0); n++) {
      for (int d = 0; d < labels.size(1); d++) {
        double label = labels.getDouble(n, d);
        if (!Double.isFinite(label)) {
          throw new IllegalArgumentException(
              "Expected finite labels, got %s at row %d, column %d".formatted(label, n, d));
        }
      }
    }
  }
}
