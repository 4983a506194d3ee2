/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.components;

import org.apache.commons.math3.analysis.integration.gauss.GaussIntegrator;
import org.apache.commons.math3.analysis.integration.gauss.GaussIntegratorFactory;

/**
 * Integrals of exp(−2 κ sin²(x/2)) over arcs. An arc is cut at the multiples of π, so that on each
 * piece the integrand only falls; where it has fallen by exp(−40) the piece ends, and a
 * Gauss-Legendre rule of 40 points takes the rest to rounding.
 */
final class VonMisesArc {
  private static final int POINTS = 40;
  private static final double[] NODES = new double[POINTS]; // in (0, 1)
  private static final double[] NODE_WEIGHTS = new double[POINTS]; // sum 1
  private static final double FALL = 40;

  static {
    GaussIntegrator rule = new GaussIntegratorFactory().legendre(POINTS);
    for (int i = 0; i < POINTS; i++) {
      NODES[i] = 0.5 * (1 + rule.getPoint(i));
      NODE_WEIGHTS[i] = 0.5 * rule.getWeight(i);
    }
  }

  private VonMisesArc() {}

  /**
   * Returns the log of the integral from a to b, in [−2π, 2π] and no more than 2π apart.
   *
   * @param width b − a, which of a and b as rounded may have lost digits
   */
  static double log(double kappa, double a, double b, double width) {
    double end = width > 0 ? Math.max(b, Math.nextUp(a)) : a;
    double sum = Double.NEGATIVE_INFINITY;
    double from = a;
    for (int half = (int) Math.floor(a / Math.PI); from < end; half++) {
      double to = Math.min(end, (half + 1) * Math.PI);
      if (from < to) {
        double part = from == a && to == end ? width : to - from;
        double piece =
            half % 2 == 0
                ? logFalling(kappa, from - half * Math.PI, part)
                : logFalling(kappa, (half + 1) * Math.PI - to, part);
        sum = logSum(sum, piece);
        from = to;
      }
    }
    return sum;
  }

  private static double logSum(double a, double b) {
    double max = Math.max(a, b);
    return max == Double.NEGATIVE_INFINITY ? max : max + Math.log1p(Math.exp(Math.min(a, b) - max));
  }

  /** Returns the log of the integral from a point in [0, π] over so much, up to π. */
  private static double logFalling(double kappa, double from, double longest) {
    double sine = Math.sin(0.5 * from);
    double end = 2 * Math.asin(Math.sqrt(Math.min(1, sine * sine + 0.5 * FALL / kappa)));
    double width = end - from;
    if (width < 1e-6 * from) { // so narrow that the exponent is linear, and rounding matters
      width = FALL / (kappa * Math.sin(from));
    }
    width = Math.min(width, longest);
    double sum = 0;
    for (int i = 0; i < POINTS; i++) {
      double half = 0.5 * width * NODES[i];
      sum += NODE_WEIGHTS[i] * Math.exp(-2 * (kappa * Math.sin(from + half) * Math.sin(half)));
    }
    return -2 * (kappa * sine * sine) + Math.log(width * sum);
  }
}
