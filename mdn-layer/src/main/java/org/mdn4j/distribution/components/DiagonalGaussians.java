/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.components;

import static org.mdn4j.Gaussian.HALF_LOG_TWO_PI;

import java.util.stream.DoubleStream;
import org.apache.commons.numbers.gamma.Erfc;
import org.apache.commons.numbers.gamma.Erfcx;
import org.apache.commons.numbers.gamma.InverseErfc;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.ContinuousSampler;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;
import org.mdn4j.ComponentFamily;
import org.mdn4j.numerics.LogMass;
import org.mdn4j.numerics.SpecialFunctions;

/** Gaussian components whose targets are independent: N_k(y) = Π_d N(y_d; μ_kd, σ_kd²). */
public class DiagonalGaussians extends IndependentTargets
    implements MeanDistances, PairDistances.OfTargets {
  private static final double INVERSE_SQRT_TWO_PI = Math.exp(-HALF_LOG_TWO_PI);
  private static final double SQRT_2 = Math.sqrt(2);
  private static final double SQRT_HALF_PI = Math.sqrt(Math.PI / 2);
  private static final double TAIL = 2;

  /** Standard deviations that leave 0.1, 1e-3, 1e-6, 1e-9, 1e-12, 1e-15 and 1e-18 above. */
  private static final double[] EDGES = {1.2816, 3.0902, 4.7534, 5.9978, 7.0345, 7.9413, 8.7573};

  /** Takes arrays that are known to be right, without copying. */
  DiagonalGaussians(int targets, double[] locations, double[] scales, double[] logScales) {
    super(targets, locations, scales, logScales);
  }

  @Override
  public DiagonalGaussians with(
      int targets, double[] locations, double[] scales, double[] logScales) {
    return new DiagonalGaussians(targets, locations, scales, logScales);
  }

  @Override
  public LogMass logMass() {
    return LogMass.gaussian(Double.POSITIVE_INFINITY);
  }

  @Override
  public ComponentFamily family() {
    return ComponentFamily.GAUSSIAN;
  }

  @Override
  public double logDensity(int k, double[] y) {
    double sum = -targets * HALF_LOG_TWO_PI;
    for (int d = 0; d < targets; d++) {
      int i = place(k, d);
      double u = standardized(i, y[d]);
      sum -= 0.5 * u * u + logScales[i];
    }
    return sum;
  }

  @Override
  public double logDensity(int i, double y) {
    double u = standardized(i, y);
    return -0.5 * u * u - logScales[i] - HALF_LOG_TWO_PI;
  }

  @Override
  public double density(int i, double y) {
    double u = standardized(i, y);
    return INVERSE_SQRT_TWO_PI * Math.exp(-0.5 * u * u) / scales[i];
  }

  /** Returns u, ±∞ where it is beyond all doubles. */
  private double standardized(int i, double y) {
    return over(y, locations[i], scales[i]);
  }

  @Override
  public double unitScore(int i, double y) {
    return -standardized(i, y);
  }

  @Override
  public double unitScoreSlope(int i, double y) {
    return -1;
  }

  @Override
  public double unitPrecision(int i, double y) {
    return 1;
  }

  @Override
  public double mode(int i) {
    return locations[i];
  }

  /** Returns the bends: N' turns at μ ± σ, N'' at μ and at μ ± √3 σ. */
  @Override
  public double[] bends(int i) {
    double near = scales[i];
    double far = Math.sqrt(3) * scales[i];
    double mode = mode(i);
    return new double[] {mode - far, mode - near, mode, mode + near, mode + far};
  }

  @Override
  public void addEdges(int i, DoubleStream.Builder edges) {
    edges.add(locations[i]);
    for (double u : EDGES) {
      edges.add(locations[i] - u * scales[i]).add(locations[i] + u * scales[i]);
    }
  }

  @Override
  public double mean(int i) {
    return locations[i];
  }

  @Override
  public double standardDeviation(int i) {
    return scales[i];
  }

  @Override
  public boolean haveAnyMoments() {
    return true;
  }

  @Override
  void setMoments(int i, double mean, double deviation) {
    locations[i] = mean;
    setScale(i, deviation, Math.log(deviation));
  }

  @Override
  public double logCdf(int i, double y) {
    return SpecialFunctions.logNormalTail(-standardized(i, y));
  }

  @Override
  public double logSurvival(int i, double y) {
    return SpecialFunctions.logNormalTail(standardized(i, y));
  }

  @Override
  public double cdf(int i, double y) {
    return upperTail(scales[i], locations[i], y);
  }

  @Override
  public double survival(int i, double y) {
    return upperTail(scales[i], y, locations[i]);
  }

  /**
   * Returns P(Z &gt; (a − b) / σ) of a standard normal, where in the tail a rounding of u is felt
   * u² times as much, so that what the roundings left out is made good to first order:
   *
   * <pre>
   *   P(Z &gt; u + r) ≈ P(Z &gt; u) exp(−u r)
   * </pre>
   */
  private static double upperTail(double scale, double a, double b) {
    double difference = a - b;
    double u = over(a, b, scale);
    if (!(u >= TAIL && u < 40) || Double.isInfinite(difference)) {
      return 0.5 * Erfc.value(u / SQRT_2);
    }
    double back = a - difference; // of a − b, by Knuth's exact sum
    double lost = (a - (difference + back)) + (back - b);
    double r = (Math.fma(-u, scale, difference) + lost) / scale;
    double square = u * u;
    double squareLost = Math.fma(u, u, -square);
    return 0.5
        * Erfcx.value(u / SQRT_2)
        * Math.exp(-0.5 * square)
        * Math.exp(-0.5 * squareLost - u * r);
  }

  @Override
  public void quantiles(double p, double[] into) {
    place(-SQRT_2 * InverseErfc.value(2 * p), into);
  }

  @Override
  public void survivalQuantiles(double q, double[] into) {
    place(SQRT_2 * InverseErfc.value(2 * q), into);
  }

  private void place(double u, double[] into) {
    for (int k = 0; k < count; k++) {
      into[k] = locations[k] + scales[k] * u;
    }
  }

  @Override
  public double entropyOfTarget(int i) {
    return HALF_LOG_TWO_PI + 0.5 + logScales[i];
  }

  @Override
  public double excessDistance(int k, double y) {
    return 2 * scales[k] * unitLoss(Math.abs(standardized(k, y)));
  }

  @Override
  public double excessDistance(int i, int j) {
    return excess(Math.abs(locations[i] - locations[j]), Math.hypot(scales[i], scales[j]));
  }

  /** Returns E|X| − distance for a normal X with this mean, at least 0, and deviation. */
  public static double excess(double distance, double deviation) {
    return 2 * deviation * unitLoss(distance / deviation);
  }

  /**
   * Returns E[(Z − u)⁺] = φ(u) − u P(Z &gt; u) of a standard normal, u ≥ 0. With Mills' ratio R the
   * difference is φ(u) (1 − u R(u)), which loses u² ulp, no more than φ itself; beyond 39 it is
   * less than any double.
   */
  private static double unitLoss(double u) {
    if (u > 39) {
      return 0;
    }
    double density = Math.exp(-0.5 * u * u - HALF_LOG_TWO_PI);
    return density * (1 - u * SQRT_HALF_PI * Erfcx.value(u / SQRT_2));
  }

  @Override
  public double divergenceOfTarget(int i, IndependentTargets other, int j) {
    double ratio = scales[i] / other.scales[j];
    double u = over(locations[i], other.locations[j], other.scales[j]);
    double excess = 0.5 * ((ratio - 1) * (ratio + 1) + u * u);
    return Double.isInfinite(excess) ? excess : excess - logRatio(i, other, j);
  }

  @Override
  public double bhattacharyyaOfTarget(int i, int j) {
    double both = Math.hypot(scales[i], scales[j]);
    double u =
        Double.isInfinite(both)
            ? (0.5 * locations[i] - 0.5 * locations[j])
                / Math.hypot(0.5 * scales[i], 0.5 * scales[j])
            : over(locations[i], locations[j], both);
    double difference = scales[i] - scales[j];
    // (σ_i² + σ_j²) / (2 σ_i σ_j) = 1 + (σ_i − σ_j)² / (2 σ_i σ_j)
    double excess = 0.5 * (difference / scales[i]) * (difference / scales[j]);
    double logExcess =
        Double.isInfinite(excess)
            ? Math.abs(logRatio(i, this, j)) - Math.log(2)
            : Math.log1p(excess);
    return 0.25 * u * u + 0.5 * logExcess;
  }

  @Override
  public Sampler sampler(UniformRandomProvider random) {
    ContinuousSampler normal = ZigguratSampler.NormalizedGaussian.of(random);
    return (k, into, offset) -> {
      for (int d = 0; d < targets; d++) {
        int i = place(k, d);
        into[offset + d] = locations[i] + scales[i] * normal.sample();
      }
    };
  }
}
