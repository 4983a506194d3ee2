/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

/**
 * A closed interval [lower, upper] of target values, in target units; a single value, such as an
 * atom, is one of width 0.
 *
 * @param lower lower end
 * @param upper upper end, at least the lower
 */
public record Interval(double lower, double upper) {
  /**
   * Checks the order of the ends.
   *
   * @param lower lower end
   * @param upper upper end
   * @throws IllegalArgumentException if the upper end is below the lower, or one is NaN
   */
  public Interval {
    if (!(lower <= upper)) {
      throw new IllegalArgumentException(
          "Expected lower <= upper, got [" + lower + ", " + upper + "]");
    }
  }

  /**
   * Returns the width of the interval.
   *
   * @return upper − lower, in target units
   */
  public double width() {
    return upper - lower;
  }

  /**
   * Returns whether a value lies in the interval, its ends included.
   *
   * @param y the value
   * @return lower ≤ y ≤ upper
   */
  public boolean contains(double y) {
    return lower <= y && y <= upper;
  }
}
