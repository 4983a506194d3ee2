/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.nd4j.linalg.learning.config.Sgd;

/** The training options of a layer's configuration, translated to DL4J's. */
final class Training {
  private Training() {}

  /** Sets a learning rate of 0 for a layer that is not to be trained. */
  static void frozenIfAsked(BaseLayer.Builder<?> builder, LayerConfiguration layer) {
    if (!layer.isTrainable()) {
      builder.updater(new Sgd(0));
    }
  }

  /** Sets a learning rate of 0 for biases that Keras does not have, so that they stay 0. */
  static void withoutBiasTraining(BaseLayer.Builder<?> builder) {
    builder.biasUpdater(new Sgd(0));
  }

  /**
   * Sets the regularisation of the weights to that of the first key, and checks that each other key
   * says the same.
   */
  static void regularised(BaseLayer.Builder<?> builder, LayerConfiguration layer, String... keys) {
    double[] weights = penalties(layer, keys[0]);
    for (String key : keys) {
      if (!java.util.Arrays.equals(weights, penalties(layer, key))) {
        throw layer.refusal(key, "only the value of " + keys[0] + " is known with it");
      }
    }
    if (layer.isTrainable()) {
      builder.l1(weights[0]);
      builder.l2(weights[1]);
    }
  }

  static void biasRegularised(BaseLayer.Builder<?> builder, LayerConfiguration layer, String key) {
    double[] biases = penalties(layer, key);
    if (layer.isTrainable()) {
      builder.l1Bias(biases[0]);
      builder.l2Bias(biases[1]);
    }
  }

  /** Returns {l1, l2} as DL4J counts them: its penalty is half of l2 times the squares' sum. */
  private static double[] penalties(LayerConfiguration layer, String key) {
    if (layer.value(key) == null) {
      return new double[2];
    }
    Map<String, Object> regularizer = Json.object(layer.value(key), key);
    String className = Json.text(regularizer.get("class_name"), key);
    Map<String, Object> values = new HashMap<>(Json.object(regularizer.get("config"), key));
    Object l1 = values.remove("l1");
    Object l2 = values.remove("l2");
    if (!List.of("L1", "L2", "L1L2").contains(className) || !values.isEmpty()) {
      throw layer.refusal(key, "Expected L1, L2 or L1L2 to regularise it");
    }
    return new double[] {penalty(layer, key, l1), 2 * penalty(layer, key, l2)};
  }

  private static double penalty(LayerConfiguration layer, String key, Object value) {
    if (value == null) {
      return 0;
    }
    if (value instanceof Number number && number.doubleValue() >= 0) {
      return number.doubleValue();
    }
    throw layer.refusal(key, "penalties of at least 0 are expected");
  }
}
