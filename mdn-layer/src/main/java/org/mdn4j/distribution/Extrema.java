/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import java.util.ArrayDeque;
import java.util.Arrays;
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
  private final DensityCurve curve;
  private final DoubleStream.Builder found = DoubleStream.builder();

  private Extrema(double[] logWeights, Components components) {
    this.curve = new DensityCurve(logWeights, components);
  }

  /** The extrema, ascending: a maximum, a minimum, a maximum and so on to the last maximum. */
  static double[] of(double[] logWeights, Components components) {
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
    return new Extrema(logWeights, components)
        .between(lowest, cuts, highest, new SlopeBounds(logWeights, components, shares));
  }

  private double[] between(double lowest, double[] cuts, double highest, SlopeBounds bounds) {
    // p rises up to the lowest mode and falls from the highest, whatever rounding says there.
    SlopeBounds.Point left = bounds.at(lowest);
    SlopeBounds.Point last = bounds.at(highest);
    int sign = 1;
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
      int here = left == last ? -1 : left.sign;
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
