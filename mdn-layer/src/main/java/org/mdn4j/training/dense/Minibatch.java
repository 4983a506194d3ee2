/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

import java.util.Arrays;
import org.mdn4j.rows.TargetRows;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What a step is taken on. */
final class Minibatch {
  private final Chain chain;
  final TargetRows targets;
  private INDArray features; // dense, of the network's dtype
  private long address;
  private boolean rowMajor;
  private int stride; // from row to row, or from column to column
  private int rows;

  Minibatch(Chain chain) {
    this.chain = chain;
    this.targets = new TargetRows(chain.goal().labels());
  }

  /**
   * Opens features where they lie, unless they are of another type or not dense; reads labels.
   *
   * @throws IllegalArgumentException if a shape does not fit, a mask has other values than it may,
   *     or a label that is not masked is NaN or infinite
   */
  void read(INDArray given, INDArray labels, INDArray mask) {
    int inputs = chain.inputs();
    if (given.rank() != 2 || given.size(1) != inputs || given.size(0) == 0) {
      throw new IllegalArgumentException(
          "Expected features of shape [N, %s] with N > 0, got %s"
              .formatted(inputs, Arrays.toString(given.shape())));
    }
    rows = Math.toIntExact(given.size(0));
    int count = chain.goal().labels().columns();
    if (labels == null || labels.rank() != 2 || labels.size(0) != rows || labels.size(1) != count) {
      throw new IllegalArgumentException(
          "Expected labels of shape [%s, %s] (rows of the features, targets), got %s"
              .formatted(rows, count, labels == null ? null : Arrays.toString(labels.shape())));
    }
    if (mask != null && chain.stockHead() && (mask.rank() != 2 || mask.size(1) != 1)) {
      throw new IllegalArgumentException(
          "Expected a label mask of shape [%s, 1] for DL4J's own output layer, got %s"
              .formatted(rows, Arrays.toString(mask.shape())));
    }
    targets.read(labels, mask, chain.dtype());
    open(given);
  }

  private void open(INDArray given) {
    int inputs = chain.inputs();
    features = given.dataType() == chain.dtype() ? given : given.castTo(chain.dtype());
    boolean dense = rowsAreDense(features) || columnsAreDense(features);
    if (!dense || !chain.inputStages().isEmpty() && !rowsAreDense(features)) {
      features = features.dup('c');
    }
    rowMajor = rowsAreDense(features);
    stride =
        rowMajor
            ? Math.toIntExact(Math.max(inputs, features.stride(0)))
            : Math.toIntExact(Math.max(rows, features.stride(1)));
    address = Memory.address(features);
  }

  private boolean rowsAreDense(INDArray array) {
    boolean unit = array.size(1) == 1 || array.stride(1) == 1;
    return unit && (rows == 1 || array.stride(0) >= array.size(1));
  }

  private boolean columnsAreDense(INDArray array) {
    return (rows == 1 || array.stride(0) == 1) && array.stride(1) >= rows;
  }

  /** Returns the address of a row of the features. */
  long address(int row) {
    return address + (long) row * (rowMajor ? stride : 1) * features.data().getElementSize();
  }

  boolean rowMajor() {
    return rowMajor;
  }

  int stride() {
    return stride;
  }

  int rows() {
    return rows;
  }

  /** Returns the features, which whoever uses their address keeps alive. */
  INDArray features() {
    return features;
  }
}
