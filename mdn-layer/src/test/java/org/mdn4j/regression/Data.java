/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression;

import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;
import org.apache.commons.rng.simple.RandomSource;
import org.mdn4j.regression.report.NoiseLevel;

/** Rows with a known conditional density: y is x or −x with equal probability, plus N(0, σ²). */
public record Data(double[][] features, double[][] targets) {
  static final double SIGMA = 0.2;

  static Data draw(int rows, long seed) {
    UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
    ZigguratSampler.NormalizedGaussian normal = ZigguratSampler.NormalizedGaussian.of(random);
    double[][] features = new double[rows][2];
    double[][] targets = new double[rows][1];
    for (int n = 0; n < rows; n++) {
      double x = random.nextDouble(1, 3);
      features[n][0] = 100 + 10 * x;
      features[n][1] = random.nextDouble(); // says nothing
      targets[n][0] = (random.nextBoolean() ? x : -x) + SIGMA * normal.sample();
    }
    return new Data(features, targets);
  }

  /** log 2 for the branch, as the branches hardly overlap, and the entropy of N(0, σ²). */
  static double floor() {
    return Math.log(2) + 0.5 * Math.log(2 * Math.PI * Math.E * SIGMA * SIGMA);
  }

  /** A regressor that is fast, not good. */
  static MixtureRegressorBuilder quick() {
    return MixtureRegressor.builder()
        .components(3)
        .noise(new NoiseLevel(0.02, 0.02))
        .patience(2)
        .maxEpochs(8)
        .bins(0)
        .roundSteps(0)
        .quiet();
  }
}
