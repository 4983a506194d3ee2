/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.dropout.AlphaDropout;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.deeplearning4j.nn.conf.stepfunctions.DefaultStepFunction;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.mdn4j.layers.MixtureDensityRnnOutputLayer;
import org.mdn4j.likelihood.Engine;
import org.mdn4j.loss.LossMixtureNLL;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.AdaDelta;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** What FusedTraining refuses, and says so. */
class FusedTrainingReasonsTest {
  private static NeuralNetConfiguration.Builder builder() {
    return new NeuralNetConfiguration.Builder().updater(new Sgd(0.1)).activation(Activation.TANH);
  }

  private static DenseLayer.Builder dense() {
    return new DenseLayer.Builder().nIn(3).nOut(3);
  }

  private static MixtureDensityOutputLayer.Builder head() {
    return new MixtureDensityOutputLayer.Builder().nIn(3).components(2);
  }

  private static MultiLayerNetwork net(NeuralNetConfiguration.Builder builder, Layer... layers) {
    NeuralNetConfiguration.ListBuilder list = builder.list();
    for (Layer layer : layers) {
      list.layer(layer);
    }
    MultiLayerNetwork net = new MultiLayerNetwork(list.build());
    net.init();
    return net;
  }

  private static MultiLayerNetwork net(Layer below) {
    return net(builder(), below, head().build());
  }

  private static ComputationGraph branched() {
    ComputationGraph graph =
        new ComputationGraph(
            builder()
                .graphBuilder()
                .addInputs("x")
                .addLayer("a", dense().build(), "x")
                .addLayer("b", dense().build(), "x")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "a", "b")
                .addLayer("out", head().build(), "sum")
                .setOutputs("out")
                .build());
    graph.init();
    return graph;
  }

  private static final class OwnTanh extends ActivationTanH {
    private static final long serialVersionUID = 1L;
  }

  private static final class OwnL2 extends L2Regularization {
    private static final long serialVersionUID = 1L;

    OwnL2() {
      super(0.1);
    }
  }

  @SuppressWarnings("deprecation") // of the step function, which networks may still have
  static Stream<Arguments> refused() {
    MultiLayerNetwork raw = new MultiLayerNetwork(builder().list().layer(head().build()).build());
    OutputLayer squared =
        new OutputLayer.Builder(LossFunctions.LossFunction.MEAN_ABSOLUTE_ERROR)
            .nIn(3)
            .nOut(2)
            .build();
    OutputLayer tanh =
        new OutputLayer.Builder(new LossMixtureNLL(head().build().getSpec()))
            .nIn(3)
            .nOut(6)
            .build();
    MultiLayerNetwork preprocessed = net(dense().build());
    preprocessed
        .getLayerWiseConfigurations()
        .getInputPreProcessors()
        .put(1, new FeedForwardToRnnPreProcessor());
    return Stream.of(
        Arguments.of(raw, "call init() first"),
        Arguments.of(
            net(dense().build()).getLayer(0),
            "neither a MultiLayerNetwork nor a ComputationGraph itself"),
        Arguments.of(branched(), "vertex \"sum\" is no layer, but ElementWiseVertex"),
        Arguments.of(preprocessed, "layer 1 has an input preprocessor"),
        Arguments.of(
            net(builder().dataType(DataType.FLOAT16), dense().build(), head().build()),
            "data type is "),
        Arguments.of(
            net(
                builder().optimizationAlgo(OptimizationAlgorithm.LBFGS),
                dense().build(),
                head().build()),
            "optimization algorithm is LBFGS"),
        Arguments.of(
            net(builder().stepFunction(new DefaultStepFunction()), dense().build(), head().build()),
            "step function is"),
        Arguments.of(net(dense().hasLayerNorm(true).build()), "has layer norm"),
        Arguments.of(net(dense().weightNoise(new DropConnect(0.5)).build()), "has weight noise"),
        Arguments.of(
            net(dense().constrainWeights(new MaxNormConstraint(1, 1)).build()), "has constraints"),
        Arguments.of(
            net(
                builder(),
                dense().build(),
                head().constrainWeights(new MaxNormConstraint(1, 1)).build()),
            "has constraints"),
        Arguments.of(
            net(dense().dropOut(new AlphaDropout(0.5)).build()), "AlphaDropout instead of Dropout"),
        Arguments.of(
            net(dense().activation(Activation.SOFTMAX).build()), "has the activation softmax"),
        Arguments.of(net(dense().activation(new OwnTanh()).build()), "has the activation tanh"),
        Arguments.of(net(dense().updater(new AdaDelta()).build()), "the updater AdaDelta"),
        Arguments.of(
            net(dense().regularization(List.of(new OwnL2())).build()), "has the regularization"),
        Arguments.of(
            net(builder(), new BatchNormalization.Builder().nIn(3).nOut(3).build(), head().build()),
            "(BatchNormalization) is of a kind that is not covered"),
        Arguments.of(
            net(builder(), dense().build(), new FrozenLayer(dense().build()), head().build()),
            "is trained below a frozen layer"),
        Arguments.of(
            net(new FrozenLayerWithBackprop(dense().dropOut(new Dropout(0.5)).build())),
            "has dropout, which DL4J applies on the way back only"),
        Arguments.of(net(builder(), dense().build(), squared), "instead of LossMixtureNLL"),
        Arguments.of(net(builder(), dense().build(), tanh), "instead of the identity"),
        Arguments.of(
            net(builder(), dense().build(), head().engine(Engine.SAMEDIFF).build()),
            "names the engine SAMEDIFF"),
        Arguments.of(
            net(
                builder(),
                new org.deeplearning4j.nn.conf.layers.LSTM.Builder().nIn(3).nOut(3).build(),
                new MixtureDensityRnnOutputLayer.Builder().nIn(3).components(2).build()),
            "is of a kind that is not covered"),
        Arguments.of(null, "but null"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void isRefused(Model net, String reason) {
    Optional<String> given = FusedTraining.reasonAgainst(net);
    assertTrue(given.orElse("").contains(reason), () -> reason + ", but got " + given);
    IllegalArgumentException thrown =
        assertThrows(IllegalArgumentException.class, () -> FusedTraining.inOneThread(net));
    assertEquals(
        "FusedTraining does not cover this network: " + given.orElseThrow(), thrown.getMessage());
  }

  @Test
  void truncatedBackpropagationIsRefused() {
    MultiLayerNetwork net = net(dense().build());
    net.getLayerWiseConfigurations().setBackpropType(BackpropType.TruncatedBPTT);
    assertTrue(FusedTraining.reasonAgainst(net).orElseThrow().contains("TruncatedBPTT"));
  }

  /** What has no parameters may stand below a frozen layer. */
  @Test
  void layersWithoutParametersMayStandBelowFrozenOnes() {
    MultiLayerNetwork net =
        net(
            builder(),
            new ActivationLayer(Activation.CUBE),
            new FrozenLayer(dense().build()),
            head().build());
    assertEquals(Optional.empty(), FusedTraining.reasonAgainst(net));
  }

  @Test
  void wrongShapesAreNamed() {
    FusedTraining training = FusedTraining.of(net(dense().build()));
    INDArray x = Nd4j.zeros(4, 3);
    INDArray y = Nd4j.zeros(4, 1);
    List<String> messages = new ArrayList<>();
    for (Runnable call :
        List.<Runnable>of(
            () -> training.fit(Nd4j.zeros(4, 2), y),
            () -> training.fit(x, Nd4j.zeros(4, 2)),
            () -> training.fit(x, Nd4j.zeros(3, 1)),
            () -> training.fit(x, null),
            () -> training.fit(x, Nd4j.createFromArray(Float.NaN, 0, 0, 0).reshape(4, 1)),
            () -> training.fit(x, y, Nd4j.zeros(4, 3)),
            () -> training.fit(x, y, Nd4j.createFromArray(-1f, 0, 0, 0).reshape(4, 1)))) {
      messages.add(assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }
    assertEquals(
        List.of(
            "Expected features of shape [N, 3] with N > 0, got [4, 2]",
            "Expected labels of shape [4, 1] (rows of the features, targets), got [4, 2]",
            "Expected labels of shape [4, 1] (rows of the features, targets), got [3, 1]",
            "Expected labels of shape [4, 1] (rows of the features, targets), got null",
            "Expected finite labels, got NaN at row 0, column 0",
            "Expected a label mask of shape [4, 1] (per row) or [4, 1] (per target), got [4, 3]",
            "Expected weights >= 0 in the label mask, got -1.0 at row 0, column 0"),
        messages);
    training.close();
  }
}
