/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.rain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.eval.RunningMean;
import org.mdn4j.examples.kit.CapturedOutput;
import org.mdn4j.examples.kit.Mistakes;
import org.mdn4j.examples.kit.PictureFiles;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

class RainGaugeTest {
  @Test
  void trainsScoresAndDraws(@TempDir Path folder) throws IOException {
    Path out = folder.resolve("new/folder");
    RainReport report;
    try (CapturedOutput output = new CapturedOutput()) {
      report =
          RainGauge.run(
              ("--points 5000 --validation-points 300 --test-points 5000 --epochs 10 --seed 3 --out "
                      + out)
                  .split(" "));
      assertEquals("", output.err());
      assertTrue(output.out().contains("atom and censoring  epoch  10/10"), output::out);
      assertTrue(output.out().contains("one Gaussian  epoch  10/10"), output::out);
      assertTrue(output.out().contains("Test NLL, 5000 points"), output::out);
    }
    double slack = 4 * report.testNllError();
    assertTrue(report.testNll() > report.floorNll() - slack, report::summary);
    assertTrue(report.testNll() < report.floorNll() + slack + 0.03, report::summary);
    assertEquals(report.trueTestNll(), report.testNll(), 0.03); // of the same readings
    assertTrue(report.gaussianTestNll() > report.testNll() + 0.03, report::summary);
    assertTrue(report.singleTestNll() > report.testNll() + 0.5, report::summary);
    assertEquals(report.dryShare(), report.predictedDryShare(), 0.03);
    assertEquals(report.overflowShare(), report.predictedOverflowShare(), 0.015);
    assertTrue(report.pitKs() < 1.63 / Math.sqrt(2000) + 0.02, "PIT " + report.pitKs());

    JsonNode json = new ObjectMapper().readTree(out.resolve("report.json").toFile());
    assertEquals(report.testNll(), json.get("testNll").asDouble());
    assertEquals(report.gaussianTestNll(), json.get("gaussianTestNll").asDouble());
    assertEquals(RainData.floorNll(0.05), json.get("floorNll").asDouble(), 1e-9);
    assertEquals(5000, json.get("points").asInt());
    assertEquals(4, json.get("components").asInt());
    assertEquals(3, json.get("seed").asLong());
    PictureFiles.assertFolder(out, "rain.png", "report.json");
  }

  /** By the midpoint rule in y, from the formula alone. */
  @Test
  void floorIsTheExpectationOfTheFormula() {
    double sum = 0;
    double step = 0.002;
    for (int day = 0; day < 365; day += 5) {
      double middle = 0;
      double wet = 0;
      for (double y = 0.05 + step / 2; y < 100; y += step) {
        double f = plainDensity(day, y);
        middle -= f * Math.log(f) * step;
        wet += f * step;
      }
      double overflow = RainData.truth(day).survival(100); // of the closed form
      double dry = 1 - wet - overflow;
      double q = 0.5 + 0.2 * Math.cos(2 * Math.PI * day / 365);
      assertEquals(q, dry, 1e-4); // drizzle of less than 0.05 mm is rare
      sum += (middle - dry * Math.log(dry) - overflow * Math.log(overflow)) / 73;
    }
    assertEquals(sum, RainData.floorNll(0.1), 2e-4);
    assertEquals(RainData.floorNll(0.05), RainData.floorNll(0.1), 1e-9, "resolution");
  }

  private static double plainDensity(int day, double y) {
    double a = 2 * Math.PI * day / 365;
    double wet = 0.5 - 0.2 * Math.cos(a);
    double b = 0.35 + 0.2 * Math.sin(a);
    return wet
        * ((1 - b) * logNormal(y, 0.7 - 0.4 * Math.cos(a), 0.8)
            + b * logNormal(y, 4.1 + 0.3 * Math.sin(a), 0.6));
  }

  private static double logNormal(double y, double m, double s) {
    double t = (Math.log(y) - m) / s;
    return Math.exp(-t * t / 2) / (y * s * Math.sqrt(2 * Math.PI));
  }

  /** Also says that the examples are drawn from the formula: its NLL on them is the floor. */
  @Test
  void floorIsTheMeanNllOfDrawnExamples() {
    RainData data = RainData.draw(40_000, RandomSource.XO_RO_SHI_RO_128_PP.create(3L));
    RunningMean nll = new RunningMean();
    for (int n = 0; n < data.days().length; n++) {
      double y = data.readings()[n];
      Mixture truth = RainData.truth(data.days()[n]);
      assertTrue(y == 0 || 0.05 <= y && y <= 100);
      nll.add(RainData.nll(truth, y));
      if (y > 0 && y < 100) {
        assertEquals(-Math.log(plainDensity(data.days()[n], y)), RainData.nll(truth, y), 1e-12);
      }
    }
    assertEquals(RainData.floorNll(0.1), nll.mean(), 4 * nll.standardError());
    assertEquals(0.05, data.share(100), 0.02);
    assertEquals(0.5, data.share(0), 0.02);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--components 0 | --components: expected at least 1, got 0",
        "--points 9 | --points: expected at least 10, got 9",
        "--epochs 0 | --epochs: expected at least 1, got 0",
        "--noise 0.1 | --noise",
      })
  void mistakesAreOneLineAndLeaveNothing(String options, String message, @TempDir Path folder) {
    Mistakes.assertRefused(RainGauge::execute, options, message, folder);
  }

  @Test
  void outputFolderThatIsAFileIsRefusedBeforeTraining(@TempDir Path folder) throws IOException {
    Mistakes.assertFileAsFolderRefused(RainGauge::execute, folder);
  }

  @Test
  void helpNamesTheOptionsAndTheirDefaults() {
    try (CapturedOutput output = new CapturedOutput()) {
      assertEquals(0, RainGauge.execute("--help"));
      for (String text : List.of("--components", "--points", "20000", "--epochs", "--seed")) {
        assertTrue(output.out().contains(text), text);
      }
    }
  }
}
