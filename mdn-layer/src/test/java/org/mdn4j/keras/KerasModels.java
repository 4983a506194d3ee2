/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import static org.mdn4j.keras.Keras3Archive.base;
import static org.mdn4j.keras.Keras3Archive.denseConfig;
import static org.mdn4j.keras.Keras3Archive.denseShapes;
import static org.mdn4j.keras.Keras3Archive.lstmConfig;
import static org.mdn4j.keras.Keras3Archive.lstmShapes;
import static org.mdn4j.keras.Keras3Archive.map;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mdn4j.keras.KerasRun.Shape;

/** Small models with each layer and operator that is known, in its variants. */
final class KerasModels {
  /** A model, and what its inputs look like. */
  record Case(String name, Keras3Archive archive, List<Shape> inputs) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static final List<Case> ALL = made();

  private final List<Case> cases = new ArrayList<>();

  static List<Case> all() {
    return ALL;
  }

  private static List<Case> made() {
    KerasModels models = new KerasModels();
    models.activations();
    models.rows();
    models.normalisations();
    models.sequences();
    models.convolutions();
    models.recurrent();
    models.operators();
    models.merges();
    models.twice();
    models.ends();
    return models.cases;
  }

  private Keras3Archive archive() {
    return new Keras3Archive(100 + cases.size());
  }

  private static Map<String, Object> with(Map<String, Object> map, Object... more) {
    Map<String, Object> result = new LinkedHashMap<>(map);
    result.putAll(map(more));
    return result;
  }

  private void add(String name, Keras3Archive archive, Shape... inputs) {
    cases.add(new Case(name, archive, List.of(inputs)));
  }

  private static Map<String, int[]> shapes(String path, int... shape) {
    return Map.of(path, shape);
  }

  /** Input [N, 3], a dense layer of 5, the layer, MDN. */
  private void ofRow(
      String name, String className, Map<String, Object> config, Map<String, int[]> shapes) {
    add(
        name,
        archive()
            .input("x", 3)
            .dense("d", 3, 5, "linear")
            .layer(className, config, shapes)
            .mdn("mdn", 5, 2, 2),
        Shape.row(3));
  }

  /** Input [N, 7, 2], the layer, a mixture at each step of that size. */
  private void ofSequence(
      String name,
      String className,
      Map<String, Object> config,
      Map<String, int[]> shapes,
      int size) {
    add(
        name,
        archive()
            .input("x", null, 2)
            .layer(className, config, shapes)
            .layer(
                "TimeDistributed",
                with(base("td"), "layer", mdnInside("mdn", 3, 2)),
                Keras3Archive.mdnShapes("layer/", size, 3, 2)),
        Shape.sequence(7, 2));
  }

  private static Map<String, Object> mdnInside(String name, int components, int targets) {
    return map(
        "module",
        null,
        "class_name",
        "MDN",
        "config",
        Keras3Archive.mdnConfig(name, components, targets),
        "registered_name",
        "MDN");
  }

  private void activations() {
    for (String activation :
        List.of(
            "linear",
            "tanh",
            "sigmoid",
            "relu",
            "relu6",
            "leaky_relu",
            "elu",
            "selu",
            "softplus",
            "softsign",
            "silu",
            "swish",
            "mish",
            "gelu",
            "exponential",
            "softmax")) {
      add(
          "dense " + activation,
          archive().input("x", 3).dense("d", 3, 6, activation).mdn("mdn", 6, 3, 2),
          Shape.row(3));
      ofRow(
          "activation " + activation,
          "Activation",
          with(base("a"), "activation", activation),
          Map.of());
    }
  }

  private void rows() {
    ofRow(
        "relu of three numbers",
        "ReLU",
        with(base("r"), "max_value", 1.5, "negative_slope", 0.1, "threshold", 0.3),
        Map.of());
    ofRow(
        "relu of none",
        "ReLU",
        with(base("r"), "max_value", null, "negative_slope", 0.0, "threshold", 0.0),
        Map.of());
    ofRow("leaky relu", "LeakyReLU", with(base("r"), "negative_slope", 0.25), Map.of());
    ofRow("elu", "ELU", with(base("r"), "alpha", 0.4), Map.of());
    ofRow("elu without alpha", "ELU", base("r"), Map.of());
    ofRow("softmax", "Softmax", with(base("s"), "axis", -1), Map.of());
    ofRow("prelu", "PReLU", prelu(null), shapes("vars/0", 5));
    ofRow(
        "dropout",
        "Dropout",
        with(base("z"), "rate", 0.4, "seed", 1, "noise_shape", null),
        Map.of());
    ofRow(
        "no dropout",
        "Dropout",
        with(base("z"), "rate", 0, "seed", null, "noise_shape", null),
        Map.of());
    ofRow("gaussian dropout", "GaussianDropout", with(base("z"), "rate", 0.4, "seed", 1), Map.of());
    ofRow(
        "alpha dropout",
        "AlphaDropout",
        with(base("z"), "rate", 0.4, "seed", 1, "noise_shape", null),
        Map.of());
    ofRow("gaussian noise", "GaussianNoise", with(base("z"), "stddev", 0.4, "seed", 1), Map.of());
    ofRow("identity", "Identity", base("i"), Map.of());
    ofRow("flat already", "Flatten", with(base("f"), "data_format", "channels_last"), Map.of());
    add(
        "dense without bias",
        archive()
            .input("x", 3)
            .layer(
                "Dense",
                with(denseConfig("d", 4, "tanh"), "use_bias", false),
                shapes("vars/0", 3, 4))
            .mdn("mdn", 4, 2, 1),
        Shape.row(3));
    add(
        "frozen and regularised",
        archive()
            .input("x", 3)
            .layer(
                "Dense",
                with(denseConfig("d", 4, "tanh"), "trainable", false),
                denseShapes("", 3, 4))
            .layer(
                "Dense",
                with(
                    denseConfig("e", 4, "tanh"),
                    "kernel_regularizer",
                    map(
                        "module",
                        "keras.regularizers",
                        "class_name",
                        "L1L2",
                        "config",
                        map("l1", 0.01, "l2", 0.02),
                        "registered_name",
                        null)),
                denseShapes("", 4, 4))
            .mdn("mdn", 4, 2, 1),
        Shape.row(3));
    add("nothing but a mixture", archive().input("x", 3).mdn("mdn", 3, 2, 2), Shape.row(3));
  }

  private static Map<String, Object> prelu(List<Integer> sharedAxes) {
    return with(
        base("p"),
        "alpha_initializer",
        null,
        "alpha_regularizer",
        null,
        "alpha_constraint",
        null,
        "shared_axes",
        sharedAxes);
  }

  private static Map<String, int[]> vectors(int count, int size) {
    Map<String, int[]> shapes = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      shapes.put("vars/" + i, new int[] {size});
    }
    return shapes;
  }

  private void normalisations() {
    for (boolean center : new boolean[] {true, false}) {
      for (boolean scale : new boolean[] {true, false}) {
        int count = 2 + (center ? 1 : 0) + (scale ? 1 : 0);
        for (boolean trainable : new boolean[] {true, false}) {
          Map<String, Object> config =
              with(
                  Keras3Archive.batchNormalizationConfig("b", center, scale),
                  "trainable",
                  trainable,
                  "epsilon",
                  0.01);
          ofRow(
              "batch normalization %s %s %s".formatted(center, scale, trainable),
              "BatchNormalization",
              config,
              vectors(count, 5));
          last().positive("layers/batch_normalization/vars/" + (count - 1));
          ofSequence(
              "batch normalization of steps %s %s %s".formatted(center, scale, trainable),
              "BatchNormalization",
              config,
              vectors(count, 2),
              2);
          last().positive("layers/batch_normalization/vars/" + (count - 1));
        }
      }
    }
    List<Double> mean = List.of(0.5, -1.0, 1000.0, 0.0, 2.0);
    List<Double> variance = List.of(2.0, 0.25, 9.0, 0.0, 1.0);
    for (boolean invert : new boolean[] {false, true}) {
      // Of the fourth feature, with no variance, nothing comes in but its mean.
      add(
          "normalization " + invert,
          archive()
              .input("x", 3)
              .layer(
                  "Normalization",
                  with(
                      base("n"),
                      "axis",
                      List.of(-1),
                      "invert",
                      invert,
                      "mean",
                      mean.subList(0, 3),
                      "variance",
                      variance.subList(0, 3)))
              .dense("d", 3, 5, "tanh")
              .mdn("mdn", 5, 2, 2),
          Shape.row(3));
    }
    ofSequence(
        "normalization by one number",
        "Normalization",
        with(base("n"), "axis", -1, "invert", false, "mean", 0.5, "variance", 4.0),
        Map.of(),
        2);
    ofRow("rescaling", "Rescaling", with(base("r"), "scale", 0.5, "offset", -1.0), Map.of());
    ofSequence(
        "rescaling of each feature",
        "Rescaling",
        with(base("r"), "scale", List.of(2.0, -0.5), "offset", 1),
        Map.of(),
        2);
  }

  private Keras3Archive last() {
    return cases.get(cases.size() - 1).archive();
  }

  private void sequences() {
    ofSequence("prelu of steps", "PReLU", prelu(List.of(1)), shapes("vars/0", 1, 2), 2);
    ofSequence("softmax of steps", "Softmax", with(base("s"), "axis", 2), Map.of(), 2);
    ofSequence("dense of steps", "Dense", denseConfig("d", 4, "softmax"), denseShapes("", 2, 4), 4);
    ofSequence(
        "spatial dropout",
        "SpatialDropout1D",
        map("rate", 0.3, "seed", null, "name", "z", "dtype", base("").get("dtype")),
        Map.of(),
        2);
    for (String inner : List.of("Dense", "LeakyReLU", "BatchNormalization", "PReLU", "Dropout")) {
      Map<String, Object> config =
          switch (inner) {
            case "Dense" -> denseConfig("i", 4, "tanh");
            case "LeakyReLU" -> with(base("i"), "negative_slope", 0.1);
            case "BatchNormalization" ->
                with(Keras3Archive.batchNormalizationConfig("i", true, true), "axis", 1);
            case "PReLU" -> prelu(null);
            default -> with(base("i"), "rate", 0.5, "seed", null, "noise_shape", null);
          };
      Map<String, int[]> shapes =
          switch (inner) {
            case "Dense" -> denseShapes("layer/", 2, 4);
            case "BatchNormalization" -> {
              Map<String, int[]> folder = new LinkedHashMap<>();
              vectors(4, 2).forEach((path, shape) -> folder.put("layer/" + path, shape));
              yield folder;
            }
            case "PReLU" -> shapes("layer/vars/0", 2);
            default -> Map.of();
          };
      ofSequence(
          "time distributed " + inner,
          "TimeDistributed",
          with(base("t"), "layer", Keras3Archive.layerOfKeras(inner, config)),
          shapes,
          inner.equals("Dense") ? 4 : 2);
      if (inner.equals("BatchNormalization")) {
        last().positive("layers/time_distributed/layer/vars/3");
      }
    }
    for (String pooling : List.of("GlobalMaxPooling1D", "GlobalAveragePooling1D")) {
      add(
          pooling,
          archive()
              .input("x", null, 2)
              .layer(pooling, with(base("p"), "data_format", "channels_last", "keepdims", false))
              .mdn("mdn", 2, 2, 2),
          Shape.sequence(6, 2));
    }
    for (String pooling : List.of("GlobalMaxPooling1D", "GlobalAveragePooling1D")) {
      add(
          pooling + " of a convolution",
          archive()
              .input("x", null, 2)
              .layer("Conv1D", Keras3Archive.convConfig("c", 3, 2, "same"), convShapes(2, 2, 3))
              .layer(pooling, with(base("p"), "data_format", "channels_last", "keepdims", false))
              .mdn("mdn", 3, 2, 2),
          Shape.sequence(6, 2));
    }
    add(
        "lstm's last step",
        archive()
            .input("x", null, 2)
            .layer("LSTM", lstmConfig("l", 4, false), lstmShapes("", 2, 4))
            .mdn("mdn", 4, 2, 2),
        Shape.sequence(6, 2));
    add(
        "flattened steps",
        archive()
            .input("x", 4, 2)
            .layer("Flatten", with(base("f"), "data_format", "channels_last"))
            .mdn("mdn", 8, 2, 2),
        Shape.sequence(4, 2));
    add(
        "reshaped to steps",
        archive()
            .input("x", 12)
            .layer("Reshape", with(base("r"), "target_shape", List.of(4, -1)))
            .layer("LSTM", lstmConfig("l", 4, false), lstmShapes("", 3, 4))
            .mdn("mdn", 4, 2, 2),
        Shape.row(12));
    add(
        "reshaped steps",
        archive()
            .input("x", 4, 3)
            .layer("Reshape", with(base("r"), "target_shape", List.of(2, 6)))
            .layer("Reshape", with(base("s"), "target_shape", List.of(-1)))
            .mdn("mdn", 12, 2, 2),
        Shape.sequence(4, 3));
    add(
        "embedding",
        archive()
            .input("x", (Integer) null)
            .layer(
                "Embedding",
                with(
                    base("e"),
                    "input_dim",
                    9,
                    "output_dim",
                    3,
                    "embeddings_initializer",
                    null,
                    "embeddings_regularizer",
                    null,
                    "activity_regularizer",
                    null,
                    "embeddings_constraint",
                    null,
                    "mask_zero",
                    false,
                    "quantization_config",
                    null),
                shapes("vars/0", 9, 3))
            .layer("LSTM", lstmConfig("l", 4, true), lstmShapes("", 3, 4))
            .mdn("mdn", 4, 2, 2),
        Shape.words(6, 9));
    add(
        "a mixture of steps only",
        archive().input("x", null, 3).mdn("mdn", 3, 2, 2),
        Shape.sequence(5, 3));
  }

  private void convolutions() {
    for (String padding : List.of("valid", "same", "causal")) {
      for (int[] form : new int[][] {{1, 1, 1}, {3, 1, 1}, {4, 2, 1}, {2, 1, 3}, {3, 3, 1}}) {
        ofSequence(
            "convolution %s width %d stride %d dilation %d"
                .formatted(padding, form[0], form[1], form[2]),
            "Conv1D",
            with(
                Keras3Archive.convConfig("c", 5, form[0], padding),
                "strides",
                List.of(form[1]),
                "dilation_rate",
                List.of(form[2])),
            convShapes(form[0], 2, 5),
            5);
      }
    }
    add(
        "convolutions of one channel, without bias",
        archive()
            .input("x", 6, 1)
            .layer(
                "Conv1D",
                with(
                    Keras3Archive.convConfig("c", 1, 3, "same"),
                    "use_bias",
                    false,
                    "strides",
                    List.of(2),
                    "activation",
                    "gelu"),
                shapes("vars/0", 3, 1, 1))
            .layer("Conv1D", Keras3Archive.convConfig("e", 4, 2, "causal"), convShapes(2, 1, 4))
            .layer("Flatten", with(base("f"), "data_format", "channels_last"))
            .mdn("mdn", 12, 2, 2),
        Shape.sequence(6, 1));
  }

  private static Map<String, int[]> convShapes(int width, int in, int filters) {
    Map<String, int[]> shapes = new LinkedHashMap<>();
    shapes.put("vars/0", new int[] {width, in, filters});
    shapes.put("vars/1", new int[] {filters});
    return shapes;
  }

  private void recurrent() {
    Map<String, int[]> withoutBias = new LinkedHashMap<>(lstmShapes("", 2, 3));
    withoutBias.remove("cell/vars/2");
    ofSequence(
        "lstm without bias",
        "LSTM",
        with(lstmConfig("l", 3, true), "use_bias", false),
        withoutBias,
        3);
    ofSequence(
        "lstm of other activations",
        "LSTM",
        with(
            lstmConfig("l", 3, true),
            "activation",
            "softsign",
            "recurrent_activation",
            "relu6",
            "dropout",
            0.2),
        lstmShapes("", 2, 3),
        3);
    for (String mode : List.of("concat", "sum", "mul", "ave")) {
      for (boolean isSequence : new boolean[] {true, false}) {
        Map<String, Object> config =
            with(
                base("b"),
                "merge_mode",
                mode,
                "layer",
                Keras3Archive.layerOfKeras("LSTM", lstmConfig("forward_l", 3, isSequence)),
                "backward_layer",
                Keras3Archive.layerOfKeras(
                    "LSTM", with(lstmConfig("backward_l", 3, isSequence), "go_backwards", true)));
        Map<String, int[]> shapes = new LinkedHashMap<>(lstmShapes("forward_layer/", 2, 3));
        shapes.putAll(lstmShapes("backward_layer/", 2, 3));
        int size = mode.equals("concat") ? 6 : 3;
        String name = "bidirectional %s %s".formatted(mode, isSequence);
        if (isSequence) {
          ofSequence(name, "Bidirectional", config, shapes, size);
        } else {
          add(
              name,
              archive()
                  .input("x", null, 2)
                  .layer("Bidirectional", config, shapes)
                  .mdn("mdn", size, 2, 2),
              Shape.sequence(5, 2));
        }
      }
    }
  }

  /** Input [N, 3], a dense layer of 4, the operator, MDN. */
  private void operator(String name, String className, Map<String, Object> more, Object... args) {
    add(
        name,
        archive()
            .input("x", 3)
            .dense("h", 3, 4, "tanh", "x")
            .dense("g", 3, 4, "linear", "x")
            .operator(
                className,
                with(
                    map("name", "o"),
                    more.entrySet().stream()
                        .flatMap(e -> java.util.stream.Stream.of(e.getKey(), e.getValue()))
                        .toArray()),
                args)
            .merge("Add", base("all"), "o", "h", "g")
            .mdn("mdn", 4, 2, 2, "all"),
        Shape.row(3));
  }

  private void operators() {
    operator("h + 1", "Add", Map.of(), "h", 1.0);
    operator("2 + h", "Add", Map.of(), 2, "h");
    operator("h - 1", "Subtract", Map.of(), "h", 1.0);
    operator("1 - h", "Subtract", Map.of(), 1.0, "h");
    operator("h * 2", "Multiply", Map.of(), "h", 2.0);
    operator("-3 * h", "Multiply", Map.of(), -3.0, "h");
    operator("h / 4", "TrueDivide", Map.of(), "h", 4.0);
    operator("divide(h, 4)", "Divide", Map.of(), "h", 4.0);
    operator("maximum(h, 0)", "Maximum", Map.of(), "h", 0.0);
    operator("maximum(0.5, h)", "Maximum", Map.of(), 0.5, "h");
    operator("minimum(h, -0.5)", "Minimum", Map.of(), "h", -0.5);
    operator("-h", "Negative", Map.of(), "h");
    for (String binary : List.of("Add", "Subtract", "Multiply", "Maximum", "Minimum")) {
      operator("h " + binary + " g", binary, Map.of(), "h", "g");
      operator("h " + binary + " h", binary, Map.of(), "h", "h");
    }
    for (String unary :
        List.of(
            "Relu", "Sigmoid", "Tanh", "Exp", "Softplus", "Softsign", "Silu", "Selu", "Relu6")) {
      operator(unary, unary, Map.of(), "g");
    }
    operator("elu of 0.3", "Elu", Map.of("alpha", 0.3), "g");
    operator("leaky relu", "LeakyRelu", Map.of(), "g");
    operator("gelu", "Gelu", Map.of("approximate", false), "g");
    operator("approximate gelu", "Gelu", Map.of(), "g");
    for (Object[] bounds :
        new Object[][] {{1, 3, null}, {null, 2, null}, {-2, null, 1}, {null, -1, null}}) {
      List<Object> slices =
          List.of(slice(null, null, null), slice(bounds[0], bounds[1], bounds[2]));
      int from = bounds[0] == null ? 0 : (Integer) bounds[0] < 0 ? 2 : (Integer) bounds[0];
      int to = bounds[1] == null ? 4 : (Integer) bounds[1] < 0 ? 3 : (Integer) bounds[1];
      add(
          "h[:, %s:%s]".formatted(bounds[0], bounds[1]),
          archive()
              .input("x", 3)
              .dense("h", 3, 4, "tanh", "x")
              .operator("GetItem", map("name", "o"), "h", slices)
              .mdn("mdn", to - from, 2, 2, "o"),
          Shape.row(3));
    }
    add(
        "operators of steps",
        archive()
            .input("x", null, 3)
            .layer("LSTM", lstmConfig("h", 4, true), lstmShapes("", 3, 4), "x")
            .operator("Multiply", map("name", "m"), "h", 1.5)
            .operator(
                "GetItem",
                map("name", "s"),
                "m",
                List.of(slice(null, null, null), slice(null, null, null), slice(1, 3, null)))
            .operator(
                "Concatenate", map("name", "c", "axis", -1), List.of(tensor("s"), tensor("x")))
            .mdn("mdn", 5, 2, 2, "c"),
        Shape.sequence(5, 3));
  }

  private static Object tensor(String name) {
    return map(
        "class_name", "__keras_tensor__", "config", map("keras_history", List.of(name, 0, 0)));
  }

  private static Map<String, Object> slice(Object start, Object stop, Object step) {
    return map(
        "class_name", "__slice__", "config", map("start", start, "stop", stop, "step", step));
  }

  private void merges() {
    for (String merge :
        List.of("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate")) {
      boolean isConcatenation = merge.equals("Concatenate");
      Map<String, Object> config = isConcatenation ? with(base("m"), "axis", -1) : base("m");
      add(
          "merge " + merge,
          archive()
              .input("x", 3)
              .input("y", 2)
              .dense("h", 3, 4, "tanh", "x")
              .dense("g", 2, 4, "tanh", "y")
              .merge(merge, config, "h", "g")
              .mdn("mdn", isConcatenation ? 8 : 4, 2, 2, "m"),
          Shape.row(3),
          Shape.row(2));
      add(
          "merge steps " + merge,
          archive()
              .input("x", null, 2)
              .input("y", null, 2)
              .layer("LSTM", lstmConfig("h", 2, true), lstmShapes("", 2, 2), "x")
              .merge(merge, config, "h", "y")
              .mdn("mdn", isConcatenation ? 4 : 2, 2, 2, "m"),
          Shape.sequence(4, 2),
          Shape.sequence(4, 2));
    }
  }

  private void twice() {
    add(
        "one layer's output twice",
        archive()
            .input("x", 3)
            .dense("h", 3, 4, "tanh", "x")
            .merge("Concatenate", with(base("m"), "axis", -1), "h", "h", "x")
            .merge("Average", base("a"), "m", "m", "m")
            .mdn("mdn", 11, 2, 2, "a"),
        Shape.row(3));
  }

  /** Models that end with three Dense layers. */
  private void ends() {
    add(
        "softmax, linear, exponential",
        split("exponential", null)
            .merge("Concatenate", with(base("out"), "axis", -1), "pi", "mu", "sigma"),
        Shape.row(3));
    add(
        "linear, exponential + 0.001, softmax",
        split("exponential", 0.001)
            .merge("Concatenate", with(base("out"), "axis", 1), "mu", "o", "pi"),
        Shape.row(3));
    add(
        "linear, elu + 1, softmax",
        split("elu", 1.0).merge("Concatenate", with(base("out"), "axis", -1), "mu", "o", "pi"),
        Shape.row(3));
    add(
        "elu + 1 + 1e-6",
        split("elu", 1.0)
            .operator("Add", map("name", "p"), "o", 1e-6)
            .operator(
                "Concatenate",
                map("name", "out", "axis", -1),
                List.of(tensor("p"), tensor("mu"), tensor("pi"))),
        Shape.row(3));
    add(
        "split steps",
        archive()
            .input("x", null, 3)
            .layer("LSTM", lstmConfig("h", 4, true), lstmShapes("", 3, 4), "x")
            .dense("pi", 4, 3, "softmax", "h")
            .dense("mu", 4, 3, "linear", "h")
            .dense("sigma", 4, 3, "linear", "h")
            .operator("Exp", map("name", "o"), "sigma")
            .merge("Concatenate", with(base("out"), "axis", -1), "pi", "mu", "o"),
        Shape.sequence(4, 3));
  }

  private Keras3Archive split(String activation, Double summand) {
    Keras3Archive archive =
        archive()
            .input("x", 3)
            .dense("h", 3, 4, "tanh", "x")
            .dense("pi", 4, 3, "softmax", "h")
            .dense("mu", 4, 3, "linear", "h")
            .dense("sigma", 4, 3, activation, "h");
    return summand == null ? archive : archive.operator("Add", map("name", "o"), "sigma", summand);
  }
}
