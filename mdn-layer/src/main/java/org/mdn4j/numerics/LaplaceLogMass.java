/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.numerics;

/**
 * The Laplace distribution's {@link LogMass}, where ψ(t) = −sign t:
 *
 * <pre>
 *   a ≥ 0:  F(b) − F(a) = ½ exp(−a) (1 − exp(−w))
 *   a &lt; 0:  F(b) − F(a) = ½ ( (1 − exp(−b)) + (1 − exp(a)) )
 * </pre>
 */
final class LaplaceLogMass extends LogMass {
  @Override
  void density(double t) {
    logRest = -LOG_2;
    exponent = t;
    pull = Math.signum(t);
    stretch = t - 1;
  }

  @Override
  void mass(double a, double b, double w, double logW) {
    if (a >= 0) {
      logRest = -LOG_2 + logOneMinusExp(w, logW);
      exponent = a;
      pull = 1;
      stretch = a - overExpm1(w);
    } else if (w < TINY) {
      logRest = logW - LOG_2;
      pull = 0;
      stretch = -1;
    } else {
      double left = -Math.expm1(a);
      double right = -Math.expm1(-b);
      double mass = left + right;
      logRest = mass > 1 ? Math.log1p(-0.5 * (Math.exp(a) + Math.exp(-b))) : Math.log(0.5 * mass);
      pull = (right - left) / mass; // exp(a) − exp(−b)
      stretch = (a * (1 - left) - (right == 1 ? 0 : b * (1 - right))) / mass;
    }
  }

  /** Returns log(1 − exp(−w)). */
  static double logOneMinusExp(double w, double logW) {
    return w < TINY ? logW : w > LOG_2 ? Math.log1p(-Math.exp(-w)) : Math.log(-Math.expm1(-w));
  }

  /** Returns w / (exp(w) − 1). */
  static double overExpm1(double w) {
    return w < TINY ? 1 : w == Double.POSITIVE_INFINITY ? 0 : w / Math.expm1(w);
  }
}
