/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.mdn4j.keras.KerasNode.Tensor;

/**
 * The graph that a model's configuration describes, in which every layer and operator is known.
 *
 * @param isSequential whether it is a Sequential model, one layer after the other
 * @param nodes by their names, none before those whose outputs it takes
 * @param inputs names of the input layers, in the order of the model's inputs
 * @param output name of the layer whose output is that of the model
 */
record KerasModel(
    boolean isSequential, Map<String, KerasNode> nodes, List<String> inputs, String output) {
  private static final String INPUT = "InputLayer";

  static KerasModel of(KerasFile file) {
    String className = Json.text(file.model().get("class_name"), "class_name of the model");
    String module = Objects.toString(file.model().getOrDefault("module", "keras"));
    if (!List.of("Sequential", "Functional", "Model").contains(className)
        || !module.matches("keras(\\..*)?")) {
      throw new Refusal("Expected a Sequential or a Functional model, got a %s", className);
    }
    // Before Keras 2.2.3 the config of a Sequential model was the list of its layers itself.
    Map<String, Object> config =
        file.model().get("config") instanceof List<?> layers
            ? Map.of("layers", layers)
            : Json.object(file.model().get("config"), "config of the model");
    boolean isTrainable = !Boolean.FALSE.equals(config.get("trainable"));
    boolean isSequential = className.equals("Sequential");
    List<Map<String, Object>> layers =
        Json.list(config.get("layers"), "layers of the model").stream()
            .map(layer -> withModule(Json.object(layer, "a layer"), file))
            .toList();
    String mixture = mixture(layers, isSequential);
    return isSequential
        ? sequential(layers, mixture, config.get("build_input_shape"), isTrainable)
        : functional(layers, mixture, config, isTrainable);
  }

  /**
   * Adds to a layer's configuration whether it is an operator, where the file does not tell: in
   * HDF5 Keras 3 leaves out the module, and operators are called as layers are, but have a name
   * only.
   */
  private static Map<String, Object> withModule(Map<String, Object> layer, KerasFile file) {
    if (layer.containsKey("module")) {
      return layer;
    }
    Map<String, Object> complete = new HashMap<>(layer);
    if (file.model().containsKey("module")) {
      complete.put("module", null); // others have one
    } else if (file.isKeras3()
        && layer.get("config") instanceof Map<?, ?> config
        && !config.containsKey("trainable")
        && KnownLayers.keys(KnownLayers.OPERATOR + layer.get("class_name")) != null) {
      complete.put("module", LayerConfiguration.OPERATORS);
    }
    return complete;
  }

  /**
   * Returns the name of the only MDN layer; null where Dense layers that are concatenated stand for
   * it.
   */
  private static String mixture(List<Map<String, Object>> layers, boolean isSequential) {
    List<String> mixtures = new ArrayList<>();
    for (Map<String, Object> layer : layers) {
      Map<String, Object> config = Json.object(layer.get("config"), "config of a layer");
      boolean isWrapped = "TimeDistributed".equals(layer.get("class_name"));
      Map<String, Object> inner =
          isWrapped ? Json.object(config.get("layer"), "layer of TimeDistributed") : layer;
      if (LayerConfiguration.isMixture(inner)) {
        mixtures.add(new LayerConfiguration(inner, true).name());
        if (isWrapped) {
          mixtures.set(mixtures.size() - 1, new LayerConfiguration(layer, true).name());
        }
      }
    }
    List<String> classes = layers.stream().map(LayerConfiguration::className).toList();
    boolean mayBeSplit =
        !isSequential && classes.stream().anyMatch(name -> name.endsWith("Concatenate"));
    if (mixtures.size() > 1 || mixtures.isEmpty() && !mayBeSplit) {
      throw new Refusal(
          "Expected a model with one MDN layer, got %d in the layers %s", mixtures.size(), classes);
    }
    return mixtures.isEmpty() ? null : mixtures.get(0);
  }

  private static KerasModel sequential(
      List<Map<String, Object>> layers, String mixture, Object inputShape, boolean isTrainable) {
    Map<String, KerasNode> nodes = new LinkedHashMap<>();
    Groups groups = new Groups();
    String before = null;
    for (Map<String, Object> layer : layers) {
      LayerConfiguration configuration = new LayerConfiguration(layer, isTrainable);
      if (before == null && !configuration.className().equals(INPUT)) {
        before = "input of " + configuration.name();
        nodes.put(before, impliedInput(before, configuration, inputShape));
      }
      List<Object> arguments = before == null ? List.of() : List.of(new Tensor(before));
      add(nodes, new KerasNode(configuration, groups.next(configuration, layer), arguments));
      before = configuration.name();
    }
    if (!mixture.equals(before)) {
      throw new Refusal(
          "Expected the MDN as the last layer, got %s",
          nodes.values().stream().map(node -> node.layer().className()).toList());
    }
    return new KerasModel(true, nodes, List.of(nodes.keySet().iterator().next()), before);
  }

  /**
   * Returns the input of a model that was made without an input layer, and tells the shape
   * elsewhere.
   */
  private static KerasNode impliedInput(
      String name, LayerConfiguration first, Object buildInputShape) {
    Map<String, Object> config = new HashMap<>();
    config.put("name", name);
    config.put(
        "batch_input_shape",
        first.value("batch_input_shape") == null
            ? buildInputShape
            : first.value("batch_input_shape"));
    Map<String, Object> layer = Map.of("class_name", INPUT, "config", config);
    return new KerasNode(new LayerConfiguration(layer, true), null, List.of());
  }

  private static KerasModel functional(
      List<Map<String, Object>> layers,
      String mixture,
      Map<String, Object> config,
      boolean isTrainable) {
    Map<String, KerasNode> listed = new LinkedHashMap<>();
    Groups groups = new Groups();
    for (Map<String, Object> layer : layers) {
      LayerConfiguration configuration = new LayerConfiguration(layer, isTrainable);
      if (!configuration.name().equals(layer.getOrDefault("name", configuration.name()))) {
        throw configuration.refusal("it has another name, " + layer.get("name"));
      }
      String group = groups.next(configuration, layer);
      add(listed, new KerasNode(configuration, group, KerasNode.arguments(layer, configuration)));
    }
    List<String> outputs = ends(config, "output_layers", listed);
    if (outputs.size() != 1 || mixture != null && !outputs.contains(mixture)) {
      throw new Refusal(
          "Expected the MDN%s as the only output, got %s",
          mixture == null ? "" : " \"" + mixture + "\"", outputs);
    }
    Map<String, KerasNode> nodes = neededFor(outputs.get(0), listed);
    List<String> inputs = ends(config, "input_layers", listed);
    for (KerasNode node : nodes.values()) {
      boolean isInput = node.layer().className().equals(INPUT);
      if (isInput != inputs.contains(node.name())) {
        throw node.layer().refusal("the model's inputs are " + inputs);
      }
    }
    if (!nodes.keySet().containsAll(inputs)) {
      throw new Refusal("Expected inputs that the output depends on, got %s", inputs);
    }
    return new KerasModel(false, nodes, inputs, outputs.get(0));
  }

  private static void add(Map<String, KerasNode> nodes, KerasNode node) {
    if (nodes.put(node.name(), node) != null) {
      throw new Refusal("The model has several layers called \"%s\"", node.name());
    }
  }

  /** Returns the layers that the output depends on, which Keras lists after their inputs. */
  private static Map<String, KerasNode> neededFor(String output, Map<String, KerasNode> listed) {
    List<KerasNode> backwards = new ArrayList<>(listed.values());
    Collections.reverse(backwards);
    Set<String> needed = new HashSet<>(Set.of(output));
    for (KerasNode node : backwards) {
      if (needed.contains(node.name())) {
        needed.addAll(node.inputs());
      }
    }
    Map<String, KerasNode> nodes = new LinkedHashMap<>();
    for (KerasNode node : listed.values()) {
      if (needed.contains(node.name())) {
        if (!nodes.keySet().containsAll(node.inputs())) {
          throw node.layer()
              .refusal("its inputs " + node.inputs() + " are not all listed before it");
        }
        nodes.put(node.name(), node);
      }
    }
    return nodes;
  }

  /** Returns the names in [layer, 0, 0] of a single input or output, or in a list of such. */
  private static List<String> ends(
      Map<String, Object> config, String key, Map<String, KerasNode> listed) {
    List<Object> ends = Json.list(config.get(key), key + " of the model");
    if (!ends.isEmpty() && ends.get(0) instanceof String) {
      ends = List.of(ends);
    }
    List<String> names = new ArrayList<>();
    for (Object end : ends) {
      List<Object> history = Json.list(end, "one of " + key);
      KerasNode node = history.isEmpty() ? null : listed.get(history.get(0));
      if (node == null) {
        throw new Refusal("Expected one of the layers among %s, got %s", key, history);
      }
      names.add(KerasNode.tensor(history, node.layer()).layer());
    }
    if (new HashSet<>(names).size() < names.size()) {
      throw new Refusal("Expected each layer once among %s, got %s", key, names);
    }
    return names;
  }

  /** Returns how often each layer's output is taken. */
  long uses(String name) {
    return nodes.values().stream()
        .flatMap(node -> node.inputs().stream())
        .filter(name::equals)
        .count();
  }

  /**
   * The names of layers' groups: Keras 3 names a group after the layer's class, with a number from
   * the second one on.
   */
  private static final class Groups {
    private final Map<String, Integer> counts = new HashMap<>();

    String next(LayerConfiguration configuration, Map<String, Object> layer) {
      if (configuration.isOperator()) {
        return null;
      }
      String name = Json.text(layer.get("class_name"), "class_name of a layer");
      String base =
          name.substring(name.lastIndexOf('>') + 1)
              .replaceAll("(.)([A-Z][a-z]+)", "$1_$2")
              .replaceAll("([a-z])([A-Z])", "$1_$2")
              .toLowerCase(Locale.ROOT);
      int count = counts.merge(base, 1, Integer::sum) - 1;
      return count == 0 ? base : base + "_" + count;
    }
  }
}
