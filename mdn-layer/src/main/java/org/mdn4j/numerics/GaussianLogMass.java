/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.numerics;

import org.apache.commons.numbers.gamma.Erf;
import org.apache.commons.numbers.gamma.Erfc;
import org.apache.commons.numbers.gamma.Erfcx;

/**
 * The normal distribution's {@link LogMass}. With x = w (a + w/2), by which the exponents of both
 * ends differ,
 *
 * <pre>
 *   a ≥ 0:  F(b) − F(a) = exp(−½ a²) · ½ ( erfcx(a/√2) − exp(−x) erfcx(b/√2) )
 *   a &lt; 0:  F(b) − F(a) = 1 − ½ erfc(b/√2) − ½ erfc(−a/√2) = ½ (erf(b/√2) + erf(−a/√2))
 * </pre>
 *
 * <p>where ψ(t) = −t, so that −E ψ(T) = (φ(a) − φ(b)) / (F(b) − F(a)). An interval within which the
 * density changes little is integrated by Gauss's rule instead, relative to the density at a.
 */
final class GaussianLogMass extends LogMass {
  private static final double SQRT_HALF = Math.sqrt(0.5);
  private static final double HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);
  private static final double ROOT_TWO_PI = Math.sqrt(2 * Math.PI);
  private static final double NARROW = 0.5;

  private final double limit;

  GaussianLogMass(double limit) {
    this.limit = limit;
  }

  @Override
  void density(double t) {
    logRest = -HALF_LOG_TWO_PI;
    exponent = Math.min(0.5 * t * t, limit);
    pull = exponent < limit ? t : 0;
    stretch = t * pull - 1;
  }

  @Override
  void mass(double a, double b, double w, double logW) {
    double x = w * (a + 0.5 * w);
    exponent = a > 0 ? Math.min(0.5 * a * a, limit) : 0;
    if (exponent == limit) {
      logRest = 0;
      pull = 0;
      stretch = 0;
    } else if (w < NARROW && Math.abs(a) * w < 1) {
      narrow(a, w, logW);
    } else if (a >= 0) {
      double ofB = Math.exp(-x);
      double g =
          0.5 * (Erfcx.value(a * SQRT_HALF) - (ofB == 0 ? 0 : ofB * Erfcx.value(b * SQRT_HALF)));
      logRest = Math.log(g);
      ends(a, 1 / g, b, ofB / g);
    } else {
      double outside = 0.5 * (Erfc.value(b * SQRT_HALF) + Erfc.value(-a * SQRT_HALF));
      double inside = 0.5 * (Erf.value(b * SQRT_HALF) + Erf.value(-a * SQRT_HALF));
      logRest = outside < 0.5 ? Math.log1p(-outside) : Math.log(inside);
      double inverse = Math.exp(-logRest);
      ends(a, Math.exp(-0.5 * a * a) * inverse, b, Math.exp(-0.5 * b * b) * inverse);
    }
  }

  /** Sets the derivatives from √(2π) times the densities at the ends, over the mass. */
  private void ends(double a, double atA, double b, double atB) {
    double ra = atA / ROOT_TWO_PI;
    double rb = atB / ROOT_TWO_PI;
    pull = ra - rb;
    stretch = a * ra - (rb == 0 ? 0 : b * rb);
  }

  private void narrow(double a, double w, double logW) {
    double sum = 0;
    double first = 0;
    double second = 0;
    for (int i = 0; i < GaussLegendre.POINTS; i++) {
      double e = w * GaussLegendre.NODES[i];
      double density = GaussLegendre.WEIGHTS[i] * Math.exp(-e * (a + 0.5 * e));
      double t = a + e;
      sum += density;
      first += density * t;
      second += density * t * t;
    }
    logRest = logW - HALF_LOG_TWO_PI + Math.log(sum) - (a > 0 ? 0 : 0.5 * a * a);
    pull = first / sum;
    stretch = second / sum - 1;
  }

  @Override
  double exponentBetween(double from, double to, double step) {
    return Math.min(0.5 * step * (from + to), limit);
  }
}
