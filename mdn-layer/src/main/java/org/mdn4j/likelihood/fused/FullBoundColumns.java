/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood.fused;

import java.util.Arrays;
import org.mdn4j.Limits;
import org.mdn4j.MixtureSpec;

/**
 * {@link BoundColumns} of FULL covariance, by the formulas of {@code FullBounds}, but for
 *
 * <pre>
 *   S_j = log(c_j − f) − log b,   b = (c_j − f) √v_j / (c_j − f √v_j) ≥ 1
 *   log b = 8 log r,   r = b^⅛
 * </pre>
 *
 * <p>A row is ordinary where b &lt; 100, by which r &lt; 1.8.
 */
final class FullBoundColumns extends BoundColumns {
  private static final double MOST = 100;

  /** Times what b has above 100, makes a row unusual. */
  private static final double UNUSUAL = 1e20;

  private final int targets;
  private final double floor;
  private final double[] ceiling; // [D], c
  private final double[][] largest; // [D][D], A
  private final double[][] entries; // [K·T][rows]: L below the diagonal
  private final double[][] entrySlopes; // [K·T][rows]: q′; on the diagonal ds / ds̃
  private final double[][] topSlopes; // [K·D][rows]: dS / dv
  private final double[][] w; // [K·D·D][rows], above the diagonal
  private final double[][] t; // [K·D·D][rows], T from the diagonal on
  private final double[][] slopes; // [D·D][rows]: derivatives with respect to T
  private final double[][] slopesOfW; // [D][rows]
  private final double[] squares; // [rows]: v
  private final double[] top; // [rows]: S
  private final double[] slopeOfSquares; // [rows]

  FullBoundColumns(MixtureSpec spec, Limits limits, int rows) {
    super(spec, limits, rows, false);
    targets = spec.targets();
    floor = spec.scaleFloor();
    ceiling = spec.bounds().orElseThrow().scaleCeiling().stream().mapToDouble(c -> c).toArray();
    largest = transform.largestEntries();
    int components = spec.components();
    entries = new double[spec.columns().scales().width()][rows];
    entrySlopes = new double[spec.columns().scales().width()][rows];
    topSlopes = new double[components * targets][rows];
    w = new double[components * targets * targets][rows];
    t = new double[components * targets * targets][rows];
    slopes = new double[targets * targets][rows];
    slopesOfW = new double[targets][rows];
    squares = new double[rows];
    top = new double[rows];
    slopeOfSquares = new double[rows];
  }

  private int entry(int k, int i, int j) {
    return spec.columns().choleskyIndex(k, i, j);
  }

  private int at(int k, int i, int j) {
    return (k * targets + i) * targets + j;
  }

  @Override
  void apply(int k, double[][] locations, double[][] scales, double[] size, int rows) {
    super.apply(k, locations, scales, size, rows);
    for (int j = targets - 1; j >= 0; j--) {
      for (int m = j + 1; m < targets; m++) {
        Arrays.fill(w[at(k, j, m)], 0, rows, 0);
      }
      for (int i = j + 1; i < targets; i++) {
        int entry = entry(k, i, j);
        squash(0, largest[i][j], scales[entry], entrySlopes[entry], size, rows);
        System.arraycopy(scales[entry], 0, entries[entry], 0, rows);
        for (int m = i; m < targets; m++) {
          addProduct(entries[entry], t[at(k, i, m)], w[at(k, j, m)], rows);
        }
      }
      readTop(k, j, size, rows);
      int diagonal = entry(k, j, j);
      double[] sigma = t[at(k, j, j)];
      limit(
          transform.lowest(),
          transform.highest(),
          top,
          scales[diagonal],
          entrySlopes[diagonal],
          rows);
      scale(floor, scales[diagonal], sigma, rows);
      for (int m = j + 1; m < targets; m++) {
        negatedProduct(sigma, w[at(k, j, m)], t[at(k, j, m)], rows);
      }
    }
  }

  private void readTop(int k, int j, double[] size, int rows) {
    if (j == targets - 1) {
      Arrays.fill(top, 0, rows, Math.log(ceiling[j] - floor));
      return;
    }
    Arrays.fill(squares, 0, rows, 1);
    for (int m = j + 1; m < targets; m++) {
      addProduct(w[at(k, j, m)], w[at(k, j, m)], squares, rows);
    }
    room(ceiling[j], floor, squares, top, topSlopes[k * targets + j], size, rows);
    top(Math.log(ceiling[j] - floor), top, rows);
  }

  @Override
  void pullBack(int k, double[][] locations, double[][] scales, int rows) {
    super.pullBack(k, locations, scales, rows);
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
      diagonalGradient(
          slopeOfSigma,
          sigma,
          floor,
          entrySlopes[diagonal],
          topSlopes[k * targets + j],
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

  /** Computes b of v, and dS / dv. */
  private static void room(
      double ceiling,
      double floor,
      double[] v,
      double[] b,
      double[] slope,
      double[] size,
      int rows) {
    double most = ceiling - floor;
    for (int n = 0; n < rows; n++) {
      double root = Math.sqrt(v[n]);
      double inverse = 1 / (v[n] * (ceiling - floor * root));
      b[n] = most * root * v[n] * inverse;
      slope[n] = -0.5 * ceiling * inverse;
      double above = b[n] - MOST;
      size[n] += UNUSUAL * (above + Math.abs(above));
    }
  }

  /** Computes S of b. */
  private static void top(double highest, double[] b, int rows) {
    for (int n = 0; n < rows; n++) {
      double r = Math.sqrt(Math.sqrt(Math.sqrt(b[n])));
      b[n] = highest - 8 * Series.logOfRatio((r - 1) / (r + 1));
    }
  }

  /** Computes l = −s with s = S − h(S + l), and slope = h′. */
  private static void limit(
      double low, double high, double[] top, double[] l, double[] slope, int rows) {
    for (int n = 0; n < rows; n++) {
      double below = high + l[n];
      double above = high - 0.5 * (below + Math.abs(below)) - low;
      double x = top[n] - low - 0.5 * (above + Math.abs(above));
      double root = Math.sqrt(x * x + 1);
      l[n] = 0.5 * (x + root) - top[n];
      slope[n] = 0.5 + 0.5 * x / root;
    }
  }

  /** Computes σ = f + exp(−l). */
  private static void scale(double floor, double[] l, double[] sigma, int rows) {
    for (int n = 0; n < rows; n++) {
      sigma[n] = Exponential.of(-l[n]) + floor;
    }
  }

  private static void diagonalGradient(
      double[] slopeOfSigma,
      double[] sigma,
      double floor,
      double[] share,
      double[] topSlope,
      double[] gradient,
      double[] slopeOfSquares,
      int rows) {
    for (int n = 0; n < rows; n++) {
      double slope = slopeOfSigma[n] * (sigma[n] - floor) - gradient[n];
      gradient[n] = -(slope * share[n]);
      slopeOfSquares[n] = slope * (1 - share[n]) * topSlope[n];
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
