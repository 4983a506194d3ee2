/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mdn4j.spark.LabelledRows.assertFailure;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.regression.report.NoiseLevel;

/** Columns of other names, types and orders, partitions of other sizes, and what is refused. */
class ColumnsTest {
  private static final SparkSession SPARK = LocalSpark.session();
  private static final Dataset<Row> ROWS = table();
  private static MixtureRegressionModel model;

  /** 400 rows whose numbers are exact as FLOAT and as DECIMAL. */
  private static Dataset<Row> table() {
    return new VectorAssembler()
        .setInputCols(new String[] {"x", "z"})
        .setOutputCol("features")
        .transform(
            SPARK
                .range(0, 400, 1, 3)
                .selectExpr(
                    "id",
                    "pmod(id * 7919, 1024) / 1024.0D as x",
                    "pmod(hash(id), 128) / 128.0D as z",
                    "pmod(id, 4) as weight",
                    "concat('group ', pmod(id, 37)) as grp")
                .selectExpr(
                    "*", "round(1000 * x) * if(pmod(hash(id), 2) = 0, 1, -1) + 50 * z as any")
                .selectExpr("*", "round(any) as label", "abs(round(any / 50)) as count"));
  }

  @BeforeAll
  static void fit() {
    model = quick().fit(ROWS);
  }

  private static MixtureRegression quick() {
    return new MixtureRegression()
        .setComponents(3)
        .setNoise(NoiseLevel.NONE)
        .setBins(0)
        .setMaxEpochs(3)
        .setPatience(2)
        .setHiddenUnits(10);
  }

  private static MixtureRegressionModel with(Output... outputs) {
    return model.copy(ParamMap.empty()).setOutputs(outputs);
  }

  /** Without an order of their own: a row's numbers by its id. */
  private static Map<Long, String> byId(Dataset<Row> rows) {
    Map<Long, String> values = new TreeMap<>();
    for (Row row : rows.collectAsList()) {
      values.put(row.getAs("id"), row.toString());
    }
    return values;
  }

  @Test
  void aNameMayHaveDotsAndTicks() throws IOException {
    Dataset<Row> renamed =
        ROWS.withColumnRenamed("label", "price.eur")
            .withColumnRenamed("features", "all`the.numbers")
            .withColumnRenamed("weight", "w.1")
            .withColumnRenamed("grp", "g.1")
            .withColumnRenamed("any", "a.*")
            .withColumnRenamed("count", "row");
    MixtureRegressionModel actual =
        quick()
            .setLabelCol("price.eur")
            .setFeaturesCol("all`the.numbers")
            .setWeightCol("w.1")
            .setGroupsCol("g.1")
            .setPredictionCol("p.1")
            .setOutputs(Output.logDensity().as("log.p"))
            .fit(renamed);
    TestData.assertSameModel(
        quick().setWeightCol("weight").setGroupsCol("grp").fit(ROWS).regressor(), actual);
    Dataset<Row> scored = actual.transform(renamed);
    assertEquals(0, scored.where("row <> abs(round(`a.*` / 50))").count(), "others stay");
    assertEquals(400, scored.where("`log.p` is not null and `p.1` is not null").count());
    double nll =
        new MixtureRegressionEvaluator().setOutputCol("log.p").setWeightCol("w.1").evaluate(scored);
    assertEquals(
        scored.selectExpr("-sum(`log.p` * `w.1`) / sum(`w.1`)").head().getDouble(0), nll, 1e-12);
    Dataset<Row> calibrated =
        actual
            .conformalize(renamed, "g.1")
            .setOutputs(Output.conformalInterval(0.5).as("c.1"))
            .transform(renamed);
    assertEquals(400, calibrated.where("`c.1`.lower < `c.1`.upper").count());
  }

  @Test
  void aFieldOfAStructIsNoColumn() {
    Dataset<Row> nested = ROWS.selectExpr("features", "struct(label, weight) as house");
    assertFailure(
        "Expected a column 'house.label', got features, house",
        () -> quick().setLabelCol("house.label").fit(nested));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "array(x, z)",
        "array(float(x), float(z))",
        "array(cast(x as decimal(20, 10)), cast(z as decimal(20, 10)))"
      })
  void featuresMayBeArrays(String array) throws IOException {
    Dataset<Row> rows = ROWS.withColumn("features", functions.expr(array));
    TestData.assertSameModel(model.regressor(), quick().fit(rows));
    MixtureRegressionModel scoring =
        with(Output.quantiles(0.1, 0.9), Output.logDensity(), Output.region(0.5));
    assertEquals(
        byId(scoring.transform(ROWS).drop("features")),
        byId(scoring.transform(rows).drop("features")));
    String broken = "if(id = 300, %s, features)";
    assertFailure(
        "Expected finite features in column 'features', got NaN at index 1 of [0.5, NaN]",
        () ->
            quick()
                .fit(
                    rows.withColumn(
                        "features", functions.expr(broken.formatted("array(0.5D, null)")))));
    for (String bad : List.of("array(0.5D, null)", "array(0.5D)", "null")) {
      Exception e =
          assertThrows(
              Exception.class,
              () ->
                  scoring
                      .transform(rows.withColumn("features", functions.expr(broken.formatted(bad))))
                      .collectAsList());
      assertTrue(e.getMessage().contains("in row 34 of partition 2"), e::getMessage);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"float", "decimal(20, 2)", "long", "int", "short"})
  void labelsMayBeNumbersOfAnyType(String type) throws IOException {
    Dataset<Row> rows =
        ROWS.withColumn("label", functions.col("label").cast(type))
            .withColumn("weight", functions.col("weight").cast(type));
    TestData.assertSameModel(
        quick().setWeightCol("weight").fit(ROWS).regressor(),
        quick().setWeightCol("weight").fit(rows));
    MixtureRegressionModel scoring = with(Output.logDensity(), Output.pit(), Output.crps());
    Dataset<Row> expected = scoring.transform(ROWS).select("id", "logDensity", "pit", "crps");
    assertEquals(
        byId(expected), byId(scoring.transform(rows).select("id", "logDensity", "pit", "crps")));
  }

  /** What is said of a row does not depend on where it stands, but for what is drawn. */
  @Test
  void partitionsAndOrderDoNotMatter() {
    MixtureRegressionModel scoring =
        with(
            Output.standardDeviation(),
            Output.quantiles(0.1, 0.9),
            Output.region(0.5),
            Output.logDensity(),
            Output.pit(),
            Output.crps(),
            Output.mixture());
    Map<Long, String> expected = byId(scoring.transform(ROWS));
    for (Dataset<Row> same :
        List.of(
            ROWS.coalesce(1),
            ROWS.repartition(7),
            ROWS.repartition(1000), // some partitions are empty, others have one row
            ROWS.orderBy(functions.rand(3)),
            ROWS.where("id < 150").union(ROWS.where("id >= 150")))) {
      assertEquals(expected, byId(scoring.transform(same)));
    }
  }

  @Test
  void emptyPartitionsAreNoneOfAFit() throws IOException {
    Dataset<Row> some = ROWS.where("id < 140 and id > 120 or id > 300");
    Dataset<Row> spread = some.repartitionByRange(300, functions.col("id"));
    TestData.assertSameModel(
        quick().fit(some.coalesce(1)).regressor(), quick().fit(spread.sortWithinPartitions("id")));
  }

  @Test
  void streamsAreScored(@TempDir Path folder) throws Exception {
    String path = folder.resolve("rows").toString();
    ROWS.write().parquet(path);
    MixtureRegressionModel scoring = with(Output.interval(0.9), Output.logDensity());
    StreamingQuery query =
        scoring
            .transform(SPARK.readStream().schema(ROWS.schema()).parquet(path))
            .writeStream()
            .format("memory")
            .queryName("scored")
            .trigger(Trigger.AvailableNow())
            .start();
    query.awaitTermination();
    assertEquals(byId(scoring.transform(ROWS)), byId(SPARK.table("scored")));
  }

  /** A number that is no weight or no count is named where the cluster's user finds it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "weight | if(id = 300, -1, 1) | Expected a weight of at least 0 in column 'weight', got -1.0",
        "count | if(id = 300, 1.5, count) | Expected an integer of at least 0 in column 'count', got 1.5",
        "count | if(id = 300, -1, count) | Expected an integer of at least 0 in column 'count', got -1.0"
      })
  void namesARowOfATable(String column, String value, String message) {
    MixtureRegression regression =
        quick()
            .setLabelCol("count")
            .setWeightCol("weight")
            .setFamily(ComponentFamily.NEGATIVE_BINOMIAL);
    Dataset<Row> rows = ROWS.withColumn(column, functions.expr(value));
    assertFailure(message + " in row 34 of partition 2", () -> regression.fit(rows));
    // In a sample, too, where that row may have another number
    Dataset<Row> worse =
        ROWS.withColumn(column, functions.expr(value.replace("id = 300", "id >= 300")));
    assertFailure(" of partition 2", () -> regression.setMaxTableBytes(4L * 4 * 200).fit(worse));
    assertFailure(message, () -> regression.fit(worse));
  }

  @Test
  void endsOfCountsAreCounts() {
    assertFailure(
        "Expected an integer of at least 0 in column 'upper', got 9.5 in row 34 of partition 2",
        () ->
            quick()
                .setCensored(true)
                .setLabelCols("count", "upper")
                .setFamily(ComponentFamily.NEGATIVE_BINOMIAL)
                .fit(
                    ROWS.withColumn(
                            "upper", functions.expr("if(id = 300, 9.5, if(id > 200, null, count))"))
                        .withColumn("count", functions.expr("if(id = 300, 2, count)"))));
  }

  /** Before any job: what a schema and parameters say is refused without a look at a row. */
  @Test
  void nothingStartsWhereTheSchemaIsWrong() throws Exception {
    AtomicInteger jobs = new AtomicInteger();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onJobStart(SparkListenerJobStart job) {
            jobs.incrementAndGet();
          }
        };
    SPARK.sparkContext().listenerBus().waitUntilEmpty(60_000);
    SPARK.sparkContext().addSparkListener(listener);
    Dataset<Row> twice = ROWS.select(functions.col("*"), functions.lit(1.0).as("Label"));
    Dataset<Row> joined = ROWS.as("a").join(ROWS.as("b"), functions.expr("a.id = b.id"));
    assertFailure("Expected a column 'no', got id", () -> quick().setLabelCol("no").fit(ROWS));
    assertFailure("Expected a column 'no', got id", () -> quick().setWeightCol("no").fit(ROWS));
    assertFailure("Expected a column 'no', got id", () -> quick().setGroupsCol("no").fit(ROWS));
    assertFailure("Expected a column 'no', got id", () -> quick().setFeaturesCol("no").fit(ROWS));
    assertFailure("Expected a column 'no', got id", () -> quick().setCensorCol("no").fit(ROWS));
    assertFailure(
        "Expected numbers in column 'grp', got string", () -> quick().setLabelCol("grp").fit(ROWS));
    assertFailure(
        "or arrays of numbers, got array<string>",
        () -> quick().setFeaturesCol("a").fit(ROWS.withColumn("a", functions.expr("array(grp)"))));
    assertFailure("Expected one column 'label', got 2 of that name", () -> quick().fit(twice));
    assertFailure("Expected one column 'label', got 2 of that name", () -> quick().fit(joined));
    assertFailure(
        "Expected one column 'features', got 2 of that name", () -> model.transform(joined));
    assertFailure(
        "Expected new names of columns, got a second 'prediction'",
        () -> model.transform(ROWS.withColumnRenamed("grp", "Prediction")));
    assertFailure(
        "Expected different labelCols, got [label, label]",
        () -> quick().setLabelCols("label", "label").fit(ROWS));
    assertFailure(
        "Expected one target, which alone may have atoms, got 2 and the atoms [0.0]",
        () -> quick().setLabelCols("label", "count").setAtoms(0).fit(ROWS));
    assertFailure(
        "Expected SPHERICAL or DIAGONAL covariance for censored targets, got FULL",
        () ->
            quick()
                .setCensored(true)
                .setLabelCols("label", "count")
                .setCovariance(Covariance.FULL)
                .fit(ROWS));
    assertFailure(
        "Expected a column 'no', got id",
        () ->
            new MixtureRegressionEvaluator()
                .setWeightCol("no")
                .evaluate(with(Output.logDensity()).transform(ROWS)));
    assertFailure(
        "Expected numbers in column 'grp', got string",
        () -> new MixtureRegressionEvaluator().setOutputCol("grp").evaluate(ROWS));
    SPARK.sparkContext().listenerBus().waitUntilEmpty(60_000);
    SPARK.sparkContext().removeSparkListener(listener);
    assertEquals(0, jobs.get());
  }

  /** Two censored ends of one column are exact labels. */
  @Test
  void bothEndsMayBeOneColumn() throws IOException {
    TestData.assertSameModel(
        quick()
            .setCensored(true)
            .setLabelCols("label", "same")
            .fit(ROWS.withColumn("same", functions.col("label")))
            .regressor(),
        quick().setCensored(true).setLabelCols("label", "label").fit(ROWS));
  }

  @Test
  void aFunctionOfSqlDrawsForEachRow() {
    MixtureRegressionModel drawing = with(Output.samples(1)).setPredictionCol("");
    Dataset<Row> drawn =
        ROWS.select(
            functions.col("id"),
            drawing.udf(SPARK).apply(functions.col("features")).getItem(0).as("a"),
            drawing.udf(SPARK).apply(functions.expr("array(x, z)")).getItem(0).as("b"));
    assertEquals(0, drawn.where("a <> b").count(), "a row is drawn the same wherever it stands");
    double[] z =
        drawn
            .join(with(Output.standardDeviation()).transform(ROWS), "id")
            .selectExpr("(a - prediction) / standardDeviation")
            .collectAsList()
            .stream()
            .mapToDouble(row -> row.getDouble(0))
            .toArray();
    double mean = java.util.Arrays.stream(z).average().orElseThrow();
    double square = java.util.Arrays.stream(z).map(v -> v * v).average().orElseThrow();
    assertEquals(0, mean, 4 / Math.sqrt(400)); // 4 standard errors; all the same would be any
    assertEquals(1, square, 0.3);
    assertNotEquals(
        drawn.collectAsList(),
        ROWS.select(
                functions.col("id"),
                drawing.setSeed(9).udf(SPARK).apply(functions.col("features")).getItem(0),
                functions.lit(1.0))
            .collectAsList());
    assertFailure(
        "Expected a predictionCol or outputs: nothing would be returned",
        () -> with().setPredictionCol("").udf(SPARK));
    Exception e =
        assertThrows(
            Exception.class,
            () -> ROWS.select(drawing.udf(SPARK).apply(functions.col("grp"))).collectAsList());
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    assertTrue(
        cause.getMessage().startsWith("Expected features as a vector or an array of numbers, got"),
        cause::getMessage);
  }

  @Test
  void speaksTheSameWhereverItRuns(@TempDir Path folder) throws IOException {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("fa-IR-u-nu-arabext"));
    try {
      assertEquals("quantiles(0.05, 0.5)", Output.quantiles(0.05, 0.5).toString());
      assertEquals("samples(12)", Output.samples(12).toString());
      MixtureRegressionModel other =
          quick()
              .setWeightCol("weight")
              .setAtoms(0.5)
              .setNoise(new NoiseLevel(0.25, 0.5))
              .setOutputs(Output.samples(12), Output.interval(0.5))
              .fit(ROWS);
      String path = folder.resolve("model").toUri().toString();
      other.save(path);
      assertEquals(
          byId(other.transform(ROWS)), byId(MixtureRegressionModel.load(path).transform(ROWS)));
      assertFailure(
          "Expected a weight of at least 0 in column 'weight', got -1.0 in row 34 of partition 2",
          () ->
              quick()
                  .setWeightCol("weight")
                  .fit(ROWS.withColumn("weight", functions.expr("if(id = 300, -1, 1)"))));
      Exception e =
          assertThrows(
              Exception.class,
              () ->
                  other
                      .transform(
                          ROWS.withColumn(
                              "features", functions.expr("if(id = 300, null, features)")))
                      .collectAsList());
      assertTrue(e.getMessage().contains("got null in row 34 of partition 2"), e::getMessage);
      assertTrue(other.toString().endsWith("features=2, targets=1, members=1"), other::toString);
    } finally {
      Locale.setDefault(before);
    }
  }
}
