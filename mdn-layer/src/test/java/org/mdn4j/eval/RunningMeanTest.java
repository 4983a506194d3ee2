/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class RunningMeanTest {
  @Test
  void meanAndStandardDeviationFollowTheirFormulas() {
    RunningMean numbers = of(2, 4, 4, 4, 5, 5, 7, 9); // Σ (x − 5)² = 32
    assertEquals(8, numbers.count());
    assertEquals(5, numbers.mean(), 1e-15);
    assertEquals(Math.sqrt(32 / 7.0), numbers.standardDeviation(), 1e-15);
    assertEquals(Math.sqrt(32 / 7.0 / 8), numbers.standardError(), 1e-15);
  }

  @Test
  void partsMergeToTheWholeAlsoFarFromZero() {
    Random random = new Random(1);
    double[] values = random.doubles(10_000).map(u -> 1e9 + u).toArray();
    RunningMean whole = of(values);
    RunningMean merged = new RunningMean();
    int from = 0;
    while (from < values.length) {
      int to = Math.min(values.length, from + 1 + random.nextInt(700));
      merged.merge(of(DoubleStream.of(values).skip(from).limit(to - from).toArray()));
      from = to;
    }
    // A sum of squares in plain doubles would have lost all digits of the deviation at 1e9.
    assertEquals(whole.count(), merged.count());
    assertEquals(whole.mean(), merged.mean(), 1e-15 * 1e9);
    assertEquals(1 / Math.sqrt(12), whole.standardDeviation(), 0.01);
    assertEquals(whole.standardDeviation(), merged.standardDeviation(), 1e-6);
  }

  @Test
  void nothingYetIsNotANumber() {
    RunningMean none = new RunningMean();
    assertEquals(Double.NaN, none.mean());
    assertEquals(Double.NaN, none.standardDeviation());
    assertEquals(Double.NaN, of(1).standardError());
    none.merge(new RunningMean());
    assertEquals(new RunningMean(), none);
    none.merge(of(1, 2));
    assertEquals(of(1, 2), none);
  }

  @Test
  void infinityStays() {
    RunningMean numbers = of(1, Double.POSITIVE_INFINITY, 2, 3);
    assertEquals(Double.POSITIVE_INFINITY, numbers.mean());
    RunningMean merged = of(1, 2);
    merged.merge(numbers);
    merged.merge(numbers);
    merged.merge(of(1));
    assertEquals(Double.POSITIVE_INFINITY, merged.mean());
    assertEquals(11, merged.count());
  }

  /** Mean 17/4, variance Σ w (x − mean)² / Σ w · 3/2, by hand. */
  @Test
  void weightsCount() {
    RunningMean weighted = new RunningMean();
    weighted.add(1, 1);
    weighted.add(4, 2);
    weighted.add(8, 1);

    assertEquals(17.0 / 4, weighted.mean(), 1e-15);
    assertEquals(3, weighted.count());
    double variance = (3.25 * 3.25 + 2 * 0.25 * 0.25 + 3.75 * 3.75) / 4 * 3 / 2;
    assertEquals(Math.sqrt(variance), weighted.standardDeviation(), 1e-15);
    assertEquals(Math.sqrt(variance * 6) / 4, weighted.standardError(), 1e-15);
    assertEquals(of(1, 4, 4, 8).mean(), weighted.mean(), 1e-15);
  }

  @Test
  void weightedPartsMergeToTheWhole() {
    Random random = new Random(2);
    for (int split = 0; split <= 20; split++) {
      RunningMean whole = new RunningMean();
      RunningMean first = new RunningMean();
      RunningMean second = new RunningMean();
      for (int n = 0; n < 20; n++) {
        double value = random.nextGaussian();
        double weight = n < 8 ? 1 : random.nextDouble(); // plain ones first
        whole.add(value, weight);
        (n < split ? first : second).add(value, weight);
      }
      first.merge(second);

      assertEquals(whole.mean(), first.mean(), 1e-14);
      assertEquals(whole.standardError(), first.standardError(), 1e-14);
      assertEquals(whole.count(), first.count());
    }
  }

  private static RunningMean of(double... values) {
    RunningMean mean = new RunningMean();
    DoubleStream.of(values).forEach(mean::add);
    return mean;
  }
}
