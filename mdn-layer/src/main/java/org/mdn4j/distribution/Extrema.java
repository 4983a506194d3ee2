/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * All local extrema of the density of a mixture over one target, by exclusion: nothing is searched
 * for from starting points, so nothing is missed.
 *
 * <p>They lie between the components' modes. That stretch is halved again and again until p' is
 * proven to have at most one root in each part ({@link SlopeBounds}); an extremum is then where the
 * sign of p' differs between the ends of parts. Signs that rounding may have made are passed over.
 */
final class Extrema {
  private static final int STARTS = 17; // round the circle, until one shows a slope

  private final DensityCurve curve;
  private final DoubleStream.Builder found = DoubleStream.builder();

  private Extrema(double[] logWeights, IndependentTargets components) {
    this.curve = new DensityCurve(logWeights, components);
  }

  /** The extrema, ascending: a maximum, a minimum, a maximum and so on to the last maximum. */
  static double[] of(double[] logWeights, IndependentTargets components) {
    int[] shares =
        IntStream.range(0, logWeights.length).filter(k -> Math.exp(logWeights[k]) > 0).toArray();
    double lowest = Arrays.stream(shares).mapToDouble(components::mode).min().orElseThrow();
    double highest = Arrays.stream(shares).mapToDouble(components::mode).max().orElseThrow();
    if (lowest == highest) {
      return new double[] {lowest};
    }
    // On either side of a kink the next double has the derivative of its side.
    double[] cuts =
        Arrays.stream(shares)
            .boxed()
            .flatMapToDouble(k -> Arrays.stream(components.kinks(k)))
            .flatMap(kink -> DoubleStream.of(Math.nextDown(kink), Math.nextUp(kink)))
            .filter(cut -> lowest < cut && cut < highest)
            .sorted()
            .distinct()
            .toArray();
    // p rises up to the lowest mode and falls from the highest, whatever rounding says there.
    return new Extrema(logWeights, components)
        .between(lowest, 1, cuts, highest, -1, new SlopeBounds(logWeights, components, shares));
  }

  /**
   * The extrema of a density of period 2π: the lowest minimum, a maximum, a minimum and so on to
   * the last maximum, ascending from there over one turn. A density too flat to show any has its
   * maximum at the heaviest component's location.
   */
  static double[] aroundCircle(double[] logWeights, VonMises components) {
    int[] shares =
        IntStream.range(0, logWeights.length).filter(k -> Math.exp(logWeights[k]) > 0).toArray();
    SlopeBounds bounds = new SlopeBounds(logWeights, components, shares);
    int heaviest =
        Arrays.stream(shares)
            .boxed()
            .max(Comparator.comparingDouble(k -> logWeights[k]))
            .orElseThrow();
    double mode = components.mode(heaviest);
    double[] found = new double[0];
    for (int i = 0; i < STARTS && found.length < 2; i++) {
      double start = mode - Math.PI + i * 2 * Math.PI / STARTS;
      int sign = bounds.at(start).sign;
      if (sign != 0) {
        found =
            new Extrema(logWeights, components)
                .between(start, sign, new double[0], start + 2 * Math.PI, sign, bounds);
        if (sign > 0) {
          found = rotated(found, 1); // its first is a maximum
        }
      }
    }
    return found.length < 2
        ? new double[] {mode - Math.PI, mode}
        : fromLowestMinimum(found, new DensityCurve(logWeights, components));
  }

  private static double[] fromLowestMinimum(double[] found, DensityCurve curve) {
    int lowest = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < found.length; i += 2) {
      double logDensity = curve.at(found[i]).logDensity;
      lowest = logDensity < least ? i : lowest;
      least = Math.min(least, logDensity);
    }
    return rotated(found, lowest);
  }

  /** The same points, the first ones a turn later. */
  private static double[] rotated(double[] points, int by) {
    double[] rotated = new double[points.length];
    for (int i = 0; i < points.length; i++) {
      int from = i + by;
      rotated[i] = from < points.length ? points[from] : points[from - points.length] + 2 * Math.PI;
    }
    return rotated;
  }

  /** From one end to the other, with the signs of p' there and, ascending, points to divide at. */
  private double[] between(
      double lowest,
      int signAtLowest,
      double[] cuts,
      double highest,
      int signAtHighest,
      SlopeBounds bounds) {
    SlopeBounds.Point left = bounds.at(lowest);
    SlopeBounds.Point last = bounds.at(highest);
    int sign = signAtLowest;
    double since = lowest;
    Deque<SlopeBounds.Point> pending = new ArrayDeque<>();
    pending.push(last);
    for (int i = cuts.length - 1; i >= 0; i--) {
      pending.push(bounds.at(cuts[i]));
    }
    while (!pending.isEmpty()) {
      SlopeBounds.Point right = pending.peek();
      double middle = 0.5 * left.y + 0.5 * right.y;
      if (left.y < middle && middle < right.y && !bounds.settled(left, right)) {
        pending.push(bounds.at(middle));
        continue;
      }
      left = pending.pop();
      int here = left == last ? signAtHighest : left.sign;
      if (here == -sign) {
        found.add(root(since, left.y, sign));
        sign = here;
      }
      if (here != 0) {
        since = left.y;
      }
    }
    return found.build().toArray();
  }

  /** Where p' goes from one sign to the other. */
  private double root(double lower, double upper, int sign) {
    double next = Math.nextUp(lower);
    if (Math.nextUp(next) >= upper) {
      return next; // of a kink's neighbours, the kink
    }
    RootSearch search =
        new RootSearch() {
          @Override
          double value(double y) {
            curve.at(y);
            slope = -sign * curve.curvature;
            tolerance = curve.noise;
            return -sign * curve.slope;
          }
        };
    return search.find(lower, upper, 0.5 * lower + 0.5 * upper);
  }
}
