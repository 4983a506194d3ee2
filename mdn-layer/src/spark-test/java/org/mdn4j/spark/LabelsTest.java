/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mdn4j.spark.LabelledRows.DATA;
import static org.mdn4j.spark.LabelledRows.INFINITY;
import static org.mdn4j.spark.LabelledRows.assertFailure;
import static org.mdn4j.spark.LabelledRows.dataset;
import static org.mdn4j.spark.LabelledRows.ends;
import static org.mdn4j.spark.LabelledRows.groups;
import static org.mdn4j.spark.LabelledRows.isNull;
import static org.mdn4j.spark.LabelledRows.label;
import static org.mdn4j.spark.LabelledRows.numbers;
import static org.mdn4j.spark.LabelledRows.rows;
import static org.mdn4j.spark.LabelledRows.rowsOf;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.mdn4j.ComponentFamily;
import org.mdn4j.distribution.Interval;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.eval.Conformal;
import org.mdn4j.eval.MixtureEvaluation;
import org.mdn4j.regression.AtomSearch;
import org.mdn4j.regression.MixtureRegressor;
import org.mdn4j.regression.report.NoiseLevel;
import org.nd4j.linalg.factory.Nd4j;

/** Labels that are censored, counts, or have atoms; groups, rows that are held out, a budget. */
class LabelsTest {
  @Test
  void censoredLabelsAreTwoColumnsWithNullsForOpenSides() throws IOException {
    double[][] given = ends(label(1), Double.NaN); // NaN becomes null
    double[][] ends = ends(label(1), INFINITY);
    MixtureRegressor expected =
        TestData.quick().censored().ensemble(2).build().fit(DATA.features(), rowsOf(ends));
    MixtureRegressionModel model =
        TestData.quickOnSpark()
            .setCensored(true)
            .setLabelCols("c0", "c1")
            .setEnsemble(2)
            .setOutputs(
                Output.logDensity(),
                Output.pit(),
                Output.crps(),
                Output.survival(1, 2.5),
                Output.mixture())
            .fit(dataset(3, given[0], given[1]));
    TestData.assertSameModel(expected, model);

    MixtureBatch predicted = expected.predict(DATA.features());
    double[] likelihoods =
        predicted.logLikelihood(Nd4j.createFromArray(rowsOf(ends))).toDoubleVector();
    double[][] survival = predicted.survivalCurves(1, 2.5).toDoubleMatrix();
    Dataset<Row> scored = model.transform(dataset(2, given[0], given[1])).cache();
    List<Row> rows = scored.collectAsList();
    for (int n = 0; n < rows.size(); n++) {
      Row row = rows.get(n);
      double lower = ends[0][n];
      double upper = ends[1][n];
      Mixture mixture = predicted.get(n);
      if (Double.isInfinite(lower) && Double.isInfinite(upper)) {
        assertTrue(isNull(row, "logDensity") && isNull(row, "pit") && isNull(row, "crps"));
        continue;
      }
      assertEquals(likelihoods[n], row.<Double>getAs("logDensity"));
      assertArrayEquals(survival[n], numbers(row, "survival"));
      double pit = row.getAs("pit");
      if (lower == upper) {
        assertEquals(mixture.cdf(lower), pit);
        assertEquals(mixture.crps(lower), row.<Double>getAs("crps"));
      } else {
        assertTrue(mixture.cdf(lower) <= pit && pit <= mixture.cdf(upper));
        assertTrue(isNull(row, "crps"));
      }
    }
    MixtureEvaluation evaluation = expected.evaluate(DATA.features(), rowsOf(ends));
    double[] known =
        IntStream.range(0, rows())
            .filter(n -> !(Double.isInfinite(ends[0][n]) && Double.isInfinite(ends[1][n])))
            .mapToDouble(n -> -likelihoods[n])
            .toArray();
    assertEquals(
        Arrays.stream(known).average().orElseThrow(),
        new MixtureRegressionEvaluator().evaluate(scored),
        1e-9);
    assertEquals(
        evaluation.target(0).crps(),
        new MixtureRegressionEvaluator().setMetricName("crps").evaluate(scored),
        1e-9);
  }

  @Test
  void aColumnOfFlagsIsAnUpperEnd() throws IOException {
    double[] time = label(1);
    double[] flag = IntStream.range(0, rows()).mapToDouble(n -> n % 3 == 0 ? 0 : 1).toArray();
    double[] upper =
        IntStream.range(0, rows()).mapToDouble(n -> n % 3 == 0 ? INFINITY : time[n]).toArray();
    MixtureRegressor expected =
        TestData.quick()
            .censored()
            .build()
            .fit(DATA.features(), rowsOf(time, upper), DATA.weights());
    MixtureRegression regression =
        TestData.quickOnSpark()
            .setLabelCol("c0")
            .setCensorCol("c1")
            .setWeightCol("weight")
            .setOutputs(Output.logDensity());
    Dataset<Row> rows = dataset(2, time, flag);
    MixtureRegressionModel model = regression.fit(rows);
    TestData.assertSameModel(expected, model);
    assertEquals(
        expected.evaluate(DATA.features(), rowsOf(time, upper), DATA.weights()).nll(),
        new MixtureRegressionEvaluator().setWeightCol("weight").evaluate(model.transform(rows)),
        1e-9);
    Dataset<Row> withoutOne = rows.withColumn("c0", functions.expr("if(c0 > 2, null, c0)"));
    for (Row row : model.transform(withoutOne).collectAsList()) {
      assertEquals(isNull(row, "c0"), isNull(row, "logDensity"));
    }
    assertFailure(
        "Expected a finite number in column 'c0', got null in row",
        () -> regression.fit(withoutOne));
    assertFailure(
        "Expected 1 for a value that was seen, or 0 for a larger one, in column 'c1', got 2.0 in row"
            + " 1 of partition 0",
        () -> regression.fit(rows.withColumn("c1", functions.expr("if(c1 = 1, 2, c1)"))));
    assertFailure(
        "Expected one label in labelCol beside the censorCol 'c1', got [c0, c1]",
        () -> regression.copy(ParamMap.empty()).setLabelCols("c0", "c1").fit(rows));
  }

  @Test
  void saysWhichEndsAreWrong() {
    MixtureRegression regression =
        TestData.quickOnSpark().setCensored(true).setLabelCols("c0", "c1");
    double[] crossed = label(1);
    crossed[400] -= 1;
    assertFailure(
        "Expected a lower end that is at most the upper one, or both equal and finite, got",
        () -> regression.fit(dataset(2, label(1), crossed)));
    assertFailure(
        "in columns 'c0' and 'c1' in row 80 of partition 1",
        () -> regression.fit(dataset(2, label(1), crossed)));
    assertFailure(
        "Expected labelCols with two columns for each censored label, its lower and its upper end,"
            + " or a censorCol, got [c0]",
        () -> regression.setLabelCols("c0").fit(dataset(2, label(1), crossed)));
  }

  @Test
  void atomsAreFoundAndGiven() throws IOException {
    double[] label = label(0);
    for (int n = 0; n < label.length; n++) {
      label[n] = n % 4 == 0 ? 0 : n % 11 == 0 ? 1.5 : label[n];
    }
    double[][] targets = rowsOf(label);
    Dataset<Row> rows = dataset(3, label);
    MixtureRegression regression =
        TestData.quickOnSpark()
            .setLabelCol("c0")
            .setEnsemble(2)
            .setOutputs(Output.logDensity(), Output.pit(), Output.mixture(), Output.crps());
    MixtureRegressor expected = TestData.quick().ensemble(2).build().fit(DATA.features(), targets);
    MixtureRegressionModel model = regression.fit(rows);
    TestData.assertSameModel(expected, model);
    assertEquals(2, model.report().atoms().size());

    MixtureBatch predicted = expected.predict(DATA.features());
    Dataset<Row> scored = model.transform(rows).cache();
    double[] likelihoods = predicted.logLikelihood(Nd4j.createFromArray(targets)).toDoubleVector();
    List<Row> all = scored.collectAsList();
    for (int n = 0; n < all.size(); n++) {
      assertEquals(likelihoods[n], all.get(n).<Double>getAs("logDensity"));
      Row mixture = all.get(n).getStruct(all.get(n).fieldIndex("mixture"));
      assertArrayEquals(new double[] {0, 1.5}, numbers(mixture, "atoms"));
      assertArrayEquals(
          predicted.get(n).atomProbabilities(), numbers(mixture, "atomProbabilities"));
      assertEquals("GAUSSIAN", mixture.getAs("family"));
      assertFalse(mixture.<Boolean>getAs("discrete"));
      double sum =
          Arrays.stream(numbers(mixture, "weights")).sum()
              + Arrays.stream(numbers(mixture, "atomProbabilities")).sum();
      assertEquals(1, sum, 1e-12);
      double pit = all.get(n).getAs("pit");
      double cdf = predicted.get(n).cdf(label[n]);
      assertTrue(
          cdf - predicted.get(n).probabilityOf(label[n]) - 1e-12 <= pit && pit <= cdf + 1e-12);
    }
    assertEquals(
        expected.evaluate(DATA.features(), targets).nll(),
        new MixtureRegressionEvaluator().evaluate(scored),
        1e-9);

    MixtureRegressor none =
        TestData.quick().ensemble(2).atoms(AtomSearch.NONE).build().fit(DATA.features(), targets);
    TestData.assertSameModel(none, regression.setAtoms(AtomSearch.NONE).fit(rows));
    MixtureRegressor given =
        TestData.quick().ensemble(2).atoms(0).build().fit(DATA.features(), targets);
    TestData.assertSameModel(given, regression.setAtoms(0).fit(rows));
  }

  @Test
  void countsAreDiscrete() throws IOException {
    double[] counts = Arrays.stream(label(1)).map(y -> Math.max(0, Math.rint(3 * y - 3))).toArray();
    MixtureRegressor expected =
        TestData.quick()
            .family(ComponentFamily.NEGATIVE_BINOMIAL)
            .build()
            .fit(DATA.features(), rowsOf(counts));
    Dataset<Row> rows = dataset(2, counts);
    MixtureRegressionModel model =
        TestData.quickOnSpark()
            .setFamily(ComponentFamily.NEGATIVE_BINOMIAL)
            .setLabelCol("c0")
            .setOutputs(Output.mixture(), Output.logDensity(), Output.pit(), Output.quantiles(0.5))
            .fit(rows);
    TestData.assertSameModel(expected, model);
    MixtureBatch predicted = expected.predict(DATA.features());
    Dataset<Row> scored = model.transform(rows).cache();
    double[] pits = new double[rows()];
    List<Row> all = scored.collectAsList();
    for (int n = 0; n < all.size(); n++) {
      Row mixture = all.get(n).getStruct(all.get(n).fieldIndex("mixture"));
      assertEquals("NEGATIVE_BINOMIAL", mixture.getAs("family"));
      assertTrue(mixture.<Boolean>getAs("discrete"));
      assertEquals(
          predicted.get(n).logLikelihood(counts[n]), all.get(n).<Double>getAs("logDensity"), 1e-12);
      pits[n] = all.get(n).getAs("pit");
      assertTrue(
          predicted.get(n).cdf(counts[n] - 1) <= pits[n]
              && pits[n] <= predicted.get(n).cdf(counts[n]));
    }
    assertTrue(Arrays.stream(pits).distinct().count() > 600, "drawn between");
    assertEquals(
        expected.evaluate(DATA.features(), rowsOf(counts)).nll(),
        new MixtureRegressionEvaluator().evaluate(scored),
        1e-9);
  }

  @Test
  void groupsStayTogetherAndHeldOutRowsCalibrate() throws IOException {
    double[][] targets = rowsOf(label(0));
    MixtureRegressor expected =
        TestData.quick()
            .ensemble(2)
            .conformalFraction(0.2)
            .build()
            .fit(DATA.features(), targets, DATA.weights(), groups());
    Dataset<Row> rows = dataset(3, label(0));
    MixtureRegression regression =
        TestData.quickOnSpark()
            .setLabelCol("c0")
            .setWeightCol("weight")
            .setGroupsCol("group")
            .setEnsemble(2)
            .setConformalFraction(0.2)
            .setOutputs(Output.conformalInterval(0.8), Output.conformalRegion(0.8));
    MixtureRegressionModel model = regression.fit(rows);
    TestData.assertSameModel(expected, model);
    List<List<Interval>> intervals = expected.trust().intervals(DATA.features(), 0.8);
    List<List<Interval>> regions = expected.trust().regions(DATA.features(), 0.8);
    List<Row> all = model.transform(rows).collectAsList();
    for (int n = 0; n < all.size(); n += 13) {
      Row row = all.get(n);
      assertEquals(
          intervals.get(n).get(0), interval(row.getStruct(row.fieldIndex("conformalInterval"))));
      assertEquals(
          regions.get(n),
          row.<Row>getList(row.fieldIndex("conformalRegion")).stream()
              .map(LabelsTest::interval)
              .toList());
    }
    MixtureRegressor withoutGroups =
        TestData.quick()
            .ensemble(2)
            .conformalFraction(0.2)
            .build()
            .fit(DATA.features(), targets, DATA.weights());
    assertNotEquals(
        withoutGroups.report().members(), expected.report().members(), "groups matter here");
    assertFailure(
        "Expected a model that has held rows out for conformalInterval(0.8): set conformalFraction"
            + " before the fit",
        () -> regression.setConformalFraction(0).fit(rows));
  }

  private static Interval interval(Row row) {
    return new Interval(row.getDouble(0), row.getDouble(1));
  }

  /** Each group is calibrated by itself, as the regressor does for a frame. */
  @Test
  void heldOutRowsCalibrateByGroups() {
    MixtureRegressionModel model =
        TestData.quickOnSpark().setLabelCol("c0").fit(dataset(2, label(0)));
    String ofThree = "if(c0 is null, null, cast(pmod(hash(features), 3) as string))";
    Dataset<Row> heldOut =
        dataset(3, label(0)).withColumn("kind", functions.expr(ofThree)).where("kind < 2");
    List<Row> rows = heldOut.collectAsList();
    double[][] features =
        rows.stream()
            .map(row -> row.<org.apache.spark.ml.linalg.Vector>getAs("features").toArray())
            .toArray(double[][]::new);
    double[] labels = rows.stream().mapToDouble(row -> row.<Double>getAs("c0")).toArray();
    List<String> kinds = rows.stream().map(row -> row.<String>getAs("kind")).toList();
    MixtureBatch predicted = model.regressor().predict(features);
    Conformal expected = Conformal.of(predicted, Nd4j.createFromArray(labels), kinds);
    MixtureRegressionModel calibrated =
        model
            .conformalize(heldOut, "kind")
            .setOutputs(Output.conformalInterval(0.8), Output.conformalRegion(0.8));
    List<Row> scored =
        calibrated
            .transform(heldOut.withColumn("kind", functions.expr("if(c0 > 1, null, kind)")))
            .collectAsList();
    for (int n = 0; n < scored.size(); n += 7) {
      String kind = labels[n] > 1 ? null : kinds.get(n);
      Interval interval =
          expected
              .forGroup(kind, 0.8)
              .interval(calibrated.regressor().predict(features).get(n), 0.8);
      Row given = scored.get(n).getStruct(scored.get(n).fieldIndex("conformalInterval"));
      assertEquals(interval.lower(), given.getDouble(0), 1e-6);
      assertEquals(interval.upper(), given.getDouble(1), 1e-6);
    }
    assertEquals(Set.of("0", "1"), calibrated.regressor().trust().conformal().groups().keySet());
    assertEquals(
        expected.groups().get("1").rows(),
        calibrated.regressor().trust().conformal().groups().get("1").rows());
    assertFailure(
        "Expected a column 'kind', got features", () -> calibrated.transform(dataset(1, label(0))));
    assertFailure(
        "Expected exact labels to calibrate on",
        () ->
            TestData.quickOnSpark()
                .setLabelCol("c0")
                .setCensorCol("c1")
                .fit(dataset(2, label(1), new double[rows()]).withColumn("c1", functions.lit(1)))
                .conformalize(heldOut, ""));
  }

  /** Of a large table all members see the same rows where groups or held-out rows forbid others. */
  @Test
  void samplesOfGroupsAreTheSameForAllMembers() throws IOException {
    Dataset<Row> rows = dataset(3, label(0));
    MixtureRegression regression =
        TestData.quickOnSpark()
            .setLabelCol("c0")
            .setGroupsCol("group")
            .setEnsemble(2)
            .setConformalFraction(0.1)
            .setMaxTableBytes(4L * 5 * 300); // 300 rows of 3 features, a label and a group
    DatasetRows.Columns columns =
        new DatasetRows.Columns(
            "features", new LabelColumns(List.of("c0"), null, false, false), null, "group");
    long[] chosen = new MemberSamples(DatasetRows.of(rows, columns), 1, 300).first().numbers();
    int[] sample = Arrays.stream(chosen).mapToInt(Math::toIntExact).toArray();
    MixtureRegressor expected =
        TestData.quick()
            .ensemble(2)
            .conformalFraction(0.1)
            .build()
            .fit(
                select(DATA.features(), sample),
                select(rowsOf(label(0)), sample),
                null,
                IntStream.of(sample).map(n -> groups()[n]).toArray());
    TestData.assertSameModel(expected, regression.fit(rows));
  }

  /** Members with samples of their own have the atoms and the ends that the first one has. */
  @Test
  void samplesOfAtomsAndOfCensoredLabels() {
    double[] label = label(0);
    Arrays.setAll(label, n -> n % 3 == 0 ? 0.0 : label[n]);
    MixtureRegression atoms =
        TestData.quickOnSpark()
            .setLabelCol("c0")
            .setEnsemble(3)
            .setMaxTableBytes(4L * 4 * 300)
            .setOutputs(Output.mixture());
    Row mixture =
        atoms
            .fit(dataset(2, label))
            .transform(dataset(2, label))
            .selectExpr("mixture.atoms", "mixture.weights")
            .head();
    assertArrayEquals(new double[] {0}, numbers(mixture, "atoms"));
    assertEquals(12, numbers(mixture, "weights").length);
    double[][] ends = ends(label(1), Double.NaN);
    MixtureRegressionModel censored =
        TestData.quickOnSpark()
            .setCensored(true)
            .setLabelCols("c0", "c1")
            .setEnsemble(3)
            .setMaxTableBytes(4L * 5 * 300)
            .setOutputs(Output.logDensity())
            .fit(dataset(2, ends[0], ends[1]));
    double nll =
        new MixtureRegressionEvaluator().evaluate(censored.transform(dataset(2, ends[0], ends[1])));
    assertTrue(Double.isFinite(nll) && nll < 2, "" + nll);
  }

  private static double[][] select(double[][] rows, int[] chosen) {
    return IntStream.of(chosen).mapToObj(row -> rows[row]).toArray(double[][]::new);
  }

  @Test
  void aStrongerDecayIsTried() throws IOException {
    MixtureRegressor expected =
        TestData.quick().strongerDecay(0.5).build().fit(DATA.features(), rowsOf(label(0)));
    MixtureRegressionModel model =
        TestData.quickOnSpark().setLabelCol("c0").setStrongerDecay(0.5).fit(dataset(2, label(0)));
    TestData.assertSameModel(expected, model);
    assertTrue(
        model.report().trials().stream().anyMatch(trial -> trial.weightDecay() == 0.5),
        "it was a trial");
  }

  @Test
  void aBudgetIsUsedForMoreMembers() {
    long began = System.nanoTime();
    MixtureRegressionModel model =
        TestData.quickOnSpark()
            .setLabelCol("c0")
            .setBins(0)
            .setMaxEpochs(10_000_000)
            .setPatience(10_000_000)
            .setParallelism(2)
            .setBudget(Duration.ofSeconds(4))
            .fit(dataset(2, label(0)));
    double seconds = (System.nanoTime() - began) / 1e9;
    assertTrue(seconds < 30, "ends soon after the budget, not after all epochs: " + seconds);
    int epochs = model.report().members().get(0).curve().size();
    assertTrue(0 < epochs && epochs < 10_000_000, "stopped after " + epochs);
    MixtureRegressionModel quick =
        TestData.quickOnSpark()
            .setLabelCol("c0")
            .setBins(0)
            .setNoise(NoiseLevel.NONE)
            .setWiderUnits(0)
            .setStrongerDecay(0)
            .setMaxEpochs(2)
            .setParallelism(2)
            .setBudget(Duration.ofSeconds(6))
            .fit(dataset(2, label(0)));
    assertTrue(quick.report().members().size() > 1, "more members than the one asked for");
  }
}
