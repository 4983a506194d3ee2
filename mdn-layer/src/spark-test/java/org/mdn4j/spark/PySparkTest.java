/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.regression.AtomSearch;
import org.mdn4j.regression.MixtureRegressor;
import org.mdn4j.regression.report.NoiseLevel;
import org.mdn4j.training.Trainer;

/**
 * The Python package with PySpark, submitted to a cluster as a user would: {@code
 * -Dmdn4j.pyspark=PATH}, where Python finds the packages {@code pyspark} and {@code py4j}, several
 * places divided as in {@code PYTHONPATH}.
 */
@Tag("cluster")
@EnabledIfSystemProperty(named = "mdn4j.pyspark", matches = ".+")
class PySparkTest {
  private static final TestData DATA = TestData.draw(640, 1);

  private static StandaloneCluster cluster;
  private final SparkSession spark = LocalSpark.session();

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    cluster = new StandaloneCluster(Files.createDirectory(folder.resolve("spark")), 2);
  }

  @AfterAll
  static void stop() {
    cluster.close();
    LocalSpark.session().stop();
  }

  private static String submit(Path program, Object... arguments) throws Exception {
    String path = System.getProperty("mdn4j.pyspark");
    List<Object> all =
        new ArrayList<>(
            List.of(
                "--conf",
                "spark.executorEnv.OMP_NUM_THREADS=1",
                "--conf",
                "spark.executorEnv.PYTHONPATH=" + path, // PySpark's own reading of files
                "--conf",
                "spark.sql.shuffle.partitions=4",
                "--jars",
                ClusterTest.jars(),
                "--py-files",
                System.getProperty("org.mdn4j.spark.jar"),
                program));
    all.addAll(List.of(arguments));
    return cluster.submit(Map.of("PYTHONPATH", path), all.toArray());
  }

  @Test
  void fitsSavesAndLoadsAsJavaDoes(@TempDir Path folder) throws Exception {
    Dataset<Row> rows = DATA.dataset(spark, 1);
    rows.write().parquet(at(folder, "rows.parquet"));
    MixtureRegression estimator = other();
    MixtureRegressionEvaluator evaluator =
        new MixtureRegressionEvaluator()
            .setMetricName("crps")
            .setOutputCol("score")
            .setWeightCol("w");
    MixtureRegressionModel model =
        TestData.quickOnSpark().setOutputs(Output.quantiles(0.05, 0.95)).fit(rows);
    PipelineModel pipeline =
        new Pipeline()
            .setStages(
                new PipelineStage[] {TestData.quickOnSpark().setOutputs(Output.interval(0.9))})
            .fit(rows);
    estimator.save(at(folder, "java-estimator"));
    evaluator.save(at(folder, "java-evaluator"));
    model.save(at(folder, "java-model"));
    pipeline.save(at(folder, "java-pipeline"));
    pipeline.transform(rows).write().parquet(at(folder, "java-pipeline.parquet"));

    String log = submit(Path.of("src/spark-test/python/pyspark_test.py"), folder.toUri());
    assertTrue(Pattern.compile("Ran \\d+ tests in").matcher(log).find(), log);

    MixtureRegressor expected = TestData.quick().build().fit(DATA.features(), DATA.labels());
    MixtureRegressionModel fromPython = MixtureRegressionModel.load(at(folder, "python-model"));
    TestData.assertSameModel(expected, fromPython);
    assertSameParams(model, fromPython);
    TestData.assertSameModel(
        TestData.quick().hiddenUnits(7).build().fit(DATA.features(), DATA.labels()),
        MixtureRegressionModel.load(at(folder, "python-seven")));
    assertSameParams(estimator, MixtureRegression.load(at(folder, "python-estimator")));
    assertSameParams(evaluator, MixtureRegressionEvaluator.load(at(folder, "python-evaluator")));
    List<Row> scored =
        spark.read().parquet(at(folder, "python-pipeline.parquet")).orderBy("id").collectAsList();
    Dataset<Row> table =
        spark
            .read()
            .parquet(at(folder, "python-pipeline.parquet"))
            .select("id", "x", "town", "label");
    assertEquals(
        scored.toString(),
        PipelineModel.load(at(folder, "python-pipeline"))
            .transform(table)
            .orderBy("id")
            .collectAsList()
            .toString());
    CrossValidatorModel chosen = CrossValidatorModel.load(at(folder, "python-chosen"));
    assertEquals(2, chosen.avgMetrics().length);
    assertEquals(600, chosen.transform(table).count());
  }

  /** The values that the Python test has as OTHER. */
  private static MixtureRegression other() {
    return new MixtureRegression()
        .setAtoms(AtomSearch.NONE)
        .setAveraging(2)
        .setBins(0, 2)
        .setBounded(false)
        .setBudget(java.time.Duration.ofMinutes(1))
        .setCalibrationRows(50)
        .setCensorCol("flag")
        .setCensored(true)
        .setComponents(7)
        .setConformalFraction(0.25)
        .setContaminated(false)
        .setCovariance(Covariance.FULL)
        .setEnsemble(3)
        .setFamily(ComponentFamily.LAPLACE)
        .setFeaturesCol("f")
        .setGradientClipping(1.5)
        .setGroupsCol("g")
        .setHiddenUnits(9)
        .setLabelCol("l")
        .setLabelCols("l", "m")
        .setLearningRate(0.01)
        .setMaxEpochs(5)
        .setMaxTableBytes(1L << 40)
        .setMinibatch(32)
        .setMostValidationRows(99)
        .setNoise(new NoiseLevel(0.1, 0.2))
        .setOutputs(Output.pit(), Output.region(0.5).as("likely"))
        .setParallelism(2)
        .setPatience(3)
        .setPredictionCol("")
        .setRefit(false)
        .setRoundSteps(4)
        .setScaleFloor(0.01)
        .setSeed(1L << 40)
        .setStartFromData(false)
        .setStrongerDecay(0.5)
        .setTrainer(Trainer.DL4J)
        .setValidationFraction(0.3)
        .setWeightCol("w")
        .setWeightDecay(0.02)
        .setWiderUnits(11);
  }

  private static void assertSameParams(Params expected, Params actual) {
    for (Param<?> param : expected.params()) {
      assertEquals(text(expected, param.name()), text(actual, param.name()), param.name());
    }
  }

  private static String text(Params stage, String name) {
    Param<Object> param = stage.getParam(name);
    return param.jsonEncode(stage.getOrDefault(param));
  }

  private static String at(Path folder, String name) {
    return folder.resolve(name).toUri().toString();
  }

  @Test
  void theGuidesProgramRuns(@TempDir Path folder) throws Exception {
    Path csv = Files.writeString(folder.resolve("houses.csv"), GuideTest.houses());
    Path program = Files.writeString(folder.resolve("houses.py"), GuideTest.python());
    String log = submit(program, csv.toUri(), at(folder, "model"));
    assertTrue(Pattern.compile("NLL -?\\d+\\.\\d{3}").matcher(log).find(), log);
    assertTrue(Pattern.compile("\\|town\\| *area\\| *price\\| *low\\|").matcher(log).find(), log);
    assertEquals(4, PipelineModel.load(at(folder, "model")).stages().length);
  }
}
