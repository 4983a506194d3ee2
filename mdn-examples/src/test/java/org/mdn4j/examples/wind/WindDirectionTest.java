/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.wind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mdn4j.eval.RunningMean;
import org.mdn4j.examples.kit.CapturedOutput;
import org.mdn4j.examples.kit.Mistakes;
import org.mdn4j.examples.kit.PictureFiles;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

class WindDirectionTest {
  private static final double BESSEL_40 = plainBessel(40);
  private static final double BESSEL_10 = plainBessel(10);

  @Test
  void trainsScoresAndDraws(@TempDir Path folder) throws IOException {
    Path out = folder.resolve("new/folder");
    WindDirectionReport report;
    try (CapturedOutput output = new CapturedOutput()) {
      report =
          WindDirection.run(
              ("--points 2000 --validation-points 200 --test-points 2000 --components 3 --epochs 6"
                      + " --seed -4 --out "
                      + out)
                  .split(" "));
      assertEquals("", output.err());
      assertTrue(output.out().contains("von Mises  epoch   6/6"), output::out);
      assertTrue(output.out().contains("Gaussian  epoch   6/6"), output::out);
      assertTrue(output.out().contains("Test NLL, 2000 points"), output::out);
    }
    double slack = 5 * report.testNllError();
    assertTrue(report.testNll() > report.floorNll() - slack, report::summary);
    assertTrue(report.testNll() < report.floorNll() + 0.3, report::summary);
    assertTrue(report.gaussianTestNll() > report.testNll(), report::summary);

    JsonNode json = new ObjectMapper().readTree(out.resolve("report.json").toFile());
    assertEquals(report.testNll(), json.get("testNll").asDouble());
    assertEquals(report.gaussianTestNll(), json.get("gaussianTestNll").asDouble());
    assertEquals(WindDirectionData.floorNll(0.1), json.get("floorNll").asDouble(), 1e-8);
    assertTrue(json.get("testNllError").asDouble() > 0);
    assertTrue(json.get("gaussianTestNllError").asDouble() > 0);
    assertTrue(json.get("trainSeconds").asDouble() > 0);
    assertTrue(json.get("gaussianTrainSeconds").asDouble() > 0);
    assertEquals(2000, json.get("points").asInt());
    assertEquals(2000, json.get("testPoints").asInt());
    assertEquals(3, json.get("components").asInt());
    assertEquals(6, json.get("epochs").asInt());
    assertEquals(-4, json.get("seed").asLong());
    PictureFiles.assertFolder(out, "rose.png", "report.json");
  }

  /** By the midpoint rule in g and θ, from the formula alone. */
  @Test
  void floorIsTheEntropyOfTheFormula() {
    int cells = 300; // exact for the period of θ, an error of about 1e-6 in g
    double sum = 0;
    for (int i = 0; i < cells; i++) {
      double gradient = -1 + 2 * (i + 0.5) / cells;
      for (int j = 0; j < cells; j++) {
        double density = plainDensity(2 * Math.PI * j / cells, gradient);
        sum -= density * Math.log(density) * 2 * Math.PI / cells / cells;
      }
    }
    assertEquals(sum, WindDirectionData.floorNll(0.25), 1e-5);
    assertEquals(
        WindDirectionData.floorNll(0.05), WindDirectionData.floorNll(0.25), 1e-8, "resolution");
  }

  /** Also says that the examples are drawn from the formula: its NLL on them is the floor. */
  @Test
  void floorIsTheMeanNllOfDrawnExamples() {
    WindDirectionData data =
        WindDirectionData.draw(20_000, RandomSource.XO_RO_SHI_RO_128_PP.create(3L));
    RunningMean nll = new RunningMean();
    for (int n = 0; n < data.directions().length; n++) {
      assertTrue(-1 <= data.gradients()[n] && data.gradients()[n] < 1);
      assertTrue(-Math.PI <= data.directions()[n] && data.directions()[n] < Math.PI);
      nll.add(-Math.log(plainDensity(data.directions()[n], data.gradients()[n])));
    }
    assertEquals(WindDirectionData.floorNll(0.25), nll.mean(), 4 * nll.standardError());
    double mean = Arrays.stream(data.gradients()).average().orElseThrow();
    assertEquals(0, mean, 5 / Math.sqrt(3 * 20_000.0));
  }

  private static double plainDensity(double angle, double gradient) {
    double weight = 0.5 + 0.3 * gradient;
    return weight * plainVonMises(angle - Math.PI - 0.7 * gradient, 40, BESSEL_40)
        + (1 - weight) * plainVonMises(angle - Math.PI + 0.7 * gradient, 10, BESSEL_10);
  }

  private static double plainVonMises(double difference, double kappa, double bessel) {
    return Math.exp(kappa * Math.cos(difference)) / (2 * Math.PI * bessel);
  }

  /** I₀(κ) = Σ_m (κ/2)^2m / (m!)². */
  private static double plainBessel(double kappa) {
    double term = 1;
    double bessel = 1;
    for (int m = 1; m < 100; m++) {
      term *= kappa * kappa / 4 / m / m;
      bessel += term;
    }
    return bessel;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--components 0 | --components: expected at least 1, got 0",
        "--points 9 | --points: expected at least 10, got 9",
        "--validation-points 0 | --validation-points: expected at least 10, got 0",
        "--test-points -1 | --test-points: expected at least 10, got -1",
        "--epochs 0 | --epochs: expected at least 1, got 0",
        "--epochs many | many",
        "--seed x | x",
        "--noise 0.1 | --noise",
      })
  void mistakesAreOneLineAndLeaveNothing(String options, String message, @TempDir Path folder) {
    Mistakes.assertRefused(WindDirection::execute, options, message, folder);
  }

  @Test
  void outputFolderThatIsAFileIsRefusedBeforeTraining(@TempDir Path folder) throws IOException {
    Mistakes.assertFileAsFolderRefused(WindDirection::execute, folder);
  }

  @Test
  void helpNamesTheOptionsAndTheirDefaults() {
    try (CapturedOutput output = new CapturedOutput()) {
      assertEquals(0, WindDirection.execute("--help"));
      for (String text : List.of("--components", "--points", "20000", "--epochs", "--seed")) {
        assertTrue(output.out().contains(text), text);
      }
    }
  }
}
