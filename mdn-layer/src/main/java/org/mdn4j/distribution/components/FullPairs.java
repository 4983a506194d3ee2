/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.components;

import java.util.stream.IntStream;

/**
 * Divergences of two Gaussians by their means and the Cholesky factors of their precisions, Λ = L
 * Lᵀ.
 */
final class FullPairs {
  private FullPairs() {}

  /**
   * Returns Kullback and Leibler's divergence of the first from the second, with X = L_i⁻¹ L_j:
   *
   * <pre>
   *   ½ (‖X‖² − D − 2 Σ_d log X_dd + ‖L_jᵀ (μ_i − μ_j)‖²)
   * </pre>
   */
  static double klDivergence(
      double[] mean, double[][] factor, double[] otherMean, double[][] otherFactor) {
    int targets = mean.length;
    double sum = 0;
    for (int column = 0; column < targets; column++) {
      double[] x = column(otherFactor, column);
      Triangle.solve(factor, x);
      double ratio = x[column];
      sum += 0.5 * (ratio - 1) * (ratio + 1) - Math.log(ratio);
      for (int row = column + 1; row < targets; row++) {
        sum += 0.5 * x[row] * x[row];
      }
    }
    double[] apart = IntStream.range(0, targets).mapToDouble(d -> mean[d] - otherMean[d]).toArray();
    for (double w : Triangle.transposedProduct(otherFactor, apart)) {
      sum += 0.5 * w * w;
    }
    return Double.isFinite(sum) ? sum : wideKlDivergence(mean, factor, otherMean, otherFactor);
  }

  private static double wideKlDivergence(
      double[] mean, double[][] factor, double[] otherMean, double[][] otherFactor) {
    int targets = mean.length;
    Wide[] apart = Triangle.wideTransposedProduct(otherFactor, Wide.differences(mean, otherMean));
    Wide squares = Wide.product(apart, apart);
    for (int column = 0; column < targets; column++) {
      Wide[] x = Triangle.wideSolution(factor, column(otherFactor, column));
      squares = squares.plus(Wide.product(x, x));
    }
    double logs =
        Triangle.sumOfLogDiagonal(otherFactor, targets)
            - Triangle.sumOfLogDiagonal(factor, targets);
    return squares.shifted(-1).value() - 0.5 * targets - logs;
  }

  private static double[] column(double[][] factor, int column) {
    return IntStream.range(0, factor.length).mapToDouble(row -> factor[row][column]).toArray();
  }

  /**
   * Returns Bhattacharyya's distance. With (Λ_i + Λ_j) = A Aᵀ and the least value c² of ‖L_iᵀ (y −
   * μ_i)‖² + ‖L_jᵀ (y − μ_j)‖²,
   *
   * <pre>
   *   ¼ c² + Σ_d ( log A_dd − ½ log 2 − ½ log L_i,dd − ½ log L_j,dd )
   * </pre>
   *
   * <p>A and c come from the rotation of the rows of (L_i L_j), and of (0, L_jᵀ (μ_j − μ_i)) below
   * them.
   */
  static double bhattacharyyaDistance(
      double[] mean, double[][] factor, double[] otherMean, double[][] otherFactor) {
    int targets = mean.length;
    double[][] rows = new double[targets + 1][2 * targets];
    for (int d = 0; d < targets; d++) {
      System.arraycopy(factor[d], 0, rows[d], 0, targets);
      System.arraycopy(otherFactor[d], 0, rows[d], targets, targets);
    }
    Wide[] w = Triangle.wideTransposedProduct(otherFactor, Wide.differences(mean, otherMean));
    long power = Wide.excess(w);
    System.arraycopy(Wide.values(w, power), 0, rows[targets], targets, targets);
    Triangle.rotate(rows);
    double least = Wide.of(rows[targets][targets]).shifted(power).value();
    double logs =
        Triangle.sumOfLogDiagonal(rows, targets)
            - 0.5 * targets * Math.log(2)
            - 0.5 * Triangle.sumOfLogDiagonal(factor, targets)
            - 0.5 * Triangle.sumOfLogDiagonal(otherFactor, targets);
    return Math.max(0, 0.25 * least * least + logs);
  }
}
