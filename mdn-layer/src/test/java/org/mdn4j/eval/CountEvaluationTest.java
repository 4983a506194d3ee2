/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;
import org.mdn4j.ComponentFamily;
import org.mdn4j.MixtureSpec;
import org.mdn4j.distribution.Interval;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Scores of counts, whose cdf jumps. */
class CountEvaluationTest {
  private static final int ROWS = 10_000;
  private static final double[] LEVELS = {0.5, 0.9};

  private static MixtureSpec spec(int targets) {
    return MixtureSpec.builder()
        .components(2)
        .targets(targets)
        .family(ComponentFamily.NEGATIVE_BINOMIAL)
        .build();
  }

  /** Means from 0.1 to 55 and dispersions from 0.05 to 2.7. */
  private static INDArray raw(MixtureSpec spec, int rows) {
    Random random = new Random(5);
    double[][] raw = new double[rows][spec.parameterCount()];
    for (double[] row : raw) {
      Arrays.setAll(row, column -> 2 * random.nextDouble() - 1);
      for (int column = spec.columns().locations().from();
          column < spec.columns().locations().to();
          column++) {
        row[column] = -2 + 6 * random.nextDouble();
      }
      for (int column = spec.columns().scales().from();
          column < spec.columns().scales().to();
          column++) {
        row[column] = -3 + 4 * random.nextDouble();
      }
    }
    return Nd4j.createFromArray(raw);
  }

  private static INDArray draws(MixtureBatch batch, long seed) {
    return batch.sample(1, seed).reshape(batch.size(), batch.targets());
  }

  private static MixtureEvaluation evaluation(MixtureSpec spec, long seed) {
    return MixtureEvaluation.builder(spec).levels(LEVELS).seed(seed).build();
  }

  /** Kolmogorov and Smirnov: false alarm 2 exp(−2 · 2.7²) = 9.3e-7 for each target. */
  @Test
  void randomisedPitIsUniformForTheTrueModel() {
    for (int targets : new int[] {1, 2}) {
      MixtureSpec spec = spec(targets);
      int rows = targets == 1 ? ROWS : ROWS / 5;
      MixtureBatch batch = MixtureBatch.of(spec, raw(spec, rows));
      MixtureEvaluation evaluation = evaluation(spec, 3);
      evaluation.eval(draws(batch, 8), batch, null);
      for (int d = 0; d < targets; d++) {
        double distance = evaluation.target(d).pitKs();
        assertTrue(distance < 2.7 / Math.sqrt(rows), "distance " + distance);
      }
    }
  }

  /** A model that is too narrow is found out. */
  @Test
  void randomisedPitIsNotUniformForAnother() {
    MixtureSpec spec = spec(1);
    INDArray raw = raw(spec, ROWS);
    INDArray labels = draws(MixtureBatch.of(spec, raw), 8);
    for (int column = spec.columns().scales().from();
        column < spec.columns().scales().to();
        column++) {
      raw.getColumn(column).subi(1);
    }
    MixtureEvaluation evaluation = evaluation(spec, 3);
    evaluation.eval(labels, MixtureBatch.of(spec, raw), null);
    assertTrue(evaluation.target(0).pitKs() > 4 / Math.sqrt(ROWS));
  }

  @Test
  void pitDependsOnTheSeedAndLiesInTheJump() {
    MixtureSpec spec = spec(1);
    MixtureBatch batch = MixtureBatch.of(spec, raw(spec, 1));
    INDArray label = Nd4j.createFromArray(new double[][] {{2}});
    double[] first = pit(spec, batch, label, 1);
    assertArrayEquals(first, pit(spec, batch, label, 1));
    assertFalse(Arrays.equals(first, pit(spec, batch, label, 2)));
    Mixture mixture = batch.get(0);
    assertTrue(mixture.cdf(1) <= first[0] && first[0] <= mixture.cdf(2));
  }

  private static double[] pit(MixtureSpec spec, MixtureBatch batch, INDArray label, long seed) {
    MixtureEvaluation evaluation = evaluation(spec, seed);
    evaluation.eval(label, batch, null);
    return evaluation.target(0).pitValues();
  }

  /** NLL, CRPS and coverage are means of what each row's mixture says of its label. */
  @Test
  void scoresAreThoseOfTheRows() {
    MixtureSpec spec = spec(1);
    int rows = 300;
    MixtureBatch batch = MixtureBatch.of(spec, raw(spec, rows));
    INDArray labels = draws(batch, 9);
    MixtureEvaluation evaluation = evaluation(spec, 3);
    evaluation.eval(labels, batch, null);
    double nll = 0;
    double crps = 0;
    double[] inside = new double[LEVELS.length];
    double[] inRegion = new double[LEVELS.length];
    for (int n = 0; n < rows; n++) {
      Mixture mixture = batch.get(n);
      double y = labels.getDouble(n);
      nll -= mixture.logDensity(y) / rows;
      crps += mixture.crps(y) / rows;
      for (int i = 0; i < LEVELS.length; i++) {
        Interval central = mixture.interval(LEVELS[i]);
        inside[i] += central.contains(y) ? 1.0 / rows : 0;
        inRegion[i] +=
            mixture.highestDensityRegion(LEVELS[i]).stream().anyMatch(it -> it.contains(y))
                ? 1.0 / rows
                : 0;
      }
    }
    assertEquals(nll, evaluation.nll(), 1e-12);
    assertEquals(crps, evaluation.target(0).crps(), 1e-12);
    for (int i = 0; i < LEVELS.length; i++) {
      assertEquals(inside[i], evaluation.target(0).centralCoverage(LEVELS[i]), 1e-12);
      assertEquals(inRegion[i], evaluation.target(0).regionCoverage(LEVELS[i]), 1e-12);
      double slack = 5 * Math.sqrt(LEVELS[i] * (1 - LEVELS[i]) / rows);
      assertTrue(inside[i] > LEVELS[i] - slack && inRegion[i] > LEVELS[i] - slack);
    }
  }

  /** All bulk answers are those of the rows, bit by bit. */
  @Test
  void batchesAnswerAsTheirRows() {
    MixtureSpec spec = spec(1);
    for (DataType dtype : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
      MixtureBatch batch = MixtureBatch.of(spec, raw(spec, 50).castTo(dtype));
      INDArray y = draws(batch, 4);
      for (int n = 0; n < 50; n++) {
        Mixture mixture = batch.get(n);
        double label = y.getDouble(n);
        assertEquals(mixture.logDensity(label), batch.logDensity(y).getDouble(n));
        assertEquals(mixture.cdf(label), batch.cdf(y).getDouble(n));
        assertEquals(mixture.survival(label), batch.survival(y).getDouble(n));
        assertEquals(mixture.crps(label), batch.crps(y).getDouble(n));
        assertEquals(mixture.quantile(0.3), batch.quantile(0.3, 0.99).getDouble(n, 0));
        assertEquals(mixture.quantile(0.99), batch.quantile(0.3, 0.99).getDouble(n, 1));
        assertEquals(mixture.mean()[0], batch.mean().getDouble(n));
        assertEquals(mixture.variance()[0], batch.variance().getDouble(n));
        assertEquals(mixture.mode()[0], batch.mode().getDouble(n));
        assertEquals(mixture.heaviestLocation()[0], batch.heaviestLocation().getDouble(n));
      }
      assertArrayEquals(
          batch.get(0).sample(3, RandomSource.XO_RO_SHI_RO_128_PP.create(4L)),
          batch.sample(3, 4).slice(0).toDoubleMatrix());
    }
  }
}
