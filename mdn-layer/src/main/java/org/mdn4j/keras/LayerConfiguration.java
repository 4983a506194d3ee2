/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mdn4j.MixtureSpec;
import org.mdn4j.ScaleTransform;

/**
 * The configuration of one layer, brought from Keras 3's form to that of Keras 2, which DL4J's
 * import knows. What has no meaning for a trained layer is replaced: initialisers, whose weights
 * are overwritten, and regularisers of activations.
 */
final class LayerConfiguration {
  private static final List<String> ACTIVATIONS = List.of("activation", "recurrent_activation");
  private static final List<String> UNKNOWN_OPTIONS =
      List.of("go_backwards", "return_state", "time_major");

  private LayerConfiguration() {}

  /** Class of a layer, without the package that it is registered under. */
  static String className(Map<String, Object> layer) {
    String name = Json.text(layer.get("class_name"), "class_name of a layer");
    return name.substring(name.lastIndexOf('>') + 1);
  }

  static Map<String, Object> config(Map<String, Object> layer) {
    return Json.object(layer.get("config"), "config of a layer");
  }

  /** The mixture that a layer puts out, null where it is no MDN, inside TimeDistributed or not. */
  static MixtureSpec mixture(Map<String, Object> layer) {
    Map<String, Object> inner = inner(layer);
    if (!className(inner).equals("MDN")) {
      return null;
    }
    return MixtureSpec.builder()
        .components(size(inner, "num_mixtures"))
        .targets(size(inner, "output_dimension"))
        .scaleTransform(ScaleTransform.ELU_PLUS_ONE)
        .build();
  }

  private static int size(Map<String, Object> mixture, String field) {
    if (config(mixture).get(field) instanceof Integer size && size > 0 && size < 1 << 20) {
      return size;
    }
    throw new Refusal(
        "Expected a number from 1 on as %s of the MDN layer, got %s",
        field, config(mixture).get(field));
  }

  private static Map<String, Object> inner(Map<String, Object> layer) {
    return className(layer).equals("TimeDistributed")
        ? Json.object(config(layer).get("layer"), "layer of TimeDistributed")
        : layer;
  }

  /** A Dense layer that takes the mixture's place in the import. */
  static Map<String, Object> placeholder(Map<String, Object> mixture, int units) {
    Map<String, Object> config = new HashMap<>();
    config.put("name", config(mixture).get("name"));
    config.put("units", units);
    config.put("activation", "linear");
    config.put("use_bias", true);
    config.put("kernel_initializer", null);
    if (config(mixture).get("batch_input_shape") != null) {
      config.put("batch_input_shape", config(mixture).get("batch_input_shape"));
    }
    Map<String, Object> dense = new LinkedHashMap<>(mixture);
    dense.put("class_name", "Dense");
    dense.put("config", config);
    return dense;
  }

  /** In the form of Keras 2. */
  static Map<String, Object> keras2(Map<String, Object> layer, boolean isKeras3) {
    Map<String, Object> result = new LinkedHashMap<>(layer);
    Map<String, Object> config = new LinkedHashMap<>(config(layer));
    String name = "the layer \"%s\"".formatted(config.get("name"));
    for (String option : UNKNOWN_OPTIONS) {
      if (Boolean.TRUE.equals(config.get(option))) {
        throw new Refusal("Expected %s without %s, which DL4J does not know", name, option);
      }
    }
    for (String activation : ACTIVATIONS) {
      if (config.get(activation) != null) {
        config.put(activation, activation(config.get(activation), name, isKeras3));
      }
    }
    config.put("dtype", "float32");
    config.computeIfPresent("activity_regularizer", (key, value) -> null);
    for (String field : List.copyOf(config.keySet())) {
      if (field.endsWith("_initializer")) {
        config.put(
            field, new HashMap<>(Map.of("class_name", "GlorotUniform", "config", new HashMap<>())));
      } else if (field.endsWith("_regularizer") && config.get(field) != null) {
        config.put(field, regularizer(Json.object(config.get(field), field), name));
      }
    }
    if (config.containsKey("batch_shape")) {
      config.put("batch_input_shape", config.remove("batch_shape"));
    }
    if (config.get("layer") instanceof Map<?, ?> wrapped) {
      config.put("layer", keras2(Json.object(wrapped, "layer of " + name), isKeras3));
    }
    if (layer.get("inbound_nodes") != null) {
      result.put("inbound_nodes", inboundNodes(layer, name));
    }
    result.put("config", config);
    return result;
  }

  private static String activation(Object value, String name, boolean isKeras3) {
    if (!(value instanceof String activation)) {
      throw new Refusal("Expected an activation of Keras's own in %s, got %s", name, value);
    }
    if (isKeras3 && activation.equals("hard_sigmoid")) {
      throw new Refusal("%s has Keras 3's hard_sigmoid, which is not that of DL4J", name);
    }
    return activation.equals("silu") ? "swish" : activation;
  }

  private static Map<String, Object> regularizer(Map<String, Object> regularizer, String name) {
    String className = className(regularizer);
    if (!List.of("L1", "L2", "L1L2").contains(className)) {
      throw new Refusal("Expected L1, L2 or L1L2 to regularise %s, got %s", name, className);
    }
    Map<String, Object> both = new HashMap<>(Map.of("l1", 0.0, "l2", 0.0));
    both.putAll(config(regularizer));
    return new HashMap<>(Map.of("class_name", "L1L2", "config", both));
  }

  /** [[[layer, node, tensor, {}], …]], from Keras 3's arguments where they are such. */
  private static List<Object> inboundNodes(Map<String, Object> layer, String name) {
    List<Object> nodes = Json.list(layer.get("inbound_nodes"), "inbound_nodes of " + name);
    if (nodes.size() > 1) {
      throw new Refusal("Expected each layer once in the graph, got %s several times", name);
    }
    if (nodes.isEmpty() || nodes.get(0) instanceof List<?>) {
      return nodes;
    }
    List<Object> inputs = new ArrayList<>();
    collectInputs(Json.object(nodes.get(0), "an inbound node").get("args"), inputs);
    return new ArrayList<>(List.of(inputs));
  }

  private static void collectInputs(Object argument, List<Object> inputs) {
    if (argument instanceof List<?> list) {
      list.forEach(element -> collectInputs(element, inputs));
    } else if (argument instanceof Map<?, ?>) {
      Map<String, Object> config = config(Json.object(argument, "an argument"));
      List<Object> history = Json.list(config.get("keras_history"), "keras_history");
      inputs.add(
          new ArrayList<>(
              Arrays.asList(Json.text(history.get(0), "a layer's name"), 0, 0, new HashMap<>())));
    }
  }
}
