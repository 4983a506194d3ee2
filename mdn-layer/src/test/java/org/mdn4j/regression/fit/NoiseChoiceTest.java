/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.fit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class NoiseChoiceTest {
  private static final double[] BEST = {1, 2, 3, 4};

  @Test
  void lastWithinOneStandardErrorOfTheBest() {
    // differences 0.4, −0.2, 0.4, −0.2: mean 0.1, standard deviation √0.12, standard error 0.173
    double[] close = {1.4, 1.8, 3.4, 3.8};
    // differences 0.4, 0, 0.4, 0: mean 0.2, standard deviation √(0.16/3), standard error 0.115
    double[] far = {1.4, 2, 3.4, 4};

    assertEquals(0, NoiseChoice.of(List.of(BEST), null));
    assertEquals(1, NoiseChoice.of(List.of(BEST, close), null));
    assertEquals(0, NoiseChoice.of(List.of(BEST, far), null));
    assertEquals(2, NoiseChoice.of(List.of(far, close, BEST), null));
    assertEquals(2, NoiseChoice.of(List.of(BEST, far, close), null));
  }

  @Test
  void withoutASpreadOnlyEqualsAreClose() {
    assertEquals(1, NoiseChoice.of(List.of(BEST, BEST.clone()), null));
    assertEquals(0, NoiseChoice.of(List.of(BEST, new double[] {1.25, 2.25, 3.25, 4.25}), null));
  }

  @Test
  void brokenModelIsNotChosen() {
    double[] nan = {Double.NaN, 2, 3, 4};

    assertEquals(0, NoiseChoice.of(List.of(BEST, nan), null));
    assertEquals(1, NoiseChoice.of(List.of(nan, BEST), null));
  }
}
