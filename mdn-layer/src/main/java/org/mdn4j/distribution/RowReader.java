/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import java.lang.ref.Reference;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Reads the rows of a matrix as doubles, some at a time, whatever the matrix' dtype, order and
 * strides. One thread's own.
 *
 * <p>On the CPU, runs of FLOAT and DOUBLE numbers that lie side by side are copied through the
 * buffer's pointer, which is many times faster than number by number.
 */
final class RowReader {
  private static final int BLOCK_VALUES = 1 << 15; // doubles that fit a core's own cache

  private final INDArray matrix;
  private final int columns;
  private final int blockRows;
  private final double[] values; // [blockRows, columns]
  private final Run run;
  private int first;
  private int end; // no row is read yet

  /**
   * Reads nothing yet.
   *
   * @param matrix {@code [N, columns]}
   * @param maxRows rows to read at a time, at most
   */
  RowReader(INDArray matrix, int maxRows) {
    this.matrix = matrix;
    this.columns = (int) matrix.size(1);
    long rows = Math.min(maxRows, matrix.size(0));
    this.blockRows = (int) Math.max(1, Math.min(rows, BLOCK_VALUES / columns));
    this.values = new double[blockRows * columns];
    this.run = run(matrix, values.length);
  }

  /** The numbers that have been read. */
  double[] values() {
    return values;
  }

  /** Makes sure that a row has been read, and tells where in {@link #values()} it begins. */
  int seek(int row) {
    if (row < first || row >= end) {
      first = row;
      end = (int) Math.min(row + (long) blockRows, matrix.size(0));
      read();
      Reference.reachabilityFence(matrix); // its memory is freed when it is no longer reachable
    }
    return (row - first) * columns;
  }

  private void read() {
    long rowStride = matrix.stride(0);
    long columnStride = matrix.stride(1);
    long start = first * rowStride;
    int rows = end - first;
    if (columnStride == 1 && rowStride == columns) {
      run.read(start, rows * columns, values, 0, 1);
    } else if (rowStride == 1) {
      for (int column = 0; column < columns; column++) {
        run.read(start + column * columnStride, rows, values, column, columns);
      }
    } else {
      for (int n = 0; n < rows; n++) {
        if (columnStride == 1) {
          run.read(start + n * rowStride, columns, values, n * columns, 1);
        } else {
          for (int column = 0; column < columns; column++) {
            values[n * columns + column] =
                matrix.data().getDouble(start + n * rowStride + column * columnStride);
          }
        }
      }
    }
  }

  /** Copies numbers that lie side by side in a buffer to every step-th place of an array. */
  private interface Run {
    void read(long from, int count, double[] into, int at, int step);
  }

  private static Run run(INDArray matrix, int maxCount) {
    DataBuffer buffer = matrix.data();
    boolean host = Nd4j.getEnvironment().isCPU();
    if (host && matrix.dataType() == DataType.DOUBLE) {
      DoublePointer pointer = (DoublePointer) buffer.addressPointer();
      double[] copy = new double[maxCount];
      return (from, count, into, at, step) -> {
        pointer.position(from);
        if (step == 1) {
          pointer.get(into, at, count);
          return;
        }
        pointer.get(copy, 0, count);
        for (int i = 0; i < count; i++) {
          into[at + i * step] = copy[i];
        }
      };
    }
    if (host && matrix.dataType() == DataType.FLOAT) {
      FloatPointer pointer = (FloatPointer) buffer.addressPointer();
      float[] copy = new float[maxCount];
      return (from, count, into, at, step) -> {
        pointer.position(from).get(copy, 0, count);
        for (int i = 0; i < count; i++) {
          into[at + i * step] = copy[i];
        }
      };
    }
    return (from, count, into, at, step) -> {
      for (int i = 0; i < count; i++) {
        into[at + i * step] = buffer.getDouble(from + i);
      }
    };
  }
}
