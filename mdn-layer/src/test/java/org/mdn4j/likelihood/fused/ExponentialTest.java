/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood.fused;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ExponentialTest {
  private static double[] exp(double... x) {
    double[] values = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      values[i] = Exponential.of(x[i]);
    }
    return values;
  }

  /**
   * The whole range in steps of 1/10000 with its ends, where the error is largest. {@code
   * StrictMath.exp} is right to 1 ulp, 2e-16.
   */
  @Test
  void isRightTo5EMinus9OverItsWholeRange() {
    double worst = 0;
    for (int i = -800_000; i <= 800_000; i++) {
      double x = i * (Exponential.LIMIT / 800_000);
      double expected = StrictMath.exp(x);
      worst = Math.max(worst, Math.abs(Exponential.of(x) - expected) / expected);
    }
    assertTrue(worst < 5e-9, "relative error " + worst);
    // The bound is the remainder's own size: half of it would not do.
    assertTrue(worst > 2.5e-9, "relative error " + worst);
  }

  /** Where the likelihood's weights that matter lie, it is far better. */
  @Test
  void isRightTo1EMinus11Within30() {
    for (int i = -300_000; i <= 300_000; i++) {
      double expected = StrictMath.exp(i / 10_000.0);
      assertEquals(expected, Exponential.of(i / 10_000.0), 1e-11 * expected);
    }
  }

  @Test
  void zeroGivesOneAndNaNStaysNaN() {
    assertEquals(1, exp(0)[0]);
    double[] mixed = exp(1, Double.NaN, -1, -Double.NaN, (double) Float.NaN);
    assertTrue(Double.isNaN(mixed[1]) && Double.isNaN(mixed[3]) && Double.isNaN(mixed[4]));
    assertEquals(Math.E, mixed[0], 1e-12);
    assertEquals(1 / Math.E, mixed[2], 1e-12);
  }

  /** Interpreted, compiled, in vector instructions or not: the same bits. */
  @Test
  void theResultDoesNotDependOnHowItIsCompiled() {
    double[] x = new Random(1).doubles(1000, -80, 80).toArray();
    double[] first = exp(x);
    double[] all = null;
    for (int i = 0; i < 5000; i++) { // until the optimising compiler has had its turn
      all = exp(x);
    }
    for (int i = 0; i < x.length; i++) {
      assertEquals(first[i], all[i]);
    }
  }
}
