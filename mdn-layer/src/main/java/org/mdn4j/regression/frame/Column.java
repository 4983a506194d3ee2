/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.frame;

import static org.mdn4j.Arguments.require;

import java.util.Arrays;

/**
 * A column of a {@link Frame}: numbers, or names.
 *
 * @param name its own in the frame
 * @param kind what its cells are
 * @param numbers per row, NaN where the cell is missing: a number; 1 for true and 0 for false; the
 *     seconds since 1970 of a date, in UTC; null for categories
 * @param texts categories per row, null where the cell is missing; null for other kinds
 */
record Column(String name, ColumnKind kind, double[] numbers, String[] texts) {
  Column {
    require(name != null && !name.isBlank(), "Expected a name for each column, got %s", name);
  }

  int rows() {
    return numbers == null ? texts.length : numbers.length;
  }

  boolean isMissing(int row) {
    return numbers == null ? texts[row] == null : Double.isNaN(numbers[row]);
  }

  Column select(int[] rows) {
    return new Column(
        name,
        kind,
        numbers == null ? null : Arrays.stream(rows).mapToDouble(row -> numbers[row]).toArray(),
        texts == null
            ? null
            : Arrays.stream(rows).mapToObj(row -> texts[row]).toArray(String[]::new));
  }
}
