/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.rng.sampling.PermutationSampler;
import org.apache.commons.rng.simple.RandomSource;
import org.mdn4j.examples.Program.UserError;

/**
 * Which rows are for training, validation and test. Each list is in ascending order.
 *
 * @param training indices of rows
 * @param validation indices of rows
 * @param test indices of rows
 */
record RandomSplit(int[] training, int[] validation, int[] test) {
  /** So many rows are needed to train on. */
  static final int MINIMUM_TRAINING = 10;

  /**
   * Splits at random.
   *
   * @param rows how many there are
   * @param validationFraction part of them for validation, at least one row
   * @param testFraction part of them for test, at least one row
   * @param seed the same seed gives the same split
   * @throws UserError if fewer than {@link #MINIMUM_TRAINING} are left for training; it says how
   *     many rows are needed
   */
  static RandomSplit of(int rows, double validationFraction, double testFraction, long seed) {
    int validation = part(rows, validationFraction);
    int test = part(rows, testFraction);
    if (rows - validation - test < MINIMUM_TRAINING) {
      int needed =
          IntStream.iterate(rows + 1, n -> n + 1)
              .filter(
                  n -> n - part(n, validationFraction) - part(n, testFraction) >= MINIMUM_TRAINING)
              .findFirst()
              .orElseThrow();
      throw new UserError(
          ("Too few rows: %d, but %d are needed to train on %d beside validation (fraction %s) and"
                  + " test (fraction %s)")
              .formatted(rows, needed, MINIMUM_TRAINING, validationFraction, testFraction));
    }
    int[] order = PermutationSampler.natural(rows);
    PermutationSampler.shuffle(RandomSource.XO_RO_SHI_RO_128_PP.create(seed), order);
    return new RandomSplit(
        sorted(order, validation + test, rows),
        sorted(order, test, validation + test),
        sorted(order, 0, test));
  }

  private static int part(int rows, double fraction) {
    return (int) Math.max(1, Math.round(rows * fraction));
  }

  private static int[] sorted(int[] order, int from, int to) {
    int[] part = Arrays.copyOfRange(order, from, to);
    Arrays.sort(part);
    return part;
  }
}
