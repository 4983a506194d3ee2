/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a model of Keras 3 computes, from its configuration and arrays, in plain loops over doubles,
 * one example at a time. Written from Keras's documentation of each layer; shares nothing with the
 * main code. Whatever it does not know of, it says so.
 */
final class PlainKerasModel {
  /** The configuration is none that is known here, or that Keras would take. */
  static final class Unknown extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unknown(Object what) {
      super(String.valueOf(what));
    }
  }

  /** Keys that have no say in what comes out of a trained layer that is not in training. */
  static final List<String> WITHOUT_EFFECT =
      List.of(
          "name",
          "trainable",
          "seed",
          "noise_shape",
          "unit_forget_bias",
          "unroll",
          "implementation",
          "zero_output_for_mask",
          "momentum",
          "renorm_momentum",
          "synchronized",
          "dropout",
          "recurrent_dropout",
          "rate",
          "stddev",
          "stateful");

  /** An example: {@code [T][F]}, of a row T = 1. */
  record Value(boolean isSequence, double[][] steps) {
    Value map(java.util.function.UnaryOperator<double[]> function) {
      return new Value(isSequence, Arrays.stream(steps).map(function).toArray(double[][]::new));
    }

    int size() {
      return steps[0].length;
    }
  }

  private final Map<String, Object> model;
  private final Map<String, PlainArray> arrays;
  private final Map<String, Map<String, Object>> layers = new HashMap<>();
  private final Map<String, String> groups = new HashMap<>();
  private final List<String> order = new ArrayList<>();

  /**
   * Makes a model.
   *
   * @param arrays by their paths in model.weights.h5
   */
  PlainKerasModel(Map<String, Object> model, Map<String, PlainArray> arrays) {
    this.model = model;
    this.arrays = arrays;
    require(String.valueOf(model.get("class_name")).matches("Sequential|Functional"), "class_name");
    require(String.valueOf(model.get("module")).matches("keras(\\..*)?"), model.get("module"));
    Map<String, Integer> counts = new HashMap<>();
    for (Object entry : list(config().get("layers"))) {
      Map<String, Object> layer = map(entry);
      String name = String.valueOf(map(layer.get("config")).get("name"));
      require(!layers.containsKey(name), name);
      require(name.equals(layer.getOrDefault("name", name)), "two names");
      layers.put(name, layer);
      order.add(name);
      if (!isOperator(layer)) {
        String className = String.valueOf(layer.get("class_name"));
        String base =
            className
                .substring(className.lastIndexOf('>') + 1)
                .replaceAll("(.)([A-Z][a-z]+)", "$1_$2")
                .replaceAll("([a-z])([A-Z])", "$1_$2")
                .toLowerCase(Locale.ROOT);
        int count = counts.merge(base, 1, Integer::sum) - 1;
        groups.put(name, "layers/" + base + (count == 0 ? "" : "_" + count));
      }
    }
  }

  private Map<String, Object> config() {
    return map(model.get("config"));
  }

  boolean isSequential() {
    return model.get("class_name").equals("Sequential");
  }

  static void require(boolean condition, Object what) {
    if (!condition) {
      throw new Unknown(what);
    }
  }

  @SuppressWarnings("unchecked") // JSON's objects have texts as keys
  static Map<String, Object> map(Object value) {
    require(value instanceof Map<?, ?>, value);
    return (Map<String, Object>) value;
  }

  static List<?> list(Object value) {
    require(value instanceof List<?>, value);
    return (List<?>) value;
  }

  private static boolean isOperator(Map<String, Object> layer) {
    return String.valueOf(layer.get("module")).startsWith("keras.src.ops.");
  }

  /** The output for one example: {@code [T][columns]}. */
  double[][] output(List<Value> inputs) {
    Map<String, Value> values = new HashMap<>();
    if (isSequential()) {
      Value value = inputs.get(0);
      for (int i = 0; i < order.size(); i++) {
        boolean isInput = className(layers.get(order.get(i))).equals("InputLayer");
        require(isInput == (i == 0), "an InputLayer at " + i);
        value = apply(order.get(i), List.of(value));
      }
      return value.steps();
    }
    List<String> names = ends("input_layers");
    require(names.size() == inputs.size(), names);
    for (int i = 0; i < names.size(); i++) {
      require(
          className(layers.getOrDefault(names.get(i), Map.of())).equals("InputLayer"),
          "an input that is none");
      values.put(names.get(i), apply(names.get(i), List.of(inputs.get(i))));
    }
    List<String> outputs = ends("output_layers");
    require(outputs.size() == 1, outputs);
    return value(outputs.get(0), values, 0).steps();
  }

  private List<String> ends(String key) {
    List<?> ends = list(config().get(key));
    if (!ends.isEmpty() && ends.get(0) instanceof String) {
      ends = List.of(ends);
    }
    return ends.stream().map(end -> tensor(list(end))).collect(Collectors.toList());
  }

  private static String tensor(List<?> history) {
    require(history.size() == 3, history);
    require(history.subList(1, 3).equals(List.of(0, 0)), history);
    return String.valueOf(history.get(0));
  }

  private Value value(String name, Map<String, Value> values, int depth) {
    require(layers.containsKey(name) && depth < 50, name);
    if (!values.containsKey(name)) {
      List<?> nodes = list(layers.get(name).get("inbound_nodes"));
      require(nodes.size() == 1, nodes);
      map(map(nodes.get(0)).get("kwargs"))
          .forEach(
              (key, value) ->
                  require(value == null || key.equals("training") && value.equals(false), key));
      List<Object> arguments = new ArrayList<>();
      for (Object argument : list(map(nodes.get(0)).get("args"))) {
        arguments.add(evaluated(argument, values, depth));
      }
      values.put(name, apply(name, arguments));
    }
    return values.get(name);
  }

  private Object evaluated(Object argument, Map<String, Value> values, int depth) {
    if (argument instanceof List<?> list) {
      return list.stream().map(element -> evaluated(element, values, depth)).toList();
    }
    if (argument instanceof Map<?, ?> map && "__keras_tensor__".equals(map.get("class_name"))) {
      return value(tensor(list(map(map.get("config")).get("keras_history"))), values, depth + 1);
    }
    if (argument instanceof Map<?, ?> map && "__tensor__".equals(map.get("class_name"))) {
      Map<String, Object> config = map(map.get("config"));
      require("float32".equals(config.get("dtype")) && config.size() == 2, config);
      return config.get("value");
    }
    return argument;
  }

  private static String className(Map<String, Object> layer) {
    String name = String.valueOf(layer.get("class_name"));
    if (name.substring(name.lastIndexOf('>') + 1).equals("MDN")) {
      return "MDN";
    }
    if (isOperator(layer)) {
      return "ops." + name;
    }
    require("keras.layers".equals(layer.get("module")), layer.get("module"));
    require(layer.get("registered_name") == null, layer.get("registered_name"));
    return name;
  }

  private Value apply(String name, List<?> arguments) {
    Map<String, Object> layer = layers.get(name);
    String className = className(layer);
    PlainOptions options = new PlainOptions(map(layer.get("config")));
    Value value;
    if (className.startsWith("ops.")) {
      value = operator(className.substring(4), options, arguments);
    } else if (arguments.size() == 1 && arguments.get(0) instanceof List<?> merged) {
      value = merge(className, options, merged.stream().map(PlainKerasModel::value).toList());
    } else {
      require(arguments.size() == 1, arguments);
      value = layer(className, options, groups.get(name), value(arguments.get(0)));
    }
    options.requireAllUsed();
    return value;
  }

  private static Value value(Object argument) {
    require(argument instanceof Value, argument);
    return (Value) argument;
  }

  private Value layer(String className, PlainOptions options, String folder, Value x) {
    PlainLayers known = new PlainLayers(arrays, options, folder);
    return switch (className) {
      case "InputLayer" -> input(options, x);
      case "TimeDistributed" -> {
        require(x.isSequence(), "a row");
        Map<String, Object> inner = map(options.get("layer", null));
        PlainOptions innerOptions = new PlainOptions(map(inner.get("config")));
        String innerName = className(inner);
        List<double[]> steps = new ArrayList<>();
        for (double[] step : x.steps()) {
          innerOptions.restart();
          Value row = new Value(false, new double[][] {step});
          steps.add(layer(innerName, innerOptions, folder + "/layer", row).steps()[0]);
        }
        innerOptions.requireAllUsed();
        yield new Value(true, steps.toArray(double[][]::new));
      }
      case "Bidirectional" -> bidirectional(options, folder, x);
      default -> known.apply(className, x);
    };
  }

  private static Value input(PlainOptions options, Value x) {
    List<?> shape = list(options.get("batch_shape", null));
    require(shape.size() == (x.isSequence() ? 3 : 2), shape);
    for (Object side : shape) {
      require(side == null || side instanceof Integer size && size > 0, shape);
    }
    Object last = shape.get(shape.size() - 1);
    require(last == null || last.equals(x.size()), shape);
    require(shape.size() < 3 || last != null, shape);
    for (String key : List.of("sparse", "ragged", "optional")) {
      require(options.is(key, false, false), key);
    }
    Object type = options.get("dtype", null) == null ? "float32" : options.get("dtype", null);
    require(String.valueOf(type).matches("(float|int)(32|64)"), type);
    return type.toString().startsWith("int") ? x.map(row -> each(row, v -> (long) v)) : x;
  }

  private Value bidirectional(PlainOptions options, String folder, Value x) {
    List<Value> directions = new ArrayList<>();
    for (String key : List.of("layer", "backward_layer")) {
      boolean isForward = key.equals("layer");
      boolean isImplied = options.get(key, null) == null && !isForward; // made like the other
      Map<String, Object> inner = map(options.get(isImplied ? "layer" : key, null));
      Map<String, Object> config = new HashMap<>(map(inner.get("config")));
      if (isImplied) {
        config.put("go_backwards", true);
      }
      PlainOptions innerOptions = new PlainOptions(config);
      require(innerOptions.is("go_backwards", false, !isForward), "go_backwards");
      List<double[]> steps = new ArrayList<>(Arrays.asList(x.steps()));
      if (!isForward) {
        java.util.Collections.reverse(steps);
      }
      String innerFolder = folder + (isForward ? "/forward_layer" : "/backward_layer");
      require(className(inner).equals("LSTM"), inner.get("class_name"));
      Value out =
          new PlainLayers(arrays, innerOptions, innerFolder)
              .lstm(new Value(true, steps.toArray(double[][]::new)));
      innerOptions.requireAllUsed();
      List<double[]> ordered = new ArrayList<>(Arrays.asList(out.steps()));
      if (!isForward) {
        java.util.Collections.reverse(ordered);
      }
      directions.add(new Value(out.isSequence(), ordered.toArray(double[][]::new)));
    }
    String mode = String.valueOf(options.get("merge_mode", "concat"));
    Value one = directions.get(0);
    Value two = directions.get(1);
    require(one.isSequence() == two.isSequence(), "one direction's sequence");
    return switch (mode) {
      case "concat" -> concatenated(directions);
      case "sum" -> zipped(one, two, Double::sum);
      case "mul" -> zipped(one, two, (a, b) -> a * b);
      case "ave" -> zipped(one, two, (a, b) -> (a + b) / 2);
      default -> throw new Unknown(mode);
    };
  }

  private static Value zipped(Value one, Value two, DoubleBinaryOperator operator) {
    require(
        one.isSequence() == two.isSequence()
            && one.steps().length == two.steps().length
            && one.size() == two.size(),
        "shapes");
    double[][] steps = new double[one.steps().length][one.size()];
    for (int t = 0; t < steps.length; t++) {
      for (int i = 0; i < steps[t].length; i++) {
        steps[t][i] = operator.applyAsDouble(one.steps()[t][i], two.steps()[t][i]);
      }
    }
    return new Value(one.isSequence(), steps);
  }

  private static Value concatenated(List<Value> values) {
    Value first = values.get(0);
    double[][] steps = new double[first.steps().length][];
    for (int t = 0; t < steps.length; t++) {
      int step = t;
      for (Value value : values) {
        require(
            value.isSequence() == first.isSequence() && value.steps().length == steps.length,
            "shapes");
      }
      steps[t] = values.stream().flatMapToDouble(v -> Arrays.stream(v.steps()[step])).toArray();
    }
    return new Value(first.isSequence(), steps);
  }

  private static Value merge(String className, PlainOptions options, List<Value> values) {
    require(values.size() > 1, values);
    if (className.equals("Concatenate")) {
      options.requireLastAxis(values.get(0).isSequence() ? 3 : 2);
      return concatenated(values);
    }
    if (className.equals("Average")) {
      double count = values.size();
      return values.stream()
          .reduce((one, two) -> zipped(one, two, Double::sum))
          .orElseThrow()
          .map(row -> Arrays.stream(row).map(v -> v / count).toArray());
    }
    require(!className.equals("Subtract") || values.size() == 2, values);
    DoubleBinaryOperator operator = binary(className);
    return values.stream().reduce((one, two) -> zipped(one, two, operator)).orElseThrow();
  }

  private static DoubleBinaryOperator binary(String name) {
    return switch (name) {
      case "Add" -> Double::sum;
      case "Subtract" -> (a, b) -> a - b;
      case "Multiply" -> (a, b) -> a * b;
      case "Divide", "TrueDivide" -> (a, b) -> a / b;
      case "Maximum" -> Math::max;
      case "Minimum" -> Math::min;
      default -> throw new Unknown(name);
    };
  }

  private static Value operator(String name, PlainOptions options, List<?> arguments) {
    if (name.equals("Concatenate")) {
      require(arguments.size() == 1, arguments);
      return merge(
          name, options, list(arguments.get(0)).stream().map(PlainKerasModel::value).toList());
    }
    if (name.equals("GetItem")) {
      return slice(arguments);
    }
    if (arguments.size() == 2) {
      DoubleBinaryOperator operator = binary(name);
      Object one = arguments.get(0);
      Object two = arguments.get(1);
      if (one instanceof Value left && two instanceof Number number) {
        return left.map(row -> each(row, v -> operator.applyAsDouble(v, number.doubleValue())));
      }
      if (one instanceof Number number && two instanceof Value right) {
        return right.map(row -> each(row, v -> operator.applyAsDouble(number.doubleValue(), v)));
      }
      return zipped(value(one), value(two), operator);
    }
    require(arguments.size() == 1, arguments);
    if (name.equals("Softmax")) {
      options.requireLastAxis(value(arguments.get(0)).isSequence() ? 3 : 2);
      return value(arguments.get(0)).map(PlainLayers::softmax);
    }
    DoubleUnaryOperator function =
        switch (name) {
          case "Negative" -> v -> -v;
          case "Elu" -> PlainLayers.elu(options.number("alpha", 1));
          case "LeakyRelu" ->
              PlainLayers.relu(Double.POSITIVE_INFINITY, options.number("negative_slope", 0.2), 0);
          case "Gelu" ->
              PlainLayers.activation(options.is("approximate", true, true) ? "gelu_tanh" : "gelu");
          case "Exp" -> Math::exp;
          case "Relu", "Relu6", "Sigmoid", "Tanh", "Softplus", "Softsign", "Silu", "Selu" ->
              PlainLayers.activation(name.toLowerCase(Locale.ROOT));
          default -> throw new Unknown(name);
        };
    return value(arguments.get(0)).map(row -> each(row, function));
  }

  static double[] each(double[] row, DoubleUnaryOperator function) {
    return Arrays.stream(row).map(function).toArray();
  }

  private static Value slice(List<?> arguments) {
    require(arguments.size() == 2, arguments);
    Value x = value(arguments.get(0));
    List<?> slices = list(arguments.get(1));
    require(slices.size() == (x.isSequence() ? 3 : 2), slices);
    List<List<Integer>> kept = new ArrayList<>();
    for (int i = 1; i < slices.size(); i++) {
      require("__slice__".equals(map(slices.get(i)).get("class_name")), slices);
      Map<String, Object> bounds = map(map(slices.get(i)).get("config"));
      int size = i == slices.size() - 1 ? x.size() : x.steps().length;
      kept.add(indices(bounds, size));
    }
    Map<String, Object> batch = map(map(slices.get(0)).get("config"));
    require(batch.values().stream().allMatch(v -> v == null), batch);
    List<Integer> columns = kept.get(kept.size() - 1);
    List<Integer> steps = x.isSequence() ? kept.get(0) : List.of(0);
    require(!columns.isEmpty() && !steps.isEmpty(), slices);
    return new Value(
        x.isSequence(),
        steps.stream()
            .map(t -> columns.stream().mapToDouble(i -> x.steps()[t][i]).toArray())
            .toArray(double[][]::new));
  }

  /** Python's {@code range(size)[start:stop:step]}, for steps from 1 on. */
  private static List<Integer> indices(Map<String, Object> bounds, int size) {
    int[] values = new int[3];
    String[] keys = {"start", "stop", "step"};
    int[] ifNull = {0, size, 1};
    for (int i = 0; i < 3; i++) {
      Object value = bounds.get(keys[i]);
      require(value == null || value instanceof Integer, bounds);
      values[i] = value == null ? ifNull[i] : (Integer) value;
      if (i < 2) {
        values[i] = Math.max(0, Math.min(size, values[i] < 0 ? values[i] + size : values[i]));
      }
    }
    require(values[2] > 0, bounds);
    return IntStream.range(values[0], Math.max(values[0], values[1]))
        .filter(i -> (i - values[0]) % values[2] == 0)
        .boxed()
        .toList();
  }
}
