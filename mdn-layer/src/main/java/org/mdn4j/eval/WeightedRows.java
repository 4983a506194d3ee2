/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.eval;

import static org.mdn4j.Arguments.require;

import java.util.Arrays;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.PermutationSampler;

/** Rows that count by weights. */
final class WeightedRows {
  private final double[] shares; // [N], of the weights' sum

  /**
   * Takes weights.
   *
   * @param weights {@code [N]}, at least 0, with a positive sum; null for equal ones
   */
  WeightedRows(int rows, double[] weights) {
    require(
        weights == null || weights.length == rows,
        "Expected %d weights, one per row, got %d",
        rows,
        weights == null ? 0 : weights.length);
    double sum = 0;
    for (int n = 0; n < rows; n++) {
      double weight = weights == null ? 1 : weights[n];
      require(
          weight >= 0 && Double.isFinite(weight),
          "Expected weights of at least 0, got %s in row %d",
          weight,
          n);
      sum += weight;
    }
    require(sum > 0 && Double.isFinite(sum), "Expected weights with a positive sum, got %s", sum);
    this.shares = new double[rows];
    for (int n = 0; n < rows; n++) {
      shares[n] = (weights == null ? 1 : weights[n]) / sum;
    }
  }

  double share(int row) {
    return shares[row];
  }

  /**
   * Draws rows in proportion to their weights, by systematic sampling from the rows in random
   * order: of equal weights and as many draws as rows each row comes once.
   */
  int[] draw(int count, UniformRandomProvider random) {
    int[] order = counted();
    PermutationSampler.shuffle(random, order);
    double start = random.nextDouble();
    int[] drawn = new int[count];
    int at = 0;
    double reached = shares[order[0]] * count; // the place in [0, count) where the row ends
    for (int i = 0; i < count; i++) {
      while (reached <= i + start && at < order.length - 1) {
        reached += shares[order[++at]] * count;
      }
      drawn[i] = order[at];
    }
    return drawn;
  }

  /** Returns the rows that have weight, ascending. */
  int[] counted() {
    int[] rows = new int[shares.length];
    int count = 0;
    for (int n = 0; n < shares.length; n++) {
      rows[count] = n;
      count += shares[n] > 0 ? 1 : 0;
    }
    return Arrays.copyOf(rows, count);
  }
}
