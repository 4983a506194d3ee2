/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The configuration of one layer or operator, of which each key is one that {@link KnownLayers}
 * lists, and each that must have a certain value has it.
 */
final class LayerConfiguration {
  /** The prefix of the modules that hold Keras's operators. */
  static final String OPERATORS = "keras.src.ops.";

  private static final String MIXTURE = "MDN";
  private static final Set<String> OF_EVERY_LAYER = Set.of("name", "trainable", "dtype");
  private static final Set<String> OF_A_FIRST_LAYER = Set.of("batch_input_shape");

  private final String className;
  private final String name;
  private final Map<String, Object> values;
  private final boolean trainable;
  private final boolean hasModule;

  /**
   * Reads a layer's configuration.
   *
   * @param layer class_name, config, module where Keras is new enough
   * @param modelTrainable whether the model that it is in is to be trained
   * @throws Refusal if the layer, a key or a value is not known
   */
  LayerConfiguration(Map<String, Object> layer, boolean modelTrainable) {
    this.values = Json.object(layer.get("config"), "config of a layer");
    this.hasModule = layer.containsKey("module");
    this.className = className(layer);
    this.name = values.get("name") instanceof String text ? text : className;
    if (className.equals(MIXTURE)) {
      size("num_mixtures");
      size("output_dimension");
    }
    requireKnown();
    this.trainable = modelTrainable && flag("trainable", true);
  }

  /**
   * Returns the class of a layer, an operator's with a prefix. A user's class has a package in its
   * name, which is left out for the MDN only, or a module that is not Keras's: both stay in the
   * name, and the class is never taken for one of Keras's.
   */
  static String className(Map<String, Object> layer) {
    String name = Json.text(layer.get("class_name"), "class_name of a layer");
    String module = Objects.toString(layer.get("module"));
    if (module.startsWith(OPERATORS)) {
      return KnownLayers.OPERATOR + name;
    }
    if (isMixture(layer)) {
      return MIXTURE;
    }
    if (!layer.containsKey("module")) {
      return name;
    }
    boolean isOfKeras = module.equals("keras.layers") || module.startsWith("keras.src.layers.");
    Object registered = layer.get("registered_name");
    if (isOfKeras && registered == null) {
      return name;
    }
    return name
        + (layer.get("module") == null ? " without a module" : " of the module " + module)
        + (registered == null ? "" : ", registered as " + registered);
  }

  static boolean isMixture(Map<String, Object> layer) {
    String name = Json.text(layer.get("class_name"), "class_name of a layer");
    return name.substring(name.lastIndexOf('>') + 1).equals(MIXTURE);
  }

  private void requireKnown() {
    KnownLayers.Keys keys = KnownLayers.keys(className);
    if (keys == null) {
      throw new Refusal(
          "Unsupported keras layer type %s, of the layer \"%s\": the documentation's table has those"
              + " that are known",
          className, name);
    }
    values.forEach(
        (key, value) -> {
          boolean isOfKeras2 = OF_A_FIRST_LAYER.contains(key) && !hasModule;
          boolean isGeneral = OF_EVERY_LAYER.contains(key) || isOfKeras2 && value instanceof List;
          if (!isGeneral && !keys.knows(key)) {
            throw refusal(key, "it is not known what that means");
          }
          if (keys.fixed().containsKey(key) && !isSame(keys.fixed().get(key), value)) {
            throw refusal(key, "of this layer only " + keys.fixed().get(key) + " is known");
          }
        });
    if (!List.of("float32", "float64").contains(dataType()) && !className.equals("InputLayer")) {
      throw refusal("dtype", "only float32 and float64 are known");
    }
  }

  private static boolean isSame(Object expected, Object value) {
    return expected instanceof Number one && value instanceof Number two
        ? one.doubleValue() == two.doubleValue()
        : Objects.equals(expected, value);
  }

  /** Creates an exception which says that the value of a key is not supported. */
  Refusal refusal(String key, String why) {
    return new Refusal(
        "Expected the layer \"%s\" without %s = %s, a %s: %s",
        name, key, values.get(key), className, why);
  }

  /** Creates an exception which says that something else of this layer is not supported. */
  Refusal refusal(String why) {
    return new Refusal("The layer \"%s\", a %s, is not known: %s", name, className, why);
  }

  String className() {
    return className;
  }

  String name() {
    return name;
  }

  boolean isOperator() {
    return className.startsWith(KnownLayers.OPERATOR);
  }

  /** Returns the class, without what tells operators from layers. */
  String simpleName() {
    return isOperator() ? className.substring(KnownLayers.OPERATOR.length()) : className;
  }

  /** Returns whether the layer's weights go on being trained. */
  boolean isTrainable() {
    return trainable;
  }

  /** Returns the type of the layer's numbers, float32 where it does not say. */
  String dataType() {
    Object type = values.get("dtype");
    if (type instanceof Map<?, ?> policy
        && policy.get("config") instanceof Map<?, ?> config
        && String.valueOf(policy.get("class_name")).matches("(DType)?Policy")) {
      type = config.get("name");
    }
    return type == null ? "float32" : type.toString();
  }

  /** Returns a value as it stands; null where there is none. */
  Object value(String key) {
    KnownLayers.Keys keys = KnownLayers.keys(className);
    if (!keys.translated().contains(key)
        && !OF_EVERY_LAYER.contains(key)
        && !OF_A_FIRST_LAYER.contains(key)) {
      throw new IllegalStateException(
          "The key %s of %s is read, and not among those translated".formatted(key, className));
    }
    return values.get(key);
  }

  /** Returns whether the configuration has a key, be its value null. */
  boolean has(String key) {
    return values.containsKey(key);
  }

  /** Returns a whole number of at least 1. */
  int size(String key) {
    if (value(key) instanceof Integer size && size > 0 && size < 1 << 20) {
      return size;
    }
    throw new Refusal(
        "Expected a number of at least 1 as %s of the %s layer, got %s: the layer \"%s\"",
        key, className, value(key), name);
  }

  double number(String key) {
    return numberOf(key, value(key));
  }

  /** Returns a number; the default where the configuration leaves it out. */
  double number(String key, double ifLeftOut) {
    return values.containsKey(key) ? number(key) : ifLeftOut;
  }

  private double numberOf(String key, Object value) {
    if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
      return number.doubleValue();
    }
    throw refusal(key, "a finite number is expected");
  }

  /** Returns numbers, one for each feature; a single one is the same for all. */
  double[] numbers(String key, long features) {
    List<Object> list =
        value(key) instanceof List<?> many
            ? Json.list(many, key)
            : java.util.Collections.nCopies(Math.toIntExact(features), value(key));
    if (list.size() != features) {
      throw refusal(key, "a number or " + features + " of them are expected");
    }
    return list.stream().mapToDouble(value -> numberOf(key, value)).toArray();
  }

  boolean flag(String key) {
    if (value(key) instanceof Boolean flag) {
      return flag;
    }
    throw refusal(key, "true or false is expected");
  }

  /** Returns a flag; the default where the configuration leaves it out. */
  boolean flag(String key, boolean ifLeftOut) {
    return values.containsKey(key) ? flag(key) : ifLeftOut;
  }

  /** Returns a whole number of at least 1, which may stand in a list by itself. */
  int single(String key) {
    Object value =
        value(key) instanceof List<?> list && list.size() == 1 ? list.get(0) : value(key);
    if (value instanceof Integer size && size > 0) {
      return size;
    }
    throw refusal(key, "a number of at least 1 is expected");
  }

  /**
   * Returns the configuration of a layer inside this one; entries given here replace those of its
   * own.
   */
  LayerConfiguration inner(String key, Map<String, Object> overriding) {
    Map<String, Object> layer =
        new HashMap<>(Json.object(value(key), key + " of the layer \"" + name + "\""));
    Map<String, Object> config =
        new HashMap<>(
            Json.object(layer.get("config"), "config of " + key + " of \"" + name + "\""));
    config.putAll(overriding);
    layer.put("config", config);
    if (hasModule) {
      layer.putIfAbsent("module", null);
    }
    return new LayerConfiguration(layer, trainable);
  }

  LayerConfiguration inner(String key) {
    return inner(key, Map.of());
  }

  /** Checks that an axis is the last; it may stand in a list by itself. */
  void requireLastAxis(int rank) {
    Object axis =
        value("axis") instanceof List<?> list && list.size() == 1 ? list.get(0) : value("axis");
    if (!(axis instanceof Integer index) || index != -1 && index != rank - 1) {
      throw refusal("axis", "only the last is known");
    }
  }
}
