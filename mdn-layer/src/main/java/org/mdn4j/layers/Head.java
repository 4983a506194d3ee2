/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.layers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.RNNFormat;
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

  /**
   * Returns whether it is our own layer of sequences, which also sees to the identity activation.
   *
   * @return true for a {@link MixtureDensityRnnOutputLayer}
   */
  public boolean isOwnRecurrent() {
    return layer.conf().getLayer() instanceof MixtureDensityRnnOutputLayer;
  }

  /**
   * Returns the layout of a recurrent head's sequences.
   *
   * @return that of its format, NCW where it names none
   */
  public Layout layout() {
    RNNFormat format =
        layer.conf().getLayer() instanceof MixtureDensityRnnOutputLayer ours
            ? ours.getRnnDataFormat()
            : ((RnnOutputLayer) layer.conf().getLayer()).getRnnDataFormat();
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
   * Returns the heads among a network's outputs.
   *
   * @param model an initialised network
   * @return its heads, which may be none, in the order of its outputs
   * @throws IllegalArgumentException if the network is not initialised
   */
  public static List<Head> find(Model model) {
    List<Head> heads = new ArrayList<>();
    int output = 0;
    for (Map.Entry<String, Layer> entry : NetworkLayers.outputs(model).entrySet()) {
      Layer layer = entry.getValue();
      int index = output++;
      if (layer != null) {
        loss(layer.conf().getLayer())
            .ifPresent(loss -> heads.add(new Head(entry.getKey(), index, loss, layer)));
      }
    }
    return heads;
  }

  /**
   * Returns all heads of a network.
   *
   * @param model an initialised network
   * @return its heads, at least one, in the order of its outputs
   * @throws IllegalArgumentException if there is none, or the network is not initialised
   */
  public static List<Head> all(Model model) {
    List<Head> heads = find(model);
    if (heads.isEmpty()) {
      Map<String, Layer> outputs = NetworkLayers.outputs(model);
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

  /**
   * Returns the columns of a layer's output if it is a head.
   *
   * @param configuration of a layer, without wrappers
   * @return the specification; empty if it is no head
   */
  public static Optional<MixtureSpec> spec(org.deeplearning4j.nn.conf.layers.Layer configuration) {
    return loss(configuration).map(LossMixtureNLL::getSpec);
  }

  /** Returns the loss that makes a layer a head: the one test of what is a head. */
  private static Optional<LossMixtureNLL> loss(
      org.deeplearning4j.nn.conf.layers.Layer configuration) {
    ILossFunction loss =
        configuration instanceof BaseOutputLayer output
            ? output.getLossFn()
            : configuration instanceof MixtureDensityCnnLossLayer pixels
                ? pixels.getLossFn()
                : null;
    return Optional.ofNullable(loss instanceof LossMixtureNLL ours ? ours : null);
  }
}
