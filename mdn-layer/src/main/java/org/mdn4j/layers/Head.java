/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.layers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.mdn4j.Internal;
import org.mdn4j.MixtureSpec;
import org.mdn4j.loss.LossMixtureNLL;
import org.mdn4j.rows.Layout;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * A mixture density head in a network: an output layer whose loss is ours.
 *
 * @param name the layer's name in a graph, "output layer" else
 * @param output which of the network's outputs it is
 * @param loss its loss
 * @param layer the layer
 */
@Internal
public record Head(String name, int output, LossMixtureNLL loss, Layer layer) {

  /**
   * Returns the columns of its output.
   *
   * @return the specification
   */
  public MixtureSpec spec() {
    return loss.getSpec();
  }

  /**
   * Returns its biases.
   *
   * @throws IllegalArgumentException if it has none
   */
  INDArray biases() {
    INDArray biases = layer.getParam(DefaultParamInitializer.BIAS_KEY);
    if (biases == null) {
      throw new IllegalArgumentException("Expected a head with biases, got one without: " + name);
    }
    return biases;
  }

  /** Returns whether it has a mixture at each step of a sequence. */
  boolean isRecurrent() {
    return layer.type() == Layer.Type.RECURRENT;
  }

  /** Returns the dimension of a sequence's labels that holds the targets. */
  int channelDimension() {
    BaseLayer configuration = (BaseLayer) layer.conf().getLayer();
    RNNFormat format =
        configuration instanceof MixtureDensityRnnOutputLayer ours
            ? ours.getRnnDataFormat()
            : ((RnnOutputLayer) configuration).getRnnDataFormat();
    return layout(format).channelDimension();
  }

  /**
   * Returns the layout of sequences in a format of DL4J's.
   *
   * @param format the format; null for NCW
   * @return the layout
   */
  public static Layout layout(RNNFormat format) {
    return new Layout(format == RNNFormat.NWC ? 2 : 1);
  }

  /**
   * Returns the only head of a network.
   *
   * @param model an initialised network
   * @return its head
   * @throws IllegalArgumentException if there is none or several, or the network is not initialised
   */
  public static Head only(Model model) {
    List<Head> heads = all(model);
    if (heads.size() > 1) {
      throw new IllegalArgumentException(
          "Expected one mixture density head, got several; name one of "
              + heads.stream().map(Head::name).toList());
    }
    return heads.get(0);
  }

  /**
   * Returns the head of a name.
   *
   * @throws IllegalArgumentException if there is no such head, or the network is not initialised
   */
  static Head named(Model model, String name) {
    List<Head> heads = all(model);
    return heads.stream()
        .filter(head -> head.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Expected the name of a mixture density head, one of %s, got %s"
                        .formatted(heads.stream().map(Head::name).toList(), name)));
  }

  /**
   * Returns all heads of a network.
   *
   * @param model an initialised network
   * @return its heads, at least one, in the order of its outputs
   * @throws IllegalArgumentException if there is none, or the network is not initialised
   */
  public static List<Head> all(Model model) {
    Map<String, Layer> outputs = NetworkLayers.outputs(model);
    List<Head> heads = new ArrayList<>();
    int output = 0;
    for (Map.Entry<String, Layer> entry : outputs.entrySet()) {
      if (entry.getValue() != null && loss(entry.getValue()) instanceof LossMixtureNLL loss) {
        heads.add(new Head(entry.getKey(), output, loss, entry.getValue()));
      }
      output++;
    }
    if (heads.isEmpty()) {
      throw new IllegalArgumentException(
          "Expected a network with a mixture density head (a MixtureDensityOutputLayer, or an"
              + " output layer with LossMixtureNLL), got outputs "
              + Arrays.toString(
                  outputs.values().stream()
                      .filter(Objects::nonNull)
                      .map(layer -> layer.conf().getLayer().getClass().getSimpleName())
                      .toArray()));
    }
    return heads;
  }

  private static ILossFunction loss(Layer layer) {
    org.deeplearning4j.nn.conf.layers.Layer configuration = layer.conf().getLayer();
    if (configuration instanceof BaseOutputLayer output) {
      return output.getLossFn();
    }
    return configuration instanceof MixtureDensityCnnLossLayer pixels ? pixels.getLossFn() : null;
  }
}
