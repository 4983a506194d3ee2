/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.regression.report.FitReport;
import org.mdn4j.regression.report.NoiseLevel;

/** What encoded features and rounds of steps do for a table. */
class EncodingTest {
  private static final double SIGMA = 0.1;

  private static double[][] features(int rows, long seed) {
    Random random = new Random(seed);
    double[][] features = new double[rows][2];
    for (double[] row : features) {
      row[0] = random.nextDouble();
      row[1] = random.nextDouble();
    }
    return features;
  }

  private static double[][] targets(double[][] features, DoubleUnaryOperator mean) {
    Random random = new Random(7);
    return Arrays.stream(features)
        .map(
            row ->
                new double[] {mean.applyAsDouble(row[0]) + row[1] + SIGMA * random.nextGaussian()})
        .toArray(double[][]::new);
  }

  private static MixtureRegressorBuilder builder() {
    return MixtureRegressor.builder()
        .components(2)
        .noise(NoiseLevel.NONE)
        .patience(5)
        .maxEpochs(40)
        .quiet();
  }

  /** 12 steps of different heights in one feature: the network alone does not find them. */
  @Test
  @Tag("slow")
  void resolvesStepsInSingleFeatures() {
    DoubleUnaryOperator steps = x -> (7919 * (int) (12 * x)) % 5;
    double[][] x = features(1500, 1);
    double[][] held = features(500, 2);
    MixtureRegressor encoded = builder().bins(0, 16).build().fit(x, targets(x, steps));
    MixtureRegressor plain = builder().bins(0).build().fit(x, targets(x, steps));

    assertEquals(16, encoded.report().bins());
    double gain =
        plain.evaluate(held, targets(held, steps)).nll()
            - encoded.evaluate(held, targets(held, steps)).nll();
    assertTrue(gain > 0.3, "gained " + gain);
  }

  @Test
  void validationDecides() {
    double[][] x = features(300, 1);
    FitReport report = builder().bins(0, 4, 64).build().fit(x, targets(x, z -> 3 * z)).report();

    assertEquals(5, report.trials().size(), "and a stronger decay, and a wider network");
    double best =
        report.trials().stream().mapToDouble(FitReport.Trial::validationNll).min().orElseThrow();
    assertEquals(
        report.bins(),
        report.trials().stream()
            .filter(trial -> trial.validationNll() == best)
            .findFirst()
            .orElseThrow()
            .bins());
  }

  /** Predictions far outside the features of the fit do not run away. */
  @Test
  void farOutsidePredictionsAreConstant() {
    double[][] x = features(300, 1);
    MixtureRegressor regressor = builder().bins(8).build().fit(x, targets(x, z -> 3 * z));
    double[] far = regressor.predict(new double[][] {{50, 0.5}}).get(0).mean();
    double[] farther = regressor.predict(new double[][] {{5000, 0.5}}).get(0).mean();

    assertArrayEquals(far, farther);
    assertTrue(far[0] < 12, "predicts " + far[0] + " for targets up to 4");
  }

  /** 120 rows have two steps a pass; 50 of them make a round. */
  @Test
  void roundsOfASmallTableAreSeveralPasses() {
    double[][] x = features(150, 1);
    double[][] y = targets(x, z -> Math.sin(6 * z));
    MixtureRegressor passes = builder().bins(0).roundSteps(0).build().fit(x, y);
    MixtureRegressor rounds = builder().bins(0).build().fit(x, y);
    double[][] held = features(500, 2);
    double[][] observed = targets(held, z -> Math.sin(6 * z));

    assertTrue(
        rounds.evaluate(held, observed).nll() < passes.evaluate(held, observed).nll() - 0.2,
        rounds.evaluate(held, observed).nll() + " " + passes.evaluate(held, observed).nll());
  }

  /** 40,000 rows are predicted some thousands at a time. */
  @Test
  void manyRowsArePredictedAsFewAre() {
    double[][] x = features(300, 1);
    MixtureRegressor regressor =
        builder().maxEpochs(2).ensemble(2).bins(8).build().fit(x, targets(x, z -> 3 * z));
    double[][] many = features(40_000, 3);
    double[] means = regressor.predict(many).mean().toDoubleVector();

    for (int first : new int[] {0, 16_380, 32_766, 39_990}) {
      double[] few =
          regressor.predict(Arrays.copyOfRange(many, first, first + 10)).mean().toDoubleVector();
      assertArrayEquals(Arrays.copyOfRange(means, first, first + 10), few, 1e-5);
    }
  }

  /**
   * Written by format version 2 (two members of three components, four bins per feature, 200 rows
   * of two branches), and what it predicted there, at rows within and far outside the range of the
   * fit.
   */
  @Test
  void aModelOfTheFormatBeforePredictsAsItDid(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("model.zip");
    try (InputStream older = getClass().getResourceAsStream("encoded.zip")) {
      Files.copy(older, file);
    }
    MixtureRegressor loaded = MixtureRegressor.load(file);
    MixtureBatch predicted = loaded.predict(new double[][] {{5, 1}, {50, -3}});

    assertEquals(4, loaded.report().bins());
    assertEquals(1.404326689957015, loaded.scaleTemperature());
    assertArrayEquals(
        new double[] {2.372182527142884, 5.57133753354176},
        predicted.mean().toDoubleVector(),
        5e-5); // FLOAT's matrix products may be summed in another order
    assertEquals(-0.4963625854836957, predicted.get(0).logDensity(6.0), 1e-5);
    assertEquals(10.15488981089978, predicted.get(1).quantile(0.9), 1e-4);
  }
}
