/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import java.util.Arrays;

/**
 * A random sample of the rows of a large table, without replacement: those with the least keys. A
 * row's key depends on the seed and on its number in the table only, not on its partition.
 */
final class Sample {
  private static final long STEP = 0x9E3779B97F4A7C15L; // SplitMix64's own, 2^64 / golden ratio

  private Sample() {}

  /**
   * Returns a row's key, evenly distributed over all longs: SplitMix64's n-th number. Source: G. L.
   * Steele, D. Lea and C. H. Flood, <i>Fast splittable pseudorandom number generators</i> (2014).
   */
  static long key(long seed, long row) {
    long z = seed + (row + 1) * STEP;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /**
   * Returns a bound below which at least as many of the rows' keys lie, but for a chance in
   * millions.
   *
   * @param wanted how many rows
   * @param rows of the table, at least as many
   */
  static long bound(long wanted, long rows) {
    double expected = wanted + 6 * Math.sqrt(wanted) + 10;
    double share = Math.min(1, expected / rows);
    return share >= 1 ? Long.MAX_VALUE : (long) (Long.MIN_VALUE + share * 0x1p64);
  }

  /**
   * Returns the largest key of the sample.
   *
   * @param keys of at least as many rows
   */
  static long largest(long[] keys, int wanted) {
    long[] sorted = keys.clone();
    Arrays.sort(sorted);
    return sorted[wanted - 1];
  }
}
