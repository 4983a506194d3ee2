/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.mdn4j.MixtureSpec;
import org.mdn4j.regression.report.NoiseLevel;
import org.mdn4j.training.Trainer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class NetworksTest {
  private static final double RATE = 0.01;

  private static RegressorOptions options(double weightDecay, double clipping, String trunk) {
    return RegressorOptions.DEFAULT
        .with("components", 2)
        .with("scaleFloor", 0.0)
        .with("noise", List.of(NoiseLevel.NONE))
        .with("learningRate", RATE)
        .with("weightDecay", weightDecay)
        .with("gradientClipping", clipping)
        .with("trunk", trunk)
        .with("bounded", false)
        .with("trainer", Trainer.DL4J);
  }

  private static MultiLayerNetwork net(RegressorOptions options) {
    MixtureSpec spec = options.spec(1, new double[0]);
    MultiLayerNetwork net = new MultiLayerNetwork(Networks.configuration(options, 3, spec, 7));
    net.init();
    return net;
  }

  /** Parameters after some steps on the same minibatch. */
  private static double[] stepped(RegressorOptions options, int steps) {
    MultiLayerNetwork net = net(options);
    INDArray features = Nd4j.createFromArray(new float[][] {{1, 2, 3}, {-1, 0, 2}});
    INDArray labels = Nd4j.createFromArray(new float[][] {{0.5f}, {-1}});
    for (int step = 0; step < steps; step++) {
      net.fit(features, labels);
    }
    return net.params().dup().toDoubleVector();
  }

  @Test
  void oneStepDecaysWeightsByRateTimesDecayBesideAdamsStep() {
    double decay = 0.5;
    double[] start = stepped(options(decay, 1e9, null), 0);
    double[] plain = stepped(options(0, 1e9, null), 1);
    double[] decayed = stepped(options(decay, 1e9, null), 1);
    double[] expected = plain.clone();
    int at = 0;
    int weights = 0;
    for (int[] shape : new int[][] {{3, 50}, {50, 50}, {50, 6}}) { // weights, then biases
      for (int i = 0; i < shape[0] * shape[1]; i++, at++) {
        expected[at] -= RATE * decay * start[at];
        weights++;
      }
      at += shape[1];
    }

    assertEquals(start.length, at);
    assertEquals(2950, weights);
    assertArrayEquals(expected, decayed, 1e-6); // float rounding of numbers below 1
    double largest = 0;
    for (int i = 0; i < start.length; i++) {
      largest = Math.max(largest, Math.abs(plain[i] - decayed[i]));
    }
    assertTrue(largest > 1e-3, "decay is far above the tolerance");
  }

  @Test
  void lowerRateLowersTheDecay() {
    MultiLayerNetwork net = net(options(0.5, 1e9, null));
    net.setLearningRate(RATE / 10);
    double[] start = net.params().dup().toDoubleVector();
    net.fit(Nd4j.zeros(2, 3), Nd4j.zeros(2, 1));
    // inputs are 0: the first weights have no gradient, only decay
    double[] end = net.params().dup().toDoubleVector();
    for (int i = 0; i < 150; i++) {
      assertEquals(start[i] * (1 - RATE / 10 * 0.5), end[i], 1e-7);
    }
  }

  @Test
  void gradientsAreClippedPerLayer() {
    MultiLayerNetwork net = net(options(0, 1e-3, null));
    INDArray features = Nd4j.createFromArray(new float[][] {{1, 2, 3}, {-1, 0, 2}});
    net.fit(features, Nd4j.createFromArray(new float[][] {{0.5f}, {-1}}));
    INDArray moments = net.getUpdater().getStateViewArray().dup();
    // Adam's first moments are 0.1 of the gradient: three layers of norm at most 1e-3
    double norm =
        moments
            .reshape(-1)
            .get(NDArrayIndex.interval(0, moments.length() / 2))
            .norm2Number()
            .doubleValue();

    assertTrue(norm <= 0.1 * 1e-3 * Math.sqrt(3) * 1.001, "norm " + norm);
    assertTrue(norm > 0.1 * 1e-3 * 0.999, "norm " + norm);
  }

  @Test
  void takesAGivenTrunk() {
    MultiLayerConfiguration trunk = trunk(new DenseLayer.Builder().nIn(3).nOut(7).build());
    MultiLayerNetwork net = net(options(0.01, 5, trunk.toJson()));

    assertEquals(2, net.getnLayers());
    assertEquals(7, net.layerSize(0));
    assertEquals(3 * 7 + 7 + 7 * 6 + 6, net.numParams());
  }

  @Test
  void refusesATrunkWithAnOutputLayerOrOtherInputs() {
    MultiLayerConfiguration complete =
        new NeuralNetConfiguration.Builder()
            .list()
            .layer(new DenseLayer.Builder().nIn(3).nOut(7).build())
            .layer(new OutputLayer.Builder(LossFunction.MSE).nIn(7).nOut(2).build())
            .build();
    MultiLayerConfiguration wide = trunk(new DenseLayer.Builder().nIn(4).nOut(7).build());

    assertTrue(message(complete).contains("without an output layer"), message(complete));
    assertTrue(message(wide).contains("the trunk's 4 inputs, got 3"), message(wide));
  }

  private static MultiLayerConfiguration trunk(DenseLayer layer) {
    return new NeuralNetConfiguration.Builder()
        .list()
        .layer(layer)
        .validateOutputLayerConfig(false)
        .build();
  }

  private static String message(MultiLayerConfiguration trunk) {
    return assertThrows(IllegalArgumentException.class, () -> net(options(0, 5, trunk.toJson())))
        .getMessage();
  }
}
