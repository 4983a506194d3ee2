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
  private final LabelForm form;
  private final MatrixMemory.Staging staging = new MatrixMemory.Staging();
  private double[] labels = {}; // [N · columns]
  private final LabelMask mask;

  /**
   * Creates rows of a form, none of them read yet.
   *
   * @param form that of the labels
   */
  public TargetRows(LabelForm form) {
    this.form = form;
    this.mask = new LabelMask(form.targets());
  }

  /**
   * Reads and checks a minibatch.
   *
   * @param labels {@code [N, D]}, or {@code [N, 2 D]} of intervals
   * @param mask null, weights per row {@code [N, 1]}, or ones and zeros per target {@code [N, D]}
   * @param dtype FLOAT or DOUBLE, in which labels count, unless they are counts
   * @throws IllegalArgumentException if the mask has another shape or other values, or a label that
   *     it does not hide is not as {@link LabelForm#check} has it
   */
  public void read(INDArray labels, INDArray mask, DataType dtype) {
    int rows = (int) labels.size(0);
    int values = rows * form.columns();
    if (this.labels.length < values) {
      this.labels = new double[values];
    }
    MatrixMemory.of(labels).read(0, rows, this.labels, staging);
    if (dtype == DataType.FLOAT && labels.dataType() != DataType.FLOAT && !form.holdsCounts()) {
      roundToFloat(this.labels, values);
    }
    this.mask.read(mask, rows);
    if (mask != null) {
      hide(rows);
    }
    check(rows);
  }

  private static void roundToFloat(double[] values, int length) {
    for (int i = 0; i < length; i++) {
      values[i] = (float) values[i];
    }
  }

  private void hide(int rows) {
    for (int n = 0; n < rows; n++) {
      for (int d = 0; d < form.targets(); d++) {
        if (!mask.isObserved(n, d)) {
          form.hide(labels, n, d);
        }
      }
    }
  }

  private void check(int rows) {
    if (!form.needsMoreThanFinite() && areFinite(rows * form.targets())) {
      return;
    }
    for (int n = 0; n < rows; n++) {
      for (int d = 0; d < form.targets(); d++) {
        form.check(labels, n, d);
      }
    }
  }

  private boolean areFinite(int values) {
    for (int i = 0; i < values; i++) {
      if (!Double.isFinite(labels[i])) {
        return false;
      }
    }
    return true;
  }

  /** Returns an entry of the labels, 1 where it is hidden. */
  public double label(int row, int column) {
    return labels[row * form.columns() + column];
  }

  /** Returns 1 where a target counts, 0 where the mask hides it alone. */
  public double observed(int row, int target) {
    return !mask.isPerTarget() || mask.isObserved(row, target) ? 1 : 0;
  }

  /** Returns the mask that was read. */
  public LabelMask mask() {
    return mask;
  }

  /** Returns the labels, row by row: {@code [N · columns]} entries count. */
  double[] labels() {
    return labels;
  }
}
