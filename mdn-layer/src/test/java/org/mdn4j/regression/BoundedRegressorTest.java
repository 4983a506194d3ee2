/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.regression.report.NoiseLevel;
import org.nd4j.linalg.activations.Activation;

/** A regressor's components stay near the targets that it learned from. */
@Tag("slow")
class BoundedRegressorTest {
  @TempDir Path folder;

  /**
   * Power of a wind turbine between none and its rated one, of both of which there are many: a
   * component on one of them leaves the others nothing to do there.
   */
  private static Data wind(int rows, long seed) {
    Random random = new Random(seed);
    double[][] features = new double[rows][];
    double[][] targets = new double[rows][1];
    for (int n = 0; n < rows; n++) {
      double speed = 8 * Math.sqrt(-Math.log(1 - random.nextDouble())); // Rayleigh
      double share = 1 / (1 + Math.exp((10 - speed) / 1.2));
      double power = share + 0.1 * Math.sqrt(share * (1 - share)) * random.nextGaussian();
      boolean still = speed < 3 || random.nextInt(50) == 0;
      features[n] = new double[] {Math.rint(100 * speed) / 100, n % 24};
      targets[n][0] = still ? 0 : Math.rint(1000 * Math.max(0, Math.min(1, power))) / 1000;
    }
    return new Data(features, targets);
  }

  /** Column names, then wind speed, hour and power. */
  private static Data windOf(Path csv) throws IOException {
    List<double[]> rows = new ArrayList<>();
    for (String line : Files.readAllLines(csv)) {
      if (!line.startsWith("wind_speed")) {
        rows.add(Arrays.stream(line.split(",")).mapToDouble(Double::parseDouble).toArray());
      }
    }
    return new Data(
        rows.stream().map(row -> new double[] {row[0], row[1]}).toArray(double[][]::new),
        rows.stream().map(row -> new double[] {row[2]}).toArray(double[][]::new));
  }

  /** The standard deviations that validation does not notice; some of these seeds have some. */
  @Test
  void noTrainingRowIsWiderThanTheTargets() {
    Data data = wind(200, 1);
    double widestWithoutBounds = 0;
    for (long seed : new long[] {7, 10, 11}) {
      MixtureRegressorBuilder builder =
          MixtureRegressor.builder()
              .components(3)
              .seed(seed)
              .noise(NoiseLevel.NONE)
              .learningRate(0.03)
              .maxEpochs(40)
              .refit(false) // the network of these epochs, which has such a component
              .contaminated(false)
              .atoms(AtomSearch.NONE) // which would take the rows that leave it nothing to do
              .quiet();
      double widest = widest(builder.build(), data);
      assertTrue(widest < 1, "seed %d: a standard deviation of %s".formatted(seed, widest));
      if (widestWithoutBounds <= 1) { // one that has some is enough
        widestWithoutBounds = widest(builder.bounded(false).build(), data);
      }
    }
    assertTrue(widestWithoutBounds > 1, "a test that cannot fail: " + widestWithoutBounds);
  }

  static List<Arguments> winds() throws IOException {
    List<Arguments> arguments = new ArrayList<>();
    for (int components : new int[] {2, 3, 5, 10}) {
      for (long seed = 1; seed <= 3; seed++) {
        Path file = Path.of(System.getProperty("mdn4j.wind"));
        arguments.add(Arguments.of("file", windOf(file), components, seed));
        arguments.add(Arguments.of("generated", wind(400, 1), components, seed));
      }
    }
    return arguments;
  }

  /** Defaults, on data of this kind from a file and on generated ones; some minutes. */
  @ParameterizedTest(name = "{0}, K = {2}, seed {3}")
  @MethodSource("winds")
  @EnabledIfSystemProperty(named = "mdn4j.wind", matches = ".+")
  void noTrainingRowIsWiderThanTheTargets(String name, Data data, int components, long seed) {
    double widest =
        widest(MixtureRegressor.builder().components(components).seed(seed).quiet().build(), data);
    assertTrue(widest < 1, "a standard deviation of " + widest);
  }

  private static double widest(MixtureRegressor regressor, Data data) {
    MixtureBatch predicted =
        regressor.fit(data.features(), data.targets()).predict(data.features());
    double widest = 0;
    for (int n = 0; n < data.features().length; n++) {
      widest = Math.max(widest, Math.sqrt(predicted.get(n).variance()[0]));
    }
    return widest;
  }

  /** Two targets of other sizes that depend on each other, linear in the features. */
  private static Data lines(int rows) {
    Random random = new Random(3);
    double[][] features = new double[rows][1];
    double[][] targets = new double[rows][];
    for (int n = 0; n < rows; n++) {
      double x = 2 * random.nextDouble() - 1;
      double noise = random.nextGaussian();
      features[n][0] = x;
      targets[n] = new double[] {100 + 5 * x + noise, -3 * x + 2 * noise};
    }
    return new Data(features, targets);
  }

  /** What grows with the features without an end. */
  private static MultiLayerConfiguration linear() {
    return new NeuralNetConfiguration.Builder()
        .list()
        .layer(new DenseLayer.Builder().nIn(1).nOut(4).activation(Activation.IDENTITY).build())
        .validateOutputLayerConfig(false)
        .build();
  }

  static List<Arguments> forms() {
    return List.of(
        Arguments.of(Covariance.SPHERICAL, ComponentFamily.GAUSSIAN),
        Arguments.of(Covariance.DIAGONAL, ComponentFamily.LAPLACE),
        Arguments.of(Covariance.DIAGONAL, ComponentFamily.LOGISTIC),
        Arguments.of(Covariance.FULL, ComponentFamily.GAUSSIAN));
  }

  /**
   * However far the features are, of each member and of the ensemble; and a target far outside has
   * a density.
   */
  @ParameterizedTest
  @MethodSource("forms")
  void componentsStayNearTheTargetsOfTheFit(Covariance covariance, ComponentFamily family) {
    Data data = lines(80);
    MixtureRegressorBuilder builder =
        Data.quick()
            .covariance(covariance)
            .family(family)
            .trunk(linear())
            .ensemble(2)
            .learningRate(0.02);
    MixtureRegressor bounded = builder.build().fit(data.features(), data.targets());
    MixtureRegressor free = builder.bounded(false).build().fit(data.features(), data.targets());
    double[][] far = {{0}, {50}, {-1e3}, {1e5}, {-1e5}};
    double[] least = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
    double[] most = {Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY};
    for (double[] target : data.targets()) {
      for (int d = 0; d < 2; d++) {
        least[d] = Math.min(least[d], target[d]);
        most[d] = Math.max(most[d], target[d]);
      }
    }
    boolean escaped = false;
    for (int n = 0; n < far.length; n++) {
      for (MixtureRegressor one : List.of(bounded, bounded.firstMember(), free)) {
        Mixture mixture = one.predict(far).get(n);
        for (int k = 0; k < mixture.components(); k++) {
          for (int d = 0; d < 2; d++) {
            double range = most[d] - least[d];
            double location = mixture.locations()[k][d];
            double deviation = mixture.standardDeviations()[k][d];
            double allowed = range * (1 + 1e-5); // the bounds are FLOAT's, as what is learned is
            boolean within =
                deviation < allowed
                    && location > most[d] - 2 * allowed
                    && location < least[d] + 2 * allowed;
            escaped |= one == free && !within;
            assertTrue(
                one == free || within,
                "row %d, component %d: %s, %s of %s".formatted(n, k, location, deviation, range));
          }
        }
        double logDensity = mixture.logDensity(new double[] {1e7, -1e7});
        assertTrue(one == free || Double.isFinite(logDensity), "" + logDensity);
      }
    }
    assertTrue(escaped, "a test that cannot fail shows nothing");
  }

  @Test
  void aFloorAboveTheRangeLeavesRoom() {
    Data data = lines(40);
    MixtureRegressor fitted =
        Data.quick().ensemble(2).scaleFloor(10).build().fit(data.features(), data.targets());
    assertTrue(Double.isFinite(fitted.evaluate(data.features(), data.targets()).nll()));
  }

  @Test
  void oneRowIsEvaluatedWithoutAStandardError() {
    Data data = lines(40);
    String stats =
        Data.quick()
            .maxEpochs(1)
            .build()
            .fit(data.features(), data.targets())
            .evaluate(new double[][] {data.features()[0]}, new double[][] {data.targets()[0]})
            .stats();
    assertTrue(!stats.contains("NaN") && !stats.contains("±"), stats);
  }

  /**
   * Written before there were bounds (by commit 72bb729: two members of two components, linear in
   * two features, of 60 rows with a target in about (0, 10)): means, variances and log densities at
   * 4.5 of four rows as that version printed them, three of them far beyond the targets.
   */
  @Test
  void anOlderModelPredictsAsItDid() throws IOException {
    Path file = folder.resolve("model.zip");
    try (InputStream older = getClass().getResourceAsStream("before-bounds.zip")) {
      Files.copy(older, file);
    }
    MixtureBatch predicted =
        MixtureRegressor.load(file)
            .predict(new double[][] {{0, 0}, {1, -1}, {30, -20}, {-1000, 4}});
    double[][] expected = {
      {5.066967258912557, 2.3873697220546477, -1.3459780332599867},
      {6.859029273871336, 1.8083653144143153, -4.0112010655014485},
      {54.12837117920833, 143.49200229697982, -44.95351783027022},
      {-1686.6722776375013, 95269.5705285335, -1554.1226967883795}
    };
    for (int n = 0; n < expected.length; n++) {
      Mixture mixture = predicted.get(n);
      double[] actual = {mixture.mean()[0], mixture.variance()[0], mixture.logDensity(4.5)};
      for (int i = 0; i < 3; i++) { // FLOAT's matrix products may be summed in another order
        assertEquals(expected[n][i], actual[i], 1e-5 * Math.abs(expected[n][i]), "row " + n);
      }
    }
    assertTrue(MixtureRegressor.load(file).toString().contains("bounded=false"));
  }

  /**
   * Written by the first version with bounds (two members of two components, FULL, linear in two
   * features, of 60 rows): means, variances and log densities at (4.5, 1) of four rows as that
   * version printed them.
   */
  @Test
  void aBoundedModelPredictsAsItDid() throws IOException {
    Path file = folder.resolve("model.zip");
    try (InputStream older = getClass().getResourceAsStream("bounded.zip")) {
      Files.copy(older, file);
    }
    MixtureRegressor loaded = MixtureRegressor.load(file);
    assertTrue(loaded.toString().contains("bounded=true"));
    MixtureBatch predicted =
        loaded.predict(new double[][] {{0, 0}, {1, -1}, {30, -20}, {-1000, 4}});
    double[][] expected = {
      {
        4.804965338673431,
        -0.10978629957681368,
        2.5650862992482293,
        41.78368572585404,
        -4.117776260469129
      },
      {
        4.9160045524303255,
        -0.31435209654700347,
        2.6754031085625085,
        44.29280660155942,
        -4.217589143759453
      },
      {
        8.39544850935035,
        -6.790680850121088,
        2.4212084758066195,
        14.718188660196478,
        -9.047856403068048
      },
      {
        -2.122075856529605,
        32.385956172577885,
        1.3632014341605261E-6,
        1.7836933573115698E-5,
        -965.0978666744477
      }
    };
    for (int n = 0; n < expected.length; n++) {
      Mixture mixture = predicted.get(n);
      double[] actual = {
        mixture.mean()[0],
        mixture.mean()[1],
        mixture.variance()[0],
        mixture.variance()[1],
        mixture.logDensity(new double[] {4.5, 1})
      };
      for (int i = 0; i < actual.length; i++) { // FLOAT's matrix products may be summed otherwise
        double size = i == 4 ? Math.abs(expected[n][i]) : Math.max(1, Math.abs(expected[n][i]));
        assertEquals(expected[n][i], actual[i], 1e-5 * size, "row " + n + ", " + i);
      }
    }
  }

  @Test
  void aModelRemembersWhetherItHasBounds() throws IOException {
    Data data = lines(40);
    for (boolean bounded : new boolean[] {true, false}) {
      MixtureRegressor fitted =
          Data.quick()
              .trunk(linear())
              .bounded(bounded)
              .build()
              .fit(data.features(), data.targets());
      Path file = folder.resolve(bounded + ".zip");
      fitted.save(file);
      MixtureRegressor loaded = MixtureRegressor.load(file);
      double[][] far = {{50}, {-1e3}};
      assertArrayEquals(fitted.predict(far).get(1).mean(), loaded.predict(far).get(1).mean(), 0);
      assertEquals(fitted.toString(), loaded.toString());
    }
  }

  /** A checkpoint without bounds is gone on with without bounds, or not at all. */
  @Test
  void aCheckpointIsOfTheSameBounds() {
    Data data = lines(40);
    Path file = folder.resolve("fit.checkpoint");
    Data.quick().bounded(false).checkpoint(file).build().fit(data.features(), data.targets());
    Exception e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Data.quick().resumeFrom(file).build().fit(data.features(), data.targets()));
    assertTrue(
        e.getMessage().contains("bounded=true") && e.getMessage().contains("bounded=false"),
        e.getMessage());
    Data.quick().bounded(false).resumeFrom(file).build().fit(data.features(), data.targets());
  }
}
