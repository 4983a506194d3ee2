/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.OneHotEncoder;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.ml.tuning.TrainValidationSplit;
import org.apache.spark.ml.tuning.TrainValidationSplitModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mdn4j.eval.MixtureEvaluation;
import org.mdn4j.regression.MixtureRegressor;

/** The estimator among those of Spark ML. */
class PipelineTest {
  private static final TestData DATA = TestData.draw(640, 3); // whole blocks

  private final SparkSession spark = LocalSpark.session();

  /** Two numbers and a category, which the label depends on. */
  private Dataset<Row> table() {
    List<Row> rows =
        IntStream.range(0, DATA.features().length)
            .mapToObj(
                n -> {
                  String town = n % 4 == 0 ? "Oslo" : n % 4 == 1 ? "Rome" : "Bonn";
                  return RowFactory.create(
                      DATA.features()[n][0],
                      DATA.features()[n][1],
                      town,
                      DATA.targets()[n][0] + (town.equals("Rome") ? 10 : 0),
                      DATA.weights()[n]);
                })
            .toList();
    StructType schema =
        new StructType()
            .add("size", DataTypes.DoubleType)
            .add("age", DataTypes.DoubleType)
            .add("town", DataTypes.StringType)
            .add("price", DataTypes.DoubleType)
            .add("weight", DataTypes.DoubleType);
    return spark.createDataFrame(rows, schema).coalesce(2);
  }

  private static Pipeline pipeline(MixtureRegression regression) {
    return new Pipeline()
        .setStages(
            new PipelineStage[] {
              new StringIndexer().setInputCol("town").setOutputCol("townIndex"),
              new OneHotEncoder().setInputCol("townIndex").setOutputCol("townVector"),
              new VectorAssembler()
                  .setInputCols(new String[] {"size", "age", "townVector"})
                  .setOutputCol("features"),
              regression.setLabelCol("price")
            });
  }

  @Test
  void standsAtTheEndOfAPipelineWhichIsSavedAndLoaded(@TempDir Path folder) throws IOException {
    PipelineModel fitted =
        pipeline(TestData.quickOnSpark().setOutputs(Output.interval(0.9))).fit(table());
    Dataset<Row> predicted = fitted.transform(table());
    assertEquals(
        List.of(
            "size",
            "age",
            "town",
            "price",
            "weight",
            "townIndex",
            "townVector",
            "features",
            "prediction",
            "interval"),
        List.of(predicted.columns()));

    List<Row> rows = predicted.collectAsList();
    double[][] features =
        rows.stream().map(row -> row.<Vector>getAs("features").toArray()).toArray(double[][]::new);
    double[][] prices =
        rows.stream()
            .map(row -> new double[] {row.<Double>getAs("price")})
            .toArray(double[][]::new);
    MixtureRegressor expected = TestData.quick().build().fit(features, prices);
    TestData.assertSameModel(expected, (MixtureRegressionModel) fitted.stages()[3]);

    String path = folder.resolve("pipeline").toUri().toString();
    fitted.save(path);
    assertEquals(
        rows.toString(), PipelineModel.load(path).transform(table()).collectAsList().toString());
    String unfitted = folder.resolve("unfitted").toUri().toString();
    pipeline(TestData.quickOnSpark().setOutputs(Output.interval(0.9))).save(unfitted);
    assertEquals(
        rows.toString(),
        Pipeline.load(unfitted).fit(table()).transform(table()).collectAsList().toString());
  }

  @Test
  void crossValidationChoosesTheComponents() throws IOException {
    MixtureRegression regression = TestData.quickOnSpark().setOutputs(Output.logDensity());
    regression.setMaxEpochs(40).setPatience(5);
    ParamMap[] grid =
        new ParamGridBuilder().addGrid(regression.components(), new int[] {1, 4}).build();
    CrossValidatorModel chosen =
        new CrossValidator()
            .setEstimator(pipeline(regression))
            .setEvaluator(new MixtureRegressionEvaluator())
            .setEstimatorParamMaps(grid)
            .setNumFolds(2)
            .setParallelism(2)
            .setSeed(1)
            .fit(table());
    assertTrue(
        chosen.avgMetrics()[1] < chosen.avgMetrics()[0] - 0.2, "two branches need two components");
    MixtureRegressionModel best =
        (MixtureRegressionModel) ((PipelineModel) chosen.bestModel()).stages()[3];
    assertTrue(best.regressor().toString().contains("components=4"), best.regressor()::toString);
  }

  @Test
  void oneSplitChoosesTheTrunk() {
    MixtureRegression regression =
        TestData.quickOnSpark().setOutputs(Output.crps()).setMaxEpochs(60).setPatience(8);
    regression.clear(regression.widerUnits());
    ParamMap[] grid =
        new ParamGridBuilder().addGrid(regression.hiddenUnits(), new int[] {1, 40}).build();
    TrainValidationSplitModel chosen =
        new TrainValidationSplit()
            .setEstimator(pipeline(regression))
            .setEvaluator(new MixtureRegressionEvaluator().setMetricName("crps"))
            .setEstimatorParamMaps(grid)
            .setSeed(1)
            .fit(table());
    assertTrue(chosen.validationMetrics()[1] < chosen.validationMetrics()[0]);
    MixtureRegressionModel best =
        (MixtureRegressionModel) ((PipelineModel) chosen.bestModel()).stages()[3];
    assertTrue(best.regressor().toString().contains("hiddenUnits=40"), best.toString());
  }

  @Test
  void metricsAreThoseOfTheEvaluation(@TempDir Path folder) throws IOException {
    MixtureRegressionModel model =
        TestData.quickOnSpark()
            .setOutputs(Output.logDensity(), Output.crps().as("score"), Output.pit())
            .fit(DATA.dataset(spark, 2));
    MixtureRegressor regressor = model.regressor();
    Dataset<Row> predicted = model.transform(DATA.dataset(spark, 3)).cache();
    MixtureEvaluation plain = regressor.evaluate(DATA.features(), DATA.labels());
    MixtureEvaluation weighted = regressor.evaluate(DATA.features(), DATA.labels(), DATA.weights());
    MixtureRegressionEvaluator evaluator = new MixtureRegressionEvaluator();
    assertEquals(plain.nll(), evaluator.evaluate(predicted), 1e-9);
    assertEquals(weighted.nll(), evaluator.setWeightCol("weight").evaluate(predicted), 1e-9);
    evaluator.setMetricName("crps").setOutputCol("score");
    assertEquals(weighted.target(0).crps(), evaluator.evaluate(predicted), 1e-9);

    double[] pits = plain.target(0).pitValues();
    double error = 0;
    for (int level = 1; level <= 9; level++) {
      double half = level / 20.0;
      long inside =
          IntStream.range(0, pits.length).filter(n -> Math.abs(pits[n] - 0.5) <= half).count();
      error += Math.abs((double) inside / pits.length - level / 10.0) / 9;
    }
    MixtureRegressionEvaluator coverage =
        new MixtureRegressionEvaluator().setMetricName("coverageError");
    assertEquals(error, coverage.evaluate(predicted), 1e-12);

    coverage.save(folder.resolve("evaluator").toUri().toString());
    assertEquals(
        error,
        MixtureRegressionEvaluator.load(folder.resolve("evaluator").toUri().toString())
            .evaluate(predicted),
        1e-12);
    assertEquals(
        "Expected the column 'crps' for crps: ask the MixtureRegression for it by"
            + " setOutputs(Output.crps()), or name it by setOutputCol",
        assertThrows(
                IllegalArgumentException.class,
                () -> evaluator.setOutputCol("").evaluate(predicted))
            .getMessage());
    assertThrows(IllegalArgumentException.class, () -> evaluator.setMetricName("rmse"));
    assertThrows(
        IllegalArgumentException.class, () -> coverage.evaluate(predicted.where("id < 0")));
  }
}
