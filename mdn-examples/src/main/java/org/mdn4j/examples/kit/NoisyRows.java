/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.kit;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The rows of a matrix, from which minibatches are taken with fresh Gaussian noise by ND4J's
 * generator. Rows are copied on the heap: ND4J's own operation for it takes longer than a step of
 * training, and many times as long where threads are busy.
 */
final class NoisyRows {
  private final float[] values; // [N · columns]
  private final int columns;
  private final double amplitude;

  /**
   * Reads a matrix.
   *
   * @param matrix {@code [N, columns]}
   * @param amplitude standard deviation of the noise; 0 for none
   */
  NoisyRows(INDArray matrix, double amplitude) {
    this.values = matrix.castTo(DataType.FLOAT).dup('c').data().asFloat();
    this.columns = matrix.columns();
    this.amplitude = amplitude;
  }

  /** Takes rows, {@code [rows, columns]}. */
  INDArray take(int[] rows) {
    float[] taken = new float[rows.length * columns];
    for (int n = 0; n < rows.length; n++) {
      System.arraycopy(values, rows[n] * columns, taken, n * columns, columns);
    }
    INDArray matrix = Nd4j.create(taken, new long[] {rows.length, columns}, 'c');
    return amplitude == 0 ? matrix : matrix.addi(Nd4j.randn(matrix.shape()).muli(amplitude));
  }
}
