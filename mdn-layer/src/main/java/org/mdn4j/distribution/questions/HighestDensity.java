/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.questions;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.numbers.gamma.InverseErf;
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
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  /** So far below the highest mode a threshold has lost digits in the difference. */
  private static final double DEEP = 1e6;

  /**
   * No more than this share of the probability that is compared is missing where ends have too few
   * digits, or p is so flat that no threshold is between: then there rather is too much of it.
   */
  private static final double MISSING = 1e-8;

  private final double[] logWeights;
  private final IndependentTargets components; // without an anchor
  private final Masses masses;
  private final Position[] extrema; // a maximum, a minimum, a maximum and so on
  private final Position seam; // of a circle the lowest minimum; null: of a line
  private final DensityCurve[] curves; // [extrema]
  private final double[] logDensities; // [extrema], log p
  private final double[] widths; // [extrema], at a maximum the σ of a Gaussian like it
  private final double peak; // log p of the highest

  /** What lies between two points. */
  record Span(Position lower, Position upper) {
    /** As a segment of doubles that holds it. */
    Segment segment() {
      return new Segment(lower.floor(), upper.ceiling());
    }
  }

  /** Segments in ascending order; of those that touch as doubles, one. */
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
   * The regions of some levels on a line.
   *
   * @param components whose density it is, and the extrema's
   * @param ofProbabilities the same ones, or such as have the same probabilities
   */
  static List<List<Span>> ofLine(
      double[] logWeights,
      double[] weights,
      IndependentTargets components,
      IndependentTargets ofProbabilities,
      double[] levels) {
    Tails tails = new Tails(weights, ofProbabilities);
    DensityCurve curve = new DensityCurve(logWeights, components);
    HighestDensity density =
        new HighestDensity(
            logWeights,
            components,
            new LineMasses(weights, ofProbabilities),
            Extrema.of(logWeights, components),
            null);
    return Arrays.stream(levels)
        .mapToObj(
            level ->
                density.regionOrInterval(
                    level, QuantileSearch.interval(tails, ofProbabilities, level), curve))
        .toList();
  }

  /** The regions of some levels on a circle. */
  static List<List<Span>> ofCircle(
      double[] logWeights, double[] weights, VonMises components, double[] levels) {
    List<Position> extrema = Extrema.aroundCircle(logWeights, components);
    HighestDensity density =
        new HighestDensity(
            logWeights,
            components,
            new CircleMasses(weights, components),
            extrema.subList(1, extrema.size()),
            extrema.get(0));
    return Arrays.stream(levels).mapToObj(density::regionOfCircle).toList();
  }

  private HighestDensity(
      double[] logWeights,
      IndependentTargets components,
      Masses masses,
      List<Position> extrema,
      Position seam) {
    this.logWeights = logWeights;
    this.components = components;
    this.masses = masses;
    this.extrema = extrema.toArray(Position[]::new);
    this.seam = seam;
    this.curves = new DensityCurve[this.extrema.length];
    this.logDensities = new double[curves.length];
    this.widths = new double[curves.length];
    Map<IndependentTargets, DensityCurve> known = new HashMap<>();
    for (int i = 0; i < curves.length; i++) {
      curves[i] =
          known.computeIfAbsent(
              this.extrema[i].stretch().components(), key -> new DensityCurve(logWeights, key));
      DensityCurve curve = curves[i].at(this.extrema[i].offset());
      logDensities[i] = curve.logDensity;
      widths[i] = Math.exp(curve.logUnit) / Math.sqrt(-curve.curvature); // or not
    }
    this.peak = Arrays.stream(logDensities).max().orElseThrow();
  }

  /** The region of a level or, where all probability lies beyond doubles, the interval. */
  private List<Span> regionOrInterval(double level, Segment central, DensityCurve curve) {
    List<Span> region = region(level, central, curve);
    Stretch all = extrema[0].stretch();
    return region.isEmpty()
        ? List.of(
            new Span(
                new Position(all, central.lower() - all.anchor()),
                new Position(all, central.upper() - all.anchor())))
        : region;
  }

  /**
   * The region of a level on a line.
   *
   * @param central a central interval of the level
   * @param curve the density without an anchor
   */
  private List<Span> region(double level, Segment central, DensityCurve curve) {
    // By what a narrow peak may have between two doubles the interval is wider.
    double lower = Math.max(-Double.MAX_VALUE, Math.nextDown(central.lower()));
    double upper = Math.min(Double.MAX_VALUE, Math.nextUp(central.upper()));
    double atLower = curve.at(lower).logDensity;
    double atUpper = curve.at(upper).logDensity;
    // Where p is nowhere lower than in the central interval, it is no less likely.
    double lowest = Math.min(atLower, atUpper);
    for (int i = 0; i < extrema.length; i++) {
      double extremum = extrema[i].value();
      if (lower <= extremum && extremum <= upper) {
        lowest = Math.min(lowest, logDensities[i]);
      }
    }
    double start = Doubles.logSumExp(atLower, atUpper) - Math.log(2);
    return new Search(level, lowest, start, central.upper() - central.lower()).region();
  }

  /** The region of a level on a circle. */
  private List<Span> regionOfCircle(double level) {
    double standard = InverseErf.value(level); // exp(−standard²) is the threshold of a Gaussian
    DensityCurve curve = new DensityCurve(logWeights, seam.stretch().components());
    double lowest = curve.at(seam.offset()).logDensity;
    return new Search(level, lowest, peak - standard * standard, Math.PI).region();
  }

  /** The search for the threshold of one level. */
  private final class Search extends RootSearch {
    private final double level;
    private final double lowest; // at most the threshold's log density
    private final double start;
    private final double width; // of a peak that has none
    private double reference; // thresholds are relative to it, so that they have digits enough
    private final List<Span> region = new ArrayList<>();

    Search(double level, double lowest, double start, double width) {
      this.level = level;
      this.width = width;
      this.tolerance = 1e-12;
      this.lowest = lowest;
      this.start = start;
    }

    List<Span> region() {
      double threshold = search(peak);
      if (peak - threshold > DEEP) {
        search(threshold);
      }
      return List.copyOf(region);
    }

    /** Finds the region; returns the threshold's log density. */
    private double search(double newReference) {
      reference = newReference;
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
     * The threshold, if it is the density at the least or the largest double: below it the region's
     * end there is infinite and the probability jumps. Else NaN.
     */
    private double atRangesEnd(double least) {
      int last = extrema.length - 1;
      for (int side = -1; side <= 1 && seam == null; side += 2) {
        int maximum = side < 0 ? 0 : last;
        double furthest = furthest(maximum, side);
        double threshold = curves[maximum].at(furthest).logDensity - reference;
        if (threshold > least && value(Math.nextUp(threshold)) > 0 && value(threshold) < 0) {
          return threshold;
        }
      }
      return Double.NaN;
    }

    @Override
    protected double value(double logThreshold) {
      region.clear();
      double moved = 0; // probability per d log c: Σ c/|(log p)'| over the ends
      Position lower = null;
      for (int i = 0; i < extrema.length; i += 2) {
        if (isInside(i, logThreshold)) {
          if (i == 0 || !isInside(i - 1, logThreshold)) {
            lower = end(i, -1, logThreshold);
            moved += moved(i, logThreshold);
          }
          if (i == extrema.length - 1 || !isInside(i + 1, logThreshold)) {
            Position upper = end(i, 1, logThreshold);
            moved += moved(i, logThreshold);
            region.add(new Span(lower, upper));
          }
        }
      }
      double compared = level < 0.5 ? inside() : outside();
      double sought = level < 0.5 ? level : 1 - level;
      slope = moved / compared;
      return level < 0.5 ? Math.log(sought / compared) : Math.log(compared / sought);
    }

    private boolean isInside(int extremum, double logThreshold) {
      return logDensities[extremum] - reference >= logThreshold;
    }

    /** c/|(log p)'| where the curve of an extremum is. */
    private double moved(int extremum, double logThreshold) {
      DensityCurve curve = curves[extremum];
      return Math.exp(reference + logThreshold + curve.logUnit) / Math.abs(curve.slope);
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

    /** Where p falls to the threshold on one side of a maximum; leaves the curve there. */
    private Position end(int maximum, int side, double logThreshold) {
      Position mode = extrema[maximum];
      DensityCurve curve = curves[maximum];
      double drop = logDensities[maximum] - reference - logThreshold;
      double peakWidth = widths[maximum] < INFINITY ? widths[maximum] : width; // of no NaN
      double step = peakWidth * Math.sqrt(2 * drop);
      double far = far(maximum, side, step, logThreshold);
      if (Double.isInfinite(far)) {
        return new Position(mode.stretch(), far);
      }
      RootSearch search =
          new RootSearch() {
            {
              tolerance = 1e-14 * (1 + Math.abs(reference + logThreshold));
            }

            @Override
            protected double value(double offset) {
              double logDensity = curve.at(offset).logDensity - reference;
              slope = -side * curve.slope * Math.exp(-curve.logUnit);
              return side * (logThreshold - logDensity);
            }
          };
      double lower = Math.min(mode.offset(), far);
      double upper = Math.max(mode.offset(), far);
      double end = search.find(lower, upper, mode.offset() + side * step);
      curve.at(end);
      return new Position(mode.stretch(), end);
    }

    /** A point on a side of a maximum where p is below the threshold; infinite if none is. */
    private double far(int maximum, int side, double step, double logThreshold) {
      Position mode = extrema[maximum];
      int next = maximum + side;
      if (0 <= next && next < extrema.length) {
        return mode.stretch().offset(extrema[next]);
      }
      if (seam != null) {
        return mode.stretch().offset(side < 0 ? seam : seam.turned(2 * Math.PI));
      }
      double furthest = furthest(maximum, side);
      double wide = Math.max(Math.ulp(mode.offset()), 2 * step);
      double factor = 2;
      while (wide < Math.abs(furthest - mode.offset())) { // the factor soon is larger than all
        double far = mode.offset() + side * wide;
        if (curves[maximum].at(far).logDensity - reference < logThreshold) {
          return far;
        }
        wide *= factor;
        factor *= 2;
      }
      boolean below = curves[maximum].at(furthest).logDensity - reference < logThreshold;
      return below ? furthest : side * INFINITY;
    }
  }

  /** The offset of the least or the largest double that a target can be. */
  private double furthest(int maximum, int side) {
    double value =
        side < 0
            ? Math.max(-Double.MAX_VALUE, components.lowest())
            : Math.min(Double.MAX_VALUE, components.highest());
    return value - extrema[maximum].stretch().anchor();
  }
}
