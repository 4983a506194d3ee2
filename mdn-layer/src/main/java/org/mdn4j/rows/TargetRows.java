/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.rows;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Labels and a {@link LabelMask}, checked, on the heap. A hidden label may have any value and is
 * read as 1, which is in the support of every family.
 *
 * <p>Reads one minibatch after the other into the same arrays. Not safe for use by several threads
 * while it reads.
 */
public final class TargetRows {
  private final int targets;
  private final MatrixMemory.Staging staging = new MatrixMemory.Staging();
  private double[] labels = {}; // [N · D]
  private final LabelMask mask;

  /**
   * Creates rows of a number of targets, none of them read yet.
   *
   * @param targets D
   */
  public TargetRows(int targets) {
    this.targets = targets;
    this.mask = new LabelMask(targets);
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
    if (this.labels.length < rows * targets) {
      this.labels = new double[rows * targets];
    }
    MatrixMemory.of(labels).read(0, rows, this.labels, staging);
    if (dtype == DataType.FLOAT && labels.dataType() != DataType.FLOAT) {
      roundToFloat(this.labels, rows * targets);
    }
    this.mask.read(mask, rows);
    if (mask != null) {
      hide(rows);
    }
    requireFinite(rows);
  }

  private static void roundToFloat(double[] values, int length) {
    for (int i = 0; i < length; i++) {
      values[i] = (float) values[i];
    }
  }

  private void hide(int rows) {
    for (int n = 0; n < rows; n++) {
      for (int d = 0; d < targets; d++) {
        if (!mask.isObserved(n, d)) {
          labels[n * targets + d] = 1;
        }
      }
    }
  }

  private void requireFinite(int rows) {
    for (int i = 0; i < rows * targets; i++) {
      if (!Double.isFinite(labels[i])) {
        throw BadEntryException.label(labels[i], i / targets, i % targets);
      }
    }
  }

  /** Returns the label of a target, 1 where it is hidden. */
  public double label(int row, int target) {
    return labels[row * targets + target];
  }

  /** Returns 1 where a target counts, 0 where the mask hides it alone. */
  public double observed(int row, int target) {
    return !mask.isPerTarget() || mask.isObserved(row, target) ? 1 : 0;
  }

  /** Returns the mask that was read. */
  public LabelMask mask() {
    return mask;
  }

  /** Returns the labels, row by row: {@code [N · D]} entries count. */
  double[] labels() {
    return labels;
  }
}
