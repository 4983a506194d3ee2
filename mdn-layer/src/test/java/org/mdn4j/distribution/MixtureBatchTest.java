/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
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
  private static final MixtureSpec LINE_SPEC = MixtureSpec.builder().components(5).build();
  private static final RandomRows LINE_ROWS = RandomRows.of(LINE_SPEC, 6, 5, 2, DataType.DOUBLE);
  private static final MixtureBatch LINE = MixtureBatch.of(LINE_SPEC, LINE_ROWS.raw());
  private static final double INFINITY = Double.POSITIVE_INFINITY;

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
    assertEquals(4, BATCH.components());
    assertEquals(2, BATCH.targets());
    assertRows(BATCH.mean(), 2, n -> BATCH.get(n).mean());
    assertRows(BATCH.variance(), 2, n -> BATCH.get(n).variance());
    assertRows(BATCH.heaviestLocation(), 2, n -> BATCH.get(n).heaviestLocation());
    assertRows(BATCH.mode(), 2, n -> BATCH.get(n).mode());
    assertEach(
        BATCH.logDensity(ROWS.labels()),
        n -> BATCH.get(n).logDensity(ROWS.labels().getRow(n).toDoubleVector()));
  }

  /** The questions that need one target. */
  @Test
  void answersOverOneTargetAreThoseOfEachRow() {
    double[] y = LINE_ROWS.labels().data().asDouble();
    assertEach(LINE.cdf(LINE_ROWS.labels()), n -> LINE.get(n).cdf(y[n]));
    assertEach(LINE.survival(LINE_ROWS.labels()), n -> LINE.get(n).survival(y[n]));
    assertEach(LINE.crps(LINE_ROWS.labels()), n -> LINE.get(n).crps(y[n]));
    INDArray flat = Nd4j.createFromArray(y); // [N] will do
    assertEquals(LINE.logDensity(LINE_ROWS.labels()), LINE.logDensity(flat));
    assertEquals(LINE.cdf(LINE_ROWS.labels()), LINE.cdf(flat));
    assertEquals(LINE.survival(LINE_ROWS.labels()), LINE.survival(flat));
    assertEquals(LINE.crps(LINE_ROWS.labels()), LINE.crps(flat));
    INDArray column = LINE_ROWS.labels().repeat(1, 3).getColumn(1); // [N], with gaps between
    assertEquals(LINE.cdf(LINE_ROWS.labels()), LINE.cdf(column));
    assertRows(LINE.mode(), 1, n -> LINE.get(n).mode());
    double[] p = {0.5, 0, 1e-9, 1};
    assertRows(
        LINE.quantile(p),
        4,
        n -> Arrays.stream(p).map(probability -> LINE.get(n).quantile(probability)).toArray());
    INDArray edges = Nd4j.createFromArray(-INFINITY, INFINITY, 0, -1e300, 1e300, 1).reshape(6, 1);
    assertArrayEquals(
        new double[] {0, 1, LINE.get(2).cdf(0), 0, 1, LINE.get(5).cdf(1)},
        LINE.cdf(edges).toDoubleVector());
    assertEquals(-INFINITY, LINE.logDensity(edges).getDouble(0));
  }

  private static void assertEach(INDArray answer, IntToDoubleFunction expected) {
    assertArrayEquals(new long[] {6}, answer.shape());
    assertEquals(DataType.DOUBLE, answer.dataType());
    for (int n = 0; n < 6; n++) {
      assertEquals(expected.applyAsDouble(n), answer.getDouble(n), 0);
    }
  }

  private static void assertRows(INDArray answer, int width, IntFunction<double[]> expected) {
    assertArrayEquals(new long[] {6, width}, answer.shape());
    assertEquals(DataType.DOUBLE, answer.dataType());
    for (int n = 0; n < 6; n++) {
      assertArrayEquals(expected.apply(n), answer.getRow(n).toDoubleVector());
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

  /** log p of shift + scale · y is log p(y) − Σ log |scale|; a change after a change is one. */
  @Test
  void otherUnits() {
    double[] shift = {100, -3};
    double[] scale = {20, -0.5};
    MixtureBatch changed = BATCH.rescale(scale).shift(shift);
    INDArray y = ROWS.labels();
    INDArray changedY =
        y.mulRowVector(Nd4j.createFromArray(scale)).addRowVector(Nd4j.createFromArray(shift));
    for (int n = 0; n < 6; n++) {
      assertEquals(
          BATCH.logDensity(y).getDouble(n) - Math.log(20) - Math.log(0.5),
          changed.logDensity(changedY).getDouble(n),
          1e-11); // from y of up to 140 with σ down to 0.05: u has 1e-13, u² up to 50
      assertSameMixture(BATCH.get(n).rescale(scale).shift(shift), changed.get(n));
      Mixture twice = BATCH.get(n).rescale(scale).shift(shift).rescale(shift).shift(scale);
      assertSameMixture(twice, changed.rescale(shift).shift(scale).get(n));
      Mixture back = changed.rescale(0.05, -2).shift(-5, -6).get(n);
      assertSameMixture(BATCH.get(n), back);
    }
  }

  /** Scales and locations are at most 1e5 here; rounding is some ulp of that. */
  private static void assertSameMixture(Mixture expected, Mixture actual) {
    assertArrayEquals(expected.weights(), actual.weights(), 1e-14);
    for (int k = 0; k < expected.components(); k++) {
      assertArrayEquals(expected.means()[k], actual.means()[k], 1e-11);
      assertArrayEquals(expected.standardDeviations()[k], actual.standardDeviations()[k], 1e-11);
    }
  }

  /** Temperature and units in either order, and a temperature that replaces another. */
  @Test
  void temperatureAndUnitsTogether() {
    Temperature cold = new Temperature(0.5, 0.25);
    double[] shift = {1, 2};
    double[] scale = {3, 4};
    MixtureBatch first = BATCH.temperature(cold).rescale(scale).shift(shift);
    MixtureBatch last =
        BATCH.temperature(Temperature.of(9)).rescale(scale).shift(shift).temperature(cold);
    for (int n = 0; n < 6; n++) {
      Mixture expected = BATCH.get(n).temperature(cold).rescale(scale).shift(shift);
      assertSameMixture(expected, first.get(n));
      assertSameMixture(expected, last.get(n));
    }
    assertEquals(first.sample(5, 1), last.sample(5, 1));
  }

  /** p = 1/M Σ p_m, of batches with other components, temperature and units. */
  @Test
  void averageIsTheMixtureOfItsBatches() {
    MixtureSpec spherical =
        MixtureSpec.builder().components(3).targets(2).covariance(Covariance.SPHERICAL).build();
    INDArray raw = RandomRows.of(spherical, 6, 5, 4, DataType.DOUBLE).raw();
    MixtureBatch[] members = {
      BATCH,
      MixtureBatch.of(spherical, raw).rescale(-1, 2).shift(0.5, 1),
      BATCH.temperature(Temperature.of(2))
    };
    MixtureBatch average = MixtureBatch.average(members);
    assertEquals(11, average.components());
    INDArray y = ROWS.labels();
    for (int n = 0; n < 6; n++) {
      double density = 0;
      double[] mean = new double[2];
      for (MixtureBatch member : members) {
        density += member.get(n).density(y.getRow(n).toDoubleVector()) / 3;
        for (int d = 0; d < 2; d++) {
          mean[d] += member.mean().getDouble(n, d) / 3;
        }
      }
      assertEquals(Math.log(density), average.logDensity(y).getDouble(n), 1e-13);
      assertArrayEquals(mean, average.get(n).mean(), 1e-14);
      assertEquals(1, Arrays.stream(average.get(n).weights()).sum(), 1e-14);
      for (int k = 0; k < 3; k++) {
        assertArrayEquals(members[1].get(n).means()[k], average.get(n).means()[4 + k]);
      }
    }
    assertSameMixture(BATCH.get(3), MixtureBatch.average(BATCH).get(3));
  }

  /** A temperature of the average is of all its components; members keep their own. */
  @Test
  void anAverageCanBeChangedInTurn() {
    MixtureBatch cold = BATCH.temperature(Temperature.of(0.3));
    MixtureBatch average = MixtureBatch.average(BATCH, cold);
    Temperature tau = new Temperature(0.5, 2);
    double[] shift = {5, 6};
    double[] scale = {7, 8};
    MixtureBatch changed = average.temperature(tau).rescale(scale).shift(shift);
    MixtureBatch nested = MixtureBatch.average(average, changed);
    assertEquals(16, nested.components());
    for (int n = 0; n < 6; n++) {
      Mixture expected = average.get(n).temperature(tau).rescale(scale).shift(shift);
      assertSameMixture(expected, changed.get(n));
      double[] squares = Arrays.stream(average.get(n).weights()).map(w -> w * w).toArray();
      double sum = Arrays.stream(squares).sum();
      assertEquals(squares[2] / sum, changed.get(n).weights()[2], 1e-14); // 1/τ = 2
      assertSameMixture(
          average.get(n),
          changed
              .temperature(Temperature.of(1))
              .rescale(1 / 7.0, 1 / 8.0)
              .shift(-5 / 7.0, -6 / 8.0)
              .get(n));
      assertEquals(
          0.5 * average.get(n).mean()[0] + 0.5 * expected.mean()[0],
          nested.mean().getDouble(n, 0),
          1e-13);
    }
  }

  /** What a caller does to arrays that he gave changes nothing. */
  @Test
  void shiftScaleAndMembersAreCopied() {
    double[] shift = {1, 2};
    double[] scale = {3, 4};
    MixtureBatch changed = BATCH.rescale(scale).shift(shift);
    MixtureBatch[] members = {BATCH, changed};
    MixtureBatch average = MixtureBatch.average(members);
    INDArray before = average.mean();
    shift[0] = 50;
    scale[1] = 60;
    members[0] = changed;
    assertEquals(before, average.mean());
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
    assertMessage("got NaN at row 3, column 1", () -> BATCH.logDensity(y));
  }

  private static void assertMessage(String part, Executable question) {
    Exception e = assertThrows(IllegalArgumentException.class, question);
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }

  @Test
  void questionsOverOneTargetThatDoNotFitAreRefused() {
    assertMessage("one target, got mixtures over 2", () -> BATCH.cdf(ROWS.labels()));
    assertMessage("one target, got mixtures over 2", () -> BATCH.survival(ROWS.labels()));
    assertMessage("one target, got mixtures over 2", () -> BATCH.crps(ROWS.labels()));
    assertMessage("one target, got mixtures over 2", () -> BATCH.quantile(0.5));
    for (long[] shape : new long[][] {{5}, {1, 6}, {6, 2}, {6, 1, 1}}) {
      INDArray wrong = Nd4j.zeros(DataType.DOUBLE, shape);
      String message = "shape [6, 1] or [6], got " + Arrays.toString(shape);
      assertMessage(message, () -> LINE.logDensity(wrong));
      assertMessage(message, () -> LINE.cdf(wrong));
      assertMessage(message, () -> LINE.survival(wrong));
      assertMessage(message, () -> LINE.crps(wrong));
    }
    INDArray y = LINE_ROWS.labels().dup();
    y.putScalar(4, 0, Double.NaN);
    assertMessage("got NaN at row 4, column 0", () -> LINE.cdf(y));
    assertMessage("got NaN at row 4, column 0", () -> LINE.survival(y));
    y.putScalar(2, 0, Double.POSITIVE_INFINITY);
    assertMessage("finite outcomes, got Infinity at row 2, column 0", () -> LINE.crps(y));
    assertMessage("at least one probability", () -> LINE.quantile());
    for (double p : new double[] {-0.1, 1.1, Double.NaN}) {
      assertMessage("in [0, 1], got " + p, () -> LINE.quantile(0.5, p));
    }
  }

  @Test
  void changesThatDoNotFitAreRefused() {
    assertMessage("Expected 2 shifts, one per target, got 1", () -> BATCH.shift(1));
    assertMessage("Expected 2 scales, one per target, got 3", () -> BATCH.rescale(1, 1, 1));
    assertMessage("scale other than 0, got 0.0 at target 1", () -> BATCH.rescale(1, 0));
    assertMessage("finite shift, got Infinity at target 0", () -> BATCH.shift(INFINITY, 0));
    MixtureBatch small = BATCH.rescale(1e-200, 1e-200).shift(1, 1);
    assertMessage(
        "got 1.0E-200 at target 0, after a scale of 1.0E-200 and a shift of 1.0",
        () -> small.rescale(1e-200, 1e-200));
    MixtureBatch far = BATCH.shift(1e308, 0);
    assertMessage("got 1.0E308 at target 0, after one of 1.0E308", () -> far.shift(1e308, 0));
    assertMessage("at least one batch", () -> MixtureBatch.average());
    assertMessage(
        "got 6 rows of 2 targets and 6 rows of 1 targets", () -> MixtureBatch.average(BATCH, LINE));
    MixtureBatch shorter = MixtureBatch.of(SPEC, ROWS.raw().getRow(0, true));
    assertMessage("and 1 rows of 2 targets", () -> MixtureBatch.average(BATCH, BATCH, shorter));
  }
}
