/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.arm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mdn4j.examples.kit.CapturedOutput;
import org.mdn4j.examples.kit.Mistakes;
import org.mdn4j.examples.kit.PictureFiles;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

class TwoLinkArmTest {
  private static final double PRIOR_NLL = Math.log(0.9 * Math.PI); // of who ignores the hand

  private record Run(TwoLinkArmReport report, JsonNode json, String printed) {
    static Run of(Path out, String options) throws IOException {
      String[] small = {"--validation-points", "200", "--test-points", "1000", "--components", "4"};
      String[] given = (options + " --out " + out).split(" ");
      try (CapturedOutput output = new CapturedOutput()) {
        TwoLinkArmReport report =
            TwoLinkArm.run(
                Stream.concat(Arrays.stream(small), Arrays.stream(given)).toArray(String[]::new));
        assertEquals("", output.err());
        JsonNode json = new ObjectMapper().readTree(out.resolve("report.json").toFile());
        return new Run(report, json, output.out());
      }
    }
  }

  private static void assertLearned(double nll, double error, double floor) {
    assertTrue(nll > floor - 5 * error, nll + " is below the floor " + floor);
    assertTrue(nll < PRIOR_NLL - 1, nll + ": nothing learned");
  }

  @Test
  void trainsScoresAndDrawsBoth(@TempDir Path folder) throws IOException {
    Path out = folder.resolve("new/folder");
    Run run = Run.of(out, "--points 2000 --epochs 6 --noise 0.06 --seed -4");
    TwoLinkArmReport report = run.report();
    assertTrue(run.printed().contains("full  epoch   6/6"), run.printed());
    assertTrue(run.printed().contains("diagonal  epoch   6/6"), run.printed());
    assertTrue(run.printed().contains("Test NLL, 1000 points"), run.printed());
    assertLearned(report.testNll(), report.testNllError(), report.floorNll());
    assertLearned(report.diagonalTestNll(), report.diagonalTestNllError(), report.floorNll());

    JsonNode json = run.json();
    assertEquals(report.testNll(), json.get("testNll").asDouble());
    assertEquals(report.diagonalTestNll(), json.get("diagonalTestNll").asDouble());
    assertEquals(new TwoLinkArmTruth(0.06).floorNll(), json.get("floorNll").asDouble());
    assertTrue(json.get("testNllError").asDouble() > 0);
    assertTrue(json.get("diagonalTestNllError").asDouble() > 0);
    assertTrue(json.get("trainSeconds").asDouble() > 0);
    assertTrue(json.get("diagonalTrainSeconds").asDouble() > 0);
    assertEquals(0.06, json.get("noise").asDouble());
    assertEquals(2000, json.get("points").asInt());
    assertEquals(1000, json.get("testPoints").asInt());
    assertEquals(4, json.get("components").asInt());
    assertEquals(6, json.get("epochs").asInt());
    assertEquals(-4, json.get("seed").asLong());
    PictureFiles.assertFolder(
        out, "arm-poses.png", "posterior-full.png", "posterior-diagonal.png", "report.json");
  }

  @Test
  void trainsOneOnRequest(@TempDir Path folder) throws IOException {
    Run run = Run.of(folder, "--covariance diagonal --points 50 --epochs 1");
    assertNull(run.report().testNll());
    for (String key : List.of("testNll", "testNllError", "trainSeconds")) {
      assertFalse(run.json().has(key), key);
    }
    assertEquals(run.report().diagonalTestNll(), run.json().get("diagonalTestNll").asDouble());
    assertFalse(run.printed().contains("full"), run.printed());
    PictureFiles.assertFolder(folder, "arm-poses.png", "posterior-diagonal.png", "report.json");
  }

  @Test
  void trainsTheOtherOnRequest(@TempDir Path folder) throws IOException {
    Run run = Run.of(folder, "--covariance full --points 50 --epochs 1");
    assertNull(run.report().diagonalTestNll());
    for (String key : List.of("diagonalTestNll", "diagonalTestNllError", "diagonalTrainSeconds")) {
      assertFalse(run.json().has(key), key);
    }
    assertEquals(run.report().testNll(), run.json().get("testNll").asDouble());
    PictureFiles.assertFolder(folder, "arm-poses.png", "posterior-full.png", "report.json");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--noise 0 | --noise: expected from 0.005 to 1.0, got 0.0",
        "--noise 1.5 | --noise: expected from 0.005 to 1.0, got 1.5",
        "--noise NaN | --noise: expected from 0.005 to 1.0, got NaN",
        "--noise much | much",
        "--covariance spherical | expected full or diagonal, got spherical",
        "--covariance round | round",
        "--components 0 | --components: expected at least 1, got 0",
        "--points 9 | --points: expected at least 10, got 9",
        "--validation-points 0 | --validation-points: expected at least 10, got 0",
        "--test-points -1 | --test-points: expected at least 10, got -1",
        "--epochs 0 | --epochs: expected at least 1, got 0",
        "--seed x | x",
        "--colour blue | --colour",
      })
  void mistakesAreOneLineAndLeaveNothing(String options, String message, @TempDir Path folder) {
    Mistakes.assertRefused(TwoLinkArm::execute, options, message, folder);
  }

  @Test
  void outputFolderThatIsAFileIsRefusedBeforeTraining(@TempDir Path folder) throws IOException {
    Mistakes.assertFileAsFolderRefused(TwoLinkArm::execute, folder);
  }

  @Test
  void helpNamesTheOptionsAndTheirDefaults() {
    try (CapturedOutput output = new CapturedOutput()) {
      assertEquals(0, TwoLinkArm.execute("--help"));
      for (String text :
          List.of("--noise", "0.05", "--covariance", "--points", "20000", "--epochs", "--seed")) {
        assertTrue(output.out().contains(text), text);
      }
    }
  }
}
