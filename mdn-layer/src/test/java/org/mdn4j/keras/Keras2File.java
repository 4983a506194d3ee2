/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.WritableGroup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * Writes small files in the layout of Keras 2, as Keras 2.2 to 2.15 do: a group per layer, the
 * paths of its arrays in weight_names, all under model_weights in a whole model.
 */
final class Keras2File {
  private final Map<String, Map<String, Object>> arrays = new LinkedHashMap<>();
  private final List<Map<String, Object>> layers = new ArrayList<>();
  private String kerasVersion = "2.15.0";

  Keras2File version(String version) {
    this.kerasVersion = version;
    return this;
  }

  /** Adds a layer's configuration: what Keras writes beyond that has no say here. */
  Keras2File layer(String className, String name, Map<String, Object> config) {
    Map<String, Object> full = new LinkedHashMap<>(config);
    full.put("name", name);
    Map<String, Object> layer = new LinkedHashMap<>();
    layer.put("class_name", className);
    layer.put("config", full);
    layers.add(layer);
    return this;
  }

  Keras2File input(Integer... shape) {
    List<Integer> batch = new ArrayList<>(List.of(shape));
    batch.add(0, null);
    batch.replaceAll(side -> side == null || side < 0 ? null : side);
    Map<String, Object> config = new HashMap<>();
    config.put("batch_input_shape", batch);
    return layer("InputLayer", "inputs", config);
  }

  Keras2File dense(String name, String activation, double[][] kernel, double[] bias) {
    Map<String, Object> config = new HashMap<>();
    config.put("units", bias.length);
    config.put("activation", activation);
    config.put("use_bias", true);
    config.put("kernel_initializer", null);
    return layer("Dense", name, config)
        .array(name, name + "/kernel:0", kernel)
        .array(name, name + "/bias:0", bias);
  }

  Keras2File lstm(
      String name, String gate, double[][] kernel, double[][] recurrent, double[] bias) {
    Map<String, Object> config = new HashMap<>();
    config.put("units", bias.length / 4);
    config.put("activation", "tanh");
    config.put("recurrent_activation", gate);
    config.put("use_bias", true);
    config.put("unit_forget_bias", true);
    config.put("return_sequences", true);
    config.put("kernel_initializer", null);
    config.put("recurrent_initializer", null);
    config.put("unroll", false);
    return layer("LSTM", name, config)
        .array(name, name + "/lstm_cell/kernel:0", kernel)
        .array(name, name + "/lstm_cell/recurrent_kernel:0", recurrent)
        .array(name, name + "/lstm_cell/bias:0", bias);
  }

  /** An MDN whose arrays are numbered, as in Keras 2.2, or named, as in tf.keras. */
  Keras2File mdn(
      String name, int components, int targets, boolean isNamed, double[][][] k, double[][] b) {
    mixture(name, components, targets);
    String[] parts = isNamed ? new String[] {"mus/", "sigmas/", "pis/"} : new String[] {"", "", ""};
    String[] numbers = isNamed ? new String[] {"", "", ""} : new String[] {"", "_1", "_2"};
    for (int part = 0; part < 3; part++) {
      array(name, name + "/" + parts[part] + "kernel" + numbers[part] + ":0", k[part]);
      array(name, name + "/" + parts[part] + "bias" + numbers[part] + ":0", b[part]);
    }
    return this;
  }

  Keras2File mixture(String name, Object components, Object targets) {
    Map<String, Object> config = new HashMap<>();
    config.put("num_mixtures", components);
    config.put("output_dimension", targets);
    return layer("MDN", name, config);
  }

  /** Puts the last layer into a TimeDistributed. */
  Keras2File timeDistributed() {
    Map<String, Object> inner = layers.remove(layers.size() - 1);
    String name = ((Map<?, ?>) inner.get("config")).get("name").toString();
    ((Map<?, ?>) inner.get("config")).remove("name");
    return layer("TimeDistributed", name, new HashMap<>(Map.of("layer", inner)));
  }

  /** Adds a single array; float, as Keras's are. */
  Keras2File array(String layer, String path, Object array) {
    arrays.computeIfAbsent(layer, name -> new LinkedHashMap<>()).put(path, floats(array));
    return this;
  }

  Keras2File withoutArrays(String layer) {
    arrays.remove(layer);
    return this;
  }

  private static Object floats(Object array) {
    if (array instanceof double[] vector) {
      float[] floats = new float[vector.length];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = (float) vector[i];
      }
      return floats;
    }
    double[][] matrix = (double[][]) array;
    float[][] floats = new float[matrix.length][];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float[]) floats(matrix[i]);
    }
    return floats;
  }

  String sequentialJson() throws IOException {
    return new ObjectMapper()
        .writeValueAsString(
            Map.of("class_name", "Sequential", "config", Map.of("name", "s", "layers", layers)));
  }

  /** Each layer after the one before it. */
  String functionalJson() throws IOException {
    String before = null;
    for (Map<String, Object> layer : layers) {
      String name = ((Map<?, ?>) layer.get("config")).get("name").toString();
      layer.put("name", name);
      layer.put(
          "inbound_nodes",
          before == null ? List.of() : List.of(List.of(List.of(before, 0, 0, Map.of()))));
      before = name;
    }
    Map<String, Object> config =
        Map.of(
            "name",
            "f",
            "layers",
            layers,
            "input_layers",
            List.of(List.of("inputs", 0, 0)),
            "output_layers",
            List.of(List.of(before, 0, 0)));
    return new ObjectMapper().writeValueAsString(Map.of("class_name", "Model", "config", config));
  }

  /** Writes a whole model. */
  Path write(Path file, String modelConfig) {
    try (WritableHdfFile hdf = HdfFile.write(file)) {
      hdf.putAttribute("model_config", modelConfig);
      hdf.putAttribute("keras_version", kerasVersion);
      hdf.putAttribute("backend", "tensorflow");
      WritableGroup weights = hdf.putGroup("model_weights");
      weights.putAttribute("layer_names", arrays.keySet().toArray(String[]::new));
      writeLayers(weights);
    }
    return file;
  }

  /** Writes weights only. */
  Path writeWeights(Path file) {
    try (WritableHdfFile hdf = HdfFile.write(file)) {
      hdf.putAttribute("keras_version", kerasVersion);
      hdf.putAttribute("layer_names", arrays.keySet().toArray(String[]::new));
      writeLayers(hdf);
    }
    return file;
  }

  private void writeLayers(WritableGroup root) {
    arrays.forEach(
        (layer, paths) -> {
          WritableGroup group = root.putGroup(layer);
          group.putAttribute("weight_names", paths.keySet().toArray(String[]::new));
          Map<String, WritableGroup> groups = new HashMap<>();
          paths.forEach((path, array) -> put(group, groups, path, array));
        });
  }

  private static void put(
      WritableGroup root, Map<String, WritableGroup> groups, String path, Object array) {
    int slash = path.lastIndexOf('/');
    group(root, groups, path.substring(0, slash)).putDataset(path.substring(slash + 1), array);
  }

  private static WritableGroup group(
      WritableGroup root, Map<String, WritableGroup> groups, String path) {
    WritableGroup known = groups.get(path);
    if (known == null) {
      int slash = path.lastIndexOf('/');
      known =
          slash < 0
              ? root.putGroup(path)
              : group(root, groups, path.substring(0, slash)).putGroup(path.substring(slash + 1));
      groups.put(path, known);
    }
    return known;
  }
}
