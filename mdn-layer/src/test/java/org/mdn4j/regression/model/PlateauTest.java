/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PlateauTest {
  private static Plateau after(Plateau plateau, double... scores) {
    for (int i = 0; i < scores.length; i++) {
      plateau = plateau.after(i + 1, scores[i]);
    }
    return plateau;
  }

  @Test
  void waitsForPatienceThenGoesToTheNextStage() {
    Plateau start = Plateau.start(3, 2);

    assertEquals(0, after(start, 5, 4, 4, 4.5).stage());
    Plateau next = after(start, 5, 4, 4, 4.5, 4);
    assertEquals(1, next.stage());
    assertEquals(0, next.waited());
    assertEquals(2, next.bestEpoch());
    assertEquals(4, next.best());
    assertFalse(next.finished());
  }

  @Test
  void improvementStartsTheWaitAnew() {
    Plateau plateau = after(Plateau.start(2, 1), 5, 6, 4, 6);

    assertEquals(0, plateau.stage());
    assertEquals(1, plateau.waited());
    assertEquals(3, plateau.bestEpoch());
  }

  @Test
  void lastStageEndsTraining() {
    assertTrue(after(Plateau.start(1, 2), 5, 6, 6).finished());
    assertTrue(Plateau.start(1, 2).ended().finished());
  }

  @Test
  void nanIsNoImprovement() {
    Plateau plateau = after(Plateau.start(2, 3), Double.NaN, Double.NaN, 7, Double.NaN);

    assertEquals(1, plateau.stage());
    assertEquals(7, plateau.best());
    assertEquals(1, plateau.waited());
  }
}
