/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.columns;

import static org.mdn4j.Arguments.require;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.mdn4j.regression.frame.Frame;
import org.mdn4j.rows.LabelForm;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Numbers in rows of equal length: finite, or NaN where a cell of a frame is missing.
 *
 * @param cells {@code [N · C]}, row by row
 * @param rows N
 * @param columns C
 * @param names of the first columns, for messages; others go by their number
 */
public record Table(double[] cells, int rows, int columns, List<String> names) {

  private Table(double[] cells, int rows, int columns) {
    this(cells, rows, columns, List.of());
  }

  /**
   * Creates a table from a copy of rows.
   *
   * @param name what they are, for messages
   * @throws IllegalArgumentException if there is no row or no column, rows differ in length, or a
   *     cell is NaN or infinite
   */
  public static Table of(String name, double[][] rows) {
    require(
        rows != null && rows.length > 0,
        "Expected at least one row of %s, got %s",
        name,
        rows == null ? null : "none");
    for (int row = 0; row < rows.length; row++) {
      require(
          rows[row] != null, "Expected an array in each row of %s, got null in row %d", name, row);
    }
    int columns = rows[0].length;
    requireSize(name, (long) rows.length, columns);
    double[] cells = new double[rows.length * columns];
    for (int row = 0; row < rows.length; row++) {
      require(
          rows[row].length == columns,
          "Expected %d %s in each row as in row 0, got %d in row %d",
          columns,
          name,
          rows[row].length,
          row);
      System.arraycopy(rows[row], 0, cells, row * columns, columns);
    }
    return new Table(cells, rows.length, columns).requireFinite(name);
  }

  /**
   * Copies a matrix.
   *
   * @param name what it is, for messages
   * @param matrix {@code [N, C]}, or {@code [N]} for one column
   * @throws IllegalArgumentException as {@link #of(String, double[][])}, or for another rank
   */
  public static Table of(String name, INDArray matrix) {
    require(
        !matrix.isEmpty() && (matrix.rank() == 1 || matrix.rank() == 2),
        "Expected %s of shape [N, C] or [N], got %s",
        name,
        Arrays.toString(matrix.shape()));
    long columns = matrix.rank() == 1 ? 1 : matrix.size(1);
    requireSize(name, matrix.size(0), columns);
    INDArray dense = matrix.castTo(DataType.DOUBLE).dup('c');
    double[] cells = new double[Math.toIntExact(dense.length())];
    dense.data().asNioDouble().get(cells);
    Reference.reachabilityFence(dense); // its memory is freed when it is no longer reachable
    return new Table(cells, (int) matrix.size(0), (int) columns).requireFinite(name);
  }

  /**
   * Returns the features and the targets of all that an iterator gives; it is reset before.
   *
   * @param censored whether targets are intervals
   * @throws IllegalArgumentException as {@link #of(String, INDArray)}, or if there is a mask
   */
  public static List<Table> of(DataSetIterator iterator, boolean censored) {
    List<Table> features = new ArrayList<>();
    List<Table> targets = new ArrayList<>();
    if (iterator.resetSupported()) {
      iterator.reset();
    }
    while (iterator.hasNext()) {
      DataSet minibatch = iterator.next();
      require(
          minibatch.getFeaturesMaskArray() == null && minibatch.getLabelsMaskArray() == null,
          "Expected data without masks, got a mask");
      features.add(of("features", minibatch.getFeatures()));
      targets.add(targets(minibatch.getLabels(), censored));
    }
    return List.of(joined("features", features), joined("targets", targets));
  }

  private static Table joined(String name, List<Table> parts) {
    require(!parts.isEmpty(), "Expected at least one row of %s, got none", name);
    int columns = parts.get(0).columns;
    int rows = 0;
    for (Table part : parts) {
      require(
          part.columns == columns,
          "Expected %d %s in each minibatch as in the first, got %d",
          columns,
          name,
          part.columns);
      requireSize(name, (long) rows + part.rows, columns);
      rows += part.rows;
    }
    double[] cells = new double[rows * columns];
    int at = 0;
    for (Table part : parts) {
      System.arraycopy(part.cells, 0, cells, at, part.cells.length);
      at += part.cells.length;
    }
    return new Table(cells, rows, columns);
  }

  /**
   * Creates a table of columns with names.
   *
   * @param rows {@code [N][names]}, finite
   */
  public static Table named(List<String> names, double[][] rows) {
    Table table = of("targets", rows);
    return new Table(table.cells, table.rows, table.columns, names);
  }

  /**
   * Creates a table of targets in an array.
   *
   * @param censored whether they are intervals, lower and upper end of each target
   * @throws IllegalArgumentException as {@link #of(String, double[][])}; of intervals if one is
   *     none
   */
  public static Table targets(double[][] rows, boolean censored) {
    return censored ? intervals(rows, List.of()) : of("targets", rows);
  }

  /**
   * Creates a table of targets in an array of ND4J.
   *
   * @param censored whether they are intervals, lower and upper end of each target
   * @throws IllegalArgumentException as {@link #targets(double[][], boolean)}
   */
  public static Table targets(INDArray matrix, boolean censored) {
    if (!censored) {
      return of("targets", matrix);
    }
    require(
        matrix.rank() == 2,
        "Expected targets of shape [N, 2 D], two ends each, got %s",
        Arrays.toString(matrix.shape()));
    return intervals(matrix.castTo(DataType.DOUBLE).toDoubleMatrix(), List.of());
  }

  /**
   * Creates a table of the targets of a frame.
   *
   * @param names of their columns
   * @param censored whether they are intervals: the columns are lower and upper end of each target,
   *     in turns, and a missing cell leaves that side open
   * @throws IllegalArgumentException as {@link #targets(double[][], boolean)}, or if a column is
   *     not there or not of numbers, or a cell is missing
   */
  public static Table targets(Frame frame, List<String> names, boolean censored) {
    if (!censored) {
      return named(names, frame.numbers(names));
    }
    double[][] ends = new double[frame.rows()][names.size()];
    for (int column = 0; column < names.size(); column++) {
      double[] cells = frame.numbers(names.get(column));
      double open = column % 2 == 0 ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
      for (int row = 0; row < ends.length; row++) {
        ends[row][column] = Double.isNaN(cells[row]) ? open : cells[row];
      }
    }
    return intervals(ends, names);
  }

  private static Table intervals(double[][] rows, List<String> names) {
    require(rows.length > 0, "Expected at least one row of targets, got none");
    int columns = rows[0].length;
    require(
        columns > 0 && columns % 2 == 0,
        "Expected two columns for each censored target, its lower and its upper end, got %d",
        columns);
    requireSize("targets", rows.length, columns);
    LabelForm form = LabelForm.intervals(columns / 2);
    double[] cells = new double[rows.length * columns];
    for (int row = 0; row < rows.length; row++) {
      require(
          rows[row].length == columns,
          "Expected %d ends of targets in each row as in row 0, got %d in row %d",
          columns,
          rows[row].length,
          row);
      System.arraycopy(rows[row], 0, cells, row * columns, columns);
      for (int d = 0; d < columns / 2; d++) {
        form.check(cells, row, d);
      }
    }
    return new Table(cells, rows.length, columns, names);
  }

  /** Returns what is known of the targets of intervals, NaN where nothing is, {@code [N, D]}. */
  public Table known() {
    double[] known = new double[cells.length / 2];
    Arrays.setAll(known, i -> LabelForm.known(cells[2 * i], cells[2 * i + 1]));
    return new Table(known, rows, columns / 2);
  }

  /** Returns the rows whose targets are all exact values, of a table of intervals. */
  public int[] exactRows() {
    return IntStream.range(0, rows)
        .filter(
            row ->
                IntStream.range(0, columns / 2)
                    .allMatch(d -> get(row, 2 * d) == get(row, 2 * d + 1)))
        .toArray();
  }

  /** Returns some rows of this table. */
  public Table select(int[] rows) {
    double[] selected = new double[rows.length * columns];
    for (int n = 0; n < rows.length; n++) {
      System.arraycopy(cells, rows[n] * columns, selected, n * columns, columns);
    }
    return new Table(selected, rows.length, columns, names);
  }

  /** Returns how messages call a column. */
  public String column(int column) {
    return column < names.size() ? "column '%s'".formatted(names.get(column)) : "column " + column;
  }

  /** Returns a cell. */
  public double get(int row, int column) {
    return cells[row * columns + column];
  }

  /** Returns the cells as {@code [N, C]}, DOUBLE. */
  public INDArray toMatrix() {
    return Nd4j.createFromArray(cells).reshape(rows, columns);
  }

  private Table requireFinite(String name) {
    for (int i = 0; i < cells.length; i++) {
      if (!Double.isFinite(cells[i])) { // messages of all cells would take most of the time
        throw new IllegalArgumentException(
            "Expected finite %s, got %s in row %s, %s"
                .formatted(name, cells[i], i / columns, column(i % columns)));
      }
    }
    return this;
  }

  /** Checks that there is a column, and that an array can hold all cells. */
  public static void requireSize(String name, long rows, long columns) {
    require(columns > 0, "Expected at least one column of %s, got none", name);
    require(
        rows * columns < Integer.MAX_VALUE,
        "Expected fewer than 2^31 cells of %s, got %d rows of %d",
        name,
        rows,
        columns);
  }
}
