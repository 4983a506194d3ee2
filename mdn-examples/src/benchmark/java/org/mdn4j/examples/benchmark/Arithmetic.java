/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

/**
 * Exponentials and logarithms of whole arrays that stay in cache, in the tightest loop there is.
 */
public interface Arithmetic {
  /** A maker of the arithmetic of one thread. */
  @FunctionalInterface
  interface Maker {
    /**
     * Sets the numbers to work on, of equal count.
     *
     * @param exponents of which the exponentials are asked
     * @param sums of which the logarithms are asked
     */
    Arithmetic over(float[] exponents, float[] sums);
  }

  /** Computes the exponentials of the first {@code count} exponents. */
  void exponentials(int count);

  /** Computes the logarithms of the first {@code count} sums. */
  void logarithms(int count);

  /** Returns the exponential at an index, as last computed. */
  double exponential(int index);

  /** Returns the logarithm at an index, as last computed. */
  double logarithm(int index);
}
