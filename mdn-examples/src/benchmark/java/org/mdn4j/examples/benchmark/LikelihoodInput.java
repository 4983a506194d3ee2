/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;
import org.apache.commons.rng.simple.RandomSource;
import org.mdn4j.MixtureSpec;

/**
 * The same raw outputs and targets for every system: random mixtures, and one sample from each, so
 * that a likelihood in linear space stays inside FLOAT's range too.
 */
final class LikelihoodInput {
  private final MixtureSpec spec;
  private final UniformRandomProvider random;
  private final ZigguratSampler.NormalizedGaussian gaussian;

  /**
   * Creates the sequence of rows.
   *
   * @param spec columns of a row
   * @param seed the same seed gives the same rows
   */
  LikelihoodInput(MixtureSpec spec, long seed) {
    this.spec = spec;
    this.random = RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
    this.gaussian = ZigguratSampler.NormalizedGaussian.of(random);
  }

  /**
   * Writes the next rows.
   *
   * @param raw {@code [rows · P]}, raw outputs row by row
   * @param labels {@code [rows · D]}, targets row by row
   */
  void next(float[] raw, float[] labels) {
    int width = spec.parameterCount();
    int targets = spec.targets();
    for (int n = 0; n < labels.length / targets; n++) {
      int row = n * width;
      for (int column = 0; column < width; column++) {
        double normal = gaussian.sample();
        raw[row + column] =
            (float) (column < spec.columns().scales().from() ? normal : 0.1 * normal - 0.9);
      }
      int k = random.nextInt(spec.components());
      for (int d = 0; d < targets; d++) {
        double sigma = Math.exp(raw[row + spec.columns().scale(k, d)]);
        labels[n * targets + d] =
            (float) (raw[row + spec.columns().location(k, d)] + sigma * gaussian.sample());
      }
    }
  }
}
