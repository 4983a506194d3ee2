/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExponentialTest {
  private static final double LN_2 = Math.log(2);

  private static double[] exp(double... x) {
    double[] values = x.clone();
    Exponential.apply(values, new double[x.length], x.length);
    return values;
  }

  /**
   * The whole range in steps of 1/1000 and, since the error repeats with period ln 2 and is largest
   * at its ends, both sides of every end. {@code StrictMath.exp} is right to 1 ulp, 2e-16.
   */
  @Test
  void isRightTo3EMinus10OverItsWholeRange() {
    double[] grid = new double[1_400_001 + 4 * 1010];
    for (int i = 0; i <= 1_400_000; i++) {
      grid[i] = -700 + i / 1000.0;
    }
    int next = 1_400_001;
    for (int n = -1010; n < 1010; n++) {
      double end = (n + 0.5) * LN_2; // between two multiples of ln 2
      for (double x : new double[] {Math.nextDown(end), Math.nextUp(end)}) {
        grid[next++] = Math.max(-700, Math.min(700, x));
      }
    }
    double[] actual = exp(grid);
    double worst = 0;
    for (int i = 0; i < grid.length; i++) {
      double expected = StrictMath.exp(grid[i]);
      worst = Math.max(worst, Math.abs(actual[i] - expected) / expected);
    }
    assertTrue(worst < 3e-10, "relative error " + worst);
    // The bound is the remainder's own size: half of it would not do.
    assertTrue(worst > 1.5e-10, "relative error " + worst);
  }

  @Test
  void zeroGivesOneAndNaNStaysNaN() {
    assertEquals(1, exp(0)[0]);
    double[] mixed = exp(1, Double.NaN, -1, -Double.NaN, (double) Float.NaN);
    assertTrue(Double.isNaN(mixed[1]) && Double.isNaN(mixed[3]) && Double.isNaN(mixed[4]));
    assertEquals(Math.E, mixed[0], 1e-9);
    assertEquals(1 / Math.E, mixed[2], 1e-9);
  }

  /** Vector instructions or not, first or last of an array: the same bits. */
  @Test
  void theResultDoesNotDependOnThePlace() {
    double[] x = new Random(1).doubles(1000, -700, 700).toArray();
    double[] all = null;
    for (int i = 0; i < 5000; i++) { // until the optimising compiler has had its turn
      all = exp(x);
    }
    for (int i = 0; i < x.length; i += 7) {
      assertEquals(all[i], exp(x[i])[0]);
      assertEquals(all[i], exp(Arrays.copyOfRange(x, Math.max(0, i - 3), i + 1))[Math.min(3, i)]);
    }
  }

  @Test
  void onlyTheGivenLengthIsReplaced() {
    double[] x = {1, 2, 3};
    Exponential.apply(x, new double[2], 2);
    assertEquals(3, x[2]);
  }
}
