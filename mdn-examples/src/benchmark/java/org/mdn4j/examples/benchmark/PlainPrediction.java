/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;
import org.apache.commons.rng.simple.RandomSource;

/** The prediction that a user would write by hand: one thread, one row after another. */
final class PlainPrediction implements PredictionSystem {
  private final float[] raw; // [N · P]
  private final float[] labels; // [N]

  PlainPrediction(int rows) {
    raw = new float[rows * SPEC.parameterCount()];
    labels = new float[rows];
    new LikelihoodInput(SPEC, INPUT_SEED).next(raw, labels);
  }

  @Override
  public Object logDensity() {
    PlainMixture plain = new PlainMixture(SPEC);
    double[] logDensity = new double[labels.length];
    for (int n = 0; n < labels.length; n++) {
      logDensity[n] = plain.logDensity(raw, n * SPEC.parameterCount(), labels, n);
    }
    return logDensity;
  }

  @Override
  public Object sample() {
    UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(3);
    ZigguratSampler.NormalizedGaussian gaussian = ZigguratSampler.NormalizedGaussian.of(random);
    int components = SPEC.components();
    double[] samples = new double[labels.length];
    double[] weights = new double[components];
    for (int n = 0; n < samples.length; n++) {
      int row = n * SPEC.parameterCount();
      double max = Double.NEGATIVE_INFINITY;
      for (int k = 0; k < components; k++) {
        max = Math.max(max, raw[row + k]);
      }
      double sum = 0;
      for (int k = 0; k < components; k++) {
        weights[k] = Math.exp(raw[row + k] - max);
        sum += weights[k];
      }
      double left = random.nextDouble() * sum;
      int chosen = 0;
      while (chosen < components - 1 && left >= weights[chosen]) {
        left -= weights[chosen++];
      }
      samples[n] =
          raw[row + components + chosen]
              + Math.exp(raw[row + 2 * components + chosen]) * gaussian.sample();
    }
    return samples;
  }

  @Override
  public double[] values(Object answer) {
    return (double[]) answer;
  }

  @Override
  public Long offHeapBytes(Question question) {
    return 0L;
  }

  @Override
  public int threads() {
    return 1;
  }

  @Override
  public String settings() {
    return "one thread, doubles";
  }
}
