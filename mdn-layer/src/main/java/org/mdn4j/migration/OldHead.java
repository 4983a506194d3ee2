/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.migration;

import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.mdn4j.layers.MixtureDensityRnnOutputLayer;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.impl.LossMixtureDensity;

/** An output layer with ND4J's {@link LossMixtureDensity}, and the layer that takes its place. */
record OldHead(BaseOutputLayer layer, MixtureSpec spec) {

  /**
   * Returns the old head that a layer is; null if it is none.
   *
   * @return null if it has another loss
   * @throws IllegalArgumentException if it has that loss, in a form that has no counterpart
   */
  static OldHead of(Layer layer) {
    if (!(layer instanceof BaseOutputLayer output)
        || !(output.getLossFn() instanceof LossMixtureDensity loss)) {
      return null;
    }
    if (layer.getClass() != OutputLayer.class && layer.getClass() != RnnOutputLayer.class) {
      throw new IllegalArgumentException(
          "Expected LossMixtureDensity in an OutputLayer or an RnnOutputLayer, got it in a "
              + layer.getClass().getSimpleName());
    }
    if (!(output.getActivationFn() instanceof ActivationIdentity)) {
      throw new IllegalArgumentException(
          "Expected LossMixtureDensity behind the identity activation, got "
              + output.getActivationFn()
              + ", which changes the density");
    }
    LossMixtureDensity.MixtureDensityComponents parts =
        loss.extractComponents(Nd4j.zeros(1, output.getNOut())); // the loss tells K and D only so
    MixtureSpec spec =
        MixtureSpec.builder()
            .components((int) parts.getMu().size(1))
            .targets((int) parts.getMu().size(2))
            .covariance(Covariance.SPHERICAL)
            .build();
    return new OldHead(output, spec);
  }

  /** Returns our layer with the same options. */
  MixtureDensityOutputLayer replacement() {
    MixtureDensityOutputLayer head;
    if (layer instanceof RnnOutputLayer recurrent) {
      head =
          new MixtureDensityRnnOutputLayer.Builder()
              .spec(spec)
              .hasBias(layer.hasBias())
              .dataFormat(recurrent.getRnnDataFormat())
              .build();
    } else {
      head = new MixtureDensityOutputLayer.Builder().spec(spec).hasBias(layer.hasBias()).build();
    }
    head.setLayerName(layer.getLayerName());
    head.setNIn(layer.getNIn());
    head.setWeightInitFn(layer.getWeightInitFn());
    head.setBiasInit(layer.getBiasInit());
    head.setGainInit(layer.getGainInit());
    head.setIUpdater(layer.getIUpdater());
    head.setBiasUpdater(layer.getBiasUpdater());
    head.setRegularization(layer.getRegularization());
    head.setRegularizationBias(layer.getRegularizationBias());
    head.setIDropout(layer.getIDropout());
    head.setWeightNoise(layer.getWeightNoise());
    head.setConstraints(layer.getConstraints());
    head.setGradientNormalization(layer.getGradientNormalization());
    head.setGradientNormalizationThreshold(layer.getGradientNormalizationThreshold());
    return head;
  }

  /**
   * Returns an array with its columns reordered, from logits, log σ, means to logits, means, log σ.
   */
  INDArray permuted(INDArray array) {
    int components = spec.components();
    return Nd4j.concat(
        array.rank() - 1,
        columns(array, 0, components),
        columns(array, 2 * components, spec.parameterCount()),
        columns(array, components, 2 * components));
  }

  /** Returns columns of a matrix, or of a bias, which may be a vector. */
  private static INDArray columns(INDArray array, int from, int to) {
    INDArrayIndex columns = NDArrayIndex.interval(from, to);
    return array.rank() == 1 ? array.get(columns) : array.get(NDArrayIndex.all(), columns);
  }
}
