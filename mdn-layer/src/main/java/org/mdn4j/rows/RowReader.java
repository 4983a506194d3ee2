/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.rows;

/**
 * Reader of the rows of a matrix as doubles, some at a time.
 *
 * <p>Not safe for use by several threads, each of which has one of its own over the same memory.
 */
public final class RowReader {
  private static final int BLOCK_VALUES = 1 << 15; // doubles that fit a core's own cache

  private final MatrixMemory matrix;
  private final int blockRows;
  private final double[] values; // [blockRows, columns]
  private final MatrixMemory.Staging staging = new MatrixMemory.Staging();
  private long first;
  private long end; // no row is read yet

  /**
   * Creates a reader that has read nothing yet.
   *
   * @param matrix the memory of {@code [N, C]}
   * @param maxRows rows to read at a time, at most
   */
  public RowReader(MatrixMemory matrix, int maxRows) {
    this.matrix = matrix;
    long rows = Math.min(maxRows, matrix.rows());
    this.blockRows = (int) Math.max(1, Math.min(rows, BLOCK_VALUES / matrix.columns()));
    this.values = new double[blockRows * matrix.columns()];
  }

  /**
   * Returns the numbers that have been read.
   *
   * @return the reader's own array
   */
  public double[] values() {
    return values;
  }

  /**
   * Reads a row unless it has been read, and returns its place among the values.
   *
   * @param row in [0, N)
   * @return where in {@link #values()} it begins
   */
  public int seek(int row) {
    if (row < first || row >= end) {
      first = row;
      end = Math.min(row + (long) blockRows, matrix.rows());
      matrix.read(first, (int) (end - first), values, staging);
    }
    return (int) (row - first) * matrix.columns();
  }
}
