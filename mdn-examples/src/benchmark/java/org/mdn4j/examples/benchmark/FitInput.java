/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;
import org.apache.commons.rng.simple.RandomSource;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;

/**
 * One minibatch for a net of 1-64-64-60 units, which the head reads as 20 components of one target
 * or as 60 targets of a squared error.
 *
 * @param features {@code [N]}
 * @param labels {@code [N]}
 * @param wideLabels {@code [N · 60]}
 */
record FitInput(float[] features, float[] labels, float[] wideLabels) {
  static final MixtureSpec SPEC =
      MixtureSpec.builder().components(20).covariance(Covariance.SPHERICAL).build();

  /** The minibatch. */
  static FitInput of(int rows) {
    UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(11);
    ZigguratSampler.NormalizedGaussian gaussian = ZigguratSampler.NormalizedGaussian.of(random);
    float[] features = new float[rows];
    float[] labels = new float[rows];
    float[] wide = new float[rows * SPEC.parameterCount()];
    for (int n = 0; n < rows; n++) {
      labels[n] = (float) random.nextDouble(-1.7, 1.7);
      features[n] = (float) (Math.sin(4 * labels[n]) + 0.3 * labels[n] + 0.1 * gaussian.sample());
    }
    for (int i = 0; i < wide.length; i++) {
      wide[i] = (float) gaussian.sample();
    }
    return new FitInput(features, labels, wide);
  }

  /** The net that every system starts from. */
  static PlainNet net() {
    return new PlainNet(1, 64, 64, SPEC.parameterCount());
  }

  /** −log p(y) of a row, by the plain loop. */
  PlainNet.Loss mixtureLoss() {
    PlainMixture plain = new PlainMixture(SPEC);
    float[] raw = new float[SPEC.parameterCount()];
    return (row, output, gradient) -> {
      for (int column = 0; column < raw.length; column++) {
        raw[column] = (float) output[column];
      }
      return plain.scoreAndGradient(raw, 0, labels, row, gradient);
    };
  }

  /** Mean squared error of a row over its 60 targets. */
  PlainNet.Loss squaredError() {
    return (row, output, gradient) -> {
      double score = 0;
      for (int column = 0; column < output.length; column++) {
        double error = output[column] - wideLabels[row * output.length + column];
        score += error * error / output.length;
        gradient[column] = 2 * error / output.length;
      }
      return score;
    };
  }
}
