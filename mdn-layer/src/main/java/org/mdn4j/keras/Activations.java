/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.mdn4j.keras.KerasActivation.Function;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;

/**
 * The activations of Keras, by the names that configurations have for them: DL4J's own where they
 * have the same values and slopes, ours else.
 */
final class Activations {
  private static final double LEAKY_RELU_SLOPE = 0.2; // Keras 3's default

  /** The activations of Keras 2 and 3 alike. */
  private static final Map<String, IActivation> ALL =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("linear", Activation.IDENTITY.getActivationFunction()),
              Map.entry("tanh", Activation.TANH.getActivationFunction()),
              Map.entry("sigmoid", Activation.SIGMOID.getActivationFunction()),
              Map.entry("relu", Activation.RELU.getActivationFunction()),
              Map.entry("relu6", relu(6, 0, 0)),
              Map.entry("softsign", Activation.SOFTSIGN.getActivationFunction()),
              Map.entry("selu", Activation.SELU.getActivationFunction()),
              Map.entry("elu", new KerasActivation(Function.ELU, 1)),
              Map.entry("softplus", new KerasActivation(Function.SOFTPLUS)),
              Map.entry("silu", new KerasActivation(Function.SILU)),
              Map.entry("swish", new KerasActivation(Function.SILU)),
              Map.entry("mish", new KerasActivation(Function.MISH)),
              Map.entry("gelu", new KerasActivation(Function.GELU)),
              Map.entry("exponential", new KerasActivation(Function.EXPONENTIAL)),
              Map.entry("softmax", new ActivationSoftmax())));

  private Activations() {}

  /** Returns the names that are known in every version, sorted. */
  static List<String> names() {
    return List.copyOf(ALL.keySet());
  }

  /** Returns the activation of one of {@link #names()}. */
  static IActivation named(String name) {
    return ALL.get(name);
  }

  static IActivation relu(double max, double slope, double threshold) {
    return new KerasActivation(Function.RELU, max, slope, threshold);
  }

  static IActivation relu(double slope) {
    return relu(Double.POSITIVE_INFINITY, slope, 0);
  }

  /**
   * Returns the activation that a key of a layer names.
   *
   * @throws Refusal if it is not known, or means another function in this version of Keras
   */
  static IActivation of(LayerConfiguration layer, String key, KerasFile file) {
    Object value = layer.value(key);
    if (value == null) {
      return ALL.get("linear");
    }
    if (!(value instanceof String name)) {
      throw layer.refusal(key, "an activation of Keras's own is expected");
    }
    if (name.equals("hard_sigmoid")) {
      if (!file.isKeras2()) {
        throw layer.refusal(key, "Keras 3's hard_sigmoid is not that of DL4J");
      }
      return Activation.HARDSIGMOID.getActivationFunction();
    }
    if (name.equals("leaky_relu") && file.isKeras3()) {
      return relu(LEAKY_RELU_SLOPE);
    }
    if (!ALL.containsKey(name)) {
      throw layer.refusal(key, "known are " + names());
    }
    return ALL.get(name);
  }

  /** Returns such an activation of a layer that applies it to each number by itself. */
  static IActivation elementwise(LayerConfiguration layer, String key, KerasFile file) {
    IActivation activation = of(layer, key, file);
    if (activation instanceof ActivationSoftmax) {
      throw layer.refusal(key, "softmax is not known here");
    }
    return activation;
  }
}
