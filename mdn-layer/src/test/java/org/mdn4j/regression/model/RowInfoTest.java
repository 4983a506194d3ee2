/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RowInfoTest {
  private static final int[] ROWS = {0, 1, 2, 3};

  private static long count(int[] sampled, int row) {
    return IntStream.of(sampled).filter(one -> one == row).count();
  }

  @Test
  void rowsComeAsOftenAsTheirWeightSays() {
    RowInfo info = RowInfo.of(new double[] {1, 5, 1, 1}, null, ROWS);
    double[] mean = new double[4];
    int starts = 1000;
    for (int i = 0; i < starts; i++) {
      int[] sampled = info.resampled(ROWS, (i + 0.5) / starts);
      assertEquals(4, sampled.length);
      for (int row : ROWS) {
        mean[row] += (double) count(sampled, row) / starts;
      }
    }

    assertArrayEquals(new double[] {0.5, 2.5, 0.5, 0.5}, mean, 2e-3);
  }

  @Test
  void equalWeightsGiveEachOnce() {
    assertNull(RowInfo.of(new double[] {7, 7, 7, 7}, null, ROWS).weights());
    RowInfo info = new RowInfo(new float[] {1, 1, 1, 1}, null);
    for (double start : new double[] {0, 0.3, 0.999999}) {
      assertArrayEquals(ROWS, info.resampled(ROWS, start));
    }
  }

  @Test
  void onlyRatiosMatter() {
    RowInfo small = RowInfo.of(new double[] {1e-300, 3e-300}, null, new int[] {0, 1});
    RowInfo large = RowInfo.of(new double[] {1e300, 3e300}, null, new int[] {0, 1});

    assertArrayEquals(new float[] {0.5f, 1.5f}, small.weights());
    assertArrayEquals(small.weights(), large.weights());
  }

  @Test
  void equalObjectsAreAGroupAndNullIsNone() {
    RowInfo info = RowInfo.of(null, new Object[] {"a", null, "a", null}, ROWS);

    assertArrayEquals(new int[] {0, 1, 0, 2}, info.groups());
  }

  @Test
  void meansAndErrorsAreWeighted() {
    double[] values = {1, 4, 7};

    assertEquals(4, WeightedMean.of(values, null));
    assertEquals(2.125, WeightedMean.of(values, new double[] {3, 0.5, 0.5}), 1e-15);
    assertEquals(3 / Math.sqrt(3), WeightedMean.standardError(values, null), 1e-15);
    assertEquals(
        3 / Math.sqrt(3), WeightedMean.standardError(values, new double[] {2, 2, 2}), 1e-15);
  }
}
