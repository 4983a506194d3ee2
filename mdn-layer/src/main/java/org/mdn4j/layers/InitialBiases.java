/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.layers;

import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;

/** Biases with which a head starts from a given mixture, whatever its input. */
public final class InitialBiases {
  private InitialBiases() {}

  /**
   * The raw output that stands for a mixture. A scale at or below the specification's floor f
   * starts a little above it, at f plus a tenth of the scale. For {@link Covariance#SPHERICAL} a
   * component's scale is the root of the mean of its variances.
   *
   * @param spec the columns of the raw output
   * @param logits {@code [K]}
   * @param locations {@code [K][D]}, in target units
   * @param scales {@code [K][D]}, positive, in target units
   * @return {@code [P]}, in the order of the raw output's columns
   */
  public static double[] of(
      MixtureSpec spec, double[] logits, double[][] locations, double[][] scales) {
    double[] biases = new double[spec.parameterCount()];
    for (int k = 0; k < spec.components(); k++) {
      biases[spec.logitColumns().from() + k] = logits[k];
      for (int d = 0; d < spec.targets(); d++) {
        biases[spec.locationColumn(k, d)] = locations[k][d];
        double scale =
            spec.covariance() == Covariance.SPHERICAL ? rootMeanSquare(scales[k]) : scales[k][d];
        biases[spec.scaleColumn(k, d)] =
            Math.log(Math.max(scale - spec.scaleFloor(), 0.1 * scale)); // σ = f + exp(s)
      }
    }
    return biases;
  }

  private static double rootMeanSquare(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value * value;
    }
    return Math.sqrt(sum / values.length);
  }
}
