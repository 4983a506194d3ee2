/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import static org.mdn4j.keras.KerasConfigs.base;
import static org.mdn4j.keras.KerasConfigs.denseConfig;
import static org.mdn4j.keras.KerasConfigs.denseShapes;
import static org.mdn4j.keras.KerasConfigs.layerOfKeras;
import static org.mdn4j.keras.KerasConfigs.map;
import static org.mdn4j.keras.KerasConfigs.mdnConfig;
import static org.mdn4j.keras.KerasConfigs.mdnShapes;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.WritableGroup;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.nd4j.shade.jackson.core.type.TypeReference;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * Makes models as Keras 3.15 saves them, with arrays of random numbers; and reads what an archive
 * holds.
 */
final class Keras3Archive {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final List<Map<String, Object>> layers = new ArrayList<>();
  private final Map<String, Object> arrays = new LinkedHashMap<>(); // by path
  private final Map<String, Integer> counts = new HashMap<>();
  private final List<String> inputs = new ArrayList<>();
  private final Random random;
  private boolean isFunctional;

  Keras3Archive(long seed) {
    this.random = new Random(seed);
  }

  Keras3Archive input(String name, Integer... shape) {
    List<Integer> batch = new ArrayList<>(Arrays.asList(shape));
    batch.add(0, null);
    inputs.add(name);
    return add(
        layerOfKeras(
            "InputLayer",
            map(
                "batch_shape",
                batch,
                "dtype",
                "float32",
                "sparse",
                false,
                "ragged",
                false,
                "name",
                name,
                "optional",
                false)),
        List.of());
  }

  /** Adds a layer, after the one before or after those named, with arrays of these shapes. */
  Keras3Archive layer(
      String className, Map<String, Object> config, Map<String, int[]> shapes, String... sources) {
    return add(layerOfKeras(className, config), shapes, List.of(sources));
  }

  Keras3Archive layer(String className, Map<String, Object> config, String... sources) {
    return layer(className, config, Map.of(), sources);
  }

  Keras3Archive dense(String name, int in, int units, Object activation, String... sources) {
    return layer(
        "Dense", denseConfig(name, units, activation), denseShapes("", in, units), sources);
  }

  /** A layer that merges several. */
  Keras3Archive merge(String className, Map<String, Object> config, String... sources) {
    return add(layerOfKeras(className, config), Map.of(), List.of(List.of(tensors(sources))));
  }

  /** An operator; arguments that are the names of layers stand for their outputs. */
  Keras3Archive operator(String className, Map<String, Object> config, Object... arguments) {
    List<Object> named =
        Arrays.stream(arguments).map(a -> a instanceof String name ? tensor(name) : a).toList();
    String kind = List.of("Relu", "Gelu", "Elu", "Silu").contains(className) ? "nn" : "numpy";
    return add(
        map(
            "module", "keras.src.ops." + kind,
            "class_name", className,
            "config", config,
            "registered_name", className),
        Map.of(),
        named);
  }

  Keras3Archive mdn(String name, int in, int components, int targets, String... sources) {
    return add(
        map(
            "module",
            null,
            "class_name",
            "MDN",
            "config",
            mdnConfig(name, components, targets),
            "registered_name",
            "MDN"),
        mdnShapes("", in, components, targets),
        List.of(sources));
  }

  private static Map<String, Object> tensor(String layer) {
    return map(
        "class_name",
        "__keras_tensor__",
        "config",
        map("shape", List.of(), "dtype", "float32", "keras_history", List.of(layer, 0, 0)));
  }

  private static Object[] tensors(String... layers) {
    return Arrays.stream(layers).map(Keras3Archive::tensor).toArray();
  }

  private Keras3Archive add(Map<String, Object> layer, List<?> arguments) {
    return add(layer, Map.of(), arguments);
  }

  private Keras3Archive add(
      Map<String, Object> layer, Map<String, int[]> shapes, List<?> arguments) {
    Map<String, Object> added = new LinkedHashMap<>(layer);
    String name = (String) ((Map<?, ?>) layer.get("config")).get("name");
    added.put("name", name);
    List<Object> args = new ArrayList<>();
    arguments.forEach(a -> args.add(a instanceof String source ? tensor(source) : a));
    isFunctional |= !args.isEmpty();
    added.put(
        "inbound_nodes", args.isEmpty() ? List.of() : List.of(map("args", args, "kwargs", map())));
    layers.add(added);
    String base =
        ((String) layer.get("class_name"))
            .replaceAll("(.)([A-Z][a-z]+)", "$1_$2")
            .replaceAll("([a-z])([A-Z])", "$1_$2")
            .toLowerCase(java.util.Locale.ROOT);
    if ("keras.layers".equals(layer.get("module")) || base.equals("mdn")) {
      int count = counts.merge(base, 1, Integer::sum) - 1;
      String group = "layers/" + base + (count == 0 ? "" : "_" + count) + "/";
      shapes.forEach((path, shape) -> arrays.put(group + path, numbers(shape, path)));
    }
    return this;
  }

  private Object numbers(int[] shape, String path) {
    if (shape.length == 0) {
      throw new IllegalArgumentException(path);
    }
    if (shape.length == 1) {
      float[] vector = new float[shape[0]];
      for (int i = 0; i < vector.length; i++) {
        vector[i] = (float) (0.7 * random.nextGaussian());
      }
      return vector;
    }
    int[] rest = Arrays.copyOfRange(shape, 1, shape.length);
    Object first = numbers(rest, path);
    Object[] parts = (Object[]) java.lang.reflect.Array.newInstance(first.getClass(), shape[0]);
    parts[0] = first;
    for (int i = 1; i < shape[0]; i++) {
      parts[i] = numbers(rest, path);
    }
    return parts;
  }

  /** Makes the numbers of an array positive, as a variance's are. */
  Keras3Archive positive(String path) {
    float[] vector = (float[]) arrays.get(path);
    for (int i = 0; i < vector.length; i++) {
      vector[i] = 0.3f + Math.abs(vector[i]);
    }
    return this;
  }

  Map<String, Object> model() {
    Map<String, Object> config = map("name", "model", "trainable", true);
    if (!isFunctional) {
      layers.forEach(
          layer -> {
            layer.remove("name");
            layer.remove("inbound_nodes");
          });
      config.put("dtype", base("").get("dtype"));
      config.put("layers", layers);
      return map("module", "keras", "class_name", "Sequential", "config", config);
    }
    config.put("layers", layers);
    List<List<Object>> ends = inputs.stream().map(name -> List.<Object>of(name, 0, 0)).toList();
    config.put("input_layers", ends.size() == 1 ? ends.get(0) : ends);
    config.put("output_layers", List.of(layers.get(layers.size() - 1).get("name"), 0, 0));
    return map(
        "module", "keras.src.models.functional", "class_name", "Functional", "config", config);
  }

  private byte[] weights(Path folder) throws IOException {
    Path file = Files.createTempFile(folder, "weights", ".h5");
    try (WritableHdfFile hdf = HdfFile.write(file)) {
      Map<String, WritableGroup> groups = new HashMap<>(Map.of("", hdf));
      for (Map.Entry<String, Object> array : arrays.entrySet()) {
        int slash = array.getKey().lastIndexOf('/');
        group(groups, array.getKey().substring(0, slash))
            .putDataset(array.getKey().substring(slash + 1), array.getValue());
      }
    }
    return Files.readAllBytes(file);
  }

  private static WritableGroup group(Map<String, WritableGroup> groups, String path) {
    WritableGroup known = groups.get(path);
    if (known == null) {
      int slash = path.lastIndexOf('/');
      known =
          group(groups, slash < 0 ? "" : path.substring(0, slash))
              .putGroup(path.substring(slash + 1));
      groups.put(path, known);
    }
    return known;
  }

  Map<String, byte[]> entries(Path folder) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("metadata.json", MAPPER.writeValueAsBytes(map("keras_version", "3.15.1")));
    entries.put("config.json", MAPPER.writeValueAsBytes(model()));
    entries.put("model.weights.h5", weights(folder));
    return entries;
  }

  static Path write(Path file, Map<String, byte[]> entries) throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
      }
    }
    return file;
  }

  static Map<String, byte[]> read(Path file) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (String name : List.of("metadata.json", "config.json", "model.weights.h5")) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        zip.getInputStream(zip.getEntry(name)).transferTo(bytes);
        entries.put(name, bytes.toByteArray());
      }
    }
    return entries;
  }

  static Map<String, Object> config(Map<String, byte[]> entries) throws IOException {
    return MAPPER.readValue(
        entries.get("config.json"), new TypeReference<Map<String, Object>>() {});
  }

  static void putConfig(Map<String, byte[]> entries, Map<String, Object> config)
      throws IOException {
    entries.put("config.json", MAPPER.writeValueAsBytes(config));
  }
}
