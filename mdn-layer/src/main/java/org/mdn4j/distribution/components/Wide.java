/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.components;

import java.util.Arrays;

/**
 * A number of double precision whose size may be beyond all doubles: mantissa · 2^exponent. Where a
 * sum of doubles comes out infinite or NaN, it is asked here.
 *
 * @param mantissa 0, or of a size in [1, 2); infinite or NaN as it was given
 * @param exponent any
 */
record Wide(double mantissa, long exponent) {
  private static final Wide ZERO = new Wide(0, 0);

  /** Further apart the smaller one does not count. */
  private static final long DIGITS = 64;

  /** From this exponent on a double's square comes near overflow. */
  private static final long LARGE_EXPONENT = 1000;

  static Wide of(double value) {
    return of(value, 0);
  }

  /** Returns value · 2^exponent. */
  private static Wide of(double value, long exponent) {
    if (value == 0) {
      return ZERO;
    }
    if (!Double.isFinite(value)) {
      return new Wide(value, exponent);
    }
    double normal = Math.abs(value) < Double.MIN_NORMAL ? value * 0x1p64 : value;
    int own = Math.getExponent(normal);
    return new Wide(Math.scalb(normal, -own), exponent + own - (normal == value ? 0 : 64));
  }

  Wide plus(Wide other) {
    if (mantissa == 0 || other.mantissa == 0) {
      return mantissa == 0 ? other : this;
    }
    Wide large = exponent >= other.exponent ? this : other;
    Wide small = large == this ? other : this;
    long apart = large.exponent - small.exponent;
    return apart > DIGITS
        ? large
        : of(large.mantissa + Math.scalb(small.mantissa, (int) -apart), large.exponent);
  }

  Wide minus(Wide other) {
    return plus(new Wide(-other.mantissa, other.exponent));
  }

  Wide times(Wide other) {
    return of(mantissa * other.mantissa, exponent + other.exponent);
  }

  Wide over(Wide other) {
    return of(mantissa / other.mantissa, exponent - other.exponent);
  }

  /** Returns this times 2^power. */
  Wide shifted(long power) {
    return mantissa == 0 ? this : new Wide(mantissa, exponent + power);
  }

  /** Returns Σ_i a_i b_i. */
  static Wide product(Wide[] a, Wide[] b) {
    Wide sum = ZERO;
    for (int i = 0; i < a.length; i++) {
      sum = sum.plus(a[i].times(b[i]));
    }
    return sum;
  }

  /** Returns the square root of what is not negative. */
  Wide root() {
    long half = Math.floorDiv(exponent, 2);
    return of(Math.sqrt(Math.scalb(mantissa, (int) (exponent - 2 * half))), half);
  }

  /** Returns the nearest double; ±∞ beyond all. */
  double value() {
    return Math.scalb(mantissa, (int) Math.max(-3000, Math.min(3000, exponent)));
  }

  /** Returns a − b, {@code [D]}. */
  static Wide[] differences(double[] a, double[] b) {
    Wide[] differences = new Wide[a.length];
    Arrays.setAll(differences, d -> of(a[d]).minus(of(b[d])));
    return differences;
  }

  /** Returns by which powers of 2 numbers are too large to be squared; mostly 0. */
  static long excess(Wide[] numbers) {
    long size = Arrays.stream(numbers).mapToLong(Wide::exponent).max().orElseThrow();
    return Math.max(0, size - LARGE_EXPONENT);
  }

  /** Returns numbers over a power of 2, as doubles. */
  static double[] values(Wide[] numbers, long power) {
    return Arrays.stream(numbers).mapToDouble(number -> number.shifted(-power).value()).toArray();
  }
}
