/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** FastTanh against Math.tanh, whose own error is 2.5 ulp of DOUBLE. */
class FastTanhTest {
  /** Every 997th FLOAT from the smallest to the largest, or with the property each. */
  @Test
  void overTheWholeRange() {
    int step = Boolean.getBoolean("mdn4j.everyFloat") ? 1 : 997;
    double worst = 0;
    int last = Float.floatToIntBits(Float.MAX_VALUE) - step;
    for (int bits = 1; bits <= last; bits += step) {
      float x = Float.intBitsToFloat(bits);
      double expected = Math.tanh((double) x);
      float got = FastTanh.of(x);
      assertEquals(got, -FastTanh.of(-x), 0, "odd");
      double error = Math.abs(got - expected) / expected;
      // Below the normal numbers a rounding is worth more.
      assertTrue(x < 2e-38f ? Math.abs(got - x) <= 3e-45 : error < 4e-7, () -> "at " + x);
      assertTrue(got <= 1);
      worst = x < 2e-38f ? worst : Math.max(worst, error);
    }
    assertTrue(worst > 1e-7, "what the error is measured against is not itself");
  }

  @Test
  void isExactlyOneBeyondTheLimit() {
    for (float x :
        new float[] {
          9.1f, 10, 16, 100, 12345.6f, 4e6f, 1e30f, Float.MAX_VALUE, Float.POSITIVE_INFINITY
        }) {
      assertEquals(1, FastTanh.of(x), 0);
      assertEquals(-1, FastTanh.of(-x), 0);
    }
  }

  @Test
  void leavesNotANumber() {
    assertTrue(Float.isNaN(FastTanh.of(Float.NaN)));
    assertEquals(0, FastTanh.of(0), 0);
  }
}
