/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;
import org.apache.commons.rng.simple.RandomSource;

/**
 * One minibatch for a net, whose P outputs the head reads as components of one target or as P
 * targets of a squared error.
 *
 * @param fitCase the net
 * @param features {@code [N · inputs]}
 * @param labels {@code [N]}
 */
record FitInput(FitCase fitCase, float[] features, float[] labels) {
  /** Creates the minibatch. */
  static FitInput of(FitCase fitCase) {
    int rows = fitCase.rows();
    int inputs = fitCase.inputs();
    UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(11);
    ZigguratSampler.NormalizedGaussian gaussian = ZigguratSampler.NormalizedGaussian.of(random);
    float[] features = new float[rows * inputs];
    float[] labels = new float[rows];
    for (int n = 0; n < rows; n++) {
      labels[n] = (float) random.nextDouble(-1.7, 1.7);
      features[n * inputs] =
          (float) (Math.sin(4 * labels[n]) + 0.3 * labels[n] + 0.1 * gaussian.sample());
      for (int i = 1; i < inputs; i++) {
        features[n * inputs + i] = (float) gaussian.sample();
      }
    }
    return new FitInput(fitCase, features, labels);
  }

  /** Returns the targets of a squared error, {@code [N · P]}, the same each time. */
  float[] wideLabels() {
    ZigguratSampler.NormalizedGaussian gaussian =
        ZigguratSampler.NormalizedGaussian.of(RandomSource.XO_RO_SHI_RO_128_PP.create(12));
    float[] wide = new float[fitCase.rows() * fitCase.spec().parameterCount()];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = (float) gaussian.sample();
    }
    return wide;
  }

  /** Creates the net that every system starts from. */
  PlainNet net() {
    return new PlainNet(fitCase);
  }

  /** Returns −log p(y) of a row, by the plain loop. */
  PlainNet.Loss mixtureLoss() {
    PlainMixture plain = new PlainMixture(fitCase.spec());
    float[] raw = new float[fitCase.spec().parameterCount()];
    return (row, output, gradient) -> {
      for (int column = 0; column < raw.length; column++) {
        raw[column] = (float) output[column];
      }
      return plain.scoreAndGradient(raw, 0, labels, row, gradient);
    };
  }

  /** Returns the mean squared error of a row over its P targets. */
  PlainNet.Loss squaredError() {
    float[] wide = wideLabels();
    return (row, output, gradient) -> {
      double score = 0;
      for (int column = 0; column < output.length; column++) {
        double error = output[column] - wide[row * output.length + column];
        score += error * error / output.length;
        gradient[column] = 2 * error / output.length;
      }
      return score;
    };
  }
}
