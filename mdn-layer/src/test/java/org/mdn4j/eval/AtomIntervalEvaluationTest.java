/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mdn4j.ComponentFamily;
import org.mdn4j.MixtureSpec;
import org.mdn4j.MixtureSpecBuilder;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.loss.LossMixtureNLL;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The evaluation of intervals beside atoms, and of intervals of counts. */
class AtomIntervalEvaluationTest {
  private static final double INFINITY = Double.POSITIVE_INFINITY;
  private static final int ROWS = 900;

  /**
   * Draws from the predictions. Of every third row the value is known; of others the cell of a
   * partition in which it lies, both ends included: whether an atom is at an end, below it or above
   * does not matter, as long as it is in one cell only.
   */
  private static INDArray labels(MixtureSpec spec, INDArray raw) {
    UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(11);
    MixtureBatch truth = MixtureBatch.of(spec, raw);
    boolean counts = spec.family().isDiscrete();
    // Atoms at 0 and 2, at the ends of the last cells and inside of one
    double[][][] partitions = {
      {{-INFINITY, counts ? 1 : 0.7}, {counts ? 2 : 0.7, INFINITY}},
      {
        {-INFINITY, 0},
        {counts ? 1 : Math.nextUp(0.0), counts ? 1 : Math.nextDown(2.0)},
        {2, INFINITY}
      }
    };
    double[][] ends = new double[ROWS][];
    for (int n = 0; n < ROWS; n++) {
      double y = truth.get(n).sample(1, random)[0][0];
      ends[n] = new double[] {y, y};
      if (n % 3 > 0) {
        for (double[] cell : partitions[n % 3 - 1]) {
          if (cell[0] <= y && y <= cell[1]) {
            ends[n] = cell.clone();
          }
        }
      }
    }
    return Nd4j.createFromArray(ends);
  }

  private static MixtureSpec spec(ComponentFamily family, boolean truncated) {
    MixtureSpecBuilder builder =
        MixtureSpec.builder().components(2).family(family).atoms(0, 2).censored();
    if (truncated) {
      builder.truncatedBelow(-0.5).truncatedAbove(5);
    }
    return builder.build();
  }

  private static INDArray raw(MixtureSpec spec) {
    Random random = new Random(5);
    double[][] raw = new double[ROWS][spec.parameterCount()];
    for (double[] row : raw) {
      Arrays.setAll(row, c -> 0.6 * random.nextGaussian());
    }
    return Nd4j.createFromArray(raw);
  }

  @ParameterizedTest
  @CsvSource({
    "GAUSSIAN, false",
    "GAUSSIAN, true",
    "LAPLACE, false",
    "LOG_NORMAL, false",
    "NEGATIVE_BINOMIAL, false"
  })
  void scoresAreTheLossesAndRightPredictionsAreCalibrated(
      ComponentFamily family, boolean truncated) {
    MixtureSpec spec = spec(family, truncated);
    INDArray raw = raw(spec);
    INDArray labels = labels(spec, raw);
    MixtureEvaluation evaluation = MixtureEvaluation.builder(spec).levels().build();
    evaluation.eval(labels, raw, null, null);
    double loss =
        new LossMixtureNLL(spec).computeScore(labels, raw, new ActivationIdentity(), null, true);
    assertEquals(loss, evaluation.nll(), 1e-10 * (1 + Math.abs(loss)));
    TargetScores target = evaluation.target(0);
    assertEquals(ROWS, target.rows());
    assertTrue(target.intervals() >= ROWS / 2 && target.intervals() < ROWS);
    assertTrue(target.pitKs() < 1.63 / Math.sqrt(ROWS), "KS at 1 %: " + target.pitKs());

    // Of predictions that know no atoms it is not: all is known, but not how it is distributed
    if (!family.isDiscrete()) {
      MixtureSpec without = spec.withoutAtoms();
      MixtureEvaluation wrong = MixtureEvaluation.builder(without).levels().build();
      int columns = without.parameterCount();
      INDArray components = Nd4j.create(DataType.DOUBLE, ROWS, columns);
      for (int c = 0; c < columns; c++) {
        components.putColumn(c, raw.getColumn(c));
      }
      if (family != ComponentFamily.LOG_NORMAL) { // of which 0 has no density
        wrong.eval(labels, components, null, null);
        assertTrue(wrong.target(0).pitKs() > 2.5 / Math.sqrt(ROWS), "" + wrong.target(0).pitKs());
      }
    }
  }

  /** An end that is the atom rounded to FLOAT holds it; hidden rows and unknown ones are none. */
  @Test
  void floatEndsMasksAndUnknownRows() {
    MixtureSpec spec = MixtureSpec.builder().components(1).atoms(0.1).censored().build();
    INDArray raw = Nd4j.zeros(DataType.DOUBLE, 4, spec.parameterCount());
    raw.putColumn(spec.columns().atoms().from(), Nd4j.valueArrayOf(4, 40.0));
    INDArray labels =
        Nd4j.createFromArray(
            new double[][] {{0.1f, 3}, {0.1f, 0.1f}, {-INFINITY, INFINITY}, {Double.NaN, 2}});
    INDArray mask = Nd4j.createFromArray(new double[][] {{1}, {1}, {1}, {0}});
    MixtureEvaluation evaluation = new MixtureEvaluation(spec);
    evaluation.eval(labels, raw, mask, null);
    assertEquals(2, evaluation.rows());
    assertEquals(0, evaluation.nll(), 1e-15);
    assertEquals(1, evaluation.target(0).intervals());
    for (double pit : evaluation.target(0).pitValues()) {
      assertTrue(0 < pit && pit < 1);
    }
  }

  /** A standard normal distribution; P(Y &gt; 2) by mpmath. */
  @Test
  void weightsStayWithTheirRowsBesideUnknownOnes() {
    MixtureSpec spec = MixtureSpec.builder().components(1).scaleFloor(0).censored().build();
    INDArray raw = Nd4j.zeros(DataType.DOUBLE, 4, spec.parameterCount());
    INDArray labels =
        Nd4j.createFromArray(new double[][] {{-INFINITY, INFINITY}, {0, 0}, {1, 1}, {2, INFINITY}});
    MixtureEvaluation evaluation = new MixtureEvaluation(spec);
    evaluation.evalWeighted(labels, MixtureBatch.of(spec, raw), new double[] {5, 1, 2, 4});
    double constant = 0.5 * Math.log(2 * Math.PI);
    double expected =
        (constant + 2 * (constant + 0.5) - 4 * Math.log(0.022750131948179207)) / (1 + 2 + 4);
    assertEquals(expected, evaluation.nll(), 1e-12);
    assertEquals(3, evaluation.rows());
  }

  @Test
  void endsOfCountsAreCounts() {
    MixtureSpec spec =
        MixtureSpec.builder()
            .components(1)
            .family(ComponentFamily.NEGATIVE_BINOMIAL)
            .censored()
            .build();
    INDArray raw = Nd4j.zeros(DataType.DOUBLE, 1, spec.parameterCount());
    MixtureEvaluation evaluation = new MixtureEvaluation(spec);
    INDArray halves = Nd4j.createFromArray(new double[][] {{1, 2.5}});
    Exception refusal =
        assertThrows(
            IllegalArgumentException.class, () -> evaluation.eval(halves, raw, null, null));
    assertTrue(refusal.getMessage().contains("got 2.5"), refusal.getMessage());
  }
}
