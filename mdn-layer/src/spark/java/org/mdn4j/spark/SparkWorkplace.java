/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.mdn4j.regression.fit.Budget;
import org.mdn4j.regression.fit.FitData;
import org.mdn4j.regression.fit.Trained;
import org.mdn4j.regression.fit.TrainingTask;
import org.mdn4j.regression.fit.Workplace;
import org.mdn4j.regression.model.Setup;
import org.mdn4j.regression.model.StandardizedData;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs trainings on Spark's executors, each as a job of one task, so that what has ended is on the
 * driver, whatever becomes of the others. Spark repeats a task that was lost with its executor, and
 * a training depends on its order and its table only.
 *
 * <p>While one trial alone runs, on which the next ones depend, idle cores begin what comes next if
 * it turns out as it mostly does; otherwise that is cancelled. The outcome is the same.
 */
final class SparkWorkplace implements Workplace {
  private static final Logger LOG = LoggerFactory.getLogger(SparkWorkplace.class);

  /** Trainings of all fits of this driver that have been begun and not ended. */
  private static final AtomicInteger RUNNING = new AtomicInteger();

  private final JavaSparkContext spark;
  private final FitData data;
  private final Budget budget;
  private final int parallelism;
  private final IntFunction<StandardizedData> tables;
  private final String group = "mdn4j-fit-" + UUID.randomUUID();
  private final Map<Integer, Broadcast<Object[]>> sent = new ConcurrentHashMap<>();
  private final Map<TrainingTask, Future<Trained>> begun = new LinkedHashMap<>();
  private final ExecutorService drivers;
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
    this.drivers =
        parallelism == 0
            ? Executors.newCachedThreadPool(SparkWorkplace::daemon)
            : Executors.newFixedThreadPool(parallelism, SparkWorkplace::daemon);
  }

  @Override
  public List<Trained> run(List<TrainingTask> tasks) {
    return run(tasks, List.of());
  }

  @Override
  public List<Trained> run(List<TrainingTask> tasks, List<TrainingTask> likely) {
    List.copyOf(begun.keySet()).stream()
        .filter(task -> !tasks.contains(task) && !likely.contains(task))
        .forEach(this::cancel);
    int idle = idleCores();
    List<TrainingTask> next = tasks.stream().filter(task -> !begun.containsKey(task)).toList();
    next.stream().sorted(Comparator.comparingDouble(this::cost).reversed()).forEach(this::begin);
    likely.stream()
        .filter(task -> !begun.containsKey(task))
        .limit(Math.max(0, idle - next.size()))
        .forEach(this::begin);
    List<Trained> trained = Workplace.results(tasks.stream().map(begun::get).toList());
    tasks.forEach(begun::remove);
    return trained;
  }

  /**
   * Returns how many more trainings could run at once than do now, of this fit and of all; 0 where
   * Spark's default parallelism, which says how many cores there are, was set to something else.
   */
  private int idleCores() {
    if (spark.getConf().contains("spark.default.parallelism")) {
      return 0;
    }
    int idle = spark.defaultParallelism() - RUNNING.get();
    long own = begun.values().stream().filter(training -> !training.isDone()).count();
    return parallelism == 0 ? idle : Math.min(parallelism - (int) own, idle);
  }

  /** Returns about how long a training takes; those that take long are to begin first. */
  private double cost(TrainingTask task) {
    Setup setup = task.setup();
    int units = setup.units() == 0 ? data.options().hiddenUnits() : setup.units();
    double step = (double) units * (data.of(setup).encoding().outputs() + units);
    return task.from() == null ? step : step / 2;
  }

  private void begin(TrainingTask task) {
    begun.put(
        task,
        drivers.submit(
            () -> {
              RUNNING.incrementAndGet();
              boolean done = false;
              try {
                Trained trained = train(task);
                done = true;
                return trained;
              } finally {
                RUNNING.decrementAndGet();
                if (!done) { // this thread may have been interrupted while the job began
                  spark.sc().cancelJobGroup(group(task));
                }
              }
            }));
  }

  private void cancel(TrainingTask task) {
    begun.remove(task).cancel(true);
    spark.sc().cancelJobGroup(group(task));
  }

  private String group(TrainingTask task) {
    return "%s-%s-%s-%s".formatted(group, task.member(), task.setup(), task.choosing());
  }

  private Trained train(TrainingTask task) {
    spark.setJobGroup(
        group(task),
        "Mixture regression: %s member %s, %s"
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
    List.copyOf(begun.keySet()).forEach(this::cancel);
    drivers.shutdownNow();
    sent.values().forEach(table -> table.destroy(false));
  }
}
