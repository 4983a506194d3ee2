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
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.eval.MixtureEvaluation;
import org.mdn4j.regression.report.FitReport;
import org.mdn4j.regression.report.NoiseLevel;
import org.mdn4j.training.Trainer;

/** Targets of which some values have a probability of their own. */
@Tag("slow")
class AtomRegressorTest {
  @TempDir Path folder;

  /**
   * Rain: none with probability p(x) = 1/(1 + exp(2x)), the gauge's 7.3 with 0.1, else N(3 + x,
   * 0.5²).
   */
  private static Data rain(int rows, long seed) {
    Random random = new Random(seed);
    double[][] features = new double[rows][1];
    double[][] targets = new double[rows][1];
    for (int n = 0; n < rows; n++) {
      double x = 2 * random.nextDouble() - 1;
      features[n][0] = x;
      double place = random.nextDouble();
      double value = 3 + x + 0.5 * random.nextGaussian();
      targets[n][0] = place < dry(x) ? 0 : place > 0.9 ? 7.3 : value;
    }
    return new Data(features, targets);
  }

  private static double dry(double x) {
    return 0.8 / (1 + Math.exp(2 * x));
  }

  /** Mean of −log p of what rain() draws, over the same rows: what no model can be below of. */
  private static double floor(Data data) {
    return IntStream.range(0, data.features().length)
        .mapToDouble(
            n -> {
              double x = data.features()[n][0];
              double y = data.targets()[n][0];
              double u = (y - 3 - x) / 0.5;
              double log = -0.5 * u * u - Math.log(0.5 * Math.sqrt(2 * Math.PI));
              return y == 0
                  ? -Math.log(dry(x))
                  : y == 7.3 ? -Math.log(0.1) : -Math.log(0.9 - dry(x)) - log;
            })
        .average()
        .orElseThrow();
  }

  @ParameterizedTest
  @EnumSource(
      value = Trainer.class,
      names = {"FUSED", "DL4J"})
  void findsLearnsAndSavesThem(Trainer trainer) throws IOException {
    Data data = rain(1500, 1);
    Data test = rain(1000, 2);
    MixtureRegressor regressor =
        MixtureRegressor.builder()
            .components(3)
            .noise(new NoiseLevel(0.02, 0.05))
            .bins(0)
            .patience(4)
            .maxEpochs(trainer == Trainer.FUSED ? 60 : 12)
            .trainer(trainer)
            .quiet()
            .build();
    regressor.fit(data.features(), data.targets());
    List<FitReport.Atom> atoms = regressor.report().atoms();
    assertEquals(List.of(0.0, 7.3), atoms.stream().map(FitReport.Atom::value).toList());
    double zeros = Arrays.stream(data.targets()).filter(y -> y[0] == 0).count() / 1500.0;
    assertEquals(zeros, atoms.get(0).share(), 1e-12);

    MixtureBatch predicted = regressor.predict(test.features());
    assertArrayEquals(new double[] {0, 7.3}, predicted.atoms());
    double error = 0;
    for (int n = 0; n < 1000; n++) {
      error += Math.abs(predicted.get(n).probabilityOf(0) - dry(test.features()[n][0])) / 1000;
    }
    assertTrue(error < 0.06, "of the probability of 0: " + error);
    MixtureEvaluation evaluation = regressor.evaluate(test.features(), test.targets());
    double floor = floor(test);
    assertTrue(evaluation.nll() < floor + 0.1, evaluation.nll() + ", at best " + floor);
    assertTrue(evaluation.target(0).pitKs() < 0.06, "KS " + evaluation.target(0).pitKs());
    double reported = regressor.report().members().get(0).validationNll();
    assertEquals(evaluation.nll(), reported, 0.15, "in the same units");

    Path file = folder.resolve("rain.zip");
    regressor.save(file);
    MixtureRegressor read = MixtureRegressor.load(file);
    assertEquals(atoms, read.report().atoms());
    MixtureBatch again = read.predict(test.features());
    assertArrayEquals(predicted.atoms(), again.atoms());
    for (int n = 0; n < 50; n++) {
      Mixture one = predicted.get(n);
      double y = test.targets()[n][0];
      assertEquals(one.logLikelihood(y), again.get(n).logLikelihood(y), 0);
    }
  }

  /** Also averaged with other members, and calibrated. */
  @Test
  void membersShareThem() {
    Data data = rain(400, 3);
    MixtureRegressor regressor = Data.quick().ensemble(2).conformalFraction(0.2).build();
    regressor.fit(data.features(), data.targets());
    MixtureBatch predicted = regressor.predict(data.features());
    assertArrayEquals(new double[] {0, 7.3}, predicted.atoms());
    assertEquals(8, predicted.components()); // a wide one for each member
    assertTrue(regressor.firstMember().predict(data.features()).atoms().length == 2);
    MixtureEvaluation evaluation = regressor.evaluate(data.features(), data.targets());
    assertTrue(Double.isFinite(evaluation.nll()));
    assertTrue(
        regressor.trust().uncertainty(data.features()).mutualInformation(5, 1).size() == 400);
  }

  @Test
  void areTakenAsGivenOrNotAtAll() {
    Data data = rain(300, 4);
    MixtureRegressor given = Data.quick().atoms(7.3).build();
    given.fit(data.features(), data.targets());
    assertArrayEquals(new double[] {7.3}, given.predict(data.features()).atoms());
    MixtureRegressor none = Data.quick().atoms(AtomSearch.NONE).build();
    none.fit(data.features(), data.targets());
    assertArrayEquals(new double[0], none.predict(data.features()).atoms());
    MixtureRegressor empty = Data.quick().atoms().build();
    empty.fit(data.features(), data.targets());
    double y = data.targets()[1][0];
    assertEquals(
        none.predict(data.features()).get(1).logDensity(y),
        empty.predict(data.features()).get(1).logDensity(y),
        0);
    assertEquals(List.of(), none.report().atoms());
  }

  @Test
  void resumesToTheSameModel() throws IOException {
    Data data = rain(300, 5);
    Path file = folder.resolve("checkpoint.zip");
    MixtureRegressorBuilder builder = Data.quick().checkpointInterval(java.time.Duration.ZERO);
    MixtureRegressor whole = builder.checkpoint(file).build();
    whole.fit(data.features(), data.targets());
    MixtureRegressor resumed = builder.resumeFrom(file).build();
    resumed.fit(data.features(), data.targets());
    double y = data.targets()[0][0];
    assertEquals(
        whole.predict(data.features()).get(0).logLikelihood(y),
        resumed.predict(data.features()).get(0).logLikelihood(y),
        0);
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> builder.resumeFrom(file).atoms(7.3).build().fit(data.features(), data.targets()));
    assertTrue(refused.getMessage().contains("other options"), refused.getMessage());
  }

  /** A value that FLOAT takes for the atom stays one of the density. */
  @Test
  void whatIsNextToAnAtomIsNone() {
    Data data = rain(300, 6);
    data.targets()[0][0] = 7.3 + 1e-12;
    MixtureRegressor regressor = Data.quick().build();
    regressor.fit(data.features(), data.targets());
    double share = regressor.report().atoms().get(1).share();
    double count = Arrays.stream(data.targets()).filter(y -> y[0] == 7.3).count();
    assertEquals(count / 300, share, 1e-12);
  }

  /** Ten million standard deviations from the rest, as a code for what is not known may lie. */
  @Test
  void anAtomMayLieAsFarAwayAsItLikes() {
    Data data = rain(300, 9);
    for (double[] y : data.targets()) {
      y[0] = y[0] == 7.3 ? -1e7 : y[0];
    }
    MixtureRegressor regressor = Data.quick().build();
    regressor.fit(data.features(), data.targets());
    MixtureBatch predicted = regressor.predict(data.features());
    assertArrayEquals(new double[] {-1e7, 0}, predicted.atoms());
    assertTrue(predicted.get(0).withoutAtoms().variance()[0] < 10);
  }

  /** What FLOAT, the network's dtype, does not tell apart makes no atoms, and no trouble. */
  @Test
  void atomsThatFloatDoesNotTellApartAreNotFound() {
    for (double shift : new double[] {1e9, 1e40}) {
      Data data = rain(300, 10);
      for (double[] y : data.targets()) {
        y[0] = shift == 1e9 && y[0] == 7.3 ? 1 : y[0];
        y[0] = shift == 1e9 ? y[0] + shift : y[0] * shift;
      }
      MixtureRegressor regressor = Data.quick().build();
      regressor.fit(data.features(), data.targets());
      assertEquals(0, regressor.predict(data.features()).atoms().length, "at " + shift);
    }
  }

  @Test
  void wrongAtomsAreRefused() {
    Data data = rain(100, 7);
    double[][] two =
        Arrays.stream(data.targets())
            .map(row -> new double[] {row[0], 1 - row[0]})
            .toArray(double[][]::new);
    assertRefused("one target", () -> Data.quick().atoms(0).build().fit(data.features(), two));
    assertRefused("differ", () -> Data.quick().atoms(1, 1));
    assertRefused("finite", () -> Data.quick().atoms(Double.NaN));
    double[][] binary =
        IntStream.range(0, 100).mapToObj(n -> new double[] {n % 2}).toArray(double[][]::new);
    assertRefused(
        "beside the atoms [0.0, 1.0], got none",
        () -> Data.quick().atoms(0, 1).build().fit(data.features(), binary));
    double[][] constant =
        IntStream.range(0, 100).mapToObj(n -> new double[] {n % 2}).toArray(double[][]::new);
    assertRefused(
        "vary, beside the atoms [0.0]",
        () -> Data.quick().atoms(0).build().fit(data.features(), constant));
    MixtureRegressor several = Data.quick().build();
    several.fit(data.features(), two);
    assertEquals(0, several.predict(data.features()).atoms().length, "several targets have none");
  }

  private static void assertRefused(String part, Runnable call) {
    String message = assertThrows(IllegalArgumentException.class, call::run).getMessage();
    assertTrue(message.contains(part), message);
  }

  /** Rows with weights count by them. */
  @Test
  void weightsCount() {
    Data data = rain(400, 8);
    double[] weights =
        Arrays.stream(data.targets()).mapToDouble(y -> y[0] == 7.3 ? 0.05 : 1).toArray();
    MixtureRegressor regressor = Data.quick().build();
    regressor.fit(data.features(), data.targets(), weights);
    assertArrayEquals(new double[] {0}, regressor.predict(data.features()).atoms());
    double[] shares =
        regressor.report().atoms().stream().mapToDouble(FitReport.Atom::share).toArray();
    double zeros = Arrays.stream(data.targets()).filter(y -> y[0] == 0).count();
    assertEquals(zeros / DoubleStream.of(weights).sum(), shares[0], 1e-6);
  }
}
