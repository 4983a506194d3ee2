/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.Param;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.regression.AtomSearch;
import org.mdn4j.regression.MixtureRegressor;
import org.mdn4j.regression.fit.FitSettings;
import org.mdn4j.regression.fit.TableFit;
import org.mdn4j.regression.model.RegressorOptions;
import org.mdn4j.regression.model.Split;
import org.mdn4j.regression.model.StandardizedData;
import org.mdn4j.regression.report.NoiseLevel;
import org.mdn4j.training.Trainer;

/** The estimator in local mode, on two threads. */
class MixtureRegressionTest {
  private static final TestData DATA = TestData.draw(400, 1);

  private final SparkSession spark = LocalSpark.session();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void givesTheModelOfTheRegressorBitForBitWhateverThePartitions(int partitions)
      throws IOException {
    MixtureRegressor expected =
        TestData.quick().ensemble(3).seed(5).build().fit(DATA.features(), DATA.labels());
    MixtureRegressionModel actual =
        TestData.quickOnSpark().setEnsemble(3).setSeed(5).fit(DATA.dataset(spark, partitions));
    TestData.assertSameModel(expected, actual);
    assertNotEquals(1, actual.regressor().scaleTemperature(), "calibrated");
  }

  @Test
  void aKeyMakesTheOrderOfShuffledRowsWellDefined() throws IOException {
    MixtureRegressor expected =
        TestData.quick().build().fit(DATA.features(), DATA.labels(), DATA.weights());
    MixtureRegression regression = TestData.quickOnSpark().setWeightCol("weight");
    Dataset<Row> rows = DATA.dataset(spark, 3);
    for (Dataset<Row> same :
        List.of(
            rows.coalesce(1),
            rows.coalesce(2),
            rows.orderBy(functions.rand(3)).repartition(5).orderBy("id"),
            rows.repartitionByRange(4, functions.col("id")).sortWithinPartitions("id"))) {
      TestData.assertSameModel(expected, regression.fit(same));
    }
  }

  @Test
  void ofSeveralLabelsWithEveryOption() throws IOException {
    MultiLayerConfiguration trunk =
        new NeuralNetConfiguration.Builder()
            .list()
            .layer(new DenseLayer.Builder().nOut(8).build())
            .validateOutputLayerConfig(false)
            .build();
    MixtureRegressor expected =
        MixtureRegressor.builder()
            .components(2)
            .covariance(Covariance.FULL)
            .family(ComponentFamily.GAUSSIAN)
            .scaleFloor(0.01)
            .bounded(false)
            .ensemble(2)
            .noise(new NoiseLevel(0.01, 0.02))
            .bins(3)
            .startFromData(false)
            .learningRate(0.01)
            .weightDecay(0.02)
            .strongerDecay(0.4)
            .conformalFraction(0.1)
            .atoms(AtomSearch.NONE)
            .gradientClipping(3)
            .averaging(2)
            .patience(3)
            .maxEpochs(5)
            .roundSteps(4)
            .minibatch(50)
            .validationFraction(0.3)
            .mostValidationRows(90)
            .refit(false)
            .trunk(trunk)
            .seed(11)
            .trainer(Trainer.DL4J)
            .quiet()
            .build()
            .fit(DATA.features(), DATA.targets(), DATA.weights());
    MixtureRegression regression =
        new MixtureRegression()
            .setLabelCols("label", "second")
            .setWeightCol("weight")
            .setComponents(2)
            .setCovariance(Covariance.FULL)
            .setFamily(ComponentFamily.GAUSSIAN)
            .setScaleFloor(0.01)
            .setBounded(false)
            .setEnsemble(2)
            .setNoise(new NoiseLevel(0.01, 0.02))
            .setBins(3)
            .setStartFromData(false)
            .setLearningRate(0.01)
            .setWeightDecay(0.02)
            .setStrongerDecay(0.4)
            .setConformalFraction(0.1)
            .setAtoms(AtomSearch.NONE)
            .setGradientClipping(3)
            .setAveraging(2)
            .setPatience(3)
            .setMaxEpochs(5)
            .setRoundSteps(4)
            .setMinibatch(50)
            .setValidationFraction(0.3)
            .setMostValidationRows(90)
            .setRefit(false)
            .setTrunk(trunk)
            .setSeed(11)
            .setTrainer(Trainer.DL4J)
            .setParallelism(1);
    TestData.assertSameModel(expected, regression.fit(DATA.dataset(spark, 3)));
  }

  @Test
  void hiddenUnitsThatAreSetAreTheOnlyOnes() throws IOException {
    MixtureRegressor expected =
        TestData.quick().hiddenUnits(7).build().fit(DATA.features(), DATA.labels());
    MixtureRegression regression = TestData.quickOnSpark();
    regression.clear(regression.widerUnits());
    TestData.assertSameModel(expected, regression.setHiddenUnits(7).fit(DATA.dataset(spark, 2)));
  }

  /** While one trial alone runs, another core begins what is likely next; the model is the same. */
  @Test
  void idleCoresBeginWhatIsLikelyNext() throws Exception {
    MixtureRegressor expected =
        TestData.quick().ensemble(3).build().fit(DATA.features(), DATA.labels());
    Jobs oneAtATime = new Jobs();
    Jobs two = new Jobs();
    MixtureRegression regression = TestData.quickOnSpark().setEnsemble(3);
    Dataset<Row> rows = DATA.dataset(spark, 2);
    TestData.assertSameModel(
        expected, oneAtATime.during(spark, () -> regression.setParallelism(1).fit(rows)));
    TestData.assertSameModel(
        expected, two.during(spark, () -> regression.setParallelism(2).fit(rows)));
    assertEquals(1, oneAtATime.most, "one at a time");
    assertFalse(oneAtATime.besideWiderTrial, "one at a time");
    assertTrue(two.besideWiderTrial, "another one beside the trial on which members depend");
    assertEquals(2, two.most, "no more than there are cores");
  }

  /** Counts the trainings that run. */
  private static final class Jobs extends SparkListener {
    private final Map<Integer, String> running = new HashMap<>();
    private int most;
    private boolean besideWiderTrial;

    MixtureRegressionModel during(SparkSession spark, Supplier<MixtureRegressionModel> fit)
        throws TimeoutException {
      spark.sparkContext().addSparkListener(this);
      MixtureRegressionModel model = fit.get();
      spark.sparkContext().listenerBus().waitUntilEmpty(60_000);
      spark.sparkContext().removeSparkListener(this);
      return model;
    }

    @Override
    public void onJobStart(SparkListenerJobStart job) {
      String description = job.properties().getProperty("spark.job.description", "");
      if (description.startsWith("Mixture regression")) {
        running.put(job.jobId(), description);
        most = Math.max(most, running.size());
        besideWiderTrial |=
            running.size() > 1
                && running.values().stream()
                    .anyMatch(text -> text.contains("trial") && text.contains("hidden units"));
      }
    }

    @Override
    public void onJobEnd(SparkListenerJobEnd job) {
      running.remove(job.jobId());
    }
  }

  /** Of a table that is too large each member sees its own rows, whatever the partitions. */
  @Test
  void samplesRowsOfALargeTable() throws IOException {
    long bytes = 4L * 150 * 4; // 150 rows of 3 features and a label, as floats
    MixtureRegression regression = TestData.quickOnSpark().setMaxTableBytes(bytes + 5);
    DatasetRows rows = DatasetRows.of(DATA.dataset(spark, 3), columns(null));
    PackedTable first = new MemberSamples(rows, 1, 150).first();
    assertEquals(150, first.rows());
    assertArrayEquals(
        LongStream.of(first.numbers()).distinct().sorted().toArray(), first.numbers());
    int[] chosen = LongStream.of(first.numbers()).mapToInt(Math::toIntExact).toArray();
    assertTrue(chosen[0] < 20 && chosen[149] >= 380, "from everywhere");
    TestData.assertSameModel(
        TestData.quick()
            .build()
            .fit(select(DATA.features(), chosen), select(DATA.labels(), chosen)),
        regression.fit(DATA.dataset(spark, 3)));

    PrintStream before = System.err;
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    MixtureRegressionModel ofThree;
    try {
      ofThree = regression.setEnsemble(3).fit(DATA.dataset(spark, 3));
    } finally {
      System.setErr(before);
    }
    assertTrue(
        log.toString(StandardCharsets.UTF_8)
            .contains(
                "400 rows of 4 numbers, 6400 bytes as floats, more than the 2405 of maxTableBytes:"
                    + " each member learns from 150 rows of its own"),
        log::toString);
    TestData.assertSameModel(ofThree.regressor(), regression.fit(DATA.dataset(spark, 1)));
    assertEquals(3, ofThree.report().members().size());
  }

  /** Members share the rows that calibrate, at the same places, and see no others of them. */
  @Test
  void samplesKeepCalibratingRowsOutOfTraining() {
    DatasetRows rows = DatasetRows.of(DATA.dataset(spark, 3), columns("weight"));
    MemberSamples samples = new MemberSamples(rows, 7, 150);
    for (double weight : samples.first().weights()) {
      assertTrue(weight > 0, "rows of weight 0 are left out");
    }
    List<StandardizedData> drawn = new ArrayList<>();
    List<int[]> calibrating = new ArrayList<>();
    TableFit.run(
        RegressorOptions.DEFAULT
            .with("maxEpochs", 1)
            .with("bins", List.of(0))
            .with("noise", List.of(NoiseLevel.NONE))
            .with("calibrationRows", 0)
            .with("refit", false),
        FitSettings.DEFAULT,
        samples.first().toFitTable(rows),
        (data, budget) -> {
          drawn.add(data.data());
          drawn.add(samples.of(1, data));
          drawn.add(samples.of(2, data));
          calibrating.add(Split.calibration(data.options(), data.data()));
          return new SparkWorkplace(
              new JavaSparkContext(spark.sparkContext()), data, budget, 0, null);
        });
    int[] shared = calibrating.get(0);
    assertEquals(15, shared.length);
    Set<Float> own = new HashSet<>();
    for (int row : shared) {
      own.add(drawn.get(0).labels()[row]);
      assertEquals(drawn.get(0).labels()[row], drawn.get(1).labels()[row]);
      assertEquals(drawn.get(0).labels()[row], drawn.get(2).labels()[row]);
    }
    for (int member = 1; member <= 2; member++) {
      float[] labels = drawn.get(member).labels();
      assertEquals(150, labels.length);
      assertEquals(15, IntStream.range(0, 150).filter(row -> own.contains(labels[row])).count());
      assertFalse(Arrays.equals(drawn.get(0).labels(), labels), "rows of its own");
    }
    assertFalse(Arrays.equals(drawn.get(1).labels(), drawn.get(2).labels()), "rows of its own");
  }

  private static DatasetRows.Columns columns(String weight) {
    return new DatasetRows.Columns(
        "features", new LabelColumns(List.of("label"), null, false, false), weight, null);
  }

  private static double[][] select(double[][] rows, int[] chosen) {
    return IntStream.of(chosen).mapToObj(row -> rows[row]).toArray(double[][]::new);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nullVector | Expected features in column 'features', got null in row 1 of partition 1",
        "nan | Expected finite features in column 'features', got NaN at index 1 of [1.0, NaN, 3.0] in row 1 of partition 1",
        "narrow | Expected 3 features in column 'features', got 2: [1.0, 2.0] in row 1 of partition 1",
        "nullLabel | Expected a finite number in column 'label', got null in row 1 of partition 1",
        "infiniteLabel | Expected a finite number in column 'label', got Infinity in row 1 of partition 1",
        "nullWeight | Expected a finite number in column 'weight', got null in row 1 of partition 1",
        "negativeWeight | Expected a weight of at least 0 in column 'weight', got -1.0 in row 1 of partition 1"
      })
  void namesACorruptRow(String fault, String message) {
    List<Row> rows = new ArrayList<>(DATA.rows());
    Row row = rows.get(201);
    rows.set(
        201,
        RowFactory.create(
            row.get(0),
            switch (fault) {
              case "nullVector" -> null;
              case "nan" -> Vectors.dense(1, Double.NaN, 3);
              case "narrow" -> Vectors.dense(1, 2);
              default -> row.get(1);
            },
            switch (fault) {
              case "nullLabel" -> null;
              case "infiniteLabel" -> Double.POSITIVE_INFINITY;
              default -> row.get(2);
            },
            row.get(3),
            switch (fault) {
              case "nullWeight" -> null;
              case "negativeWeight" -> -1.0;
              default -> row.get(4);
            }));
    Dataset<Row> dataset =
        spark.createDataFrame(
            new JavaSparkContext(spark.sparkContext()).parallelize(rows, 2), TestData.SCHEMA);
    assertFailure(message, () -> TestData.quickOnSpark().setWeightCol("weight").fit(dataset));
  }

  @Test
  void saysWhatIsWrongWithTheTable() {
    Dataset<Row> rows = DATA.dataset(spark, 2);
    assertFailure(
        "Expected rows to fit to, got none",
        () -> TestData.quickOnSpark().fit(rows.where("id < 0")));
    assertFailure(
        "Expected a column 'price', got id, features, label, second, weight",
        () -> TestData.quickOnSpark().setLabelCol("price").fit(rows));
    assertFailure(
        "Expected vectors in column 'second', such as a VectorAssembler makes, or arrays of numbers, got double",
        () -> TestData.quickOnSpark().setFeaturesCol("second").fit(rows));
    assertFailure(
        "Expected numbers in column 'features', got vector",
        () -> TestData.quickOnSpark().setLabelCol("features").fit(rows));
    assertFailure(
        "Expected new names of columns, got a second 'id'",
        () -> TestData.quickOnSpark().setPredictionCol("id").fit(rows));
    assertFailure(
        "Expected targets that vary, got 1.0 in all 400 rows of column 'one'",
        () ->
            TestData.quickOnSpark()
                .setLabelCol("one")
                .fit(rows.withColumn("one", functions.lit(1))));
    assertFailure(
        "Expected a maxTableBytes of at least a row, 16 bytes, got 15",
        () -> TestData.quickOnSpark().setMaxTableBytes(15).fit(rows));
    assertFailure(
        "Expected one target for quantiles(0.5), the model predicts 2",
        () ->
            TestData.quickOnSpark()
                .setLabelCols("label", "second")
                .setOutputs(Output.quantiles(0.5))
                .fit(rows));
    assertEquals(
        "No epoch of member 0 had a finite validation NLL: lower the learning rate",
        assertThrows(
                IllegalStateException.class,
                () -> TestData.quickOnSpark().setLearningRate(1e30).fit(rows))
            .getMessage());
  }

  @Test
  void saysWhichValuesAnOptionTakes() {
    MixtureRegression regression = new MixtureRegression();
    assertFailure("Expected at least 1 hidden unit, got -1", () -> regression.setHiddenUnits(-1));
    assertFailure(
        "Expected an ensemble of at least 1 member, got 0", () -> regression.setEnsemble(0));
    assertFailure("at least one number of bins", () -> regression.setBins());
    assertFailure(
        "Expected one of [SPHERICAL, DIAGONAL, FULL], got ROUND",
        () -> regression.set(regression.covariance(), "ROUND"));
    assertFailure(
        "Expected noise as inputs:targets, got 1",
        () -> regression.set(regression.noise(), new String[] {"1"}));
    assertFailure(
        "GAUSSIAN, LAPLACE or LOGISTIC", () -> regression.setFamily(ComponentFamily.VON_MISES));
    assertFailure("parallelism given invalid value -1", () -> regression.setParallelism(-1));
    assertFailure(
        "Expected one of mean, standardDeviation",
        () -> regression.set(regression.outputs(), new String[] {"median"}));
  }

  @Test
  void savesAndLoadsItsParameters(@TempDir Path folder) throws IOException {
    MixtureRegression regression =
        TestData.quickOnSpark()
            .setEnsemble(2)
            .setSeed(9)
            .setLabelCols("label", "second")
            .setOutputs(Output.samples(3).as("draws"));
    String path = folder.resolve("estimator").toUri().toString();
    regression.save(path);
    MixtureRegression loaded = MixtureRegression.load(path);
    assertEquals(regression.uid(), loaded.uid());
    for (Param<?> param : regression.params()) {
      assertEquals(text(regression, param), text(loaded, param), param.name());
    }
    TestData.assertSameModel(
        regression.fit(DATA.dataset(spark, 2)).regressor(), loaded.fit(DATA.dataset(spark, 2)));
  }

  private static <T> String text(MixtureRegression regression, Param<T> param) {
    return regression.isSet(param) + " " + param.jsonEncode(regression.getOrDefault(param));
  }

  private static void assertFailure(String message, Runnable work) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, work::run);
    assertTrue(e.getMessage().contains(message), e::getMessage);
  }
}
