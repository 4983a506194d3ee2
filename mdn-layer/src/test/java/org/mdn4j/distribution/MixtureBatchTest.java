/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;
import org.mdn4j.PlainMixtureNll;
import org.mdn4j.RandomRows;
import org.mdn4j.likelihood.SameDiffLikelihood;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A network's raw output, read as mixtures. */
class MixtureBatchTest {
  private static final MixtureSpec SPEC =
      MixtureSpec.builder().components(4).targets(2).scaleFloor(0.1).build();
  private static final RandomRows ROWS = RandomRows.of(SPEC, 6, 5, 1, DataType.DOUBLE);
  private static final MixtureBatch BATCH = MixtureBatch.of(SPEC, ROWS.raw());

  /** The training loss and the distribution are written apart and must mean the same columns. */
  @ParameterizedTest
  @CsvSource({
    "SPHERICAL, 0, DOUBLE, 1e-11", "DIAGONAL, 0.1, DOUBLE, 1e-11",
    "SPHERICAL, 0.1, FLOAT, 2e-4", "DIAGONAL, 0, FLOAT, 2e-4"
  })
  void logDensityIsMinusTheLikelihoodsScore(
      Covariance covariance, double floor, DataType dtype, double tolerance) {
    MixtureSpec spec =
        MixtureSpec.builder()
            .components(3)
            .targets(2)
            .covariance(covariance)
            .scaleFloor(floor)
            .build();
    RandomRows rows = RandomRows.of(spec, 9, 10, 3, dtype);
    INDArray score = new SameDiffLikelihood(spec).score(rows.labels(), rows.raw(), null);
    INDArray logDensity = MixtureBatch.of(spec, rows.raw()).logDensity(rows.labels());
    PlainMixtureNll[] plain = PlainMixtureNll.rows(spec, rows.labels(), rows.raw(), null);
    assertArrayEquals(new long[] {9}, logDensity.shape());
    assertEquals(DataType.DOUBLE, logDensity.dataType());
    for (int n = 0; n < 9; n++) {
      double size = Math.max(1, Math.abs(score.getDouble(n)));
      assertEquals(-score.getDouble(n), logDensity.getDouble(n), tolerance * size);
      assertEquals(-plain[n].score(), logDensity.getDouble(n), 1e-11 * size);
    }
  }

  @Test
  void aRowHasTheParametersOfItsColumns() {
    MixtureSpec spec = MixtureSpec.builder().components(2).targets(2).build();
    double[] row = {Math.log(1), Math.log(3), 10, 11, 20, 21, 0, 1, 2, 3};
    Mixture mixture = MixtureBatch.of(spec, Nd4j.createFromArray(new double[][] {row})).get(0);
    assertArrayEquals(new double[] {0.25, 0.75}, mixture.weights(), 1e-15);
    assertArrayEquals(new double[][] {{10, 11}, {20, 21}}, mixture.means());
    double[][] scales = {{1, Math.E}, {Math.exp(2), Math.exp(3)}};
    for (int k = 0; k < 2; k++) {
      assertArrayEquals(scales[k], mixture.standardDeviations()[k], 1e-14);
    }
  }

  @Test
  void answersAreThoseOfEachRow() {
    assertEquals(6, BATCH.size());
    for (INDArray answer :
        new INDArray[] {BATCH.mean(), BATCH.variance(), BATCH.heaviestLocation()}) {
      assertArrayEquals(new long[] {6, 2}, answer.shape());
      assertEquals(DataType.DOUBLE, answer.dataType());
    }
    for (int n = 0; n < 6; n++) {
      Mixture mixture = BATCH.get(n);
      assertArrayEquals(mixture.mean(), BATCH.mean().getRow(n).toDoubleVector());
      assertArrayEquals(mixture.variance(), BATCH.variance().getRow(n).toDoubleVector());
      assertArrayEquals(
          mixture.heaviestLocation(), BATCH.heaviestLocation().getRow(n).toDoubleVector());
    }
  }

  @Test
  void samplesOfAllRows() {
    INDArray samples = BATCH.sample(3, 42);
    assertArrayEquals(new long[] {6, 3, 2}, samples.shape());
    assertEquals(DataType.DOUBLE, samples.dataType());
    assertEquals(samples, BATCH.sample(3, 42));
    assertNotEquals(samples, BATCH.sample(3, 43));
    double[][] first = BATCH.get(0).sample(3, RandomSource.XO_RO_SHI_RO_128_PP.create(42L));
    assertArrayEquals(first, samples.slice(0).toDoubleMatrix());
  }

  /** Within 5 standard errors of 2,000 samples: 12 numbers, each missed once in 1.7 million. */
  @Test
  void samplesOfARowComeFromItsMixture() {
    INDArray means = BATCH.sample(2000, 1).mean(1);
    for (int n = 0; n < 6; n++) {
      for (int d = 0; d < 2; d++) {
        double error = Math.sqrt(BATCH.get(n).variance()[d] / 2000);
        assertEquals(BATCH.get(n).mean()[d], means.getDouble(n, d), 5 * error);
      }
    }
  }

  @Test
  void oneRowOfOneTarget() {
    MixtureSpec spec = MixtureSpec.builder().components(1).build();
    MixtureBatch batch =
        MixtureBatch.of(spec, Nd4j.createFromArray(new double[][] {{5, 2, Math.log(3)}}));
    assertArrayEquals(new long[] {1, 1}, batch.mean().shape());
    assertEquals(2, batch.mean().getDouble(0, 0));
    assertEquals(9, batch.variance().getDouble(0, 0), 1e-13);
    assertArrayEquals(new long[] {1, 1, 1}, batch.sample(1, 1).shape());
    INDArray y = Nd4j.createFromArray(new double[][] {{2}});
    assertEquals(
        -Math.log(3) - 0.5 * Math.log(2 * Math.PI), batch.logDensity(y).getDouble(0), 1e-14);
  }

  @Test
  void aTemperatureReplacesTheOneBefore() {
    Temperature cold = new Temperature(0.5, 0.25);
    MixtureBatch twice = BATCH.temperature(Temperature.of(7)).temperature(cold);
    Mixture expected = BATCH.get(2).temperature(cold);
    assertArrayEquals(expected.weights(), twice.get(2).weights(), 1e-15);
    assertArrayEquals(expected.standardDeviations(), twice.get(2).standardDeviations());
    assertArrayEquals(
        BATCH.get(2).weights(), twice.temperature(Temperature.of(1)).get(2).weights());
    assertEquals(
        expected.standardDeviations()[0][0], BATCH.get(2).standardDeviations()[0][0] / 2, 1e-15);
  }

  @Test
  void extremeOutputsGiveUsableMixtures() {
    MixtureSpec spec = MixtureSpec.builder().components(2).build();
    double[][] raw = {
      {1e4, -1e4, 0, 1, 0, 0}, {1e308, -1e308, 0, 1, -1e308, 1e308}, {0, 0, 1, -1, -1e4, -1e4}
    };
    MixtureBatch batch = MixtureBatch.of(spec, Nd4j.createFromArray(raw));
    for (int n = 0; n < 3; n++) {
      Mixture mixture = batch.get(n);
      assertEquals(1, mixture.weights()[0] + mixture.weights()[1], 1e-15);
      assertTrue(Double.isFinite(mixture.logDensity(0)), "row " + n);
      assertTrue(mixture.standardDeviations()[0][0] > 0);
      assertTrue(Double.isFinite(mixture.standardDeviations()[1][0]));
      assertTrue(Double.isFinite(mixture.variance()[0]), "row " + n);
    }
  }

  private static void assertRefused(INDArray raw, String... parts) {
    Exception e = assertThrows(IllegalArgumentException.class, () -> MixtureBatch.of(SPEC, raw));
    for (String part : parts) {
      assertTrue(e.getMessage().contains(part), e.getMessage());
    }
  }

  @Test
  void outputsThatDoNotFitAreRefused() {
    assertRefused(Nd4j.zeros(3, 19), "[N, 20]", "got [3, 19]");
    assertRefused(Nd4j.zeros(3, 20, 1), "[N, 20]", "got [3, 20, 1]");
    assertRefused(Nd4j.zeros(DataType.FLOAT, 20), "[N, 20]", "got [20]");
    assertRefused(Nd4j.create(DataType.FLOAT, 0, 20), "N > 0", "got [0, 20]");
    assertRefused(Nd4j.empty(DataType.FLOAT), "[N, 20]", "got []");
    for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      INDArray raw = Nd4j.zeros(DataType.FLOAT, 3, 20);
      raw.putScalar(1, 17, value);
      assertRefused(raw, "got " + value + " at row 1, column 17");
    }
  }

  @Test
  void questionsThatDoNotFitAreRefused() {
    assertThrows(IndexOutOfBoundsException.class, () -> BATCH.get(-1));
    assertThrows(IndexOutOfBoundsException.class, () -> BATCH.get(6));
    for (int perRow : new int[] {0, -1}) {
      Exception e = assertThrows(IllegalArgumentException.class, () -> BATCH.sample(perRow, 1));
      assertTrue(e.getMessage().contains("got " + perRow));
    }
    for (long[] shape : new long[][] {{6, 1}, {5, 2}, {6}, {6, 2, 1}}) {
      Exception e =
          assertThrows(
              IllegalArgumentException.class,
              () -> BATCH.logDensity(Nd4j.zeros(DataType.DOUBLE, shape)));
      assertTrue(e.getMessage().contains("shape [6, 2], got ["), e.getMessage());
    }
    INDArray y = ROWS.labels().dup();
    y.putScalar(3, 1, Double.NaN);
    assertThrows(IllegalArgumentException.class, () -> BATCH.logDensity(y));
  }
}
