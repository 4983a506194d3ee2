/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Configurations of layers as Keras 3.15 writes them, and the shapes of their arrays. */
final class KerasConfigs {
  private KerasConfigs() {}

  /** Keys and values, in turn. */
  static Map<String, Object> map(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }

  static Map<String, Object> with(Map<String, Object> map, Object... keysAndValues) {
    Map<String, Object> result = new LinkedHashMap<>(map);
    result.putAll(map(keysAndValues));
    return result;
  }

  static Map<String, Object> layerOfKeras(String className, Map<String, Object> config) {
    return map(
        "module",
        "keras.layers",
        "class_name",
        className,
        "config",
        config,
        "registered_name",
        null);
  }

  /** What every layer's configuration has. */
  static Map<String, Object> base(String name) {
    return map(
        "name",
        name,
        "trainable",
        true,
        "dtype",
        map(
            "module",
            "keras",
            "class_name",
            "DTypePolicy",
            "config",
            map("name", "float32"),
            "registered_name",
            null));
  }

  static Map<String, Object> denseConfig(String name, int units, Object activation) {
    return with(
        base(name),
        "units",
        units,
        "activation",
        activation,
        "use_bias",
        true,
        "kernel_initializer",
        initializer(),
        "bias_initializer",
        initializer(),
        "kernel_regularizer",
        null,
        "bias_regularizer",
        null,
        "kernel_constraint",
        null,
        "bias_constraint",
        null,
        "quantization_config",
        null);
  }

  private static Map<String, Object> initializer() {
    return map(
        "module",
        "keras.initializers",
        "class_name",
        "GlorotUniform",
        "config",
        map("seed", null),
        "registered_name",
        null);
  }

  static Map<String, Object> lstmConfig(String name, int units, boolean returnsSequences) {
    return with(
        base(name),
        "return_sequences",
        returnsSequences,
        "return_state",
        false,
        "go_backwards",
        false,
        "stateful",
        false,
        "unroll",
        false,
        "zero_output_for_mask",
        false,
        "units",
        units,
        "activation",
        "tanh",
        "recurrent_activation",
        "sigmoid",
        "use_bias",
        true,
        "kernel_initializer",
        initializer(),
        "recurrent_initializer",
        initializer(),
        "bias_initializer",
        initializer(),
        "unit_forget_bias",
        true,
        "kernel_regularizer",
        null,
        "recurrent_regularizer",
        null,
        "bias_regularizer",
        null,
        "activity_regularizer",
        null,
        "kernel_constraint",
        null,
        "recurrent_constraint",
        null,
        "bias_constraint",
        null,
        "dropout",
        0.0,
        "recurrent_dropout",
        0.0,
        "seed",
        null);
  }

  static Map<String, Object> convConfig(String name, int filters, int width, String padding) {
    return with(
        base(name),
        "filters",
        filters,
        "kernel_size",
        List.of(width),
        "strides",
        List.of(1),
        "padding",
        padding,
        "data_format",
        "channels_last",
        "dilation_rate",
        List.of(1),
        "groups",
        1,
        "activation",
        "tanh",
        "use_bias",
        true,
        "kernel_initializer",
        initializer(),
        "bias_initializer",
        initializer(),
        "kernel_regularizer",
        null,
        "bias_regularizer",
        null,
        "activity_regularizer",
        null,
        "kernel_constraint",
        null,
        "bias_constraint",
        null);
  }

  static Map<String, Object> batchNormalizationConfig(String name, boolean center, boolean scale) {
    return with(
        base(name),
        "axis",
        -1,
        "momentum",
        0.99,
        "epsilon",
        0.001,
        "center",
        center,
        "scale",
        scale,
        "beta_initializer",
        initializer(),
        "gamma_initializer",
        initializer(),
        "moving_mean_initializer",
        initializer(),
        "moving_variance_initializer",
        initializer(),
        "beta_regularizer",
        null,
        "gamma_regularizer",
        null,
        "beta_constraint",
        null,
        "gamma_constraint",
        null,
        "synchronized",
        false,
        "renorm",
        false,
        "renorm_clipping",
        null,
        "renorm_momentum",
        0.99);
  }

  static Map<String, int[]> denseShapes(String folder, int in, int units) {
    Map<String, int[]> shapes = new LinkedHashMap<>();
    shapes.put(folder + "vars/0", new int[] {in, units});
    shapes.put(folder + "vars/1", new int[] {units});
    return shapes;
  }

  static Map<String, int[]> lstmShapes(String folder, int in, int units) {
    Map<String, int[]> shapes = new LinkedHashMap<>();
    shapes.put(folder + "cell/vars/0", new int[] {in, 4 * units});
    shapes.put(folder + "cell/vars/1", new int[] {units, 4 * units});
    shapes.put(folder + "cell/vars/2", new int[] {4 * units});
    return shapes;
  }

  static Map<String, Object> mdnConfig(String name, int components, int targets) {
    return with(base(name), "output_dimension", targets, "num_mixtures", components);
  }

  static Map<String, int[]> mdnShapes(String folder, int in, int components, int targets) {
    Map<String, int[]> shapes = new LinkedHashMap<>();
    int width = components * targets;
    shapes.putAll(denseShapes(folder + "mdn_mus/", in, width));
    shapes.putAll(denseShapes(folder + "mdn_sigmas/", in, width));
    shapes.putAll(denseShapes(folder + "mdn_pi/", in, components));
    return shapes;
  }
}
