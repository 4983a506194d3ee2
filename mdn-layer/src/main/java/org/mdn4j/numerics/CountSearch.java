/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.numerics;

import java.util.function.DoublePredicate;

/** Search among the integers of at least 0; beyond 2⁵³ among the doubles. */
public final class CountSearch {
  private CountSearch() {}

  /**
   * Returns the least count for which a condition holds, in a number of steps that grows with the
   * logarithm of its distance from the start.
   *
   * @param condition holds for all counts from some count on
   * @param start a guess, of at least 0
   * @param step how far the guess may be off
   * @return the least count; ∞ if it holds for no double
   */
  public static double least(DoublePredicate condition, double start, double step) {
    double lower = -1; // does not hold, or is no count
    double upper = Math.rint(start); // holds, once there is a bracket
    double stride = Math.max(1, Math.rint(step));
    if (condition.test(upper)) {
      while (lower < 0 && upper > 0) {
        double below = upper - stride;
        if (below < 0) {
          break;
        }
        if (condition.test(below)) {
          upper = below;
        } else {
          lower = below;
        }
        stride *= 2;
      }
    } else {
      do {
        lower = upper;
        upper = lower + stride;
        stride *= 2;
        if (upper > Double.MAX_VALUE / 2) {
          return Double.POSITIVE_INFINITY;
        }
      } while (!condition.test(upper));
    }
    while (upper - lower > 1) {
      double middle = Math.floor(lower + (upper - lower) / 2);
      if (middle <= lower || middle >= upper) {
        return upper;
      }
      if (condition.test(middle)) {
        upper = middle;
      } else {
        lower = middle;
      }
    }
    return upper;
  }
}
