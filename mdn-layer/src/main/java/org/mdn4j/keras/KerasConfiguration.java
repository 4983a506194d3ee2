/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.mdn4j.MixtureSpec;

/**
 * A model's configuration as DL4J's import knows it, with a Dense layer in place of the MDN.
 *
 * @param className Sequential, or Functional (Model in older files)
 * @param mixture name of the MDN layer, or of the TimeDistributed around it
 * @param spec what the MDN layer puts out
 * @param json the configuration
 * @param groups the name of each layer's group in the layout of Keras 3
 */
record KerasConfiguration(
    String className, String mixture, MixtureSpec spec, String json, Map<String, String> groups) {

  static KerasConfiguration of(KerasFile file) {
    Map<String, Object> model = new LinkedHashMap<>(file.model());
    String className = LayerConfiguration.className(model);
    if (!List.of("Sequential", "Functional", "Model").contains(className)) {
      throw new Refusal("Expected a Sequential or a Functional model, got a %s", className);
    }
    // Before Keras 2.2.3 the config of a Sequential model was the list of its layers itself.
    Map<String, Object> config =
        model.get("config") instanceof List<?> layers
            ? new HashMap<>(Map.of("layers", layers))
            : new LinkedHashMap<>(LayerConfiguration.config(model));
    List<Map<String, Object>> layers =
        Json.list(config.get("layers"), "layers of the model").stream()
            .map(layer -> Json.object(layer, "a layer"))
            .toList();
    Map<String, Object> mixture = onlyMixture(layers);
    String name = name(mixture);
    MixtureSpec spec = LayerConfiguration.mixture(mixture);
    if (className.equals("Sequential")) {
      requireLast(mixture, layers);
    } else {
      requireOutput(name, config);
    }
    List<Object> known = new ArrayList<>();
    for (Map<String, Object> layer : layers) {
      Map<String, Object> plain =
          layer == mixture ? LayerConfiguration.placeholder(layer, spec.parameterCount()) : layer;
      known.add(LayerConfiguration.keras2(plain, file.isKeras3()));
    }
    config.put("layers", known);
    model.put("config", config);
    model.put("class_name", className);
    model.put("keras_version", "2.2.5");
    model.put("backend", "tensorflow");
    return new KerasConfiguration(className, name, spec, Json.write(model), groups(layers));
  }

  boolean isSequential() {
    return className.equals("Sequential");
  }

  private static String name(Map<String, Object> layer) {
    return Json.text(LayerConfiguration.config(layer).get("name"), "name of a layer");
  }

  private static Map<String, Object> onlyMixture(List<Map<String, Object>> layers) {
    List<Map<String, Object>> mixtures =
        layers.stream().filter(layer -> LayerConfiguration.mixture(layer) != null).toList();
    if (mixtures.size() != 1) {
      throw new Refusal(
          "Expected a model with one MDN layer, got %d in the layers %s",
          mixtures.size(), layers.stream().map(LayerConfiguration::className).toList());
    }
    return mixtures.get(0);
  }

  private static void requireLast(Map<String, Object> mixture, List<Map<String, Object>> layers) {
    if (layers.get(layers.size() - 1) != mixture) {
      throw new Refusal(
          "Expected the MDN as the last layer, got %s",
          layers.stream().map(LayerConfiguration::className).toList());
    }
  }

  /** Also brings the lists of inputs and outputs to Keras 2's form, which is nested once more. */
  private static void requireOutput(String mixture, Map<String, Object> config) {
    for (String field : List.of("input_layers", "output_layers")) {
      List<Object> ends = Json.list(config.get(field), field);
      if (!ends.isEmpty() && ends.get(0) instanceof String) {
        config.put(field, new ArrayList<>(List.of(ends)));
      }
    }
    List<Object> outputs =
        Json.list(config.get("output_layers"), "output_layers").stream()
            .map(output -> Json.list(output, "an output").get(0))
            .toList();
    if (!outputs.equals(List.of(mixture))) {
      throw new Refusal("Expected the MDN \"%s\" as the only output, got %s", mixture, outputs);
    }
  }

  /** Keras 3 names a layer's group after its class, with a number from the second one on. */
  private static Map<String, String> groups(List<Map<String, Object>> layers) {
    Map<String, String> groups = new HashMap<>();
    Map<String, Integer> counts = new HashMap<>();
    for (Map<String, Object> layer : layers) {
      String base =
          LayerConfiguration.className(layer)
              .replaceAll("(.)([A-Z][a-z]+)", "$1_$2")
              .replaceAll("([a-z])([A-Z])", "$1_$2")
              .toLowerCase(Locale.ROOT);
      int count = counts.merge(base, 1, Integer::sum) - 1;
      groups.put(name(layer), count == 0 ? base : base + "_" + count);
    }
    return groups;
  }
}
