/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mdn4j.layers.MixtureDensityCnnLossLayer;
import org.mdn4j.layers.MixtureInitializer;
import org.mdn4j.training.CollapseListener.Kind;
import org.mdn4j.training.MixtureScoreCalculator.Score;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** What watches and scores training, with a mixture at each pixel. */
class PixelHeadTrainingTest {
  private static final int COMPONENTS = 2;

  private static MultiLayerNetwork net(CNN2DFormat format) {
    MixtureDensityCnnLossLayer head =
        new MixtureDensityCnnLossLayer.Builder().components(COMPONENTS).format(format).build();
    MultiLayerNetwork net =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Sgd(0.001))
                .list()
                .layer(
                    new ConvolutionLayer.Builder(1, 1)
                        .nIn(1)
                        .nOut(head.getSpec().parameterCount())
                        .dataFormat(format)
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(head)
                .build());
    net.init();
    return net;
  }

  private static DataSet data(CNN2DFormat format) {
    long[] shape = format == CNN2DFormat.NCHW ? new long[] {3, 1, 2, 4} : new long[] {3, 2, 4, 1};
    Nd4j.getRandom().setSeed(2);
    INDArray mask = Nd4j.createFromArray(new float[][] {{1}, {0}, {1}});
    return new DataSet(
        Nd4j.randn(DataType.FLOAT, shape), Nd4j.randn(DataType.FLOAT, shape), null, mask);
  }

  @ParameterizedTest
  @EnumSource(CNN2DFormat.class)
  void isWatchedAndScored(CNN2DFormat format) {
    MultiLayerNetwork net = net(format);
    CollapseListener listener = new CollapseListener(1, 2);
    net.addListeners(listener);
    DataSet data = data(format);
    net.fit(data);
    net.fit(data);
    assertEquals(List.of(), listener.warnings());
    double nll =
        new MixtureScoreCalculator(new ExistingDataSetIterator(List.of(data)), Score.NLL)
            .calculateScore(net);
    // Two images of 8 pixels count; the network divides by three images.
    assertEquals(net.score(data) * 3 / 16, nll, 1e-5);

    INDArray biases = net.getLayer(0).getParam("b");
    for (int k = 0; k < COMPONENTS; k++) {
      biases.putScalar(2 * COMPONENTS + k, -40);
    }
    data.getLabels().muli(1e6);
    net.fit(data);
    assertTrue(
        listener.warnings().stream().anyMatch(warning -> warning.kind() == Kind.SCORE_AT_LIMIT),
        () -> listener.warnings().toString());
  }

  @Test
  void hasNoBiasesOfItsOwn() {
    Exception refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> MixtureInitializer.fromLabels(net(CNN2DFormat.NCHW), Nd4j.ones(3, 1, 2, 4)));
    assertTrue(refusal.getMessage().contains("with biases"), refusal::getMessage);
  }
}
