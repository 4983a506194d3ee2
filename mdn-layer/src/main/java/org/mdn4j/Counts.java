/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j;

/** The rule of what labels of discrete families are: integers of at least 0. */
@Internal
public final class Counts {
  private Counts() {}

  /**
   * Returns whether a number is a count.
   *
   * @param y any number
   * @return true for finite integers of at least 0
   */
  public static boolean isCount(double y) {
    return y >= 0 && y <= Double.MAX_VALUE && y == Math.rint(y);
  }

  /**
   * Checks the ends of what is known of a count.
   *
   * @param lower the lower end, or −∞
   * @param upper the upper end, or ∞; the same of an exact label
   * @param row its row, for the message
   * @param column the lower end's column, for the message
   * @throws IllegalArgumentException if a finite end, or an exact label, is no integer of at least
   *     0
   */
  public static void requireEnds(double lower, double upper, long row, long column) {
    if (lower != Double.NEGATIVE_INFINITY || lower == upper) {
      require(lower, row, column);
    }
    if (upper != Double.POSITIVE_INFINITY && lower != upper) {
      require(upper, row, column + 1);
    }
  }

  /**
   * Checks that a label is a count.
   *
   * @param y the label
   * @param row its row, for the message
   * @param column its column, for the message
   * @throws IllegalArgumentException if it is no integer of at least 0
   */
  public static void require(double y, long row, long column) {
    if (!isCount(y)) {
      throw new IllegalArgumentException(
          "row %s, column %s: expected an integer of at least 0, got %s".formatted(row, column, y));
    }
  }
}
