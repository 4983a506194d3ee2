/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** The example as a user submits it, on a cluster of a master and two workers. */
class SparkInvertedSineClusterTest {
  @Test
  @Timeout(1800)
  void trainsOnTwoExecutorsAsInOneProcess(@TempDir Path folder) throws Exception {
    Path out = folder.resolve("out");
    String jars = jars();
    List<ProcessHandle> processes;
    try (StandaloneCluster cluster =
        new StandaloneCluster(Files.createDirectory(folder.resolve("spark")), 2)) {
      String printed =
          cluster.submit(
              Duration.ofMinutes(25),
              "--class",
              SparkInvertedSine.class.getName(),
              "--jars",
              jars,
              "--executor-memory",
              "1g",
              "--conf",
              "spark.executorEnv.OMP_NUM_THREADS=1",
              "--conf",
              "spark.ui.enabled=false",
              "--conf",
              "spark.network.timeout=600s", // on a machine that does other things, too
              "--conf",
              "spark.executor.heartbeatInterval=60s",
              System.getProperty("org.mdn4j.jar"),
              "--epochs",
              "30",
              "--out",
              out);
      assertTrue(printed.contains("Test NLL, 20000 points"), printed);
      processes = cluster.handles();
    }
    assertTrue(processes.size() >= 3, "a master and two workers");
    assertFalse(processes.stream().anyMatch(ProcessHandle::isAlive), "a process is left");

    JsonNode report = new ObjectMapper().readTree(out.resolve("report.json").toFile());
    assertTrue(report.get("master").asText().startsWith("spark://127.0.0.1:"), report::toString);
    assertEquals(2, report.get("executors").asInt());
    assertEquals(20_000, report.get("testRows").asLong());
    assertEquals(
        report.get("sparkNllOfDriver").asDouble(), report.get("sparkNll").asDouble(), 1e-5);
    assertEquals(report.get("localNll").asDouble(), report.get("sparkNll").asDouble(), 0.05);
  }

  private static String jars() throws Exception {
    try (Stream<Path> jars = Files.list(Path.of(System.getProperty("org.mdn4j.jars")))) {
      return jars.map(Path::toString).collect(Collectors.joining(","));
    }
  }
}
