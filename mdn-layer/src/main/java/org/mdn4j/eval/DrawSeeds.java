/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.eval;

import java.util.HashMap;
import java.util.Map;

/**
 * The seeds of the rows' samples. They depend on the labels, so that a row has the same samples in
 * every minibatch, thread and part; and of rows with the same labels on how many came before, so
 * that each has samples of its own.
 */
final class DrawSeeds {
  private final Map<Long, Integer> seen = new HashMap<>(); // rows, by what their labels make

  /** Returns the seed of the next row. */
  long next(long seed, double[] labels) {
    long mixed = seed;
    for (double value : labels) {
      mixed = mixed(mixed) + Double.doubleToLongBits(value);
    }
    int before = seen.merge(mixed, 1, Integer::sum) - 1;
    return before == 0 ? mixed : mixed(mixed) + before;
  }

  private static long mixed(long value) {
    return 0x9e3779b97f4a7c15L * (value ^ (value >>> 32));
  }

  /** Adds the rows that another one has counted. */
  void merge(DrawSeeds others) {
    others.seen.forEach((labels, rows) -> seen.merge(labels, rows, Integer::sum));
  }
}
