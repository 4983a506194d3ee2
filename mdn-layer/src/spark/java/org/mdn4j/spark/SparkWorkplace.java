/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.mdn4j.regression.fit.Budget;
import org.mdn4j.regression.fit.FitData;
import org.mdn4j.regression.fit.Trained;
import org.mdn4j.regression.fit.TrainingTask;
import org.mdn4j.regression.fit.Workplace;
import org.mdn4j.regression.model.StandardizedData;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs trainings on Spark's executors, each as a job of one task, so that what has ended is on the
 * driver, whatever becomes of the others. Spark repeats a task that was lost with its executor, and
 * a training depends on its order and its table only.
 */
final class SparkWorkplace implements Workplace {
  private static final Logger LOG = LoggerFactory.getLogger(SparkWorkplace.class);

  private final JavaSparkContext spark;
  private final FitData data;
  private final Budget budget;
  private final int parallelism;
  private final IntFunction<StandardizedData> tables;
  private final String group = "mdn4j-fit-" + UUID.randomUUID();
  private final Map<Integer, Broadcast<Object[]>> sent = new ConcurrentHashMap<>();
  private final boolean shared;

  /**
   * Creates a place.
   *
   * @param budget that trainings end with
   * @param parallelism how many trainings may run at a time; 0 for as many as there are
   * @param tables the table of each member from the second on, features not encoded; null where all
   *     train on the first one's
   */
  SparkWorkplace(
      JavaSparkContext spark,
      FitData data,
      Budget budget,
      int parallelism,
      IntFunction<StandardizedData> tables) {
    this.spark = spark;
    this.data = data;
    this.budget = budget;
    this.parallelism = parallelism;
    this.tables = tables;
    this.shared = tables == null;
  }

  @Override
  public List<Trained> run(List<TrainingTask> tasks) {
    int threads = parallelism == 0 ? tasks.size() : Math.min(parallelism, tasks.size());
    ExecutorService drivers = Executors.newFixedThreadPool(threads, SparkWorkplace::daemon);
    try {
      return Workplace.results(
          tasks.stream().map(task -> drivers.submit(() -> run(task))).toList());
    } finally {
      drivers.shutdownNow();
    }
  }

  private Trained run(TrainingTask task) {
    spark.setJobGroup(
        group,
        "Mixture regression: %s member %d, %s"
            .formatted(task.choosing() ? "trial of" : "training of", task.member(), task.setup()),
        false);
    TrainingCall.Order order =
        new TrainingCall.Order(
            data.options(),
            data.targets().logJacobian(),
            data.data().continuous(),
            data.data().targets(),
            data.of(task.setup()).encoding(),
            data.data().atoms(),
            data.data().columnsPerTarget(),
            task,
            budget.secondsLeft(),
            System.currentTimeMillis());
    byte[] result =
        spark
            .parallelize(List.of(Bytes.of(order)), 1)
            .map(new TrainingCall(table(task.member())))
            .collect()
            .get(0);
    TrainingCall.Report report = (TrainingCall.Report) Bytes.toObject(result);
    if (report.problem() != null) {
      throw report.problem();
    }
    Trained trained = report.trained();
    LOG.info(
        "Member {}, {}{}: validation NLL {} after {} epochs, {} s",
        task.member(),
        task.setup(),
        task.choosing() ? " on trial" : "",
        String.format(Locale.ROOT, "%.4f", trained.bestNll()),
        trained.state().curve().size(),
        String.format(Locale.ROOT, "%.1f", trained.seconds()));
    return trained;
  }

  private synchronized Broadcast<Object[]> table(int member) {
    return sent.computeIfAbsent(
        shared ? 0 : member,
        number ->
            spark.broadcast(TrainingCall.table(number == 0 ? data.data() : tables.apply(number))));
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "mixture-regression");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void close() {
    spark.sc().cancelJobGroup(group);
    sent.values().forEach(table -> table.destroy(false));
  }
}
