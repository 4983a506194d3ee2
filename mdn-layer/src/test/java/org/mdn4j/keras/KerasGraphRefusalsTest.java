/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import static org.mdn4j.keras.KerasConfigs.base;
import static org.mdn4j.keras.KerasConfigs.map;
import static org.mdn4j.keras.KerasConfigs.with;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Operators, graphs, arrays and ends that are not known are refused by name. */
class KerasGraphRefusalsTest {
  @TempDir Path folder;

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
    Refusals.assertRefused(folder, model, parts.toArray(String[]::new));
  }

  private static Map<String, Object> layer(Map<String, Object> model, int index) {
    return PlainKerasModel.map(
        PlainKerasModel.list(PlainKerasModel.map(model.get("config")).get("layers")).get(index));
  }

  private void assertChangeRefused(Consumer<Map<String, Object>> change, String... parts)
      throws IOException {
    Map<String, Object> model = Refusals.dense().model();
    change.accept(model);
    Refusals.assertRefused(folder, model, parts);
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
        "type Dense of the module my_layers, of the layer \"h\"");
    assertChangeRefused(
        model ->
            layer(model, 1)
                .putAll(map("module", null, "class_name", "Mine", "registered_name", "lab>Mine")),
        "type Mine without a module, registered as lab>Mine, of the layer \"h\"");
    assertChangeRefused(
        model -> layer(model, 1).putAll(map("module", null, "registered_name", "Dense")),
        "type Dense without a module, registered as Dense, of the layer \"h\"");
    assertChangeRefused(
        model -> layer(model, 1).put("registered_name", "Custom>Dense"),
        "Dense of the module keras.layers, registered as Custom>Dense, of the layer \"h\"");
    assertChangeRefused(model -> model.put("module", "my_models"), "got a Functional");
    assertChangeRefused(
        model -> layer(model, 2).put("module", "keras.src.ops.nn"),
        "type ops.MDN, of the layer \"mdn\"");
    assertChangeRefused(
        model ->
            PlainKerasModel.map(layer(model, 0).get("config")).put("batch_input_shape", "gelu"),
        "layer \"x\" without batch_input_shape = gelu");
    assertChangeRefused(
        model -> PlainKerasModel.map(layer(model, 0).get("config")).put("dtype", "int32"),
        "layer \"x\" without dtype = int32");
    assertChangeRefused(
        model ->
            PlainKerasModel.map(layer(model, 0).get("config"))
                .put("batch_shape", Arrays.asList(null, 8, 6, 2)),
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
    KerasFile file = Refusals.file(Refusals.dense().model(), folder);
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
    Refusals.assertRefused(new KerasFile(file.model(), file.version(), layers), message);
  }

  /** A mixture's parts are told by their layers' names, not by where they stand. */
  @Test
  void mixturesOfOtherNames() throws IOException {
    KerasFile file = Refusals.file(Refusals.dense().model(), folder);
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
    Refusals.assertRefused(
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
    Refusals.assertRefused(
        folder,
        split("linear", "linear", "exponential").merge("Concatenate", merge, ends).model(),
        "The layer \"out\"",
        three,
        "two of them are alike");
    Refusals.assertRefused(
        folder,
        split("softmax", "linear", "softplus").merge("Concatenate", merge, ends).model(),
        "\"sigma\" has the activation softplus");
    Refusals.assertRefused(
        folder,
        split("softmax", "linear", "elu").merge("Concatenate", merge, ends).model(),
        "to \"sigma\" 0.0 is added");
    Refusals.assertRefused(
        folder,
        split("softmax", "linear", "exponential").merge("Concatenate", merge, "pi", "mu").model(),
        three);
    Refusals.assertRefused(
        folder,
        split("softmax", "linear", "exponential")
            .operator("Add", map("name", "o"), "mu", 1.0)
            .merge("Concatenate", merge, "pi", "o", "sigma")
            .model(),
        "to \"mu\" 1.0 is added");
    Refusals.assertRefused(
        folder,
        split("softmax", "linear", "exponential")
            .dense("wide", 4, 6, "linear", "h")
            .merge("Concatenate", merge, "pi", "wide", "sigma")
            .model(),
        "they have [3, 6] units");
    Refusals.assertRefused(
        folder,
        split("softmax", "linear", "exponential")
            .dense("other", 3, 3, "linear", "x")
            .merge("Concatenate", merge, "pi", "other", "sigma")
            .model(),
        three);
    Refusals.assertRefused(
        folder,
        split("softmax", "linear", "exponential")
            .operator("Multiply", map("name", "o"), "sigma", 2.0)
            .merge("Concatenate", merge, "pi", "mu", "o")
            .model(),
        "\"o\" is a ops.Multiply");
  }
}
