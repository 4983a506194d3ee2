/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.model;

/** Means of values that count differently. */
public final class WeightedMean {
  private WeightedMean() {}

  /**
   * Returns the mean Σ w x / Σ w.
   *
   * @param weights positive, or null where all are 1
   */
  public static double of(double[] values, double[] weights) {
    double sum = 0;
    double total = 0;
    for (int n = 0; n < values.length; n++) {
      double weight = weights == null ? 1 : weights[n];
      sum += weight * values[n];
      total += weight;
    }
    return sum / total;
  }

  /**
   * Returns the standard error of that mean, √(Σ w² (x − mean)²) / Σ w · √(n / (n − 1)): for equal
   * weights that of the plain mean.
   *
   * @param weights positive, or null where all are 1
   */
  public static double standardError(double[] values, double[] weights) {
    double mean = of(values, weights);
    double squares = 0;
    double total = 0;
    for (int n = 0; n < values.length; n++) {
      double weight = weights == null ? 1 : weights[n];
      squares += weight * weight * (values[n] - mean) * (values[n] - mean);
      total += weight;
    }
    double n = values.length;
    return Math.sqrt(squares * n / (n - 1)) / total;
  }
}
