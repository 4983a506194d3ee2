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
  private final PointMasses atoms;
  private final int[] descending; // by mass; of equal ones the lower first

  AtomRegions(PointMasses atoms) {
    this.atoms = atoms;
    this.descending =
        IntStream.range(0, atoms.count())
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
    double outside = atoms.share();
    for (int a : descending) {
      outside += atoms.mass(a);
    }
    boolean small = level.inside() < 0.5;
    for (int a : descending) {
      if (small ? inside >= level.inside() : outside <= level.outside()) {
        break;
      }
      inside += atoms.mass(a);
      outside = leftBy(segments.size() + 1);
      segments.add(new Segment(atoms.value(a), atoms.value(a)));
    }
    boolean enough = small ? inside >= level.inside() : outside <= level.outside();
    if (!enough && atoms.share() > 0) {
      double of = Math.min(1, (level.inside() - inside) / atoms.share());
      double left = Math.min(1, level.outside() / atoms.share());
      segments.addAll(ofComponents.apply(new Level(of, left)));
    }
    segments.sort(Comparator.comparingDouble(Segment::lower));
    return HighestDensity.disjoint(segments.stream());
  }

  /** Returns the probability of what is left by so many of the heaviest atoms. */
  private double leftBy(int taken) {
    double sum = atoms.share();
    for (int i = taken; i < descending.length; i++) {
      sum += atoms.mass(descending[i]);
    }
    return sum;
  }

  /**
   * Returns the probability of what is less likely than an outcome: than an atom the components and
   * the lighter atoms, than another value what {@code ofComponents} is of the components.
   */
  double tail(double y, double ofComponents) {
    int atom = atoms.indexOf(y);
    if (atom < 0) {
      return atoms.share() * ofComponents;
    }
    double sum = atoms.share();
    for (int a = 0; a < atoms.count(); a++) {
      sum += atoms.mass(a) < atoms.mass(atom) ? atoms.mass(a) : 0;
    }
    return Math.min(1, sum);
  }
}
