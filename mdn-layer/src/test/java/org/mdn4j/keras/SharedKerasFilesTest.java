/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.modelimport.keras.Hdf5Archive;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.mdn4j.MixtureSpec;
import org.mdn4j.ScaleTransform;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.mdn4j.layers.MixtureDensityRnnOutputLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Trained MDN-RNNs of the public repository cpmpercussion/imps, written by Keras 2.2.5 and tf.keras
 * 2.2.4, against plain Java from the arrays, which here DL4J's own reader reads. They lie beside
 * the project, not in it: in {@code ../shared/data/keras}, or where the system property {@code
 * mdn4j.keras} says.
 */
class SharedKerasFilesTest {
  private static final int COMPONENTS = 5;

  private static Path file(String name) {
    String given = System.getProperty("mdn4j.keras");
    Path folder = given == null ? shared() : Path.of(given);
    Path file = folder.resolve(name);
    assumeTrue(Files.exists(file), "Skipped: there is no " + file.toAbsolutePath().normalize());
    return file;
  }

  /** Beside the project's root, which is the parent of this module, or beside its work tree. */
  private static Path shared() {
    Path below = Path.of("shared", "data", "keras");
    for (Path up = Path.of("").toAbsolutePath(); up != null; up = up.getParent()) {
      if (Files.isDirectory(up.resolve(below))) {
        return up.resolve(below);
      }
    }
    return Path.of("..", "..").resolve(below);
  }

  private static double[][] matrix(Hdf5Archive archive, String name, String... groups)
      throws Exception {
    return archive.readDataSet(name, groups).castTo(DataType.DOUBLE).toDoubleMatrix();
  }

  private static double[] vector(Hdf5Archive archive, String name, String... groups)
      throws Exception {
    return archive.readDataSet(name, groups).castTo(DataType.DOUBLE).toDoubleVector();
  }

  private static double[][] steps(int length, int size) {
    Random random = new Random(8);
    double[][] steps = new double[length][];
    for (int t = 0; t < length; t++) {
      steps[t] = random.doubles(size, -1, 1).map(value -> (float) value).toArray();
    }
    return steps;
  }

  private static double[][] lstms(
      Hdf5Archive archive, String root, double[][] steps, DoubleUnaryOperator gate)
      throws Exception {
    double[][] h = steps;
    for (String layer : new String[] {"lstm0", "lstm1"}) {
      String[] groups = {root + "/" + layer + "/" + layer};
      h =
          PlainKeras.lstm(
              h,
              matrix(archive, "kernel:0", groups),
              matrix(archive, "recurrent_kernel:0", groups),
              vector(archive, "bias:0", groups),
              gate);
    }
    return h;
  }

  private static double[][] mixtures(double[][] h, double[][][] kernels, double[][] biases) {
    double[][] outputs = new double[h.length][];
    for (int t = 0; t < h.length; t++) {
      outputs[t] = PlainKeras.mdn(h[t], kernels, biases);
    }
    return outputs;
  }

  private static INDArray features(double[][] steps) {
    return Nd4j.createFromArray(new double[][][] {steps}).castTo(DataType.FLOAT); // [1, T, size]
  }

  @Test
  void aWholeModelOfKeras22() throws Exception {
    Path file = file("mdrnn-dim2-units32-mixtures5.keras22-model.h5");
    double[][] steps = steps(20, 2);
    double[][] expected;
    try (Hdf5Archive archive = new Hdf5Archive(file.toString())) {
      double[][] h = lstms(archive, "/model_weights", steps, PlainKeras::hardSigmoid);
      String mdn = "/model_weights/td_mdn/td_mdn";
      expected =
          mixtures(
              h,
              new double[][][] {
                matrix(archive, "kernel:0", mdn),
                matrix(archive, "kernel_1:0", mdn),
                matrix(archive, "kernel_2:0", mdn)
              },
              new double[][] {
                vector(archive, "bias:0", mdn),
                vector(archive, "bias_1:0", mdn),
                vector(archive, "bias_2:0", mdn)
              });
    }
    ComputationGraph net = KerasMixtureImport.importGraph(file);
    MixtureSpec spec =
        ((MixtureDensityOutputLayer) net.getOutputLayer(0).conf().getLayer()).getSpec();
    INDArray x = features(steps);
    PlainKeras.assertSame(expected, net.outputSingle(x).reshape(20, spec.parameterCount()), spec);
    INDArray inDouble =
        net.convertDataType(DataType.DOUBLE).outputSingle(x.castTo(DataType.DOUBLE));
    PlainKeras.assertSame(expected, inDouble.reshape(20, spec.parameterCount()), spec);
  }

  @Test
  void weightsOfTensorFlowsKeras() throws Exception {
    Path file = file("mdrnn-dim4-units64-mixtures5.keras24-weights.h5");
    double[][] steps = steps(20, 4);
    double[][] expected;
    try (Hdf5Archive archive = new Hdf5Archive(file.toString())) {
      double[][] h = lstms(archive, "", steps, PlainKeras::sigmoid);
      String mdn = "/td_mdn/td_mdn/";
      expected =
          mixtures(
              h,
              new double[][][] {
                matrix(archive, "kernel:0", mdn + "mus"),
                matrix(archive, "kernel:0", mdn + "sigmas"),
                matrix(archive, "kernel:0", mdn + "pis")
              },
              new double[][] {
                vector(archive, "bias:0", mdn + "mus"),
                vector(archive, "bias:0", mdn + "sigmas"),
                vector(archive, "bias:0", mdn + "pis")
              });
    }
    MixtureSpec spec =
        MixtureSpec.builder()
            .components(COMPONENTS)
            .targets(4)
            .scaleTransform(ScaleTransform.ELU_PLUS_ONE)
            .build();
    MultiLayerNetwork net =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .activation(Activation.TANH)
                .list()
                .layer(new LSTM.Builder().nIn(4).nOut(64).dataFormat(RNNFormat.NWC).build())
                .layer(new LSTM.Builder().nIn(64).nOut(64).dataFormat(RNNFormat.NWC).build())
                .layer(
                    new MixtureDensityRnnOutputLayer.Builder()
                        .nIn(64)
                        .spec(spec)
                        .dataFormat(RNNFormat.NWC)
                        .build())
                .build());
    net.init();
    KerasMixtureImport.importWeights(net, file);
    INDArray x = features(steps);
    PlainKeras.assertSameParameters(
        expected, net.output(x).reshape(20, spec.parameterCount()), spec);
    INDArray inDouble = net.convertDataType(DataType.DOUBLE).output(x.castTo(DataType.DOUBLE));
    PlainKeras.assertSame(expected, inDouble.reshape(20, spec.parameterCount()), spec);
  }
}
