/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.eval;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Predicted mixtures beside the targets that came, of those rows of a minibatch that a label mask
 * leaves: the one place where the shapes of labels, outputs and masks are understood.
 *
 * <p>Masks, as in training:
 *
 * <ul>
 *   <li>{@code [N]} or {@code [N, 1]}: 0 leaves the row out; any other weight counts it once.
 *   <li>{@code [N, D]} of ones and zeros: 0 leaves that target out. The row's mixture is then the
 *       marginal over the targets that are left; a row without any is left out.
 * </ul>
 *
 * <p>A label that is masked may be NaN.
 *
 * <p>DL4J's {@code DataSet.merge}, which many iterators use, turns masks {@code [N, 1]} of several
 * targets into masks {@code [N, D]} that leave out target 0 alone; give it masks {@code [N, D]}.
 */
public final class ObservedRows {
  private final MixtureBatch mixtures; // N
  private final int[] rows; // which of them are left
  private final int[][] targets; // [N][observed]
  private final double[][] labels; // [N][D]

  private ObservedRows(MixtureBatch mixtures, int[] rows, int[][] targets, double[][] labels) {
    this.mixtures = mixtures;
    this.rows = rows;
    this.targets = targets;
    this.labels = labels;
  }

  /**
   * Pairs predictions with labels.
   *
   * @param predicted N mixtures over D targets
   * @param labels {@code [N, D]}
   * @param mask a label mask as described above, or null
   * @return the rows that are left, which may be none
   * @throws IllegalArgumentException if a shape does not fit, a mask holds another value, or a
   *     label that is not masked is NaN or infinite
   */
  public static ObservedRows of(MixtureBatch predicted, INDArray labels, INDArray mask) {
    if (!Arrays.equals(labels.shape(), new long[] {predicted.size(), predicted.targets()})) {
      throw new IllegalArgumentException(
          "Expected labels of shape [%d, %d], one row per mixture, got %s"
              .formatted(predicted.size(), predicted.targets(), Arrays.toString(labels.shape())));
    }
    double[][] y = labels.castTo(DataType.DOUBLE).toDoubleMatrix(); // [N, D]
    int[][] observed = observed(y.length, predicted.targets(), mask); // [N][observed]
    int[] rows = IntStream.range(0, y.length).filter(n -> observed[n].length > 0).toArray();
    for (int n : rows) {
      for (int d : observed[n]) {
        if (!Double.isFinite(y[n][d])) {
          throw new IllegalArgumentException(
              "Expected finite labels, got %s at row %d, column %d".formatted(y[n][d], n, d));
        }
      }
    }
    return new ObservedRows(predicted, rows, observed, y);
  }

  /** Which targets of each row the mask leaves. */
  private static int[][] observed(int rows, int targets, INDArray mask) {
    int[][] observed = new int[rows][];
    int[] all = IntStream.range(0, targets).toArray();
    if (mask == null) {
      Arrays.fill(observed, all);
      return observed;
    }
    boolean perRow = mask.length() == rows && (mask.rank() == 1 || mask.isColumnVectorOrScalar());
    if (!perRow && !Arrays.equals(mask.shape(), new long[] {rows, targets})) {
      throw new IllegalArgumentException(
          "Expected a label mask of shape [%d], [%d, 1] (per row) or [%d, %d] (per target), got %s"
              .formatted(rows, rows, rows, targets, Arrays.toString(mask.shape())));
    }
    int columns = perRow ? 1 : targets;
    double[] values = mask.castTo(DataType.DOUBLE).dup('c').data().asDouble();
    for (int n = 0; n < rows; n++) {
      for (int column = 0; column < columns; column++) {
        double value = values[n * columns + column];
        if (perRow ? !(value >= 0 && Double.isFinite(value)) : value != 0 && value != 1) {
          throw new IllegalArgumentException(
              "Expected %s in the label mask, got %s at row %d, column %d"
                  .formatted(perRow ? "weights >= 0" : "0 or 1", value, n, column));
        }
      }
      int row = n;
      observed[n] =
          Arrays.stream(all).filter(d -> values[row * columns + (perRow ? 0 : d)] != 0).toArray();
    }
    return observed;
  }

  /**
   * How many rows are left.
   *
   * @return the number of rows
   */
  public int size() {
    return rows.length;
  }

  /**
   * Where a row that is left stands among all.
   *
   * @param row in [0, size)
   * @return its number among the N mixtures, in [0, N)
   * @throws IndexOutOfBoundsException if there is no such row
   */
  public int row(int row) {
    return rows[row];
  }

  /**
   * Distribution of a row's observed targets.
   *
   * @param row in [0, size)
   * @return the predicted mixture, or its marginal where targets are left out
   * @throws IndexOutOfBoundsException if there is no such row
   */
  public Mixture mixture(int row) {
    Mixture mixture = mixtures.get(rows[row]);
    int[] observed = targets[rows[row]];
    return observed.length == mixture.targets() ? mixture : mixture.marginal(observed);
  }

  /**
   * A row's observed targets.
   *
   * @param row in [0, size)
   * @return which they are, ascending, in [0, D)
   * @throws IndexOutOfBoundsException if there is no such row
   */
  public int[] targets(int row) {
    return targets[rows[row]].clone();
  }

  /**
   * What came.
   *
   * @param row in [0, size)
   * @return values of the observed targets, in the order of {@link #targets}
   * @throws IndexOutOfBoundsException if there is no such row
   */
  public double[] labels(int row) {
    double[] all = labels[rows[row]];
    return Arrays.stream(targets[rows[row]]).mapToDouble(d -> all[d]).toArray();
  }
}
