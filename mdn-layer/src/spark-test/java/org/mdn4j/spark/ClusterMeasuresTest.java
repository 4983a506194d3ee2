/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.mdn4j.regression.report.NoiseLevel;

/** Measures an ensemble of 8 on one worker and on two: {@code -Dmdn4j.spark.measure}. */
@Tag("cluster")
@EnabledIfSystemProperty(named = "mdn4j.spark.measure", matches = ".*")
class ClusterMeasuresTest {
  private static final int ROUNDS = 3;

  @Test
  void anEnsembleOfEight(@TempDir Path folder) throws Exception {
    double[] seconds = new double[2];
    for (int workers = 1; workers <= 2; workers++) {
      Path place = Files.createDirectory(folder.resolve("spark" + workers));
      try (StandaloneCluster cluster = new StandaloneCluster(place, workers);
          SparkSession spark =
              SparkSession.builder()
                  .master(cluster.master())
                  .config("spark.jars", ClusterTest.jars())
                  .config("spark.executorEnv.OMP_NUM_THREADS", "1")
                  .getOrCreate()) {
        Dataset<Row> rows = TestData.draw(4000, 1).dataset(spark, 2).cache();
        MixtureRegression regression =
            new MixtureRegression()
                .setNoise(NoiseLevel.NONE)
                .setBins(16)
                .setEnsemble(8)
                .setMaxEpochs(150)
                .setPatience(150);
        regression.fit(rows); // once to start, and to compile
        seconds[workers - 1] = Double.POSITIVE_INFINITY;
        for (int round = 0; round < ROUNDS; round++) {
          long start = System.nanoTime();
          regression.fit(rows);
          double took = (System.nanoTime() - start) / 1e9;
          System.out.printf(Locale.ROOT, "%d workers: %.1f s%n", workers, took);
          seconds[workers - 1] = Math.min(seconds[workers - 1], took);
        }
      }
    }
    System.out.printf(
        Locale.ROOT, "two workers take %.2f of half of one's time%n", 2 * seconds[1] / seconds[0]);
  }
}
