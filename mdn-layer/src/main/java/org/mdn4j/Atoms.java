/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j;

import static org.mdn4j.Arguments.require;

import java.util.Arrays;

/**
 * The rule by which a value is one of a target's atoms: it is the atom, or the atom rounded to
 * FLOAT, the dtype of most labels.
 *
 * <p>Immutable.
 */
@Internal
public final class Atoms {
  /** Below it every integer is a double, and has a next one. */
  private static final double LARGEST_COUNT = 0x1p53;

  private final double[] values; // [A], ascending

  /**
   * Creates the rule.
   *
   * @param spec which atoms
   */
  public Atoms(MixtureSpec spec) {
    this(spec.atoms());
  }

  /**
   * Creates the rule for atoms that were checked.
   *
   * @param values {@code [A]}, ascending; not copied
   */
  public Atoms(double[] values) {
    this.values = values;
  }

  /**
   * Returns the place of a value among the atoms.
   *
   * @param value a number, may be NaN
   * @return the index of the atom that it is; −1 if it is none
   */
  public int indexOf(double value) {
    int asFloat = -1;
    for (int a = 0; a < values.length; a++) {
      if (value == values[a]) {
        return a;
      }
      if (value == (float) values[a]) {
        asFloat = a;
      }
    }
    return asFloat;
  }

  /**
   * Returns whether an atom is in an interval, of which either end may be it.
   *
   * @param a its index
   * @param lower the lower end, or −∞
   * @param upper the upper end, or ∞
   * @return true if the atom is at least the lower end and at most the upper one, or is one of them
   */
  public boolean isWithin(int a, double lower, double upper) {
    double asFloat = (float) values[a];
    return (lower <= values[a] || lower == asFloat) && (values[a] <= upper || upper == asFloat);
  }

  /**
   * Returns whether a label may be an atom.
   *
   * @param lower its lower end, or −∞
   * @param upper its upper end, or ∞; the same of an exact label
   * @return true if it is one, or one is in the interval
   */
  public boolean areAny(double lower, double upper) {
    for (int a = 0; a < values.length; a++) {
      if (lower == upper ? indexOf(lower) == a : isWithin(a, lower, upper)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns a value, or the atom that it is.
   *
   * @param value a number, may be NaN
   * @return the value itself unless it is an atom rounded to FLOAT
   */
  public double nearest(double value) {
    int atom = indexOf(value);
    return atom < 0 ? value : values[atom];
  }

  /**
   * Checks atoms beside components of a family.
   *
   * @param family of the components
   * @param atoms in any order
   * @throws IllegalArgumentException if the family is discrete and one is no integer from 0 to
   *     below 2⁵³ that a FLOAT can hold
   */
  public static void requireOf(ComponentFamily family, double... atoms) {
    for (double atom : atoms) {
      require(
          !family.isDiscrete()
              || Counts.isCount(atom) && atom == (float) atom && atom < LARGEST_COUNT,
          "Expected atoms of %s that are integers of at least 0, exact as FLOAT too and below 2^53,"
              + " got %s",
          family,
          Arrays.toString(atoms));
    }
  }

  /**
   * Checks atoms of truncated targets.
   *
   * @param range outside of which no target is seen
   * @param atoms in any order
   * @throws IllegalArgumentException if one is outside of the range
   */
  public static void requireWithin(Truncation range, double... atoms) {
    require(
        Arrays.stream(atoms).allMatch(atom -> range.lower() <= atom && atom <= range.upper()),
        "Expected atoms within the truncation %s, got %s",
        range,
        Arrays.toString(atoms));
  }

  /**
   * Returns atoms in ascending order, after they are checked.
   *
   * @param atoms in any order
   * @return a new array; −0 is 0
   * @throws IllegalArgumentException if one is no finite FLOAT, or two are equal as FLOAT
   */
  public static double[] ascending(double... atoms) {
    double[] sorted = Arrays.stream(atoms).map(atom -> atom + 0.0).sorted().toArray();
    for (double atom : sorted) {
      require(
          Float.isFinite((float) atom),
          "Expected atoms that are finite, as FLOAT too, got %s",
          Arrays.toString(atoms));
    }
    require(
        areDistinct(sorted),
        "Expected atoms that differ, as FLOAT too, got %s",
        Arrays.toString(atoms));
    return sorted;
  }

  /**
   * Returns whether values can be atoms together.
   *
   * @param ascending the values
   * @return true if they are finite and different as FLOAT
   */
  public static boolean areDistinct(double[] ascending) {
    for (int a = 0; a < ascending.length; a++) {
      float value = (float) ascending[a];
      if (!Float.isFinite(value) || a > 0 && value == (float) ascending[a - 1]) {
        return false;
      }
    }
    return true;
  }
}
