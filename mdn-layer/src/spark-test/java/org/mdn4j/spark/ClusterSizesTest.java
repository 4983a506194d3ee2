/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.mdn4j.spark.LabelledRows.DATA;
import static org.mdn4j.spark.LabelledRows.dataset;
import static org.mdn4j.spark.LabelledRows.groups;
import static org.mdn4j.spark.LabelledRows.label;
import static org.mdn4j.spark.LabelledRows.rowsOf;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mdn4j.regression.MixtureRegressor;

/** Clusters of other sizes give the same model and the same answers. */
@Tag("cluster")
class ClusterSizesTest {

  /** An ensemble with groups, weights and rows that are held out. */
  @ParameterizedTest
  @CsvSource({"1, 1", "1, 2", "3, 1"})
  void giveTheModelOfTheRegressor(int workers, int cores, @TempDir Path folder) throws Exception {
    MixtureRegressor expected =
        TestData.quick()
            .ensemble(3)
            .conformalFraction(0.2)
            .build()
            .fit(DATA.features(), rowsOf(label(0)), DATA.weights(), groups());
    Path place = Files.createDirectory(folder.resolve("spark"));
    try (StandaloneCluster cluster = new StandaloneCluster(place, workers, cores);
        SparkSession spark =
            SparkSession.builder()
                .master(cluster.master())
                .config("spark.jars", ClusterTest.jars())
                .config("spark.executorEnv.OMP_NUM_THREADS", "1")
                .getOrCreate()) {
      Dataset<Row> rows = dataset(spark, 4, label(0));
      MixtureRegressionModel model =
          TestData.quickOnSpark()
              .setLabelCol("c0")
              .setEnsemble(3)
              .setGroupsCol("group")
              .setWeightCol("weight")
              .setConformalFraction(0.2)
              .setOutputs(Output.conformalInterval(0.8), Output.logDensity())
              .fit(rows);
      TestData.assertSameModel(expected, model);
      double[] means = expected.predict(DATA.features()).mean().reshape(-1).toDoubleVector();
      List<Row> scored = model.transform(rows).collectAsList();
      for (int n = 0; n < means.length; n++) {
        assertEquals(means[n], scored.get(n).<Double>getAs("prediction"));
      }
    }
  }
}
