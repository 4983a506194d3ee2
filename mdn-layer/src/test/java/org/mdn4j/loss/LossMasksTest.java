/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;
import org.mdn4j.PlainMixtureNll;
import org.mdn4j.RandomRows;
import org.mdn4j.likelihood.Engine;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Masks per row and per target. Values in DOUBLE, to 1e-10 as for the likelihood itself. */
@ParameterizedClass
@EnumSource(
    value = Engine.class,
    names = {"FUSED", "SAMEDIFF"})
class LossMasksTest {
  private static final IActivation IDENTITY = new ActivationIdentity();
  private static final MixtureSpec SPEC = MixtureSpec.builder().components(3).targets(2).build();
  private static final RandomRows ROWS = RandomRows.of(SPEC, 5, 4, 9, DataType.DOUBLE);

  private final Engine engine;
  private final LossMixtureNLL loss;

  LossMasksTest(Engine engine) {
    this.engine = engine;
    this.loss = new LossMixtureNLL(SPEC, engine);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void rowWeightsMultiplyScoreAndGradientAndLeaveTheDivisor(boolean average) {
    double[] weights = {1, 0, 0.25, 2.5, 0};
    INDArray mask = Nd4j.createFromArray(weights).reshape(5, 1);
    PlainMixtureNll[] expected = PlainMixtureNll.rows(SPEC, ROWS.labels(), ROWS.raw(), null);
    INDArray scores = loss.computeScoreArray(ROWS.labels(), ROWS.raw(), IDENTITY, mask);
    INDArray gradient = loss.computeGradient(ROWS.labels(), ROWS.raw(), IDENTITY, mask);
    double sum = 0;
    for (int n = 0; n < 5; n++) {
      sum += weights[n] * expected[n].score();
      assertEquals(weights[n] * expected[n].score(), scores.getDouble(n, 0), 1e-10);
      double[] row = expected[n].gradient();
      for (int column = 0; column < row.length; column++) {
        assertEquals(weights[n] * row[column], gradient.getDouble(n, column), 1e-9);
      }
    }
    assertEquals(
        average ? sum / 5 : sum,
        loss.computeScore(ROWS.labels(), ROWS.raw(), IDENTITY, mask, average),
        1e-9);
    Pair<Double, INDArray> both =
        loss.computeGradientAndScore(ROWS.labels(), ROWS.raw(), IDENTITY, mask, average);
    assertEquals(average ? sum / 5 : sum, both.getFirst(), 1e-9);
    assertEquals(gradient, both.getSecond());
  }

  @ParameterizedTest
  @EnumSource(
      value = Covariance.class,
      names = {"SPHERICAL", "DIAGONAL"})
  void aMaskedTargetDropsOut(Covariance covariance) {
    LossMixtureNLL loss =
        LossMixtureNLL.builder()
            .components(3)
            .targets(2)
            .covariance(covariance)
            .engine(engine)
            .build();
    RandomRows rows = RandomRows.of(loss.getSpec(), 5, 4, 10, DataType.DOUBLE);
    INDArray mask = Nd4j.createFromArray(new double[][] {{1, 1}, {1, 0}, {0, 1}, {0, 0}, {1, 1}});
    PlainMixtureNll[] expected =
        PlainMixtureNll.rows(loss.getSpec(), rows.labels(), rows.raw(), mask);
    INDArray scores = loss.computeScoreArray(rows.labels(), rows.raw(), IDENTITY, mask);
    INDArray gradient = loss.computeGradient(rows.labels(), rows.raw(), IDENTITY, mask);
    for (int n = 0; n < 5; n++) {
      assertEquals(expected[n].score(), scores.getDouble(n, 0), 1e-10);
      assertArrayEquals(expected[n].gradient(), gradient.getRow(n).toDoubleVector(), 1e-9);
    }
    assertRowIsExactlyZero(scores, gradient, 3);
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e300})
  void whatTheMaskHidesDoesNotMatter(double hidden) {
    INDArray perRow = Nd4j.createFromArray(1.0, 0, 1, 1, 0).reshape(5, 1);
    INDArray perTarget =
        Nd4j.createFromArray(new double[][] {{1, 1}, {0, 0}, {0, 1}, {1, 1}, {0, 0}});
    for (INDArray mask : new INDArray[] {perRow, perTarget}) {
      INDArray labels = ROWS.labels().dup();
      for (int n = 0; n < 5; n++) {
        for (int d = 0; d < 2; d++) {
          if (mask.getDouble(n, Math.min(d, mask.size(1) - 1)) == 0) {
            labels.putScalar(n, d, hidden);
          }
        }
      }
      INDArray scores = loss.computeScoreArray(labels, ROWS.raw(), IDENTITY, mask);
      INDArray gradient = loss.computeGradient(labels, ROWS.raw(), IDENTITY, mask);
      assertEquals(loss.computeScoreArray(ROWS.labels(), ROWS.raw(), IDENTITY, mask), scores);
      assertEquals(loss.computeGradient(ROWS.labels(), ROWS.raw(), IDENTITY, mask), gradient);
      assertRowIsExactlyZero(scores, gradient, 1);
      assertRowIsExactlyZero(scores, gradient, 4);
    }
  }

  private static void assertRowIsExactlyZero(INDArray scores, INDArray gradient, int row) {
    assertEquals(0, scores.getDouble(row, 0), 0);
    assertEquals(0, gradient.getRow(row).amaxNumber().doubleValue(), 0);
  }

  @Test
  void allMasked() {
    for (INDArray mask :
        new INDArray[] {Nd4j.zeros(DataType.DOUBLE, 5, 1), Nd4j.zeros(DataType.DOUBLE, 5, 2)}) {
      INDArray labels = Nd4j.valueArrayOf(new long[] {5, 2}, Double.NaN, DataType.DOUBLE);
      assertEquals(0, loss.computeScore(labels, ROWS.raw(), IDENTITY, mask, true), 0);
      INDArray gradient = loss.computeGradient(labels, ROWS.raw(), IDENTITY, mask);
      assertEquals(0, gradient.amaxNumber().doubleValue(), 0);
    }
  }

  @Test
  void masksOfAnyTypeAndOrder() {
    INDArray mask = Nd4j.createFromArray(new double[][] {{1, 1}, {1, 0}, {0, 1}, {0, 0}, {1, 1}});
    INDArray expected = loss.computeGradient(ROWS.labels(), ROWS.raw(), IDENTITY, mask);
    for (INDArray other :
        new INDArray[] {
          mask.castTo(DataType.FLOAT),
          mask.castTo(DataType.BOOL),
          mask.castTo(DataType.INT32),
          mask.dup('f'),
          mask.transpose().dup().transpose()
        }) {
      assertEquals(expected, loss.computeGradient(ROWS.labels(), ROWS.raw(), IDENTITY, other));
    }
  }

  /** With one target [N, 1] is both; then weights are allowed, and 0 leaves the row out. */
  @Test
  void oneTarget() {
    LossMixtureNLL loss = LossMixtureNLL.builder().components(2).engine(engine).build();
    RandomRows rows = RandomRows.of(loss.getSpec(), 3, 3, 1, DataType.DOUBLE);
    INDArray mask = Nd4j.createFromArray(0.5, 0, 1).reshape(3, 1);
    INDArray all = loss.computeScoreArray(rows.labels(), rows.raw(), IDENTITY, null);
    assertArrayEquals(
        new double[] {0.5 * all.getDouble(0), 0, all.getDouble(2)},
        loss.computeScoreArray(rows.labels(), rows.raw(), IDENTITY, mask)
            .reshape(-1)
            .toDoubleVector(),
        1e-12);
  }
}
