/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import static org.mdn4j.keras.KerasConfigs.base;
import static org.mdn4j.keras.KerasConfigs.lstmConfig;
import static org.mdn4j.keras.KerasConfigs.lstmShapes;
import static org.mdn4j.keras.KerasConfigs.map;
import static org.mdn4j.keras.KerasConfigs.with;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.mdn4j.keras.KerasRun.Shape;

/** Models that branch, and operators. */
final class KerasGraphModels extends KerasModelMaker {
  @Override
  void make() {
    operators();
    recurrent();
    merges();
    twice();
    ends();
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
                        .flatMap(e -> Stream.of(e.getKey(), e.getValue()))
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
    operator(
        "h * an array without sides",
        "Multiply",
        Map.of(),
        "h",
        map("class_name", "__tensor__", "config", map("value", 2.5, "dtype", "float32")));
    operator("softmax of h", "Softmax", Map.of("axis", -1), "h");
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
            .operator("Softmax", map("name", "p", "axis", 2), "c")
            .mdn("mdn", 5, 2, 2, "p"),
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

  /** Of inputs as wide as the targets, from which sequences can be generated. */
  private void recurrent() {
    add(
        "lstm as a graph",
        archive()
            .input("x", null, 2)
            .layer("LSTM", lstmConfig("l", 3, true), lstmShapes("", 2, 3), "x")
            .mdn("mdn", 3, 2, 2, "l"),
        Shape.sequence(4, 2));
    add(
        "lstm of an input times 2",
        archive()
            .input("x", null, 2)
            .operator("Multiply", map("name", "m"), "x", 2.0)
            .operator("Add", map("name", "a"), "m", "x")
            .layer("LSTM", lstmConfig("l", 3, true), lstmShapes("", 2, 3), "a")
            .mdn("mdn", 3, 2, 2, "l"),
        Shape.sequence(4, 2));
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
