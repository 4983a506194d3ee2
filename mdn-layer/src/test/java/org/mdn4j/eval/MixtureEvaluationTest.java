/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import org.apache.commons.numbers.gamma.Erfc;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.MixtureSpec;
import org.mdn4j.RandomRows;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.distribution.Temperature;
import org.nd4j.evaluation.regression.RegressionEvaluation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class MixtureEvaluationTest {
  private static final MixtureSpec GAUSSIAN = MixtureSpec.builder().components(1).build();
  // N(1, 2²), N(−3, 0.5²), N(0, 1): log σ is the last column
  private static final INDArray RAW =
      Nd4j.createFromArray(new double[][] {{0, 1, Math.log(2)}, {0, -3, Math.log(0.5)}, {0, 0, 0}});
  private static final double[] SIGMA = {2, 0.5, 1};
  private static final double[] Z = {1, -0.5, 2}; // (y − μ) / σ
  private static final INDArray LABELS = Nd4j.createFromArray(new double[][] {{3}, {-3.25}, {2}});
  private static final double Z_90 = 1.6448536269514722; // R 4.2: qnorm(0.95)

  @Test
  void figuresOfOneGaussianFollowTheirFormulas() {
    MixtureEvaluation evaluation = MixtureEvaluation.builder(GAUSSIAN).levels(0.9).build();
    evaluation.eval(LABELS, RAW);

    double[] nll = new double[3];
    double[] pit = new double[3];
    double crps = 0;
    for (int n = 0; n < 3; n++) {
      double z = Z[n];
      pit[n] = 0.5 * Erfc.value(-z / Math.sqrt(2));
      nll[n] = Math.log(SIGMA[n]) + 0.5 * Math.log(2 * Math.PI) + 0.5 * z * z;
      double density = Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
      // Gneiting and Raftery (2007), page 367
      crps += SIGMA[n] * (z * (2 * pit[n] - 1) + 2 * density - 1 / Math.sqrt(Math.PI)) / 3;
    }
    double mean = (nll[0] + nll[1] + nll[2]) / 3;
    double squares = 0;
    for (double value : nll) {
      squares += (value - mean) * (value - mean);
    }
    assertEquals(3, evaluation.rows());
    assertEquals(mean, evaluation.nll(), 1e-13);
    assertEquals(Math.sqrt(squares / 2 / 3), evaluation.nllStandardError(), 1e-13);
    TargetScores target = evaluation.target(0);
    assertEquals(3, target.rows());
    assertEquals(crps, target.crps(), 1e-13);
    assertEquals(crps, evaluation.energyScore(), 1e-13);
    double rmse = Math.sqrt((4 + 0.0625 + 4) / 3); // (z σ)²
    assertEquals(rmse, target.rmseOfMean(), 1e-13);
    assertEquals(rmse, target.rmseOfMode(), 1e-6);
    assertArrayEquals(new double[] {pit[1], pit[0], pit[2]}, target.pitValues(), 1e-15);
    // 0.31, 0.84, 0.98: the empirical cdf is 0 just before the first, 1/3 just before the second.
    assertEquals(pit[0] - 1 / 3.0, target.pitKs(), 1e-15);
    assertEquals(2 / 3.0, target.centralCoverage(0.9)); // z = 2 is outside
    assertEquals(2 / 3.0, target.regionCoverage(0.9));
    assertEquals(2 / 3.0, evaluation.regionCoverage(0.9));
    assertEquals(2 * Z_90 * (2 + 0.5 + 1) / 3, target.centralWidth(0.9), 1e-9);
    assertEquals(2 * Z_90 * (2 + 0.5 + 1) / 3, target.regionWidth(0.9), 1e-4);
    assertEquals(1, evaluation.effectiveComponents());
    assertEquals(0, evaluation.unusedComponents().length);
    assertEquals(evaluation.nll(), evaluation.getValue(MixtureMetric.NLL));
    assertEquals(crps, evaluation.getValue(MixtureMetric.ENERGY_SCORE), 1e-13);
    assertEquals(target.pitKs(), evaluation.getValue(MixtureMetric.PIT_KS));
    assertEquals(target.rmseOfMean(), evaluation.getValue(MixtureMetric.RMSE_OF_MEAN));
    assertEquals(target.rmseOfMode(), evaluation.getValue(MixtureMetric.RMSE_OF_MODE));
    assertTrue(MixtureMetric.NLL.minimize());
    assertEquals(MixtureEvaluation.class, MixtureMetric.NLL.getEvaluationClass());
  }

  @ParameterizedTest
  @ValueSource(doubles = {2.5, -2.5})
  void unitsScaleTheScores(double scale) {
    MixtureEvaluation plain = new MixtureEvaluation(GAUSSIAN);
    MixtureEvaluation inUnits =
        MixtureEvaluation.builder(GAUSSIAN).rescale(scale).shift(100).unitNames("°C").build();
    plain.eval(LABELS, RAW);
    inUnits.eval(LABELS, RAW);
    assertEquals(plain.nll() + Math.log(2.5), inUnits.nll(), 1e-12);
    assertEquals(2.5 * plain.target(0).crps(), inUnits.target(0).crps(), 1e-12);
    assertEquals(2.5 * plain.target(0).rmseOfMean(), inUnits.target(0).rmseOfMean(), 1e-12);
    assertEquals(2.5 * plain.target(0).rmseOfMode(), inUnits.target(0).rmseOfMode(), 1e-5);
    assertEquals(
        2.5 * plain.target(0).centralWidth(0.8), inUnits.target(0).centralWidth(0.8), 1e-9);
    assertEquals(2.5 * plain.target(0).regionWidth(0.8), inUnits.target(0).regionWidth(0.8), 1e-4);
    double largest = plain.target(0).pitValues()[2];
    double[] pit = inUnits.target(0).pitValues();
    assertEquals(scale > 0 ? largest : 1 - largest, pit[scale > 0 ? 2 : 0], 1e-12);
    assertTrue(inUnits.stats().contains("in °C"), inUnits::stats);
  }

  @Test
  void temperatureWidens() {
    MixtureEvaluation warm =
        MixtureEvaluation.builder(GAUSSIAN).temperature(Temperature.of(4)).build();
    warm.eval(LABELS, RAW);
    double expected = 0;
    for (int n = 0; n < 3; n++) {
      double z = Z[n] / 2; // 4 times the variance
      expected += (Math.log(2 * SIGMA[n]) + 0.5 * Math.log(2 * Math.PI) + 0.5 * z * z) / 3;
    }
    assertEquals(expected, warm.nll(), 1e-13);
  }

  @Test
  void rightPredictionsAreCalibrated() {
    MixtureSpec spec = MixtureSpec.builder().components(4).build();
    int rows = 2000;
    INDArray raw = RandomRows.of(spec, rows, 1, 3, DataType.DOUBLE).raw();
    INDArray labels = MixtureBatch.of(spec, raw).sample(1, 5).reshape(rows, 1);
    MixtureEvaluation evaluation = new MixtureEvaluation(spec);
    evaluation.eval(labels, raw);
    TargetScores target = evaluation.target(0);
    assertTrue(target.pitKs() < 1.63 / Math.sqrt(rows), target.pitKs() + ""); // 1 % false alarms
    for (double level : evaluation.levels()) {
      double error = 4 * Math.sqrt(level * (1 - level) / rows); // 4 standard errors
      assertEquals(level, target.centralCoverage(level), error);
      assertEquals(level, target.regionCoverage(level), error);
      assertTrue(target.regionWidth(level) <= target.centralWidth(level) * (1 + 1e-5));
    }
  }

  @Test
  void rightPredictionsOfTwoTargetsAreCalibratedTogether() {
    MixtureSpec spec = MixtureSpec.builder().components(3).targets(2).build();
    int rows = 2000;
    INDArray raw = RandomRows.of(spec, rows, 1, 3, DataType.DOUBLE).raw();
    INDArray labels = MixtureBatch.of(spec, raw).sample(1, 5).reshape(rows, 2);
    MixtureEvaluation evaluation =
        MixtureEvaluation.builder(spec).levels(0.29, 0.5, 0.9).samples(99).build();
    evaluation.eval(labels, raw);
    for (double level : evaluation.levels()) {
      double error = 4 * Math.sqrt(level * (1 - level) / rows);
      assertEquals(level, evaluation.regionCoverage(level), error);
      assertEquals(level, evaluation.target(0).regionCoverage(level), error);
      assertEquals(level, evaluation.target(1).centralCoverage(level), error);
    }
    // E‖Y − y‖ − ½ E‖Y − Y'‖ over the same model: half of E‖Y − Y'‖.
    INDArray pairs = MixtureBatch.of(spec, raw).sample(40, 6); // [N, 40, 2]
    double distance = 0;
    for (int n = 0; n < rows; n++) {
      for (int i = 0; i < 40; i += 2) {
        distance +=
            Math.hypot(
                pairs.getDouble(n, i, 0) - pairs.getDouble(n, i + 1, 0),
                pairs.getDouble(n, i, 1) - pairs.getDouble(n, i + 1, 1));
      }
    }
    double expected = distance / (rows * 20) / 2;
    assertEquals(expected, evaluation.energyScore(), 0.05 * expected);
    assertTrue(evaluation.stats().contains("All targets together"), evaluation::stats);
  }

  @Test
  void usageCountsComponents() {
    MixtureSpec spec = MixtureSpec.builder().components(3).build();
    // Components at −10, 10 and 1000: the last one never is responsible.
    double[] row = {0, 0, 0, -10, 10, 1000, 0, 0, 0};
    INDArray raw = Nd4j.createFromArray(new double[][] {row, row, row, row});
    MixtureEvaluation evaluation = MixtureEvaluation.builder(spec).levels().build();
    assertArrayEquals(new int[] {0, 1, 2}, evaluation.unusedComponents());
    evaluation.eval(Nd4j.createFromArray(new double[][] {{-10}, {-11}, {-9}, {10}}), raw);
    assertArrayEquals(new double[] {0.75, 0.25, 0}, evaluation.meanResponsibilities(), 1e-12);
    double entropy = -0.75 * Math.log(0.75) - 0.25 * Math.log(0.25);
    assertEquals(Math.exp(entropy), evaluation.effectiveComponents(), 1e-12);
    assertArrayEquals(new int[] {2}, evaluation.unusedComponents());
    assertTrue(evaluation.stats().contains("1 of 3: components 2"), evaluation::stats);
  }

  @Test
  void infinitelyFarIsAnInfiniteNll() {
    INDArray raw = Nd4j.createFromArray(new double[][] {{0, 0, -300}, {0, 0, 0}});
    MixtureEvaluation evaluation = MixtureEvaluation.builder(GAUSSIAN).levels().build();
    evaluation.eval(Nd4j.createFromArray(new double[][] {{1e30}, {0}}), raw);
    assertEquals(Double.POSITIVE_INFINITY, evaluation.nll());
    assertArrayEquals(new double[] {1}, evaluation.meanResponsibilities());
    assertEquals(evaluation, MixtureEvaluation.fromJson(evaluation.toJson()));
  }

  /** One row has no standard error, one infinitely far no component, a masked target no score. */
  @Test
  void statsLeaveOutWhatIsNotANumber() {
    MixtureSpec two = MixtureSpec.builder().components(2).targets(2).build();
    INDArray raw = Nd4j.zeros(DataType.DOUBLE, 1, two.parameterCount());
    INDArray near = Nd4j.createFromArray(new double[][] {{0.5, -0.5}});
    INDArray far = Nd4j.createFromArray(new double[][] {{1e300, -1e300}});
    INDArray firstOnly = Nd4j.createFromArray(new double[][] {{1, 0}});
    for (INDArray labels : new INDArray[] {near, far}) {
      for (INDArray mask : new INDArray[] {null, firstOnly}) {
        MixtureEvaluation evaluation = new MixtureEvaluation(two);
        evaluation.eval(labels, raw, mask);
        String stats = evaluation.stats();
        assertTrue(
            stats.contains(String.format(Locale.ROOT, "%.4f nats\n", evaluation.nll())), stats);
        assertFalse(stats.contains("NaN") || stats.contains("±"), stats);
      }
    }
  }

  @Test
  void statsHoldTheFiguresWithUnits() {
    MixtureEvaluation evaluation = new MixtureEvaluation(GAUSSIAN);
    assertTrue(evaluation.stats().contains("0 rows"), evaluation::stats);
    evaluation.eval(LABELS, RAW);
    String stats = evaluation.stats();
    for (String text :
        new String[] {
          "3 rows",
          "components=1",
          String.format(
              Locale.ROOT, "%.4f ± %.4f nats", evaluation.nll(), evaluation.nllStandardError()),
          "in target units",
          "%.4g".formatted(evaluation.target(0).crps()),
          "RMSE of the best mode",
          "1.00 of 1",
          "none",
          "95.0 %"
        }) {
      assertTrue(stats.contains(text), () -> text + " is not in\n" + stats);
    }
    assertEquals(stats, evaluation.toString());
  }

  @Test
  void mistakesAreNamed() {
    MixtureSpec two = MixtureSpec.builder().components(2).targets(2).build();
    refuses(
        "in (0, 1), got [0.5, 1.0]", () -> MixtureEvaluation.builder(two).levels(1, 0.5).build());
    refuses("different", () -> MixtureEvaluation.builder(two).levels(0.5, 0.5).build());
    refuses("at least 1 sample", () -> MixtureEvaluation.builder(two).samples(0).build());
    refuses("2 shifts", () -> MixtureEvaluation.builder(two).shift(0).build());
    refuses("other than 0", () -> MixtureEvaluation.builder(two).rescale(1, 0).build());
    refuses("2 unit names", () -> MixtureEvaluation.builder(two).unitNames("m").build());
    MixtureEvaluation evaluation = new MixtureEvaluation(GAUSSIAN);
    refuses("one of the levels", () -> evaluation.target(0).centralWidth(0.7));
    refuses("one of the levels", () -> evaluation.regionCoverage(0.7));
    refuses("same options", () -> evaluation.merge(new MixtureEvaluation(two)));
    refuses("NLL", () -> evaluation.getValue(RegressionEvaluation.Metric.MSE));
    refuses("[N, 3]", () -> evaluation.eval(LABELS, Nd4j.ones(3, 4)));
    assertThrows(IndexOutOfBoundsException.class, () -> evaluation.target(1));
  }

  private static void refuses(String message, Runnable mistake) {
    Exception refusal = assertThrows(IllegalArgumentException.class, mistake::run);
    assertTrue(refusal.getMessage().contains(message), refusal::getMessage);
  }
}
