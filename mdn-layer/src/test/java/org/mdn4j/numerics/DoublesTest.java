/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.numerics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DoublesTest {
  /** Of positive doubles the bits, read as an integer, are their place in the order. */
  @ParameterizedTest
  @CsvSource({"1, 1e100", "1e-300, 1e300", "0, 1.7976931348623157e308", "3, 5", "0.1, 0.1"})
  void theMiddleHasAsManyDoublesOnEitherSide(double a, double b) {
    double expected =
        Double.longBitsToDouble((Double.doubleToLongBits(a) + Double.doubleToLongBits(b)) >>> 1);
    assertEquals(expected, Doubles.middle(a, b));
    assertEquals(expected, Doubles.middle(b, a));
    assertEquals(expected, -Doubles.middle(-a, -b), Math.ulp(expected)); // rounded down
  }

  @Test
  void theMiddleOfOppositesIsZero() {
    for (double a : new double[] {Double.MIN_VALUE, 1, Double.MAX_VALUE}) {
      assertEquals(0, Doubles.middle(-a, a));
    }
    assertTrue(Doubles.middle(-1, 2) > 0 && Doubles.middle(-2, 1) < 0);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, -1, 1e-310, -1e300})
  void betweenNeighboursThereIsNone(double value) {
    assertEquals(value, Doubles.middle(value, Math.nextUp(value)));
  }

  @Test
  void everyDoubleIsFoundIn64Halvings() {
    Random random = new Random(1);
    for (int i = 0; i < 200; i++) {
      double sought = random.nextGaussian() * Math.pow(10, random.nextInt(600) - 300);
      double low = -Double.MAX_VALUE;
      double high = Double.MAX_VALUE;
      for (int halving = 0; halving < 64; halving++) {
        double middle = Doubles.middle(low, high);
        if (middle < sought) {
          low = middle;
        } else {
          high = middle;
        }
      }
      assertEquals(sought, high);
      assertEquals(Math.nextDown(sought), low);
    }
  }

  @Test
  void nearestFinite() {
    assertEquals(Double.MAX_VALUE, Doubles.nearestFinite(Double.POSITIVE_INFINITY));
    assertEquals(-Double.MAX_VALUE, Doubles.nearestFinite(Double.NEGATIVE_INFINITY));
    assertEquals(-1.5, Doubles.nearestFinite(-1.5));
  }

  @Test
  void logSumExp() {
    double infinity = Double.POSITIVE_INFINITY;
    assertEquals(Math.log(3), Doubles.logSumExp(0, Math.log(2)), 1e-15);
    assertEquals(1e4 + Math.log(2), Doubles.logSumExp(1e4, 1e4), 1e-11);
    assertEquals(-1e4 + Math.log1p(Math.exp(-1)), Doubles.logSumExp(-1e4 - 1, -1e4), 1e-11);
    assertEquals(3, Doubles.logSumExp(-infinity, 3));
    assertEquals(3, Doubles.logSumExp(3));
    assertEquals(-infinity, Doubles.logSumExp(-infinity, -infinity));
    assertEquals(infinity, Doubles.logSumExp(0, infinity));
  }

  @Test
  void max() {
    assertEquals(2, Doubles.max(-1, 2, 1));
    assertEquals(-1, Doubles.max(-1, -2));
    assertEquals(7, Doubles.max(7));
  }
}
