/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import java.util.Arrays;

/**
 * The density of log-normal components y as a function of z = log y:
 *
 * <pre>
 *   f(exp z) = exp(−z) N(z; μ, σ²) = exp(σ²/2 − μ) N(z; μ − σ², σ²)
 * </pre>
 *
 * <p>Its extrema are those of the density of y. It is taken from the first form, which keeps its
 * digits where z is a logarithm of doubles and σ is large. It is no density of z: of what is asked
 * of components, this answers what is asked about extrema.
 */
final class LogNormalCurve extends DiagonalGaussians {
  /** The least z; below it exp(z) is 0. */
  private static final double LEAST = Math.log(Double.MIN_VALUE);

  private final double anchor; // what z is less by, summed over the targets

  LogNormalCurve(
      int targets, double[] locations, double[] scales, double[] logScales, double anchor) {
    super(targets, locations, scales, logScales);
    this.anchor = anchor;
  }

  @Override
  LogNormalCurve with(int targets, double[] locations, double[] scales, double[] logScales) {
    return new LogNormalCurve(targets, locations, scales, logScales, anchor);
  }

  @Override
  IndependentTargets seenFrom(double... anchor) {
    double[] seen = super.seenFrom(anchor).locations;
    double sum = this.anchor + Arrays.stream(anchor).sum();
    return new LogNormalCurve(targets, seen, scales, logScales, sum);
  }

  @Override
  Interval support() {
    return new Interval(LEAST, Double.POSITIVE_INFINITY);
  }

  @Override
  double logDensity(int k, double[] z) {
    double sum = super.logDensity(k, z);
    for (double value : z) {
      sum -= value;
    }
    return sum - anchor;
  }

  @Override
  double logDensity(int i, double z) {
    return super.logDensity(i, z) - z - anchor;
  }

  @Override
  double unitScore(int i, double z) {
    return super.unitScore(i, z) - scales[i];
  }

  @Override
  double mode(int i) {
    return locations[i] - scales[i] * scales[i];
  }

  @Override
  double center(int k, int d) {
    return mode(k * targets + d);
  }
}
