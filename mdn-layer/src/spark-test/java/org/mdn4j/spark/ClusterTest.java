/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.apache.spark.Success$;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.OneHotEncoder;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mdn4j.regression.MixtureRegressor;
import org.mdn4j.regression.MixtureRegressorBuilder;
import org.mdn4j.regression.report.NoiseLevel;

/**
 * On a cluster of a master and two workers of one core, all processes of their own, which are
 * handed the jars; with Kryo, where the other tests have Java's serialisation.
 */
@Tag("cluster")
class ClusterTest {
  private static final TestData DATA = TestData.draw(640, 1);

  private static StandaloneCluster cluster;
  private static SparkSession spark;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    cluster = new StandaloneCluster(Files.createDirectory(folder.resolve("spark")), 2);
    spark =
        SparkSession.builder()
            .master(cluster.master())
            .appName("mdn4j")
            .config("spark.jars", jars())
            .config("spark.executorEnv.OMP_NUM_THREADS", "1")
            .config("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
            .getOrCreate();
  }

  @AfterAll
  static void stop() {
    spark.stop();
    cluster.close();
  }

  /** Returns what a cluster is handed. */
  static String jars() throws IOException {
    try (Stream<Path> jars = Files.list(Path.of(System.getProperty("org.mdn4j.jars")))) {
      return Stream.concat(
              jars.map(Path::toString),
              Stream.of(
                  System.getProperty("org.mdn4j.jar"), System.getProperty("org.mdn4j.spark.jar")))
          .collect(Collectors.joining(","));
    }
  }

  @Test
  void fitsAndTransformsAsTheRegressorBitForBit(@TempDir Path folder) throws IOException {
    MixtureRegressor expected =
        TestData.quick().ensemble(3).build().fit(DATA.features(), DATA.labels(), DATA.weights());
    MixtureRegressionModel model =
        TestData.quickOnSpark()
            .setEnsemble(3)
            .setWeightCol("weight")
            .setOutputs(Output.quantiles(0.1, 0.9))
            .fit(DATA.dataset(spark, 5));
    TestData.assertSameModel(expected, model);
    String path = folder.resolve("model").toUri().toString();
    model.save(path);
    List<Row> rows =
        MixtureRegressionModel.load(path).transform(DATA.dataset(spark, 7)).collectAsList();
    double[][] quantiles = expected.predict(DATA.features()).quantile(0.1, 0.9).toDoubleMatrix();
    for (int n = 0; n < rows.size(); n++) {
      assertArrayEquals(
          quantiles[n],
          rows.get(n).<Double>getList(6).stream().mapToDouble(x -> x).toArray(),
          "row " + n);
    }
    DATA.dataset(spark, 3).createOrReplaceTempView("houses");
    model.setPredictionCol("").register(spark, "price_range");
    Row one = spark.sql("select price_range(features) as q from houses where id = 7").head();
    assertArrayEquals(
        expected
            .predict(new double[][] {DATA.features()[7]})
            .quantile(0.1, 0.9)
            .toDoubleMatrix()[0],
        one.<Double>getList(0).stream().mapToDouble(x -> x).toArray(),
        "a function of SQL");
  }

  @Test
  void aPipelineIsCrossValidatedSavedAndLoaded(@TempDir Path folder) throws IOException {
    Dataset<Row> table = table(3000, 3);
    MixtureRegression regression =
        TestData.quickOnSpark()
            .setBins(0)
            .setNoise(NoiseLevel.NONE)
            .setOutputs(Output.logDensity(), Output.region(0.9));
    Pipeline pipeline =
        new Pipeline()
            .setStages(
                new PipelineStage[] {
                  new StringIndexer().setInputCol("town").setOutputCol("townIndex"),
                  new OneHotEncoder().setInputCol("townIndex").setOutputCol("townVector"),
                  new VectorAssembler()
                      .setInputCols(new String[] {"x", "noise", "townVector"})
                      .setOutputCol("features"),
                  regression
                });
    CrossValidatorModel chosen =
        new CrossValidator()
            .setEstimator(pipeline)
            .setEvaluator(new MixtureRegressionEvaluator())
            .setEstimatorParamMaps(
                new ParamGridBuilder().addGrid(regression.components(), new int[] {1, 3}).build())
            .setNumFolds(2)
            .setParallelism(2)
            .fit(table);
    assertTrue(chosen.avgMetrics()[1] < chosen.avgMetrics()[0] - 0.2, "two branches");
    String path = folder.resolve("chosen").toUri().toString();
    chosen.save(path);
    assertEquals(
        chosen.transform(table).limit(50).collectAsList().toString(),
        CrossValidatorModel.load(path).transform(table).limit(50).collectAsList().toString());
    PipelineModel best = (PipelineModel) chosen.bestModel();
    assertEquals(5, ((MixtureRegressionModel) best.stages()[3]).numFeatures() + 1);
  }

  /** A training that is lost is done again, the same; those that have ended are not. */
  @Test
  void anExecutorKilledDuringAFitChangesNothing() throws Exception {
    int members = 6;
    MixtureRegressor expected = slow(members).build().fit(DATA.features(), DATA.labels());
    Watch watch = new Watch("Mixture regression: training");
    spark.sparkContext().addSparkListener(watch);
    watch.killAfter(2);
    MixtureRegressionModel model =
        TestData.quickOnSpark()
            .setBins(0)
            .setNoise(NoiseLevel.NONE)
            .setMaxEpochs(400)
            .setPatience(400)
            .setEnsemble(members)
            .fit(DATA.dataset(spark, 2));
    TestData.assertSameModel(expected, model);
    watch.await(() -> watch.ended.get() >= members);
    spark.sparkContext().removeSparkListener(watch);
    assertTrue(watch.killed.get() == 1 && watch.failed.get() >= 1, watch::toString);
    assertEquals(members, watch.ended.get(), "no member that had ended is trained again");
  }

  private static MixtureRegressorBuilder slow(int members) {
    return TestData.quick()
        .bins(0)
        .noise(NoiseLevel.NONE)
        .maxEpochs(400)
        .patience(400)
        .ensemble(members);
  }

  @Test
  void anExecutorKilledDuringATransformChangesNothing() throws Exception {
    MixtureRegressionModel model =
        TestData.quickOnSpark()
            .setEnsemble(2)
            .setOutputs(Output.region(0.9))
            .fit(DATA.dataset(spark, 2));
    Dataset<Row> rows = assembled(table(120_000, 24));
    Dataset<Row> predicted =
        model
            .setPredictionCol("mean")
            .transform(rows.drop("town"))
            .selectExpr("id", "hash(mean, region) as h");
    Watch watch = new Watch(null);
    spark.sparkContext().addSparkListener(watch);
    watch.killAfter(3);
    List<Row> withKill = predicted.collectAsList();
    watch.await(() -> watch.ended.get() >= 24);
    spark.sparkContext().removeSparkListener(watch);
    assertTrue(watch.killed.get() == 1 && watch.failed.get() >= 1, watch::toString);
    assertEquals(120_000, withKill.size());
    assertEquals(predicted.collectAsList(), withKill);
  }

  @Test
  void aCorruptRowIsNamed() {
    MixtureRegressionModel model = TestData.quickOnSpark().fit(DATA.dataset(spark, 2));
    Dataset<Row> rows =
        assembled(
            table(4000, 2)
                .withColumn("noise", functions.expr("if(id = 2500, double('NaN'), noise)")));
    Exception inTransform =
        assertThrows(Exception.class, () -> model.transform(rows).collectAsList());
    String message = "Expected finite features in column 'features', got NaN at index 1 of";
    assertTrue(inTransform.getMessage().contains(message), inTransform::getMessage);
    assertTrue(
        inTransform.getMessage().contains("in row 500 of partition 1"), inTransform::getMessage);
    Exception inFit =
        assertThrows(IllegalArgumentException.class, () -> TestData.quickOnSpark().fit(rows));
    assertTrue(inFit.getMessage().contains("in row 500 of partition 1"), inFit::getMessage);
  }

  /** Python finds a package in a zip only below folders that are entries of it. */
  @Test
  void thePackageForPythonIsInTheJar(@TempDir Path folder) throws Exception {
    String jar = System.getProperty("org.mdn4j.spark.jar");
    try (ZipFile zip = new ZipFile(jar)) {
      for (String entry : List.of("org/", "org/mdn4j/", "org/mdn4j/spark/")) {
        assertTrue(zip.getEntry(entry) != null, entry);
      }
    }
    Path other = Files.createDirectories(folder.resolve("org/other"));
    Files.writeString(other.resolve("__init__.py"), "VALUE = 5");
    ProcessBuilder python =
        new ProcessBuilder(
                "python3",
                "-c",
                "from org.other import VALUE; import importlib.util as u; print(VALUE,"
                    + " u.find_spec('org.mdn4j.spark').origin)")
            .redirectErrorStream(true);
    python.environment().put("PYTHONPATH", folder + ":" + jar);
    Process process;
    try {
      process = python.start();
    } catch (IOException e) {
      assumeTrue(false, "there is no Python");
      return;
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals("5 " + jar + "/org/mdn4j/spark/__init__.py", said.strip());
  }

  /** Two branches as TestData has them, and a town. */
  private static Dataset<Row> table(int rows, int partitions) {
    return spark
        .range(0, rows, 1, partitions)
        .selectExpr(
            "id",
            "1 + 2 * pmod(id * 7919, 10007) / 10007.0D as x",
            "pmod(id * 104729, 1009) / 1009.0D as noise",
            "element_at(array('Oslo', 'Rome', 'Bonn'), cast(pmod(id, 3) as int) + 1) as town")
        .selectExpr(
            "*",
            "x * if(pmod(hash(id), 2) = 0, 1, -1) + 0.2 * pmod(hash(x), 100) / 50.0D as label");
  }

  private static Dataset<Row> assembled(Dataset<Row> table) {
    return new VectorAssembler()
        .setInputCols(new String[] {"x", "noise", "x"})
        .setOutputCol("features")
        .setHandleInvalid("keep")
        .transform(table);
  }

  /** Counts the tasks of some stages, and kills an executor in the middle. */
  private static final class Watch extends SparkListener {
    private final String description; // of the jobs; null for all
    private final Set<Integer> stages = ConcurrentHashMap.newKeySet();
    private final AtomicInteger ended = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicInteger killed = new AtomicInteger();
    private volatile int killAfter;

    Watch(String description) {
      this.description = description;
    }

    void killAfter(int tasks) {
      killAfter = tasks;
    }

    @Override
    public void onStageSubmitted(SparkListenerStageSubmitted stage) {
      Properties properties = stage.properties();
      String found = properties.getProperty("spark.job.description", "");
      if (description == null || found.startsWith(description)) {
        stages.add(stage.stageInfo().stageId());
      }
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd task) {
      if (!stages.contains(task.stageId())) {
        return;
      }
      if (task.reason() != Success$.MODULE$) {
        failed.incrementAndGet();
      } else if (ended.incrementAndGet() == killAfter) {
        // -9, of one that is at work: both are.
        killed.addAndGet(cluster.executors().get(0).destroyForcibly() ? 1 : 0);
      }
    }

    /** The listener hears of things a little later. */
    void await(BooleanSupplier condition) throws InterruptedException {
      for (int i = 0; i < 600 && !condition.getAsBoolean(); i++) {
        Thread.sleep(100);
      }
    }

    @Override
    public String toString() {
      return "%s ended, %s failed, %s killed".formatted(ended, failed, killed);
    }
  }
}
