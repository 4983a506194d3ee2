/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.layers;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;

/** Small networks with a given head: 2 inputs, 6 tanh units. */
public final class Nets {
  public static final int INPUTS = 2;
  static final int HIDDEN = 6;

  private Nets() {}

  static NeuralNetConfiguration.Builder base(DataType dtype, IUpdater updater) {
    return new NeuralNetConfiguration.Builder()
        .seed(7)
        .dataType(dtype)
        .weightInit(WeightInit.XAVIER)
        .activation(Activation.TANH)
        .updater(updater);
  }

  static MultiLayerConfiguration configuration(BaseOutputLayer head) {
    return configuration(base(DataType.FLOAT, new Adam(0.01)), head);
  }

  static MultiLayerConfiguration configuration(
      NeuralNetConfiguration.Builder base, BaseOutputLayer head) {
    return base.list()
        .layer(new DenseLayer.Builder().nIn(INPUTS).nOut(HIDDEN).build())
        .layer(withInputs(head))
        .build();
  }

  static ComputationGraphConfiguration graphConfiguration(BaseOutputLayer head) {
    return graphConfiguration(base(DataType.FLOAT, new Adam(0.01)), head);
  }

  static ComputationGraphConfiguration graphConfiguration(
      NeuralNetConfiguration.Builder base, BaseOutputLayer head) {
    return base.graphBuilder()
        .addInputs("in")
        .addLayer("dense", new DenseLayer.Builder().nIn(INPUTS).nOut(HIDDEN).build(), "in")
        .addLayer("head", withInputs(head), "dense")
        .setOutputs("head")
        .build();
  }

  public static MultiLayerNetwork network(DataType dtype, BaseOutputLayer head) {
    MultiLayerNetwork net = new MultiLayerNetwork(configuration(base(dtype, new Adam(0.01)), head));
    net.init();
    return net;
  }

  public static ComputationGraph graph(DataType dtype, BaseOutputLayer head) {
    ComputationGraph graph =
        new ComputationGraph(graphConfiguration(base(dtype, new Adam(0.01)), head));
    graph.init();
    return graph;
  }

  /** Random examples, the same for a seed. */
  public static DataSet data(DataType dtype, int rows, int targets, long seed) {
    Nd4j.getRandom().setSeed(seed);
    return new DataSet(Nd4j.randn(dtype, rows, INPUTS), Nd4j.randn(dtype, rows, targets));
  }

  private static BaseOutputLayer withInputs(BaseOutputLayer head) {
    head.setNIn(HIDDEN);
    return head;
  }
}
