/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.questions;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.numbers.gamma.InverseErfc;
import org.mdn4j.distribution.components.IndependentTargets;
import org.mdn4j.distribution.components.VonMises;
import org.mdn4j.numerics.Doubles;
import org.mdn4j.numerics.RootSearch;

/**
 * Highest-density region {y : p(y) ≥ c} of a mixture over one target: the root, in log c, of the
 * log of its probability over the one sought. For levels of ½ and more it is the probability
 * outside of the region that is compared, since it is the small one.
 *
 * <p>The region's ends come from the density's extrema: between two neighbours the density is
 * monotone and meets c once. As c moves by dc, the probability moves by −c dc Σ 1/|p'| over the
 * ends. An end is sought in the offsets of its extremum, so that it has all its digits however
 * narrow the peak is; an end beyond all doubles is infinite.
 */
final class HighestDensity {
  /** So far below the highest mode a threshold has lost digits in the difference. */
  private static final double DEEP = 1e6;

  /**
   * No more than this share of the probability that is compared is missing where ends have too few
   * digits, or p is so flat that no threshold is between: then there rather is too much of it.
   */
  private static final double MISSING = 1e-8;

  private final double[] logWeights;
  private final Masses masses;
  private final Position[] extrema; // a maximum, a minimum, a maximum and so on
  private final Position seam; // of a circle the lowest minimum; null: of a line
  private final double[] logDensities; // [extrema], log p
  private final Flank[] below; // [maxima]
  private final Flank[] above; // [maxima]
  private final double peak; // log p of the highest
  private double lowest; // at most the thresholds' log density
  private double width; // of a peak that has none
  private Level lastLevel;
  private double lastThreshold; // log p of its region's ends
  private double lastMoved; // by which its probability rises per d log p that they are lower

  /** What lies between two points. */
  record Span(Position lower, Position upper) {
    /** Returns a segment of doubles that holds it. */
    Segment segment() {
      return new Segment(lower.floor(), upper.ceiling());
    }
  }

  /** Returns segments in ascending order; of those that touch as doubles, one. */
  static List<Segment> disjoint(Stream<Segment> segments) {
    List<Segment> disjoint = new ArrayList<>();
    segments.forEachOrdered(
        next -> {
          int last = disjoint.size() - 1;
          if (last >= 0 && next.lower() <= disjoint.get(last).upper()) {
            double upper = Math.max(next.upper(), disjoint.get(last).upper());
            disjoint.set(last, new Segment(disjoint.get(last).lower(), upper));
          } else {
            disjoint.add(next);
          }
        });
    return List.copyOf(disjoint);
  }

  /**
   * Returns the regions of some levels on a line.
   *
   * @param components whose density it is, and the extrema's
   * @param ofProbabilities the same ones, or such as have the same probabilities
   * @param extrema from {@link Extrema#of}
   */
  static List<List<Span>> ofLine(
      double[] logWeights,
      double[] weights,
      IndependentTargets components,
      IndependentTargets ofProbabilities,
      List<Position> extrema,
      Level[] levels) {
    Tails tails = new Tails(weights, ofProbabilities);
    HighestDensity density =
        new HighestDensity(
            logWeights, components, new LineMasses(weights, ofProbabilities), extrema, null);
    return density.regions(
        levels,
        level -> QuantileSearch.interval(tails, ofProbabilities, level.outside()),
        new DensityCurve(logWeights, components));
  }

  /**
   * Returns the regions of some levels on a circle.
   *
   * @param extrema from {@link Extrema#aroundCircle}
   */
  static List<List<Span>> ofCircle(
      double[] logWeights,
      double[] weights,
      VonMises components,
      List<Position> extrema,
      Level[] levels) {
    HighestDensity density =
        new HighestDensity(
            logWeights,
            components,
            new CircleMasses(weights, components),
            extrema.subList(1, extrema.size()),
            extrema.get(0));
    return Arrays.stream(levels).map(density::regionOfCircle).toList();
  }

  /**
   * Returns the probability on a line of what is less likely than a point.
   *
   * @param components whose density it is, the extrema's and the point's
   * @param ofProbabilities the same ones, or such as have the same probabilities
   * @param extrema from {@link Extrema#of}
   */
  static double tailOnLine(
      double[] logWeights,
      double[] weights,
      IndependentTargets components,
      IndependentTargets ofProbabilities,
      List<Position> extrema,
      double point) {
    return new HighestDensity(
            logWeights, components, new LineMasses(weights, ofProbabilities), extrema, null)
        .tail(new DensityCurve(logWeights, components).at(point).logDensity);
  }

  /**
   * Returns the probability on a circle of what is less likely than an angle.
   *
   * @param extrema from {@link Extrema#aroundCircle}
   */
  static double tailOnCircle(
      double[] logWeights,
      double[] weights,
      VonMises components,
      List<Position> extrema,
      double angle) {
    return new HighestDensity(
            logWeights,
            components,
            new CircleMasses(weights, components),
            extrema.subList(1, extrema.size()),
            extrema.get(0))
        .tail(new DensityCurve(logWeights, components).at(angle).logDensity);
  }

  private HighestDensity(
      double[] logWeights,
      IndependentTargets components,
      Masses masses,
      List<Position> extrema,
      Position seam) {
    this.logWeights = logWeights;
    this.masses = masses;
    this.extrema = extrema.toArray(Position[]::new);
    this.seam = seam;
    this.logDensities = new double[this.extrema.length];
    this.below = new Flank[(logDensities.length + 1) / 2];
    this.above = new Flank[below.length];
    Map<IndependentTargets, DensityCurve> known = new HashMap<>();
    for (int i = 0; i < logDensities.length; i++) {
      Position extremum = this.extrema[i];
      DensityCurve curve =
          known.computeIfAbsent(
              extremum.stretch().components(), key -> new DensityCurve(logWeights, key));
      logDensities[i] = curve.at(extremum.offset()).logDensity;
      if (i % 2 == 0) {
        double anchor = extremum.stretch().anchor();
        double lowest = Math.max(-Double.MAX_VALUE, components.lowest()) - anchor;
        double highest = Math.min(Double.MAX_VALUE, components.highest()) - anchor;
        below[i / 2] = new Flank(curve, extremum, -1, next(i, -1), lowest);
        above[i / 2] = new Flank(curve, extremum, 1, next(i, 1), highest);
      }
    }
    this.peak = Arrays.stream(logDensities).max().orElseThrow();
  }

  /** Returns the offset of the extremum on one side of a maximum; NaN if there is none. */
  private double next(int maximum, int side) {
    Stretch stretch = extrema[maximum].stretch();
    int next = maximum + side;
    if (0 <= next && next < extrema.length) {
      return stretch.offset(extrema[next]);
    }
    return seam == null ? Double.NaN : stretch.offset(side < 0 ? seam : seam.turned(2 * Math.PI));
  }

  /**
   * Returns the regions of some levels on a line.
   *
   * @param intervals central intervals of a level
   * @param curve the density without an anchor
   */
  private List<List<Span>> regions(
      Level[] levels, Function<Level, Segment> intervals, DensityCurve curve) {
    List<List<Span>> regions = new ArrayList<>(Collections.nCopies(levels.length, List.of()));
    int[] descending = // so that the first, to which there is no start but its interval, is easy
        IntStream.range(0, levels.length)
            .boxed()
            .sorted(
                Comparator.comparingDouble((Integer i) -> levels[i].outside())
                    .thenComparing(i -> -levels[i].inside()))
            .mapToInt(i -> i)
            .toArray();
    for (int i : descending) {
      if (i == descending[0]) {
        start(levels[i], intervals.apply(levels[i]), curve);
      }
      List<Span> region = new Search(levels[i], fromLast(levels[i])).region();
      regions.set(
          i,
          region.isEmpty() ? interval(intervals.apply(levels[i])) : region); // beyond all doubles
    }
    return regions;
  }

  /** Starts with what a central interval of the highest level says. */
  private void start(Level level, Segment central, DensityCurve curve) {
    // By what a narrow peak may have between two doubles the interval is wider.
    double lower = Math.max(-Double.MAX_VALUE, Math.nextDown(central.lower()));
    double upper = Math.min(Double.MAX_VALUE, Math.nextUp(central.upper()));
    double atLower = curve.at(lower).logDensity;
    double atUpper = curve.at(upper).logDensity;
    // Where p is nowhere lower than in the central interval, it is no less likely.
    lowest = Math.min(atLower, atUpper);
    for (int i = 0; i < extrema.length; i++) {
      double extremum = extrema[i].value();
      if (lower <= extremum && extremum <= upper) {
        lowest = Math.min(lowest, logDensities[i]);
      }
    }
    width = central.upper() - central.lower();
    lastLevel = level;
    lastThreshold = Doubles.logSumExp(atLower, atUpper) - Math.log(2);
    lastMoved = level.outside(); // what is outside in proportion to the threshold
  }

  private List<Span> interval(Segment central) {
    Stretch all = extrema[0].stretch();
    return List.of(
        new Span(
            new Position(all, central.lower() - all.anchor()),
            new Position(all, central.upper() - all.anchor())));
  }

  /** Returns the region of a level on a circle. */
  private List<Span> regionOfCircle(Level level) {
    double standard =
        InverseErfc.value(level.outside()); // exp(−standard²) is the threshold of a Gaussian
    lowest = new DensityCurve(logWeights, seam.stretch().components()).at(seam.offset()).logDensity;
    width = Math.PI;
    return new Search(level, peak - standard * standard).region();
  }

  /** Returns a threshold by the slope of the log of what is compared at the last level's. */
  private double fromLast(Level level) {
    return level.inside() < 0.5
        ? lastThreshold
            - Math.log(level.inside() / lastLevel.inside()) * lastLevel.inside() / lastMoved
        : lastThreshold
            + Math.log(level.outside() / lastLevel.outside()) * lastLevel.outside() / lastMoved;
  }

  /** Returns the probability of what is outside of the region above a threshold. */
  private double tail(double logThreshold) {
    if (logThreshold == Double.NEGATIVE_INFINITY) {
      return 0;
    }
    width = Doubles.nearestFinite(Math.exp(-peak)); // of a peak so high that had all
    return Math.max(0, Math.min(1, new Search(new Level(0.5, 0.5), 0).outsideOf(logThreshold)));
  }

  /** The search for the threshold of one level. */
  private final class Search extends RootSearch {
    private final boolean small; // the region, so that what is inside is compared
    private final Level level;
    private final double start;
    private double known = Double.NaN; // the threshold that was asked last, …
    private double knownValue; // … what it gave, and the region is
    private double reference; // thresholds are relative to it, so that they have digits enough
    private final List<Span> region = new ArrayList<>();

    Search(Level level, double start) {
      this.small = level.inside() < 0.5;
      this.level = level;
      this.start = start;
      this.tolerance = 1e-12;
    }

    List<Span> region() {
      double threshold = search(peak);
      if (peak - threshold > DEEP) {
        threshold = search(threshold);
      }
      lastLevel = level;
      lastThreshold = threshold;
      return List.copyOf(region);
    }

    /**
     * Returns the probability outside of the region above a threshold, which need not be the
     * level's.
     */
    double outsideOf(double logThreshold) {
      reference = logThreshold;
      value(0);
      return outside();
    }

    /** Finds the region; returns the threshold's log density. */
    private double search(double newReference) {
      reference = newReference;
      known = Double.NaN;
      double slack = 1e-9 + 1e-12 * Math.abs(lowest - reference); // of the interval's rounding
      double least = Math.max(-Double.MAX_VALUE / 4, lowest - reference - slack);
      double threshold = atRangesEnd(least);
      if (Double.isNaN(threshold)) {
        threshold = find(least, peak - reference, start - reference);
      }
      double step = Math.ulp(Math.abs(reference) + Math.abs(threshold));
      while (value(threshold) > MISSING && threshold > least) { // as much as the level, or more
        threshold = Math.max(least, threshold - step);
        step *= 2;
      }
      return reference + threshold;
    }

    /**
     * Returns the threshold, if it is the density at the least or the largest double: below it the
     * region's end there is infinite and the probability jumps. Else NaN.
     */
    private double atRangesEnd(double least) {
      if (seam == null) {
        for (Flank last : new Flank[] {below[0], above[above.length - 1]}) {
          double threshold = last.logDensityAtFurthest() - reference;
          if (threshold > least && value(Math.nextUp(threshold)) > 0 && value(threshold) < 0) {
            return threshold;
          }
        }
      }
      return Double.NaN;
    }

    @Override
    protected double value(double logThreshold) {
      if (logThreshold == known) {
        return knownValue;
      }
      region.clear();
      double moved = 0; // probability per d log c: Σ c/|(log p)'| over the ends
      Position lower = null;
      for (int i = 0; i < extrema.length; i += 2) {
        if (isInside(i, logThreshold)) {
          if (i == 0 || !isInside(i - 1, logThreshold)) {
            lower = below[i / 2].end(reference, logThreshold, width);
            moved += below[i / 2].moved();
          }
          if (i == extrema.length - 1 || !isInside(i + 1, logThreshold)) {
            Position upper = above[i / 2].end(reference, logThreshold, width);
            moved += above[i / 2].moved();
            region.add(new Span(lower, upper));
          }
        }
      }
      double compared = small ? inside() : outside();
      double sought = small ? level.inside() : level.outside();
      slope = moved / compared;
      lastMoved = moved;
      known = logThreshold;
      knownValue = small ? Math.log(sought / compared) : Math.log(compared / sought);
      return knownValue;
    }

    private boolean isInside(int extremum, double logThreshold) {
      return logDensities[extremum] - reference >= logThreshold;
    }

    private double inside() {
      double sum = 0;
      for (Span span : region) {
        sum += masses.between(span.lower, span.upper);
      }
      return sum;
    }

    private double outside() {
      if (region.isEmpty()) {
        return 1;
      }
      double sum = masses.outside(region.get(0).lower, region.get(region.size() - 1).upper);
      for (int i = 1; i < region.size(); i++) {
        sum += masses.between(region.get(i - 1).upper, region.get(i).lower);
      }
      return sum;
    }
  }
}
