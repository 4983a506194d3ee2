/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.study;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class XgBoostingTest {
  private static final double SECONDS = 300; // never reached by one setup or two

  /** y = 3 on one side of x = 0, −3 on the other, and N(0, 1); the second column says nothing. */
  private static double[][] features(int count, Random random) {
    return IntStream.range(0, count)
        .mapToObj(n -> new double[] {random.nextGaussian(), random.nextGaussian()})
        .toArray(double[][]::new);
  }

  private static double[][] targets(double[][] features, Random random) {
    double[][] targets = new double[features.length][];
    for (int n = 0; n < targets.length; n++) {
      targets[n] = new double[] {3 * Math.signum(features[n][0]) + random.nextGaussian()};
    }
    return targets;
  }

  private static UciRows rows() {
    Random random = new Random(1);
    double[][] training = features(1000, random);
    double[][] test = features(2000, random);
    return new UciRows(training, targets(training, random), test, targets(test, random));
  }

  /** The CRPS of N(μ, σ²) is σ/√π at best on average, and its NLL ½ log 2πe σ². */
  @Test
  void gaussianComesNearTheTruth() {
    UciSplit split =
        new XgBoosting(1).score(UciMethod.BOOSTING_GAUSSIAN, rows(), SECONDS, 1, "settings");

    assertEquals(1, split.rmse(), 0.1);
    assertEquals(0.5 * Math.log(2 * Math.PI * Math.E), split.nll(), 0.1);
    assertEquals(1 / Math.sqrt(Math.PI), split.crps(), 0.05);
    assertEquals(0.9, split.regionCoverage().get(0.9), 0.03);
    assertEquals("settings", split.settings());
    assertTrue(split.seconds() < SECONDS, split::toString);
  }

  @Test
  void quantilesComeNearTheTruth() {
    UciSplit split =
        new XgBoosting(1).score(UciMethod.BOOSTING_QUANTILE, rows(), SECONDS, 1, "settings");

    assertTrue(Double.isNaN(split.nll()), split::toString);
    assertEquals(1, split.rmse(), 0.1);
    assertEquals(1 / Math.sqrt(Math.PI), split.crps(), 0.06);
    assertEquals(0.9, split.regionCoverage().get(0.9), 0.05);
  }

  /**
   * The CRPS of m equal masses is the mean distance to y less half of the mean distance of two of
   * them.
   */
  @Test
  void crpsOfQuantilesIsThatOfEqualMasses() {
    Random random = new Random(2);
    double[] drawn = random.doubles(7, -3, 5).toArray();
    Quantiles quantiles = Quantiles.sorted(drawn);
    for (double y : new double[] {-10, drawn[0], 0.3, 4, 20}) {
      double distance = IntStream.range(0, 7).mapToDouble(i -> Math.abs(y - drawn[i])).sum() / 7;
      double spread =
          IntStream.range(0, 49).mapToDouble(i -> Math.abs(drawn[i / 7] - drawn[i % 7])).sum() / 49;
      assertEquals(distance - spread / 2, quantiles.crps(y), 1e-12);
    }
  }

  @ParameterizedTest
  @CsvSource({"0.9,0", "1,0.125", "1.5,0.25", "2,0.625", "3,0.75", "4,1", "9,1"})
  void pitOfQuantiles(double y, double expected) {
    assertEquals(expected, new Quantiles(new double[] {1, 2, 2, 4}).pit(y), 1e-15);
  }

  @Test
  void levelsAreMidpoints() {
    assertArrayEquals(new double[] {0.125, 0.375, 0.625, 0.875}, Quantiles.levels(4), 1e-15);
  }

  /** In the time of the ensemble if none is given; what was kept is not computed again. */
  @Test
  void studyHasBoostingOnTheSameSplits(@TempDir Path folder) throws IOException {
    Path set = Files.createDirectories(folder.resolve("data/step"));
    UciRows rows = rows();
    StringBuilder table = new StringBuilder();
    StringBuilder training = new StringBuilder();
    for (int n = 0; n < 120; n++) {
      table.append(
          "%s %s %s%n"
              .formatted(rows.features()[n][0], rows.features()[n][1], rows.targets()[n][0]));
      training.append(n < 100 ? n + "\n" : "");
    }
    Files.writeString(set.resolve("data.txt"), table);
    Files.writeString(set.resolve("index_features.txt"), "0\n1\n");
    Files.writeString(set.resolve("index_target.txt"), "2\n");
    Files.writeString(set.resolve("n_splits.txt"), "1\n");
    Files.writeString(set.resolve("index_train_0.txt"), training);
    Files.writeString(
        set.resolve("index_test_0.txt"),
        String.join("\n", IntStream.range(100, 120).mapToObj(Integer::toString).toList()));
    String[] arguments = {
      "--data",
      folder.resolve("data").toString(),
      "--out",
      folder.resolve("out").toString(),
      "--method",
      "boosting-gaussian,boosting-quantile",
      "--boosting-seconds",
      "1"
    };
    UciReport report = UciStudy.run(arguments).get(0);

    assertEquals("boosting-gaussian", report.method());
    assertTrue(report.nllMean() < 3, report::toString);
    assertEquals(report.nllMean(), UciStudy.run(arguments).get(0).nllMean());
    String written = Files.readString(folder.resolve("out/table.md"));
    assertTrue(written.contains("| step | boosting-quantile | 1 | – | "), written);
  }
}
