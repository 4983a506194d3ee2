/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.questions;

import java.util.Arrays;
import org.mdn4j.distribution.components.IndependentTargets;
import org.mdn4j.distribution.components.NegativeBinomials;
import org.mdn4j.numerics.RootSearch;

/**
 * Quantile of a mixture over one target: the root of the log of its tail's probability, over the
 * one sought. Of the two tails it takes the one that is small, and it lies between the smallest and
 * the largest of the components' own quantiles. One beyond all doubles is infinite. Of counts it is
 * the least integer that {@link CountAnswers} finds.
 */
public final class QuantileSearch extends RootSearch {
  private final Tails tails;
  private final boolean upper;
  private final double probability;
  private final double[] quantiles; // [K], the components', ascending

  private QuantileSearch(Tails tails, boolean upper, double probability, double[] quantiles) {
    this.tails = tails;
    this.upper = upper;
    this.probability = probability;
    this.quantiles = quantiles;
    // Rounding of u in exp(−u²/2) is felt in proportion to the log of the probability.
    this.tolerance = 1e-15 * (4 - Math.log(probability));
  }

  /** Returns the y with P(Y ≤ y) = p, or with upper P(Y &gt; y) = p; p in [0, 1]. */
  public static double of(Tails tails, IndependentTargets components, boolean upper, double p) {
    if (components instanceof NegativeBinomials counts) {
      return CountAnswers.quantile(tails, counts, null, upper, p);
    }
    boolean mirrored = p > 0.5;
    boolean inUpper = upper != mirrored;
    double small = mirrored ? 1 - p : p;
    double[] quantiles = new double[components.count()];
    if (inUpper) {
      components.survivalQuantiles(small, quantiles);
    } else {
      components.quantiles(small, quantiles);
    }
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
    lowest = finite(lowest);
    highest = finite(highest);
    // The components' quantiles are rounded themselves.
    slack = 1e-12 * (slack + Math.max(Math.abs(lowest), Math.abs(highest)));
    double lower = finite(lowest - slack);
    double top = finite(highest + slack);
    Arrays.sort(quantiles);
    QuantileSearch search = new QuantileSearch(tails, inUpper, small, quantiles);
    if (lower == -Double.MAX_VALUE && search.value(lower) > 0) {
      return Double.NEGATIVE_INFINITY;
    }
    if (top == Double.MAX_VALUE && search.value(top) < 0) {
      return Double.POSITIVE_INFINITY;
    }
    return search.find(lower, top, search.middle(lowest, highest));
  }

  /** Returns the central interval that leaves so much outside: half of it in each tail. */
  public static Segment interval(Tails tails, IndependentTargets components, double outside) {
    double tail = outside / 2;
    double lower = of(tails, components, false, tail);
    double upper = of(tails, components, true, tail);
    // Where a level near 0 meets a gap without mass, every y of the gap answers both.
    return new Segment(Math.min(lower, upper), Math.max(lower, upper));
  }

  private static double finite(double y) {
    return Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, y));
  }

  /** Returns the middle one of the components' quantiles in the bracket, if there is one. */
  @Override
  protected double middle(double lower, double upper) {
    int from = 0;
    int to = quantiles.length;
    while (from < to && quantiles[from] <= lower) {
      from++;
    }
    while (from < to && quantiles[to - 1] >= upper) {
      to--;
    }
    return from < to ? quantiles[(from + to) / 2] : super.middle(lower, upper);
  }

  @Override
  protected double value(double y) {
    double tail = upper ? tails.survival(y) : tails.cdf(y);
    slope = tails.density(y) / tail;
    return upper ? Math.log(probability / tail) : Math.log(tail / probability);
  }
}
