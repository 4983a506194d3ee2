/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.model;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.PermutationSampler;

/**
 * Which rows train a member, and which validate it. Half of the first member's validation rows
 * validate every member, so that none has trained on them: these calibrate the ensemble.
 *
 * @param training rows that train
 * @param validation rows that validate
 */
public record Split(int[] training, int[] validation) {

  /** Returns the split of one member. */
  public static Split of(RegressorOptions options, int rows, int member) {
    int[] shared = member == 0 ? new int[0] : calibration(options, rows);
    boolean[] isShared = new boolean[rows];
    for (int row : shared) {
      isShared[row] = true;
    }
    int[] others = IntStream.range(0, rows).filter(row -> !isShared[row]).toArray();
    UniformRandomProvider random = Seeds.random(Seeds.derive(options.seed(), member), Seeds.SPLIT);
    PermutationSampler.shuffle(random, others);
    int[] order = IntStream.concat(IntStream.of(shared), IntStream.of(others)).toArray();
    int validationRows = options.validationRows(rows);
    return new Split(
        Arrays.copyOfRange(order, validationRows, rows), Arrays.copyOf(order, validationRows));
  }

  /** Returns the rows that no member trains on. */
  public static int[] calibration(RegressorOptions options, int rows) {
    int[] validation = of(options, rows, 0).validation();
    return Arrays.copyOf(validation, validation.length / 2);
  }
}
