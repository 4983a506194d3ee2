/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.regression.MixtureRegressor;
import org.mdn4j.regression.report.NoiseLevel;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.ViewIterator;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Measures the rows that are scored per second of the processor: {@code -Dmdn4j.spark.measure}, and
 * {@code -Dtest.jvm=-Xmx3g}, since the tests' own options do without the second compiler, which
 * executors have.
 */
@EnabledIfSystemProperty(named = "mdn4j.spark.measure", matches = ".*")
class MeasuresTest {
  private static final int FEATURES = 20;
  private static final int MINIBATCH = 1024;
  private static final int ROUNDS = Integer.getInteger("mdn4j.spark.rounds", 10);
  private static final int CORES = Integer.getInteger("mdn4j.spark.cores", 1);

  private final SparkSession spark =
      SparkSession.builder().master("local[" + CORES + "]").appName("mdn4j").getOrCreate();

  @Test
  void transformAgainstStreaming() {
    int rows = 1000 * MINIBATCH; // so many that what a query takes to begin matters little
    Dataset<Row> table = table(rows, 4).persist(StorageLevel.MEMORY_ONLY());
    table.count();
    for (int bins : new int[] {0, 16}) {
      MixtureRegressionModel model =
          new MixtureRegression()
              .setBins(bins)
              .setNoise(NoiseLevel.NONE)
              .setMaxEpochs(2)
              .fit(table.limit(5000));
      MixtureRegressor regressor = model.regressor();
      double[][] features =
          table.select("features").collectAsList().stream()
              .map(row -> row.<Vector>getAs(0).toArray())
              .toArray(double[][]::new);
      DataSet all = new DataSet(Nd4j.createFromArray(features), Nd4j.zeros(features.length, 1));
      for (boolean quantiles : new boolean[] {false, true}) {
        if (quantiles) {
          model.setOutputs(Output.quantiles(0.05, 0.5, 0.95));
        } else {
          model.setOutputs();
        }
        double[] ratios = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
          double streaming =
              seconds(
                  () ->
                      regressor.predict(
                          new ViewIterator(all, MINIBATCH),
                          (minibatch, predicted) -> ask(predicted, quantiles)));
          double read = seconds(() -> write(table));
          double rowsMade =
              seconds(
                  () ->
                      write(
                          table.mapPartitions(
                              (MapPartitionsFunction<Row, Row>) same -> same,
                              Encoders.row(table.schema()))));
          double transform = seconds(() -> write(model.transform(table)));
          System.out.printf(
              Locale.ROOT,
              "bins %d, %s: streaming %.0f rows/s of a core, transform %.0f, ratio %.2f (reading"
                  + " alone %.0f, and making rows %.0f)%n",
              bins,
              quantiles ? "mean and 3 quantiles" : "mean",
              rows / streaming,
              rows / transform,
              streaming / transform,
              rows / read,
              rows / rowsMade);
          ratios[round] = streaming / transform;
        }
        double[] warm = Arrays.copyOfRange(ratios, ROUNDS / 2, ROUNDS);
        Arrays.sort(warm);
        System.out.printf(
            Locale.ROOT,
            "bins %d, %s, %d cores: median ratio of the later rounds %.2f%n",
            bins,
            quantiles ? "mean and 3 quantiles" : "mean",
            CORES,
            warm[warm.length / 2]);
      }
    }
  }

  /** Many rows in little memory; how many says the property {@code mdn4j.spark.rows}. */
  @Test
  void largeTable() throws IOException {
    long rows = Long.getLong("mdn4j.spark.rows", 1_000_000);
    MixtureRegressionModel model =
        new MixtureRegression()
            .setBins(16)
            .setNoise(NoiseLevel.NONE)
            .setMaxEpochs(2)
            .setOutputs(Output.quantiles(0.05, 0.5, 0.95))
            .fit(table(5000, 1));
    long start = System.nanoTime();
    double seconds = seconds(() -> write(model.transform(table(rows, 20))));
    System.out.printf(
        Locale.ROOT,
        "%d rows: %.0f s, %.0f of the processor, %.0f rows/s of a core; heap at most %d MiB, %s%n",
        rows,
        (System.nanoTime() - start) / 1e9,
        seconds,
        rows / seconds,
        Runtime.getRuntime().maxMemory() >> 20,
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmHWM"))
            .findFirst()
            .orElse(""));
  }

  private static void ask(MixtureBatch predicted, boolean quantiles) {
    predicted.mean();
    if (quantiles) {
      predicted.quantile(0.05, 0.5, 0.95);
    }
  }

  private static void write(Dataset<Row> rows) {
    rows.write().format("noop").mode("overwrite").save();
  }

  /** Returns the seconds of the processor that some work takes. */
  private static double seconds(Runnable work) {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long start = system.getProcessCpuTime();
    work.run();
    return (system.getProcessCpuTime() - start) / 1e9;
  }

  private Dataset<Row> table(long rows, int partitions) {
    String[] names = IntStream.range(0, FEATURES).mapToObj(c -> "x" + c).toArray(String[]::new);
    String[] columns =
        IntStream.range(0, FEATURES)
            .mapToObj(c -> "pmod(hash(id, %d), 10007) / 10007.0D as x%d".formatted(c, c))
            .toArray(String[]::new);
    return new VectorAssembler()
        .setInputCols(names)
        .setOutputCol("features")
        .transform(spark.range(0, rows, 1, partitions).selectExpr(columns))
        .selectExpr("features", "x0 + x1 * x2 as label");
  }
}
