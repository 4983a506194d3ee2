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
