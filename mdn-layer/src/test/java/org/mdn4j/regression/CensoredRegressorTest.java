/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.eval.MixtureEvaluation;
import org.mdn4j.regression.frame.ColumnRoles;
import org.mdn4j.regression.frame.Frame;
import org.mdn4j.regression.report.NoiseLevel;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Targets of which intervals are known: y = 100 + 20 x + 5 ε, seen only below an end that varies.
 */
class CensoredRegressorTest {
  private static final double INFINITY = Double.POSITIVE_INFINITY;
  private static final int ROWS = 600;
  private static final double[][] X = new double[ROWS][1];
  private static final double[][] ENDS = new double[ROWS][2];
  private static MixtureRegressor fitted;

  @BeforeAll
  static void fit() {
    Random random = new Random(8);
    for (int n = 0; n < ROWS; n++) {
      X[n][0] = 2 * random.nextDouble() - 1;
      double y = 100 + 20 * X[n][0] + 5 * random.nextGaussian();
      double end = 90 + 30 * random.nextDouble();
      ENDS[n][0] = Math.min(y, end);
      ENDS[n][1] = y <= end ? y : INFINITY;
    }
    fitted = quick().censored().build().fit(X, ENDS);
  }

  private static MixtureRegressorBuilder quick() {
    return MixtureRegressor.builder()
        .components(2)
        .noise(NoiseLevel.NONE)
        .bins(0)
        .maxEpochs(40)
        .quiet();
  }

  @Test
  void predictionsAreOfTheWholeDistribution() {
    long censored = Arrays.stream(ENDS).filter(ends -> ends[0] != ends[1]).count();
    assertTrue(censored > 0.25 * ROWS, "censored rows: " + censored);
    MixtureBatch predicted = fitted.predict(new double[][] {{-0.8}, {0}, {0.8}});
    assertEquals(84, predicted.get(0).mean()[0], 2);
    assertEquals(100, predicted.get(1).mean()[0], 2);
    assertEquals(116, predicted.get(2).mean()[0], 3); // of which hardly one in three is seen
    assertEquals(5, Math.sqrt(predicted.get(1).variance()[0]), 1.5);
    double[][] asIfSeen =
        Arrays.stream(ENDS).map(e -> new double[] {e[0]}).toArray(double[][]::new);
    MixtureBatch wrong = quick().build().fit(X, asIfSeen).predict(new double[][] {{0.8}});
    assertTrue(wrong.get(0).mean()[0] < 111, "what is taken for the value is too small");
  }

  @Test
  void evaluationScoresIntervals() {
    MixtureEvaluation evaluation = fitted.evaluate(X, ENDS);
    assertEquals(ROWS, evaluation.rows());
    MixtureBatch predicted = fitted.predict(X);
    double mean = -predicted.logLikelihood(Nd4j.createFromArray(ENDS)).meanNumber().doubleValue();
    assertEquals(mean, evaluation.nll(), 1e-10);
    assertTrue(evaluation.target(0).pitKs() < 1.63 / Math.sqrt(ROWS));
    // The report's NLL is of validation rows, before they were trained on
    assertEquals(evaluation.nll(), fitted.report().members().get(0).validationNll(), 0.25);
  }

  @Test
  void importanceIsTheRiseOfTheSameScore() {
    double nats = fitted.trust().importance(X, ENDS).get(0).nats();
    assertTrue(nats > 0.5, "the only feature: " + nats);
  }

  @Test
  void filesKeepIt(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("model.zip");
    fitted.save(file);
    MixtureRegressor loaded = MixtureRegressor.load(file);
    assertArrayEquals(
        fitted.predict(X).mean().toDoubleVector(), loaded.predict(X).mean().toDoubleVector());
    assertEquals(fitted.evaluate(X, ENDS), loaded.evaluate(X, ENDS));
    assertEquals(1, loaded.targets());
  }

  /** A frame with the same rows: a missing upper end is an open one; the same model. */
  @Test
  void framesHaveTwoColumnsPerTarget(@TempDir Path folder) throws Exception {
    Frame frame =
        Frame.builder()
            .numbers("x", Arrays.stream(X).mapToDouble(x -> x[0]).toArray())
            .numbers("low", Arrays.stream(ENDS).mapToDouble(e -> e[0]).toArray())
            .numbers(
                "high",
                Arrays.stream(ENDS)
                    .mapToDouble(e -> e[1] == INFINITY ? Double.NaN : e[1])
                    .toArray())
            .build();
    MixtureRegressor ofFrame =
        quick().censored().build().fit(frame, ColumnRoles.targets("low", "high"));
    assertArrayEquals(
        fitted.predict(X).mean().toDoubleVector(), ofFrame.predict(frame).mean().toDoubleVector());
    assertEquals(fitted.evaluate(X, ENDS).nll(), ofFrame.evaluate(frame).nll());
    Path file = folder.resolve("model.zip");
    ofFrame.save(file);
    assertEquals(ofFrame.evaluate(frame), MixtureRegressor.load(file).evaluate(frame));
    refuse(
        "two columns for each censored target", () -> quick().censored().build().fit(frame, "low"));
  }

  @Test
  void ensemblesAndOtherFamiliesDoWithDl4jWhatTheyMust() {
    double[][] x = Arrays.copyOf(X, 200);
    double[][] ends = Arrays.copyOf(ENDS, 200);
    MixtureRegressor two =
        quick().censored().ensemble(2).maxEpochs(10).noise(new NoiseLevel(0.02, 0.02)).build();
    two.fit(x, ends);
    assertTrue(Double.isFinite(two.evaluate(x, ends).nll()));
    assertTrue(two.scaleTemperature() > 0.25 && two.scaleTemperature() < 4);
    MixtureRegressor logistic =
        quick().censored().family(ComponentFamily.LOGISTIC).maxEpochs(3).build().fit(x, ends);
    assertTrue(Double.isFinite(logistic.evaluate(x, ends).nll()));
  }

  @Test
  void whatCannotBeIsRefused() {
    double[][] x = {{1}, {2}};
    MixtureRegressor regressor = quick().censored().build();
    refuse(
        "got 3.0 and 2.0 at row 1, column 0",
        () -> regressor.fit(x, new double[][] {{1, 1}, {3, 2}}));
    refuse(
        "got NaN at row 0, column 1",
        () -> regressor.fit(x, new double[][] {{1, Double.NaN}, {3, 3}}));
    refuse(
        "two columns for each censored target, its lower and its upper end, got 1",
        () -> regressor.fit(x, new double[][] {{1}, {2}}));
    refuse(
        "Expected 2 targets as in the fit",
        () -> fitted.evaluate(x, new double[][] {{1, 1, 1, 1}, {2, 2, 2, 2}}));
    refuse(
        "SPHERICAL or DIAGONAL covariance for censored targets",
        () -> quick().censored().covariance(Covariance.FULL).build());
    refuse(
        "a conformal fraction of 0 for censored targets",
        () -> quick().censored().conformalFraction(0.2).build());
    refuse("exact targets to calibrate on", () -> fitted.conformalize(X, ENDS));
  }

  private static void refuse(String message, Executable work) {
    Exception refusal = assertThrows(IllegalArgumentException.class, work);
    assertTrue(refusal.getMessage().contains(message), refusal.getMessage());
  }
}
