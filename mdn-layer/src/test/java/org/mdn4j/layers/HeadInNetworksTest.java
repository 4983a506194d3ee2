/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.listeners.CollectScoresIterationListener;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mdn4j.MixtureSpec;
import org.mdn4j.likelihood.Engine;
import org.mdn4j.loss.LossMixtureNLL;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** The head inside MultiLayerNetwork and ComputationGraph, in training and in scoring. */
@Tag("slow")
@ParameterizedClass
@EnumSource(
    value = Engine.class,
    names = {"FUSED", "SAMEDIFF"})
class HeadInNetworksTest {

  @Parameter Engine engine;

  private MixtureDensityOutputLayer head(int targets) {
    return new MixtureDensityOutputLayer.Builder()
        .components(3)
        .targets(targets)
        .engine(engine)
        .build();
  }

  @Test
  void trainsExactlyAsAStockOutputLayerWithTheSameLoss() {
    LossMixtureNLL loss = new LossMixtureNLL(head(2).getSpec(), engine);
    OutputLayer stock =
        new OutputLayer.Builder(loss)
            .nOut(loss.getSpec().parameterCount())
            .activation(Activation.IDENTITY)
            .build();
    MultiLayerNetwork ours = Nets.network(DataType.FLOAT, head(2));
    MultiLayerNetwork theirs = Nets.network(DataType.FLOAT, stock);
    theirs.setParams(ours.params().dup());
    DataSet data = Nets.data(DataType.FLOAT, 16, 2, 1);
    for (int i = 0; i < 10; i++) {
      ours.fit(data);
      theirs.fit(data);
      assertEquals(theirs.score(), ours.score(), 1e-6 * Math.abs(theirs.score()));
    }
    assertEquals(theirs.params(), ours.params());
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void learnsInBothNetworkKindsAndDtypes(DataType dtype) {
    DataSet data = Nets.data(dtype, 32, 1, 2);
    MultiLayerNetwork net = Nets.network(dtype, head(1));
    ComputationGraph graph = Nets.graph(dtype, head(1));
    graph.setParams(net.params().dup());
    double before = net.score(data);
    for (int i = 0; i < 60; i++) {
      net.fit(data);
      graph.fit(data);
    }
    assertTrue(net.score(data) < before - 0.1, () -> before + " -> " + net.score(data));
    assertEquals(net.params(), graph.params());
    assertEquals(dtype, net.output(data.getFeatures()).dataType());
  }

  @Test
  void oneLikelihoodPassPerIteration() {
    CountingLoss loss = new CountingLoss(head(1).getSpec(), engine);
    MultiLayerNetwork net = Nets.network(DataType.FLOAT, headWith(loss));
    DataSet data = Nets.data(DataType.FLOAT, 8, 1, 3);
    net.fit(data);
    net.fit(data);
    assertEquals(2, loss.gradients.get());
    assertEquals(0, loss.scores.get());
  }

  @Test
  void oneLikelihoodPassPerIterationOfAGraph() {
    CountingLoss loss = new CountingLoss(head(1).getSpec(), engine);
    ComputationGraph net = Nets.graph(DataType.FLOAT, headWith(loss));
    DataSet data = Nets.data(DataType.FLOAT, 8, 1, 3);
    net.fit(data);
    net.fit(data);
    assertEquals(2, loss.gradients.get());
    assertEquals(0, loss.scores.get());
  }

  private MixtureDensityOutputLayer headWith(LossMixtureNLL loss) {
    MixtureDensityOutputLayer head = head(1);
    head.setLossFn(loss);
    return head;
  }

  @Test
  void scoreOfAnIterationIsTheScoreBeforeItsStep() {
    MultiLayerNetwork net = Nets.network(DataType.DOUBLE, head(2));
    DataSet first = Nets.data(DataType.DOUBLE, 8, 2, 4);
    DataSet second = Nets.data(DataType.DOUBLE, 5, 2, 5);
    for (DataSet data : List.of(first, second, first)) {
      double before = net.score(data);
      net.fit(data);
      assertEquals(before, net.score(), 1e-12);
    }
  }

  @Test
  void regularisationAndMinibatchDivisorFollowTheStockLayers() {
    MixtureDensityOutputLayer head = head(1);
    NeuralNetConfiguration.Builder base = Nets.base(DataType.DOUBLE, new Sgd(0.1)).l1(0.01).l2(0.1);
    MultiLayerNetwork net = new MultiLayerNetwork(Nets.configuration(base, head));
    net.init();
    DataSet data = Nets.data(DataType.DOUBLE, 4, 1, 6);
    INDArray output = net.output(data.getFeatures());
    double nll =
        head.getLossFn()
            .computeScore(data.getLabels(), output, head.getActivationFn(), null, false);
    double penalty = net.calcRegularizationScore(true);
    assertTrue(penalty > 0);
    assertEquals(nll / 4 + penalty, net.score(data), 1e-12);
    net.fit(data);
    assertEquals(nll / 4 + penalty, net.score(), 1e-12);
  }

  @Test
  void scoreExamplesIsTheNllOfEachRow() {
    MixtureDensityOutputLayer head = head(2);
    MultiLayerNetwork net = Nets.network(DataType.DOUBLE, head);
    DataSet data = Nets.data(DataType.DOUBLE, 6, 2, 7);
    INDArray scores = net.scoreExamples(data, false);
    assertArrayEquals(new long[] {6, 1}, scores.shape());
    assertEquals(net.score(data), scores.meanNumber().doubleValue(), 1e-12);
    for (int n = 0; n < 6; n++) {
      DataSet row = new DataSet(data.getFeatures().getRows(n), data.getLabels().getRows(n));
      assertEquals(net.score(row), scores.getDouble(n), 1e-12);
    }
  }

  @Test
  void minibatchOfOneTrains() {
    MultiLayerNetwork net = Nets.network(DataType.FLOAT, head(1));
    DataSet row = Nets.data(DataType.FLOAT, 1, 1, 8);
    double before = net.score(row);
    for (int i = 0; i < 20; i++) {
      net.fit(row);
    }
    assertTrue(net.score(row) < before);
  }

  @Test
  void dropoutClippingAndListenersWork() {
    MixtureDensityOutputLayer head =
        new MixtureDensityOutputLayer.Builder()
            .components(3)
            .engine(engine)
            .dropOut(0.8)
            .gradientNormalization(GradientNormalization.ClipElementWiseAbsoluteValue)
            .gradientNormalizationThreshold(1e-3)
            .build();
    MultiLayerNetwork net =
        new MultiLayerNetwork(Nets.configuration(Nets.base(DataType.FLOAT, new Sgd(1.0)), head));
    net.init();
    CollectScoresIterationListener scores = new CollectScoresIterationListener();
    net.setListeners(scores);
    INDArray before = net.getLayer(1).params().dup();
    DataSet data = Nets.data(DataType.FLOAT, 16, 1, 9);
    net.fit(data);
    // Sgd(1.0) moves each parameter by its clipped gradient, to the rounding of a parameter near 2.
    double largestStep = net.getLayer(1).params().sub(before).amaxNumber().doubleValue();
    assertTrue(largestStep > 0 && largestStep <= 1e-3 + 2.4e-7, () -> "step " + largestStep);
    net.fit(data);
    double[] collected = scores.getScoreVsIter().getEffectiveScores();
    assertEquals(2, collected.length);
    assertTrue(Double.isFinite(collected[0]) && Double.isFinite(collected[1]));
  }

  @Test
  void isOneOfSeveralOutputsOfAGraph() {
    MixtureDensityOutputLayer mixture = head(2);
    mixture.setNIn(Nets.HIDDEN);
    var configuration =
        Nets.base(DataType.DOUBLE, new Adam(0.01))
            .graphBuilder()
            .addInputs("in")
            .addLayer(
                "dense", new DenseLayer.Builder().nIn(Nets.INPUTS).nOut(Nets.HIDDEN).build(), "in")
            .addLayer("mixture", mixture, "dense")
            .addLayer(
                "value",
                new OutputLayer.Builder(LossFunction.MSE)
                    .nIn(Nets.HIDDEN)
                    .nOut(1)
                    .activation(Activation.IDENTITY)
                    .build(),
                "dense")
            .setOutputs("mixture", "value")
            .build();
    ComputationGraph graph = new ComputationGraph(configuration);
    graph.init();
    DataSet two = Nets.data(DataType.DOUBLE, 8, 2, 10);
    DataSet one = Nets.data(DataType.DOUBLE, 8, 1, 11);
    MultiDataSet data =
        new MultiDataSet(
            new INDArray[] {two.getFeatures()}, new INDArray[] {two.getLabels(), one.getLabels()});
    INDArray[] outputs = graph.output(two.getFeatures());
    double nll =
        mixture
            .getLossFn()
            .computeScore(two.getLabels(), outputs[0], mixture.getActivationFn(), null, true);
    double mse = outputs[1].squaredDistance(one.getLabels()) / 8;
    assertEquals(nll + mse, graph.score(data), 1e-12);
    graph.fit(data);
    assertEquals(nll + mse, graph.score(), 1e-12);
    assertTrue(graph.score(data) < nll + mse);
  }

  @Test
  void targetMaskActsThroughTheLayerAndMaskedLabelsMayBeNaN() {
    MultiLayerNetwork net = Nets.network(DataType.DOUBLE, head(2));
    DataSet data = Nets.data(DataType.DOUBLE, 3, 2, 12);
    INDArray mask = Nd4j.createFromArray(new double[][] {{1, 1}, {0, 1}, {0, 0}});
    INDArray labels = data.getLabels();
    labels.putScalar(1, 0, Double.NaN);
    labels.putScalar(2, 0, Double.NaN);
    labels.putScalar(2, 1, Double.POSITIVE_INFINITY);
    DataSet masked = new DataSet(data.getFeatures(), labels, null, mask);

    INDArray scores = net.scoreExamples(masked, false);
    assertTrue(scores.getDouble(2) == 0, "a row without targets has a score");
    assertTrue(Double.isFinite(scores.getDouble(1)) && scores.getDouble(1) != 0);
    // The divisor is the minibatch's size, masked rows included.
    assertEquals(scores.sumNumber().doubleValue() / 3, net.score(masked), 1e-12);

    MultiLayerNetwork withoutLastRow = net.clone();
    DataSet shorter =
        new DataSet(
            data.getFeatures().get(NDArrayIndex.interval(0, 2), NDArrayIndex.all()).dup(),
            labels.get(NDArrayIndex.interval(0, 2), NDArrayIndex.all()).dup(),
            null,
            mask.get(NDArrayIndex.interval(0, 2), NDArrayIndex.all()).dup());
    INDArray full = gradient(net, masked);
    INDArray cut = gradient(withoutLastRow, shorter);
    assertTrue(full.equalsWithEps(cut, 1e-12), "a row without targets has a gradient");
  }

  @Test
  void maskLeavesTheOutputAlone() {
    MultiLayerNetwork net = Nets.network(DataType.DOUBLE, head(1));
    DataSet data = Nets.data(DataType.DOUBLE, 3, 1, 13);
    INDArray mask = Nd4j.createFromArray(new double[][] {{1}, {0}, {0.5}});
    INDArray unmasked = net.output(data.getFeatures());
    assertEquals(unmasked, net.output(data.getFeatures(), false, null, mask));
    DataSet weighted = new DataSet(data.getFeatures(), data.getLabels(), null, mask);
    INDArray scores = net.scoreExamples(data, false);
    assertEquals((scores.getDouble(0) + 0.5 * scores.getDouble(2)) / 3, net.score(weighted), 1e-12);
  }

  @Test
  void badLabelsAreNamed() {
    MultiLayerNetwork net = Nets.network(DataType.FLOAT, head(2));
    DataSet data = Nets.data(DataType.FLOAT, 4, 2, 14);
    INDArray before = net.params().dup();
    data.getLabels().putScalar(3, 1, Float.NaN);
    IllegalArgumentException notANumber =
        assertThrows(IllegalArgumentException.class, () -> net.fit(data));
    assertTrue(notANumber.getMessage().contains("NaN at row 3, column 1"), notANumber::getMessage);
    DataSet narrow = Nets.data(DataType.FLOAT, 4, 1, 15);
    IllegalArgumentException width =
        assertThrows(IllegalArgumentException.class, () -> net.fit(narrow));
    assertTrue(width.getMessage().contains("[4, 2]"), width::getMessage);
    assertTrue(width.getMessage().contains("[4, 1]"), width::getMessage);
    assertEquals(before, net.params());
    assertFalse(Double.isNaN(net.score(Nets.data(DataType.FLOAT, 4, 2, 16))));
  }

  /** The gradient of the summed score: DL4J's updater divides by the minibatch. */
  private static INDArray gradient(MultiLayerNetwork net, DataSet data) {
    net.setInput(data.getFeatures());
    net.setLabels(data.getLabels());
    net.setLayerMaskArrays(null, data.getLabelsMaskArray());
    net.computeGradientAndScore();
    INDArray gradient = net.gradient().gradient().dup();
    net.clearLayerMaskArrays();
    return gradient;
  }

  /** Counts the passes that a network asks for. */
  private static final class CountingLoss extends LossMixtureNLL {
    private static final long serialVersionUID = 1L;
    private final AtomicInteger gradients = new AtomicInteger();
    private final AtomicInteger scores = new AtomicInteger();

    CountingLoss(MixtureSpec spec, Engine engine) {
      super(spec, engine);
    }

    @Override
    public INDArray computeScoreArray(
        INDArray labels, INDArray preOutput, IActivation activationFn, INDArray mask) {
      scores.incrementAndGet();
      return super.computeScoreArray(labels, preOutput, activationFn, mask);
    }

    @Override
    public Pair<Double, INDArray> computeGradientAndScore(
        INDArray labels,
        INDArray preOutput,
        IActivation activationFn,
        INDArray mask,
        boolean average) {
      gradients.incrementAndGet();
      return super.computeGradientAndScore(labels, preOutput, activationFn, mask, average);
    }
  }
}
