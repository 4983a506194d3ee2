/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.fit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

class ParameterAverageTest {
  private static void add(ParameterAverage average, float... parameters) {
    average.add(Nd4j.createFromArray(parameters));
  }

  @Test
  void isTheMeanOfTheFirstStepsThenForgets() {
    ParameterAverage average = new ParameterAverage(4, new float[] {100, -100}, 0);
    add(average, 1, 10);
    assertArrayEquals(new float[] {1, 10}, average.values());
    add(average, 3, 20);
    add(average, 5, 30);
    add(average, 7, 40);
    assertArrayEquals(new float[] {4, 25}, average.values(), 1e-5f);
    add(average, 12, 25);
    assertArrayEquals(new float[] {6, 25}, average.values(), 1e-5f);
    assertEquals(5, average.steps());
  }

  @Test
  void goesOnFromWhereItStood() {
    ParameterAverage whole = new ParameterAverage(10, new float[] {0}, 0);
    add(whole, 1);
    add(whole, 2);
    ParameterAverage resumed = new ParameterAverage(10, whole.values(), whole.steps());
    add(whole, 6);
    add(resumed, 6);

    assertArrayEquals(whole.values(), resumed.values());
    assertArrayEquals(new float[] {3}, whole.values(), 1e-6f);
  }

  @Test
  void restartForgetsAll() {
    ParameterAverage average = new ParameterAverage(10, new float[] {0}, 0);
    add(average, 50);
    average.restart(new float[] {2});
    assertArrayEquals(new float[] {2}, average.values());
    add(average, 8);
    assertArrayEquals(new float[] {8}, average.values());
  }

  @Test
  void withoutAHorizonItIsTheLastParameters() {
    ParameterAverage average = new ParameterAverage(0, new float[] {0}, 0);
    add(average, 3);
    add(average, 8);

    assertArrayEquals(new float[] {8}, average.values());
  }
}
