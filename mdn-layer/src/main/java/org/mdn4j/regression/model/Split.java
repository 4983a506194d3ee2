/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.model;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.PermutationSampler;

/**
 * Which rows train a member, and which validate it. Some of the first member's validation rows,
 * half of them or as many as the options name, validate every member, so that none has trained on
 * them: these calibrate the ensemble. Rows of one group are on one side.
 *
 * @param training rows that train
 * @param validation rows that validate
 */
public record Split(int[] training, int[] validation) {

  /**
   * Returns a split of which as many rows validate, to the end of a group.
   *
   * @param groups of the rows, or null
   */
  public static Split random(int[] groups, int rows, int validating, long seed) {
    UniformRandomProvider random = Seeds.random(seed, Seeds.HELD_OUT);
    int[] order = IntStream.range(0, rows).toArray();
    if (groups == null) {
      PermutationSampler.shuffle(random, order);
    } else {
      order = shuffledGroups(order, groups, random);
    }
    int end = end(order, validating, groups);
    return new Split(
        IntStream.of(Arrays.copyOfRange(order, end, rows)).sorted().toArray(),
        Arrays.copyOf(order, end));
  }

  /** Returns the split of one member. */
  public static Split of(RegressorOptions options, StandardizedData data, int member) {
    int rows = data.rows();
    int[] groups = data.info().groups();
    int[] shared = member == 0 ? new int[0] : calibration(options, data);
    boolean[] isShared = new boolean[rows];
    for (int row : shared) {
      isShared[row] = true;
    }
    int[] others = IntStream.range(0, rows).filter(row -> !isShared[row]).toArray();
    UniformRandomProvider random = Seeds.random(Seeds.derive(options.seed(), member), Seeds.SPLIT);
    if (groups == null) {
      PermutationSampler.shuffle(random, others);
    } else {
      others = shuffledGroups(others, groups, random);
    }
    int[] order = IntStream.concat(IntStream.of(shared), IntStream.of(others)).toArray();
    int validationRows = end(order, options.validationRows(rows), groups);
    return new Split(
        Arrays.copyOfRange(order, validationRows, rows), Arrays.copyOf(order, validationRows));
  }

  /** Returns the rows that no member trains on: at least one row and one group. */
  public static int[] calibration(RegressorOptions options, StandardizedData data) {
    int[] validation = of(options, data, 0).validation();
    int length = validation.length;
    int count = Math.max(length / 2, Math.min(length, options.calibrationRows()));
    int end = count == length ? count : end(validation, count, data.info().groups());
    return end == 0 ? validation : Arrays.copyOf(validation, end);
  }

  /** Puts groups in random order; their rows follow each other. */
  private static int[] shuffledGroups(int[] rows, int[] groups, UniformRandomProvider random) {
    int[] order = IntStream.of(rows).map(row -> groups[row]).distinct().toArray();
    PermutationSampler.shuffle(random, order);
    int[] place = new int[IntStream.of(groups).max().orElseThrow() + 1];
    for (int i = 0; i < order.length; i++) {
      place[order[i]] = i;
    }
    return IntStream.of(rows)
        .boxed()
        .sorted(Comparator.comparingInt(row -> place[groups[row]]))
        .mapToInt(row -> row)
        .toArray();
  }

  /**
   * Returns the end of the group that the rows before some count end in; where nothing would follow
   * it, its beginning.
   */
  private static int end(int[] order, int count, int[] groups) {
    if (groups == null) {
      return count;
    }
    int end = count;
    while (end < order.length && end > 0 && groups[order[end]] == groups[order[end - 1]]) {
      end++;
    }
    if (end < order.length) {
      return end;
    }
    int start = count;
    while (start > 0 && groups[order[start]] == groups[order[start - 1]]) {
      start--;
    }
    return start;
  }
}
