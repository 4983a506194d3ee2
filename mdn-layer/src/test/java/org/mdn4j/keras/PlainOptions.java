/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import static org.mdn4j.keras.PlainKerasModel.require;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** A layer's configuration, of which every key has to be used, or be without effect. */
final class PlainOptions {
  private final Map<String, Object> config;
  private final Set<String> used = new HashSet<>();

  PlainOptions(Map<String, Object> config) {
    this.config = config;
  }

  void restart() {
    used.clear();
  }

  Object get(String key, Object ifLeftOut) {
    used.add(key);
    return config.getOrDefault(key, ifLeftOut);
  }

  boolean is(String key, Object ifLeftOut, Object value) {
    return Objects.equals(get(key, ifLeftOut), value);
  }

  double number(String key, double ifLeftOut) {
    Object value = get(key, ifLeftOut);
    require(value instanceof Number, key + " = " + value);
    return ((Number) value).doubleValue();
  }

  int size(String key) {
    Object value = get(key, null);
    require(value instanceof Integer size && size > 0, key + " = " + value);
    return (Integer) value;
  }

  /** A size, or a list of one. */
  int single(String key) {
    Object value = get(key, null);
    if (value instanceof List<?> list && list.size() == 1) {
      value = list.get(0);
    }
    require(value instanceof Integer size && size > 0, key + " = " + value);
    return (Integer) value;
  }

  boolean flag(String key, boolean ifLeftOut) {
    Object value = get(key, ifLeftOut);
    require(value instanceof Boolean, key + " = " + value);
    return (Boolean) value;
  }

  void requireLastAxis(int rank) {
    Object axis = get("axis", -1);
    if (axis instanceof List<?> list && list.size() == 1) {
      axis = list.get(0);
    }
    require(axis instanceof Integer i && (i == -1 || i == rank - 1), "axis " + axis);
  }

  void requireAllUsed() {
    Object type = config.get("dtype");
    if (type instanceof Map<?, ?> policy && policy.get("config") instanceof Map<?, ?> inner) {
      require("DTypePolicy".equals(policy.get("class_name")), policy);
      type = inner.get("name");
    }
    require(
        used.contains("dtype") || type == null || String.valueOf(type).matches("float32|float64"),
        "dtype " + type);
    config.forEach(
        (key, value) ->
            require(
                used.contains(key)
                    || key.equals("dtype")
                    || PlainKerasModel.WITHOUT_EFFECT.contains(key)
                    || key.matches(".*_(initializer|regularizer|constraint)")
                    || value == null && key.matches("quantization_config|renorm_clipping")
                    || Boolean.FALSE.equals(value) && key.equals("renorm"),
                key + " = " + value));
  }
}
