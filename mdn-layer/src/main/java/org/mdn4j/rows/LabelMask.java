/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.rows;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The label mask of a minibatch, which says which labels count: the one place that knows what a
 * mask means. A mask {@code [N, 1]} weights rows, and 0 leaves one out. A mask {@code [N, D]} of
 * ones and zeros leaves out single targets. Without a mask all labels count.
 *
 * <p>Reads one minibatch after the other into the same array. Not safe for use by several threads
 * while it reads.
 */
public final class LabelMask {
  private final int targets;
  private final MatrixMemory.Staging staging = new MatrixMemory.Staging();
  private double[] values = {}; // [N] or [N · D]
  private boolean masked;
  private boolean perTarget;

  /**
   * Creates a mask that leaves out nothing.
   *
   * @param targets D
   */
  public LabelMask(int targets) {
    this.targets = targets;
  }

  /**
   * Reads and checks the mask of a minibatch.
   *
   * @param mask as described above, or null
   * @param rows N
   * @throws IllegalArgumentException if it has another shape
   * @throws BadEntryException if it has other values
   */
  public void read(INDArray mask, int rows) {
    masked = mask != null;
    perTarget = masked && isPerTarget(mask, rows);
    if (!masked) {
      return;
    }
    int columns = perTarget ? targets : 1;
    if (values.length < rows * columns) {
      values = new double[rows * columns];
    }
    MatrixMemory.of(mask).read(0, rows, values, staging);
    for (int i = 0; i < rows * columns; i++) {
      double value = values[i];
      if (perTarget ? value != 0 && value != 1 : !(value >= 0 && Double.isFinite(value))) {
        throw new BadEntryException(
            "Expected %s in the label mask, got %s"
                .formatted(perTarget ? "0 or 1" : "weights >= 0", value),
            i / columns,
            i % columns);
      }
    }
  }

  /** Returns a mask {@code [N]} as {@code [N, 1]}, others as they are. */
  public static INDArray column(INDArray mask) {
    return mask != null && mask.rank() == 1 ? mask.reshape(-1, 1) : mask;
  }

  private boolean isPerTarget(INDArray mask, int rows) {
    boolean ofRows = mask.rank() == 2 && mask.size(0) == rows && mask.size(1) == 1;
    boolean ofTargets = mask.rank() == 2 && mask.size(0) == rows && mask.size(1) == targets;
    if (!ofRows && !ofTargets) {
      throw new IllegalArgumentException(
          "Expected a label mask of shape [%s, 1] (per row) or [%s, %s] (per target), got %s"
              .formatted(rows, rows, targets, Arrays.toString(mask.shape())));
    }
    return !ofRows;
  }

  /** Returns whether there is a mask. */
  public boolean isPresent() {
    return masked;
  }

  /** Returns whether targets may be left out by themselves. */
  public boolean isPerTarget() {
    return perTarget;
  }

  /** Returns whether a label counts. */
  public boolean isObserved(int row, int target) {
    return !masked || values[perTarget ? row * targets + target : row] != 0;
  }

  /**
   * Returns the weight of a row: that in the mask; under a mask of single targets 1 if any of them
   * is observed, else 0.
   */
  public double weight(int row) {
    if (!perTarget) {
      return masked ? values[row] : 1;
    }
    for (int d = 0; d < targets; d++) {
      if (values[row * targets + d] != 0) {
        return 1;
      }
    }
    return 0;
  }
}
