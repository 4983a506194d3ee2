/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.numbers.gamma.LogGamma;

/**
 * The mixture's negative log-likelihood of every family and covariance by the textbook's formulas,
 * in plain loops over doubles; it shares nothing with the main code but the specification. The
 * gradient is left to finite differences.
 *
 * <p>Missing targets of FULL are integrated out by way of the covariance Σ = (L Lᵀ)⁻¹, of which the
 * observed rows and columns are kept: another way than that of the main code. log I₀ is a sum over
 * the trapezoids of its integral (1/π) ∫₀^π exp(κ (cos t − 1)) dt, log Γ is Lanczos' approximation;
 * above ν = 50, where log Γ((ν + 1)/2) − log Γ(ν/2) cancels, the constant of Student's t is a sum
 * over trapezoids too, of ∫ cos^(ν − 1) t dt = √π Γ(ν/2) / Γ((ν + 1)/2) from −π/2 to π/2.
 */
public final class PlainMixtureScore {
  private PlainMixtureScore() {}

  /** Score of one row; {@code observed} is {@code [D]} of ones and zeros or null. */
  public static double of(MixtureSpec spec, double[] y, double[] output, double[] observed) {
    double[] raw = PlainBounds.parameters(spec, output);
    int components = spec.components();
    double[] logits = Arrays.copyOf(raw, components);
    double[] logJoint = new double[components];
    double norm = logSumExp(logits);
    for (int k = 0; k < components; k++) {
      logJoint[k] = logits[k] - norm + logDensity(spec, k, y, raw, observed);
    }
    return -logSumExp(logJoint);
  }

  /** Derivatives π_k − r_k of the score with respect to the logits (Bishop 1994, equation 35). */
  public static double[] logitGradient(
      MixtureSpec spec, double[] y, double[] output, double[] observed) {
    double[] raw = PlainBounds.parameters(spec, output);
    double[] logits = Arrays.copyOf(raw, spec.components());
    double norm = logSumExp(logits);
    double score = of(spec, y, output, observed);
    double[] gradient = new double[logits.length];
    Arrays.setAll(
        gradient,
        k ->
            Math.exp(logits[k] - norm)
                - Math.exp(logits[k] - norm + logDensity(spec, k, y, raw, observed) + score));
    return gradient;
  }

  private static double logDensity(
      MixtureSpec spec, int k, double[] y, double[] raw, double[] observed) {
    if (spec.covariance() == Covariance.FULL) {
      return full(spec, k, y, raw, observed);
    }
    double sum = 0;
    for (int d = 0; d < spec.targets(); d++) {
      if (observed == null || observed[d] == 1) {
        double mu = raw[spec.columns().location(k, d)];
        double scale =
            spec.fixedScales().isPresent()
                ? spec.fixedScale(k, d)
                : spec.scaleFloor() + scale(spec, raw[spec.columns().scale(k, d)]);
        double nu =
            spec.learnsDegreesOfFreedom()
                ? Math.exp(raw[spec.columns().degreesOfFreedom().from() + k])
                : spec.degreesOfFreedom().orElse(Double.NaN);
        sum += logDensity(spec.family(), y[d], mu, scale, nu);
      }
    }
    return sum;
  }

  /** exp(s), or ELU(s) + 1 by its two branches. */
  static double scale(MixtureSpec spec, double s) {
    return spec.scaleTransform() == ScaleTransform.EXP || s <= 0 ? Math.exp(s) : s + 1;
  }

  private static double logDensity(
      ComponentFamily family, double y, double mu, double scale, double nu) {
    double u = (y - mu) / scale;
    return switch (family) {
      case GAUSSIAN -> -0.5 * u * u - Math.log(scale) - 0.5 * Math.log(2 * Math.PI);
      case LAPLACE -> -Math.abs(u) - Math.log(2 * scale);
      case LOGISTIC -> -Math.abs(u) - Math.log(scale) - 2 * Math.log1p(Math.exp(-Math.abs(u)));
      case STUDENT_T ->
          studentTConstant(nu) - Math.log(scale) - (nu + 1) / 2 * Math.log1p(u * u / nu);
      case LOG_NORMAL -> {
        double v = (Math.log(y) - mu) / scale;
        yield -Math.log(y) - 0.5 * v * v - Math.log(scale) - 0.5 * Math.log(2 * Math.PI);
      }
      case VON_MISES ->
          -2 * scale * Math.pow(Math.sin((y - mu) / 2), 2)
              - Math.log(2 * Math.PI)
              - logBesselScaled(scale);
      case NEGATIVE_BINOMIAL -> {
        double r = 1 / scale;
        double m = Math.exp(mu);
        yield LogGamma.value(y + r)
            - LogGamma.value(r)
            - LogGamma.value(y + 1)
            + r * Math.log(r / (r + m))
            + y * Math.log(m / (r + m));
      }
    };
  }

  /**
   * log( exp(−κ) I₀(κ) ) by the trapezoid rule, which is exact to rounding for periodic functions.
   */
  private static double logBesselScaled(double kappa) {
    int half = 1000 + (int) (10 * Math.sqrt(kappa)); // the peak is 1/√κ wide
    double sum = 0;
    for (int i = -half; i < half; i++) {
      double sine = Math.sin(Math.PI * i / (2 * half));
      sum += Math.exp(-2 * kappa * sine * sine); // cos t − 1 = −2 sin²(t/2)
    }
    return Math.log(sum / (2 * half));
  }

  private static double studentTConstant(double nu) {
    if (nu < 50) {
      return logGamma((nu + 1) / 2) - logGamma(nu / 2) - 0.5 * Math.log(nu * Math.PI);
    }
    int half = 1000 + (int) (10 * Math.sqrt(nu)); // the peak is 1/√ν wide
    double sum = 0;
    for (int i = -half + 1; i < half; i++) {
      double sine = Math.sin(Math.PI * i / (2 * half));
      sum += Math.exp((nu - 1) / 2 * Math.log1p(-sine * sine));
    }
    return -Math.log(Math.PI * sum / (2 * half)) - 0.5 * Math.log(nu);
  }

  private static double logGamma(double x) {
    double[] lanczos = {
      0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
      -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6,
      1.5056327351493116e-7
    };
    if (x < 0.5) {
      return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
    }
    double a = lanczos[0];
    for (int i = 1; i < 9; i++) {
      a += lanczos[i] / (x - 1 + i);
    }
    double t = x - 1 + 7.5;
    return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(a);
  }

  private static double full(MixtureSpec spec, int k, double[] y, double[] raw, double[] observed) {
    int targets = spec.targets();
    double[][] factor = new double[targets][targets];
    for (int i = 0; i < targets; i++) {
      for (int j = 0; j <= i; j++) {
        double l = raw[spec.columns().cholesky(k, i, j)];
        factor[i][j] = i == j ? 1 / (spec.scaleFloor() + Math.exp(-l)) : l;
      }
    }
    if (targets == 2) {
      return full(factor, y, raw, spec, k, observed);
    }
    double[][] precision = new double[targets][targets];
    for (int i = 0; i < targets; i++) {
      for (int j = 0; j < targets; j++) {
        for (int c = 0; c < targets; c++) {
          precision[i][j] += factor[i][c] * factor[j][c];
        }
      }
    }
    double[][] covariance = inverse(precision);
    int[] seen =
        IntStream.range(0, targets).filter(d -> observed == null || observed[d] == 1).toArray();
    if (seen.length == 0) {
      return 0;
    }
    double[][] kept = new double[seen.length][seen.length];
    double[] r = new double[seen.length];
    for (int i = 0; i < seen.length; i++) {
      r[i] = y[seen[i]] - raw[spec.columns().location(k, seen[i])];
      for (int j = 0; j < seen.length; j++) {
        kept[i][j] = covariance[seen[i]][seen[j]];
      }
    }
    double[][] inverse = inverse(kept);
    double square = 0;
    for (int i = 0; i < seen.length; i++) {
      for (int j = 0; j < seen.length; j++) {
        square += r[i] * inverse[i][j] * r[j];
      }
    }
    return -0.5 * square
        - 0.5 * Math.log(determinant(kept))
        - 0.5 * seen.length * Math.log(2 * Math.PI);
  }

  /**
   * Two targets without an inverse, for correlations near 1: Var y₂ = 1/L₂₂², Var y₁ = (1 + (L₂₁ /
   * L₂₂)²) / L₁₁².
   */
  private static double full(
      double[][] factor, double[] y, double[] raw, MixtureSpec spec, int k, double[] observed) {
    double first = y[0] - raw[spec.columns().location(k, 0)];
    double second = y[1] - raw[spec.columns().location(k, 1)];
    boolean seesFirst = observed == null || observed[0] == 1;
    boolean seesSecond = observed == null || observed[1] == 1;
    double logNormal = 0.5 * Math.log(2 * Math.PI);
    double spread = Math.hypot(1, factor[1][0] / factor[1][1]) / factor[0][0]; // σ₁
    if (seesFirst && seesSecond) {
      double w = factor[0][0] * first + factor[1][0] * second;
      double v = factor[1][1] * second;
      return Math.log(factor[0][0] * factor[1][1]) - 0.5 * (w * w + v * v) - 2 * logNormal;
    }
    double sum = seesFirst ? -0.5 * Math.pow(first / spread, 2) - Math.log(spread) - logNormal : 0;
    double v = factor[1][1] * second;
    return seesSecond ? Math.log(factor[1][1]) - 0.5 * v * v - logNormal : sum;
  }

  private static double determinant(double[][] matrix) {
    return new LUDecomposition(MatrixUtils.createRealMatrix(matrix)).getDeterminant();
  }

  private static double[][] inverse(double[][] matrix) {
    return MatrixUtils.inverse(MatrixUtils.createRealMatrix(matrix)).getData();
  }

  private static double logSumExp(double[] values) {
    double max = Arrays.stream(values).max().orElseThrow();
    return max + Math.log(Arrays.stream(values).map(value -> Math.exp(value - max)).sum());
  }
}
