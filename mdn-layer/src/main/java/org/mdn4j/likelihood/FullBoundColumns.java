/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import java.util.Arrays;
import org.mdn4j.BoundTransform;
import org.mdn4j.MixtureSpec;

/** {@link BoundColumns} of FULL covariance, by the formulas of {@link org.mdn4j.FullBounds}. */
final class FullBoundColumns extends BoundColumns {
  private final int targets;
  private final double floor;
  private final double[] ceiling; // [D]
  private final double[][] entries; // [K·T][rows]: L below the diagonal
  private final double[][] entrySlopes; // [K·T][rows]; on the diagonal ds / ds̃
  private final double[][] squares; // [K·D][rows]: v
  private final double[][] w; // [K·D·D][rows], above the diagonal
  private final double[][] t; // [K·D·D][rows], from the diagonal on
  private final double[][] slopes; // [D·D][rows]: derivatives with respect to T
  private final double[][] slopesOfW; // [D][rows]
  private final double[] top; // [rows], scratch

  FullBoundColumns(MixtureSpec spec, Limits limits, int rows) {
    super(spec, limits, rows);
    targets = spec.targets();
    floor = spec.scaleFloor();
    ceiling = spec.bounds().orElseThrow().scaleCeiling().stream().mapToDouble(c -> c).toArray();
    int components = spec.components();
    entries = new double[spec.scaleColumns().width()][rows];
    entrySlopes = new double[spec.scaleColumns().width()][rows];
    squares = new double[components * targets][rows];
    w = new double[components * targets * targets][rows];
    t = new double[components * targets * targets][rows];
    slopes = new double[targets * targets][rows];
    slopesOfW = new double[targets][rows];
    top = new double[rows];
  }

  private int entry(int k, int i, int j) {
    return k * spec.scalesPerComponent() + i * (i + 1) / 2 + j;
  }

  private int at(int k, int i, int j) {
    return (k * targets + i) * targets + j;
  }

  @Override
  void apply(double[][] locations, double[][] scales, int rows) {
    super.apply(locations, scales, rows);
    double[][] largest = transform.largestEntries();
    for (int k = 0; k < spec.components(); k++) {
      for (int j = targets - 1; j >= 0; j--) {
        for (int m = j + 1; m < targets; m++) {
          Arrays.fill(w[at(k, j, m)], 0, rows, 0);
        }
        for (int i = j + 1; i < targets; i++) {
          int entry = entry(k, i, j);
          squash(0, largest[i][j], scales[entry], entrySlopes[entry], rows);
          System.arraycopy(scales[entry], 0, entries[entry], 0, rows);
          for (int m = i; m < targets; m++) {
            addProduct(entries[entry], t[at(k, i, m)], w[at(k, j, m)], rows);
          }
        }
        double[] v = squares[k * targets + j];
        Arrays.fill(v, 0, rows, 1);
        for (int m = j + 1; m < targets; m++) {
          addProduct(w[at(k, j, m)], w[at(k, j, m)], v, rows);
        }
        top(ceiling[j], floor, v, top, rows);
        int diagonal = entry(k, j, j);
        double[] sigma = t[at(k, j, j)];
        limit(
            transform.lowest(),
            transform.highest(),
            top,
            floor,
            scales[diagonal],
            entrySlopes[diagonal],
            sigma,
            rows);
        for (int m = j + 1; m < targets; m++) {
          negatedProduct(sigma, w[at(k, j, m)], t[at(k, j, m)], rows);
        }
      }
    }
  }

  @Override
  void pullBack(double[][] locations, double[][] scales, int rows) {
    super.pullBack(locations, scales, rows);
    for (int k = 0; k < spec.components(); k++) {
      for (double[] column : slopes) {
        Arrays.fill(column, 0, rows, 0);
      }
      for (int j = 0; j < targets; j++) {
        double[] sigma = t[at(k, j, j)];
        double[] slopeOfSigma = slopes[at(0, j, j)];
        for (int m = j + 1; m < targets; m++) {
          subtractProduct(w[at(k, j, m)], slopes[at(0, j, m)], slopeOfSigma, rows);
        }
        int diagonal = entry(k, j, j);
        double[] slopeOfSquares = top;
        diagonalGradient(
            slopeOfSigma,
            sigma,
            floor,
            entrySlopes[diagonal],
            ceiling[j],
            squares[k * targets + j],
            scales[diagonal],
            slopeOfSquares,
            rows);
        for (int m = j + 1; m < targets; m++) {
          slopeOfW(sigma, slopes[at(0, j, m)], w[at(k, j, m)], slopeOfSquares, slopesOfW[m], rows);
        }
        for (int i = j + 1; i < targets; i++) {
          int entry = entry(k, i, j);
          for (int m = i; m < targets; m++) {
            addProduct(slopesOfW[m], t[at(k, i, m)], scales[entry], rows);
            addProduct(slopesOfW[m], entries[entry], slopes[at(0, i, m)], rows);
          }
          multiply(entrySlopes[entry], scales[entry], rows);
        }
      }
    }
  }

  private static void addProduct(double[] x, double[] y, double[] sum, int rows) {
    for (int n = 0; n < rows; n++) {
      sum[n] += x[n] * y[n];
    }
  }

  private static void subtractProduct(double[] x, double[] y, double[] sum, int rows) {
    for (int n = 0; n < rows; n++) {
      sum[n] -= x[n] * y[n];
    }
  }

  private static void negatedProduct(double[] x, double[] y, double[] product, int rows) {
    for (int n = 0; n < rows; n++) {
      product[n] = -(x[n] * y[n]);
    }
  }

  private static void top(double ceiling, double floor, double[] v, double[] top, int rows) {
    for (int n = 0; n < rows; n++) {
      top[n] = Math.log(ceiling / Math.sqrt(v[n]) - floor);
    }
  }

  private static void limit(
      double low,
      double high,
      double[] top,
      double floor,
      double[] l,
      double[] slope,
      double[] sigma,
      int rows) {
    for (int n = 0; n < rows; n++) {
      double read = BoundTransform.within(low, high, -l[n]);
      double s = BoundTransform.bounded(read, top[n]);
      l[n] = -s;
      slope[n] = BoundTransform.slope(read, top[n]);
      sigma[n] = Exponential.of(s) + floor;
    }
  }

  private static void diagonalGradient(
      double[] slopeOfSigma,
      double[] sigma,
      double floor,
      double[] share,
      double ceiling,
      double[] v,
      double[] gradient,
      double[] slopeOfSquares,
      int rows) {
    for (int n = 0; n < rows; n++) {
      double slope = slopeOfSigma[n] * (sigma[n] - floor) - gradient[n];
      gradient[n] = -(slope * share[n]);
      double room = ceiling - floor * Math.sqrt(v[n]);
      slopeOfSquares[n] = -0.5 * slope * (1 - share[n]) * ceiling / (v[n] * room);
    }
  }

  private static void slopeOfW(
      double[] sigma,
      double[] slopeOfT,
      double[] w,
      double[] slopeOfSquares,
      double[] slope,
      int rows) {
    for (int n = 0; n < rows; n++) {
      slope[n] = 2 * w[n] * slopeOfSquares[n] - sigma[n] * slopeOfT[n];
    }
  }
}
