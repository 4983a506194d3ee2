/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The memory of a matrix, copied in bulk from and to Java arrays, a block of rows at a time.
 *
 * <p>Java arrays hold a block as doubles, column by column: entry (n, c) of a block of {@code rows}
 * rows is at {@code c · rows + n}. Safe for use by several threads, which write different rows.
 */
final class MatrixMemory {
  /** A block as it lies in memory, for one thread. */
  static final class Staging {
    private float[] floats = {};
    private double[] doubles = {};

    private void reserve(boolean single, int length) {
      if (single && floats.length < length) {
        floats = new float[length];
      } else if (!single && doubles.length < length) {
        doubles = new double[length];
      }
    }
  }

  private final INDArray array; // held, so that its memory lives
  private final boolean single; // FLOAT, else DOUBLE
  private final int columns;
  private final boolean columnMajor; // neighbours in memory are of one column, else of one row
  private final long stride; // from one column, or row, to the next

  private MatrixMemory(INDArray array) {
    this.array = array;
    this.single = array.dataType() == DataType.FLOAT;
    this.columns = columns(array);
    this.columnMajor = !rowsAreDense(array);
    this.stride = array.stride(columnMajor ? 1 : 0);
  }

  /**
   * Opens a matrix of a CPU backend.
   *
   * @param array {@code [N, C]} or {@code [N]}; where it is neither FLOAT nor DOUBLE, or neither its rows nor its
   *     columns are dense, a copy of it is opened
   */
  static MatrixMemory of(INDArray array) {
    boolean readable = array.dataType() == DataType.FLOAT || array.dataType() == DataType.DOUBLE;
    INDArray floating = readable ? array : array.castTo(DataType.FLOAT);
    boolean dense = rowsAreDense(floating) || floating.size(0) == 1 || floating.stride(0) == 1;
    return new MatrixMemory(dense ? floating : floating.dup('c'));
  }

  private static boolean rowsAreDense(INDArray array) {
    return columns(array) == 1 || array.stride(1) == 1;
  }

  private static int columns(INDArray array) {
    return array.rank() == 1 ? 1 : (int) array.size(1);
  }

  /** Copies a block out of memory as it lies there. */
  void load(long firstRow, int rows, Staging staging) {
    staging.reserve(single, rows * columns);
    forEachRun(firstRow, rows, staging, false);
  }

  /** Copies a block back into memory. */
  void store(long firstRow, int rows, Staging staging) {
    forEachRun(firstRow, rows, staging, true);
  }

  private void forEachRun(long firstRow, int rows, Staging staging, boolean write) {
    boolean oneRun = !columnMajor && (stride == columns || rows == 1);
    int runs = oneRun ? 1 : columnMajor ? columns : rows;
    int length = rows * columns / runs;
    long first = array.offset() + (columnMajor ? firstRow : firstRow * stride);
    Pointer memory = array.data().pointer();
    Pointer own = single ? new FloatPointer(memory) : new DoublePointer(memory);
    for (int run = 0; run < runs; run++) {
      copy(own.position(first + run * stride), staging, run * length, length, write);
    }
  }

  private void copy(Pointer memory, Staging staging, int from, int length, boolean write) {
    if (memory instanceof FloatPointer floats) {
      if (write) {
        floats.put(staging.floats, from, length);
      } else {
        floats.get(staging.floats, from, length);
      }
    } else {
      DoublePointer doubles = (DoublePointer) memory;
      if (write) {
        doubles.put(staging.doubles, from, length);
      } else {
        doubles.get(staging.doubles, from, length);
      }
    }
  }

  /** Takes columns out of a loaded block, as many as there are arrays for. */
  void unpack(Staging staging, int rows, int firstColumn, double[][] into) {
    int rowStep = columnMajor ? 1 : columns;
    int columnStep = columnMajor ? rows : 1;
    for (int c = 0; c < into.length; c++) {
      int from = (firstColumn + c) * columnStep;
      if (single) {
        gather(staging.floats, from, rowStep, into[c], rows);
      } else {
        gather(staging.doubles, from, rowStep, into[c], rows);
      }
    }
  }

  /** Takes one row out of a loaded block. */
  void unpackRow(Staging staging, int rows, int row, double[] into) {
    int from = columnMajor ? row : row * columns;
    int columnStep = columnMajor ? rows : 1;
    if (single) {
      gather(staging.floats, from, columnStep, into, columns);
    } else {
      gather(staging.doubles, from, columnStep, into, columns);
    }
  }

  /** Puts columns into a block that will be stored. */
  void pack(double[][] from, Staging staging, int rows, int firstColumn) {
    staging.reserve(single, rows * columns);
    int rowStep = columnMajor ? 1 : columns;
    int columnStep = columnMajor ? rows : 1;
    for (int c = 0; c < from.length; c++) {
      int to = (firstColumn + c) * columnStep;
      if (single) {
        scatter(from[c], staging.floats, to, rowStep, rows);
      } else {
        scatter(from[c], staging.doubles, to, rowStep, rows);
      }
    }
  }

  /** Puts one row into a block that will be stored. */
  void packRow(double[] from, Staging staging, int rows, int row) {
    staging.reserve(single, rows * columns);
    int to = columnMajor ? row : row * columns;
    int columnStep = columnMajor ? rows : 1;
    if (single) {
      scatter(from, staging.floats, to, columnStep, columns);
    } else {
      scatter(from, staging.doubles, to, columnStep, columns);
    }
  }

  private static void gather(float[] x, int from, int step, double[] y, int count) {
    for (int n = 0; n < count; n++) {
      y[n] = x[from + n * step];
    }
  }

  private static void gather(double[] x, int from, int step, double[] y, int count) {
    for (int n = 0; n < count; n++) {
      y[n] = x[from + n * step];
    }
  }

  private static void scatter(double[] x, float[] y, int to, int step, int count) {
    for (int n = 0; n < count; n++) {
      y[to + n * step] = (float) x[n];
    }
  }

  private static void scatter(double[] x, double[] y, int to, int step, int count) {
    for (int n = 0; n < count; n++) {
      y[to + n * step] = x[n];
    }
  }
}
