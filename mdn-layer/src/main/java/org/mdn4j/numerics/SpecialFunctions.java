/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.numerics;

import org.apache.commons.numbers.gamma.Digamma;
import org.apache.commons.numbers.gamma.Erfc;
import org.apache.commons.numbers.gamma.Erfcx;
import org.apache.commons.numbers.gamma.GammaRatio;

/** Normalising constants of component families, and their derivatives, in double. */
public final class SpecialFunctions {
  private static final double SQRT_2 = Math.sqrt(2);
  private static final double LOG_2 = Math.log(2);

  /** Below it the first terms in ν are all that a double shows. */
  private static final double FEW_DEGREES = 1e-17;

  private static final double LARGE_CONCENTRATION = 30;
  private static final double LARGE_DEGREES = 100;

  private SpecialFunctions() {}

  /**
   * Returns log( exp(−κ) I₀(κ) ), with the modified Bessel function I₀ of the first kind: the power
   * series below κ = 30, Hankel's expansion above. Source: M. Abramowitz and I. A. Stegun,
   * <i>Handbook of Mathematical Functions</i> (1964), 9.6.10 and 9.7.1.
   *
   * @param kappa κ ≥ 0
   * @return the logarithm, right to some 1e-15 absolutely for κ ≤ 1 and relatively beyond
   */
  public static double logBesselI0Scaled(double kappa) {
    if (kappa < LARGE_CONCENTRATION) {
      return Math.log1p(besselSeries(0, kappa) - 1) - kappa;
    }
    return Math.log(hankelSeries(0, kappa)) - 0.5 * (Math.log(2 * Math.PI) + Math.log(kappa));
  }

  /**
   * Returns κ (I₁(κ)/I₀(κ) − 1), the derivative of {@link #logBesselI0Scaled} with respect to log
   * κ.
   *
   * @param kappa κ ≥ 0
   * @return a number in (−½ − 1/(8 κ) …, 0]
   */
  public static double logBesselI0ScaledSlope(double kappa) {
    if (kappa < LARGE_CONCENTRATION) {
      return kappa * (besselSeries(1, kappa) / besselSeries(0, kappa) - 1);
    }
    return -kappa * hankelDifference(kappa) / hankelSeries(0, kappa);
  }

  /**
   * Returns the ratio of Bessel functions A(κ) = I₁(κ)/I₀(κ): the mean resultant length of a von
   * Mises distribution.
   *
   * @param kappa κ ≥ 0
   * @return A(κ), in [0, 1)
   */
  public static double besselRatio(double kappa) {
    return kappa < LARGE_CONCENTRATION
        ? besselSeries(1, kappa) / besselSeries(0, kappa)
        : hankelSeries(1, kappa) / hankelSeries(0, kappa);
  }

  /** Returns I_v(κ) for v = 0 or 1: (κ/2)^v Σ_j (κ²/4)^j / (j! (j + v)!), all terms positive. */
  private static double besselSeries(int order, double kappa) {
    double quarter = kappa * kappa / 4;
    double term = order == 0 ? 1 : kappa / 2;
    double sum = term;
    for (int j = 1; term > 1e-17 * sum; j++) {
      term *= quarter / (j * (double) (j + order));
      sum += term;
    }
    return sum;
  }

  /** Returns √(2πκ) exp(−κ) I_v(κ) = Σ_j (−1)^j Π_{i ≤ j} (4v² − (2i − 1)²) / (j! (8κ)^j). */
  private static double hankelSeries(int order, double kappa) {
    double term = 1;
    double sum = 1;
    for (int j = 1; Math.abs(term) > 1e-17; j++) {
      term *= hankelFactor(order, kappa, j);
      sum += term;
    }
    return sum;
  }

  /**
   * Returns the series for v = 0 less that for v = 1; their leading terms are equal and left out.
   */
  private static double hankelDifference(double kappa) {
    double zero = 1;
    double one = 1;
    double sum = 0;
    for (int j = 1; Math.abs(zero) + Math.abs(one) > 1e-17; j++) {
      zero *= hankelFactor(0, kappa, j);
      one *= hankelFactor(1, kappa, j);
      sum += zero - one;
    }
    return sum;
  }

  private static double hankelFactor(int order, double kappa, int j) {
    double odd = 2 * j - 1;
    return (odd * odd - 4 * order * order) / (8 * j) / kappa;
  }

  /**
   * Returns the logarithm of the standard normal upper tail, log P(Z &gt; u) = log( ½ erfc(u/√2) ),
   * and far out log( ½ erfcx(u/√2) ) − ½ u².
   *
   * @param u a number, or ±∞
   * @return the logarithm, right in relative terms of the probability
   */
  public static double logNormalTail(double u) {
    return u < 2
        ? Math.log(0.5 * Erfc.value(u / SQRT_2))
        : Math.log(0.5 * Erfcx.value(u / SQRT_2)) - 0.5 * u * u;
  }

  /**
   * Returns the logarithm of the normalising constant of Student's t: c(ν) = log Γ((ν + 1)/2) − log
   * Γ(ν/2) − ½ log νπ, by the ratio of the gamma functions, in which nothing cancels.
   *
   * @param nu ν &gt; 0, finite
   * @return c(ν), which tends to −½ log 2π, right to some 1e-15
   */
  public static double studentTConstant(double nu) {
    if (nu < FEW_DEGREES) {
      return 0.5 * Math.log(nu) - LOG_2;
    }
    return -Math.log(GammaRatio.delta(nu / 2, 0.5) * Math.sqrt(nu) * Math.sqrt(Math.PI));
  }

  /**
   * Returns the derivative of {@link #studentTConstant} with respect to log ν. Above ν = 100 by the
   * derivative of Stirling's series for the ratio, which does not cancel (Abramowitz and Stegun,
   * 6.1.47).
   *
   * @param nu ν &gt; 0
   * @return ν c'(ν)
   */
  public static double studentTConstantSlope(double nu) {
    if (nu < LARGE_DEGREES) {
      // ψ(ν/2) = ψ(ν/2 + 1) − 2/ν: near 0 Digamma leaves out what comes after 1/x
      return 0.5 * nu * (Digamma.value((nu + 1) / 2) - Digamma.value(nu / 2 + 1)) + 0.5;
    }
    double inverse = 1 / nu;
    double square = inverse * inverse;
    return inverse * (1.0 / 4 - square * (1.0 / 8 - square * (1.0 / 4 - square * 17.0 / 16)));
  }
}
