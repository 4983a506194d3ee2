/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mdn4j.keras.Keras3Archive.base;
import static org.mdn4j.keras.Keras3Archive.denseConfig;
import static org.mdn4j.keras.Keras3Archive.layerOfKeras;
import static org.mdn4j.keras.Keras3Archive.lstmConfig;
import static org.mdn4j.keras.Keras3Archive.map;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What is not known is refused, and the sentence names the layer, the key and its value. */
class KerasRefusalsTest {
  @TempDir Path folder;

  private static KerasFile file(Map<String, Object> model, Path folder) throws IOException {
    return new KerasFile(
        model, "3.15.1", Hdf5Reader.read(dense().entries(folder).get("model.weights.h5")).layers());
  }

  private static Keras3Archive dense() {
    return new Keras3Archive(1)
        .input("x", 3)
        .dense("h", 3, 4, "tanh", "x")
        .mdn("mdn", 4, 2, 2, "h");
  }

  private void assertRefused(Map<String, Object> model, String... parts) throws IOException {
    assertRefused(file(model, folder), parts);
  }

  private static void assertRefused(KerasFile file, String... parts) {
    Refusal refusal =
        assertThrows(
            Refusal.class,
            () -> {
              KerasModel model = KerasModel.of(file);
              ImportedNetwork network = new ImportedNetwork(file, model);
              if (model.isSequential()) {
                network.sequential();
              } else {
                network.graph();
              }
            });
    for (String part : parts) {
      assertTrue(refusal.getMessage().contains(part), refusal.getMessage());
    }
  }

  private static Map<String, Object> with(Map<String, Object> map, Object... more) {
    Map<String, Object> result = new LinkedHashMap<>(map);
    result.putAll(map(more));
    return result;
  }

  private static Arguments layer(String className, Map<String, Object> config, String... parts) {
    return Arguments.of(
        className + ": " + String.join(", ", parts), className, config, List.of(parts));
  }

  private static Arguments ofDense(String key, Object value, String... more) {
    return layer(
        "Dense",
        with(denseConfig("d", 4, "tanh"), key, value),
        Stream.concat(Stream.of("layer \"d\" without " + key + " = " + value), Stream.of(more))
            .toArray(String[]::new));
  }

  private static Arguments ofLstm(String key, Object value) {
    return layer(
        "LSTM",
        with(lstmConfig("l", 4, true), key, value),
        "layer \"l\" without " + key + " = " + value);
  }

  /** Layers between [N, T, 3] and an MDN. */
  static List<Arguments> layers() {
    List<Arguments> layers = new ArrayList<>();
    for (String unknown :
        List.of(
            "GRU",
            "SimpleRNN",
            "Attention",
            "MultiHeadAttention",
            "Masking",
            "Lambda",
            "Conv2D",
            "MaxPooling1D",
            "UpSampling1D",
            "ZeroPadding1D",
            "LayerNormalization",
            "Permute",
            "RepeatVector",
            "ActivityRegularization",
            "UnitNormalization",
            "Functional",
            "Sequential",
            "ConvLSTM1D",
            "EinsumDense",
            "StringLookup",
            "Discretization")) {
      layers.add(
          layer(
              unknown,
              base("l"),
              "Unsupported keras layer type " + unknown + ", of the layer \"l\""));
    }
    layers.add(ofDense("another_key", 1, "it is not known what that means"));
    layers.add(ofDense("lora_rank", 2));
    layers.add(ofDense("kernel_constraint", map("class_name", "MaxNorm")));
    layers.add(ofDense("activity_regularizer", map("class_name", "L2")));
    layers.add(ofDense("quantization_config", map("class_name", "Int8")));
    layers.add(ofDense("activation", "squareplus", "known are"));
    layers.add(ofDense("activation", "hard_sigmoid"));
    layers.add(ofDense("use_bias", null));
    layers.add(ofDense("dtype", "mixed_float16"));
    layers.add(ofDense("dtype", "float16"));
    layers.add(
        layer(
            "Dense",
            with(denseConfig("d", 4, "tanh"), "units", "4"),
            "as units of the Dense layer, got 4: the layer \"d\""));
    for (String flag : List.of("return_state", "go_backwards", "stateful")) {
      layers.add(ofLstm(flag, true));
    }
    layers.add(ofLstm("recurrent_dropout", 0.1));
    layers.add(ofLstm("activation", "softmax"));
    layers.add(ofLstm("recurrent_activation", "hard_sigmoid"));
    layers.add(ofLstm("bias_constraint", map("class_name", "NonNeg")));
    layers.add(
        layer(
            "LSTM",
            with(
                lstmConfig("l", 4, true),
                "kernel_regularizer",
                map("class_name", "L2", "config", map("l2", 0.1))),
            "layer \"l\" without recurrent_regularizer = null",
            "only the value of kernel_regularizer"));
    Map<String, Object> convolution = Keras3Archive.convConfig("c", 4, 3, "same");
    layers.add(layer("Conv1D", with(convolution, "groups", 3), "layer \"c\" without groups = 3"));
    layers.add(
        layer(
            "Conv1D",
            with(convolution, "data_format", "channels_first"),
            "layer \"c\" without data_format = channels_first"));
    layers.add(
        layer(
            "Conv1D", with(convolution, "padding", "full"), "layer \"c\" without padding = full"));
    layers.add(
        layer(
            "Conv1D",
            with(convolution, "strides", List.of(2), "dilation_rate", List.of(2)),
            "layer \"c\" without dilation_rate = [2]"));
    layers.add(
        layer(
            "GlobalMaxPooling1D",
            with(base("p"), "data_format", "channels_last", "keepdims", true),
            "layer \"p\" without keepdims = true"));
    Map<String, Object> batch = Keras3Archive.batchNormalizationConfig("b", true, true);
    layers.add(layer("BatchNormalization", with(batch, "axis", 1), "layer \"b\" without axis = 1"));
    layers.add(
        layer(
            "BatchNormalization",
            with(batch, "renorm", true),
            "layer \"b\" without renorm = true"));
    layers.add(
        layer(
            "Normalization",
            with(base("n"), "axis", List.of(-1), "invert", false, "mean", null, "variance", null),
            "The layer \"n\"",
            "mean and variance are known where they are given to the layer"));
    layers.add(
        layer(
            "Normalization",
            with(base("n"), "axis", null, "invert", false, "mean", 1, "variance", 1),
            "layer \"n\" without axis = null"));
    layers.add(
        layer(
            "Rescaling",
            with(base("r"), "scale", List.of(1, 2), "offset", 0),
            "layer \"r\" without scale = [1, 2]"));
    layers.add(layer("Softmax", with(base("s"), "axis", 1), "layer \"s\" without axis = 1"));
    layers.add(
        layer(
            "PReLU",
            with(base("p"), "shared_axes", null),
            "layer \"p\" without shared_axes = null"));
    layers.add(
        layer(
            "ReLU",
            with(base("r"), "max_value", null, "negative_slope", -0.1, "threshold", 0.0),
            "layer \"r\" without negative_slope = -0.1"));
    layers.add(
        layer(
            "Dropout",
            with(base("z"), "rate", 0.5, "noise_shape", List.of(1)),
            "layer \"z\" without noise_shape = [1]"));
    layers.add(layer("Dropout", with(base("z"), "rate", 1.5), "layer \"z\" without rate = 1.5"));
    layers.add(
        layer(
            "Flatten",
            with(base("f"), "data_format", "channels_last"),
            "The layer \"f\"",
            "[N, T, 3]"));
    layers.add(
        layer(
            "Reshape",
            with(base("r"), "target_shape", List.of(3)),
            "layer \"r\" without target_shape = [3]"));
    layers.add(
        layer(
            "Embedding",
            with(base("e"), "input_dim", 9, "output_dim", 2, "mask_zero", true),
            "layer \"e\" without mask_zero = true"));
    layers.add(
        layer(
            "Embedding",
            with(base("e"), "input_dim", 9, "output_dim", 2, "mask_zero", false),
            "The layer \"e\"",
            "its input is expected to be [N, T], got [N, T, 3]"));
    layers.add(
        layer(
            "TimeDistributed",
            with(base("t"), "layer", layerOfKeras("LSTM", lstmConfig("l", 3, true))),
            "layer \"t\" without layer = "));
    for (Map<String, Object> backward :
        List.of(
            lstmConfig("m", 4, true),
            with(lstmConfig("m", 4, true), "go_backwards", true, "activation", "relu"),
            with(lstmConfig("m", 5, true), "go_backwards", true))) {
      layers.add(
          layer(
              "Bidirectional",
              with(
                  base("b"),
                  "merge_mode",
                  "concat",
                  "layer",
                  layerOfKeras("LSTM", lstmConfig("l", 4, true)),
                  "backward_layer",
                  layerOfKeras("LSTM", backward)),
              "layer \"b\" without backward_layer = "));
    }
    layers.add(
        layer(
            "Bidirectional",
            with(
                base("b"),
                "merge_mode",
                null,
                "layer",
                layerOfKeras("LSTM", lstmConfig("l", 4, true)),
                "backward_layer",
                null),
            "layer \"b\" without merge_mode = null"));
    return layers;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void layers(String name, String className, Map<String, Object> config, List<String> parts)
      throws IOException {
    Map<String, Object> model =
        new Keras3Archive(1)
            .input("x", null, 3)
            .layer(className, config)
            .mdn("mdn", 4, 2, 2)
            .model();
    assertRefused(model, parts.toArray(String[]::new));
  }

  private static Arguments operator(String className, Object[] arguments, String... parts) {
    return Arguments.of(className + " " + List.of(arguments), className, arguments, List.of(parts));
  }

  private static Object slice(Object start, Object stop, Object step) {
    return map(
        "class_name", "__slice__", "config", map("start", start, "stop", stop, "step", step));
  }

  static List<Arguments> operators() {
    Object all = slice(null, null, null);
    return List.of(
        operator("Power", new Object[] {"h", 2}, "type ops.Power, of the layer \"o\""),
        operator("Mean", new Object[] {"h"}, "type ops.Mean, of the layer \"o\""),
        operator("Where", new Object[] {"h", "h", "h"}, "type ops.Where, of the layer \"o\""),
        operator("Divide", new Object[] {1.0, "h"}, "The layer \"o\"", "its operands are"),
        operator("Divide", new Object[] {"h", 0}, "The layer \"o\"", "its operands are"),
        operator("Divide", new Object[] {"h", "h"}, "The layer \"o\"", "not all operators of two"),
        operator("Add", new Object[] {"h", true}, "The layer \"o\"", "its operands are"),
        operator("Add", new Object[] {"h", List.of(1.0, 2.0)}, "The layer \"o\""),
        operator("Add", new Object[] {"h"}, "The layer \"o\"", "two operands are expected"),
        operator(
            "Add", new Object[] {"h", "x"}, "The layer \"o\"", "[[N, 4], [N, 3]]; tensors of one"),
        operator(
            "GetItem",
            new Object[] {"h", List.of(all, 1)},
            "The layer \"o\"",
            "only the last dimension's part"),
        operator(
            "GetItem",
            new Object[] {"h", List.of(all, slice(0, 4, 2))},
            "The layer \"o\"",
            "only the last dimension's part"),
        operator(
            "GetItem",
            new Object[] {"h", List.of(slice(0, 1, null), all)},
            "The layer \"o\"",
            "only the last dimension's part"),
        operator(
            "GetItem",
            new Object[] {"h", List.of(all, slice(3, 2, null))},
            "The layer \"o\"",
            "nothing is left"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void operators(String name, String className, Object[] arguments, List<String> parts)
      throws IOException {
    Map<String, Object> model =
        new Keras3Archive(1)
            .input("x", 3)
            .dense("h", 3, 4, "tanh", "x")
            .operator(className, map("name", "o"), arguments)
            .mdn("mdn", 4, 2, 2, "o")
            .model();
    assertRefused(model, parts.toArray(String[]::new));
  }

  private static Map<String, Object> layer(Map<String, Object> model, int index) {
    return PlainKerasModel.map(
        PlainKerasModel.list(PlainKerasModel.map(model.get("config")).get("layers")).get(index));
  }

  private void assertChangeRefused(Consumer<Map<String, Object>> change, String... parts)
      throws IOException {
    Map<String, Object> model = dense().model();
    change.accept(model);
    assertRefused(model, parts);
  }

  @Test
  void graphs() throws IOException {
    Map<String, Object> twice =
        map("args", List.of(map("class_name", "__keras_tensor__")), "kwargs", map());
    assertChangeRefused(
        model -> layer(model, 1).put("inbound_nodes", List.of(twice, twice)),
        "Expected each layer once in the graph, got the layer \"h\" several times");
    assertChangeRefused(
        model -> call(model).put("kwargs", map("training", true)),
        "The layer \"h\"",
        "it is called with training = true");
    assertChangeRefused(
        model -> call(model).put("kwargs", map("initial_state", List.of(1))),
        "The layer \"h\"",
        "it is called with initial_state = [1]");
    assertChangeRefused(
        model -> call(model).put("args", List.of(tensor("x", 1, 0))),
        "The layer \"h\"",
        "its input is [x, 1, 0]");
    assertChangeRefused(
        model -> call(model).put("args", List.of(tensor("x", 0, 0), tensor("x", 0, 0))),
        "The layer \"h\"",
        "one input is expected");
    assertChangeRefused(
        model -> call(model).put("args", List.of(tensor("nowhere", 0, 0))),
        "The layer \"h\"",
        "its inputs [nowhere] are not all listed before it");
    assertChangeRefused(
        model -> call(model).put("args", List.of(tensor("h", 0, 0))),
        "The layer \"h\"",
        "its inputs [h] are not all listed before it");
    assertChangeRefused(
        model -> config(model).put("output_layers", List.of("h", 0, 0)),
        "the MDN \"mdn\" as the only output, got [h]");
    assertChangeRefused(
        model -> config(model).put("input_layers", map("x", List.of("x", 0, 0))),
        "Expected a list as input_layers");
    assertChangeRefused(
        model -> layer(model, 1).put("module", "my_layers"),
        "type my_layers.Dense, of the layer \"h\"");
    assertChangeRefused(
        model -> layer(model, 1).put("registered_name", "Custom>Dense"),
        "Dense, of the layer \"h\"");
    assertChangeRefused(model -> model.put("module", "my_models"), "got a Functional");
    assertChangeRefused(
        model -> PlainKerasModel.map(layer(model, 0).get("config")).put("dtype", "int32"),
        "layer \"x\" without dtype = int32");
    assertChangeRefused(
        model ->
            PlainKerasModel.map(layer(model, 0).get("config"))
                .put("batch_shape", java.util.Arrays.asList(null, 8, 6, 2)),
        "layer \"x\" without batch_shape = [null, 8, 6, 2]");
  }

  private static Map<String, Object> config(Map<String, Object> model) {
    return PlainKerasModel.map(model.get("config"));
  }

  private static Map<String, Object> call(Map<String, Object> model) {
    return PlainKerasModel.map(PlainKerasModel.list(layer(model, 1).get("inbound_nodes")).get(0));
  }

  private static Map<String, Object> tensor(Object... history) {
    return map("class_name", "__keras_tensor__", "config", map("keras_history", List.of(history)));
  }

  @Test
  void arrays() throws IOException {
    KerasFile file = file(dense().model(), folder);
    LayerArrays whole =
        file.layers().stream()
            .filter(layer -> layer.group().equals("dense"))
            .findFirst()
            .orElseThrow();
    INDArray kernel = Nd4j.zeros(DataType.FLOAT, 3, 4);
    INDArray bias = Nd4j.zeros(DataType.FLOAT, 4);
    assertArraysRefused(
        file,
        whole,
        Map.of("vars/0", kernel),
        "Expected the arrays [kernel, bias] of the layer \"dense\"");
    assertArraysRefused(
        file,
        whole,
        Map.of("vars/0", kernel, "vars/1", bias, "vars/2", bias),
        "The layer \"dense\" has the array \"vars/2\"");
    assertArraysRefused(
        file,
        whole,
        Map.of("vars/0", kernel.transpose(), "vars/1", bias),
        "Expected an array of shape [3, 4] for kernel of the layer \"dense\", got [4, 3]");
    for (double number : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      INDArray other = bias.dup();
      other.putScalar(2, number);
      assertArraysRefused(
          file,
          whole,
          Map.of("vars/0", kernel, "vars/1", other),
          "Expected finite numbers for b of the layer \"h\"");
    }
    assertArraysRefused(
        file,
        whole,
        Map.of(
            "vars/0", kernel, "vars/1", Nd4j.valueArrayOf(new long[] {4}, 1e300, DataType.DOUBLE)),
        "Expected finite numbers for b of the layer \"h\"");
  }

  private static void assertArraysRefused(
      KerasFile file, LayerArrays whole, Map<String, INDArray> arrays, String message) {
    List<LayerArrays> layers = new ArrayList<>(file.layers());
    layers.set(layers.indexOf(whole), new LayerArrays(null, "dense", arrays));
    assertRefused(new KerasFile(file.model(), file.version(), layers), message);
  }

  /** A mixture's parts are told by their layers' names, not by where they stand. */
  @Test
  void mixturesOfOtherNames() throws IOException {
    KerasFile file = file(dense().model(), folder);
    LayerArrays mixture =
        file.layers().stream()
            .filter(layer -> layer.group().equals("mdn"))
            .findFirst()
            .orElseThrow();
    Map<String, INDArray> renamed = new LinkedHashMap<>();
    mixture
        .arrays()
        .forEach(
            (path, array) ->
                renamed.put(path.replace("mdn_", "my_").replace("_pi", "_alpha"), array));
    List<LayerArrays> layers = new ArrayList<>(file.layers());
    layers.set(layers.indexOf(mixture), new LayerArrays("mus", "mdn", renamed));
    assertRefused(
        new KerasFile(file.model(), file.version(), layers),
        "Expected six arrays in the MDN layer \"mus\"");
  }

  private static Keras3Archive split(Object pi, Object mu, Object sigma) {
    return new Keras3Archive(1)
        .input("x", 3)
        .dense("h", 3, 4, "tanh", "x")
        .dense("pi", 4, 3, pi, "h")
        .dense("mu", 4, 3, mu, "h")
        .dense("sigma", 4, 3, sigma, "h");
  }

  @Test
  void endsThatAreNoMixtures() throws IOException {
    Map<String, Object> merge = with(base("out"), "axis", -1);
    String three = "three Dense layers of one input are known";
    String[] ends = {"pi", "mu", "sigma"};
    assertRefused(
        split("linear", "linear", "exponential").merge("Concatenate", merge, ends).model(),
        "The layer \"out\"",
        three,
        "two of them are alike");
    assertRefused(
        split("softmax", "linear", "softplus").merge("Concatenate", merge, ends).model(),
        "\"sigma\" has the activation softplus");
    assertRefused(
        split("softmax", "linear", "elu").merge("Concatenate", merge, ends).model(),
        "to \"sigma\" 0.0 is added");
    assertRefused(
        split("softmax", "linear", "exponential").merge("Concatenate", merge, "pi", "mu").model(),
        three);
    assertRefused(
        split("softmax", "linear", "exponential")
            .operator("Add", map("name", "o"), "mu", 1.0)
            .merge("Concatenate", merge, "pi", "o", "sigma")
            .model(),
        "to \"mu\" 1.0 is added");
    assertRefused(
        split("softmax", "linear", "exponential")
            .dense("wide", 4, 6, "linear", "h")
            .merge("Concatenate", merge, "pi", "wide", "sigma")
            .model(),
        "they have [3, 6] units");
    assertRefused(
        split("softmax", "linear", "exponential")
            .dense("other", 3, 3, "linear", "x")
            .merge("Concatenate", merge, "pi", "other", "sigma")
            .model(),
        three);
    assertRefused(
        split("softmax", "linear", "exponential")
            .operator("Multiply", map("name", "o"), "sigma", 2.0)
            .merge("Concatenate", merge, "pi", "mu", "o")
            .model(),
        "\"o\" is a ops.Multiply");
  }
}
