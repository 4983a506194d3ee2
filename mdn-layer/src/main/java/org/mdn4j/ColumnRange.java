/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j;

/**
 * Consecutive columns of a network's raw output.
 *
 * @param from the first column, 0-based
 * @param to the column after the last
 */
public record ColumnRange(int from, int to) {
  /**
   * Returns the number of columns.
   *
   * @return {@code to - from}
   */
  public int width() {
    return to - from;
  }
}
