/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.stat.inference.ChiSquareTest;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Samples. Seeds are fixed, so a test that passes passes for ever; each bound states how often a
 * right sampler would miss it with another seed.
 */
class MixtureSamplingTest {
  private static final int COUNT = 100_000;
  private static final double[] WEIGHTS = {0.1, 0.6, 0.3};
  private static final double[][] MEANS = {{-4, 1}, {0, 2}, {5, -3}};
  private static final double[][] SCALES = {{0.5, 1}, {1.5, 0.2}, {1, 2}};
  private static final Mixture MIXTURE = Mixture.gaussian(WEIGHTS, MEANS, SCALES);

  private static UniformRandomProvider random(long seed) {
    return RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
  }

  @Test
  void theSameSeedGivesTheSameSamples() {
    assertArrayEquals(MIXTURE.sample(50, random(1)), MIXTURE.sample(50, random(1)));
    assertFalse(Arrays.deepEquals(MIXTURE.sample(50, random(1)), MIXTURE.sample(50, random(2))));
    assertEquals(0, MIXTURE.sample(0, random(1)).length);
  }

  /** Within 5 standard errors: 4 numbers per seed, each missed once in 1.7 million. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void momentsAreThoseOfTheMixture(long seed) {
    double[][] samples = MIXTURE.sample(COUNT, random(seed));
    for (int d = 0; d < 2; d++) {
      double mean = MIXTURE.mean()[d];
      double variance = MIXTURE.variance()[d];
      double sum = 0;
      double squares = 0;
      double fourth = 0;
      for (double[] sample : samples) {
        double deviation = sample[d] - mean;
        sum += deviation;
        squares += deviation * deviation;
        fourth += Math.pow(deviation, 4);
      }
      assertEquals(0, sum / COUNT, 5 * Math.sqrt(variance / COUNT));
      double varianceOfSquare = fourth / COUNT - variance * variance;
      assertEquals(variance, squares / COUNT, 5 * Math.sqrt(varianceOfSquare / COUNT));
    }
  }

  /** Components far apart, so that a sample tells its own; false alarm 1e-6. */
  @Test
  void componentFrequenciesAreTheWeights() {
    double[] weights = {0.05, 0.5, 0, 0.3, 0.15};
    double[][] means = {{0}, {100}, {200}, {300}, {400}};
    double[][] ones = {{1}, {1}, {1}, {1}, {1}};
    long[] counts = new long[5];
    for (double[] sample : Mixture.gaussian(weights, means, ones).sample(COUNT, random(4))) {
      counts[(int) Math.round(sample[0] / 100)]++;
    }
    assertEquals(0, counts[2]);
    double p =
        new ChiSquareTest()
            .chiSquareTest(
                new double[] {0.05, 0.5, 0.3, 0.15},
                new long[] {counts[0], counts[1], counts[3], counts[4]});
    assertTrue(p > 1e-6, "p = " + p + " for " + Arrays.toString(counts));
  }

  /**
   * Kolmogorov and Smirnov's distance to the mixture's cdf, Σ π Φ((y − μ)/σ): above 2.7 / √n, once
   * in a million (2 exp(−2 · 2.7²) = 9.3e-7).
   */
  @ParameterizedTest
  @ValueSource(doubles = {0.25, 1, 3})
  void samplesFollowTheCdf(double tau) {
    Mixture mixture = MIXTURE.temperature(Temperature.of(tau));
    double[][] samples = mixture.sample(COUNT, random(6));
    for (int d = 0; d < 2; d++) {
      int target = d;
      double[] sorted = Arrays.stream(samples).mapToDouble(s -> s[target]).sorted().toArray();
      double distance = 0;
      for (int i = 0; i < COUNT; i++) {
        double cdf = cdf(mixture, target, sorted[i]);
        distance = Math.max(distance, Math.max(cdf - i / (double) COUNT, (i + 1.0) / COUNT - cdf));
      }
      assertTrue(distance < 2.7 / Math.sqrt(COUNT), "distance " + distance);
    }
  }

  private static double cdf(Mixture mixture, int target, double y) {
    double cdf = 0;
    for (int k = 0; k < mixture.components(); k++) {
      double u = (y - mixture.means()[k][target]) / mixture.standardDeviations()[k][target];
      cdf += mixture.weights()[k] * STANDARD_NORMAL.cumulativeProbability(u);
    }
    return cdf;
  }

  private static final NormalDistribution STANDARD_NORMAL = new NormalDistribution(0, 1);

  /** Within a component targets are independent; across components they go together. */
  @Test
  void targetsOfOneSampleComeFromOneComponent() {
    Mixture mixture =
        Mixture.gaussian(
            new double[] {0.5, 0.5},
            new double[][] {{-10, -10}, {10, 10}},
            new double[][] {{1, 1}, {1, 1}});
    for (double[] sample : mixture.sample(1000, random(7))) {
      assertEquals(Math.signum(sample[0]), Math.signum(sample[1]), 0); // 10 σ: never
    }
  }
}
