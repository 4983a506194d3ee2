/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.components;

import java.util.Arrays;
import org.mdn4j.numerics.Doubles;

/** Lower triangular matrices. */
public final class Triangle {
  private Triangle() {}

  /**
   * Turns the rows of a matrix, all by the same rotation of their space, so that it becomes lower
   * triangular with a diagonal that is nowhere negative. The rows' scalar products stay as they
   * are. Givens' rotations: row by row, so that rows of very different length do no harm; each in
   * units in which its squares are doubles.
   *
   * @param rows {@code [m][n]}, m ≤ n + 1; changed in place
   */
  static void rotate(double[][] rows) {
    int columns = rows[0].length;
    int[] powers = Arrays.stream(rows).mapToInt(Triangle::power).toArray();
    multiply(rows, powers, -1);
    for (int i = 0; i < Math.min(rows.length, columns); i++) {
      for (int j = i + 1; j < columns; j++) {
        if (rows[i][j] != 0) {
          double norm = Math.hypot(rows[i][i], rows[i][j]);
          double cosine = rows[i][i] / norm;
          double sine = rows[i][j] / norm;
          rows[i][i] = norm;
          rows[i][j] = 0;
          for (int below = i + 1; below < rows.length; below++) {
            double a = rows[below][i];
            double b = rows[below][j];
            rows[below][i] = cosine * a + sine * b;
            rows[below][j] = cosine * b - sine * a;
          }
        }
      }
      if (rows[i][i] < 0) {
        for (int below = i; below < rows.length; below++) {
          rows[below][i] = -rows[below][i];
        }
      }
    }
    multiply(rows, powers, 1);
  }

  /** Returns the exponent of the largest entry of a row. */
  private static int power(double[] row) {
    double largest = 0;
    for (double value : row) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest == 0 ? 0 : Math.getExponent(largest);
  }

  private static void multiply(double[][] rows, int[] powers, int sign) {
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < rows[i].length && powers[i] != 0; j++) {
        rows[i][j] = Doubles.nearestFinite(Math.scalb(rows[i][j], sign * powers[i]));
      }
    }
  }

  /** Solves L x = b by forward substitution. */
  static void solve(double[][] factor, double[] b) {
    for (int i = 0; i < b.length; i++) {
      for (int j = 0; j < i; j++) {
        b[i] -= factor[i][j] * b[j];
      }
      b[i] /= factor[i][i];
    }
  }

  /** Returns the x of L x = b, where doubles may not hold it. */
  static Wide[] wideSolution(double[][] factor, double[] b) {
    Wide[] x = new Wide[b.length];
    for (int i = 0; i < b.length; i++) {
      x[i] = Wide.of(b[i]);
      for (int j = 0; j < i; j++) {
        x[i] = x[i].minus(Wide.of(factor[i][j]).times(x[j]));
      }
      x[i] = x[i].over(Wide.of(factor[i][i]));
    }
    return x;
  }

  /** Returns the x of Lᵀ x = b, b as long as x or longer, where doubles may not hold it. */
  static Wide[] wideTransposedSolution(double[][] factor, double[] b) {
    Wide[] x = new Wide[factor.length];
    for (int i = x.length - 1; i >= 0; i--) {
      x[i] = Wide.of(b[i]);
      for (int j = i + 1; j < x.length; j++) {
        x[i] = x[i].minus(Wide.of(factor[j][i]).times(x[j]));
      }
      x[i] = x[i].over(Wide.of(factor[i][i]));
    }
    return x;
  }

  /** Solves Lᵀ x = b by back substitution. */
  static void solveTransposed(double[][] factor, double[] b) {
    for (int i = b.length - 1; i >= 0; i--) {
      for (int j = i + 1; j < b.length; j++) {
        b[i] -= factor[j][i] * b[j];
      }
      b[i] /= factor[i][i];
    }
  }

  /** Returns Lᵀ r. */
  static double[] transposedProduct(double[][] factor, double[] r) {
    double[] product = new double[r.length];
    for (int row = 0; row < r.length; row++) {
      for (int column = 0; column <= row; column++) {
        product[column] += factor[row][column] * r[row];
      }
    }
    return product;
  }

  /** Returns Lᵀ r, where doubles may not hold it. */
  static Wide[] wideTransposedProduct(double[][] factor, Wide[] r) {
    Wide[] product = new Wide[r.length];
    Arrays.fill(product, Wide.of(0));
    for (int row = 0; row < r.length; row++) {
      for (int column = 0; column <= row; column++) {
        product[column] = product[column].plus(Wide.of(factor[row][column]).times(r[row]));
      }
    }
    return product;
  }

  /** Returns Σ_d log L_dd of the first rows. */
  static double sumOfLogDiagonal(double[][] factor, int rows) {
    double sum = 0;
    for (int d = 0; d < rows; d++) {
      sum += Math.log(factor[d][d]);
    }
    return sum;
  }

  /**
   * Returns the Cholesky factor of a precision from its covariance: with Σ = U Uᵀ, U upper
   * triangular, Σ⁻¹ = L Lᵀ for L = U⁻ᵀ, which is lower triangular.
   *
   * @param covariance Σ, {@code [D][D]}; its lower triangle is read
   * @return L, or null if Σ is not positive definite
   */
  public static double[][] precisionFactor(double[][] covariance) {
    int size = covariance.length;
    double[][] upper = new double[size][size];
    for (int j = size - 1; j >= 0; j--) {
      for (int i = j; i >= 0; i--) {
        double sum = covariance[j][i];
        for (int m = j + 1; m < size; m++) {
          sum -= upper[i][m] * upper[j][m];
        }
        if (i < j) {
          upper[i][j] = sum / upper[j][j];
        } else if (sum > 0 && sum < Double.POSITIVE_INFINITY) {
          upper[i][i] = Math.sqrt(sum);
        } else {
          return null;
        }
      }
    }
    double[][] factor = new double[size][size];
    for (int column = 0; column < size; column++) { // Uᵀ L = I, forward
      for (int row = column; row < size; row++) {
        double sum = row == column ? 1 : 0;
        for (int m = column; m < row; m++) {
          sum -= upper[m][row] * factor[m][column];
        }
        factor[row][column] = sum / upper[row][row];
      }
    }
    return factor;
  }
}
