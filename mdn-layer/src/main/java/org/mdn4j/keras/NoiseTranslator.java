/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import java.util.Map;
import org.deeplearning4j.nn.conf.dropout.AlphaDropout;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.dropout.GaussianDropout;
import org.deeplearning4j.nn.conf.dropout.GaussianNoise;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.dropout.SpatialDropout;
import org.nd4j.linalg.activations.impl.ActivationIdentity;

/** A translator of the layers that only act in training. */
final class NoiseTranslator {
  private final KerasNode node;
  private final LayerConfiguration layer;
  private final Form input;

  /**
   * Creates a translator.
   *
   * @param layer the layer at the node, or that inside of its TimeDistributed
   */
  NoiseTranslator(KerasNode node, LayerConfiguration layer, Form input) {
    this.node = node;
    this.layer = layer;
    this.input = input;
  }

  Translation translate() {
    if (layer.className().equals("GaussianNoise")) {
      double deviation = layer.number("stddev");
      if (deviation < 0) {
        throw layer.refusal("stddev", "numbers of at least 0 are expected");
      }
      return noise(new GaussianNoise(deviation), deviation);
    }
    double rate = layer.number("rate");
    if (rate < 0 || rate >= 1) {
      throw layer.refusal("rate", "rates from 0 to below 1 are expected");
    }
    if (layer.className().equals("SpatialDropout1D") && !input.isSequence()) {
      throw layer.refusal("its input is expected to be [N, T, F], got " + input);
    }
    return noise(
        switch (layer.className()) {
          case "SpatialDropout1D" -> new SpatialDropout(1 - rate);
          case "AlphaDropout" -> new AlphaDropout(1 - rate);
          case "GaussianDropout" -> new GaussianDropout(rate);
          default -> new Dropout(1 - rate);
        },
        rate);
  }

  /** Returns a layer of noise, or nothing where the strength is 0. */
  private Translation noise(IDropout noise, double strength) {
    if (strength == 0) {
      return LayerTranslator.activation(node, new ActivationIdentity(), input);
    }
    return Translation.of(node, new NoiseLayer(noise), Map.of(), input);
  }
}
