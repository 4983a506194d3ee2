/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.mdn4j.spark.LabelledRows.numbers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

/** Stages that were saved when this was written, by Spark 3.5.7, are read for ever. */
class FrozenTest {
  private final SparkSession spark = LocalSpark.session();

  private static String at(String name) {
    return Path.of("src/spark-test/frozen", name).toUri().toString();
  }

  /** What the model said then, with labels of which a quarter are 0. */
  @Test
  void aModelSaysWhatItSaid() throws IOException {
    double[][] expected = { // mean, three quantiles, probability of 0, ends of an interval
      {
        1.3474306912886385,
        0,
        1.7430642622961283,
        2.069423424217833,
        0.2704744886084819,
        0,
        1.9833212591503113
      },
      {
        1.7152459755675529,
        0,
        2.172252707430421,
        2.5258741625640067,
        0.24450170906075822,
        0,
        2.4353734178533046
      },
      {
        1.3762528076601985,
        0,
        1.7840668698057256,
        2.107922893028688,
        0.27061831399232733,
        0,
        2.023013749179178
      }
    };
    Dataset<Row> rows =
        spark.createDataFrame(TestData.draw(3, 9).rows(), TestData.SCHEMA).coalesce(1);
    List<Row> scored =
        MixtureRegressionModel.load(at("model"))
            .transform(rows)
            .selectExpr(
                "array(prediction, quantiles[0], quantiles[1], quantiles[2], m.atomProbabilities[0],"
                    + " conformalInterval.lower, conformalInterval.upper) as numbers")
            .collectAsList();
    for (int n = 0; n < expected.length; n++) {
      double[] actual = numbers(scored.get(n), "numbers");
      for (int i = 0; i < actual.length; i++) {
        assertEquals(expected[n][i], actual[i], 1e-5, "FLOAT arithmetic of another processor");
      }
    }
  }

  @Test
  void anEstimatorFitsAsItDid() throws IOException {
    MixtureRegression estimator = MixtureRegression.load(at("estimator"));
    assertEquals("frozenEstimator", estimator.uid());
    assertEquals(2, estimator.getOrDefault(estimator.components()));
    assertEquals(4, estimator.getOrDefault(estimator.hiddenUnits()));
    assertEquals(0.2, estimator.getOrDefault(estimator.conformalFraction()));
    assertEquals("weight", estimator.getOrDefault(estimator.weightCol()));
    assertEquals(0, estimator.options().options(estimator).widerUnits(), "not set then");
    MixtureRegressionModel fitted = estimator.fit(TestData.draw(100, 6).dataset(spark, 1));
    assertEquals(2, fitted.report().members().size());
  }

  @Test
  void anEvaluatorIsRead() throws IOException {
    MixtureRegressionEvaluator evaluator = MixtureRegressionEvaluator.load(at("evaluator"));
    assertEquals("crps", evaluator.getOrDefault(evaluator.metricName()));
    assertEquals("weight", evaluator.getOrDefault(evaluator.weightCol()));
  }
}
