/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

/** A check of predictions against the plain loop, over the first rows. */
final class PredictionCheck {
  private static final int ROWS = 50_000;

  private final int rows;
  private final float[] raw;
  private final float[] labels;

  PredictionCheck(int rows) {
    this.rows = rows;
    int compared = Math.min(rows, ROWS);
    raw = new float[compared * PredictionSystem.SPEC.parameterCount()];
    labels = new float[compared];
    new LikelihoodInput(PredictionSystem.SPEC, PredictionSystem.INPUT_SEED).next(raw, labels);
  }

  /**
   * Returns the largest absolute difference in nats; fails if it is more than rounding in double.
   */
  double logDensities(double[] got) {
    requireRows(got);
    PlainMixture plain = new PlainMixture(PredictionSystem.SPEC);
    double worst = 0;
    for (int n = 0; n < labels.length; n++) {
      double expected =
          plain.logDensity(raw, n * PredictionSystem.SPEC.parameterCount(), labels, n);
      worst = Math.max(worst, Math.abs(got[n] - expected));
    }
    if (!(worst <= 1e-9)) {
      throw new IllegalStateException("Log densities differ from the plain loop by " + worst);
    }
    return worst;
  }

  /**
   * Returns how far the samples' mean and variance are from the mixtures', in standard errors;
   * fails beyond 5 of them.
   */
  double samples(double[] got) {
    requireRows(got);
    int width = PredictionSystem.SPEC.parameterCount();
    int components = PredictionSystem.SPEC.components();
    double sum = 0;
    double variances = 0;
    double squares = 0;
    double fourth = 0;
    for (int n = 0; n < labels.length; n++) {
      double norm = 0;
      double mean = 0;
      double second = 0;
      for (int k = 0; k < components; k++) {
        double weight = Math.exp(raw[n * width + k]);
        double mu = raw[n * width + components + k];
        double sigma = Math.exp(raw[n * width + 2 * components + k]);
        norm += weight;
        mean += weight * mu;
        second += weight * (sigma * sigma + mu * mu);
      }
      mean /= norm;
      double variance = second / norm - mean * mean;
      double u = (got[n] - mean) / Math.sqrt(variance);
      sum += got[n] - mean;
      variances += variance;
      squares += u * u - 1;
      fourth += (u * u - 1) * (u * u - 1);
    }
    double errors =
        Math.max(Math.abs(sum) / Math.sqrt(variances), Math.abs(squares) / Math.sqrt(fourth));
    if (!(errors <= 5)) {
      throw new IllegalStateException(
          "Samples' moments are " + errors + " standard errors from the mixtures'");
    }
    return errors;
  }

  private void requireRows(double[] got) {
    if (got.length != rows) {
      throw new IllegalStateException("Expected %s answers, got %s".formatted(rows, got.length));
    }
  }
}
