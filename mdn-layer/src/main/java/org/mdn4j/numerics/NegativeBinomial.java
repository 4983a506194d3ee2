/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.numerics;

import java.util.stream.IntStream;
import org.apache.commons.numbers.gamma.LogGamma;

/**
 * The negative binomial distribution of counts y = 0, 1, 2, … with mean m and dispersion α, whose
 * variance is m + α m²; as α goes to 0 it becomes Poisson's. With r = 1/α
 *
 * <pre>
 *   P(y) = Γ(y + r) / (Γ(r) y!) · (r / (r + m))^r · (m / (r + m))^y
 * </pre>
 *
 * <p>Probabilities are in the form of C. Loader, <i>Fast and Accurate Computation of Binomial
 * Probabilities</i> (2000), which splits log P into the errors of Stirling's formula and a deviance
 * of two terms that are at least 0; it is written in α, so that nothing cancels or overflows on the
 * way to Poisson's limit. Tails are the incomplete beta function's continued fraction of A. R.
 * DiDonato and A. H. Morris, <i>Algorithm 708</i>, ACM TOMS 18 (1992), equation 9, with P(y) for
 * its factor; what R and Boost put into that factor loses digits in proportion to y.
 *
 * <p>Formulas hold for any real y ≥ 0, between integers as the smooth function through them.
 */
public final class NegativeBinomial {
  private static final double HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

  /** Above it the series of Stirling's formula have all digits. */
  private static final double LARGE = 15;

  private static final double NEAR = 0.1;
  private static final double EPSILON = 0x1p-53;

  /** The errors of Stirling's formula of small integers. */
  private static final double[] OF_INTEGERS =
      IntStream.range(0, (int) LARGE).mapToDouble(i -> stirlingErrorOfSmall(i)).toArray();

  private final double mean;
  private final double alpha;
  private final double alphaMean;
  private final double widening; // 1 + α m, the variance over the mean
  private final double size; // r
  private final double sizeError; // of Stirling's formula for r

  /**
   * Creates the distribution of a mean and a dispersion.
   *
   * @param mean m &gt; 0, finite
   * @param alpha α &gt; 0, with 1/α and α m finite
   */
  public NegativeBinomial(double mean, double alpha) {
    this.mean = mean;
    this.alpha = alpha;
    this.alphaMean = alpha * mean;
    this.widening = 1 + alphaMean;
    this.size = 1 / alpha;
    this.sizeError = stirlingError(size);
  }

  /**
   * Returns log P(y).
   *
   * @param y at least 0, finite
   * @return the log probability in nats, right to some 1e-13 of itself and absolutely
   */
  public double logProbability(double y) {
    if (y == 0) {
      return -log1pOver(alphaMean) * mean;
    }
    return -0.5 * logOfGrowth(y)
        - 0.5 * Math.log(y)
        - HALF_LOG_TWO_PI
        + (stirlingError(y + size) - sizeError - stirlingError(y))
        - deviance(y);
  }

  /** Returns whether α y is beyond all doubles. */
  private boolean isWide(double y) {
    return alpha * y > Double.MAX_VALUE;
  }

  /** Returns log(1 + α y). */
  private double logOfGrowth(double y) {
    return isWide(y) ? Math.log(alpha) + Math.log(y) : Math.log1p(alpha * y);
  }

  /** Returns (1 + α y)/(1 + α m). */
  private double narrowing(double y) {
    return isWide(y) ? y * (alpha / widening) : (1 + alpha * y) / widening;
  }

  /** Returns m. */
  double mean() {
    return mean;
  }

  /** Returns α m. */
  double alphaMean() {
    return alphaMean;
  }

  /** Returns √(m + α m²). */
  double standardDeviation() {
    return Math.sqrt(mean) * Math.sqrt(widening);
  }

  /** Returns the likeliest count: the integer part of (1 − α) m, 0 for α ≥ 1. */
  double mode() {
    return Math.max(0, Math.floor((1 - alpha) * mean));
  }

  /** Returns P(y + 1)/P(y). */
  double ratio(double y) {
    return mean / widening * (isWide(y) ? alpha : (1 + alpha * y) / (y + 1));
  }

  /** Returns −log(P(y + 1)/P(y)), also where the two are nearly the same. */
  double fall(double y) {
    return -Math.log1p(-(y + 1 + (alphaMean - mean)) / widening / (y + 1));
  }

  /** Returns what the ratio goes to as y grows. */
  double limitOfRatio() {
    return alphaMean / widening;
  }

  /** Returns by how much the derivative with respect to log m grows over a distance. */
  double slopeOver(double distance) {
    return distance / widening;
  }

  /** Returns the derivative of log P(y + 1) with respect to log α less that of log P(y). */
  double bend(double y) {
    return alpha / (1 + alpha * y) * ((y - mean) / widening);
  }

  /** Returns log(1 + x)/x. */
  private static double log1pOver(double x) {
    return x < 1e-300 ? 1 : Math.log1p(x) / x;
  }

  /** Returns y log(y/m) − (y + r) log((y + r)/(m + r)), a sum of two terms of at least 0. */
  private double deviance(double y) {
    double difference = (y - mean) / widening;
    double narrowing = narrowing(y);
    return term(y, mean * narrowing, difference) + term(size, size * narrowing, -difference);
  }

  /** Returns x log(x/m) + m − x, given also x − m. */
  private static double term(double x, double m, double difference) {
    if (!(Math.abs(difference) < NEAR * (x + m))) {
      return x * Math.log(x / m) - difference;
    }
    double v = difference / (x + m);
    double sum = difference * v;
    double power = 2 * x * v;
    double square = v * v;
    for (int j = 3; ; j += 2) {
      power *= square;
      double next = sum + power / j;
      if (!(Math.abs(next - sum) > 0)) { // also of what is no number
        return sum;
      }
      sum = next;
    }
  }

  /**
   * Returns the derivative of log P(y) with respect to log m.
   *
   * @param y at least 0, finite
   * @return (y − m)/(1 + α m)
   */
  public double meanSlope(double y) {
    return (y - mean) / widening;
  }

  /**
   * Returns the derivative of log P(y) with respect to log α.
   *
   * @param y at least 0, finite
   * @return r (w − log(1 + w)) − ½ α y/(1 + α y) + r (δ(y + r) − δ(r)), with w = α (y − m)/(1 + α
   *     m) and δ(x) = log x − 1/2x − ψ(x)
   */
  public double dispersionSlope(double y) {
    double w = alpha * ((y - mean) / widening);
    double ofMean =
        Math.abs(w) < NEAR
            ? size * logExcess(w)
            : size * (w - (w > 0 ? Math.log1p(w) : Math.log(narrowing(y))));
    return ofMean
        - 0.5 * (isWide(y) ? 1 : alpha * y / (1 + alpha * y))
        + size * (digammaError(y + size) - digammaError(size));
  }

  /** Returns w − log(1 + w) = w²/2 − w³/3 + … */
  private static double logExcess(double w) {
    double power = w * w;
    double sum = 0.5 * power;
    for (int j = 3; ; j++) {
      power *= -w;
      double next = sum + power / j;
      if (!(Math.abs(next - sum) > 0)) { // also of what is no number
        return sum;
      }
      sum = next;
    }
  }

  /**
   * Returns the error of Stirling's formula, log Γ(x + 1) − (x + ½) log x + x − ½ log 2π.
   *
   * @param x positive
   */
  static double stirlingError(double x) {
    if (x < LARGE) {
      return x == (int) x && x > 0 ? OF_INTEGERS[(int) x] : stirlingErrorOfSmall(x);
    }
    double i = 1 / x;
    double s = i * i;
    return i
        * (1.0 / 12
            - s
                * (1.0 / 360
                    - s * (1.0 / 1260 - s * (1.0 / 1680 - s * (1.0 / 1188 - s * 691.0 / 360360)))));
  }

  private static double stirlingErrorOfSmall(double x) {
    return LogGamma.value(x + 1) - (x + 0.5) * Math.log(x) + x - HALF_LOG_TWO_PI;
  }

  /** Returns δ(x) = log x − 1/2x − ψ(x), by the series, or by ψ(x) = ψ(x + 1) − 1/x before it. */
  static double digammaError(double x) {
    if (!(x < LARGE)) {
      double s = 1 / x / x;
      return s
          * (1.0 / 12
              - s
                  * (1.0 / 120
                      - s * (1.0 / 252 - s * (1.0 / 240 - s * (1.0 / 132 - s * 691.0 / 32760)))));
    }
    double shifted = x;
    double reciprocals = 0;
    while (shifted < LARGE) {
      reciprocals += 1 / shifted;
      shifted += 1;
    }
    // ψ(x) = log s − 1/2s − δ(s) − Σ 1/(x + i)
    return Math.log(x / shifted) - 0.5 / x + 0.5 / shifted + digammaError(shifted) + reciprocals;
  }

  /**
   * Returns P(Y ≤ y).
   *
   * @param y at least 0, finite; between integers the smooth function through them
   * @return the probability, right in relative terms where it is at most ½
   */
  public double cdf(double y) {
    return isUpper(y) ? 1 - upperTail(y) : lowerTail(y);
  }

  /**
   * Returns P(Y &gt; y).
   *
   * @param y at least 0, finite; between integers the smooth function through them
   * @return the probability, right in relative terms; where α &gt; 1 and y is less than m + α m, to
   *     some 1e-14 α
   */
  public double survival(double y) {
    return isUpper(y) ? upperTail(y) : 1 - lowerTail(y);
  }

  /**
   * Returns log P(Y ≤ y).
   *
   * @param y as for {@link #cdf}
   * @return the logarithm, also of what is too small for a double
   */
  public double logCdf(double y) {
    return isUpper(y) ? Math.log1p(-upperTail(y)) : logLowerTail(y);
  }

  /**
   * Returns log P(Y &gt; y).
   *
   * @param y as for {@link #survival}
   * @return the logarithm, also of what is too small for a double
   */
  public double logSurvival(double y) {
    return isUpper(y) ? logUpperTail(y) : Math.log1p(-lowerTail(y));
  }

  /** Returns whether the upper tail's fraction converges well. */
  private boolean isUpper(double y) {
    return y + 2 > mean + alphaMean;
  }

  private double lowerTail(double y) {
    return Math.min(1, Math.exp(logLowerTail(y)));
  }

  private double upperTail(double y) {
    return Math.min(1, Math.exp(logUpperTail(y)));
  }

  /** Returns the logarithm of the factor x^a (1 − x)^b / B(a, b) of both tails. */
  private double logFactor(double y) {
    return logProbability(y) + logOfGrowth(y) + Math.log(mean / widening);
  }

  /** Returns log I_p(r, y + 1), p = 1/(1 + α m). */
  private double logLowerTail(double y) {
    double x = 1 / widening;
    double b = y + 1;
    double lambda = (mean - y - 1) / widening;
    return logFactor(y)
        - Math.log(
            fraction(
                lambda,
                x,
                n -> {
                  double d = 1 + alpha * (2 * n - 1);
                  return (1 + alpha * (n - 1))
                      / d
                      * ((1 + alpha * (y + n)) / d)
                      * n
                      * (b - n)
                      * x
                      * x;
                },
                n -> n * (b - n) * x * (alpha / (1 + alpha * (2 * n - 1))),
                n -> (1 + alpha * n) / (1 + alpha * (2 * n + 1))));
  }

  /** Returns log I_q(y + 1, r), q = α m/(1 + α m). */
  private double logUpperTail(double y) {
    double x = alphaMean / widening;
    double a = y + 1;
    double t = mean / widening; // r x
    double lambda = (y + 1 - mean) / widening;
    return logFactor(y)
        - Math.log(
            fraction(
                lambda,
                x,
                n -> {
                  double d = a + 2 * n - 1;
                  return (a + n - 1) / d * ((t + (a + n - 1) * x) / d) * n * (t - n * x);
                },
                n -> n * (t - n * x) / (a + 2 * n - 1),
                n -> (a + n) / (a + 2 * n + 1)));
  }

  private interface Term {
    double of(double n);
  }

  /**
   * Returns the fraction's value β₀ + α₁/(β₁ + α₂/(β₂ + …)) with β_n = n + first(n) + second(n) (λ
   * + 1 + n (2 − x)), by the modified method of Lentz.
   */
  private static double fraction(double lambda, double x, Term alphas, Term first, Term second) {
    double value = second.of(0) * (lambda + 1);
    if (value == 0) {
      value = Double.MIN_NORMAL;
    }
    double c = value;
    double d = 0;
    for (double n = 1; ; n++) {
      double an = alphas.of(n);
      if (an == 0) {
        return value; // it ends, for an integer b
      }
      double bn = n + first.of(n) + second.of(n) * (lambda + 1 + n * (2 - x));
      d = 1 / nonZero(bn + an * d);
      c = nonZero(bn + an / c);
      double factor = c * d;
      value *= factor;
      if (!(Math.abs(factor - 1) > 2 * EPSILON)) {
        return value;
      }
    }
  }

  private static double nonZero(double value) {
    return value == 0 ? Double.MIN_NORMAL : value;
  }
}
