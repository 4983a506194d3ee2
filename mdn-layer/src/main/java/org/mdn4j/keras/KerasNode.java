/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A layer or operator where it stands in a model.
 *
 * @param layer its configuration
 * @param group the name of its weights' group in the layout of Keras 3; null of an operator
 * @param arguments what it is called with: {@link Tensor}s, lists of them, and for operators
 *     numbers and other constants as JSON has them
 */
record KerasNode(LayerConfiguration layer, String group, List<Object> arguments) {

  /** The output of another layer. */
  record Tensor(String layer) {}

  String name() {
    return layer.name();
  }

  /** Returns the layers whose outputs are its inputs. */
  List<String> inputs() {
    List<String> inputs = new ArrayList<>();
    collect(arguments, inputs);
    return inputs;
  }

  private static void collect(Object argument, List<String> inputs) {
    if (argument instanceof Tensor tensor) {
      inputs.add(tensor.layer());
    } else if (argument instanceof List<?> list) {
      list.forEach(element -> collect(element, inputs));
    }
  }

  /** Returns the only input of a layer that takes one. */
  String input() {
    if (arguments.size() == 1 && arguments.get(0) instanceof Tensor tensor) {
      return tensor.layer();
    }
    throw layer.refusal("one input is expected, got " + arguments);
  }

  /** Returns the inputs of a layer that takes a list of them. */
  List<String> merged() {
    if (arguments.size() == 1
        && arguments.get(0) instanceof List<?> list
        && list.size() > 1
        && list.stream().allMatch(Tensor.class::isInstance)) {
      return inputs();
    }
    throw layer.refusal("a list of inputs is expected, got " + arguments);
  }

  /** Reads the arguments that a layer is called with, in the notation of Keras 3 or of Keras 2. */
  static List<Object> arguments(Map<String, Object> layer, LayerConfiguration configuration) {
    List<Object> nodes = Json.list(layer.get("inbound_nodes"), "inbound_nodes of a layer");
    if (nodes.size() > 1) {
      throw new Refusal(
          "Expected each layer once in the graph, got the layer \"%s\" several times",
          configuration.name());
    }
    if (nodes.isEmpty()) {
      return List.of();
    }
    if (nodes.get(0) instanceof List<?> calls) {
      return ofKeras2(Json.list(calls, "an inbound node"), configuration);
    }
    Map<String, Object> node = Json.object(nodes.get(0), "an inbound node");
    requireNoOptions(Json.object(node.get("kwargs"), "kwargs of an inbound node"), configuration);
    return Json.list(node.get("args"), "args of an inbound node").stream()
        .map(argument -> ofKeras3(argument, configuration))
        .toList();
  }

  private static Object ofKeras3(Object argument, LayerConfiguration layer) {
    if (argument instanceof List<?> list) {
      List<Object> elements = new ArrayList<>();
      list.forEach(element -> elements.add(ofKeras3(element, layer)));
      return elements;
    }
    if (argument instanceof Map<?, ?> map && "__keras_tensor__".equals(map.get("class_name"))) {
      Map<String, Object> config = Json.object(map.get("config"), "an argument");
      return tensor(Json.list(config.get("keras_history"), "keras_history"), layer);
    }
    return argument instanceof Map<?, ?> map ? scalar(map) : argument;
  }

  /** Returns the number in an array without sides, as NumPy has them; another object as it is. */
  private static Object scalar(Map<?, ?> argument) {
    return "__tensor__".equals(argument.get("class_name"))
            && argument.get("config") instanceof Map<?, ?> config
            && config.keySet().equals(Set.of("value", "dtype"))
            && "float32".equals(config.get("dtype"))
            && config.get("value") instanceof Number number
        ? number
        : argument;
  }

  /**
   * Reads the arguments in the notation of Keras 2: either [layer, node, tensor, options] or a list
   * of them.
   */
  private static List<Object> ofKeras2(List<Object> calls, LayerConfiguration layer) {
    List<Object> tensors = new ArrayList<>();
    for (Object call : calls) {
      List<Object> parts = Json.list(call, "an inbound node");
      if (parts.size() > 3) {
        requireNoOptions(Json.object(parts.get(3), "an inbound node's options"), layer);
      }
      tensors.add(tensor(parts.subList(0, Math.min(3, parts.size())), layer));
    }
    return tensors.size() == 1 ? tensors : List.of(tensors);
  }

  /**
   * Returns the tensor of [layer, node, tensor]: only a layer's first call, and its first output,
   * are known.
   */
  static Tensor tensor(List<Object> history, LayerConfiguration layer) {
    if (history.size() == 3
        && history.get(0) instanceof String name
        && Integer.valueOf(0).equals(history.get(1))
        && Integer.valueOf(0).equals(history.get(2))) {
      return new Tensor(name);
    }
    throw layer.refusal("its input is " + history + ", and not the only output of another layer");
  }

  private static void requireNoOptions(Map<String, Object> options, LayerConfiguration layer) {
    options.forEach(
        (option, value) -> {
          boolean isHarmless =
              value == null || option.equals("training") && Boolean.FALSE.equals(value);
          if (!isHarmless) {
            throw layer.refusal("it is called with " + option + " = " + value);
          }
        });
  }
}
