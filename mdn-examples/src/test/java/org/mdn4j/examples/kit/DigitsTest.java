/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DigitsTest {
  @ParameterizedTest
  @CsvSource({
    "0, 6, 0",
    "-0.0, 6, 0",
    "20, 6, 20",
    "123456.7, 6, 123457",
    "1234567.8, 6, 1234570",
    "0.000123456789, 6, 0.000123457",
    "-1.23456789e-12, 6, -1.23457e-12",
    "9.99999999e8, 3, 1e9",
    "1e300, 6, 1e300",
    "4.9e-324, 2, 4.9e-324",
    "NaN, 6, NaN",
    "-Infinity, 6, -Infinity",
  })
  void rounded(double value, int digits, String expected) {
    assertEquals(expected, Digits.of(value, digits));
  }

  @Test
  void sixDigitsAreReadBackToSixDigits() {
    Random random = new Random(1);
    for (int i = 0; i < 2000; i++) {
      double value = random.nextGaussian() * Math.pow(10, random.nextInt(600) - 300);
      assertEquals(value, Double.parseDouble(Digits.of(value, 6)), 5.1e-6 * Math.abs(value));
    }
  }
}
