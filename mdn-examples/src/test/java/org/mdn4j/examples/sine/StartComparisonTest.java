/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.sine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mdn4j.examples.kit.CapturedOutput;
import org.mdn4j.examples.sine.StartComparisonReport.Run;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

class StartComparisonTest {
  @Test
  void comparesBothStartsSeedBySeed(@TempDir Path folder) throws IOException {
    StartComparisonReport report;
    String printed;
    try (CapturedOutput output = new CapturedOutput()) {
      report =
          StartComparison.run(
              ("--seeds 2 --epochs 6 --early 2 --points 500 --validation-points 100"
                      + " --test-points 1000 --components 5 --out "
                      + folder)
                  .split(" "));
      printed = output.out();
    }
    assertEquals(4, report.runs().size());
    for (int i = 0; i < 4; i++) {
      Run run = report.runs().get(i);
      assertEquals(1 + i / 2, run.seed());
      assertEquals(i % 2 == 0 ? "default" : "labels", run.start());
      assertTrue(run.nll() < run.earlyNll(), run::line);
      // Between the floor, 1.288, and one Gaussian that does not look at s, log 6.06 √(2πe).
      assertTrue(1.288 - 0.2 < run.nll() && run.nll() < 3.22, run::line);
      assertTrue(0 <= run.unused() && run.unused() < 5, run::line);
      assertTrue(printed.contains(run.line()), printed);
    }
    assertNotEquals(report.runs().get(0).nll(), report.runs().get(1).nll());
    double[] nll = report.runs().stream().mapToDouble(Run::nll).toArray();
    assertEquals((nll[0] + nll[2]) / 2, report.defaultStart().nll(), 1e-12);
    assertEquals((nll[1] + nll[3]) / 2, report.startFromLabels().nll(), 1e-12);
    double first = nll[1] - nll[0];
    double second = nll[3] - nll[2];
    assertEquals((first + second) / 2, report.nllDifference(), 1e-12);
    assertEquals(Math.abs(first - second) / 2, report.nllDifferenceError(), 1e-12);

    JsonNode json = new ObjectMapper().readTree(folder.resolve("start-comparison.json").toFile());
    assertEquals(4, json.get("runs").size());
    assertEquals(nll[3], json.get("runs").get(3).get("nll").asDouble());
    assertEquals(report.nllDifference(), json.get("nllDifference").asDouble());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--seeds 0 | at least 1, got 0",
        "--points 3 | at least 10, got 3",
        "--validation-points 0 | at least 10, got 0",
        "--test-points 1 | at least 10, got 1",
        "--components 0 | at least 1, got 0",
        "--epochs 0 | at least 1, got 0",
        "--early 0 | from 1 to 150, got 0",
        "--epochs 5 --early 6 | from 1 to 5, got 6",
      })
  void mistakesAreOneLineAndLeaveNothing(String arguments, String message, @TempDir Path folder) {
    Path out = folder.resolve("out");
    try (CapturedOutput output = new CapturedOutput()) {
      assertEquals(2, StartComparison.execute((arguments + " --out " + out).split(" ")));
      assertEquals(1, output.err().lines().count(), output::err);
      assertTrue(output.err().contains(message), output::err);
    }
    assertFalse(Files.exists(out));
  }
}
