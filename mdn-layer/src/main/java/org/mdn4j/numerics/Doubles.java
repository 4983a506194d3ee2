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

  /** Returns the place of a double in the order of all. */
  private static long place(double value) {
    long bits = Double.doubleToRawLongBits(value);
    return bits >= 0 ? bits : Long.MIN_VALUE - bits;
  }

  private static double at(long place) {
    return Double.longBitsToDouble(place >= 0 ? place : Long.MIN_VALUE - place);
  }
}
