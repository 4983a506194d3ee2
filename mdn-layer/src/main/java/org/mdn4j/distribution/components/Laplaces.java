/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.components;

import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.statistics.distribution.ContinuousDistribution;
import org.apache.commons.statistics.distribution.LaplaceDistribution;
import org.mdn4j.ComponentFamily;
import org.mdn4j.numerics.LogMass;

/** Laplace components: log g = −|u| − log 2, with a kink at 0. */
public final class Laplaces extends LocationScale
    implements MeanDistances, PairDistances.OfTargets {
  private static final double LOG_2 = Math.log(2);

  /** A distance over which exp(−t) is its Taylor series to rounding. */
  private static final double SHORT = 1e-3;

  /** Where exp(−t) is less than any double. */
  private static final double FAR = 800;

  Laplaces(int targets, double[] locations, double[] scales, double[] logScales) {
    super(targets, locations, scales, logScales);
  }

  @Override
  public boolean haveAnyMoments() {
    return true;
  }

  @Override
  public Laplaces with(int targets, double[] locations, double[] scales, double[] logScales) {
    return new Laplaces(targets, locations, scales, logScales);
  }

  @Override
  public LogMass logMass() {
    return LogMass.laplace();
  }

  @Override
  public ComponentFamily family() {
    return ComponentFamily.LAPLACE;
  }

  @Override
  double logStandardDensity(int i, double u) {
    return -Math.abs(u) - LOG_2;
  }

  @Override
  public double unitScore(int i, double y) {
    return Math.signum(locations[i] - y);
  }

  @Override
  public double unitScoreSlope(int i, double y) {
    return 0;
  }

  @Override
  double[] standardBends(int i) {
    return new double[0];
  }

  @Override
  public double[] kinks(int i) {
    return new double[] {locations[i]};
  }

  @Override
  double logUpperTail(int i, double u) {
    return u >= 0 ? -u - LOG_2 : Math.log1p(-0.5 * Math.exp(u));
  }

  @Override
  double upperTail(int i, double u) {
    return u >= 0 ? 0.5 * Math.exp(-u) : 1 - 0.5 * Math.exp(u);
  }

  @Override
  double upperQuantile(int i, double q) {
    return -Math.log(2 * q);
  }

  @Override
  double standardDeviationOfUnit(int i) {
    return Math.sqrt(2);
  }

  @Override
  double entropyOfUnit(int i) {
    return 1 + LOG_2;
  }

  @Override
  public double excessDistance(int k, double y) {
    return scales[k] * Math.exp(-Math.abs(y - locations[k]) / scales[k]);
  }

  /**
   * Returns the excess: with a ≥ b the scales, δ the distance of the locations and x = δ/b − δ/a it
   * is
   *
   * <pre>
   *   (a³ exp(−δ/a) − b³ exp(−δ/b)) / (a² − b²)
   *     = exp(−δ/a) (a² + ab + b² + b² (δ/a) (1 − exp(−x))/x) / (a + b)
   * </pre>
   *
   * <p>since the difference of two Laplace variates has the density (a² f_a − b² f_b)/(a² − b²).
   */
  @Override
  public double excessDistance(int i, int j) {
    double a = Math.max(scales[i], scales[j]);
    double ratio = Math.min(scales[i], scales[j]) / a; // b/a, so that nothing overflows
    double distance = Math.abs(locations[i] - locations[j]) / a; // δ/a
    if (distance > FAR) {
      return 0;
    }
    double decay = ratio == 0 ? 0 : meanDecay(distance / ratio * (1 - ratio));
    double square = ratio * ratio;
    return a * Math.exp(-distance) * (1 + ratio + square + square * distance * decay) / (1 + ratio);
  }

  /** Returns (1 − exp(−x))/x, x ≥ 0. */
  private static double meanDecay(double x) {
    return x == 0 ? 1 : -Math.expm1(-x) / x;
  }

  /** Returns r − 1 − log r + r (t − 1 + exp(−t)), r the ratio of the scales, t = δ/σ_i. */
  @Override
  public double divergenceOfTarget(int i, IndependentTargets other, int j) {
    double ratio = scales[i] / other.scales[j];
    if (Double.isInfinite(ratio)) {
      return ratio;
    }
    double excess = (scales[i] - other.scales[j]) / other.scales[j]; // r − 1
    double t = Math.abs(over(locations[i], other.locations[j], scales[i]));
    double apart = // r (t − 1 + exp(−t))
        t < SHORT
            ? ratio * t * t * (1.0 / 2 - t * (1.0 / 6 - t * (1.0 / 24 - t * (1.0 / 120))))
            : Math.abs(over(locations[i], other.locations[j], other.scales[j]))
                + ratio * Math.expm1(-t);
    return excess - logRatio(i, other, j) + apart;
  }

  /**
   * Returns the distance: with the rates α = 1/(2 σ_i), β = 1/(2 σ_j), α ≥ β say, and δ the
   * distance of the locations
   *
   * <pre>
   *   ∫ √(f_i f_j) = √(αβ) exp(−βδ) ( (1 + exp(−x))/(α + β) + δ (1 − exp(−x))/x ),  x = (α − β) δ
   * </pre>
   */
  @Override
  public double bhattacharyyaOfTarget(int i, int j) {
    double narrow = Math.min(scales[i], scales[j]);
    double wide = Math.max(scales[i], scales[j]);
    double ratio = narrow / wide; // β/α
    double inNarrow = 0.5 * Math.abs(over(locations[i], locations[j], narrow)); // αδ
    double inWide = 0.5 * Math.abs(over(locations[i], locations[j], wide)); // βδ
    if (Double.isInfinite(inWide)) {
      return inWide;
    }
    double x = inNarrow * (1 - ratio);
    double between = x > 1 ? -Math.expm1(-x) / (1 - ratio) : inNarrow * meanDecay(x);
    double sum = (1 + Math.exp(-x)) / (1 + ratio) + between; // times α
    return Math.max(0, inWide - Math.log(sum) + 0.5 * Math.abs(logRatio(i, this, j)));
  }

  @Override
  public Sampler sampler(UniformRandomProvider random) {
    ContinuousDistribution.Sampler unit = LaplaceDistribution.of(0, 1).createSampler(random);
    return (k, into, offset) -> {
      for (int d = 0; d < targets; d++) {
        int i = place(k, d);
        into[offset + d] = locations[i] + scales[i] * unit.sample();
      }
    };
  }
}
