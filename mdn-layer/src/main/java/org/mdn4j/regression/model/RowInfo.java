/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.model;

import static org.mdn4j.Arguments.require;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What is known of rows beside their cells.
 *
 * @param weights how much each row counts, positive, or null where all count alike
 * @param groups the group of each row, from 0, or null where each row is a group of its own
 */
public record RowInfo(float[] weights, int[] groups) {
  /** Rows that count alike and belong to no group. */
  public static final RowInfo NONE = new RowInfo(null, null);

  /**
   * Returns the rows that have a positive weight.
   *
   * @param weights of all rows
   * @throws IllegalArgumentException if one is negative, NaN or infinite, or none is positive
   */
  public static int[] weighted(double[] weights, int rows) {
    require(
        weights.length == rows,
        "Expected as many weights as rows, %d, got %d",
        rows,
        weights.length);
    int[] positive = new int[rows];
    int count = 0;
    for (int row = 0; row < rows; row++) {
      require(
          weights[row] >= 0 && Double.isFinite(weights[row]),
          "Expected finite weights of at least 0, got %s in row %d",
          weights[row],
          row);
      if (weights[row] > 0) {
        positive[count++] = row;
      }
    }
    require(count > 0, "Expected rows of positive weight, all %d have weight 0", rows);
    return Arrays.copyOf(positive, count);
  }

  /**
   * Creates what is known of some rows of a table.
   *
   * @param weights of all rows, or null; only their ratios matter
   * @param groups of all rows, rows of equal objects belong together, or null; a null among them is
   *     a group of its own
   * @param rows which rows
   */
  public static RowInfo of(double[] weights, Object[] groups, int[] rows) {
    float[] relative = null;
    if (weights != null && Arrays.stream(rows).anyMatch(row -> weights[row] != weights[rows[0]])) {
      double most = Arrays.stream(rows).mapToDouble(row -> weights[row]).max().orElseThrow();
      double mean =
          Arrays.stream(rows).mapToDouble(row -> weights[row] / most).average().orElseThrow();
      relative = new float[rows.length];
      for (int n = 0; n < rows.length; n++) {
        relative[n] = (float) (weights[rows[n]] / most / mean);
      }
    }
    int[] numbers = null;
    if (groups != null) {
      Map<Object, Integer> seen = new HashMap<>();
      numbers = new int[rows.length];
      int count = 0;
      for (int n = 0; n < rows.length; n++) {
        Object group = groups[rows[n]];
        Integer known = group == null ? null : seen.get(group);
        if (known == null) {
          known = count++;
          if (group != null) {
            seen.put(group, known);
          }
        }
        numbers[n] = known;
      }
    }
    return new RowInfo(relative, numbers);
  }

  /** Returns what is known of some rows. */
  public RowInfo select(int[] rows) {
    int[] selected = groups == null ? null : Arrays.stream(rows).map(row -> groups[row]).toArray();
    RowInfo info = of(weights(rows), null, IntStream.range(0, rows.length).toArray());
    return new RowInfo(info.weights, selected);
  }

  /** Returns a row's weight; 1 where all count alike. */
  double weight(int row) {
    return weights == null ? 1 : weights[row];
  }

  /** Returns the weights of some rows; null where all count alike. */
  public double[] weights(int[] rows) {
    return weights == null ? null : Arrays.stream(rows).mapToDouble(row -> weights[row]).toArray();
  }

  /**
   * Returns as many rows, each as often as its weight is larger than the mean weight of these, or
   * once more or once less: systematic sampling. Where all count alike these are the rows. Source:
   * W. G. Madow and L. H. Madow, <i>On the theory of systematic sampling</i> (1944).
   *
   * @param rows some rows, in the order in which they are gone through
   * @param start where to begin, in [0, 1): evenly distributed, each row comes as often as its
   *     weight says in expectation
   */
  public int[] resampled(int[] rows, double start) {
    if (weights == null) {
      return rows;
    }
    double total = Arrays.stream(rows).mapToDouble(this::weight).sum();
    int[] sampled = new int[rows.length];
    double reached = 0;
    int row = -1;
    for (int n = 0; n < sampled.length; n++) {
      double point = (n + start) / sampled.length * total;
      while (row < 0 || (reached <= point && row < rows.length - 1)) {
        row++;
        reached += weight(rows[row]);
      }
      sampled[n] = rows[row];
    }
    return sampled;
  }
}
