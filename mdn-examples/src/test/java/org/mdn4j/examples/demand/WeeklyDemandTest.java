/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.demand;

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

class WeeklyDemandTest {
  @Test
  void trainsScoresAndDraws(@TempDir Path folder) throws IOException {
    Path out = folder.resolve("new/folder");
    DemandReport report;
    try (CapturedOutput output = new CapturedOutput()) {
      report =
          WeeklyDemand.run(
              ("--points 3000 --validation-points 300 --test-points 3000 --epochs 8 --seed 3 --out "
                      + out)
                  .split(" "));
      assertEquals("", output.err());
      assertTrue(output.out().contains("counts  epoch   8/8"), output::out);
      assertTrue(output.out().contains("Poisson  epoch   8/8"), output::out);
      assertTrue(output.out().contains("Test NLL, 3000 points"), output::out);
    }
    double slack = 5 * report.testNllError();
    assertTrue(report.testNll() > report.floorNll() - slack, report::summary);
    assertTrue(report.testNll() < report.floorNll() + slack + 0.1, report::summary);
    assertTrue(report.gaussianTestNll() > report.testNll() + 0.03, report::summary);
    assertTrue(report.poissonTestNll() > report.testNll() + 1, report::summary);
    assertEquals(report.emptyShare(), report.predictedEmptyShare(), 0.03);
    assertTrue(report.pitKs() < 0.06, "PIT " + report.pitKs());

    JsonNode json = new ObjectMapper().readTree(out.resolve("report.json").toFile());
    assertEquals(report.testNll(), json.get("testNll").asDouble());
    assertEquals(report.gaussianTestNll(), json.get("gaussianTestNll").asDouble());
    assertEquals(report.poissonTestNll(), json.get("poissonTestNll").asDouble());
    assertEquals(DemandData.floorNll(), json.get("floorNll").asDouble(), 1e-12);
    assertTrue(json.get("testNllError").asDouble() > 0);
    assertEquals(3000, json.get("points").asInt());
    assertEquals(3000, json.get("testPoints").asInt());
    assertEquals(3, json.get("components").asInt());
    assertEquals(8, json.get("epochs").asInt());
    assertEquals(3, json.get("seed").asLong());
    PictureFiles.assertFolder(out, "season.png", "report.json");
  }

  /** From the formula alone, with P(y + 1)/P(y) = q (y + r)/(y + 1). */
  @Test
  void floorIsTheEntropyOfTheFormula() {
    double sum = 0;
    for (int week = 0; week < 52; week++) {
      double[] probabilities = plain(week);
      for (double p : probabilities) {
        sum -= p > 0 ? p * Math.log(p) / 52 : 0;
      }
    }
    assertEquals(sum, DemandData.floorNll(), 1e-9);
  }

  /** Also says that the examples are drawn from the formula: its NLL on them is the floor. */
  @Test
  void floorIsTheMeanNllOfDrawnExamples() {
    DemandData data = DemandData.draw(20_000, RandomSource.XO_RO_SHI_RO_128_PP.create(3L));
    double[][] weeks = new double[52][];
    RunningMean nll = new RunningMean();
    for (int n = 0; n < data.demands().length; n++) {
      int week = data.weeks()[n];
      weeks[week] = weeks[week] == null ? plain(week) : weeks[week];
      nll.add(-Math.log(weeks[week][(int) data.demands()[n]]));
    }
    assertEquals(DemandData.floorNll(), nll.mean(), 4 * nll.standardError());
  }

  private static double[] plain(int week) {
    double angle = 2 * Math.PI * week / 52;
    double empty = 0.12 + 0.08 * Math.cos(angle);
    double large = 0.3 + 0.2 * Math.sin(angle);
    double[] small = plain(Math.exp(1.1 + 0.5 * Math.sin(angle)), 0.2);
    double[] big = plain(Math.exp(3 + 0.3 * Math.cos(angle)), 0.05);
    double[] sum = new double[small.length];
    for (int y = 0; y < sum.length; y++) {
      sum[y] = (1 - empty) * ((1 - large) * small[y] + large * big[y]) + (y == 0 ? empty : 0);
    }
    return sum;
  }

  private static double[] plain(double mean, double alpha) {
    double r = 1 / alpha;
    double[] probabilities = new double[400];
    probabilities[0] = Math.pow(1 + alpha * mean, -r);
    for (int y = 0; y + 1 < probabilities.length; y++) {
      double q = alpha * mean / (1 + alpha * mean);
      probabilities[y + 1] = probabilities[y] * q * (y + r) / (y + 1);
    }
    return probabilities;
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
        "--noise 0.1 | --noise",
      })
  void mistakesAreOneLineAndLeaveNothing(String options, String message, @TempDir Path folder) {
    Mistakes.assertRefused(WeeklyDemand::execute, options, message, folder);
  }

  @Test
  void outputFolderThatIsAFileIsRefusedBeforeTraining(@TempDir Path folder) throws IOException {
    Mistakes.assertFileAsFolderRefused(WeeklyDemand::execute, folder);
  }

  @Test
  void helpNamesTheOptionsAndTheirDefaults() {
    try (CapturedOutput output = new CapturedOutput()) {
      assertEquals(0, WeeklyDemand.execute("--help"));
      for (String text : List.of("--components", "--points", "20000", "--epochs", "--seed")) {
        assertTrue(output.out().contains(text), text);
      }
    }
  }
}
