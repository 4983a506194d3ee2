/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;
import org.apache.commons.rng.simple.RandomSource;

/** Gaussian mixtures over one target, in large numbers and of every kind that is hard. */
final class RandomMixtures {
  private static final double[] RATIOS = {1, 3, 30, 1000, 1e5};
  private static final double[] SPREADS = {1, 3, 20, 1e6};

  private final UniformRandomProvider random;

  RandomMixtures(long seed) {
    this.random = RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
  }

  /**
   * Up to 20 components: scale ratios to 1e5, components 1e6 apart, weights of 0 and below 1e-12,
   * components alike or of one location, and equal pairs within 1e-3 to 1 of where they merge.
   */
  Mixture next() {
    return next(
        1 + random.nextInt(20),
        RATIOS[random.nextInt(RATIOS.length)],
        SPREADS[random.nextInt(SPREADS.length)]);
  }

  /** The same with a number of components, a largest ratio of scales and a spread of locations. */
  Mixture next(int components, double ratio, double spread) {
    ZigguratSampler.NormalizedGaussian normal = ZigguratSampler.NormalizedGaussian.of(random);
    double[] weights = new double[components];
    double[] means = new double[components];
    double[] deviations = new double[components];
    for (int k = 0; k < components; k++) {
      weights[k] = oneIn(8) ? 1e-12 * random.nextDouble() : random.nextDouble();
      means[k] = spread * normal.sample();
      deviations[k] = Math.pow(ratio, random.nextDouble() - 0.5);
      if (k > 0 && oneIn(8)) {
        means[k] = means[k - 1];
        deviations[k] = deviations[k - 1] * (random.nextBoolean() ? 1 : 0.5 + random.nextDouble());
      }
      if (k > 0 && oneIn(8)) {
        double excess = Math.pow(10, -3 * random.nextDouble());
        weights[k] = weights[k - 1];
        deviations[k] = deviations[k - 1];
        means[k] =
            means[k - 1] + 2 * deviations[k] * (1 + (random.nextBoolean() ? 1 : -1) * excess);
      }
      if (k > 0 && oneIn(12)) {
        weights[k] = 0;
      }
    }
    return GaussianMixtures.mixture(weights, means, deviations);
  }

  private boolean oneIn(int count) {
    return random.nextInt(count) == 0;
  }
}
