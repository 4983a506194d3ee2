/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mdn4j.examples.kit.CapturedOutput;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** The example in this process, on two threads of Spark's. */
class SparkInvertedSineTest {
  private static final Map<String, String> KRYO =
      Map.of(
          "spark.serializer",
          "org.apache.spark.serializer.KryoSerializer",
          "spark.kryo.registrator",
          MixtureKryoRegistrator.class.getName());

  @AfterEach
  void forgetKryo() {
    KRYO.keySet().forEach(System::clearProperty);
  }

  @Test
  void trainsAsInOneProcess(@TempDir Path folder) throws IOException {
    SparkInvertedSineReport report;
    try (CapturedOutput output = new CapturedOutput()) {
      report = SparkInvertedSine.run("--epochs", "30", "--out", folder.toString());
      assertTrue(output.out().contains("Test NLL, 20000 points"), output::out);
    }
    assertEquals(20_000, report.testRows());
    assertEquals(2, report.partitions());
    assertEquals(1, report.executors());
    assertEquals("local[2]", report.master());
    // The same network, in other minibatches of FLOAT.
    assertEquals(report.sparkNllOfDriver(), report.sparkNll(), 1e-5);
    assertEquals(report.localNll(), report.sparkNll(), 0.05, report::summary);
    assertTrue(report.localNll() < 1.45, report::summary);

    JsonNode json = new ObjectMapper().readTree(folder.resolve("report.json").toFile());
    assertEquals(report.sparkNll(), json.get("sparkNll").asDouble());
    assertEquals(report.localNll(), json.get("localNll").asDouble());
  }

  @Test
  void kryoMergesTheSame(@TempDir Path folder) throws IOException {
    String[] args =
        List.of(
                ("--points 600 --test-points 700 --epochs 2 --workers 3 --averaging-frequency 1"
                        + " --master local[3] --out "
                        + folder)
                    .split(" "))
            .toArray(String[]::new);
    try (CapturedOutput output = new CapturedOutput()) {
      SparkInvertedSineReport java = SparkInvertedSine.run(args);
      KRYO.forEach(System::setProperty);
      SparkInvertedSineReport kryo = SparkInvertedSine.run(args);
      assertTrue(output.out().contains("Test NLL, 700 points"), output::out);
      assertEquals(700, kryo.testRows());
      assertEquals(java.sparkNll(), kryo.sparkNll(), 1e-4);
      assertEquals(kryo.sparkNllOfDriver(), kryo.sparkNll(), 1e-5);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--points 3 | at least 10, got 3",
        "--test-points 1 | at least 10, got 1",
        "--components 0 | at least 1, got 0",
        "--epochs 0 | at least 1, got 0",
        "--workers 0 | at least 1, got 0",
        "--averaging-frequency 0 | at least 1, got 0",
        "--master nowhere | spark://HOST:PORT, yarn or k8s://URL, got nowhere",
        "--colour blue | --colour",
      })
  void mistakesAreOneLineAndLeaveNothing(String arguments, String message, @TempDir Path folder) {
    Path out = folder.resolve("out");
    String[] args = (arguments + " --out " + out).split(" ");
    try (CapturedOutput output = new CapturedOutput()) {
      assertEquals(2, SparkInvertedSine.execute(args));
      assertEquals(1, output.err().lines().count(), output::err);
      assertTrue(output.err().contains(message), output::err);
    }
    assertFalse(Files.exists(out));
  }
}
