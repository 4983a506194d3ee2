/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import java.util.List;
import org.mdn4j.distribution.questions.Segment;

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

  static Interval of(Segment segment) {
    return new Interval(segment.lower(), segment.upper());
  }

  static List<List<Interval>> regions(List<List<Segment>> regions) {
    return regions.stream().map(region -> region.stream().map(Interval::of).toList()).toList();
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
