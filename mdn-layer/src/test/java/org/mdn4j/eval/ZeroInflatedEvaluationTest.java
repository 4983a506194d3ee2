/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.ComponentFamily;
import org.mdn4j.MixtureSpec;
import org.mdn4j.RandomRows;
import org.mdn4j.distribution.Interval;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.distribution.Temperature;
import org.mdn4j.likelihood.Engine;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Evaluation of predictions of counts with atoms. */
class ZeroInflatedEvaluationTest {
  private static final int ROWS = 3_000;
  private static final MixtureSpec SPEC =
      MixtureSpec.builder()
          .components(2)
          .family(ComponentFamily.NEGATIVE_BINOMIAL)
          .atoms(0, 4)
          .build();

  private static INDArray raw(MixtureSpec spec, long seed) {
    return RandomRows.of(spec, ROWS, 1, seed, DataType.DOUBLE).raw();
  }

  private static INDArray labels(MixtureSpec spec, INDArray raw, long seed) {
    return MixtureBatch.of(spec, raw).sample(1, seed).reshape(ROWS, 1);
  }

  /** Distance by Kolmogorov and Smirnov: 1.95/√n is exceeded by right predictions in 0.1 %. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void thePitOfTheTrueModelIsUniform(long seed) {
    INDArray raw = raw(SPEC, seed);
    INDArray labels = labels(SPEC, raw, seed);
    MixtureEvaluation evaluation = new MixtureEvaluation(SPEC);
    evaluation.eval(labels, raw);
    assertTrue(evaluation.target(0).pitKs() < 1.95 / Math.sqrt(ROWS));
    MixtureEvaluation wrong =
        MixtureEvaluation.builder(SPEC).temperature(new Temperature(0.4, 1)).build();
    wrong.eval(labels, raw);
    assertTrue(wrong.target(0).pitKs() > 1.95 / Math.sqrt(ROWS), "of wrong probabilities not");
    Mixture alone = MixtureBatch.of(SPEC, raw).get(0);
    int zeros = (int) Arrays.stream(labels.toDoubleVector()).filter(y -> y == 0).count();
    assertTrue(zeros > 500 && alone.probabilityOf(0) > alone.atomProbabilities()[0]);
  }

  @Test
  void scoresAreThoseOfTheLossAndOfTheRows() {
    INDArray raw = raw(SPEC, 4);
    INDArray labels = labels(SPEC, raw, 4);
    MixtureEvaluation evaluation = MixtureEvaluation.builder(SPEC).levels(0.5, 0.9).build();
    evaluation.eval(labels, raw);
    double loss = Engine.AUTO.likelihood(SPEC).score(labels, raw, null).meanNumber().doubleValue();
    assertEquals(loss, evaluation.nll(), 1e-12);
    MixtureBatch batch = MixtureBatch.of(SPEC, raw);
    double crps = 0;
    double[] central = new double[2];
    double[] region = new double[2];
    for (int n = 0; n < ROWS; n++) {
      Mixture mixture = batch.get(n);
      double y = labels.getDouble(n, 0);
      crps += mixture.crps(y) / ROWS;
      for (int i = 0; i < 2; i++) {
        double level = i == 0 ? 0.5 : 0.9;
        central[i] += mixture.interval(level).contains(y) ? 1.0 / ROWS : 0;
        for (Interval interval : mixture.highestDensityRegion(level)) {
          region[i] += interval.contains(y) ? 1.0 / ROWS : 0;
        }
      }
    }
    TargetScores target = evaluation.target(0);
    assertEquals(crps, target.crps(), 1e-12);
    assertUsage(SPEC, raw, labels, evaluation);
    for (int i = 0; i < 2; i++) {
      double level = i == 0 ? 0.5 : 0.9;
      assertEquals(central[i], target.centralCoverage(level), 1e-12);
      assertEquals(region[i], target.regionCoverage(level), 1e-12);
      // At least the level, but for the chance of the draw: 5 standard errors.
      double error = 5 * Math.sqrt(level * (1 - level) / ROWS);
      assertTrue(target.centralCoverage(level) > level - error);
      assertTrue(target.regionCoverage(level) > level - error);
    }
  }

  /** Counts have probabilities and are no atoms: components made them. */
  @Test
  void componentsOfCountsAreResponsibleWithoutAtomsToo() {
    MixtureSpec spec = SPEC.withoutAtoms();
    INDArray raw = raw(spec, 5);
    INDArray labels = labels(spec, raw, 5);
    MixtureEvaluation evaluation = new MixtureEvaluation(spec);
    evaluation.eval(labels, raw);
    assertUsage(spec, raw, labels, evaluation);
  }

  private static void assertUsage(
      MixtureSpec spec, INDArray raw, INDArray labels, MixtureEvaluation evaluation) {
    MixtureBatch batch = MixtureBatch.of(spec, raw);
    double[] usage = new double[2];
    for (int n = 0; n < ROWS; n++) {
      double[] shares = batch.get(n).responsibilities(labels.getDouble(n, 0));
      usage[0] += shares[0];
      usage[1] += shares[1];
    }
    for (int k = 0; k < 2; k++) {
      assertEquals(usage[k] / (usage[0] + usage[1]), evaluation.meanResponsibilities()[k], 1e-12);
    }
  }

  @Test
  void labelsThatAreNoCountsAreRefused() {
    MixtureEvaluation evaluation = new MixtureEvaluation(SPEC);
    INDArray raw = raw(SPEC, 6).getRows(0, 1);
    INDArray labels = Nd4j.createFromArray(new double[][] {{0}, {1.5}});
    String message =
        assertThrows(IllegalArgumentException.class, () -> evaluation.eval(labels, raw))
            .getMessage();
    assertTrue(message.contains("row 1, column 0: expected an integer of at least 0"), message);
  }
}
