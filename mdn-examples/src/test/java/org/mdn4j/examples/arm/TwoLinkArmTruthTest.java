/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.arm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.DoubleBinaryOperator;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.eval.RunningMean;
import org.mdn4j.examples.kit.Panels;

class TwoLinkArmTruthTest {
  private static final double NOISE = 0.05;

  /** Known from a computation elsewhere, to three digits. */
  @Test
  void floorAgreesWithTheKnownValue() {
    assertEquals(-1.044, new TwoLinkArmTruth(NOISE).floorNll(), 5e-4);
  }

  @ParameterizedTest
  @ValueSource(doubles = {NOISE, 0.3, 1})
  void floorStaysTheSameOnAFinerGrid(double noise) {
    double floor = new TwoLinkArmTruth(noise).floorNll();
    assertEquals(floor, new TwoLinkArmTruth(noise, 2).floorNll(), 1e-8);
  }

  /** With much noise the hand tells next to nothing: log 0.9π, less what it still tells. */
  @Test
  void floorRisesToThePriorsEntropy() {
    double floor = new TwoLinkArmTruth(1).floorNll();
    assertTrue(floor < Math.log(0.9 * Math.PI) && floor > Math.log(0.9 * Math.PI) - 0.1);
  }

  /** −log p(θ | x) of drawn examples, with p(x) by the midpoint rule on a plain grid. */
  @Test
  void floorIsTheMeanNllOfDrawnExamples() {
    TwoLinkArmData data =
        TwoLinkArmData.draw(1000, NOISE, RandomSource.XO_RO_SHI_RO_128_PP.create(11L));
    RunningMean nll = new RunningMean();
    for (int n = 0; n < data.hands().length; n++) {
      nll.add(-Math.log(plainDensity(data.hands()[n], data.angles()[n], 100)));
    }
    assertEquals(new TwoLinkArmTruth(NOISE).floorNll(), nll.mean(), 4 * nll.standardError());
  }

  /** Halving the plain grid's cells divides its error by 4: at 800 it is some 1e-5. */
  @Test
  void densityIsThatOfAPlainGrid() {
    TwoLinkArmData data =
        TwoLinkArmData.draw(30, NOISE, RandomSource.XO_RO_SHI_RO_128_PP.create(12L));
    TwoLinkArmTruth truth = new TwoLinkArmTruth(NOISE);
    for (int n = 0; n < data.hands().length; n++) {
      double[] angles = data.angles()[n];
      double density = truth.density(data.hands()[n]).applyAsDouble(angles[0], angles[1]);
      assertEquals(1, density / plainDensity(data.hands()[n], angles, 800), 1e-4);
    }
  }

  private static double plainDensity(double[] hand, double[] angles, int cells) {
    double sum = 0;
    for (int i = 0; i < cells; i++) {
      double first = 0.3 + 0.9 * (i + 0.5) / cells;
      for (int j = 0; j < cells; j++) {
        sum += plainLikelihood(hand, first, Math.PI / 2 + Math.PI * (j + 0.5) / cells);
      }
    }
    double cell = 0.9 / cells * Math.PI / cells;
    return plainLikelihood(hand, angles[0], angles[1]) / (sum * cell);
  }

  private static double plainLikelihood(double[] hand, double first, double second) {
    double dx = hand[0] - 0.8 * Math.cos(first) + 0.2 * Math.cos(first + second);
    double dy = hand[1] - 0.8 * Math.sin(first) + 0.2 * Math.sin(first + second);
    return Math.exp(-0.5 * (dx * dx + dy * dy) / (NOISE * NOISE));
  }

  @Test
  void densityIntegratesToOneOverTheRectangle() {
    DoubleBinaryOperator density = new TwoLinkArmTruth(NOISE).density(new double[] {0.6, 0.7});
    Panels first = Panels.of(0.3, 1.2, 0.05);
    Panels second = Panels.of(Math.PI / 2, 3 * Math.PI / 2, 0.2);
    double sum = 0;
    for (int i = 0; i < first.size(); i++) {
      for (int j = 0; j < second.size(); j++) {
        sum +=
            first.weights()[i]
                * second.weights()[j]
                * density.applyAsDouble(first.nodes()[i], second.nodes()[j]);
      }
    }
    assertEquals(1, sum, 1e-9);
    assertEquals(0, density.applyAsDouble(0.29, 3));
    assertEquals(0, density.applyAsDouble(1.21, 3));
    assertEquals(0, density.applyAsDouble(0.7, 1.57));
    assertEquals(0, density.applyAsDouble(0.7, 4.72));
  }

  /** The links' own geometry: stretched at θ2 = π, at right angles at π/2 and 3π/2. */
  @Test
  void handIsWhereTheLinksPutIt() {
    double turn = 0.4;
    assertArrayEquals(
        new double[] {Math.cos(turn), Math.sin(turn)}, TwoLinkArmData.hand(turn, Math.PI), 1e-15);
    assertArrayEquals(new double[] {0.8, -0.2}, TwoLinkArmData.hand(0, Math.PI / 2), 1e-15);
    assertArrayEquals(new double[] {0.8, 0.2}, TwoLinkArmData.hand(0, 3 * Math.PI / 2), 1e-15);
    assertArrayEquals(
        new double[] {0.8 * Math.cos(turn), 0.8 * Math.sin(turn)},
        TwoLinkArmData.elbow(turn, 2),
        1e-15);
  }

  @Test
  void dataFollowTheirFormula() {
    int count = 50_000;
    TwoLinkArmData data =
        TwoLinkArmData.draw(count, NOISE, RandomSource.XO_RO_SHI_RO_128_PP.create(5L));
    for (int d = 0; d < 2; d++) {
      RunningMean noise = new RunningMean();
      RunningMean square = new RunningMean();
      RunningMean angle = new RunningMean();
      RunningMean angleSquare = new RunningMean();
      double[] range = d == 0 ? new double[] {0.3, 1.2} : new double[] {Math.PI / 2, 1.5 * Math.PI};
      for (int n = 0; n < count; n++) {
        double difference = data.hands()[n][d] - TwoLinkArmData.hand(data.angles()[n])[d];
        noise.add(difference);
        square.add(difference * difference);
        double uniform = (data.angles()[n][d] - range[0]) / (range[1] - range[0]);
        assertTrue(0 <= uniform && uniform <= 1);
        angle.add(uniform);
        angleSquare.add(uniform * uniform);
      }
      assertEquals(0, noise.mean(), 5 * noise.standardError());
      assertEquals(NOISE * NOISE, square.mean(), 5 * square.standardError());
      assertEquals(0.5, angle.mean(), 5 * angle.standardError());
      assertEquals(1 / 3.0, angleSquare.mean(), 5 * angleSquare.standardError());
    }
  }
}
