/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.kit;

import java.math.BigDecimal;
import java.math.MathContext;

/** Numbers as texts of so many significant digits, in every locale with a point. */
public final class Digits {
  private static final int SMALLEST_EXPONENT = -5;
  private static final int LARGEST_EXPONENT = 8;

  private Digits() {}

  /**
   * Returns a number rounded, without zeros at its end: 0.05, 50000 and not .05, 5E4; 2e-7 where
   * the zeros are too many; NaN and Infinity as Java has them.
   *
   * @param value any number
   * @param digits how many significant digits it has at most, at least 1
   * @return its text, which {@link Double#parseDouble} reads
   */
  public static String of(double value, int digits) {
    if (!Double.isFinite(value)) {
      return Double.toString(value);
    }
    BigDecimal number = new BigDecimal(value).round(new MathContext(digits)).stripTrailingZeros();
    if (number.signum() == 0) {
      return "0";
    }
    int exponent = number.precision() - number.scale() - 1;
    return SMALLEST_EXPONENT <= exponent && exponent <= LARGEST_EXPONENT
        ? number.toPlainString()
        : number.scaleByPowerOfTen(-exponent).toPlainString() + "e" + exponent;
  }
}
