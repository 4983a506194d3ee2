/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.sequence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** What {@link SequenceGenerator} refuses, and with which words. */
class SequenceGeneratorErrorsTest {

  private static void assertRefused(Executable call, String part) {
    Exception e = assertThrows(IllegalArgumentException.class, call);
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }

  private static MultiLayerNetwork dense() {
    return Recurrent.net(
        new DenseLayer.Builder().nIn(2).nOut(3).build(),
        new MixtureDensityOutputLayer.Builder().nIn(3).components(2).targets(2).build());
  }

  @Test
  void networksWithoutARecurrentHead() {
    assertRefused(
        () -> SequenceGenerator.of(dense()),
        "ends in a MixtureDensityRnnOutputLayer, got MixtureDensityOutputLayer");
    assertRefused(
        () -> SequenceGenerator.of(dense().toComputationGraph()),
        "MixtureDensityRnnOutputLayer among its outputs, got [");
    assertRefused(
        () ->
            SequenceGenerator.of(
                Recurrent.net(
                    new DenseLayer.Builder().nIn(2).nOut(3).build(),
                    new LossLayer.Builder(LossFunction.MSE).build())),
        "got LossLayer");
  }

  @Test
  void networksThatAreNotInitialised() {
    assertRefused(
        () ->
            SequenceGenerator.of(
                new MultiLayerNetwork(Recurrent.net(2).getLayerWiseConfigurations())),
        "call init() first");
    assertRefused(
        () -> SequenceGenerator.of(new ComputationGraph(Recurrent.graph(2).getConfiguration())),
        "call init() first");
  }

  @Test
  void graphsWithSeveralHeadsOrInputs() {
    ComputationGraph two =
        Recurrent.graph(
            2, Recurrent.lstm(2, RNNFormat.NCW), RNNFormat.NCW, List.of("first", "second"));
    assertRefused(() -> SequenceGenerator.of(two), "name one of [first, second]");
    assertRefused(() -> SequenceGenerator.of(two, "pen"), "one of [first, second], got pen");
    ComputationGraph inputs =
        new ComputationGraph(
            Recurrent.base()
                .graphBuilder()
                .addInputs("a", "b")
                .addLayer("lstm", Recurrent.lstm(2, RNNFormat.NCW), "a", "b")
                .addLayer("head", Recurrent.head(2, RNNFormat.NCW), "lstm")
                .setOutputs("head")
                .build());
    inputs.init();
    assertRefused(() -> SequenceGenerator.of(inputs), "one input, got [a, b]");
  }

  @Test
  void layersThatSeeSeveralSteps() {
    assertRefused(
        () ->
            SequenceGenerator.of(
                Recurrent.net(
                    new Bidirectional(Bidirectional.Mode.ADD, Recurrent.lstm(2, RNNFormat.NCW)),
                    Recurrent.head(2, RNNFormat.NCW))),
        "got Bidirectional, which sees several at once");
    assertRefused(
        () ->
            SequenceGenerator.of(
                Recurrent.net(
                    new Convolution1DLayer.Builder(3).nIn(2).nOut(2).build(),
                    Recurrent.lstm(2, RNNFormat.NCW),
                    Recurrent.head(2, RNNFormat.NCW))),
        "got Convolution1DLayer");
  }

  @Test
  void countsBelowOne() {
    SequenceGenerator generator = SequenceGenerator.of(Recurrent.net(2));
    assertRefused(() -> generator.generate(1, 0, 1), "at least 1 step, got 0");
    assertRefused(() -> generator.generate(0, 1, 1), "at least 1 sequence, got 0");
  }

  @Test
  void primersOfAnotherShape() {
    SequenceGenerator generator = SequenceGenerator.of(Recurrent.net(2));
    for (INDArray primer : List.of(Nd4j.zeros(1, 3, 2), Nd4j.zeros(1, 2))) {
      assertRefused(() -> generator.generate(primer, 1, 1), "a primer of shape [N, 2, T], got [1,");
    }
    SequenceGenerator nwc = SequenceGenerator.of(Recurrent.net(2, 2, RNNFormat.NWC));
    assertRefused(
        () -> nwc.generate(Nd4j.zeros(1, 2, 3), 1, 1),
        "a primer of shape [N, T, 2], got [1, 2, 3]");
  }

  @Test
  void inputsThatAreNotAsWideAsASample() {
    assertRefused(
        () -> SequenceGenerator.of(Recurrent.graph(3)).generate(1, 1, 1),
        "as wide as a sample, 2, got 3: give a feedback function");
  }

  @Test
  void feedbackThatDoesNotFit() {
    SequenceGenerator generator = SequenceGenerator.of(Recurrent.net(2));
    assertRefused(
        () -> generator.feedback(step -> new double[3]).generate(1, 1, 1),
        "2 finite numbers from the feedback function after step 0 of sequence 0, got [0.0, 0.0,");
    assertRefused(
        () -> generator.feedback(step -> new double[] {1, Double.NaN}).generate(1, 1, 1),
        "got [1.0, NaN]");
    assertRefused(() -> generator.feedback(step -> null).generate(1, 1, 1), "got null");
    assertRefused(
        () -> generator.feedback(step -> step.output("pen")).generate(1, 1, 1),
        "a further output, one of [], got pen");
    assertRefused(
        () ->
            SequenceGenerator.of(Recurrent.graph(2))
                .feedback(step -> step.output("offset"))
                .generate(1, 1, 1),
        "a further output, one of [pen], got offset");
  }

  @Test
  void aNetworkThatHasDiverged() {
    MultiLayerNetwork net = Recurrent.net(2);
    net.getLayer(1).getParam("b").putScalar(0, Double.NaN);
    assertRefused(() -> SequenceGenerator.of(net).generate(1, 1, 1), "finite output, got NaN");
  }

  @Test
  void nulls() {
    SequenceGenerator generator = SequenceGenerator.of(Recurrent.net(2));
    assertNull(() -> generator.stopWhen(null), "Expected a stop condition, got null");
    assertNull(() -> generator.feedback(null), "Expected a feedback function, got null");
    assertNull(() -> generator.temperature(null), "Expected a temperature, got null");
    assertNull(
        () -> SequenceGenerator.of(Recurrent.graph(2), null),
        "Expected the name of an output, got null");
  }

  private static void assertNull(Executable call, String message) {
    assertEquals(message, assertThrows(NullPointerException.class, call).getMessage());
  }
}
