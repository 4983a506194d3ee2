/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.kit;

import java.util.Arrays;
import org.apache.commons.rng.sampling.PermutationSampler;
import org.apache.commons.rng.simple.RandomSource;
import org.mdn4j.examples.kit.Program.UserError;

/**
 * The rows that a model is trained on, and those that are kept for the test. Each list is in
 * ascending order.
 *
 * @param training indices of rows
 * @param test indices of rows
 */
public record RandomSplit(int[] training, int[] test) {
  /** The least number of rows for training. */
  static final int MINIMUM_TRAINING = 20;

  /**
   * Splits rows at random.
   *
   * @param rows how many there are
   * @param testFraction part of them for test, at least one row
   * @param components of the mixture
   * @param seed the same seed gives the same split
   * @throws UserError if fewer than {@link #MINIMUM_TRAINING}, or than twice the components, are
   *     left
   */
  public static RandomSplit of(int rows, double testFraction, int components, long seed) {
    int test = (int) Math.max(1, Math.round(rows * testFraction));
    int needed = Math.max(MINIMUM_TRAINING, 2 * components);
    Program.require(
        rows - test >= needed,
        "Too few rows: %d, of which %d are for the test; %d are needed to learn from",
        rows,
        test,
        needed);
    int[] order = PermutationSampler.natural(rows);
    PermutationSampler.shuffle(RandomSource.XO_RO_SHI_RO_128_PP.create(seed), order);
    return new RandomSplit(sorted(order, test, rows), sorted(order, 0, test));
  }

  /** Returns the rows at these indices. */
  public static double[][] select(double[][] rows, int[] indices) {
    return Arrays.stream(indices).mapToObj(index -> rows[index]).toArray(double[][]::new);
  }

  private static int[] sorted(int[] order, int from, int to) {
    int[] part = Arrays.copyOfRange(order, from, to);
    Arrays.sort(part);
    return part;
  }
}
