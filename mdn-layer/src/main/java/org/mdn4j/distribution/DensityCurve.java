/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

/**
 * The log density of a mixture over one target with its derivatives, at one point after another:
 *
 * <pre>
 *   (log p)' = Σ r_k s_k        (log p)'' = Σ r_k (s_k² + s_k') − (log p)'²
 * </pre>
 *
 * <p>with the responsibilities r and the components' s = (log N)'.
 */
final class DensityCurve {
  private static final double ROUNDING = 4e-15;

  private final double[] logWeights; // [K]
  private final IndependentTargets components;
  private final double[] logJoint; // [K]

  private double point = Double.NaN;

  /** log p. */
  double logDensity;

  /** (log p)', or NaN where p is 0. */
  double slope;

  /** (log p)'', or NaN where p is 0. */
  double curvature;

  /** A bound of what rounding does to the slope. */
  double noise;

  DensityCurve(double[] logWeights, IndependentTargets components) {
    this.logWeights = logWeights;
    this.components = components;
    this.logJoint = new double[logWeights.length];
  }

  /** Moves to a point. */
  DensityCurve at(double y) {
    if (y == point) {
      return this;
    }
    point = y;
    double max = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < logJoint.length; k++) {
      logJoint[k] = logWeights[k] + components.logDensity(k, y);
      max = Math.max(max, logJoint[k]);
    }
    double total = 0;
    double first = 0;
    double second = 0;
    double size = 0;
    for (int k = 0; k < logJoint.length; k++) {
      double joint = Math.exp(logJoint[k] - max);
      if (joint > 0) {
        double score = components.score(k, y);
        total += joint;
        first += joint * score;
        second += joint * (score * score + components.scoreSlope(k, y));
        size += joint * Math.abs(score);
      }
    }
    logDensity = total > 0 ? max + Math.log(total) : Double.NEGATIVE_INFINITY;
    slope = first / total;
    curvature = second / total - slope * slope;
    noise = ROUNDING * size / total;
    return this;
  }
}
