/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mdn4j.spark.StandaloneCluster;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** The example as a user submits it, on a cluster of a master and two workers. */
@Tag("cluster")
class SparkInvertedSineClusterTest {
  @Test
  void trainsOnTwoExecutorsAsInOneProcess(@TempDir Path folder) throws Exception {
    Path out = folder.resolve("out");
    Path spark = Files.createDirectory(folder.resolve("spark"));
    try (StandaloneCluster cluster = new StandaloneCluster(spark, 2)) {
      assertEquals(3, StandaloneCluster.processes(spark).size(), "a master and two workers");
      String printed =
          cluster.submit(
              "--class",
              SparkInvertedSine.class.getName(),
              "--conf",
              "spark.executorEnv.OMP_NUM_THREADS=1",
              "--jars",
              jars(),
              System.getProperty("org.mdn4j.jar"),
              "--workers",
              2,
              "--epochs",
              30,
              "--out",
              out);
      assertTrue(printed.contains("Test NLL, 20000 points"), printed);
    }
    assertEquals(List.of(), StandaloneCluster.processes(spark), "left running");

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
