/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import java.util.Arrays;
import org.apache.commons.numbers.gamma.Erfc;
import org.apache.commons.numbers.gamma.Erfcx;
import org.apache.commons.numbers.gamma.InverseErfc;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.SharedStateContinuousSampler;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;
import org.mdn4j.MixtureSpec;

/** Gaussian components whose targets are independent: N_k(y) = Π_d N(y_d; μ_kd, σ_kd²). */
final class DiagonalGaussians extends Components {
  static final double HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);
  private static final double INVERSE_SQRT_TWO_PI = Math.exp(-HALF_LOG_TWO_PI);
  private static final double SQRT_2 = Math.sqrt(2);
  private static final double SQRT_HALF_PI = Math.sqrt(Math.PI / 2);
  private static final double TAIL = 2;

  private final int count;
  private final int targets;
  private final double[] locations; // [K·D], component-major
  private final double[] scales; // [K·D], component-major
  private final double[] logScales; // [K·D], component-major

  /**
   * Takes arrays that are known to be right, without copying.
   *
   * @param locations μ, {@code [K·D]}, component-major
   * @param scales σ, {@code [K·D]}, component-major
   */
  DiagonalGaussians(int targets, double[] locations, double[] scales) {
    this(targets, locations, scales, Arrays.stream(scales).map(Math::log).toArray());
  }

  private DiagonalGaussians(int targets, double[] locations, double[] scales, double[] logScales) {
    this.count = locations.length / targets;
    this.targets = targets;
    this.locations = locations;
    this.scales = scales;
    this.logScales = logScales;
  }

  @Override
  double location(int k, int d) {
    return locations[k * targets + d];
  }

  private double scale(int k, int d) {
    return scales[k * targets + d];
  }

  @Override
  int count() {
    return count;
  }

  @Override
  int targets() {
    return targets;
  }

  @Override
  double logDensity(int k, double[] y) {
    double sum = -targets * HALF_LOG_TWO_PI;
    for (int d = 0; d < targets; d++) {
      double u = standardized(k, d, y[d]);
      sum -= 0.5 * u * u + logScales[k * targets + d];
    }
    return sum;
  }

  @Override
  double logDensity(int k, double y) {
    double u = standardized(k, 0, y);
    return -0.5 * u * u - logScales[k] - HALF_LOG_TWO_PI;
  }

  @Override
  double density(int k, double y) {
    double u = standardized(k, 0, y);
    return INVERSE_SQRT_TWO_PI * Math.exp(-0.5 * u * u) / scales[k];
  }

  private double standardized(int k, int d, double y) {
    return (y - location(k, d)) / scale(k, d);
  }

  @Override
  double score(int k, double y) {
    return -standardized(k, 0, y) / scales[k];
  }

  @Override
  double scoreSlope(int k, double y) {
    return -1 / scales[k] / scales[k];
  }

  @Override
  double mode(int k) {
    return locations[k];
  }

  /** N' turns at μ ± σ, N'' at μ and at μ ± √3 σ. */
  @Override
  double[] bends(int k) {
    double near = scales[k];
    double far = Math.sqrt(3) * scales[k];
    double mode = locations[k];
    return new double[] {mode - far, mode - near, mode, mode + near, mode + far};
  }

  @Override
  void addGradient(int k, double[] y, double weight, double[] gradient) {
    for (int d = 0; d < targets; d++) {
      gradient[d] -= weight * standardized(k, d, y[d]) / scale(k, d);
    }
  }

  @Override
  void addHessian(int k, double[] y, double weight, double[][] hessian) {
    addPrecision(k, -weight, hessian);
  }

  @Override
  void addPrecision(int k, double weight, double[][] precision) {
    for (int d = 0; d < targets; d++) {
      precision[d][d] += weight / scale(k, d) / scale(k, d);
    }
  }

  @Override
  double mean(int k, int d) {
    return location(k, d);
  }

  @Override
  double standardDeviation(int k, int d) {
    return scale(k, d);
  }

  @Override
  double covariance(int k, int d, int e) {
    return d == e ? scale(k, d) * scale(k, d) : 0;
  }

  @Override
  double logCdf(int k, double y) {
    return logUpperTail(-standardized(k, 0, y));
  }

  @Override
  double logSurvival(int k, double y) {
    return logUpperTail(standardized(k, 0, y));
  }

  /** log P(Z > u) of a standard normal: ½ erfc(u/√2), and in the tail ½ erfcx(u/√2) exp(−u²/2). */
  private static double logUpperTail(double u) {
    return u < TAIL
        ? Math.log(0.5 * Erfc.value(u / SQRT_2))
        : Math.log(0.5 * Erfcx.value(u / SQRT_2)) - 0.5 * u * u;
  }

  @Override
  double cdf(int k, double y) {
    return upperTail(locations[k] - y, scales[k], locations[k], y);
  }

  @Override
  double survival(int k, double y) {
    return upperTail(y - locations[k], scales[k], y, locations[k]);
  }

  /**
   * P(Z &gt; (a − b) / σ) of a standard normal, given a − b as rounded. In the tail a rounding of u
   * is felt u² times as much, so that what the roundings left out is made good to first order:
   *
   * <pre>
   *   P(Z &gt; u + r) ≈ P(Z &gt; u) exp(−u r)
   * </pre>
   */
  private static double upperTail(double difference, double scale, double a, double b) {
    double u = difference / scale;
    if (!(u >= TAIL && u < 40)) {
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
  void quantiles(double p, double[] into) {
    place(-SQRT_2 * InverseErfc.value(2 * p), into);
  }

  @Override
  void survivalQuantiles(double q, double[] into) {
    place(SQRT_2 * InverseErfc.value(2 * q), into);
  }

  private void place(double u, double[] into) {
    for (int k = 0; k < count; k++) {
      into[k] = locations[k] + scales[k] * u;
    }
  }

  @Override
  double entropy(int k) {
    double sum = targets * (HALF_LOG_TWO_PI + 0.5);
    for (int d = 0; d < targets; d++) {
      sum += logScales[k * targets + d];
    }
    return sum;
  }

  @Override
  double excessDistance(int k, double y) {
    return 2 * scales[k] * unitLoss(Math.abs(standardized(k, 0, y)));
  }

  @Override
  double excessDistance(int i, int j) {
    double scale = Math.hypot(scales[i], scales[j]);
    return 2 * scale * unitLoss(Math.abs(locations[i] - locations[j]) / scale);
  }

  /**
   * E[(Z − u)⁺] = φ(u) − u P(Z &gt; u) of a standard normal, u ≥ 0. With Mills' ratio R the
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
  double klDivergence(int i, Components other, int j) {
    DiagonalGaussians gaussians = (DiagonalGaussians) other;
    double sum = 0;
    for (int d = 0; d < targets; d++) {
      double ratio = scale(i, d) / gaussians.scale(j, d);
      double u = gaussians.standardized(j, d, location(i, d));
      sum += 0.5 * ((ratio - 1) * (ratio + 1) + u * u) - Math.log(ratio);
    }
    return sum;
  }

  @Override
  double bhattacharyyaDistance(int i, int j) {
    double sum = 0;
    for (int d = 0; d < targets; d++) {
      double u = (location(i, d) - location(j, d)) / Math.hypot(scale(i, d), scale(j, d));
      double difference = scale(i, d) - scale(j, d);
      // (σ_i² + σ_j²) / (2 σ_i σ_j) = 1 + (σ_i − σ_j)² / (2 σ_i σ_j)
      double excess = 0.5 * (difference / scale(i, d)) * (difference / scale(j, d));
      sum += 0.25 * u * u + 0.5 * Math.log1p(excess);
    }
    return sum;
  }

  @Override
  SharedStateContinuousSampler sampler(UniformRandomProvider random) {
    return ZigguratSampler.NormalizedGaussian.of(random);
  }

  @Override
  void sample(int k, SharedStateContinuousSampler sampler, double[] into, int offset) {
    for (int d = 0; d < targets; d++) {
      into[offset + d] = location(k, d) + scale(k, d) * sampler.sample();
    }
  }

  @Override
  Components marginal(int[] chosen) {
    double[] newLocations = new double[count * chosen.length];
    double[] newScales = new double[count * chosen.length];
    for (int k = 0; k < count; k++) {
      for (int i = 0; i < chosen.length; i++) {
        newLocations[k * chosen.length + i] = location(k, chosen[i]);
        newScales[k * chosen.length + i] = scale(k, chosen[i]);
      }
    }
    return new DiagonalGaussians(chosen.length, newLocations, newScales);
  }

  @Override
  Components conditional(int[] given, double[] values) {
    return marginal(remaining(targets, given)); // independent of the others
  }

  @Override
  Components blank(int components) {
    return new DiagonalGaussians(
        targets, new double[components * targets], new double[components * targets]);
  }

  @Override
  Components copy() {
    return new DiagonalGaussians(targets, locations.clone(), scales.clone(), logScales.clone());
  }

  @Override
  Mixture.RawReader reader(MixtureSpec spec) {
    int location = spec.locationColumn(0, 0);
    int scale = spec.scaleColumn(0, 0);
    int perComponent = spec.scalesPerComponent();
    return (raw, row) -> {
      System.arraycopy(raw, row + location, locations, 0, locations.length);
      for (int k = 0; k < count; k++) {
        for (int d = 0; d < targets; d++) {
          int i = k * targets + d;
          if (d < perComponent) {
            double parameter = raw[row + scale + k * perComponent + d];
            scales[i] = spec.scale(parameter);
            logScales[i] = spec.logScale(parameter);
          } else { // spherical: the same for all targets
            scales[i] = scales[i - 1];
            logScales[i] = logScales[i - 1];
          }
        }
      }
    };
  }

  @Override
  void read(Components others, int k) {
    DiagonalGaussians that = (DiagonalGaussians) others;
    int size = that.locations.length;
    System.arraycopy(that.locations, 0, locations, k * targets, size);
    System.arraycopy(that.scales, 0, scales, k * targets, size);
    System.arraycopy(that.logScales, 0, logScales, k * targets, size);
  }

  @Override
  void changeUnits(double[] shift, double[] scale) {
    for (int d = 0; d < targets; d++) {
      double factor = Math.abs(scale[d]);
      double logFactor = Math.log(factor);
      for (int i = d; i < scales.length; i += targets) {
        locations[i] = shift[d] + scale[d] * locations[i];
        scales[i] *= factor;
        logScales[i] += logFactor;
      }
    }
  }

  @Override
  void changeTemperature(double tau) {
    double factor = Math.sqrt(tau);
    double logFactor = Math.log(factor);
    for (int i = 0; i < scales.length; i++) {
      scales[i] *= factor;
      logScales[i] += logFactor;
    }
  }
}
