/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.sequence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mdn4j.MixtureSpec;
import org.mdn4j.PlainMixtureNll;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.distribution.Temperature;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Scoring with {@link SequenceGenerator}. */
class SequenceScoreTest {
  private static final int SEQUENCES = 3;
  private static final int STEPS = 5;
  private static final MixtureSpec SPEC = MixtureSpec.builder().components(3).targets(2).build();

  private static DataSet data(RNNFormat format, INDArray labelMask) {
    return new DataSet(
        Recurrent.random(format, SEQUENCES, 2, STEPS, 1),
        Recurrent.random(format, SEQUENCES, 2, STEPS, 2),
        null,
        labelMask);
  }

  private static INDArray stepMask() {
    return Nd4j.createFromArray(new double[][] {{1, 1, 1, 1, 1}, {1, 1, 0, 0, 0}, {1, 1, 1, 0, 0}});
  }

  /** Against DL4J's rnnTimeStep, one step after the other, and the textbook's formula. */
  @ParameterizedTest
  @EnumSource(RNNFormat.class)
  void theWholeSequenceScoresAsItsSteps(RNNFormat format) {
    MultiLayerNetwork net = Recurrent.net(2, 2, format);
    DataSet data = data(format, null);
    INDArray scores = SequenceGenerator.of(net).logLikelihood(data);
    assertArrayEquals(new long[] {SEQUENCES, STEPS}, scores.shape());
    assertEquals(DataType.DOUBLE, scores.dataType());
    for (int t = 0; t < STEPS; t++) {
      INDArray output = net.rnnTimeStep(step(data.getFeatures(), format, t));
      for (int n = 0; n < SEQUENCES; n++) {
        double[] raw = output.slice(n).dup().reshape(-1).toDoubleVector();
        double[] y = step(data.getLabels(), format, t).slice(n).dup().reshape(-1).toDoubleVector();
        assertEquals(
            -PlainMixtureNll.of(SPEC, y, raw, null).score(), scores.getDouble(n, t), 1e-10);
      }
    }
    assertTrue(
        net.scoreExamples(data, false).reshape(-1).equalsWithEps(scores.sum(1).neg(), 1e-10));
  }

  private static INDArray step(INDArray sequences, RNNFormat format, int t) {
    return format == RNNFormat.NWC
        ? sequences
            .get(NDArrayIndex.all(), NDArrayIndex.interval(t, t + 1), NDArrayIndex.all())
            .dup()
        : sequences
            .get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(t, t + 1))
            .dup();
  }

  @Test
  void aGraphScoresTheLabelsOfItsHead() {
    ComputationGraph graph = Recurrent.graph(2);
    DataSet data = data(RNNFormat.NCW, null);
    INDArray output = graph.output(data.getFeatures())[1]; // [N, P, T]
    INDArray scores = SequenceGenerator.of(graph).logLikelihood(data);
    for (int t = 0; t < STEPS; t++) {
      INDArray expected =
          MixtureBatch.of(SPEC, step(output, RNNFormat.NCW, t).reshape(SEQUENCES, -1))
              .logDensity(step(data.getLabels(), RNNFormat.NCW, t).reshape(SEQUENCES, -1));
      assertTrue(expected.equalsWithEps(scores.getColumn(t), 1e-12));
    }
  }

  @Test
  void masksOfStepsLeaveStepsOut() {
    MultiLayerNetwork net = Recurrent.net(2);
    SequenceGenerator generator = SequenceGenerator.of(net);
    INDArray whole = generator.logLikelihood(data(RNNFormat.NCW, null));
    DataSet masked = data(RNNFormat.NCW, stepMask());
    masked.getLabels().putScalar(1, 1, 4, Double.NaN); // behind the end
    INDArray scores = generator.logLikelihood(masked);
    assertEquals(whole.mul(stepMask()), scores);
    assertTrue(
        net.scoreExamples(masked, false).reshape(-1).equalsWithEps(scores.sum(1).neg(), 1e-10));
  }

  @ParameterizedTest
  @EnumSource(RNNFormat.class)
  void masksOfTargetsScoreTheMarginal(RNNFormat format) {
    MultiLayerNetwork net = Recurrent.net(2, 2, format);
    INDArray mask = Nd4j.ones(DataType.DOUBLE, data(format, null).getLabels().shape());
    putScalar(mask, format, 1, 0, 3);
    putScalar(mask, format, 2, 1, 1);
    putScalar(mask, format, 0, 0, 4);
    putScalar(mask, format, 0, 1, 4);
    DataSet data = data(format, mask);
    INDArray scores = SequenceGenerator.of(net).logLikelihood(data);
    INDArray output = net.output(data.getFeatures());
    for (int t = 0; t < STEPS; t++) {
      for (int n = 0; n < SEQUENCES; n++) {
        double[] raw = step(output, format, t).slice(n).dup().reshape(-1).toDoubleVector();
        double[] y = step(data.getLabels(), format, t).slice(n).dup().reshape(-1).toDoubleVector();
        double[] observed = step(mask, format, t).slice(n).dup().reshape(-1).toDoubleVector();
        assertEquals(
            -PlainMixtureNll.of(SPEC, y, raw, observed).score(), scores.getDouble(n, t), 1e-10);
      }
    }
    assertEquals(0, scores.getDouble(0, 4));
  }

  private static void putScalar(INDArray mask, RNNFormat format, int n, int d, int t) {
    if (format == RNNFormat.NWC) {
      mask.putScalar(n, t, d, 0);
    } else {
      mask.putScalar(n, d, t, 0);
    }
  }

  /** DL4J's LSTM pays no heed to it, dense layers do. */
  @Test
  void aMaskOfTheFeaturesGoesToTheNetwork() {
    MultiLayerNetwork net = Recurrent.withDenseLayers();
    SequenceGenerator generator = SequenceGenerator.of(net);
    DataSet data = data(RNNFormat.NCW, null);
    INDArray unmasked = generator.logLikelihood(data);
    INDArray mask = stepMask().rsub(1); // in front
    data.setFeaturesMaskArray(mask);
    INDArray output = net.output(data.getFeatures(), false, mask, null);
    INDArray expected =
        MixtureBatch.of(SPEC, step(output, RNNFormat.NCW, 4).reshape(SEQUENCES, -1))
            .logDensity(step(data.getLabels(), RNNFormat.NCW, 4).reshape(SEQUENCES, -1));
    INDArray scores = generator.logLikelihood(data);
    assertTrue(expected.equalsWithEps(scores.getColumn(4), 1e-12));
    assertTrue(Math.abs(scores.getDouble(1, 4) - unmasked.getDouble(1, 4)) > 1e-6);
  }

  private static INDArray fromStep2(INDArray sequences) {
    return sequences
        .get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(2, STEPS))
        .dup();
  }

  @Test
  void theTemperatureActsOnTheScore() {
    MultiLayerNetwork net = Recurrent.net(2);
    DataSet data = data(RNNFormat.NCW, null);
    INDArray warm =
        SequenceGenerator.of(net).temperature(new Temperature(2, 3)).logLikelihood(data);
    INDArray output = net.output(data.getFeatures());
    INDArray expected =
        MixtureBatch.of(SPEC, step(output, RNNFormat.NCW, 4).reshape(SEQUENCES, -1))
            .temperature(new Temperature(2, 3))
            .logDensity(step(data.getLabels(), RNNFormat.NCW, 4).reshape(SEQUENCES, -1));
    assertTrue(expected.equalsWithEps(warm.getColumn(4), 1e-12));
  }

  @Test
  void scoringLeavesTheStateAlone() {
    MultiLayerNetwork net = Recurrent.net(2);
    DataSet data = data(RNNFormat.NCW, null);
    INDArray whole = net.output(data.getFeatures());
    net.rnnTimeStep(step(data.getFeatures(), RNNFormat.NCW, 0));
    SequenceGenerator.of(net).logLikelihood(data);
    assertTrue(
        step(whole, RNNFormat.NCW, 1)
            .equalsWithEps(net.rnnTimeStep(step(data.getFeatures(), RNNFormat.NCW, 1)), 1e-12));
  }

  /** Drawn sequences as features one step late: the mean score is minus their entropy. */
  @Test
  void drawnSequencesScoreAsMuchAsTheirEntropy() {
    SequenceGenerator generator = SequenceGenerator.of(Recurrent.linear(0.5, 0.4, 0.3));
    GeneratedSequences drawn = generator.generate(100, 40, 3);
    INDArray features =
        Nd4j.concat(
            2,
            Nd4j.zeros(DataType.DOUBLE, 100, 1, 1),
            drawn
                .inputs()
                .get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(0, 39)));
    INDArray scores = generator.logLikelihood(new DataSet(features, drawn.samples()));
    double entropy = Math.log(0.3) + 0.5 * Math.log(2 * Math.PI * Math.E);
    double standardError = Math.sqrt(0.5 / 4000); // log p is −½u² + constant
    assertEquals(-entropy, scores.meanNumber().doubleValue(), 4 * standardError);
  }

  @Test
  void dataThatDoesNotFitIsRefused() {
    SequenceGenerator generator = SequenceGenerator.of(Recurrent.net(2));
    DataSet data = data(RNNFormat.NCW, null);
    INDArray features = data.getFeatures();
    INDArray labels = data.getLabels();
    assertRefused(
        generator,
        new DataSet(features, labels.dup().reshape(3, 5, 2)),
        "labels of shape [N, 2, T]");
    assertRefused(generator, new DataSet(features.slice(0), labels), "features of shape [N, 2, T]");
    assertRefused(
        generator, new DataSet(features, fromStep2(labels)), "3 sequences of 5 steps, got 3 of 3");
    assertRefused(
        generator,
        new DataSet(features, labels, null, Nd4j.ones(DataType.DOUBLE, 3, 4)),
        "label mask of shape [3, 5] (per step) or [3, 2, 5] (per target), got [3, 4]");
    labels.putScalar(1, 1, 3, Double.NaN);
    assertRefused(generator, data, "finite labels, got NaN at row 8, column 1");
  }

  private static void assertRefused(SequenceGenerator generator, DataSet data, String part) {
    Exception e = assertThrows(IllegalArgumentException.class, () -> generator.logLikelihood(data));
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }
}
