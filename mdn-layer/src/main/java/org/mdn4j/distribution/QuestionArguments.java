/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.mdn4j.Arguments.require;

import java.util.Arrays;
import java.util.Locale;
import org.mdn4j.ComponentFamily;

/** Checks of what mixtures over so many targets are asked. */
final class QuestionArguments {
  private QuestionArguments() {}

  static void requireOneTarget(int targets, String question) {
    require(targets == 1, "%s needs one target, got a mixture over %d", question, targets);
  }

  static void requirePoint(int targets, String question, double y) {
    requireOneTarget(targets, question);
    require(!Double.isNaN(y), "Expected a number, got NaN");
  }

  static void requireProbability(int targets, String question, double p) {
    requireOneTarget(targets, question);
    require(p >= 0 && p <= 1, "Expected a probability in [0, 1], got %s", p);
  }

  static void requireLevel(int targets, String question, double level) {
    requireOneTarget(targets, question);
    require(level > 0 && level < 1, "Expected a level in (0, 1), got %s", level);
  }

  /** Checks levels, of which there may be none. */
  static void requireLevels(int targets, String question, double[] levels) {
    requireOneTarget(targets, question);
    for (double level : levels) {
      requireLevel(targets, question, level);
    }
  }

  /** Checks the ends of an interval. */
  static void requireEnds(int targets, double a, double b) {
    requirePoint(targets, "A probability of an interval", a);
    requirePoint(targets, "A probability of an interval", b);
    require(a <= b, "Expected ends in ascending order, got %s and %s", a, b);
  }

  /** Checks the range that a mixture is to be truncated to. */
  static void requireRange(WeightedComponents mixture, double lower, double upper) {
    requirePoint(mixture.targets(), "A truncation", lower);
    requirePoint(mixture.targets(), "A truncation", upper);
    boolean positive = mixture.components().family() == ComponentFamily.LOG_NORMAL;
    require(
        lower < upper && (!positive || upper > 0),
        "Expected a range with a lower end below the upper one%s, got %s and %s",
        positive ? ", of LOG_NORMAL one above 0" : "",
        lower,
        upper);
    requireIntervals(mixture);
    if (mixture.components().family().isDiscrete()) {
      throw new UnsupportedOperationException(
          "Truncation is for mixtures with a density, not for the counts of "
              + mixture.components().family());
    }
  }

  /**
   * Checks that intervals have a probability under each component.
   *
   * @throws UnsupportedOperationException if they have none
   */
  static void requireIntervals(WeightedComponents mixture) {
    if (mixture.components().family() == ComponentFamily.VON_MISES) {
      throw new UnsupportedOperationException(
          "Angles have no intervals with a lower and an upper side; expected another family than"
              + " VON_MISES");
    }
  }

  /** Checks that there is a number per target, maybe infinite. */
  static void requireNumbers(int targets, double[] y) {
    requireLength(targets, y);
    for (double value : y) {
      if (Double.isNaN(value)) {
        throw refused("Expected numbers, got %s", Arrays.toString(y));
      }
    }
  }

  /** Checks ends of intervals, and returns the values where all of them are exact; null else. */
  static double[] exact(int targets, double[] ends) {
    require(
        ends.length == 2L * targets,
        "Expected a lower and an upper end of %d targets, got %d numbers",
        targets,
        ends.length);
    double[] exact = new double[targets];
    boolean all = true;
    for (int d = 0; d < targets; d++) {
      if (!(ends[2 * d] <= ends[2 * d + 1])) {
        throw refused("Expected ends in ascending order, got %s", Arrays.toString(ends));
      }
      exact[d] = ends[2 * d];
      all &= ends[2 * d] == ends[2 * d + 1];
    }
    return all ? exact : null;
  }

  static void requireFinite(int targets, double[] y) {
    requireLength(targets, y);
    for (double value : y) {
      if (!Double.isFinite(value)) {
        throw refused("Expected finite numbers, got %s", Arrays.toString(y));
      }
    }
  }

  /** Writes the array's numbers only where they are read: it takes longer than the question. */
  private static IllegalArgumentException refused(String message, Object... values) {
    return new IllegalArgumentException(String.format(Locale.ROOT, message, values));
  }

  private static void requireLength(int targets, double[] y) {
    require(y.length == targets, "Expected %d targets, got %d", targets, y.length);
  }

  /** Returns what is not null unless there is no density. */
  static <T> T requireDensity(T answer, double[] y) {
    if (answer == null) {
      throw refused("Expected numbers where there is density, got %s", Arrays.toString(y));
    }
    return answer;
  }

  /** Checks that some targets are chosen, each at most once. */
  static void requireChosen(int targets, int[] chosen) {
    require(chosen.length > 0, "Expected at least one target, got none");
    for (int i = 0; i < chosen.length; i++) {
      if (chosen[i] < 0 || chosen[i] >= targets) {
        throw refused("Expected targets in [0, %d), got %s", targets, Arrays.toString(chosen));
      }
      for (int j = 0; j < i; j++) {
        if (chosen[i] == chosen[j]) {
          throw refused("Expected each target once, got %s", Arrays.toString(chosen));
        }
      }
    }
  }

  /** Checks that some targets, not all, are given values. */
  static void requireGiven(int targets, int[] given, double[] values) {
    requireChosen(targets, given);
    require(given.length < targets, "Expected a target that is not given, got all %d", targets);
    require(
        given.length == values.length,
        "Expected one value per given target, got %d targets and %d values",
        given.length,
        values.length);
    requireNumbers(given.length, values);
  }

  /**
   * Checks that there is no atom.
   *
   * @throws UnsupportedOperationException if there is one
   */
  static void requireNoAtoms(WeightedComponents mixture, String question) {
    if (mixture.atoms() != null) {
      throw new UnsupportedOperationException(
          question
              + (mixture.components().family().isDiscrete()
                  ? " is not offered for counts with atoms; got atoms at "
                  : " is not defined for a mixture with atoms: it compares densities, and an atom's"
                      + " probability, which has no unit, is none; got atoms at ")
              + Arrays.toString(mixture.valuesOfAtoms()));
    }
  }

  static void requireSameTargets(int targets, int others) {
    require(
        others == targets, "Expected a mixture over %d targets, got one over %d", targets, others);
  }
}
