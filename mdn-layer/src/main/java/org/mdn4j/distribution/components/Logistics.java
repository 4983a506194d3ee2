/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.components;

import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.statistics.distribution.ContinuousDistribution;
import org.apache.commons.statistics.distribution.LogisticDistribution;
import org.mdn4j.ComponentFamily;
import org.mdn4j.numerics.LogMass;

/** Logistic components: log g = −|u| − 2 log(1 + exp(−|u|)). */
final class Logistics extends LocationScale {
  /**
   * With s = 1/(1 + exp(−u)): g'' = 0 where 6 s (1 − s) = 1, g''' = 0 at 0 and 12 s (1 − s) = 1.
   */
  private static final double NEAR_BEND = Math.log(2 + Math.sqrt(3));

  private static final double FAR_BEND = Math.log(5 + 2 * Math.sqrt(6));

  Logistics(int targets, double[] locations, double[] scales, double[] logScales) {
    super(targets, locations, scales, logScales);
  }

  @Override
  public boolean haveAnyMoments() {
    return true;
  }

  @Override
  public Logistics with(int targets, double[] locations, double[] scales, double[] logScales) {
    return new Logistics(targets, locations, scales, logScales);
  }

  @Override
  public LogMass logMass() {
    return LogMass.logistic();
  }

  @Override
  public ComponentFamily family() {
    return ComponentFamily.LOGISTIC;
  }

  @Override
  double logStandardDensity(int i, double u) {
    double size = Math.abs(u);
    return -size - 2 * Math.log1p(Math.exp(-size));
  }

  @Override
  public double unitScore(int i, double y) {
    return -Math.tanh(0.5 * standardized(i, y));
  }

  @Override
  public double unitScoreSlope(int i, double y) {
    double decay = Math.exp(-Math.abs(standardized(i, y)));
    return -2 * decay / (1 + decay) / (1 + decay);
  }

  @Override
  double[] standardBends(int i) {
    return new double[] {-FAR_BEND, -NEAR_BEND, 0, NEAR_BEND, FAR_BEND};
  }

  @Override
  double logUpperTail(int i, double u) {
    return u >= 0 ? -u - Math.log1p(Math.exp(-u)) : -Math.log1p(Math.exp(u));
  }

  @Override
  double upperTail(int i, double u) {
    if (u < 0) {
      return 1 / (1 + Math.exp(u));
    }
    double decay = Math.exp(-u);
    return decay / (1 + decay);
  }

  @Override
  double upperQuantile(int i, double q) {
    return Math.log1p(-q) - Math.log(q);
  }

  @Override
  double standardDeviationOfUnit(int i) {
    return Math.PI / Math.sqrt(3);
  }

  @Override
  double entropyOfUnit(int i) {
    return 2;
  }

  @Override
  public Sampler sampler(UniformRandomProvider random) {
    ContinuousDistribution.Sampler unit = LogisticDistribution.of(0, 1).createSampler(random);
    return (k, into, offset) -> {
      for (int d = 0; d < targets; d++) {
        int i = place(k, d);
        into[offset + d] = locations[i] + scales[i] * unit.sample();
      }
    };
  }
}
