/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import java.util.Arrays;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.GuideTableDiscreteSampler;
import org.apache.commons.rng.sampling.distribution.SharedStateDiscreteSampler;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;

/**
 * A mixture of K Gaussians with diagonal covariances over D targets: one predictive distribution
 * p(y | x).
 *
 * <pre>
 *   p(y) = Σ_k π_k Π_d N(y_d; μ_kd, σ_kd²)
 * </pre>
 *
 * <p>Densities are in log space and in nats; locations and standard deviations are in target units.
 * Source: Bishop (1994), equations 22 and 23.
 *
 * <p>Immutable and safe for use by several threads: arrays that go in or out are copies.
 */
public final class Mixture {
  private static final double HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

  private final double[] logWeights; // [K], logsumexp = 0
  private final double[][] means; // [K][D]
  private final double[][] standardDeviations; // [K][D]

  /** Takes arrays that are known to be right, without copying. */
  Mixture(double[] logits, double[][] means, double[][] standardDeviations) {
    this.logWeights = logSoftmax(logits);
    this.means = means;
    this.standardDeviations = standardDeviations;
  }

  /**
   * Makes a mixture from its parameters.
   *
   * @param weights {@code [K]}, at least 0, with a positive sum; normalised here
   * @param means {@code [K][D]}, finite
   * @param standardDeviations {@code [K][D]}, positive and finite
   * @return the mixture
   * @throws IllegalArgumentException if K or D is 0, lengths differ, or a value is out of its range
   */
  public static Mixture gaussian(
      double[] weights, double[][] means, double[][] standardDeviations) {
    int components = weights.length;
    require(components > 0, "Expected at least one weight, got none");
    require(
        means.length == components && standardDeviations.length == components,
        "Expected %d means and standard deviations, one per weight, got %d and %d",
        components,
        means.length,
        standardDeviations.length);
    int targets = means[0].length;
    require(targets > 0, "Expected at least one target, got none");
    double[] logits = new double[components];
    for (int k = 0; k < components; k++) {
      require(
          weights[k] >= 0 && Double.isFinite(weights[k]),
          "Expected finite weights >= 0, got %s at %d",
          weights[k],
          k);
      require(
          means[k].length == targets && standardDeviations[k].length == targets,
          "Expected %d targets as in component 0, got %d means and %d deviations in component %d",
          targets,
          means[k].length,
          standardDeviations[k].length,
          k);
      for (int d = 0; d < targets; d++) {
        require(
            Double.isFinite(means[k][d]),
            "Expected finite means, got %s at component %d, target %d",
            means[k][d],
            k,
            d);
        require(
            standardDeviations[k][d] > 0 && Double.isFinite(standardDeviations[k][d]),
            "Expected positive, finite standard deviations, got %s at component %d, target %d",
            standardDeviations[k][d],
            k,
            d);
      }
      logits[k] = Math.log(weights[k]);
    }
    require(
        Arrays.stream(weights).anyMatch(weight -> weight > 0),
        "Expected weights with a positive sum, got %s",
        Arrays.toString(weights));
    return new Mixture(logits, copy(means), copy(standardDeviations));
  }

  private static void require(boolean condition, String message, Object... values) {
    if (!condition) {
      throw new IllegalArgumentException(message.formatted(values));
    }
  }

  /**
   * Number of components K.
   *
   * @return K
   */
  public int components() {
    return logWeights.length;
  }

  /**
   * Number of targets D.
   *
   * @return D
   */
  public int targets() {
    return means[0].length;
  }

  /**
   * Mixture weights π.
   *
   * @return {@code [K]}, which sum to 1
   */
  public double[] weights() {
    return Arrays.stream(logWeights).map(Math::exp).toArray();
  }

  /**
   * Locations μ.
   *
   * @return {@code [K][D]}, in target units
   */
  public double[][] means() {
    return copy(means);
  }

  /**
   * Scales σ.
   *
   * @return {@code [K][D]}, in target units
   */
  public double[][] standardDeviations() {
    return copy(standardDeviations);
  }

  /**
   * Log density, log p(y) = logsumexp_k( log π_k + Σ_d log N(y_d; μ_kd, σ_kd²) ).
   *
   * @param y {@code [D]}; a single number where D = 1
   * @return log p(y) in nats; −∞ where it is infinitely far from every component
   * @throws IllegalArgumentException if y has not D entries or one is NaN
   */
  public double logDensity(double... y) {
    require(y.length == targets(), "Expected %d targets, got %d", targets(), y.length);
    double[] logJoint = new double[components()];
    for (int k = 0; k < logJoint.length; k++) {
      double sum = logWeights[k];
      for (int d = 0; d < y.length; d++) {
        double distance = (y[d] - means[k][d]) / standardDeviations[k][d];
        sum -= 0.5 * distance * distance + Math.log(standardDeviations[k][d]) + HALF_LOG_TWO_PI;
      }
      logJoint[k] = sum;
    }
    double logDensity = logSumExp(logJoint);
    require(!Double.isNaN(logDensity), "Expected numbers, got %s", Arrays.toString(y));
    return logDensity;
  }

  /**
   * Density p(y), the exponential of {@link #logDensity}.
   *
   * @param y {@code [D]}; a single number where D = 1
   * @return p(y), per target unit to the power of D
   * @throws IllegalArgumentException if y has not D entries or one is NaN
   */
  public double density(double... y) {
    return Math.exp(logDensity(y));
  }

  /**
   * Mean E[y] = Σ_k π_k μ_k.
   *
   * @return {@code [D]}, in target units
   */
  public double[] mean() {
    double[] mean = new double[targets()];
    for (int k = 0; k < components(); k++) {
      double weight = Math.exp(logWeights[k]);
      for (int d = 0; d < mean.length; d++) {
        mean[d] += weight * means[k][d];
      }
    }
    return mean;
  }

  /**
   * Variance of each target, Σ_k π_k (σ_kd² + (μ_kd − E[y_d])²).
   *
   * @return {@code [D]}, in target units squared
   */
  public double[] variance() {
    double[] mean = mean();
    double[] variance = new double[targets()];
    for (int k = 0; k < components(); k++) {
      double weight = Math.exp(logWeights[k]);
      if (weight == 0) {
        continue; // its squares may overflow, and 0 · ∞ is NaN
      }
      for (int d = 0; d < variance.length; d++) {
        double deviation = means[k][d] - mean[d];
        double scale = standardDeviations[k][d];
        variance[d] += weight * (scale * scale + deviation * deviation);
      }
    }
    return variance;
  }

  /**
   * Location of the component of the largest weight; of the first one, where several are largest.
   * It is what the mixture tends to as the {@link Temperature} goes to 0.
   *
   * @return {@code [D]}, in target units
   */
  public double[] heaviestLocation() {
    int heaviest = 0;
    for (int k = 1; k < components(); k++) {
      if (logWeights[k] > logWeights[heaviest]) {
        heaviest = k;
      }
    }
    return means[heaviest].clone();
  }

  /**
   * This mixture at a temperature.
   *
   * @param temperature divides the logits and multiplies the variances
   * @return the widened or narrowed mixture
   */
  public Mixture temperature(Temperature temperature) {
    // Relative to the largest, which stays at 0 however small the temperature.
    double max = Arrays.stream(logWeights).max().orElseThrow();
    double[] logits =
        Arrays.stream(logWeights).map(weight -> (weight - max) / temperature.weights()).toArray();
    double factor = Math.sqrt(temperature.scales());
    double[][] scales = copy(standardDeviations);
    for (double[] component : scales) {
      Arrays.setAll(component, d -> component[d] * factor);
    }
    return new Mixture(logits, means, scales);
  }

  /**
   * Draws samples: a component by the weights, then each target from its Gaussian.
   *
   * @param count number of samples, at least 0
   * @param random source of randomness; the same state gives the same samples
   * @return {@code [count][D]}, in target units
   */
  public double[][] sample(int count, UniformRandomProvider random) {
    SharedStateDiscreteSampler component = GuideTableDiscreteSampler.of(random, weights(), 1);
    ZigguratSampler.NormalizedGaussian gaussian = ZigguratSampler.NormalizedGaussian.of(random);
    double[][] samples = new double[count][targets()];
    for (double[] sample : samples) {
      int k = component.sample();
      Arrays.setAll(sample, d -> means[k][d] + standardDeviations[k][d] * gaussian.sample());
    }
    return samples;
  }

  private static double[] logSoftmax(double[] logits) {
    double norm = logSumExp(logits);
    return Arrays.stream(logits).map(logit -> logit - norm).toArray();
  }

  private static double logSumExp(double[] values) {
    double max = Arrays.stream(values).max().orElseThrow();
    if (max == Double.NEGATIVE_INFINITY) {
      return max;
    }
    double sum = 0;
    for (double value : values) {
      sum += Math.exp(value - max);
    }
    return max + Math.log(sum);
  }

  private static double[][] copy(double[][] rows) {
    return Arrays.stream(rows).map(double[]::clone).toArray(double[][]::new);
  }

  @Override
  public String toString() {
    return "Mixture(weights=%s, means=%s, standardDeviations=%s)"
        .formatted(
            Arrays.toString(weights()),
            Arrays.deepToString(means),
            Arrays.deepToString(standardDeviations));
  }
}
