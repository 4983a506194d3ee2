/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.file;

import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.mdn4j.MixtureSpec;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.mdn4j.regression.columns.FrameColumns;
import org.mdn4j.regression.model.FeatureEncoding;
import org.mdn4j.regression.model.FittedEnsemble;
import org.mdn4j.regression.model.MemberNetwork;
import org.mdn4j.regression.model.Standardization;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * All numbers that a model predicts with, as JSON for programs in other languages.
 *
 * @param columns of the frame that it was fitted to, or null
 * @param guesses which of a column's guesses is the n-th, {@code [16][columns]}, or null
 * @param features units of the numbers that columns become
 * @param encoding of these numbers
 * @param targets units of the targets
 * @param scaleTemperature of the members' squared scales
 * @param atoms of the target, ascending, in its own units; their logits are the last columns
 * @param members the networks
 */
public record ModelJson(
    @JsonProperty("columns") FrameColumns columns,
    @JsonProperty("guesses") int[][] guesses,
    @JsonProperty("features") Standardization features,
    @JsonProperty("encoding") FeatureEncoding encoding,
    @JsonProperty("targets") Standardization targets,
    @JsonProperty("scaleTemperature") double scaleTemperature,
    @JsonProperty("atoms") List<Double> atoms,
    @JsonProperty("members") List<Member> members) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * A network.
   *
   * @param spec the form of its output
   * @param contamination ε of its predictions, in standardised units and after the temperature
   * @param layers from the inputs on; the last puts out the raw output
   */
  public record Member(
      @JsonProperty("spec") MixtureSpec spec,
      @JsonProperty("contamination") double contamination,
      @JsonProperty("layers") List<Layer> layers) {}

  /**
   * A dense layer, activation(x W + b).
   *
   * @param inputs n
   * @param outputs m
   * @param activation identity, relu, sigmoid, swish or tanh
   * @param weights W, {@code [n, m]} row by row, 32-bit floats, little-endian, in Base64
   * @param biases b, {@code [m]}, likewise
   */
  public record Layer(
      @JsonProperty("inputs") long inputs,
      @JsonProperty("outputs") long outputs,
      @JsonProperty("activation") String activation,
      @JsonProperty("weights") String weights,
      @JsonProperty("biases") String biases) {}

  /**
   * Returns a model's numbers.
   *
   * @throws UnsupportedOperationException if its network is no chain of dense layers with such
   *     activations
   */
  public static ModelJson of(FittedEnsemble ensemble) {
    return new ModelJson(
        ensemble.columns(),
        ensemble.columns() == null ? null : ensemble.columns().guessOrder(),
        ensemble.features(),
        ensemble.encoding(),
        ensemble.targets(),
        ensemble.scaleTemperature(),
        ensemble.atoms(),
        ensemble.members().stream().map(ModelJson::member).toList());
  }

  private static Member member(MemberNetwork member) {
    MultiLayerNetwork net = member.net();
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < net.getnLayers(); i++) {
      layers.add(layer(net, i));
    }
    return new Member(member.spec(), member.contamination(), layers);
  }

  private static Layer layer(MultiLayerNetwork net, int index) {
    var conf = net.getLayer(index).conf().getLayer();
    boolean last = index == net.getnLayers() - 1;
    if (!(last
        ? conf instanceof MixtureDensityOutputLayer
        : conf.getClass() == org.deeplearning4j.nn.conf.layers.DenseLayer.class)) {
      throw new UnsupportedOperationException(
          "Expected a trunk of dense layers, got a " + conf.getClass().getSimpleName());
    }
    FeedForwardLayer dense = (FeedForwardLayer) conf;
    INDArray biases = net.getLayer(index).getParam("b");
    return new Layer(
        dense.getNIn(),
        dense.getNOut(),
        last ? "identity" : activation(dense),
        base64(net.getLayer(index).getParam("W")),
        biases == null ? base64(new float[(int) dense.getNOut()]) : base64(biases));
  }

  private static String activation(FeedForwardLayer layer) {
    Class<?> type = layer.getActivationFn().getClass();
    if (type == ActivationSwish.class) {
      return "swish";
    } else if (type == ActivationTanH.class) {
      return "tanh";
    } else if (type == ActivationReLU.class) {
      return "relu";
    } else if (type == ActivationSigmoid.class) {
      return "sigmoid";
    } else if (type == ActivationIdentity.class) {
      return "identity";
    }
    throw new UnsupportedOperationException(
        "Expected activations identity, relu, sigmoid, swish or tanh, got "
            + layer.getActivationFn());
  }

  private static String base64(INDArray array) {
    return base64(array.dup('c').data().asFloat());
  }

  private static String base64(float[] numbers) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(Float.BYTES, numbers.length))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(numbers);
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  /** Returns the JSON. */
  public String text() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
