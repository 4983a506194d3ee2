/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.study;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Predicted quantiles of a row at the levels τ_i = (i − ½)/m, i = 1 … m, in ascending order.
 *
 * @param values {@code [m]}
 */
record Quantiles(double[] values) {

  /** Returns the levels, {@code [m]}. */
  static double[] levels(int count) {
    return IntStream.range(0, count).mapToDouble(i -> level(i, count)).toArray();
  }

  private static double level(double index, int count) {
    return (index + 0.5) / count;
  }

  /** Creates quantiles of predictions that may cross: sorted, which lowers their pinball loss. */
  static Quantiles sorted(double[] predictions) {
    double[] values = predictions.clone();
    Arrays.sort(values);
    return new Quantiles(values);
  }

  /**
   * Returns the continuous ranked probability score by the pinball loss,
   *
   * <pre>
   *   CRPS = 2 ∫ ρ_τ(y − q(τ)) dτ ≈ 2/m Σ_i ρ_τi(y − q_i),   ρ_τ(u) = u (τ − 1{u &lt; 0})
   * </pre>
   *
   * <p>which is exact for the distribution that puts 1/m on each quantile. Source: T. Gneiting and
   * R. Ranjan, <i>Comparing density forecasts using threshold- and quantile-weighted scoring
   * rules</i>, J. Bus. Econ. Stat. 29 (2011), equation 13.
   */
  double crps(double y) {
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      double above = y - values[i];
      sum += above * (level(i, values.length) - (above < 0 ? 1 : 0));
    }
    return 2 * sum / values.length;
  }

  /** Returns the mean of the distribution that puts 1/m on each quantile. */
  double mean() {
    return Arrays.stream(values).average().orElseThrow();
  }

  /** Returns P(Y ≤ y), linear between quantiles; 0 below the lowest and 1 above the highest. */
  double pit(double y) {
    int above = 0; // how many are not above y
    while (above < values.length && values[above] <= y) {
      above++;
    }
    if (above == 0 || above == values.length) {
      return above == 0 ? 0 : 1;
    }
    double low = values[above - 1];
    return level(above - 1 + (y - low) / (values[above] - low), values.length);
  }
}
