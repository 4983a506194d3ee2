/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.Covariance;
import org.mdn4j.distribution.Interval;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.regression.MixtureRegressor;
import org.mdn4j.regression.model.Fitted;
import org.nd4j.linalg.factory.Nd4j;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/** The model in local mode, on two threads. */
class MixtureRegressionModelTest {
  private static final TestData DATA = TestData.draw(400, 1);

  /** Several minibatches in each of three partitions; whole blocks for the regressor. */
  private static final TestData NEW = TestData.draw(5120, 2);

  private static final SparkSession SPARK = LocalSpark.session();
  private static MixtureRegressionModel model;
  private static MixtureRegressionModel ofTwo;
  private static MixtureBatch expected;
  private static MixtureBatch expectedOfTwo;

  @BeforeAll
  static void fit() {
    model = TestData.quickOnSpark().setEnsemble(2).fit(DATA.dataset(SPARK, 2));
    expected = model.regressor().predict(NEW.features());
    ofTwo =
        TestData.quickOnSpark()
            .setCovariance(Covariance.FULL)
            .setLabelCols("label", "second")
            .fit(DATA.dataset(SPARK, 2));
    expectedOfTwo = ofTwo.regressor().predict(NEW.features());
  }

  private static MixtureRegressionModel model(Output... outputs) {
    return model.copy(ParamMap.empty()).setOutputs(outputs);
  }

  @Test
  void addsWhatTheRegressorAnswersBitForBit() {
    List<Row> rows =
        model(
                Output.standardDeviation(),
                Output.quantiles(0.05, 0.5, 0.95),
                Output.interval(0.9),
                Output.region(0.8).as("likely"),
                Output.logDensity(),
                Output.pit(),
                Output.crps(),
                Output.mixture())
            .transform(NEW.dataset(SPARK, 3))
            .collectAsList();
    assertEquals(5120, rows.size());
    var y = Nd4j.createFromArray(NEW.labels());
    double[] means = expected.mean().reshape(-1).toDoubleVector();
    double[] variances = expected.variance().reshape(-1).toDoubleVector();
    double[][] quantiles = expected.quantile(0.05, 0.5, 0.95).toDoubleMatrix();
    double[][] intervals = expected.quantile((1 - 0.9) / 2, (1 + 0.9) / 2).toDoubleMatrix();
    double[] logDensities = expected.logDensity(y).toDoubleVector();
    double[] pits = expected.cdf(y).toDoubleVector();
    double[] scores = expected.crps(y).toDoubleVector();
    for (int n = 0; n < rows.size(); n++) {
      Row row = rows.get(n);
      assertEquals(n, row.<Long>getAs("id"));
      assertArrayEquals(NEW.features()[n], row.<Vector>getAs("features").toArray());
      assertEquals(means[n], row.<Double>getAs("prediction"));
      assertEquals(Math.sqrt(variances[n]), row.<Double>getAs("standardDeviation"));
      assertArrayEquals(quantiles[n], numbers(row, "quantiles"));
      Row ends = row.getStruct(row.fieldIndex("interval"));
      assertEquals(intervals[n][0], ends.<Double>getAs("lower"));
      assertEquals(intervals[n][1], ends.<Double>getAs("upper"));
      assertEquals(logDensities[n], row.<Double>getAs("logDensity"));
      assertEquals(pits[n], row.<Double>getAs("pit"));
      assertEquals(scores[n], row.<Double>getAs("crps"));
      if (n % 50 == 0) {
        Mixture mixture = expected.get(n);
        List<Row> region = row.getList(row.fieldIndex("likely"));
        assertEquals(
            mixture.highestDensityRegion(0.8),
            region.stream().map(one -> new Interval(one.getDouble(0), one.getDouble(1))).toList());
        Row whole = row.getStruct(row.fieldIndex("mixture"));
        assertArrayEquals(mixture.weights(), numbers(whole, "weights"));
        assertArrayEquals(mixture.locations(), table(whole, "locations"));
        assertArrayEquals(mixture.scales(), table(whole, "scales"));
      }
    }
  }

  @Test
  void ofSeveralLabels() {
    List<Row> rows =
        ofTwo
            .copy(ParamMap.empty())
            .setOutputs(
                Output.standardDeviation(),
                Output.logDensity(),
                Output.samples(2),
                Output.mixture())
            .transform(NEW.dataset(SPARK, 2))
            .collectAsList();
    double[][] means = expectedOfTwo.mean().toDoubleMatrix();
    double[][] variances = expectedOfTwo.variance().toDoubleMatrix();
    double[] logDensities =
        expectedOfTwo.logDensity(Nd4j.createFromArray(NEW.targets())).toDoubleVector();
    for (int n = 0; n < rows.size(); n += 7) {
      Row row = rows.get(n);
      assertArrayEquals(means[n], numbers(row, "prediction"));
      assertArrayEquals(
          Arrays.stream(variances[n]).map(Math::sqrt).toArray(), numbers(row, "standardDeviation"));
      assertEquals(logDensities[n], row.<Double>getAs("logDensity"));
      double[][] samples = table(row, "samples");
      assertEquals(2, samples.length);
      assertEquals(2, samples[1].length);
      Row whole = row.getStruct(row.fieldIndex("mixture"));
      assertArrayEquals(expectedOfTwo.get(n).locations(), table(whole, "locations"));
      List<Seq<?>> covariances = whole.getList(whole.fieldIndex("covariances"));
      assertEquals(4, covariances.size());
      double[][] first = table(covariances.get(0));
      assertArrayEquals(expectedOfTwo.get(n).covariances()[0], first);
    }
  }

  @Test
  void samplesDependOnTheSeed() {
    Dataset<Row> rows = NEW.dataset(SPARK, 3);
    MixtureRegressionModel sampling = model(Output.samples(200));
    List<double[]> once = samples(sampling.transform(rows));
    List<double[]> again = samples(sampling.transform(rows));
    List<double[]> other = samples(sampling.setSeed(5).transform(rows));
    double[] means = expected.mean().reshape(-1).toDoubleVector();
    double[] variances = expected.variance().reshape(-1).toDoubleVector();
    double squares = 0;
    for (int n = 0; n < once.size(); n++) {
      assertArrayEquals(once.get(n), again.get(n));
      assertNotEquals(once.get(n)[0], other.get(n)[0]);
      double mean = Arrays.stream(once.get(n)).average().orElseThrow();
      squares += (mean - means[n]) * (mean - means[n]) / (variances[n] / 200);
    }
    // The mean of 5120 squared standardised errors: 1, with a standard error of √(2/5120).
    assertEquals(1, squares / once.size(), 5 * Math.sqrt(2.0 / 5120));
    assertNotEquals(once.get(0)[0], once.get(1024)[0], "minibatches draw on");
  }

  private static List<double[]> samples(Dataset<Row> rows) {
    return rows.collectAsList().stream().map(row -> numbers(row, "samples")).toList();
  }

  @Test
  void aRowWithoutALabelGetsNull() {
    List<Row> rows = new ArrayList<>(NEW.rows().subList(0, 10));
    rows.set(4, withLabel(rows.get(4), null));
    List<Row> scored =
        model(Output.logDensity(), Output.pit(), Output.crps())
            .transform(SPARK.createDataFrame(rows, TestData.SCHEMA))
            .collectAsList();
    for (int n = 0; n < 10; n++) {
      for (String column : List.of("logDensity", "pit", "crps")) {
        assertEquals(n == 4, scored.get(n).isNullAt(scored.get(n).fieldIndex(column)), column);
      }
      assertEquals(
          expected.get(n).mean()[0], scored.get(n).<Double>getAs("prediction"), "row " + n);
    }
  }

  private static Row withLabel(Row row, Double label) {
    return RowFactory.create(row.get(0), row.get(1), label, row.get(3), row.get(4));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "null | Expected features in column 'features', got null in row 1040 of partition 1",
        "nan | Expected finite features in column 'features', got NaN at index 2 of"
            + " [1.0, 2.0, NaN] in row 1040 of partition 1",
        "wide | Expected 3 features in column 'features', got 4:"
            + " [1.0, 2.0, 3.0, 4.0] in row 1040 of partition 1",
        "label | Expected a finite number in column 'label', got NaN in row 1040 of partition 1",
        "far | Expected features within 1000000.0 standard deviations"
      })
  void namesACorruptRow(String fault, String message) {
    List<Row> rows = new ArrayList<>(NEW.rows());
    Row row = rows.get(3600);
    rows.set(
        3600,
        fault.equals("label")
            ? withLabel(row, Double.NaN)
            : RowFactory.create(
                row.get(0),
                switch (fault) {
                  case "null" -> null;
                  case "nan" -> Vectors.dense(1, 2, Double.NaN);
                  case "wide" -> Vectors.dense(1, 2, 3, 4);
                  default -> Vectors.dense(1e300, 2, 3);
                },
                row.get(2),
                row.get(3),
                row.get(4)));
    Dataset<Row> dataset =
        SPARK.createDataFrame(
            new JavaSparkContext(SPARK.sparkContext()).parallelize(rows, 2), TestData.SCHEMA);
    SparkException e =
        assertThrows(
            SparkException.class, () -> model(Output.pit()).transform(dataset).collectAsList());
    assertTrue(e.getMessage().contains(message), e::getMessage);
    if (fault.equals("far")) {
      assertTrue(e.getMessage().contains("row 1040 of partition 1"), e::getMessage);
    }
  }

  @Test
  void saysWhatIsWrongWithTheSchema() {
    Dataset<Row> rows = NEW.dataset(SPARK, 1);
    assertFailure(
        "Expected new names of columns, got a second 'interval': name one by as",
        () -> model(Output.interval(0.5), Output.interval(0.9)).transform(rows));
    assertFailure(
        "Expected a column 'label', got id, features",
        () -> model(Output.pit()).transform(rows.select("id", "features")));
    assertFailure(
        "Expected a predictionCol or outputs", () -> model().setPredictionCol("").transform(rows));
    assertFailure(
        "Expected one target for region(0.5), the model predicts 2",
        () -> ofTwo.copy(ParamMap.empty()).setOutputs(Output.region(0.5)).transform(rows));
    assertFailure(
        "Expected outputs of features alone in a function, got pit",
        () -> model(Output.pit()).udf(SPARK));
  }

  @Test
  void rowsWithoutLabelsNeedNone() {
    assertEquals(
        List.of("id", "features", "prediction", "interval", "wide"),
        List.of(
            model(Output.interval(0.5), Output.interval(0.9).as("wide"))
                .transform(NEW.dataset(SPARK, 1).select("id", "features"))
                .columns()));
    assertEquals(0, model(Output.pit()).transform(NEW.dataset(SPARK, 2).where("id < 0")).count());
  }

  @Test
  void savesAndLoads(@TempDir Path folder) throws IOException {
    String path = folder.resolve("model").toUri().toString();
    MixtureRegressionModel saved = model(Output.samples(2)).setSeed(77).setPredictionCol("p");
    saved.save(path);
    MixtureRegressionModel loaded = MixtureRegressionModel.load(path);
    assertEquals(saved.uid(), loaded.uid());
    assertEquals(saved.toString(), loaded.toString());
    Dataset<Row> rows = NEW.dataset(SPARK, 2);
    assertEquals(
        saved.transform(rows).collectAsList().toString(),
        loaded.transform(rows).collectAsList().toString());
    assertArrayEquals(
        expected.mean().reshape(-1).toDoubleVector(),
        MixtureRegressor.load(folder.resolve("model/regressor.zip"))
            .predict(NEW.features())
            .mean()
            .reshape(-1)
            .toDoubleVector(),
        "the same file without Spark");

    assertThrows(IOException.class, () -> saved.save(path), "is there already");
    saved.write().overwrite().save(path);

    Path file = folder.resolve("model/regressor.zip");
    byte[] bytes = Files.readAllBytes(file);
    Files.delete(folder.resolve("model/.regressor.zip.crc")); // Hadoop's own checksum
    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    Exception e = assertThrows(Exception.class, () -> MixtureRegressionModel.load(path));
    assertTrue(e.getMessage().contains("is not a model"), e::getMessage);
  }

  @Test
  void isSavedInAnyFileSystemOfHadoop(@TempDir Path folder) throws IOException {
    SPARK
        .sparkContext()
        .hadoopConfiguration()
        .set("fs.viewfs.mounttable.c.link./models", folder.toUri().toString());
    model.save("viewfs://c/models/one");
    assertTrue(Files.exists(folder.resolve("one/regressor.zip")));
    Dataset<Row> rows = NEW.dataset(SPARK, 2);
    assertEquals(
        model.transform(rows).collectAsList().toString(),
        MixtureRegressionModel.load("viewfs://c/models/one")
            .transform(rows)
            .collectAsList()
            .toString());
  }

  @Test
  void aProcessReadsAModelOnce() {
    String key = ModelBytes.key(model.bytes());
    Fitted read = ModelBytes.fitted(key, model::bytes);
    assertSame(
        read,
        ModelBytes.fitted(
            key,
            () -> {
              throw new AssertionError("is read again");
            }));
  }

  @Test
  void isAFunctionOfSql() {
    NEW.dataset(SPARK, 2).createOrReplaceTempView("houses");
    model(Output.quantiles(0.1, 0.9)).setPredictionCol("").register(SPARK, "price_range");
    model(Output.quantiles(0.1, 0.9), Output.region(0.5)).register(SPARK, "price");
    List<Row> rows =
        SPARK
            .sql(
                "select id, price_range(features) as q, price(features).prediction as mean,"
                    + " price_range(array(120.0, 0.5, 1)) as same from houses where id < 20"
                    + " order by id")
            .collectAsList();
    MixtureRegressor regressor = model.regressor();
    double[] same =
        regressor
            .predict(new double[][] {{120, 0.5, 1}})
            .quantile(0.1, 0.9)
            .reshape(-1)
            .toDoubleVector();
    for (int n = 0; n < 20; n++) {
      Mixture one = regressor.predict(new double[][] {NEW.features()[n]}).get(0);
      assertArrayEquals(
          new double[] {one.quantile(0.1), one.quantile(0.9)}, numbers(rows.get(n), "q"));
      assertEquals(one.mean()[0], rows.get(n).<Double>getAs("mean"));
      assertArrayEquals(same, numbers(rows.get(n), "same"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mean",
        "standardDeviation",
        "quantiles(0.05, 0.5)",
        "interval(0.9)",
        "region(0.5) as likely values",
        "survival(-1.0, 2.5)",
        "conformalInterval(0.9)",
        "conformalRegion(0.5) as sure",
        "logDensity",
        "pit",
        "crps",
        "samples(10)",
        "mixture as m"
      })
  void outputsAreText(String text) {
    assertEquals(text, Output.parse(text).toString());
    assertEquals(Output.parse(text), Output.parse(" " + text.replace("(", " ( ")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "quantiles",
        "quantiles(2)",
        "quantiles(a)",
        "interval(0)",
        "interval(0.1, 0.2)",
        "samples(1.5)",
        "samples(0)",
        "survival",
        "survival(NaN)",
        "conformalInterval(1)",
        "pit(1)",
        "median",
        "mean as",
        "region(0.5"
      })
  void otherTextIsNone(String text) {
    assertThrows(IllegalArgumentException.class, () -> Output.parse(text));
  }

  private static double[] numbers(Row row, String column) {
    return row.<Double>getList(row.fieldIndex(column)).stream().mapToDouble(x -> x).toArray();
  }

  private static double[][] table(Row row, String column) {
    return table(row.<Seq<?>>getAs(column));
  }

  private static double[][] table(Seq<?> rows) {
    return JavaConverters.seqAsJavaList(rows).stream()
        .map(
            row ->
                JavaConverters.seqAsJavaList((Seq<?>) row).stream()
                    .mapToDouble(x -> (Double) x)
                    .toArray())
        .toArray(double[][]::new);
  }

  private static void assertFailure(String message, Runnable work) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, work::run);
    assertTrue(e.getMessage().contains(message), e::getMessage);
  }
}
