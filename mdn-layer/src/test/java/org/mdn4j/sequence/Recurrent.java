/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.sequence;

import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.distribution.NormalDistribution;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.mdn4j.layers.MixtureDensityRnnOutputLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Small recurrent networks, DOUBLE, whose outputs depend on the steps before. */
final class Recurrent {
  static final int UNITS = 4;

  private Recurrent() {}

  static NeuralNetConfiguration.Builder base() {
    return new NeuralNetConfiguration.Builder()
        .seed(11)
        .dataType(DataType.DOUBLE)
        .activation(Activation.TANH)
        .weightInit(new NormalDistribution(0, 1))
        .updater(new NoOp());
  }

  /** Three components; weights that are large enough for outputs to differ by the input. */
  static MixtureDensityRnnOutputLayer head(int targets, RNNFormat format) {
    return new MixtureDensityRnnOutputLayer.Builder()
        .nIn(UNITS)
        .components(3)
        .targets(targets)
        .weightInit(new NormalDistribution(0, 0.7))
        .dataFormat(format)
        .build();
  }

  static LSTM lstm(int inputs, RNNFormat format) {
    return new LSTM.Builder().nIn(inputs).nOut(UNITS).dataFormat(format).build();
  }

  static MultiLayerNetwork net(Layer... layers) {
    MultiLayerNetwork net = new MultiLayerNetwork(base().list(layers).build());
    net.init();
    return net;
  }

  static MultiLayerNetwork net(int inputs, int targets, RNNFormat format) {
    return net(lstm(inputs, format), head(targets, format));
  }

  /** Dense layers before and after the LSTM; 2 inputs, 2 targets. */
  static MultiLayerNetwork withDenseLayers() {
    MultiLayerNetwork net =
        new MultiLayerNetwork(
            base()
                .list()
                .layer(new DenseLayer.Builder().nOut(3).build())
                .layer(lstm(3, RNNFormat.NCW))
                .layer(new DenseLayer.Builder().nOut(UNITS).build())
                .layer(head(2, RNNFormat.NCW))
                .setInputType(InputType.recurrent(2))
                .build());
    net.init();
    return net;
  }

  static MultiLayerNetwork net(int width) {
    return net(width, width, RNNFormat.NCW);
  }

  /** A graph with an LSTM "lstm", the heads, and a sigmoid output "pen". */
  static ComputationGraph graph(int inputs, Layer lstm, RNNFormat format, List<String> heads) {
    ComputationGraphConfiguration.GraphBuilder builder =
        base().graphBuilder().addInputs("in").addLayer("lstm", lstm, "in");
    heads.forEach(name -> builder.addLayer(name, head(2, format), "lstm"));
    String[] outputs = new String[heads.size() + 1];
    outputs[0] = "pen";
    Arrays.setAll(outputs, i -> i == 0 ? "pen" : heads.get(i - 1));
    ComputationGraph graph =
        new ComputationGraph(
            builder
                .addLayer(
                    "pen",
                    new RnnOutputLayer.Builder(LossFunction.XENT)
                        .nIn(UNITS)
                        .nOut(1)
                        .activation(Activation.SIGMOID)
                        .dataFormat(format)
                        .build(),
                    "lstm")
                .setOutputs(outputs)
                .build());
    graph.init();
    return graph;
  }

  static ComputationGraph graph(int inputs) {
    return graph(inputs, lstm(inputs, RNNFormat.NCW), RNNFormat.NCW, List.of("offset"));
  }

  /**
   * Of one target: h_t = x_t + memory · h_{t−1}, and y_{t} ~ N(slope · h_t, deviation²), exactly.
   */
  static MultiLayerNetwork linear(double memory, double slope, double deviation) {
    MultiLayerNetwork net =
        net(
            new SimpleRnn.Builder().nIn(1).nOut(1).activation(Activation.IDENTITY).build(),
            new MixtureDensityRnnOutputLayer.Builder().nIn(1).components(1).targets(1).build());
    net.getLayer(0).setParam("W", row(1));
    net.getLayer(0).setParam("RW", row(memory));
    net.getLayer(0).setParam("b", row(0));
    net.getLayer(1).setParam("W", row(0, slope, 0));
    net.getLayer(1).setParam("b", row(0, 0, Math.log(deviation)));
    return net;
  }

  private static INDArray row(double... values) {
    return Nd4j.createFromArray(new double[][] {values});
  }

  /** Standard normal numbers [N, size, T] or [N, T, size], the same in both. */
  static INDArray random(RNNFormat format, int examples, int size, int steps, long seed) {
    Nd4j.getRandom().setSeed(seed);
    INDArray ncw = Nd4j.randn(DataType.DOUBLE, examples, size, steps);
    return format == RNNFormat.NWC ? ncw.permute(0, 2, 1).dup('c') : ncw;
  }
}
