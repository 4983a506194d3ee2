/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.questions;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Smallest sets of a mixture with atoms. An atom has no length, so that per length it holds more
 * than any interval: a set takes the atoms first, the heaviest first of all, until they have the
 * probability sought, and of the components the highest-density region that has the rest.
 */
final class AtomRegions {
  private static final double ROUNDING = 1e-15;

  private final PointMasses atoms;
  private final int[] descending; // by mass; of equal ones the lower first

  AtomRegions(PointMasses atoms) {
    this.atoms = atoms;
    this.descending =
        IntStream.range(0, atoms.count())
            .filter(a -> atoms.mass(a) > 0)
            .boxed()
            .sorted(Comparator.comparingDouble(a -> -atoms.mass(a)))
            .mapToInt(a -> a)
            .toArray();
  }

  /**
   * Returns the set of a level: disjoint segments in ascending order, those of atoms that no other
   * holds without length.
   *
   * @param ofComponents the components' highest-density region of a level
   */
  List<Segment> region(Level level, Function<Level, List<Segment>> ofComponents) {
    List<Segment> segments = new ArrayList<>();
    double inside = 0;
    for (int a : descending) {
      if (isEnough(level, inside, segments.size())) {
        break;
      }
      inside += atoms.mass(a);
      segments.add(new Segment(atoms.value(a), atoms.value(a)));
    }
    if (!isEnough(level, inside, segments.size()) && atoms.share() > 0) {
      double rest = Math.min(1, (level.inside() - inside) / atoms.share());
      double left = Math.min(1, level.outside() / atoms.share());
      segments.addAll(ofComponents.apply(new Level(rest, left)));
    }
    segments.sort(Comparator.comparingDouble(Segment::lower));
    return HighestDensity.disjoint(segments.stream());
  }

  /** Returns whether so many of the heaviest atoms have a level, but for the rounding of sums. */
  private boolean isEnough(Level level, double inside, int taken) {
    if (level.inside() < 0.5) {
      return inside >= level.inside() * (1 - ROUNDING);
    }
    double outside = atoms.share();
    for (int i = taken; i < descending.length; i++) {
      outside += atoms.mass(descending[i]);
    }
    return outside <= level.outside() * (1 + ROUNDING);
  }

  /**
   * Returns the probability of what is less likely than an outcome, which is what is left when it
   * is the next to be taken: of an atom with its own.
   *
   * @param ofComponents the same of the components alone
   */
  double tail(double y, double ofComponents) {
    int atom = atoms.indexOf(y);
    double sum = 0;
    for (int i = descending.length - 1; i >= 0; i--) { // the small ones first
      sum += atoms.mass(descending[i]);
      if (descending[i] == atom) {
        return Math.min(1, atoms.share() + sum);
      }
    }
    return atoms.share() * ofComponents;
  }
}
