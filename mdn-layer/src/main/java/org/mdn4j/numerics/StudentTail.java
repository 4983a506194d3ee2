/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.numerics;

import org.apache.commons.numbers.gamma.RegularizedBeta;

/**
 * Density, upper tail and its quantiles of Student's t distribution with any ν &gt; 0, in units of
 * its scale. With w = u/√ν:
 *
 * <pre>
 *   log g(u)  = c(ν) − ((ν + 1)/2) log(1 + w²)
 *   P(U &gt; u)  = ½ I_x(ν/2, ½),  x = 1/(1 + w²)      for u ≥ 0
 * </pre>
 *
 * <p>As ν goes to 0 this is ½ exp(−ν asinh w), to 4e-17 where ν ≤ 1e-8. Above ν = 1e8 it is the
 * normal tail at G. W. Hill's z(u) (<i>Algorithm 395: Student's t-distribution</i>, Comm. ACM 13,
 * 1970). Values beyond all doubles, as u is for small ν, are passed and returned by their
 * logarithms.
 *
 * <p>Immutable.
 */
public final class StudentTail {
  private static final double FEW = 1e-8;
  private static final double MANY = 1e8;

  /** Below it a number may have lost digits, and a tail is taken by its logarithm. */
  private static final double TINY = 1e-290;

  /** Where 1 + w² is w². */
  private static final double FAR = 1e8;

  private static final double MIDDLE = 0.5;
  private static final double LOG_2 = Math.log(2);

  private final double nu;
  private final double logNu;
  private final double root; // √ν
  private final double constant; // c(ν)

  /**
   * Creates the distribution for one ν.
   *
   * @param nu ν, positive and finite; 0 stands for what is still to be known
   */
  public StudentTail(double nu) {
    this.nu = nu;
    this.logNu = Math.log(nu);
    this.root = Math.sqrt(nu);
    this.constant = SpecialFunctions.studentTConstant(nu);
  }

  /**
   * Returns the degrees of freedom.
   *
   * @return ν
   */
  public double degrees() {
    return nu;
  }

  /**
   * Returns the log density at the center, c(ν).
   *
   * @return log g(0), in nats
   */
  public double constant() {
    return constant;
  }

  /**
   * Returns the log density.
   *
   * @param u a number, or ±∞
   * @return log g(u), in nats
   */
  public double logDensity(double u) {
    double w = Math.abs(u) / root;
    return w < FAR
        ? constant - (nu + 1) / 2 * Math.log1p(w * w)
        : logFarDensity(Math.log(Math.abs(u)));
  }

  /**
   * Returns the log density so far out that u² is all of ν + u².
   *
   * @param logU log |u|, also of a u beyond all doubles
   * @return log g(u), in nats
   */
  public double logFarDensity(double logU) {
    return constant - (nu + 1) * (logU - 0.5 * logNu);
  }

  /**
   * Returns the probability of more than u.
   *
   * @param u a number, or ±∞
   * @return P(U &gt; u), right in relative terms
   */
  public double upperTail(double u) {
    if (u < 0) {
      return 1 - upperTail(-u);
    }
    if (nu <= FEW || nu >= MANY) {
      return Math.exp(logUpperTail(u));
    }
    double square = u * u;
    if (square < nu) {
      double y = square / (nu + square); // 1 − x
      return u < MIDDLE
          ? 0.5 - 0.5 * RegularizedBeta.value(y, 0.5, nu / 2)
          : 0.5 * RegularizedBeta.complement(y, 0.5, nu / 2);
    }
    double ratio = nu / u / u;
    return ratio < TINY
        ? Math.exp(logFarTail(Math.log(u)))
        : 0.5 * RegularizedBeta.value(ratio / (1 + ratio), nu / 2, 0.5);
  }

  /**
   * Returns the logarithm of the probability of more than u.
   *
   * @param u a number, or ±∞
   * @return log P(U &gt; u), right in relative terms of the probability
   */
  public double logUpperTail(double u) {
    if (u == Double.POSITIVE_INFINITY) {
      return Double.NEGATIVE_INFINITY;
    }
    if (u < 0) {
      return Math.log1p(-upperTail(-u));
    }
    double w = u / root;
    if (nu <= FEW) {
      return w < FAR ? -LOG_2 - nu * asinh(w) : logFarTail(Math.log(u));
    }
    if (nu >= MANY) {
      return w < 0.1 ? logNormalTail(w * w) : logFarTail(Math.log(u));
    }
    double tail = upperTail(u);
    return tail > TINY ? Math.log(tail) : logFarTail(Math.log(u));
  }

  private static double asinh(double w) {
    return Math.log1p(w + w * (w / (1 + Math.hypot(1, w))));
  }

  /**
   * Returns the logarithm of the tail by Hill's z, from (u/√ν)². His second correction is below
   * 1e-17 of z here.
   */
  private double logNormalTail(double square) {
    double a = nu - 0.5;
    double s = a * Math.log1p(square);
    double z = Math.sqrt(s);
    return SpecialFunctions.logNormalTail(z + z * ((s + 3) / (48 * a) / a)); // no overflow
  }

  /**
   * Returns log P(U &gt; u) by the continued fraction of I_x (Abramowitz and Stegun, 26.5.8), where
   * x is far from 1 and it converges fast:
   *
   * <pre>
   *   ½ I_x(a, ½) = x^a √(1 − x) / (2 a B(a, ½)) · F,   log 1/(2 a B(a, ½)) = c(ν) − ½ log ν
   * </pre>
   *
   * @param logU log u, also of a u beyond all doubles
   * @return log P(U &gt; u)
   */
  public double logFarTail(double logU) {
    double logW = logU - 0.5 * logNu;
    if (nu <= FEW) {
      return -LOG_2 - nu * (logW > 18 ? LOG_2 + logW : asinh(Math.exp(logW)));
    }
    double logX = logW > 18 ? -2 * logW : -Math.log1p(Math.exp(2 * logW));
    double logRest = logW < -18 ? 2 * logW : -Math.log1p(Math.exp(-2 * logW)); // log(1 − x)
    double fraction = betaFraction(nu / 2, 0.5, Math.exp(logX));
    return nu / 2 * logX + 0.5 * logRest + constant - 0.5 * logNu + Math.log(fraction);
  }

  /**
   * Returns 1/(1 + d₁/(1 + d₂/(1 + …))) by Lentz' evaluation. By commons-numbers' continued
   * fractions, which make an object of each term, it takes two to six times as long and as many
   * lines.
   */
  private static double betaFraction(double a, double b, double x) {
    double c = 1;
    double d = 1 / (1 - (a + b) / (a + 1) * x);
    double fraction = d;
    for (int m = 1; m < 100_000; m++) {
      double even = m * (b - m) / (a + 2 * m - 1) / (a + 2 * m) * x;
      d = 1 / (1 + even * d);
      c = 1 + even / c;
      fraction *= d * c;
      double odd = -(a + m) / (a + 2 * m) * ((a + b + m) / (a + 2 * m + 1)) * x;
      d = 1 / (1 + odd * d);
      c = 1 + odd / c;
      fraction *= d * c;
      if (Math.abs(d * c - 1) < 1e-15) {
        break;
      }
    }
    return fraction;
  }

  /**
   * Returns the logarithm of the quantile of the upper tail, which may be beyond all doubles while
   * its logarithm is not.
   *
   * @param q a probability in [0, ½]
   * @return the log of the u ≥ 0 with P(U &gt; u) = q; ∞ for 0 and −∞ for ½
   */
  public double logUpperQuantile(double q) {
    if (q == 0 || q == 0.5) {
      return q == 0 ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
    }
    if (nu <= FEW) {
      double angle = -(q > 0.25 ? Math.log1p(2 * (q - 0.5)) : Math.log(2 * q)) / nu;
      return 0.5 * logNu
          + (angle < 1
              ? Math.log(Math.sinh(angle))
              : angle - LOG_2 + Math.log1p(-Math.exp(-2 * angle)));
    }
    double middle = (0.5 - q) / Math.exp(constant); // by the density at 0, too small
    if (middle < 1e-9 * Math.sqrt(nu / (nu + 1))) {
      return Math.log(middle);
    }
    double logQ = Math.log(q);
    RootSearch search =
        new RootSearch() {
          {
            tolerance = 1e-15 * (1 - logQ);
          }

          @Override
          protected double value(double logU) {
            double u = Math.exp(logU);
            boolean far = logU > 700;
            double logTail = far ? logFarTail(logU) : logUpperTail(u);
            slope = Math.exp((far ? logFarDensity(logU) : logDensity(u)) + logU - logTail);
            return logQ - logTail;
          }
        };
    return search.find(Math.log(middle) - 1e-9, Double.MAX_VALUE, start(middle, logQ));
  }

  /**
   * Returns a point near the root: where g(u) falls as u^(−ν − 1) from 0 on, but not much beyond
   * the normal distribution's √(−2 log q); RootSearch finds the rest.
   */
  private double start(double middle, double logQ) {
    double power = (constant + (nu - 1) / 2 * logNu - logQ) / nu;
    double normal = 0.5 * Math.log(Math.max(1, -2 * logQ)) + 1;
    return Math.max(Math.log(middle), nu < 1 ? power : Math.min(power, normal));
  }
}
