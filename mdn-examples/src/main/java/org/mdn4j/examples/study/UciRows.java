/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.study;

import java.io.IOException;
import org.mdn4j.examples.kit.RandomSplit;

/**
 * The rows of one split.
 *
 * @param features of the training rows, {@code [N][C]}
 * @param targets of the training rows, {@code [N][1]}
 * @param testFeatures of the test rows, {@code [M][C]}
 * @param testTargets of the test rows, {@code [M][1]}, for the scores only
 */
record UciRows(
    double[][] features, double[][] targets, double[][] testFeatures, double[][] testTargets) {

  static UciRows of(UciSet set, int split) throws IOException {
    int[] training = set.trainingRows(split);
    int[] test = set.testRows(split);
    return new UciRows(
        RandomSplit.select(set.features(), training),
        RandomSplit.select(set.targets(), training),
        RandomSplit.select(set.features(), test),
        RandomSplit.select(set.targets(), test));
  }
}
