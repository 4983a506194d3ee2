/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.questions;

/**
 * Linear equations with a symmetric, positive definite matrix, by its Cholesky factor. Whether it
 * is positive definite is part of the question here; math3's CholeskyDecomposition answers no by an
 * exception, holds pivots to a bound that knows no unit, and checks the symmetry.
 */
final class PositiveDefinite {
  private PositiveDefinite() {}

  /**
   * Solves A x = b.
   *
   * @param matrix A, {@code [D][D]}; its lower triangle is read, and stays as it is
   * @param right b, {@code [D]}
   * @return x, {@code [D]}, or null if A is not positive definite
   */
  static double[] solve(double[][] matrix, double[] right) {
    int size = right.length;
    double[][] factor = new double[size][size]; // lower triangular, A = L Lᵀ
    double[] solution = right.clone();
    for (int i = 0; i < size; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = matrix[i][j];
        for (int m = 0; m < j; m++) {
          sum -= factor[i][m] * factor[j][m];
        }
        if (j < i) {
          factor[i][j] = sum / factor[j][j];
        } else if (sum > 0 && sum < Double.POSITIVE_INFINITY) {
          factor[i][i] = Math.sqrt(sum);
        } else {
          return null;
        }
      }
      for (int m = 0; m < i; m++) {
        solution[i] -= factor[i][m] * solution[m];
      }
      solution[i] /= factor[i][i];
    }
    for (int i = size - 1; i >= 0; i--) {
      for (int m = i + 1; m < size; m++) {
        solution[i] -= factor[m][i] * solution[m];
      }
      solution[i] /= factor[i][i];
    }
    return solution;
  }
}
