/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mdn4j.keras.PlainKerasModel.list;
import static org.mdn4j.keras.PlainKerasModel.map;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mdn4j.keras.PlainKerasModel.Value;

/**
 * The models of {@link KerasModels} as Keras 2 writes them: configurations without modules, calls
 * as lists, arrays by their names, LeakyReLU's alpha; a Sequential model without an input layer.
 */
class Keras2NotationTest {
  private static final double TOLERANCE = 1e-5;
  private static final Map<String, List<String>> ARRAYS =
      Map.of(
          "Dense", List.of("kernel", "bias"),
          "Conv1D", List.of("kernel", "bias"),
          "Embedding", List.of("embeddings"),
          "PReLU", List.of("alpha"));
  private static final List<String> OF_KERAS_3_ONLY =
      List.of(
          "optional",
          "quantization_config",
          "synchronized",
          "renorm",
          "renorm_clipping",
          "renorm_momentum",
          "batch_shape");

  @TempDir Path folder;

  /** Without operators, which Keras 2 has in another form, and what is new in Keras 3. */
  static List<KerasModels.Case> models() {
    return KerasModels.all().stream()
        .filter(
            model ->
                layers(model.archive().model()).stream()
                    .allMatch(
                        layer ->
                            !LayerConfiguration.className(layer).matches("ops\\..*|Identity")
                                && !"leaky_relu".equals(config(layer).get("activation"))))
        .toList();
  }

  private static List<Map<String, Object>> layers(Map<String, Object> model) {
    List<Map<String, Object>> layers = new ArrayList<>();
    list(config(model).get("layers")).forEach(layer -> layers.add(map(layer)));
    return layers;
  }

  private static Map<String, Object> config(Map<String, Object> layer) {
    return map(layer.get("config"));
  }

  private static Map<String, Object> ofKeras2(Map<String, Object> layer) {
    Map<String, Object> config = new LinkedHashMap<>(config(layer));
    if (config.containsKey("batch_shape")) {
      config.put("batch_input_shape", config.get("batch_shape"));
    }
    OF_KERAS_3_ONLY.forEach(config::remove);
    config.put("dtype", "float32");
    if (layer.get("class_name").equals("LeakyReLU")) {
      config.put("alpha", config.remove("negative_slope"));
    }
    for (String inner : List.of("layer", "backward_layer")) {
      config.computeIfPresent(inner, (key, value) -> ofKeras2(map(value)));
    }
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("class_name", layer.get("class_name"));
    result.put("config", config);
    if (layer.containsKey("inbound_nodes")) {
      result.put("name", config.get("name"));
      List<Object> calls = new ArrayList<>();
      for (Object node : list(layer.get("inbound_nodes"))) {
        collect(map(node).get("args"), calls);
      }
      result.put("inbound_nodes", calls.isEmpty() ? List.of() : List.of(calls));
    }
    return result;
  }

  private static void collect(Object argument, List<Object> calls) {
    if (argument instanceof List<?> list) {
      list.forEach(element -> collect(element, calls));
    } else {
      List<Object> call = new ArrayList<>(list(config(map(argument)).get("keras_history")));
      call.add(Map.of());
      calls.add(call);
    }
  }

  private static Map<String, Object> modelOfKeras2(Map<String, Object> model) {
    Map<String, Object> config = new LinkedHashMap<>(config(model));
    List<Object> layers = new ArrayList<>();
    layers(model).forEach(layer -> layers.add(ofKeras2(layer)));
    boolean isSequential = model.get("class_name").equals("Sequential");
    if (isSequential) {
      Map<String, Object> input = map(layers.remove(0));
      config(map(layers.get(0))).put("batch_input_shape", config(input).get("batch_input_shape"));
    }
    config.put("layers", layers);
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("class_name", isSequential ? "Sequential" : "Functional");
    result.put("config", config);
    return result;
  }

  /** {@code cell/vars/0} of Keras 3 as {@code l/lstm_cell/kernel:0}. */
  private static String path(String name, Map<String, Object> layer, String path) {
    String[] parts = path.split("/");
    int index = Integer.parseInt(parts[parts.length - 1]);
    String className = (String) layer.get("class_name");
    if (className.equals("TimeDistributed")) {
      return path(name, map(config(layer).get("layer")), path.substring("layer/".length()));
    }
    if (className.equals("Bidirectional")) {
      String direction = parts[0].equals("forward_layer") ? "forward_" : "backward_";
      return name + "/" + direction + "l/" + "lstm_cell/" + lstmArray(index);
    }
    if (className.equals("LSTM")) {
      return name + "/lstm_cell_3/" + lstmArray(index);
    }
    if (className.equals("MDN")) {
      return name + "/" + parts[0] + "/" + ARRAYS.get("Dense").get(index) + ":0";
    }
    if (className.equals("BatchNormalization")) {
      List<String> names =
          new ArrayList<>(List.of("gamma", "beta", "moving_mean", "moving_variance"));
      names.removeIf(n -> n.equals("gamma") && config(layer).get("scale").equals(false));
      names.removeIf(n -> n.equals("beta") && config(layer).get("center").equals(false));
      return name + "/" + names.get(index) + ":0";
    }
    return name + "/" + ARRAYS.get(className).get(index) + ":0";
  }

  private static String lstmArray(int index) {
    return List.of("kernel", "recurrent_kernel", "bias").get(index) + ":0";
  }

  @ParameterizedTest
  @MethodSource("models")
  void outputsAreTheSame(KerasModels.Case model) throws IOException {
    Map<String, byte[]> entries = model.archive().entries(folder);
    KerasModel known =
        KerasModel.of(
            new KerasFile(
                Keras3Archive.config(entries),
                "3.15.1",
                Hdf5Reader.read(entries.get("model.weights.h5")).layers()));
    List<LayerArrays> arrays = new ArrayList<>();
    for (LayerArrays layer : Hdf5Reader.read(entries.get("model.weights.h5")).layers()) {
      KerasNode node =
          known.nodes().values().stream()
              .filter(n -> layer.group().equals(n.group()))
              .findFirst()
              .orElseThrow();
      Map<String, Object> configuration =
          layers(Keras3Archive.config(entries)).stream()
              .filter(l -> config(l).get("name").equals(node.name()))
              .findFirst()
              .orElseThrow();
      Map<String, org.nd4j.linalg.api.ndarray.INDArray> named = new LinkedHashMap<>();
      layer
          .arrays()
          .forEach((path, array) -> named.put(path(node.name(), configuration, path), array));
      arrays.add(new LayerArrays(node.name(), null, named));
    }
    KerasFile file = new KerasFile(modelOfKeras2(Keras3Archive.config(entries)), "2.11.0", arrays);
    KerasModel read = KerasModel.of(file);
    ImportedNetwork network = new ImportedNetwork(file, read);
    Model net = read.isSequential() ? network.sequential() : network.graph();
    List<List<Value>> inputs = KerasRun.examples(model.inputs(), 2, 5);
    double distance =
        KerasRun.distance(
            KerasRun.plain(KerasRun.plain(entries), inputs),
            KerasRun.output(net, inputs),
            KerasRun.spec(net));
    assertTrue(distance < TOLERANCE, "distance " + distance);
  }
}
