/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood.fused;

import org.mdn4j.Limits;
import org.mdn4j.MixtureSpec;
import org.mdn4j.likelihood.FullCovarianceGraph;
import org.mdn4j.likelihood.SameDiffLikelihood;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The {@link RowKernel} of FULL covariance, whose precision is Λ = L Lᵀ. With L_d the rows of L, r
 * = y − μ, o the observed targets and m the missing ones,
 *
 * <pre>
 *   energy = ½ ‖u‖² − Σ_d log L_dd + ½ log |A Aᵀ|,   u = P Σ_{d ∈ o} r_d L_d
 * </pre>
 *
 * <p>where A = L_m are the missing rows and P projects onto what is orthogonal to them, as {@link
 * FullCovarianceGraph} explains. With A's pseudo-inverse A⁺ the derivatives are
 *
 * <pre>
 *   d energy / dμ_d = −L_d · u                        (d ∈ o; 0 for the others)
 *   d energy / dL_d = r_d u                           (d ∈ o)
 *   d energy / dA   = −c uᵀ + (A⁺)ᵀ,   c = (A⁺)ᵀ Σ_{d ∈ o} r_d L_d
 * </pre>
 *
 * <p>because dP = −P dAᵀ (A⁺)ᵀ − A⁺ dA P (Golub &amp; Pereyra 1973, equation 4.11, transposed) and
 * d ½ log |A Aᵀ| = tr(A⁺ dA). Gram and Schmidt's process gives Aᵀ = Q R, (A⁺)ᵀ = R⁻¹ Qᵀ.
 *
 * <p>Where a target is missing, the diagonal of L is read within FLOAT's limits for DOUBLE too, as
 * {@link SameDiffLikelihood} says.
 */
final class FullRowKernel extends RowKernel {
  /** What is left of a row of L that depends on others is at least this, as a share of it. */
  private static final double SMALLEST_LENGTH = 1e-45;

  private final int targets;
  private final double largestSlope;
  private final double[][] factor; // [D, D], L
  private final double[] residual; // [D], r; of a missing target −c
  private final double[] projected; // [D], u
  private final double[][] q; // [missing, D], rows of Qᵀ, then of (A⁺)ᵀ
  private final double[][] r; // [missing, missing], R
  private final int[] missing;

  FullRowKernel(MixtureSpec spec, Limits limits) {
    super(spec, limits);
    targets = spec.targets();
    largestSlope = 100 * limits.halfSquaredDistance();
    factor = new double[targets][targets];
    residual = new double[targets];
    projected = new double[targets];
    q = new double[targets][targets];
    r = new double[targets][targets];
    missing = new int[targets];
  }

  @Override
  Limits limits(double[] observed) {
    for (int i = 0; i < targets; i++) {
      if (observed[i] != 1) {
        return Limits.of(DataType.FLOAT);
      }
    }
    return limits;
  }

  /** Returns the energy, and leaves its derivatives in place of the parameters. */
  @Override
  double energy(int k, double[] labels, double[] observed, double[] raw) {
    double energy = 0;
    int gaps = 0;
    Limits within = limits(observed);
    for (int i = 0; i < targets; i++) {
      energy += readRow(k, i, within, raw);
      residual[i] = observed[i] == 1 ? labels[i] - raw[spec.columns().location(k, i)] : 0;
      if (observed[i] != 1) {
        energy += Math.log(orthonormalize(gaps, i));
        missing[gaps++] = i;
      }
    }
    for (int j = 0; j < targets; j++) {
      projected[j] = 0;
      for (int i = j; i < targets; i++) {
        projected[j] += factor[i][j] * residual[i];
      }
    }
    integrateOut(gaps);
    for (int j = 0; j < targets; j++) {
      double halfSquare = 0.5 * projected[j] * projected[j];
      energy += Math.min(halfSquare, halfSquareLimit);
      projected[j] = halfSquare < halfSquareLimit ? projected[j] : 0;
    }
    for (int i = 0; i < targets; i++) {
      double pull = 0;
      for (int j = 0; j <= i; j++) {
        pull += factor[i][j] * projected[j];
        raw[spec.columns().cholesky(k, i, j)] = residual[i] * projected[j];
      }
      raw[spec.columns().location(k, i)] = observed[i] == 1 ? -pull : 0;
    }
    for (int e = 0; e < gaps; e++) {
      for (int j = 0; j <= missing[e]; j++) {
        raw[spec.columns().cholesky(k, missing[e], j)] += q[e][j];
      }
    }
    for (int d = 0; d < targets; d++) {
      int column = spec.columns().cholesky(k, d, d);
      double diagonal = factor[d][d];
      raw[column] = (raw[column] * diagonal - 1) * (1 - spec.scaleFloor() * diagonal);
    }
    int first = spec.columns().cholesky(k, 0, 0);
    for (int column = first; column < first + spec.scalesPerComponent(); column++) {
      raw[column] = Math.max(-largestSlope, Math.min(largestSlope, raw[column]));
    }
    return energy;
  }

  /** Reads a row of L, and returns −log of its entry on the diagonal. */
  private double readRow(int k, int i, Limits limits, double[] raw) {
    for (int j = 0; j < i; j++) {
      factor[i][j] = raw[spec.columns().cholesky(k, i, j)];
    }
    double s = -raw[spec.columns().cholesky(k, i, i)];
    s = Math.max(limits.minScaleParameter(), Math.min(limits.maxScaleParameter(), s));
    if (spec.scaleFloor() == 0) {
      factor[i][i] = Math.exp(-s);
      return s;
    }
    double sigma = spec.scaleFloor() + Math.exp(s);
    factor[i][i] = 1 / sigma;
    return Math.log(sigma);
  }

  /**
   * Adds row i of L as the next row of Qᵀ and column of R, and returns the length that is new in
   * it.
   */
  private double orthonormalize(int gap, int i) {
    double[] row = q[gap];
    double size = 0; // so that no square overflows or vanishes
    for (int j = 0; j < targets; j++) {
      row[j] = j <= i ? factor[i][j] : 0;
      size = Math.max(size, Math.abs(row[j]));
    }
    for (int j = 0; j < targets; j++) {
      row[j] /= size;
    }
    for (int e = 0; e < gap; e++) {
      double along = dot(q[e], row);
      r[e][gap] = along * size;
      addScaled(row, -along, q[e]);
    }
    double length = Math.max(Math.sqrt(dot(row, row)), SMALLEST_LENGTH);
    for (int j = 0; j < targets; j++) {
      row[j] /= length;
    }
    r[gap][gap] = length * size;
    return length * size;
  }

  /**
   * Computes u from Σ r_d L_d, −c among the residuals, (A⁺)ᵀ from Qᵀ by substitution from below.
   */
  private void integrateOut(int gaps) {
    double[] c = new double[gaps];
    for (int e = 0; e < gaps; e++) {
      c[e] = dot(q[e], projected);
      addScaled(projected, -c[e], q[e]);
    }
    for (int e = gaps - 1; e >= 0; e--) {
      for (int later = e + 1; later < gaps; later++) {
        c[e] -= r[e][later] * c[later];
        addScaled(q[e], -r[e][later], q[later]);
      }
      c[e] /= r[e][e];
      for (int j = 0; j < targets; j++) {
        q[e][j] /= r[e][e];
      }
      residual[missing[e]] = -c[e];
    }
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int j = 0; j < x.length; j++) {
      sum += x[j] * y[j];
    }
    return sum;
  }

  private static void addScaled(double[] sum, double factor, double[] x) {
    for (int j = 0; j < x.length; j++) {
      sum[j] += factor * x[j];
    }
  }

  @Override
  void differentiate(int k, double w, double[] observed, double[] raw) {
    for (int d = 0; d < targets; d++) {
      raw[spec.columns().location(k, d)] *= w;
    }
    int first = spec.columns().cholesky(k, 0, 0);
    for (int column = first; column < first + spec.scalesPerComponent(); column++) {
      raw[column] *= w;
    }
  }
}
