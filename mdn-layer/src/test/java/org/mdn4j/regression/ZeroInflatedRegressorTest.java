/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mdn4j.ComponentFamily;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.eval.MixtureEvaluation;
import org.mdn4j.regression.report.FitReport;
import org.mdn4j.regression.report.NoiseLevel;

/** Tables of counts in which zeros have a probability of their own. */
class ZeroInflatedRegressorTest {
  private static final int ROWS = 600;

  /** An excess of zeros that grows with x, beside two kinds of counts. */
  private static Mixture truth(double x) {
    double zeros = 0.6 / (1 + Math.exp(-2 * x));
    return Mixture.of(
            ComponentFamily.NEGATIVE_BINOMIAL,
            new double[] {1, 2},
            new double[][] {{Math.log(5) + x}, {Math.log(30) - 0.5 * x}},
            new double[][] {{0.1}, {0.05}})
        .withAtoms(new double[] {0}, new double[] {zeros});
  }

  private static Data draw(int rows, long seed) {
    UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
    double[][] features = new double[rows][1];
    double[][] targets = new double[rows][];
    for (int n = 0; n < rows; n++) {
      features[n][0] = random.nextDouble(-1, 1);
      targets[n] = truth(features[n][0]).sample(1, random)[0];
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
        .maxEpochs(10)
        .minibatch(128)
        .learningRate(0.02)
        .roundSteps(0)
        .quiet();
  }

  /** Finds the atom, comes near the floor and is saved with it. */
  @Test
  void findsZerosAndComesNearTheFloor(@TempDir Path folder) throws IOException {
    Data data = draw(ROWS, 1);
    MixtureRegressor regressor = quick().build().fit(data.features(), data.targets());
    List<FitReport.Atom> atoms = regressor.report().atoms();
    assertEquals(List.of(0.0), atoms.stream().map(FitReport.Atom::value).toList());
    double zeros = Arrays.stream(data.targets()).filter(y -> y[0] == 0).count();
    assertEquals(zeros / ROWS, atoms.get(0).share(), 1e-12);
    assertEquals(new NoiseLevel(0.02, 0), regressor.report().noise());

    Data test = draw(1000, 2);
    double floor = 0;
    double error = 0;
    MixtureBatch predicted = regressor.predict(test.features());
    assertArrayEquals(new double[] {0}, predicted.atoms());
    for (int n = 0; n < 1000; n++) {
      Mixture truth = truth(test.features()[n][0]);
      floor -= truth.logLikelihood(test.targets()[n]) / 1000;
      error += Math.abs(truth.probabilityOf(0) - predicted.get(n).probabilityOf(0)) / 1000;
    }
    MixtureEvaluation evaluation = regressor.evaluate(test.features(), test.targets());
    assertEquals(floor, evaluation.nll(), 0.12);
    assertTrue(error < 0.07, "of the probability of 0: " + error);
    assertTrue(evaluation.target(0).pitKs() < 0.1, "PIT " + evaluation.target(0).pitKs());
    double reported = regressor.report().members().get(0).validationNll();
    assertEquals(evaluation.nll(), reported, 0.3, "in the same units");

    Path file = folder.resolve("zeros.zip");
    regressor.save(file);
    MixtureBatch again = MixtureRegressor.load(file).predict(test.features());
    for (int n = 0; n < 20; n++) {
      double y = test.targets()[n][0];
      assertEquals(predicted.get(n).logLikelihood(y), again.get(n).logLikelihood(y), 0);
    }
  }

  /** At least the level, up to chance: 400 rows have a standard error of 0.015. */
  @Test
  void conformalIntervalsAndRegionsHoldTheirLevel() {
    Data data = draw(500, 5);
    MixtureRegressor fitted =
        quick().maxEpochs(3).conformalFraction(0.3).build().fit(data.features(), data.targets());
    Data test = draw(400, 6);
    MixtureBatch predicted = fitted.predict(test.features());
    int inInterval = 0;
    int inRegion = 0;
    for (int n = 0; n < 400; n++) {
      Mixture mixture = predicted.get(n);
      double y = test.targets()[n][0];
      inInterval += fitted.trust().conformal().interval(mixture, 0.9).contains(y) ? 1 : 0;
      inRegion +=
          fitted.trust().conformal().region(mixture, 0.9).stream().anyMatch(it -> it.contains(y))
              ? 1
              : 0;
    }
    assertTrue(inInterval >= 0.84 * 400, "in the interval " + inInterval);
    assertTrue(inRegion >= 0.84 * 400, "in the region " + inRegion);
  }

  @Test
  void takesAtomsAsGivenOrNotAtAll() {
    Data data = draw(300, 3);
    MixtureRegressor given =
        quick().atoms(0).ensemble(2).maxEpochs(2).build().fit(data.features(), data.targets());
    assertArrayEquals(new double[] {0}, given.predict(data.features()).atoms());
    MixtureRegressor none =
        quick().atoms(AtomSearch.NONE).maxEpochs(2).build().fit(data.features(), data.targets());
    assertEquals(0, none.predict(data.features()).atoms().length);
    // The other atom has a weight, too, where no row shows it.
    MixtureRegressor unseen =
        quick().atoms(0, 500).maxEpochs(2).build().fit(data.features(), data.targets());
    assertTrue(unseen.predict(data.features()).get(0).probabilityOf(500) > 0);
  }

  @Test
  void wrongAtomsAreRefused() {
    for (double atom : new double[] {0.5, -1}) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> quick().atoms(atom)).getMessage();
      assertTrue(message.contains("integers of at least 0"), message);
    }
    Data data = draw(100, 4);
    double[][] zeros = new double[100][1];
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> quick().atoms(0).build().fit(data.features(), zeros))
            .getMessage();
    assertTrue(message.contains("beside the atoms [0.0], got none in 100 rows"), message);
  }
}
