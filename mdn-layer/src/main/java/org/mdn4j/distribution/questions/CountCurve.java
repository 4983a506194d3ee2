/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.questions;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.mdn4j.distribution.components.NegativeBinomials;
import org.mdn4j.numerics.CountSearch;
import org.mdn4j.numerics.Doubles;

/**
 * The log probabilities of a mixture of counts, with any atoms, and the integers between which they
 * rise and fall.
 *
 * <p>These are looked for among the first integers, and beyond on a grid of the components'
 * quarters of a standard deviation, between whose points they are refined; so that means of
 * billions take no longer.
 */
final class CountCurve {
  private static final int FIRST = 64;
  private static final int PARTS = 4;
  private static final double GROWTH = 1.3;

  private final double[] logWeights;
  private final double[] weights;
  private final NegativeBinomials components;
  private final PointMasses atoms; // or null
  private final List<Double> turns = new ArrayList<>(); // maximum, minimum, maximum …

  CountCurve(double[] logWeights, NegativeBinomials components, PointMasses atoms) {
    this.logWeights = logWeights;
    this.weights = Arrays.stream(logWeights).map(Math::exp).toArray();
    this.components = components;
    this.atoms = atoms;
    findTurns(grid());
  }

  /** Returns the log probability of y. */
  double at(double y) {
    double[] joint = new double[logWeights.length];
    for (int k = 0; k < joint.length; k++) {
      joint[k] = logWeights[k] + components.logDensity(k, y);
    }
    double ofComponents = Doubles.logSumExp(joint);
    return atoms == null
        ? ofComponents
        : atoms.logProbability(
            ofComponents, y, () -> PointMasses.missing(weights, k -> components.logDensity(k, y)));
  }

  /** Returns the integers that are more likely than both neighbours, ascending. */
  double[] maxima() {
    double[] maxima = new double[(turns.size() + 1) / 2];
    Arrays.setAll(maxima, i -> turns.get(2 * i));
    return maxima;
  }

  /** Returns the log probability of the most likely integer. */
  double highest() {
    return Arrays.stream(maxima()).map(this::at).max().orElseThrow();
  }

  private double[] grid() {
    double[] weights = Arrays.stream(logWeights).map(Math::exp).toArray();
    double[] edges =
        Arrays.stream(components.edges(weights)).map(Math::rint).sorted().distinct().toArray();
    double[] values = atoms == null ? new double[0] : atoms.values();
    double last = Math.max(edges[edges.length - 1], Arrays.stream(values).max().orElse(0) + 1);
    double top = Math.max(FIRST, last);
    DoubleStream.Builder grid = DoubleStream.builder();
    for (int j = 0; j < FIRST; j++) {
      grid.add(j);
    }
    for (double y = FIRST; y < top; y = Math.ceil(GROWTH * y)) {
      grid.add(y);
    }
    for (int i = 0; i < edges.length; i++) {
      double width = i + 1 < edges.length ? edges[i + 1] - edges[i] : 1;
      for (int part = 0; part < PARTS; part++) {
        grid.add(Math.rint(edges[i] + width * part / PARTS));
      }
    }
    // Of a narrow component the neighbours of the mode
    for (int k = 0; k < logWeights.length; k++) {
      double mode = components.mode(k);
      grid.add(mode).add(mode + 1).add(Math.max(0, mode - 1));
    }
    for (double atom : values) {
      grid.add(atom).add(atom + 1).add(Math.max(0, atom - 1));
    }
    return grid.build().filter(y -> y <= top).sorted().distinct().toArray();
  }

  private void findTurns(double[] grid) {
    boolean rising = true;
    double before = at(grid[0]);
    int start = 0; // of the last run of equal heights
    for (int i = 1; i < grid.length; i++) {
      double here = at(grid[i]);
      if (here == before) {
        continue;
      }
      if (here < before == rising) {
        turns.add(refined(grid[Math.max(0, start - 1)], grid[i], rising));
        rising = !rising;
      }
      before = here;
      start = i;
    }
    if (rising) {
      turns.add(grid[start]);
    } else if (turns.size() % 2 == 0) {
      turns.remove(turns.size() - 1);
    }
  }

  /** Returns the highest or lowest of the integers between two, of equal ones the least. */
  private double refined(double lower, double upper, boolean highest) {
    // The least integer from which on the curve no longer rises, or falls
    double found =
        CountSearch.least(
            j -> {
              double y = lower + j;
              return y >= upper || (highest ? at(y + 1) <= at(y) : at(y + 1) >= at(y));
            },
            0,
            upper - lower);
    return lower + found;
  }

  /** Returns the least log probability of integers of a region that was found here. */
  double least(List<Segment> region) {
    double least = Double.POSITIVE_INFINITY;
    for (Segment segment : region) {
      least = Math.min(least, Math.min(at(segment.lower()), at(segment.upper())));
      for (int i = 1; i < turns.size(); i += 2) {
        double minimum = turns.get(i);
        if (minimum > segment.lower() && minimum < segment.upper()) {
          least = Math.min(least, at(minimum));
        }
      }
    }
    return least;
  }

  /** Returns the largest log probability of integers outside of a region that was found here. */
  double highestOutside(List<Segment> region) {
    double highest = Double.NEGATIVE_INFINITY;
    for (Segment segment : region) {
      highest = Math.max(highest, at(segment.upper() + 1));
      highest = Math.max(highest, segment.lower() > 0 ? at(segment.lower() - 1) : highest);
    }
    for (double maximum : maxima()) {
      if (region.stream().noneMatch(it -> it.lower() <= maximum && maximum <= it.upper())) {
        highest = Math.max(highest, at(maximum));
      }
    }
    return highest;
  }

  /** Returns the integers of at least a log probability, as intervals. */
  List<Segment> atLeast(double height) {
    List<Segment> segments = new ArrayList<>();
    for (int i = 0; i < turns.size(); i += 2) {
      double maximum = turns.get(i);
      if (at(maximum) < height) {
        continue;
      }
      double floor = i == 0 ? 0 : turns.get(i - 1);
      double lower =
          CountSearch.least(y -> y >= maximum || y >= floor && at(y) >= height, maximum, 1);
      double ceiling = i + 1 < turns.size() ? turns.get(i + 1) : Double.POSITIVE_INFINITY;
      double above =
          CountSearch.least(y -> y > maximum && (y > ceiling || at(y) < height), maximum, 1);
      Segment last = segments.isEmpty() ? null : segments.get(segments.size() - 1);
      if (last != null && lower <= last.upper() + 1) {
        segments.set(segments.size() - 1, new Segment(last.lower(), above - 1));
      } else {
        segments.add(new Segment(lower, above - 1));
      }
    }
    return segments;
  }
}
