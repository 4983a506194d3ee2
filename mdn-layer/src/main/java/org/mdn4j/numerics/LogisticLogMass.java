/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.numerics;

/**
 * The logistic distribution's {@link LogMass}. With F(t) = 1 / (1 + exp(−t)),
 *
 * <pre>
 *   F(b) − F(a) = (1 − exp(−w)) · (1 − F(a)) · F(b)
 * </pre>
 *
 * <p>of which no part cancels, wherever the ends are.
 */
final class LogisticLogMass extends LogMass {
  @Override
  void density(double t) {
    logRest = -2 * Math.log1p(Math.exp(-t));
    exponent = t;
    pull = Math.tanh(0.5 * t);
    stretch = t * pull - 1;
  }

  @Override
  void mass(double a, double b, double w, double logW) {
    exponent = Math.max(a, 0); // of softplus(a)
    logRest =
        LaplaceLogMass.logOneMinusExp(w, logW) - Math.log1p(Math.exp(-Math.abs(a))) - softplus(-b);
    double below = share(a);
    double above = share(-b);
    pull = below - above;
    stretch = a * below - (above == 0 ? 0 : b * above) - LaplaceLogMass.overExpm1(w);
  }

  /** Returns log(1 + exp(x)). */
  private static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  /** Returns 1 / (1 + exp(−x)). */
  private static double share(double x) {
    return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
  }
}
