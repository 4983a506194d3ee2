/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.MixtureSpec;
import org.mdn4j.RandomRows;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.loss.LossMixtureNLL;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The evaluation of labels that are intervals. */
class IntervalEvaluationTest {
  private static final double INFINITY = Double.POSITIVE_INFINITY;
  private static final int ROWS = 2000;

  private static MixtureSpec spec(int targets) {
    return MixtureSpec.builder().components(3).targets(targets).censored().build();
  }

  private static INDArray raw(int targets) {
    return RandomRows.of(spec(targets).withLabels(false, null), ROWS, 2, 5, DataType.DOUBLE).raw();
  }

  /** Draws from the predictions, of which every third one is exact, between two, or open. */
  private static INDArray labels(int targets) {
    UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(11);
    MixtureBatch truth = MixtureBatch.of(spec(targets), raw(targets));
    double[][] ends = new double[ROWS][2 * targets];
    for (int n = 0; n < ROWS; n++) {
      Mixture mixture = truth.get(n);
      double[] y = mixture.sample(1, random)[0];
      for (int d = 0; d < targets; d++) {
        double end = mixture.marginal(d).sample(1, random)[0][0]; // whatever y is
        boolean open = (n + d) % 3 == 2 && y[d] > end;
        boolean between = (n + d) % 3 == 1;
        double cell = 0.3;
        ends[n][2 * d] = open ? end : between ? cell * Math.floor(y[d] / cell) : y[d];
        ends[n][2 * d + 1] = open ? INFINITY : between ? ends[n][2 * d] + cell : y[d];
      }
    }
    return Nd4j.createFromArray(ends);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void scoresAreTheLossesAndRightPredictionsAreCalibrated(int targets) {
    MixtureSpec spec = spec(targets);
    INDArray labels = labels(targets);
    MixtureEvaluation evaluation =
        MixtureEvaluation.builder(spec).levels(0.5, 0.9).samples(9).build();
    evaluation.eval(labels, raw(targets), null, null);
    double loss =
        new LossMixtureNLL(spec)
            .computeScore(labels, raw(targets), new ActivationIdentity(), null, true);
    assertEquals(loss, evaluation.nll(), 1e-10 * Math.abs(loss));
    assertEquals(ROWS, evaluation.rows());
    for (int d = 0; d < targets; d++) {
      TargetScores target = evaluation.target(d);
      assertEquals(ROWS, target.rows());
      assertTrue(target.intervals() > ROWS / 3 && target.intervals() < ROWS);
      assertEquals(ROWS, target.pitValues().length);
      assertTrue(target.pitKs() < 1.63 / Math.sqrt(ROWS), "KS at 1 %: " + target.pitKs());
      // three standard errors
      assertEquals(0.5, target.centralCoverage(0.5), 3 * Math.sqrt(0.25 / ROWS));
      assertEquals(0.9, target.centralCoverage(0.9), 3 * Math.sqrt(0.09 / ROWS));
    }
    assertTrue(evaluation.stats().contains("Rows with an interval"), evaluation.stats());
  }

  /** Without the random share, a censored row's PIT of its end alone would not be uniform. */
  @Test
  void exactRowsAloneHaveTheOtherScores() {
    INDArray labels = labels(1);
    INDArray raw = raw(1);
    MixtureEvaluation all = new MixtureEvaluation(spec(1));
    all.eval(labels, raw, null, null);
    MixtureEvaluation exact = new MixtureEvaluation(spec(1).withLabels(false, null));
    INDArray mask = Nd4j.zeros(DataType.DOUBLE, ROWS, 1);
    for (int n = 0; n < ROWS; n++) {
      mask.putScalar(n, 0, labels.getDouble(n, 0) == labels.getDouble(n, 1) ? 1 : 0);
    }
    exact.eval(labels.getColumn(0, true), raw, mask, null);
    assertEquals(exact.rows(), ROWS - all.target(0).intervals());
    assertEquals(exact.target(0).crps(), all.target(0).crps(), 1e-14);
    assertEquals(exact.energyScore(), all.energyScore(), 1e-14);
    assertEquals(exact.target(0).rmseOfMean(), all.target(0).rmseOfMean(), 1e-14);
    assertEquals(exact.target(0).regionCoverage(0.9), all.target(0).regionCoverage(0.9), 1e-14);
  }

  @Test
  void partsMergeAndJsonKeepsAll() {
    MixtureSpec spec = spec(2);
    INDArray labels = labels(2).get(NDArrayIndex.interval(0, 200), NDArrayIndex.all());
    INDArray raw = raw(2).get(NDArrayIndex.interval(0, 200), NDArrayIndex.all());
    MixtureEvaluation whole = MixtureEvaluation.builder(spec).samples(9).build();
    whole.eval(labels, raw, null, null);
    MixtureEvaluation parts = whole.newInstance();
    for (int half = 0; half < 2; half++) {
      MixtureEvaluation part = whole.newInstance();
      var rows = NDArrayIndex.interval(100 * half, 100 * half + 100);
      part.eval(
          labels.get(rows, NDArrayIndex.all()), raw.get(rows, NDArrayIndex.all()), null, null);
      parts.merge(part);
    }
    assertEquals(whole.nll(), parts.nll(), 1e-12);
    for (int d = 0; d < 2; d++) {
      assertEquals(whole.target(d).intervals(), parts.target(d).intervals());
      double[] expected = whole.target(d).pitValues();
      assertTrue(Arrays.equals(expected, parts.target(d).pitValues()), "the same draws");
      assertEquals(
          whole.target(d).centralCoverage(0.5), parts.target(d).centralCoverage(0.5), 1e-12);
    }
    assertEquals(whole, MixtureEvaluation.fromJson(whole.toJson()));
    MixtureEvaluation plain = new MixtureEvaluation(spec.withLabels(false, null));
    assertFalse(plain.toJson().contains("ntervals"), "as before");
  }

  /** From z = (10 − y)/2 back to y: ends change places, exact values have a Jacobian. */
  @Test
  void unitsMirrorIntervals() {
    MixtureSpec spec = MixtureSpec.builder().components(1).censored().build();
    INDArray raw = Nd4j.createFromArray(new double[][] {{0, 0, 0}, {0, 0, 0}, {0, 0, 0}});
    double[][] ends = {{1, INFINITY}, {-0.5, 2}, {0.3, 0.3}};
    MixtureEvaluation standard = new MixtureEvaluation(spec);
    MixtureEvaluation other = new MixtureEvaluation(spec);
    MixtureBatch predicted = MixtureBatch.of(spec, raw);
    standard.eval(Nd4j.createFromArray(ends), predicted, null);
    double[][] mirrored = {{-INFINITY, 8}, {6, 11}, {9.4, 9.4}};
    other.eval(Nd4j.createFromArray(mirrored), predicted.rescale(-2).shift(10), null);
    assertEquals(standard.nll() + Math.log(2) / 3, other.nll(), 1e-12);
  }

  @Test
  void whatSaysNothingIsLeftOutAndWhatCannotBeIsNamed() {
    MixtureSpec spec = spec(2);
    INDArray raw = Nd4j.zeros(DataType.DOUBLE, 2, spec.parameterCount());
    double[][] ends = {{-INFINITY, INFINITY, 0.5, 0.5}, {-INFINITY, INFINITY, -INFINITY, INFINITY}};
    MixtureEvaluation evaluation = MixtureEvaluation.builder(spec).samples(9).build();
    evaluation.eval(Nd4j.createFromArray(ends), raw, null, null);
    assertEquals(1, evaluation.rows());
    assertEquals(0, evaluation.target(0).rows());
    assertEquals(1, evaluation.target(1).rows());
    ends[1][0] = 3;
    ends[1][1] = 2;
    Exception refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> evaluation.eval(Nd4j.createFromArray(ends), raw, null, null));
    assertTrue(refusal.getMessage().contains("got 3.0 and 2.0 at row 1, column 0"));
  }

  @Test
  void survivalCurvesAreThoseOfTheRows() {
    MixtureBatch batch = MixtureBatch.of(spec(1), raw(1));
    INDArray curves = batch.survivalCurves(-1, 0, 2.5, INFINITY);
    assertEquals(batch.get(7).survival(2.5), curves.getDouble(7, 2));
    assertEquals(0, curves.getDouble(7, 3));
    assertThrows(IllegalArgumentException.class, () -> batch.survivalCurves());
    assertThrows(IllegalArgumentException.class, () -> batch.survivalCurves(Double.NaN));
  }
}
