/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.questions;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import org.mdn4j.distribution.components.TruncatedTargets;
import org.mdn4j.numerics.Doubles;
import org.mdn4j.numerics.RootSearch;

/**
 * Highest-density regions of a mixture within a range, {y : p(y) ≥ c}. Between its ends and the
 * extrema of the whole density p is monotone, so that each such piece meets c once; c is found by
 * halving, in its logarithm, the range in which the probability sought lies. Of the inside and the
 * outside of a region the one that is small is compared.
 */
final class TruncatedRegions {
  /** What is left of an infinite tail beyond the last piece: less than any level leaves out. */
  private static final double BEYOND = Double.MIN_NORMAL;

  private static final int HALVINGS = 60;

  /** Nats below the highest of the pieces' ends: the least level over the longest range. */
  private static final double LOWEST = 2000;

  private final double[] logWeights;
  private final double[] weights;
  private final TruncatedTargets components;
  private final double[] knots; // ascending
  private final double[] heights; // log p there
  private final double highest;

  /**
   * Creates the regions' pieces.
   *
   * @param extrema of the whole density, as values
   */
  TruncatedRegions(
      double[] logWeights, double[] weights, TruncatedTargets components, DoubleStream extrema) {
    this.logWeights = logWeights;
    this.weights = weights;
    this.components = components;
    Tails tails = new Tails(weights, components);
    double low = components.lowest();
    double high = components.highest();
    double first =
        Double.isFinite(low) ? low : bounded(QuantileSearch.of(tails, components, false, BEYOND));
    double last =
        Double.isFinite(high) ? high : bounded(QuantileSearch.of(tails, components, true, BEYOND));
    this.knots =
        DoubleStream.concat(
                DoubleStream.of(first, last), extrema.filter(y -> first < y && y < last))
            .sorted()
            .distinct()
            .toArray();
    this.heights = DoubleStream.of(knots).map(this::logDensity).toArray();
    this.highest = Doubles.max(heights);
  }

  private static double bounded(double y) {
    return Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, y));
  }

  private double logDensity(double y) {
    double[] logJoint = new double[logWeights.length];
    Intervals.logJoint(logWeights, components, new double[] {y, y}, logJoint);
    return Doubles.logSumExp(logJoint);
  }

  /** Returns the region of a level, its segments ascending. */
  List<Segment> region(Level level) {
    double low = highest - LOWEST;
    double high = highest;
    for (int halving = 0; halving < HALVINGS; halving++) {
      double middle = 0.5 * (low + high);
      List<Segment> region = above(middle);
      boolean holds =
          level.inside() < 0.5
              ? inside(region) >= level.inside()
              : outside(region) <= level.outside();
      if (holds) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return above(low);
  }

  /** Returns the probability of what is less likely than a value. */
  double tail(double y) {
    double height = logDensity(y);
    return height == Double.NEGATIVE_INFINITY ? 0 : outside(above(height));
  }

  private double inside(List<Segment> region) {
    return region.stream().mapToDouble(one -> probability(one.lower(), one.upper())).sum();
  }

  private double outside(List<Segment> region) {
    double sum = 0;
    double from = components.lowest();
    for (Segment one : region) {
      sum += probability(from, one.lower());
      from = one.upper();
    }
    return Math.min(1, sum + probability(from, components.highest()));
  }

  private double probability(double lower, double upper) {
    return lower < upper ? Answers.of(components).probability(weights, lower, upper) : 0;
  }

  /** Returns where log p is at least c. */
  private List<Segment> above(double c) {
    List<Segment> region = new ArrayList<>();
    for (int i = 0; i + 1 < knots.length; i++) {
      boolean left = heights[i] >= c;
      boolean right = heights[i + 1] >= c;
      if (!left && !right) {
        continue;
      }
      double lower = left ? knots[i] : crossing(knots[i], knots[i + 1], c, true);
      double upper = right ? knots[i + 1] : crossing(knots[i], knots[i + 1], c, false);
      int before = region.size() - 1;
      if (before >= 0 && region.get(before).upper() == lower) {
        lower = region.remove(before).lower();
      }
      region.add(new Segment(lower, upper));
    }
    return region;
  }

  /** Returns where a monotone piece meets c. */
  private double crossing(double lower, double upper, double c, boolean rises) {
    RootSearch search =
        new RootSearch() {
          {
            tolerance = 1e-14 * (1 + Math.abs(c));
          }

          @Override
          protected double value(double y) {
            double[] logJoint = new double[logWeights.length];
            Intervals.logJoint(logWeights, components, new double[] {y, y}, logJoint);
            double height = Doubles.logSumExp(logJoint);
            double sum = 0;
            for (int k = 0; k < logJoint.length; k++) {
              double share = Math.exp(logJoint[k] - height);
              sum += share > 0 ? share * components.whole().score(k, y) : 0;
            }
            slope = rises ? sum : -sum;
            return rises ? height - c : c - height;
          }
        };
    return search.find(lower, upper, Double.NaN);
  }
}
