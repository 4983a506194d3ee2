/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.kit;

import java.util.stream.IntStream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.mdn4j.MixtureSpec;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerStandardize;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A network trained on standardised data, which takes and gives values in original units.
 *
 * @param net the network
 * @param spec the form of its output
 * @param standardize how features and labels were standardised
 */
public record ScaledModel(
    MultiLayerNetwork net, MixtureSpec spec, NormalizerStandardize standardize) {

  /**
   * Predicts the targets from a single feature.
   *
   * @param inputs {@code [N]}, original units
   * @return N mixtures over the targets, original units
   */
  public Mixture[] predict(double... inputs) {
    return predict(Nd4j.createFromArray(inputs).castTo(DataType.FLOAT).reshape(-1, 1));
  }

  /**
   * Predicts the targets from several features.
   *
   * @param inputs {@code [N][inputs]}, original units
   * @return N mixtures over the targets, original units
   */
  public Mixture[] predict(double[][] inputs) {
    return predict(Nd4j.createFromArray(inputs).castTo(DataType.FLOAT));
  }

  private Mixture[] predict(INDArray features) {
    standardize.transform(features);
    MixtureBatch batch = MixtureBatch.of(spec, net.output(features), standardize);
    return IntStream.range(0, batch.size()).mapToObj(batch::get).toArray(Mixture[]::new);
  }
}
