/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.kit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
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
    return of(new String[rows], testFraction, components, seed);
  }

  /**
   * Splits rows at random, those of a group together.
   *
   * @param groups the name of each row's group, {@code [N]}; null for a row that is one by itself
   * @param testFraction part of the rows for test, at least one row, and at most half a group more
   *     or less
   * @param components of the mixture
   * @param seed the same seed gives the same split
   * @throws UserError if fewer than {@link #MINIMUM_TRAINING}, or than twice the components, are
   *     left, or all rows are of one group
   */
  public static RandomSplit of(String[] groups, double testFraction, int components, long seed) {
    int rows = groups.length;
    int test = (int) Math.max(1, Math.round(rows * testFraction));
    List<int[]> blocks = blocks(groups);
    Program.require(
        blocks.size() > 1 || rows == 1, "All %d rows are of the group \"%s\"", rows, groups[0]);
    int[] order = PermutationSampler.natural(blocks.size());
    PermutationSampler.shuffle(RandomSource.XO_RO_SHI_RO_128_PP.create(seed), order);
    int taken = 0;
    int next = 0;
    while (next < order.length - 1 && 2 * taken + blocks.get(order[next]).length <= 2 * test
        || taken == 0) {
      taken += blocks.get(order[next++]).length;
    }
    int needed = Math.max(MINIMUM_TRAINING, 2 * components);
    Program.require(
        rows - taken >= needed,
        "Too few rows: %d, of which %d are for the test; %d are needed to learn from",
        rows,
        taken,
        needed);
    return new RandomSplit(
        sorted(blocks, order, next, order.length), sorted(blocks, order, 0, next));
  }

  /** Returns the rows of each group, in the order of their first rows. */
  private static List<int[]> blocks(String[] groups) {
    Map<Object, List<Integer>> blocks = new LinkedHashMap<>();
    for (int row = 0; row < groups.length; row++) {
      Object group = groups[row] == null ? (Object) row : groups[row];
      blocks.computeIfAbsent(group, unused -> new ArrayList<>()).add(row);
    }
    return blocks.values().stream()
        .map(block -> block.stream().mapToInt(row -> row).toArray())
        .toList();
  }

  /** Returns the rows at these indices. */
  public static double[][] select(double[][] rows, int[] indices) {
    return Arrays.stream(indices).mapToObj(index -> rows[index]).toArray(double[][]::new);
  }

  private static int[] sorted(List<int[]> blocks, int[] order, int from, int to) {
    return IntStream.range(from, to)
        .flatMap(i -> Arrays.stream(blocks.get(order[i])))
        .sorted()
        .toArray();
  }
}
