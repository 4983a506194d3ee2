/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.MixtureSpec;
import org.mdn4j.RandomRows;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.distribution.Temperature;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.mdn4j.layers.Nets;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

/** One pass, merged parts, parts that were written and read: the same figures. */
class MixtureEvaluationPartsTest {
  private static final int ROWS = 60;

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void partsMergeToOnePass(int targets) {
    MixtureSpec spec = spec(targets);
    RandomRows rows = RandomRows.of(spec, ROWS, 3, 1, DataType.DOUBLE);
    MixtureEvaluation whole = evaluation(spec);
    whole.eval(rows.labels(), rows.raw(), rows.observed());

    for (int[] cuts : new int[][] {{0, 1, 2, ROWS}, {0, 30, ROWS}, {0, 59, ROWS}, {0, ROWS}}) {
      MixtureEvaluation merged = whole.newInstance();
      for (int part = cuts.length - 2; part >= 0; part--) { // the last part comes first
        int[] range = IntStream.range(cuts[part], cuts[part + 1]).toArray();
        MixtureEvaluation evaluation = whole.newInstance();
        evaluation.eval(
            rows.labels().getRows(range),
            rows.raw().getRows(range),
            rows.observed().getRows(range));
        merged.merge(evaluation);
      }
      assertSameFigures(whole, merged);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void maskedRowsAreAsIfTheyWereNotThere(int targets) {
    MixtureSpec spec = spec(targets);
    RandomRows rows = RandomRows.of(spec, ROWS, 3, 1, DataType.DOUBLE);
    int[] kept = IntStream.range(0, ROWS).filter(n -> n % 3 != 0).toArray();
    MixtureEvaluation subset = evaluation(spec);
    subset.eval(rows.labels().getRows(kept), rows.raw().getRows(kept));

    INDArray mask = Nd4j.zeros(ROWS, 1);
    INDArray labels = Nd4j.valueArrayOf(new long[] {ROWS, targets}, Double.NaN, DataType.DOUBLE);
    for (int n : kept) {
      mask.putScalar(n, 0, 1);
      labels.putRow(n, rows.labels().getRow(n));
    }
    MixtureEvaluation masked = evaluation(spec);
    masked.eval(labels, rows.raw(), mask);
    assertEquals(subset, masked);
    MixtureEvaluation flat = evaluation(spec);
    flat.eval(labels, rows.raw(), mask.reshape(ROWS));
    assertEquals(subset, flat);
    MixtureEvaluation perTarget = evaluation(spec);
    perTarget.eval(labels, rows.raw(), Nd4j.ones(ROWS, targets).muliColumnVector(mask));
    assertEquals(subset, perTarget);
  }

  @Test
  void missingTargetsLeaveTheMarginal() {
    MixtureSpec spec = spec(2);
    RandomRows rows = RandomRows.of(spec, ROWS, 3, 1, DataType.DOUBLE);
    INDArray mask = Nd4j.ones(ROWS, 2);
    mask.getColumn(0).assign(0);
    MixtureEvaluation masked = MixtureEvaluation.builder(spec).build();
    masked.eval(rows.labels(), rows.raw(), mask);
    MixtureBatch batch = MixtureBatch.of(spec, rows.raw());
    double nll =
        IntStream.range(0, ROWS)
            .mapToDouble(n -> -batch.get(n).marginal(1).logDensity(rows.labels().getDouble(n, 1)))
            .average()
            .orElseThrow();
    assertEquals(nll, masked.nll(), 1e-12);
    assertEquals(0, masked.target(0).rows());
    assertEquals(Double.NaN, masked.target(0).crps());
    assertEquals(ROWS, masked.target(1).rows());
    MixtureEvaluation whole = MixtureEvaluation.builder(spec).build();
    whole.eval(rows.labels(), rows.raw());
    assertArrayEquals(whole.target(1).pitValues(), masked.target(1).pitValues(), 1e-14);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void jsonAndSerialisationRestoreEverything(int targets) throws Exception {
    MixtureSpec spec = spec(targets);
    RandomRows rows = RandomRows.of(spec, ROWS, 3, 1, DataType.DOUBLE);
    MixtureEvaluation whole = evaluation(spec);
    assertEquals(whole, MixtureEvaluation.fromJson(whole.toJson()));
    whole.eval(rows.labels(), rows.raw(), rows.observed());

    MixtureEvaluation read = MixtureEvaluation.fromJson(whole.toJson());
    assertEquals(whole, read);
    assertEquals(whole.hashCode(), read.hashCode());
    assertEquals(whole.stats(), read.stats());
    MixtureEvaluation copied = serialised(whole);
    assertEquals(whole, copied);
    for (MixtureEvaluation restored : new MixtureEvaluation[] {read, copied}) {
      restored.eval(rows.labels(), rows.raw(), rows.observed());
      assertNotEquals(whole, restored);
      MixtureEvaluation twice = serialised(whole);
      twice.eval(rows.labels(), rows.raw(), rows.observed());
      assertEquals(twice, restored);
    }
  }

  @Test
  void resetForgetsAndNewInstanceHasNoRows() {
    MixtureSpec spec = spec(1);
    RandomRows rows = RandomRows.of(spec, ROWS, 3, 1, DataType.DOUBLE);
    MixtureEvaluation evaluation = evaluation(spec);
    MixtureEvaluation empty = evaluation(spec);
    evaluation.eval(rows.labels(), rows.raw());
    assertNotEquals(empty, evaluation);
    assertEquals(empty, evaluation.newInstance());
    evaluation.reset();
    assertEquals(empty, evaluation);
    assertEquals(Double.NaN, evaluation.nll());
    assertEquals(Double.NaN, evaluation.target(0).pitKs());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void networksAndGraphsEvaluateByMinibatches(int targets) {
    DataSet data = Nets.data(DataType.FLOAT, ROWS, targets, 3);
    INDArray mask = Nd4j.ones(ROWS, 1);
    for (int n = 0; n < ROWS; n += 4) {
      mask.putScalar(n, 0, 0);
      data.getLabels().getRow(n).assign(Double.NaN);
    }
    data.setLabelsMaskArray(mask);
    var net = Nets.network(DataType.FLOAT, head(targets));
    var graph = Nets.graph(DataType.FLOAT, head(targets));
    graph.setParams(net.params());
    MixtureSpec spec = head(targets).getSpec();
    MixtureEvaluation direct = evaluation(spec);
    direct.eval(data.getLabels(), net.output(data.getFeatures()), mask);
    assertEquals(45, direct.rows());

    for (int minibatch : new int[] {1, 7, ROWS}) {
      MixtureEvaluation ofNet = evaluation(spec);
      net.doEvaluation(minibatches(data, minibatch), ofNet);
      assertSameFigures(direct, ofNet);
      MixtureEvaluation ofGraph = evaluation(spec);
      graph.doEvaluation(minibatches(data, minibatch), ofGraph);
      assertSameFigures(direct, ofGraph);
    }
  }

  /** By hand: DL4J's own DataSet.merge spoils row masks where there are several targets. */
  private static DataSetIterator minibatches(DataSet data, int size) {
    List<DataSet> minibatches = new ArrayList<>();
    for (int from = 0; from < ROWS; from += size) {
      int[] range = IntStream.range(from, Math.min(ROWS, from + size)).toArray();
      minibatches.add(
          new DataSet(
              data.getFeatures().getRows(range),
              data.getLabels().getRows(range),
              null,
              data.getLabelsMaskArray().getRows(range)));
    }
    return new ExistingDataSetIterator(minibatches);
  }

  private static MixtureDensityOutputLayer head(int targets) {
    return new MixtureDensityOutputLayer.Builder().components(3).targets(targets).build();
  }

  private static MixtureSpec spec(int targets) {
    return MixtureSpec.builder().components(3).targets(targets).build();
  }

  private static MixtureEvaluation evaluation(MixtureSpec spec) {
    double[] scale = new double[spec.targets()];
    Arrays.setAll(scale, d -> d + 2);
    return MixtureEvaluation.builder(spec)
        .levels(0.5, 0.9)
        .temperature(new Temperature(1.1, 0.9))
        .rescale(scale)
        .samples(19)
        .seed(4)
        .build();
  }

  /** Counts exactly; means to rounding, in FLOAT networks that of another minibatch size. */
  private static void assertSameFigures(MixtureEvaluation expected, MixtureEvaluation actual) {
    assertEquals(expected.rows(), actual.rows());
    assertEquals(expected.nll(), actual.nll(), 1e-5);
    assertEquals(expected.nllStandardError(), actual.nllStandardError(), 1e-5);
    assertEquals(expected.energyScore(), actual.energyScore(), 1e-5);
    assertEquals(expected.effectiveComponents(), actual.effectiveComponents(), 1e-5);
    assertArrayEquals(expected.unusedComponents(), actual.unusedComponents());
    for (int d = 0; d < expected.spec().targets(); d++) {
      TargetScores before = expected.target(d);
      TargetScores after = actual.target(d);
      assertEquals(before.rows(), after.rows());
      assertEquals(before.crps(), after.crps(), 1e-5);
      assertEquals(before.rmseOfMean(), after.rmseOfMean(), 1e-5);
      assertEquals(before.rmseOfMode(), after.rmseOfMode(), 1e-5);
      assertEquals(before.pitKs(), after.pitKs(), 1e-5);
      for (double level : expected.levels()) {
        assertEquals(expected.regionCoverage(level), actual.regionCoverage(level));
        assertEquals(before.centralCoverage(level), after.centralCoverage(level));
        assertEquals(before.regionCoverage(level), after.regionCoverage(level));
        assertEquals(before.centralWidth(level), after.centralWidth(level), 1e-5);
        assertEquals(before.regionWidth(level), after.regionWidth(level), 1e-5);
      }
    }
  }

  private static MixtureEvaluation serialised(MixtureEvaluation evaluation)
      throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(evaluation);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (MixtureEvaluation) in.readObject();
    }
  }
}
