/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.plot;

import org.apache.commons.math3.distribution.BinomialDistribution;

/**
 * Histogram of PIT values over [0, 1], flat at 1 for a calibrated model.
 *
 * @param count number of PIT values
 * @param density heights of the {@value #BINS} bars
 * @param low 2.5 % of the bars of a calibrated model are lower
 * @param high 2.5 % of the bars of a calibrated model are higher
 */
public record PitHistogram(int count, double[] density, double low, double high) {
  private static final int BINS = 20;

  /**
   * Creates the histogram of PIT values.
   *
   * @param pit PIT values F(y | x), {@code [N]}, N at least 1
   * @return the histogram
   */
  public static PitHistogram of(double[] pit) {
    double[] density = new double[BINS];
    for (double value : pit) {
      density[(int) Math.min(BINS - 1, value * BINS)] += (double) BINS / pit.length;
    }
    BinomialDistribution bar = new BinomialDistribution(null, pit.length, 1.0 / BINS);
    return new PitHistogram(
        pit.length,
        density,
        bar.inverseCumulativeProbability(0.025) * (double) BINS / pit.length,
        bar.inverseCumulativeProbability(0.975) * (double) BINS / pit.length);
  }
}
