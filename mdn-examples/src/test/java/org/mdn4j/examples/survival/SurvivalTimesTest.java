/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.survival;

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
import org.mdn4j.eval.RunningMean;
import org.mdn4j.examples.kit.CapturedOutput;
import org.mdn4j.examples.kit.Mistakes;
import org.mdn4j.examples.kit.PictureFiles;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

class SurvivalTimesTest {
  @Test
  void trainsScoresAndDraws(@TempDir Path folder) throws IOException {
    Path out = folder.resolve("new/folder");
    SurvivalReport report;
    try (CapturedOutput output = new CapturedOutput()) {
      report =
          SurvivalTimes.run(
              ("--points 10000 --validation-points 1000 --test-points 10000 --epochs 20 --seed 3"
                      + " --out "
                      + out)
                  .split(" "));
      assertEquals("", output.err());
      assertTrue(output.out().contains("mixture  epoch  20/20"), output::out);
      assertTrue(output.out().contains("10000 test points"), output::out);
    }
    double slack = 4 * report.testNllError();
    assertTrue(report.testNll() > report.floorNll() - slack, report::summary);
    assertTrue(report.testNll() < report.floorNll() + 0.03 + slack, report::summary);
    assertTrue(report.baselineTestNll() > report.testNll() + 0.1, report::summary);
    assertEquals(0.4, report.censoredShare(), 0.03);
    assertEquals(report.trueConcordance(), report.concordance(), 0.01);
    assertEquals(report.trueBrier(), report.brier(), 0.002);
    assertTrue(report.baselineBrier() > report.brier() + 0.002, report::summary);
    assertTrue(report.largestGap() < 0.03, report::summary);
    assertEquals("fused", report.trainer());

    JsonNode json = new ObjectMapper().readTree(out.resolve("report.json").toFile());
    assertEquals(report.testNll(), json.get("testNll").asDouble());
    assertEquals(SurvivalData.floorNll(0.1), json.get("floorNll").asDouble(), 1e-6);
    assertEquals(10000, json.get("points").asInt());
    assertEquals(5, json.get("components").asInt());
    assertEquals(3, json.get("seed").asLong());
    PictureFiles.assertFolder(out, "survival.png", "report.json");
  }

  /** By the midpoint rule in x, t and c, from the formula alone. */
  @Test
  void floorIsTheExpectationOfTheFormula() {
    int loads = 200;
    int times = 4000;
    double sum = 0;
    double step = 7.5 / times;
    for (int i = 0; i < loads; i++) {
      double x = -1 + 2 * (i + 0.5) / loads;
      for (int j = 0; j < times; j++) {
        double t = step * (j + 0.5);
        double f = plainDensity(x, t);
        double s = plainSurvival(x, t);
        double observed = t < 0.5 ? 1 : (7.5 - t) / 7;
        sum -= f * Math.log(f) * observed * step / loads;
        sum -= t < 0.5 ? 0 : s * Math.log(s) / 7 * step / loads;
      }
    }
    assertEquals(sum, SurvivalData.floorNll(0.05), 2e-5);
    assertEquals(SurvivalData.floorNll(0.02), SurvivalData.floorNll(0.05), 1e-7, "resolution");
  }

  private static double plainSurvival(double x, double t) {
    double w = 1 / (1 + Math.exp(0.4 - 1.5 * x));
    double a = Math.exp(0.2 - 0.5 * x);
    double b = 5 * Math.exp(-0.3 * x);
    return w * Math.exp(-(t / a) * (t / a)) + (1 - w) * Math.exp(-Math.pow(t / b, 6));
  }

  private static double plainDensity(double x, double t) {
    double w = 1 / (1 + Math.exp(0.4 - 1.5 * x));
    double a = Math.exp(0.2 - 0.5 * x);
    double b = 5 * Math.exp(-0.3 * x);
    return w * 2 * t / a / a * Math.exp(-(t / a) * (t / a))
        + (1 - w) * 6 * Math.pow(t / b, 5) / b * Math.exp(-Math.pow(t / b, 6));
  }

  /** Also says that the examples are drawn from the formula: its NLL on them is the floor. */
  @Test
  void floorIsTheMeanNllOfDrawnExamples() {
    SurvivalData data = SurvivalData.draw(40_000, RandomSource.XO_RO_SHI_RO_128_PP.create(3L));
    RunningMean nll = new RunningMean();
    for (int n = 0; n < data.times().length; n++) {
      double x = data.loads()[n];
      double t = data.times()[n];
      assertTrue(t > 0 && t < SurvivalData.LAST_END);
      nll.add(-Math.log(data.failed()[n] ? plainDensity(x, t) : plainSurvival(x, t)));
      if (n < 100) {
        assertEquals(plainDensity(x, t), SurvivalData.density(x, t), 1e-12);
        assertEquals(0.5, plainSurvival(x, SurvivalData.median(x)), 1e-8);
      }
    }
    assertEquals(SurvivalData.floorNll(0.1), nll.mean(), 4 * nll.standardError());
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
    Mistakes.assertRefused(SurvivalTimes::execute, options, message, folder);
  }

  @Test
  void outputFolderThatIsAFileIsRefusedBeforeTraining(@TempDir Path folder) throws IOException {
    Mistakes.assertFileAsFolderRefused(SurvivalTimes::execute, folder);
  }

  @Test
  void helpNamesTheOptionsAndTheirDefaults() {
    try (CapturedOutput output = new CapturedOutput()) {
      assertEquals(0, SurvivalTimes.execute("--help"));
      for (String text : List.of("--components", "--points", "20000", "--epochs", "--seed")) {
        assertTrue(output.out().contains(text), text);
      }
    }
  }
}
