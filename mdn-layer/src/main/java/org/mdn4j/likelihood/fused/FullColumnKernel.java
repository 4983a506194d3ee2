/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood.fused;

import java.util.Arrays;
import org.mdn4j.Limits;
import org.mdn4j.MixtureSpec;

/**
 * The {@link ColumnKernel} of FULL covariance, by the formulas of {@link FullRowKernel}, for rows
 * that miss no target.
 */
final class FullColumnKernel extends ColumnKernel {
  private final int targets;
  private final double[][] whitened; // [K·D][rows]: u = Lᵀ r
  private final double[] ones; // [rows]

  FullColumnKernel(MixtureSpec spec, Limits limits, int rows) {
    super(spec, limits, rows);
    targets = spec.targets();
    whitened = new double[spec.components() * targets][rows];
    ones = new double[rows];
    Arrays.fill(ones, 1);
  }

  @Override
  boolean isOrdinary(int row) {
    return count[row] == targets && super.isOrdinary(row);
  }

  private double[] entry(int k, int i, int j) {
    return scales[spec.columns().choleskyIndex(k, i, j)];
  }

  /** Adds the energy, and leaves r in place of the locations and L in place of its parameters. */
  @Override
  void energy(int k, int rows) {
    for (int i = 0; i < targets; i++) {
      double[] r = locations[spec.columns().locationIndex(k, i)];
      subtractFrom(labels[i], r, rows);
      double[] diagonal = entry(k, i, i);
      negate(diagonal, rows);
      invertScales(diagonal, ones, rows);
      double[] u = whitened[k * targets + i];
      multiply(diagonal, r, u, rows);
      for (int j = 0; j < i; j++) {
        addProduct(entry(k, i, j), r, whitened[k * targets + j], rows);
      }
    }
    for (int j = 0; j < targets; j++) {
      addHalfSquare(whitened[k * targets + j], sum, rows);
    }
  }

  @Override
  void differentiate(int k, double[] w, int rows) {
    double floor = spec.scaleFloor();
    for (int i = 0; i < targets; i++) {
      double[] r = locations[spec.columns().locationIndex(k, i)];
      multiply(entry(k, i, i), whitened[k * targets + i], sum, rows);
      multiply(r, w, r, rows);
      for (int j = 0; j < i; j++) {
        double[] u = whitened[k * targets + j];
        addProduct(entry(k, i, j), u, sum, rows);
        multiply(r, u, entry(k, i, j), rows);
      }
      diagonalGradient(w, r, whitened[k * targets + i], floor, entry(k, i, i), rows);
      multiplyNegated(w, sum, r, rows);
    }
  }

  private static void subtractFrom(double[] y, double[] x, int rows) {
    for (int n = 0; n < rows; n++) {
      x[n] = y[n] - x[n];
    }
  }

  private static void negate(double[] x, int rows) {
    for (int n = 0; n < rows; n++) {
      x[n] = -x[n];
    }
  }

  private static void multiply(double[] x, double[] y, double[] product, int rows) {
    for (int n = 0; n < rows; n++) {
      product[n] = x[n] * y[n];
    }
  }

  private static void multiplyNegated(double[] x, double[] y, double[] product, int rows) {
    for (int n = 0; n < rows; n++) {
      product[n] = -(x[n] * y[n]);
    }
  }

  private static void addProduct(double[] x, double[] y, double[] sum, int rows) {
    for (int n = 0; n < rows; n++) {
      sum[n] += x[n] * y[n];
    }
  }

  private static void addHalfSquare(double[] x, double[] sum, int rows) {
    for (int n = 0; n < rows; n++) {
      sum[n] += 0.5 * x[n] * x[n];
    }
  }

  private static void diagonalGradient(
      double[] w,
      double[] weightedResidual,
      double[] u,
      double floor,
      double[] diagonal,
      int rows) {
    for (int n = 0; n < rows; n++) {
      double l = diagonal[n];
      diagonal[n] = (weightedResidual[n] * u[n] * l - w[n]) * (1 - floor * l);
    }
  }
}
