/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import java.util.Arrays;

/**
 * A number that was estimated from random draws.
 *
 * @param value the estimate
 * @param standardError standard deviation of the estimate over other draws, itself estimated
 */
public record Estimate(double value, double standardError) {
  static double mean(double[] draws) {
    return Arrays.stream(draws).sum() / draws.length;
  }

  /** Returns the mean of independent draws, at least 2, with s/√n as its error. */
  static Estimate ofMean(double[] draws) {
    double mean = mean(draws);
    double squares = Arrays.stream(draws).map(draw -> (draw - mean) * (draw - mean)).sum();
    return new Estimate(mean, Math.sqrt(squares / (draws.length - 1) / draws.length));
  }
}
