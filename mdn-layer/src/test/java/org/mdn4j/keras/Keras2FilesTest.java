/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.MixtureSpec;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.mdn4j.layers.MixtureDensityRnnOutputLayer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Files in the layouts of Keras 2 that the test writes itself, held against plain Java: dense and
 * LSTM networks, mixtures whose arrays are numbered (Keras 2.2) or named (tf.keras).
 */
class Keras2FilesTest {
  private static final int INPUTS = 3;
  private static final int UNITS = 5;
  private static final int COMPONENTS = 4;
  private static final int TARGETS = 2;

  @TempDir Path folder;

  private final Random random = new Random(21);
  private final double[][][] kernels = {
    matrix(UNITS, COMPONENTS * TARGETS),
    matrix(UNITS, COMPONENTS * TARGETS),
    matrix(UNITS, COMPONENTS)
  };
  private final double[][] biases = {
    vector(COMPONENTS * TARGETS), vector(COMPONENTS * TARGETS), vector(COMPONENTS)
  };

  private double[] vector(int length) {
    // Numbers of FLOAT, as the file holds them.
    return random.doubles(length, -1.5, 1.5).map(value -> (float) value).toArray();
  }

  private double[][] matrix(int rows, int columns) {
    double[][] matrix = new double[rows][];
    for (int i = 0; i < rows; i++) {
      matrix[i] = vector(columns);
    }
    return matrix;
  }

  private static MixtureSpec spec(org.deeplearning4j.nn.api.Layer head) {
    return ((MixtureDensityOutputLayer) head.conf().getLayer()).getSpec();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void dense(boolean isNamed) throws IOException {
    double[][] kernel = matrix(INPUTS, UNITS);
    double[] bias = vector(UNITS);
    double[][] x = matrix(6, INPUTS);
    double[][] expected = new double[6][];
    for (int n = 0; n < 6; n++) {
      expected[n] =
          PlainKeras.mdn(PlainKeras.dense(x[n], kernel, bias, Math::tanh), kernels, biases);
    }
    Keras2File file =
        new Keras2File()
            .version(isNamed ? "2.11.0" : "2.2.4")
            .input(INPUTS)
            .dense("dense", "tanh", kernel, bias)
            .mdn("mdn", COMPONENTS, TARGETS, isNamed, kernels, biases);
    INDArray features = Nd4j.createFromArray(x).castTo(DataType.FLOAT);
    MultiLayerNetwork net =
        KerasMixtureImport.importSequential(
            file.write(folder.resolve("sequential.h5"), file.sequentialJson()));
    PlainKeras.assertSame(expected, net.output(features), spec(net.getOutputLayer()));
    ComputationGraph graph =
        KerasMixtureImport.importGraph(
            file.write(folder.resolve("model.h5"), file.functionalJson()));
    PlainKeras.assertSame(expected, graph.outputSingle(features), spec(graph.getOutputLayer(0)));
    net.params().addi(1);
    KerasMixtureImport.importWeights(net, file.writeWeights(folder.resolve("weights.h5")));
    PlainKeras.assertSame(expected, net.output(features), spec(net.getOutputLayer()));
  }

  @ParameterizedTest
  @CsvSource({"false, hard_sigmoid", "true, sigmoid"})
  void lstm(boolean isNamed, String gate) throws IOException {
    double[][] kernel = matrix(INPUTS, 4 * UNITS);
    double[][] recurrent = matrix(UNITS, 4 * UNITS);
    double[] bias = vector(4 * UNITS);
    double[][][] x = {matrix(4, INPUTS), matrix(4, INPUTS)};
    double[][] expected = new double[8][];
    for (int n = 0; n < 2; n++) {
      double[][] steps =
          PlainKeras.lstm(
              x[n],
              kernel,
              recurrent,
              bias,
              gate.equals("sigmoid") ? PlainKeras::sigmoid : PlainKeras::hardSigmoid);
      for (int t = 0; t < 4; t++) {
        expected[4 * n + t] = PlainKeras.mdn(steps[t], kernels, biases);
      }
    }
    Keras2File file =
        new Keras2File()
            .input(-1, INPUTS)
            .lstm("lstm", gate, kernel, recurrent, bias)
            .mdn("td_mdn", COMPONENTS, TARGETS, isNamed, kernels, biases)
            .timeDistributed();
    INDArray features = Nd4j.createFromArray(x).castTo(DataType.FLOAT); // [N, T, size]
    MultiLayerNetwork net =
        KerasMixtureImport.importSequential(
            file.write(folder.resolve("sequential.h5"), file.sequentialJson()));
    assertInstanceOf(MixtureDensityRnnOutputLayer.class, net.getOutputLayer().conf().getLayer());
    PlainKeras.assertSame(expected, rows(net.output(features)), spec(net.getOutputLayer()));
    ComputationGraph graph =
        KerasMixtureImport.importGraph(
            file.write(folder.resolve("model.h5"), file.functionalJson()));
    PlainKeras.assertSame(
        expected, rows(graph.outputSingle(features)), spec(graph.getOutputLayer(0)));
    graph.params().addi(1);
    KerasMixtureImport.importWeights(graph, file.writeWeights(folder.resolve("weights.h5")));
    PlainKeras.assertSame(
        expected, rows(graph.outputSingle(features)), spec(graph.getOutputLayer(0)));
    assertEquals(net.params(), graph.params());
  }

  private static INDArray rows(INDArray output) {
    return output.dup('c').reshape('c', -1, output.size(2));
  }
}
