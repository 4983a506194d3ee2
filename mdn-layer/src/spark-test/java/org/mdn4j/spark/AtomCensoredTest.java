/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mdn4j.spark.LabelledRows.DATA;
import static org.mdn4j.spark.LabelledRows.INFINITY;
import static org.mdn4j.spark.LabelledRows.dataset;
import static org.mdn4j.spark.LabelledRows.isNull;
import static org.mdn4j.spark.LabelledRows.label;
import static org.mdn4j.spark.LabelledRows.rows;
import static org.mdn4j.spark.LabelledRows.rowsOf;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.mdn4j.ComponentFamily;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.eval.MixtureEvaluation;
import org.mdn4j.regression.AtomSearch;
import org.mdn4j.regression.MixtureRegressor;
import org.mdn4j.regression.MixtureRegressorBuilder;
import org.mdn4j.regression.report.FitReport;
import org.mdn4j.regression.report.NoiseLevel;
import org.nd4j.linalg.factory.Nd4j;

/** Labels that are intervals and have atoms, or are counts, or all at once. */
class AtomCensoredTest {
  /**
   * Lower and upper ends of values of which some are 0: exact; at least the value; in an interval
   * that ends at 0, or holds it; unknown.
   *
   * @param open what stands for an open side
   */
  private static double[][] ends(double[] values, double open) {
    double[] lower = values.clone();
    double[] upper = values.clone();
    for (int n = 0; n < values.length; n++) {
      switch (n % 11) {
        case 1, 2 -> upper[n] = open;
        case 3 -> {
          lower[n] = 0;
          upper[n] = Math.max(1, values[n]);
        }
        case 4 -> {
          lower[n] = open == INFINITY ? -INFINITY : open;
          upper[n] = Math.max(1, values[n]);
        }
        case 5 -> {
          lower[n] = n % 2 == 0 ? values[n] : open == INFINITY ? -INFINITY : open;
          upper[n] = n % 2 == 0 ? values[n] : open;
        }
        default -> {}
      }
    }
    return new double[][] {lower, upper};
  }

  private static double[] amounts() {
    double[] values = label(1);
    Arrays.setAll(values, n -> n % 4 == 0 ? 0 : values[n]);
    return values;
  }

  private static double[] counts() {
    double[] values = label(1);
    Arrays.setAll(values, n -> n % 4 == 0 ? 0 : Math.max(1, Math.rint(4 * values[n])));
    return values;
  }

  private static void assertSame(
      MixtureRegressorBuilder builder, MixtureRegression regression, double[] values)
      throws IOException {
    double[][] given = ends(values, Double.NaN);
    double[][] known = rowsOf(ends(values, INFINITY));
    MixtureRegressor expected =
        builder.censored().ensemble(2).build().fit(DATA.features(), known, DATA.weights());
    Dataset<Row> rows = dataset(3, given[0], given[1]);
    MixtureRegressionModel model =
        regression
            .setCensored(true)
            .setLabelCols("c0", "c1")
            .setEnsemble(2)
            .setWeightCol("weight")
            .setOutputs(Output.logDensity(), Output.pit(), Output.crps(), Output.mixture())
            .fit(rows);
    TestData.assertSameModel(expected, model);

    MixtureBatch predicted = expected.predict(DATA.features());
    double[] likelihoods = predicted.logLikelihood(Nd4j.createFromArray(known)).toDoubleVector();
    Dataset<Row> scored = model.transform(rows.repartition(3)).cache();
    List<Row> all = model.transform(rows).collectAsList();
    double[] pits = new double[rows()];
    for (int n = 0; n < all.size(); n++) {
      Row row = all.get(n);
      double lower = known[n][0];
      double upper = known[n][1];
      if (lower == -INFINITY && upper == INFINITY) {
        assertTrue(isNull(row, "logDensity") && isNull(row, "pit") && isNull(row, "crps"));
        continue;
      }
      assertEquals(likelihoods[n], row.<Double>getAs("logDensity"));
      assertEquals(lower != upper, isNull(row, "crps"));
      Mixture mixture = predicted.get(n);
      pits[n] = row.<Double>getAs("pit");
      boolean jumps = mixture.family().isDiscrete() || mixture.probabilityOf(lower) > 0;
      double below =
          mixture.family().isDiscrete()
              ? mixture.cdf(lower - 1)
              : mixture.cdf(jumps ? Math.nextDown(lower) : lower);
      String text = "%s to %s: %s".formatted(lower, upper, pits[n]);
      assertTrue(below - 1e-12 <= pits[n] && pits[n] <= mixture.cdf(upper) + 1e-12, text);
      if (lower == 0 && upper == 0 || mixture.family().isDiscrete() && lower == upper) {
        assertTrue(pits[n] < mixture.cdf(upper), "drawn: " + text);
      }
    }
    MixtureEvaluation evaluation = expected.evaluate(DATA.features(), known, DATA.weights());
    assertEquals(
        evaluation.nll(),
        new MixtureRegressionEvaluator()
            .setWeightCol("weight")
            .evaluate(scored.where("logDensity is not null")),
        1e-9);
    assertEquals(
        evaluation.target(0).crps(),
        new MixtureRegressionEvaluator()
            .setWeightCol("weight")
            .setMetricName("crps")
            .evaluate(scored),
        1e-9);
    // What is drawn differs, not its distribution: the share of 640 has a standard error of 0.02.
    double error =
        new MixtureRegressionEvaluator()
            .setWeightCol("weight")
            .setMetricName("coverageError")
            .evaluate(scored);
    double[] theirs = evaluation.target(0).pitValues();
    double sum = 0;
    for (int level = 1; level <= 9; level++) {
      double half = level / 20.0;
      sum +=
          Math.abs(
              Arrays.stream(theirs).filter(pit -> Math.abs(pit - 0.5) <= half).count()
                      / (double) theirs.length
                  - level / 10.0);
    }
    assertEquals(sum / 9, error, 0.06);
  }

  @Test
  void intervalsWithAtoms() throws IOException {
    assertSame(TestData.quick(), TestData.quickOnSpark(), amounts());
  }

  @Test
  void intervalsWithGivenAtoms() throws IOException {
    assertSame(TestData.quick().atoms(0, 5), TestData.quickOnSpark().setAtoms(0, 5), amounts());
  }

  @Test
  void intervalsOfCounts() throws IOException {
    assertSame(
        builderOfCounts().atoms(AtomSearch.NONE),
        regressionOfCounts().setAtoms(AtomSearch.NONE),
        counts());
  }

  @Test
  void intervalsOfCountsWithAtoms() throws IOException {
    assertSame(builderOfCounts(), regressionOfCounts(), counts());
  }

  /** With one setup, since a count takes long. */
  private static MixtureRegressorBuilder builderOfCounts() {
    return TestData.quick()
        .family(ComponentFamily.NEGATIVE_BINOMIAL)
        .bins(0)
        .noise(NoiseLevel.NONE)
        .widerUnits(0)
        .maxEpochs(4);
  }

  private static MixtureRegression regressionOfCounts() {
    return TestData.quickOnSpark()
        .setFamily(ComponentFamily.NEGATIVE_BINOMIAL)
        .setBins(0)
        .setNoise(NoiseLevel.NONE)
        .setWiderUnits(0)
        .setMaxEpochs(4);
  }

  /** Of two labels one may be known and the other not. */
  @Test
  void intervalsOfTwoLabels() throws IOException {
    double[][] given = new double[4][];
    double[][] known = new double[4][];
    System.arraycopy(ends(label(0), Double.NaN), 0, given, 0, 2);
    System.arraycopy(LabelledRows.ends(label(1), Double.NaN), 0, given, 2, 2);
    System.arraycopy(ends(label(0), INFINITY), 0, known, 0, 2);
    System.arraycopy(LabelledRows.ends(label(1), INFINITY), 0, known, 2, 2);
    double[][] ends = rowsOf(known);
    MixtureRegressor expected = TestData.quick().censored().build().fit(DATA.features(), ends);
    Dataset<Row> rows = dataset(2, given);
    MixtureRegressionModel model =
        TestData.quickOnSpark()
            .setCensored(true)
            .setLabelCols("c0", "c1", "c2", "c3")
            .setOutputs(Output.logDensity())
            .fit(rows);
    TestData.assertSameModel(expected, model);
    double[] likelihoods =
        expected
            .predict(DATA.features())
            .logLikelihood(Nd4j.createFromArray(ends))
            .toDoubleVector();
    List<Row> scored = model.transform(rows).collectAsList();
    int unknown = 0;
    for (int n = 0; n < scored.size(); n++) {
      boolean nothing =
          ends[n][0] == -INFINITY
              && ends[n][1] == INFINITY
              && ends[n][2] == -INFINITY
              && ends[n][3] == INFINITY;
      assertEquals(nothing, isNull(scored.get(n), "logDensity"), "row " + n);
      if (!nothing) {
        assertEquals(likelihoods[n], scored.get(n).<Double>getAs("logDensity"));
      }
      unknown += nothing ? 1 : 0;
    }
    assertTrue(unknown > 0, "some rows say nothing");
    assertEquals(
        expected.evaluate(DATA.features(), ends).nll(),
        new MixtureRegressionEvaluator().evaluate(model.transform(rows)),
        1e-9);
  }

  /** Each member has a sample of its own, with the atoms and units of the first. */
  @Test
  void samplesOfIntervalsWithAtoms() {
    double[][] given = ends(amounts(), Double.NaN);
    Dataset<Row> rows = dataset(2, given[0], given[1]);
    MixtureRegressionModel model =
        TestData.quickOnSpark()
            .setCensored(true)
            .setLabelCols("c0", "c1")
            .setWeightCol("weight")
            .setEnsemble(3)
            .setMaxTableBytes(4L * 6 * 300)
            .setOutputs(Output.logDensity())
            .fit(rows);
    assertEquals(3, model.report().members().size());
    assertEquals(List.of(0.0), model.report().atoms().stream().map(FitReport.Atom::value).toList());
    double nll = new MixtureRegressionEvaluator().evaluate(model.transform(rows));
    assertTrue(nll < 1.2, "as good as from all rows, about 0.6: " + nll);
  }

  /** Atoms are told by FLOAT: a column of that type holds them, too. */
  @Test
  void atomsInAColumnOfFloats() {
    double[] values = label(1);
    Arrays.setAll(values, n -> n % 4 == 0 ? 0.7 : values[n]); // (float) 0.7 is below 0.7
    Dataset<Row> rows =
        dataset(2, values, values)
            .withColumn("c0", functions.col("c0").cast("float"))
            .withColumn("c1", functions.expr("float(if(c1 = 0.7, 0.7, null))"));
    for (boolean censored : new boolean[] {false, true}) {
      MixtureRegression regression =
          TestData.quickOnSpark()
              .setAtoms(0.7)
              .setLabelCol("c0")
              .setOutputs(Output.logDensity(), Output.pit(), Output.mixture());
      if (censored) {
        regression.setCensored(true).setLabelCols("c0", "c1");
      }
      MixtureRegressionModel model = regression.fit(rows);
      List<FitReport.Atom> atoms = model.report().atoms();
      assertEquals(0.7, atoms.get(0).value());
      for (Row row : model.transform(rows).where("c0 < 0.71 and c0 > 0.69").collectAsList()) {
        Row mixture = row.getStruct(row.fieldIndex("mixture"));
        double probability =
            mixture.<Double>getList(mixture.fieldIndex("atomProbabilities")).get(0);
        assertEquals(Math.log(probability), row.<Double>getAs("logDensity"), 1e-9);
      }
    }
  }
}
