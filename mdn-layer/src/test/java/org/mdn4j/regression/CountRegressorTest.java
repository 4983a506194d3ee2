/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.distribution.Interval;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.eval.MixtureEvaluation;
import org.mdn4j.regression.report.NoiseLevel;
import org.nd4j.linalg.factory.Nd4j;

/** A regressor of counts: targets stay what they are. */
class CountRegressorTest {
  private static final int ROWS = 400;

  private static Mixture truth(double x, double size) {
    return Mixture.of(
        ComponentFamily.NEGATIVE_BINOMIAL,
        new double[] {1, 2},
        new double[][] {{Math.log(2 * size) + x}, {Math.log(20 * size) - 0.5 * x}},
        new double[][] {{0.3}, {0.05}});
  }

  private static Data draw(int rows, double size, long seed) {
    UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
    double[][] features = new double[rows][1];
    double[][] targets = new double[rows][];
    for (int n = 0; n < rows; n++) {
      features[n][0] = random.nextDouble(-1, 1);
      targets[n] = truth(features[n][0], size).sample(1, random)[0];
    }
    return new Data(features, targets);
  }

  private static MixtureRegressorBuilder quick() {
    return MixtureRegressor.builder()
        .family(ComponentFamily.NEGATIVE_BINOMIAL)
        .components(3)
        .bins(0)
        .noise(new NoiseLevel(0.02, 0.1))
        .patience(3)
        .maxEpochs(24)
        .minibatch(128)
        .learningRate(0.02)
        .roundSteps(0)
        .quiet();
  }

  private static double floor(Data data, double size) {
    double sum = 0;
    for (int n = 0; n < data.targets().length; n++) {
      sum -= truth(data.features()[n][0], size).logDensity(data.targets()[n]);
    }
    return sum / data.targets().length;
  }

  /** From counts of a few to those of millions, and beyond what FLOAT tells apart. */
  @ParameterizedTest
  @ValueSource(doubles = {1, 1e6})
  void comesNearTheFloorAtEverySize(double size) {
    MixtureRegressor regressor = quick().build();
    Data data = draw(ROWS, size, 1);
    regressor = regressor.fit(data.features(), data.targets());
    Data test = draw(ROWS, size, 2);
    MixtureEvaluation evaluation = regressor.evaluate(test.features(), test.targets());
    double floor = floor(test, size);
    assertEquals(floor, evaluation.nll(), 0.06); // what the truth has on the same rows
    assertTrue(evaluation.target(0).pitKs() < 0.12, "PIT " + evaluation.target(0).pitKs());
    Mixture mixture = regressor.predict(test.features()).get(0);
    assertEquals(ComponentFamily.NEGATIVE_BINOMIAL, mixture.family());
    double median = mixture.quantile(0.5);
    assertEquals(Math.rint(median), median);
    assertTrue(
        Math.abs(mixture.mean()[0] / truth(test.features()[0][0], size).mean()[0] - 1) < 0.4);
    assertEquals(new NoiseLevel(0.02, 0), regressor.report().noise());
  }

  @Test
  void ensemblesAreCalibratedSavedAndReadAgain(@TempDir Path folder) throws IOException {
    Data data = draw(200, 1, 3);
    double[] weights = new double[200];
    Arrays.setAll(weights, n -> 1 + n % 3);
    MixtureRegressor fitted =
        quick().ensemble(2).maxEpochs(2).build().fit(data.features(), data.targets(), weights);
    Path file = folder.resolve("counts.zip");
    fitted.save(file);
    MixtureRegressor loaded = MixtureRegressor.load(file);
    assertArrayEquals(logDensities(fitted, data), logDensities(loaded, data));
    assertEquals(fitted.scaleTemperature(), loaded.scaleTemperature());
    assertEquals(8, fitted.predict(data.features()).components());
    assertEquals(fitted.contamination(), loaded.contamination());
    assertEquals(
        fitted.evaluate(data.features(), data.targets()),
        loaded.evaluate(data.features(), data.targets()));
  }

  private static double[] logDensities(MixtureRegressor regressor, Data data) {
    return regressor
        .predict(data.features())
        .logDensity(Nd4j.createFromArray(data.targets()))
        .toDoubleVector();
  }

  /** At least the level, up to chance: 400 rows have a standard error of 0.015. */
  @Test
  void conformalIntervalsHoldTheirLevel() {
    Data data = draw(500, 1, 4);
    MixtureRegressor fitted =
        quick().maxEpochs(2).conformalFraction(0.3).build().fit(data.features(), data.targets());
    Data test = draw(400, 1, 5);
    MixtureBatch predicted = fitted.predict(test.features());
    int inside = 0;
    for (int n = 0; n < 400; n++) {
      Interval interval = fitted.trust().conformal().interval(predicted.get(n), 0.9);
      double y = test.targets()[n][0];
      inside += interval.contains(y) ? 1 : 0;
      assertEquals(Math.rint(interval.lower()), interval.lower());
    }
    assertTrue(inside >= 0.84 * 400, "inside " + inside);
  }

  @Test
  void severalTargetsAndRareCounts() {
    Data data = draw(500, 1, 6);
    double[][] targets = new double[500][];
    Arrays.setAll(targets, n -> new double[] {data.targets()[n][0], n % 50 == 0 ? 1 : 0});
    MixtureRegressor fitted =
        quick().covariance(Covariance.DIAGONAL).maxEpochs(8).build().fit(data.features(), targets);
    MixtureEvaluation evaluation = fitted.evaluate(data.features(), targets);
    assertTrue(Double.isFinite(evaluation.nll()));
    double rare = fitted.predict(data.features()).mean().getColumn(1).meanNumber().doubleValue();
    assertEquals(0.02, rare, 0.02);
    double[][] none = new double[500][1];
    MixtureRegressor zeros = quick().maxEpochs(3).build().fit(data.features(), none);
    assertTrue(zeros.predict(data.features()).get(0).density(0) > 0.9);
  }

  @Test
  void targetsThatAreNoCountsAreRefusedByRow() {
    Data data = draw(100, 1, 7);
    double[][] targets = new double[100][];
    Arrays.setAll(targets, n -> new double[] {data.targets()[n][0]});
    MixtureRegressor fitted = quick().maxEpochs(1).build().fit(data.features(), data.targets());
    for (double value : new double[] {2.5, -1, 1e-3}) {
      targets[17][0] = value;
      String message = "row 17, column 0: expected an integer of at least 0, got " + value;
      Exception e =
          assertThrows(
              IllegalArgumentException.class, () -> quick().build().fit(data.features(), targets));
      assertEquals(message, e.getMessage());
      e =
          assertThrows(
              IllegalArgumentException.class, () -> fitted.evaluate(data.features(), targets));
      assertEquals(message, e.getMessage());
    }
    Exception full =
        assertThrows(
            IllegalArgumentException.class, () -> quick().covariance(Covariance.FULL).build());
    assertTrue(full.getMessage().contains("SPHERICAL or DIAGONAL"), full.getMessage());
  }
}
