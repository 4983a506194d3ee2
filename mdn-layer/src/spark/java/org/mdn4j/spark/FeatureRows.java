/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import java.util.Arrays;
import org.apache.spark.ml.linalg.Vector;

/** Reads cells of rows, and says which row is not usable, and why. */
final class FeatureRows {
  private static final int LONGEST = 200; // characters of a value in a message

  private FeatureRows() {}

  /**
   * Returns a row's features.
   *
   * @param value of the column
   * @param width how many there should be; -1 for any number
   * @param column its name
   * @param where which row it is
   * @throws IllegalArgumentException if it is null, of another width, or has a NaN or an infinity
   */
  static double[] features(Object value, int width, String column, Object where) {
    if (value == null) {
      throw unusable("features", column, where, "null");
    }
    double[] cells = ((Vector) value).toArray();
    if (width >= 0 && cells.length != width) {
      throw unusable(width + " features", column, where, cells.length + ": " + shortened(cells));
    }
    for (int c = 0; c < cells.length; c++) {
      if (!Double.isFinite(cells[c])) {
        throw unusable(
            "finite features",
            column,
            where,
            "%s at index %s of %s".formatted(cells[c], c, shortened(cells)));
      }
    }
    return cells;
  }

  /**
   * Returns a label or a weight, {@code column} for messages.
   *
   * @throws IllegalArgumentException if it is null, NaN or infinite
   */
  static double number(Object value, String column, Object where) {
    if (!(value instanceof Double number) || !Double.isFinite(number)) {
      throw unusable("a finite number", column, where, String.valueOf(value));
    }
    return number;
  }

  private static IllegalArgumentException unusable(
      String expected, String column, Object where, String got) {
    return new IllegalArgumentException(
        "Expected %s in column '%s', got %s in %s".formatted(expected, column, got, where));
  }

  private static String shortened(double[] cells) {
    String text = Arrays.toString(cells);
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + " …";
  }
}
