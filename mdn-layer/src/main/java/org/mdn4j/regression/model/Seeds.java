/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.model;

import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;

/** Seeds from a seed: of members, and within a member of its parts and epochs. */
public final class Seeds {
  /** Which rows validate. */
  public static final long SPLIT = -1;

  /** The network's initial weights. */
  public static final long WEIGHTS = -2;

  /** The training on all rows. */
  public static final long REFIT = -3;

  /** Which rows are held out of a fit. */
  public static final long HELD_OUT = -4;

  /** Which rows a member learns from where it cannot take all. */
  public static final long SAMPLE = -5;

  private static final long STEP = 0x9E3779B97F4A7C15L; // SplitMix64's own, 2^64 / golden ratio

  private Seeds() {}

  public static long derive(long seed, long index) {
    return RandomSource.SPLIT_MIX_64.create(seed + index * STEP).nextLong();
  }

  public static UniformRandomProvider random(long seed, long index) {
    return RandomSource.XO_RO_SHI_RO_128_PP.create(derive(seed, index));
  }
}
