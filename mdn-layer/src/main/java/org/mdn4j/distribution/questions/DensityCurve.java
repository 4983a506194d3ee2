/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.questions;

import org.mdn4j.distribution.components.IndependentTargets;

/**
 * The log density of a mixture over one target with its derivatives, at one point after another:
 *
 * <pre>
 *   (log p)' = Σ r_k s_k        (log p)'' = Σ r_k (s_k² + s_k') − (log p)'²
 * </pre>
 *
 * <p>with the responsibilities r and the components' s = (log N)'. The derivatives are with respect
 * to y in a unit that is 1 unless scales are of sizes whose squares no double holds; then it is of
 * the size that matters at the point.
 */
final class DensityCurve {
  private static final double ROUNDING = 4e-15;
  private static final double SMOOTH = 1e-3;

  private final double[] logWeights; // [K]
  private final IndependentTargets components;
  private final boolean ordinary;
  private final double[] logJoint; // [K]

  /** Over this the curvature changes little; 0 where it may jump, or the unit is not 1. */
  final double smoothLength;

  private double point = Double.NaN;

  /** log p. */
  double logDensity;

  /** (log p)', or NaN where p is 0. */
  double slope;

  /** (log p)'', or NaN where p is 0. */
  double curvature;

  /** A bound of what rounding does to the slope. */
  double noise;

  /** Log of the unit of y that the derivatives are in. */
  double logUnit;

  DensityCurve(double[] logWeights, IndependentTargets components) {
    this.logWeights = logWeights;
    this.components = components;
    this.ordinary = components.isOrdinary(logWeights);
    this.logJoint = new double[logWeights.length];
    double least = ordinary ? Double.POSITIVE_INFINITY : 0;
    for (int k = 0; k < logWeights.length; k++) {
      if (logWeights[k] > Double.NEGATIVE_INFINITY) {
        least = Math.min(least, components.kinks(k).length > 0 ? 0 : components.unit(k));
      }
    }
    this.smoothLength = SMOOTH * least;
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
      max = logJoint[k] > max ? logJoint[k] : max;
    }
    logUnit = ordinary ? 0 : logUnit(max);
    double total = 0;
    double first = 0;
    double second = 0;
    double size = 0;
    for (int k = 0; k < logJoint.length; k++) {
      double joint = Math.exp(logJoint[k] - max);
      if (joint > 0) {
        double score;
        double scoreSlope;
        total += joint;
        if (ordinary) {
          score = components.score(k, y);
          scoreSlope = components.scoreSlope(k, y);
        } else {
          double units = Math.exp(logUnit - components.logUnit(k));
          score = units * components.unitScore(k, y);
          scoreSlope = units * units * components.unitScoreSlope(k, y);
        }
        first += joint * score;
        second += joint * (score * score + scoreSlope);
        size += joint * Math.abs(score);
      }
    }
    logDensity = total > 0 ? max + Math.log(total) : Double.NEGATIVE_INFINITY;
    slope = first / total;
    curvature = second / total - slope * slope;
    noise = ROUNDING * size / total;
    return this;
  }

  /**
   * Returns the log of a unit in which no component's share of the derivatives exceeds what a
   * double holds.
   */
  private double logUnit(double max) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < logJoint.length; k++) {
      if (logJoint[k] - max > SMALLEST) {
        largest = Math.max(largest, 0.5 * (logJoint[k] - max) - components.logUnit(k));
      }
    }
    return -largest;
  }

  private static final double SMALLEST = Math.log(Double.MIN_VALUE);
}
