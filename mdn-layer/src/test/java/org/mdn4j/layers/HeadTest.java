/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.mdn4j.MixtureSpec;
import org.mdn4j.loss.LossMixtureNLL;
import org.mdn4j.rows.Layout;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** What counts as a head, and where it is found. */
class HeadTest {
  private static final MixtureSpec SPEC =
      MixtureSpec.builder().components(2).targets(2).scaleFloor(0.1).build();

  private static BaseOutputLayer stock() {
    return new OutputLayer.Builder(new LossMixtureNLL(SPEC))
        .nOut(SPEC.parameterCount())
        .activation(Activation.IDENTITY)
        .build();
  }

  private static RnnOutputLayer stockRecurrent(RNNFormat format) {
    return new RnnOutputLayer.Builder(new LossMixtureNLL(SPEC))
        .nIn(3)
        .nOut(SPEC.parameterCount())
        .activation(Activation.IDENTITY)
        .dataFormat(format)
        .build();
  }

  private static BaseOutputLayer squaredError() {
    return new OutputLayer.Builder(LossFunction.MSE).nOut(2).build();
  }

  private static MultiLayerNetwork net(BaseOutputLayer output) {
    MultiLayerNetwork net = new MultiLayerNetwork(Nets.configuration(output));
    net.init();
    return net;
  }

  @Test
  void aLayerIsAHeadByItsLoss() {
    assertEquals(
        Optional.of(SPEC), Head.spec(new MixtureDensityOutputLayer.Builder().spec(SPEC).build()));
    assertEquals(
        Optional.of(SPEC),
        Head.spec(new MixtureDensityRnnOutputLayer.Builder().spec(SPEC).build()));
    assertEquals(
        Optional.of(SPEC), Head.spec(new MixtureDensityCnnLossLayer.Builder().spec(SPEC).build()));
    assertEquals(Optional.of(SPEC), Head.spec(stock()));
    assertEquals(Optional.of(SPEC), Head.spec(stockRecurrent(RNNFormat.NCW)));
    assertEquals(Optional.empty(), Head.spec(squaredError()));
    assertEquals(Optional.empty(), Head.spec(new DenseLayer.Builder().nOut(3).build()));
  }

  @Test
  void findReturnsNoneWhereAllThrows() {
    assertEquals(List.of(), Head.find(net(squaredError())));
    assertThrows(IllegalArgumentException.class, () -> Head.all(net(squaredError())));
    Head head = Head.find(net(stock())).get(0);
    assertEquals(SPEC, head.spec());
    assertEquals("output layer", head.name());
    assertFalse(head.isOwnRecurrent());
  }

  @Test
  void ofAGraphByNameAndPlaceAmongTheOutputs() {
    ComputationGraph graph =
        new ComputationGraph(
            Nets.base(DataType.FLOAT, new Sgd(0.1))
                .graphBuilder()
                .addInputs("in")
                .addLayer(
                    "error", new OutputLayer.Builder(LossFunction.MSE).nIn(2).nOut(2).build(), "in")
                .addLayer(
                    "mixture",
                    new MixtureDensityOutputLayer.Builder().nIn(2).spec(SPEC).build(),
                    "in")
                .setOutputs("error", "mixture")
                .build());
    graph.init();
    Head head = Head.only(graph);
    assertEquals("mixture", head.name());
    assertEquals(1, head.output());
  }

  @Test
  void layoutsOfSequences() {
    for (RNNFormat format : RNNFormat.values()) {
      Layout expected = new Layout(format == RNNFormat.NCW ? 1 : 2);
      MultiLayerNetwork stock =
          new MultiLayerNetwork(
              new NeuralNetConfiguration.Builder().list().layer(stockRecurrent(format)).build());
      stock.init();
      assertEquals(expected, Head.only(stock).layout());
      assertFalse(Head.only(stock).isOwnRecurrent());
      MultiLayerNetwork own =
          new MultiLayerNetwork(
              new NeuralNetConfiguration.Builder()
                  .list()
                  .layer(
                      new MixtureDensityRnnOutputLayer.Builder()
                          .nIn(3)
                          .spec(SPEC)
                          .dataFormat(format)
                          .build())
                  .build());
      own.init();
      assertEquals(expected, Head.only(own).layout());
      assertTrue(Head.only(own).isOwnRecurrent());
    }
  }
}
