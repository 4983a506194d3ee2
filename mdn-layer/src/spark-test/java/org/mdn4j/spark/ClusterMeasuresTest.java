/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.mdn4j.regression.report.NoiseLevel;

/**
 * Measures an ensemble of 8 one member at a time and two on two workers: {@code
 * -Dmdn4j.spark.measure}.
 */
@Tag("cluster")
@EnabledIfSystemProperty(named = "mdn4j.spark.measure", matches = ".*")
class ClusterMeasuresTest {
  private static final int ROUNDS = 2;

  @Test
  void anEnsembleOfEight(@TempDir Path folder) throws Exception {
    Path place = Files.createDirectory(folder.resolve("spark"));
    try (StandaloneCluster cluster = new StandaloneCluster(place, 2);
        SparkSession spark =
            SparkSession.builder()
                .master(cluster.master())
                .config("spark.jars", ClusterTest.jars())
                .config("spark.executorEnv.OMP_NUM_THREADS", "1")
                .getOrCreate()) {
      Dataset<Row> rows = TestData.draw(16000, 1).dataset(spark, 2).cache();
      MixtureRegression regression =
          new MixtureRegression()
              .setNoise(NoiseLevel.NONE)
              .setBins(16)
              .setEnsemble(8)
              .setMaxEpochs(150)
              .setPatience(150);
      regression.fit(rows); // once to start, and to compile
      for (int round = 0; round < ROUNDS; round++) {
        AtomicLong trainings = new AtomicLong(); // milliseconds in tasks
        SparkListener listener =
            new SparkListener() {
              @Override
              public void onTaskEnd(SparkListenerTaskEnd task) {
                trainings.addAndGet(task.taskInfo().duration());
              }
            };
        spark.sparkContext().addSparkListener(listener);
        double one = seconds(regression.setParallelism(1), rows);
        Thread.sleep(1000); // the listener hears of things a little later
        double inTasks = trainings.get() / 1e3;
        spark.sparkContext().removeSparkListener(listener);
        double two = seconds(regression.setParallelism(2), rows);
        System.out.printf(
            Locale.ROOT,
            "one worker %.1f s, of which %.1f s in tasks; two %.1f s: %.2f times the half; on two"
                + " quiet cores at best %.2f%n",
            one,
            inTasks,
            two,
            2 * two / one,
            (inTasks + 2 * (one - inTasks)) / one);
      }
    }
  }

  private static double seconds(MixtureRegression regression, Dataset<Row> rows) {
    long start = System.nanoTime();
    regression.fit(rows);
    return (System.nanoTime() - start) / 1e9;
  }
}
