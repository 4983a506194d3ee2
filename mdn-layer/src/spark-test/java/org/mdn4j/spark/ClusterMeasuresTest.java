/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.spark.executor.TaskMetrics;
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
 * Measures an ensemble of 8 one network at a time and two on two workers: {@code
 * -Dmdn4j.spark.measure}. On two cores that do nothing else, what is measured is what counts. On
 * others it says what they would come to: work is the processor's time in tasks; U is the share of
 * the time that workers are in tasks. With one worker's time C₁/U₁ and two workers' C₂/(2 U₂) the
 * ratio to the half is (C₂/C₁)(U₁/U₂).
 */
@Tag("cluster")
@EnabledIfSystemProperty(named = "mdn4j.spark.measure", matches = ".*")
class ClusterMeasuresTest {
  private static final int ROUNDS = Integer.getInteger("mdn4j.spark.rounds", 2);

  /**
   * A fit.
   *
   * @param seconds of the clock
   * @param inTasks seconds of the clock in tasks
   * @param work seconds of the processor in tasks
   * @param tasks how many
   */
  private record Measure(double seconds, double inTasks, double work, int tasks) {}

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
      measure(
          "one setup, 150 epochs each",
          spark,
          16000,
          new MixtureRegression()
              .setNoise(NoiseLevel.NONE)
              .setBins(16)
              .setMaxEpochs(150)
              .setPatience(150));
      measure("default options", spark, 4000, new MixtureRegression());
    }
  }

  private static void measure(
      String name, SparkSession spark, int rows, MixtureRegression regression) throws Exception {
    Dataset<Row> table = TestData.draw(rows, 1).dataset(spark, 2).cache();
    regression.setEnsemble(8);
    regression.fit(table); // once to start, and to compile
    for (int round = 0; round < ROUNDS; round++) {
      Measure one = measure(spark, regression.setParallelism(1), table);
      Measure two = measure(spark, regression.setParallelism(2), table);
      double share1 = one.inTasks() / one.seconds();
      double share2 = two.inTasks() / (2 * two.seconds());
      System.out.printf(
          Locale.ROOT,
          "%s: one worker %.1f s, two %.1f s: %.2f times the half. Work %.1f s in %d tasks, %.1f s"
              + " in %d; workers are in tasks %.1f %% and %.1f %% of the time: on two quiet cores"
              + " %.2f%n",
          name,
          one.seconds(),
          two.seconds(),
          2 * two.seconds() / one.seconds(),
          one.work(),
          one.tasks(),
          two.work(),
          two.tasks(),
          100 * share1,
          100 * share2,
          two.work() / one.work() * share1 / share2);
    }
  }

  private static Measure measure(
      SparkSession spark, MixtureRegression regression, Dataset<Row> rows) throws Exception {
    Tasks tasks = new Tasks();
    spark.sparkContext().addSparkListener(tasks);
    long start = System.nanoTime();
    regression.fit(rows);
    double seconds = (System.nanoTime() - start) / 1e9;
    Thread.sleep(1000); // the listener hears of things a little later
    spark.sparkContext().removeSparkListener(tasks);
    synchronized (tasks) {
      return new Measure(seconds, tasks.milliseconds / 1e3, tasks.nanoseconds / 1e9, tasks.count);
    }
  }

  private static final class Tasks extends SparkListener {
    private long milliseconds;
    private long nanoseconds;
    private int count;

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd task) {
      TaskMetrics metrics = task.taskMetrics();
      milliseconds += task.taskInfo().duration();
      nanoseconds += metrics == null ? 0 : metrics.executorCpuTime();
      count++;
    }
  }
}
