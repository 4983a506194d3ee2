/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.numerics;

/** Doubles by their order, for searches that have to end however wide their interval is. */
public final class Doubles {
  private Doubles() {}

  /**
   * Returns the double with as many doubles between itself and one as the other, whatever their
   * sizes: of 1 and 10¹⁰⁰ it is some 10⁵⁰. Halved so, every stretch comes to neighbours in 64
   * halvings.
   *
   * @param a not NaN
   * @param b not NaN
   * @return a double from a to b; one of them where there is none between
   */
  public static double middle(double a, double b) {
    long low = place(Math.min(a, b));
    long high = place(Math.max(a, b));
    // floor((low + high) / 2) without overflow
    return at((low & high) + ((low ^ high) >> 1));
  }

  /**
   * Returns the finite double that is nearest to a number.
   *
   * @param value not NaN
   * @return the number itself, or the largest double with its sign if it is infinite
   */
  public static double nearestFinite(double value) {
    return Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, value));
  }

  /**
   * Returns log Σ_i exp(value_i), where no exponential overflows and the largest does not
   * underflow.
   *
   * @param values at least one, none of them NaN
   * @return the logarithm of the sum; the largest value where that is infinite
   */
  public static double logSumExp(double... values) {
    double max = max(values);
    if (Double.isInfinite(max)) {
      return max;
    }
    double sum = 0;
    for (double value : values) {
      sum += Math.exp(value - max);
    }
    return max + Math.log(sum);
  }

  /**
   * Returns the largest of some numbers.
   *
   * @param values at least one, none of them NaN
   * @return the largest
   */
  public static double max(double... values) {
    double max = values[0];
    for (double value : values) {
      max = value > max ? value : max; // faster than Math.max, which looks for NaN
    }
    return max;
  }

  /** Returns the place of a double in the order of all. */
  private static long place(double value) {
    long bits = Double.doubleToRawLongBits(value);
    return bits >= 0 ? bits : Long.MIN_VALUE - bits;
  }

  private static double at(long place) {
    return Double.longBitsToDouble(place >= 0 ? place : Long.MIN_VALUE - place);
  }

  /**
   * Puts log-softmax in the place of the logits, and softmax into the shares.
   *
   * @param logits {@code [K]}, not all −∞
   * @param shares {@code [K]}, overwritten
   * @return the logarithm of the sum of the exponentials of the logits
   */
  public static double logSoftmax(double[] logits, double[] shares) {
    double max = max(logits);
    double sum = 0;
    for (int k = 0; k < logits.length; k++) {
      logits[k] -= max; // first: a large one would take the digits of the logarithm
      shares[k] = Math.exp(logits[k]);
      sum += shares[k];
    }
    double logSum = Math.log(sum);
    for (int k = 0; k < logits.length; k++) {
      logits[k] -= logSum;
      shares[k] /= sum;
    }
    return max + logSum;
  }
}
