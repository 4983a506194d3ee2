/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.rows;

import java.lang.ref.Reference;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The memory of a matrix, copied in bulk from and to Java arrays, a block of rows at a time. Copies
 * in bulk take a hundredth of the time that {@code INDArray} takes entry by entry.
 *
 * <p>Safe for use by several threads, which write different rows, each with its own {@link
 * Staging}.
 */
public final class MatrixMemory {
  /** Entries of a block that is only looked through. */
  private static final int CHUNK = 2048;

  /** A block as it lies in memory. */
  public static final class Staging {
    private float[] floats = {};
    private double[] doubles = {};
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
    Nd4j.getAffinityManager().ensureLocation(array, AffinityManager.Location.HOST);
  }

  /**
   * Opens the memory of a matrix.
   *
   * @param array {@code [N, C]}, or {@code [N]} for one column; where it is neither FLOAT nor
   *     DOUBLE, or neither its rows nor its columns are dense, a copy of it is opened
   */
  public static MatrixMemory of(INDArray array) {
    boolean readable = array.dataType() == DataType.FLOAT || array.dataType() == DataType.DOUBLE;
    INDArray floating = readable ? array : array.castTo(DataType.DOUBLE);
    boolean dense = rowsAreDense(floating) || floating.size(0) == 1 || floating.stride(0) == 1;
    return new MatrixMemory(dense ? floating : floating.dup('c'));
  }

  private static boolean rowsAreDense(INDArray array) {
    return columns(array) == 1 || array.stride(1) == 1;
  }

  private static int columns(INDArray array) {
    return array.rank() == 1 ? 1 : (int) array.size(1);
  }

  /** Returns the number of rows N. */
  public long rows() {
    return array.size(0);
  }

  /** Returns the number of columns C. */
  public int columns() {
    return columns;
  }

  /** Returns all of a matrix, row by row. */
  public double[] read() {
    double[] all = new double[(int) rows() * columns];
    read(0, (int) rows(), all, new Staging());
    return all;
  }

  /** Returns the index n · C + c of an entry that is NaN or infinite, or −1. */
  long firstNotFinite() {
    Staging staging = new Staging();
    double[] row = new double[columns];
    int step = Math.max(1, CHUNK / columns);
    for (long first = 0; first < array.size(0); first += step) {
      int rows = (int) Math.min(step, array.size(0) - first);
      if (isFinite(first, rows, staging)) {
        continue;
      }
      for (int n = 0; n < rows; n++) {
        unpackRow(staging, rows, n, row, 0);
        for (int c = 0; c < columns; c++) {
          if (!Double.isFinite(row[c])) {
            return (first + n) * columns + c;
          }
        }
      }
    }
    return -1;
  }

  /** Returns whether no entry of a block is NaN or infinite. */
  public boolean isFinite(long firstRow, int rows, Staging staging) {
    load(firstRow, rows, staging);
    return allFinite(staging, rows * columns);
  }

  private boolean allFinite(Staging staging, int length) {
    boolean finite = true;
    for (int i = 0; i < length; i++) {
      finite &= single ? Float.isFinite(staging.floats[i]) : Double.isFinite(staging.doubles[i]);
    }
    return finite;
  }

  /**
   * Reads a block, row by row.
   *
   * @param into {@code [rows · C]} at least
   */
  public void read(long firstRow, int rows, double[] into, Staging staging) {
    if (!single && isContiguous(rows)) {
      DoublePointer memory = new DoublePointer(array.data().pointer());
      memory.position(array.offset() + firstRow * stride).get(into, 0, rows * columns);
      Reference.reachabilityFence(array);
      return;
    }
    load(firstRow, rows, staging);
    for (int n = 0; n < rows; n++) {
      unpackRow(staging, rows, n, into, n * columns);
    }
  }

  /**
   * Writes a block, row by row.
   *
   * @param from {@code [rows · C]} at least
   */
  public void write(long firstRow, int rows, double[] from, Staging staging) {
    if (!single && isContiguous(rows)) {
      DoublePointer memory = new DoublePointer(array.data().pointer());
      memory.position(array.offset() + firstRow * stride).put(from, 0, rows * columns);
      Reference.reachabilityFence(array);
      return;
    }
    reserve(staging, rows);
    for (int n = 0; n < rows; n++) {
      packRow(from, n * columns, staging, rows, n);
    }
    store(firstRow, rows, staging);
  }

  private boolean isContiguous(int rows) {
    return !columnMajor && (stride == columns || rows == 1);
  }

  /** Copies a block out of memory as it lies there. */
  public void load(long firstRow, int rows, Staging staging) {
    reserve(staging, rows);
    copyRuns(firstRow, rows, staging, false);
  }

  /** Copies a block back into memory. */
  public void store(long firstRow, int rows, Staging staging) {
    copyRuns(firstRow, rows, staging, true);
  }

  /** Makes room for a block. */
  public void reserve(Staging staging, int rows) {
    int length = rows * columns;
    if (single && staging.floats.length < length) {
      staging.floats = new float[length];
    } else if (!single && staging.doubles.length < length) {
      staging.doubles = new double[length];
    }
  }

  private void copyRuns(long firstRow, int rows, Staging staging, boolean write) {
    int runs = isContiguous(rows) ? 1 : columnMajor ? columns : rows;
    int length = rows * columns / runs;
    long first = array.offset() + (columnMajor ? firstRow : firstRow * stride);
    Pointer shared = array.data().pointer();
    Pointer memory = single ? new FloatPointer(shared) : new DoublePointer(shared); // own position
    for (int run = 0; run < runs; run++) {
      memory.position(first + run * stride);
      copy(memory, staging, run * length, length, write);
    }
    Reference.reachabilityFence(array); // its memory is freed when it is no longer reachable
  }

  private static void copy(Pointer memory, Staging staging, int from, int length, boolean write) {
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
  public void unpack(Staging staging, int rows, int firstColumn, double[][] into) {
    int step = columnMajor ? 1 : columns;
    for (int c = 0; c < into.length; c++) {
      int from = (firstColumn + c) * (columnMajor ? rows : 1);
      if (single) {
        gather(staging.floats, from, step, into[c], 0, rows);
      } else {
        gather(staging.doubles, from, step, into[c], 0, rows);
      }
    }
  }

  /** Takes one row out of a loaded block. */
  public void unpackRow(Staging staging, int rows, int row, double[] into, int to) {
    int from = columnMajor ? row : row * columns;
    int step = columnMajor ? rows : 1;
    if (single) {
      gather(staging.floats, from, step, into, to, columns);
    } else {
      gather(staging.doubles, from, step, into, to, columns);
    }
  }

  /** Puts columns into a block that will be stored. */
  public void pack(double[][] from, Staging staging, int rows, int firstColumn) {
    int step = columnMajor ? 1 : columns;
    int c = 0;
    for (; single && !columnMajor && c < from.length - 3; c += 4) {
      interleave(
          from[c],
          from[c + 1],
          from[c + 2],
          from[c + 3],
          staging.floats,
          firstColumn + c,
          columns,
          rows);
    }
    for (; c < from.length; c++) {
      int to = (firstColumn + c) * (columnMajor ? rows : 1);
      if (single) {
        scatter(from[c], 0, staging.floats, to, step, rows);
      } else {
        scatter(from[c], 0, staging.doubles, to, step, rows);
      }
    }
  }

  /** Puts one row into a block that will be stored. */
  public void packRow(double[] from, int first, Staging staging, int rows, int row) {
    int to = columnMajor ? row : row * columns;
    int step = columnMajor ? rows : 1;
    if (single) {
      scatter(from, first, staging.floats, to, step, columns);
    } else {
      scatter(from, first, staging.doubles, to, step, columns);
    }
  }

  /** Writes four columns at a time, which lie in the same line of the cache. */
  private static void interleave(
      double[] a, double[] b, double[] c, double[] d, float[] y, int to, int step, int count) {
    for (int i = 0; i < count; i++) {
      int first = to + i * step;
      y[first] = (float) a[i];
      y[first + 1] = (float) b[i];
      y[first + 2] = (float) c[i];
      y[first + 3] = (float) d[i];
    }
  }

  // Four at a time: C2 does not unroll a loop whose step it does not know.

  private static void gather(float[] x, int from, int step, double[] y, int to, int count) {
    int i = 0;
    for (; i < count - 3; i += 4) {
      int first = from + i * step;
      y[to + i] = x[first];
      y[to + i + 1] = x[first + step];
      y[to + i + 2] = x[first + 2 * step];
      y[to + i + 3] = x[first + 3 * step];
    }
    for (; i < count; i++) {
      y[to + i] = x[from + i * step];
    }
  }

  private static void gather(double[] x, int from, int step, double[] y, int to, int count) {
    for (int i = 0; i < count; i++) {
      y[to + i] = x[from + i * step];
    }
  }

  private static void scatter(double[] x, int from, float[] y, int to, int step, int count) {
    int i = 0;
    for (; i < count - 3; i += 4) {
      int first = to + i * step;
      y[first] = (float) x[from + i];
      y[first + step] = (float) x[from + i + 1];
      y[first + 2 * step] = (float) x[from + i + 2];
      y[first + 3 * step] = (float) x[from + i + 3];
    }
    for (; i < count; i++) {
      y[to + i * step] = (float) x[from + i];
    }
  }

  private static void scatter(double[] x, int from, double[] y, int to, int step, int count) {
    for (int i = 0; i < count; i++) {
      y[to + i * step] = x[from + i];
    }
  }
}
