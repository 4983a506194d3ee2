/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

/**
 * exp over an array, for the FLOAT likelihood, which is computed in double.
 *
 * <pre>
 *   exp(x) = 2ⁿ exp(r),   n = rint(x / ln 2),   r = x − n ln 2,   |r| ≤ ½ ln 2
 * </pre>
 *
 * <p>(Cody &amp; Waite 1980, chapter 6), with exp(r) by its Taylor polynomial of degree 8, whose
 * relative error by Lagrange's remainder is at most |r|⁹ e<sup>|r|</sup> / 9! &lt; 2.9 · 10⁻¹⁰. The
 * rounding of n ln 2 adds at most 1.6 · 10⁻¹³. Together: less than 3 · 10⁻¹⁰, a two-hundredth of
 * FLOAT's own rounding.
 *
 * <p>There are two loops because C2 turns the first into vector instructions, but not the second,
 * which adds n to the bits of the exponent. {@code Math.fma} would be faster by a third, but is
 * slow beyond measure on a processor that has no such instruction.
 */
final class Exponential {
  /** Added to a moderate number, leaves its rint in the last bits of the sum. */
  private static final double ROUNDER = 0x1.8p52;

  private static final double LN_2 = 0.6931471805599453;
  private static final int EXPONENT_SHIFT = 52;

  private Exponential() {}

  /**
   * Replaces x by exp(x).
   *
   * @param x numbers in [−700, 700], within which 2ⁿ is a normal number; or NaN, which stays NaN
   * @param rounded scratch, at least as long
   * @param length how many of them
   */
  static void apply(double[] x, double[] rounded, int length) {
    polynomial(x, rounded, length);
    scale(x, rounded, length);
  }

  private static void polynomial(double[] x, double[] rounded, int length) {
    for (int i = 0; i < length; i++) {
      double shifted = x[i] * (1 / LN_2) + ROUNDER;
      rounded[i] = shifted;
      double r = x[i] - (shifted - ROUNDER) * LN_2;
      double p = 1.0 / 40320;
      p = p * r + 1.0 / 5040;
      p = p * r + 1.0 / 720;
      p = p * r + 1.0 / 120;
      p = p * r + 1.0 / 24;
      p = p * r + 1.0 / 6;
      p = p * r + 1.0 / 2;
      p = p * r + 1;
      x[i] = p * r + 1;
    }
  }

  private static void scale(double[] x, double[] rounded, int length) {
    for (int i = 0; i < length; i++) {
      long n = Double.doubleToRawLongBits(rounded[i]) << EXPONENT_SHIFT;
      x[i] = Double.longBitsToDouble(Double.doubleToRawLongBits(x[i]) + n);
    }
  }
}
