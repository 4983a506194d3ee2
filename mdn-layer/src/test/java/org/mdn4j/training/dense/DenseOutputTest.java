/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.mdn4j.likelihood.Engine;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** What a network puts out, by the kernels of training and by the network itself. */
class DenseOutputTest {
  private static MultiLayerNetwork net(DataType dtype, Layer... layers) {
    NeuralNetConfiguration.ListBuilder list =
        new NeuralNetConfiguration.Builder().seed(5).dataType(dtype).updater(new Adam(0.01)).list();
    for (Layer layer : layers) {
      list.layer(layer);
    }
    MultiLayerNetwork net = new MultiLayerNetwork(list.build());
    net.init();
    Random random = new Random(7);
    double[] values = new double[(int) net.numParams()];
    Arrays.setAll(values, i -> 0.4 * random.nextGaussian());
    net.setParams(Nd4j.create(values).castTo(dtype));
    return net;
  }

  private static MixtureSpec spec(Covariance covariance) {
    return MixtureSpec.builder()
        .components(3)
        .targets(2)
        .covariance(covariance)
        .scaleFloor(1e-3)
        .scaleCeiling(4)
        .locationBounds(new double[] {-5}, new double[] {5})
        .build();
  }

  private static MixtureDensityOutputLayer.Builder head() {
    return new MixtureDensityOutputLayer.Builder().nIn(4).components(2);
  }

  private static Layer head(int inputs, MixtureSpec spec) {
    return new MixtureDensityOutputLayer.Builder().nIn(inputs).spec(spec).dropOut(0.7).build();
  }

  /** Of all kinds of layers that there may be, dropout among them, which does nothing. */
  private static List<MultiLayerNetwork> nets(DataType dtype) {
    DenseLayer first = new DenseLayer.Builder().nIn(3).nOut(9).activation(Activation.SWISH).build();
    return List.of(
        net(dtype, first, head(9, spec(Covariance.FULL))),
        net(
            dtype,
            new DenseLayer.Builder()
                .nIn(3)
                .nOut(20)
                .activation(Activation.TANH)
                .dropOut(0.5)
                .build(),
            new DenseLayer.Builder()
                .nIn(20)
                .nOut(5)
                .hasBias(false)
                .activation(Activation.ELU)
                .build(),
            new DropoutLayer(0.5),
            new ActivationLayer(Activation.SOFTPLUS),
            head(5, spec(Covariance.DIAGONAL))),
        net(
            dtype,
            new ActivationLayer(Activation.CUBE),
            first,
            head(9, spec(Covariance.SPHERICAL))),
        net(dtype, head(3, spec(Covariance.DIAGONAL))));
  }

  private static INDArray normal(DataType dtype, int rows, int columns, long seed) {
    Random random = new Random(seed);
    double[] values = new double[rows * columns];
    Arrays.setAll(values, i -> random.nextGaussian());
    return Nd4j.create(values, new long[] {rows, columns}, DataType.DOUBLE).castTo(dtype);
  }

  /**
   * DL4J's activation layer at the bottom changes the features themselves: it gets a copy. FLOAT's
   * sums of up to 20 products of numbers of size 1, and functions right to 4e-7.
   */
  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void isTheNetworksOwn(DataType dtype) {
    double tolerance = dtype == DataType.FLOAT ? 1e-5 : 1e-12;
    for (MultiLayerNetwork net : nets(dtype)) {
      DenseOutput output = DenseOutput.of(net).orElseThrow();
      for (int rows : new int[] {1, 2, 127, 128, 129, 700, 3000}) {
        INDArray features = normal(dtype, rows, 3, rows);
        INDArray expected = net.output(features.dup());
        assertClose(expected, output.output(features), tolerance);
        assertClose(expected, output.output(features.dup('f')), tolerance);
        INDArray wide = Nd4j.createUninitialized(dtype, rows + 2, 6);
        INDArray view = wide.get(NDArrayIndex.interval(1, rows + 1), NDArrayIndex.interval(2, 5));
        view.assign(features);
        assertClose(expected, output.output(view), tolerance);
      }
      assertClose(
          net.output(normal(dtype, 4, 3, 1)),
          output.output(normal(DataType.DOUBLE, 4, 3, 1)),
          tolerance);
    }
  }

  private static void assertClose(INDArray expected, INDArray actual, double tolerance) {
    assertArrayEquals(expected.shape(), actual.shape());
    assertEquals(expected.dataType(), actual.dataType());
    double[] a = expected.dup('c').data().asDouble();
    double largest = Arrays.stream(a).map(Math::abs).max().orElseThrow();
    assertArrayEquals(a, actual.dup('c').data().asDouble(), tolerance * Math.max(1, largest));
  }

  /** A row's output does not depend on the threads that ask, nor on those that compute. */
  @Test
  void manyMayAsk() {
    MultiLayerNetwork net = nets(DataType.FLOAT).get(1);
    DenseOutput output = DenseOutput.of(net).orElseThrow();
    INDArray features = normal(DataType.FLOAT, 5000, 3, 1);
    float[] expected = output.output(features).data().asFloat();
    IntStream.range(0, 20)
        .parallel()
        .forEach(i -> assertArrayEquals(expected, output.output(features).data().asFloat(), 0));
  }

  @Test
  void readsTheParametersAtEachCall() {
    MultiLayerNetwork net = nets(DataType.FLOAT).get(0);
    DenseOutput output = DenseOutput.of(net).orElseThrow();
    INDArray features = normal(DataType.FLOAT, 5, 3, 1);
    INDArray before = output.output(features);
    net.fit(features, normal(DataType.FLOAT, 5, 2, 2));
    assertTrue(!before.equals(output.output(features)));
    assertClose(net.output(features.dup()), output.output(features), 1e-5);
  }

  /** Every head has an output; what is no chain of dense layers is left to the network. */
  @Test
  void whatItCovers() {
    DenseLayer dense = new DenseLayer.Builder().nIn(3).nOut(4).activation(Activation.RELU).build();
    INDArray features = normal(DataType.FLOAT, 10, 3, 1);
    for (Layer other :
        List.of(
            head().family(ComponentFamily.LAPLACE).build(),
            head().engine(Engine.SAMEDIFF).build(),
            new OutputLayer.Builder(LossFunction.MSE)
                .nIn(4)
                .nOut(2)
                .activation(Activation.IDENTITY)
                .build())) {
      MultiLayerNetwork net = net(DataType.FLOAT, dense, other);
      assertClose(
          net.output(features.dup()), DenseOutput.of(net).orElseThrow().output(features), 1e-5);
    }
    assertTrue(
        DenseOutput.of(
                net(
                    DataType.FLOAT,
                    dense,
                    new BatchNormalization.Builder().nIn(4).nOut(4).build(),
                    head().build()))
            .isEmpty());
  }

  @Test
  void shapesThatDoNotFit() {
    DenseOutput output = DenseOutput.of(nets(DataType.FLOAT).get(0)).orElseThrow();
    INDArray features = normal(DataType.FLOAT, 10, 3, 1);
    for (INDArray bad : List.of(normal(DataType.FLOAT, 10, 2, 1), Nd4j.zeros(DataType.FLOAT, 3))) {
      assertTrue(
          assertThrows(IllegalArgumentException.class, () -> output.output(bad))
              .getMessage()
              .startsWith("Expected features of shape [N, 3] with N > 0, got "));
    }
  }
}
