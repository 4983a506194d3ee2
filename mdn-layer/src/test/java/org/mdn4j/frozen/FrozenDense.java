/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.frozen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.mdn4j.Covariance;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Adam;

/**
 * Writes dense.zip, dense.json and dense-spec.json: the head that all formats have, a DIAGONAL
 * Gaussian one.
 */
final class FrozenDense {
  private FrozenDense() {}

  /**
   * Writes the files.
   *
   * @param arguments the directory
   */
  public static void main(String[] arguments) throws IOException {
    write(Path.of(arguments[0]));
  }

  static void write(Path directory) throws IOException {
    MixtureDensityOutputLayer head =
        new MixtureDensityOutputLayer.Builder()
            .nIn(4)
            .components(3)
            .targets(2)
            .covariance(Covariance.DIAGONAL)
            .scaleFloor(0.01)
            .initialRange(-2, 2.5)
            .l2(1e-3)
            .build();
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .seed(1)
                .activation(Activation.TANH)
                .updater(new Adam(0.01))
                .list()
                .layer(new DenseLayer.Builder().nIn(3).nOut(4).build())
                .layer(head)
                .build());
    INDArray features = FrozenModel.numbers(DataType.FLOAT, 0, 4, 3);
    INDArray labels = FrozenModel.numbers(DataType.FLOAT, 0.5, 4, 2);
    FrozenModel.trained(network, features, labels);
    FrozenModel.write(directory, "dense", network, features, labels);
    Files.writeString(directory.resolve("dense-spec.json"), head.getSpec().toJson() + "\n");
  }
}
