/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.questions;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.mdn4j.distribution.components.IndependentTargets;
import org.mdn4j.distribution.components.VonMises;
import org.mdn4j.numerics.Doubles;
import org.mdn4j.numerics.RootSearch;

/**
 * All local extrema of the density of a mixture over one target, by exclusion: nothing is searched
 * for from starting points, so nothing is missed.
 *
 * <p>They lie between the components' modes. That stretch is halved again and again until p' is
 * proven to have at most one root in each part ({@link SlopeBounds}); an extremum is then where the
 * sign of p' differs between the ends of parts. Signs that rounding may have made are passed over.
 * The widest parts are halved first, and there is a limit to their number, which only a density
 * that is flat over many scales comes to.
 */
final class Extrema {
  private static final int STARTS = 17; // round the circle, until one shows a slope

  /** After so many halvings of a stretch it is the doubles in a part that are halved. */
  private static final int HALVINGS = 40;

  /** Points at which all components are asked, at most. */
  private static final double MOST_EVALUATIONS = 2e6; // of one component

  private static final int MOST_PER_COMPONENT = 40;

  /** A component narrower than this share of its stretch has points of its own to divide at. */
  private static final double SMALL = 0x1p-20;

  private final double[] logWeights;
  private final int[] shares;
  private final List<Position> found = new ArrayList<>();
  private int pointsLeft;

  private Extrema(double[] logWeights, int[] shares) {
    this.logWeights = logWeights;
    this.shares = shares;
    this.pointsLeft =
        (int) Math.max(MOST_PER_COMPONENT * shares.length, MOST_EVALUATIONS / shares.length);
  }

  /** Returns the components that have a share in the mixture. */
  private static int[] shares(double[] logWeights) {
    return IntStream.range(0, logWeights.length).filter(k -> Math.exp(logWeights[k]) > 0).toArray();
  }

  /**
   * Returns the extrema, ascending: a maximum, a minimum, a maximum and so on to the last maximum.
   */
  static List<Position> of(double[] logWeights, IndependentTargets components) {
    int[] shares = shares(logWeights);
    double lowest = Arrays.stream(shares).mapToDouble(components::mode).min().orElseThrow();
    double highest = Arrays.stream(shares).mapToDouble(components::mode).max().orElseThrow();
    double from = Math.max(lowest, components.lowest());
    double to = Math.max(from, highest);
    if (from == to) {
      return List.of(new Position(Stretch.at(components, from), 0));
    }
    // p rises up to the lowest mode and falls from the highest, whatever rounding says there.
    Extrema search = new Extrema(logWeights, shares);
    List<Stretch> stretches = Stretch.ofLine(components, shares, from, to);
    boolean rises =
        lowest == from
            || new SlopeBounds(logWeights, components, shares, from, to).at(from).sign > 0;
    if (!rises) { // a maximum where the target's range starts
      search.found.add(new Position(stretches.get(0), stretches.get(0).from()));
    }
    return search.between(stretches, rises ? 1 : -1, -1);
  }

  /**
   * Returns the extrema of a density of period 2π: the lowest minimum, a maximum, a minimum and so
   * on to the last maximum, ascending from there over one turn. A density too flat to show any has
   * its maximum at the heaviest component's location.
   */
  static List<Position> aroundCircle(double[] logWeights, VonMises components) {
    int[] shares = shares(logWeights);
    int heaviest =
        Arrays.stream(shares)
            .boxed()
            .max(Comparator.comparingDouble(k -> logWeights[k]))
            .orElseThrow();
    double mode = components.mode(heaviest);
    double[] anchors = Stretch.anchorsOfCircle(components, shares);
    SlopeBounds bounds = new SlopeBounds(logWeights, components, shares, 0, 0);
    List<Position> found = List.of();
    for (int i = 0; i < STARTS && found.size() < 2; i++) {
      double start = mode - Math.PI + i * 2 * Math.PI / STARTS;
      int sign = bounds.at(start).sign;
      if (sign != 0 && Stretch.canStart(start, anchors)) {
        found =
            new Extrema(logWeights, shares)
                .between(Stretch.ofCircle(components, anchors, start), sign, sign);
        if (sign > 0 && found.size() > 1) {
          found = rotated(found, 1); // its first is a maximum
        }
      }
    }
    if (found.size() < 2) {
      Stretch turn = Stretch.at(components, mode);
      return List.of(new Position(turn, -Math.PI), new Position(turn, 0));
    }
    return fromLowestMinimum(found, logWeights);
  }

  private static List<Position> fromLowestMinimum(List<Position> found, double[] logWeights) {
    int lowest = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < found.size(); i += 2) {
      Position minimum = found.get(i);
      double logDensity =
          new DensityCurve(logWeights, minimum.stretch().components())
              .at(minimum.offset())
              .logDensity;
      lowest = logDensity < least ? i : lowest;
      least = Math.min(least, logDensity);
    }
    return rotated(found, lowest);
  }

  /** Returns the same points, the first ones a turn later. */
  private static List<Position> rotated(List<Position> points, int by) {
    List<Position> rotated = new ArrayList<>(points.subList(by, points.size()));
    points.subList(0, by).forEach(point -> rotated.add(point.turned(2 * Math.PI)));
    return rotated;
  }

  /** Returns the extrema along the stretches, with the signs of p' at both ends. */
  private List<Position> between(List<Stretch> stretches, int signAtStart, int signAtEnd) {
    int sign = signAtStart;
    Position since = new Position(stretches.get(0), stretches.get(0).from());
    for (Stretch stretch : stretches) {
      boolean last = stretch == stretches.get(stretches.size() - 1);
      for (Part part = parts(stretch); part != null; part = part.next) {
        boolean first = stretch == stretches.get(0) && part.point.y == stretch.from();
        int here = first ? signAtStart : last && part.next == null ? signAtEnd : part.point.sign;
        if (here == -sign) {
          found.add(root(stretch, stretch.offset(since), part.point.y, sign));
          sign = here;
        }
        if (here != 0) {
          since = new Position(stretch, part.point.y);
        }
      }
    }
    return Collections.unmodifiableList(found);
  }

  /** Returns a stretch's points, from each of which to the next p' has at most one root. */
  private Part parts(Stretch stretch) {
    SlopeBounds bounds = new SlopeBounds(logWeights, stretch, shares);
    Part first = null;
    double[] points = points(stretch);
    for (int i = points.length - 1; i >= 0; i--) {
      first = new Part(bounds.at(points[i]), 0, first);
    }
    boolean divided = true;
    while (divided && pointsLeft > 0) {
      divided = false;
      for (Part part = first; part.next != null && pointsLeft > 0; part = part.next) {
        if (part.settled) {
          continue;
        }
        double middle = part.middle();
        part.settled =
            !(part.point.y < middle && middle < part.next.point.y)
                || bounds.settled(part.point, part.next.point);
        if (!part.settled) {
          part.halvings++;
          part.next = new Part(bounds.at(middle), part.halvings, part.next);
          part = part.next;
          pointsLeft--;
          divided = true;
        }
      }
    }
    return first;
  }

  /** Returns the ends of a stretch and, ascending, points to divide it at. */
  private double[] points(Stretch stretch) {
    IndependentTargets components = stretch.components();
    double small = SMALL * (stretch.to() - stretch.from());
    DoubleStream.Builder points = DoubleStream.builder();
    for (int k : shares) {
      for (double kink : components.kinks(k)) { // on either side the next double has its slope
        points.add(Math.nextDown(kink)).add(Math.nextUp(kink));
      }
      double unit = components.unit(k);
      if (unit < small) {
        double mode = components.mode(k);
        points.add(Math.min(Math.nextDown(mode), mode - 4 * unit));
        points.add(Math.max(Math.nextUp(mode), mode + 4 * unit));
      }
    }
    return DoubleStream.concat(
            DoubleStream.of(stretch.from(), stretch.to()),
            points.build().filter(y -> stretch.from() < y && y < stretch.to()))
        .sorted()
        .distinct()
        .toArray();
  }

  /** From a point to the next part's. */
  private static final class Part {
    private final SlopeBounds.Point point;
    private int halvings;
    private boolean settled;
    private Part next;

    Part(SlopeBounds.Point point, int halvings, Part next) {
      this.point = point;
      this.halvings = halvings;
      this.next = next;
    }

    double middle() {
      return halvings < HALVINGS
          ? 0.5 * point.y + 0.5 * next.point.y
          : Doubles.middle(point.y, next.point.y);
    }
  }

  /** Returns where p' goes from one sign to the other. */
  private Position root(Stretch stretch, double lower, double upper, int sign) {
    DensityCurve curve = new DensityCurve(logWeights, stretch.components());
    double next = Math.nextUp(lower);
    double root = Math.nextUp(next) >= upper ? next : root(curve, lower, upper, sign);
    double best = root;
    for (int k : shares) {
      for (double kink : stretch.components().kinks(k)) { // next to which it is the kink
        if (lower <= kink && kink <= upper && Math.abs(kink - root) <= 4 * Math.ulp(root)) {
          double rise = curve.at(kink).logDensity - curve.at(best).logDensity;
          best = sign * rise >= 0 ? kink : best;
        }
      }
    }
    return new Position(stretch, best);
  }

  private static double root(DensityCurve curve, double lower, double upper, int sign) {
    RootSearch search =
        new RootSearch() {
          @Override
          protected double value(double y) {
            curve.at(y);
            slope = -sign * curve.curvature * Math.exp(-curve.logUnit);
            tolerance = curve.noise;
            return -sign * curve.slope;
          }
        };
    return search.find(lower, upper, 0.5 * lower + 0.5 * upper);
  }
}
