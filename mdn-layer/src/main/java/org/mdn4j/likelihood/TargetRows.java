/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Labels and a mask, checked, on the heap: the one place that knows what a mask means. A mask
 * {@code [N, 1]} weights rows, a mask {@code [N, D]} of ones and zeros hides single targets; a
 * label that is hidden may be anything and is read as 1, which every family has.
 *
 * <p>Reads one minibatch after the other into the same arrays. Not safe for use by several threads
 * while it reads.
 */
public final class TargetRows {
  private final int targets;
  private final MatrixMemory.Staging staging = new MatrixMemory.Staging();
  private double[] labels = {}; // [N · D]
  private double[] mask = {}; // [N · D] or [N]
  private double[] weights = {}; // [N]
  private boolean masked;
  private boolean perTarget;

  /**
   * Creates rows of a number of targets, none of them read yet.
   *
   * @param targets D
   */
  public TargetRows(int targets) {
    this.targets = targets;
  }

  /**
   * Reads and checks a minibatch.
   *
   * @param labels {@code [N, D]}
   * @param mask null, weights per row {@code [N, 1]}, or ones and zeros per target {@code [N, D]}
   * @param dtype FLOAT or DOUBLE, in which labels count
   * @throws IllegalArgumentException if the mask has another shape or other values, or a label that
   *     it does not hide is NaN or infinite
   */
  public void read(INDArray labels, INDArray mask, DataType dtype) {
    int rows = (int) labels.size(0);
    masked = mask != null;
    perTarget = masked && targetsOf(mask, rows);
    this.labels = room(this.labels, rows * targets);
    MatrixMemory.of(labels).read(this.labels, staging);
    if (dtype == DataType.FLOAT && labels.dataType() != DataType.FLOAT) {
      roundToFloat(this.labels, rows * targets);
    }
    if (masked) {
      this.mask = room(this.mask, perTarget ? rows * targets : rows);
      this.weights = room(this.weights, rows);
      MatrixMemory.of(mask).read(this.mask, staging);
      for (int n = 0; n < rows; n++) {
        hide(n);
      }
    }
    requireFinite(rows);
  }

  /** Whether a mask of a right shape is one of targets. */
  private boolean targetsOf(INDArray mask, int rows) {
    boolean rowMask = mask.rank() == 2 && mask.size(0) == rows && mask.size(1) == 1;
    boolean targetMask = mask.rank() == 2 && mask.size(0) == rows && mask.size(1) == targets;
    if (!rowMask && !targetMask) {
      throw new IllegalArgumentException(
          "Expected a label mask of shape [%d, 1] (per row) or [%d, %d] (per target), got %s"
              .formatted(rows, rows, targets, Arrays.toString(mask.shape())));
    }
    return !rowMask;
  }

  private static double[] room(double[] present, int length) {
    return present.length < length ? new double[length] : present;
  }

  private static void roundToFloat(double[] values, int length) {
    for (int i = 0; i < length; i++) {
      values[i] = (float) values[i];
    }
  }

  private void hide(int n) {
    weights[n] = 0;
    for (int d = 0; d < targets; d++) {
      double value = mask[perTarget ? n * targets + d : n];
      requireMaskValue(value, n, d);
      weights[n] = Math.max(weights[n], value);
      if (value == 0) {
        labels[n * targets + d] = 1;
      }
    }
  }

  private void requireMaskValue(double value, int n, int d) {
    if (perTarget ? value != 0 && value != 1 : !(value >= 0 && Double.isFinite(value))) {
      throw new BadEntryException(
          "Expected %s in the label mask, got %s"
              .formatted(perTarget ? "0 or 1" : "weights >= 0", value),
          n,
          perTarget ? d : 0);
    }
  }

  private void requireFinite(int rows) {
    for (int i = 0; i < rows * targets; i++) {
      if (!Double.isFinite(labels[i])) {
        throw new BadEntryException(
            "Expected finite labels, got " + labels[i], i / targets, i % targets);
      }
    }
  }

  /**
   * Returns a label.
   *
   * @param row the row
   * @param target the target
   * @return the label of a target, 1 where it is hidden
   */
  public double label(int row, int target) {
    return labels[row * targets + target];
  }

  /** 1 where a target counts, 0 where the mask hides it alone. */
  double observed(int row, int target) {
    return perTarget ? mask[row * targets + target] : 1;
  }

  /** Whether any target may be hidden alone. */
  boolean hidesTargets() {
    return perTarget;
  }

  /**
   * Returns what score and gradient of a row are multiplied by.
   *
   * @param row the row
   * @return its weight, 1 without a mask
   */
  public double weight(int row) {
    return masked ? weights[row] : 1;
  }

  /**
   * Tells whether rows have weights.
   *
   * @return true with a mask
   */
  public boolean weighted() {
    return masked;
  }

  /** The labels, row by row: {@code [N · D]} entries count. */
  double[] labels() {
    return labels;
  }

  /** The weights: {@code [N]} entries count, where there is a mask. */
  double[] weights() {
    return weights;
  }
}
