/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

/**
 * Quantile of a mixture over one target: the root of the log of its tail's probability, over the
 * one sought. Of the two tails it takes the one that is small, and it lies between the smallest and
 * the largest of the components' own quantiles.
 */
final class QuantileSearch extends RootSearch {
  private final Tails tails;
  private final boolean upper;
  private final double probability;

  private QuantileSearch(Tails tails, boolean upper, double probability) {
    this.tails = tails;
    this.upper = upper;
    this.probability = probability;
    // Rounding of u in exp(−u²/2) is felt in proportion to the log of the probability.
    this.tolerance = 1e-15 * (4 - Math.log(probability));
  }

  /** The y with P(Y ≤ y) = p, or with upper P(Y &gt; y) = p; p in [0, 1]. */
  static double find(double[] logWeights, Components components, boolean upper, double p) {
    boolean mirrored = p > 0.5;
    boolean inUpper = upper != mirrored;
    double small = mirrored ? 1 - p : p;
    double[] quantiles = new double[logWeights.length];
    if (inUpper) {
      components.survivalQuantiles(small, quantiles);
    } else {
      components.quantiles(small, quantiles);
    }
    Tails tails = new Tails(logWeights, components);
    double lowest = Double.POSITIVE_INFINITY;
    double highest = Double.NEGATIVE_INFINITY;
    double slack = 0;
    for (int k = 0; k < quantiles.length; k++) {
      if (tails.has(k)) {
        lowest = Math.min(lowest, quantiles[k]);
        highest = Math.max(highest, quantiles[k]);
        slack = Math.max(slack, Math.abs(components.mode(k)));
      }
    }
    if (small == 0) {
      return inUpper ? highest : lowest;
    }
    // The components' quantiles are rounded themselves.
    slack = 1e-12 * (slack + Math.max(Math.abs(lowest), Math.abs(highest)));
    return new QuantileSearch(tails, inUpper, small)
        .find(finite(lowest - slack), finite(highest + slack), 0.5 * lowest + 0.5 * highest);
  }

  private static double finite(double y) {
    return Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, y));
  }

  @Override
  double value(double y) {
    double tail = upper ? tails.survival(y) : tails.cdf(y);
    slope = tails.density(y) / tail;
    return upper ? Math.log(probability / tail) : Math.log(tail / probability);
  }
}
