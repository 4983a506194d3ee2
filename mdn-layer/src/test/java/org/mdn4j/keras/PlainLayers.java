/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import static org.mdn4j.keras.PlainKerasModel.each;
import static org.mdn4j.keras.PlainKerasModel.list;
import static org.mdn4j.keras.PlainKerasModel.require;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.commons.math3.special.Erf;
import org.mdn4j.keras.PlainKerasModel.Unknown;
import org.mdn4j.keras.PlainKerasModel.Value;

/** Keras's layers with one input, as {@link PlainKerasModel} needs them. */
final class PlainLayers {
  private static final double SELU_ALPHA = 1.6732632423543772848170429916717;
  private static final double SELU_SCALE = 1.0507009873554804934193349852946;

  private final Map<String, PlainArray> arrays;
  private final PlainOptions options;
  private final String folder;

  PlainLayers(Map<String, PlainArray> arrays, PlainOptions options, String folder) {
    this.arrays = arrays;
    this.options = options;
    this.folder = folder;
  }

  Value apply(String className, Value x) {
    int rank = x.isSequence() ? 3 : 2;
    return switch (className) {
      case "MDN" -> mixture(x);
      case "Dense" -> dense(x);
      case "Embedding" -> embedding(x);
      case "LSTM" -> lstm(x);
      case "Conv1D" -> convolution(x);
      case "GlobalMaxPooling1D" -> pooled(x, DoubleStream::max);
      case "GlobalAveragePooling1D" -> pooled(x, DoubleStream::average);
      case "BatchNormalization" -> batchNormalization(x, rank);
      case "Normalization" -> normalization(x, rank);
      case "Rescaling" -> {
        double[] scale = perFeature("scale", x.size());
        double[] offset = perFeature("offset", x.size());
        yield x.map(row -> byIndex(row, i -> row[i] * scale[i] + offset[i]));
      }
      case "Activation" -> x.map(ofRows(options.get("activation", null)));
      case "Softmax" -> {
        options.requireLastAxis(rank);
        yield x.map(PlainLayers::softmax);
      }
      case "ReLU" -> {
        double max =
            options.get("max_value", null) == null
                ? Double.POSITIVE_INFINITY
                : options.number("max_value", 0);
        double slope = options.number("negative_slope", 0);
        double threshold = options.number("threshold", 0);
        require(max >= 0 && slope >= 0 && threshold >= 0, "numbers below 0");
        yield x.map(row -> each(row, relu(max, slope, threshold)));
      }
      case "LeakyReLU" -> {
        double slope = options.number("negative_slope", 0.3);
        yield x.map(row -> each(row, relu(Double.POSITIVE_INFINITY, slope, 0)));
      }
      case "ELU" -> {
        double alpha = options.number("alpha", 1);
        yield x.map(row -> each(row, elu(alpha)));
      }
      case "PReLU" -> prelu(x);
      case "Dropout", "GaussianDropout", "AlphaDropout", "GaussianNoise", "Identity" -> x;
      case "SpatialDropout1D" -> {
        require(x.isSequence(), "a row");
        yield x;
      }
      case "Flatten" -> {
        channelsLast();
        yield new Value(false, new double[][] {flat(x)});
      }
      case "Reshape" -> reshaped(x);
      default -> throw new Unknown(className);
    };
  }

  private PlainArray array(String path, int... shape) {
    PlainArray array = arrays.get(folder + "/" + path);
    require(array != null, folder + "/" + path + " is not there");
    require(Arrays.equals(shape, array.shape()), path + Arrays.toString(array.shape()));
    return array;
  }

  private void requireArrays(int count) {
    long there =
        arrays.keySet().stream().filter(path -> path.startsWith(folder + "/vars/")).count();
    require(there == count, there + " arrays in " + folder);
  }

  private Value dense(Value x) {
    int units = options.size("units");
    boolean hasBias = options.flag("use_bias", true);
    requireArrays(hasBias ? 2 : 1);
    PlainArray kernel = array("vars/0", x.size(), units);
    double[] bias = hasBias ? array("vars/1", units).values() : new double[units];
    UnaryOperator<double[]> activation = ofRows(options.get("activation", null));
    return x.map(row -> activation.apply(affine(row, kernel, bias)));
  }

  private static double[] affine(double[] row, PlainArray kernel, double[] bias) {
    double[] out = bias.clone();
    for (int i = 0; i < row.length; i++) {
      for (int j = 0; j < out.length; j++) {
        out[j] += row[i] * kernel.at(i, j);
      }
    }
    return out;
  }

  private Value mixture(Value x) {
    int components = options.size("num_mixtures");
    int width = components * options.size("output_dimension");
    String[] names = {"mdn_mus", "mdn_sigmas", "mdn_pi"};
    int[] widths = {width, width, components};
    return x.map(
        row -> {
          List<double[]> parts = new ArrayList<>();
          for (int part = 0; part < 3; part++) {
            PlainArray kernel = array(names[part] + "/vars/0", x.size(), widths[part]);
            double[] bias = array(names[part] + "/vars/1", widths[part]).values();
            parts.add(affine(row, kernel, bias));
          }
          parts.set(1, each(parts.get(1), v -> (v > 0 ? v : Math.expm1(v)) + 1 + 1e-7));
          return parts.stream().flatMapToDouble(Arrays::stream).toArray();
        });
  }

  private Value embedding(Value x) {
    require(!x.isSequence(), "a sequence");
    require(options.is("mask_zero", false, false), "mask_zero");
    int words = options.size("input_dim");
    int size = options.size("output_dim");
    requireArrays(1);
    PlainArray table = array("vars/0", words, size);
    return new Value(
        true,
        Arrays.stream(x.steps()[0])
            .mapToObj(
                word -> {
                  require(word >= 0 && word < words, word);
                  return IntStream.range(0, size)
                      .mapToDouble(j -> table.at((int) word, j))
                      .toArray();
                })
            .toArray(double[][]::new));
  }

  Value lstm(Value x) {
    require(x.isSequence(), "a row");
    int units = options.size("units");
    boolean hasBias = options.flag("use_bias", true);
    for (String key : List.of("return_state", "go_backwards")) {
      // The wrapper of both directions reverses the steps itself.
      boolean isOfWrapper = key.equals("go_backwards") && folder.endsWith("/backward_layer");
      require(options.is(key, false, isOfWrapper), key);
    }
    PlainArray kernel = array("cell/vars/0", x.size(), 4 * units);
    PlainArray recurrent = array("cell/vars/1", units, 4 * units);
    double[] bias = hasBias ? array("cell/vars/2", 4 * units).values() : new double[4 * units];
    DoubleUnaryOperator activation = activation(options.get("activation", "tanh"));
    DoubleUnaryOperator gate = activation(options.get("recurrent_activation", "sigmoid"));
    double[] h = new double[units];
    double[] c = new double[units];
    double[][] outputs = new double[x.steps().length][];
    for (int t = 0; t < outputs.length; t++) {
      double[] z = affine(x.steps()[t], kernel, bias);
      double[] r = affine(h, recurrent, z);
      double[] next = new double[units];
      for (int u = 0; u < units; u++) {
        double input = gate.applyAsDouble(r[u]);
        double forget = gate.applyAsDouble(r[units + u]);
        double output = gate.applyAsDouble(r[3 * units + u]);
        c[u] = forget * c[u] + input * activation.applyAsDouble(r[2 * units + u]);
        next[u] = output * activation.applyAsDouble(c[u]);
      }
      h = next;
      outputs[t] = next;
    }
    return options.flag("return_sequences", false)
        ? new Value(true, outputs)
        : new Value(false, new double[][] {h});
  }

  private Value convolution(Value x) {
    require(x.isSequence(), "a row");
    channelsLast();
    require(options.is("groups", 1, 1), "groups");
    int filters = options.size("filters");
    int width = options.single("kernel_size");
    int stride = options.single("strides");
    int dilation = options.single("dilation_rate");
    require(stride == 1 || dilation == 1, "strides and dilation");
    boolean hasBias = options.flag("use_bias", true);
    requireArrays(hasBias ? 2 : 1);
    PlainArray kernel = array("vars/0", width, x.size(), filters);
    double[] bias = hasBias ? array("vars/1", filters).values() : new double[filters];
    int length = x.steps().length;
    int reach = (width - 1) * dilation;
    int outputs;
    int before;
    switch (String.valueOf(options.get("padding", "valid"))) {
      case "valid" -> {
        require(length > reach, "too short");
        outputs = (length - reach - 1) / stride + 1;
        before = 0;
      }
      case "causal" -> {
        outputs = (length - 1) / stride + 1;
        before = reach;
      }
      case "same" -> { // TensorFlow's: what is missing is added in halves, the larger at the end
        outputs = (length + stride - 1) / stride;
        before = Math.max(0, (outputs - 1) * stride + reach + 1 - length) / 2;
      }
      default -> throw new Unknown("padding");
    }
    UnaryOperator<double[]> activation = ofRows(options.get("activation", null));
    double[][] steps = new double[outputs][];
    for (int t = 0; t < outputs; t++) {
      double[] sum = bias.clone();
      for (int k = 0; k < width; k++) {
        int at = t * stride - before + k * dilation;
        for (int i = 0; at >= 0 && at < length && i < x.size(); i++) {
          for (int j = 0; j < filters; j++) {
            sum[j] += x.steps()[at][i] * kernel.at(k, i, j);
          }
        }
      }
      steps[t] = activation.apply(sum);
    }
    return new Value(true, steps);
  }

  private void channelsLast() {
    require(options.is("data_format", "channels_last", "channels_last"), "data_format");
  }

  private interface Pooling {
    java.util.OptionalDouble of(DoubleStream values);
  }

  private Value pooled(Value x, Pooling pooling) {
    require(x.isSequence(), "a row");
    channelsLast();
    require(options.is("keepdims", false, false), "keepdims");
    double[] row =
        IntStream.range(0, x.size())
            .mapToDouble(
                i ->
                    pooling.of(Arrays.stream(x.steps()).mapToDouble(step -> step[i])).orElseThrow())
            .toArray();
    return new Value(false, new double[][] {row});
  }

  private Value batchNormalization(Value x, int rank) {
    options.requireLastAxis(rank);
    double epsilon = options.number("epsilon", 1e-3);
    boolean isScaled = options.flag("scale", true);
    boolean isCentered = options.flag("center", true);
    int size = x.size();
    int next = 0;
    requireArrays(2 + (isScaled ? 1 : 0) + (isCentered ? 1 : 0));
    double[] gamma = isScaled ? array("vars/" + next++, size).values() : null;
    double[] beta = isCentered ? array("vars/" + next++, size).values() : null;
    double[] mean = array("vars/" + next++, size).values();
    double[] variance = array("vars/" + next, size).values();
    return x.map(
        row ->
            byIndex(
                row,
                i ->
                    (row[i] - mean[i])
                            / Math.sqrt(variance[i] + epsilon)
                            * (gamma == null ? 1 : gamma[i])
                        + (beta == null ? 0 : beta[i])));
  }

  private interface ByIndex {
    double of(int i);
  }

  private static double[] byIndex(double[] row, ByIndex function) {
    return IntStream.range(0, row.length).mapToDouble(function::of).toArray();
  }

  private Value normalization(Value x, int rank) {
    options.requireLastAxis(rank);
    require(options.get("mean", null) != null && options.get("variance", null) != null, "adapted");
    double[] mean = perFeature("mean", x.size());
    double[] deviation = each(perFeature("variance", x.size()), v -> Math.max(Math.sqrt(v), 1e-7));
    boolean isInverted = options.flag("invert", false);
    return x.map(
        row ->
            byIndex(
                row,
                i ->
                    isInverted
                        ? mean[i] + row[i] * deviation[i]
                        : (row[i] - mean[i]) / deviation[i]));
  }

  private double[] perFeature(String key, int size) {
    Object value = options.get(key, 0.0);
    List<?> numbers =
        value instanceof List<?> list ? list : java.util.Collections.nCopies(size, value);
    require(numbers.size() == size && numbers.stream().allMatch(Number.class::isInstance), key);
    return numbers.stream().mapToDouble(number -> ((Number) number).doubleValue()).toArray();
  }

  private Value prelu(Value x) {
    Object axes = options.get("shared_axes", null);
    requireArrays(1);
    require(
        x.isSequence() ? List.of(1).equals(axes) : axes == null || List.of().equals(axes), axes);
    double[] slopes =
        x.isSequence() ? array("vars/0", 1, x.size()).values() : array("vars/0", x.size()).values();
    return x.map(row -> byIndex(row, i -> row[i] > 0 ? row[i] : slopes[i] * row[i]));
  }

  private static double[] flat(Value x) {
    return Arrays.stream(x.steps()).flatMapToDouble(Arrays::stream).toArray();
  }

  private Value reshaped(Value x) {
    double[] flat = flat(x);
    List<Integer> shape = new ArrayList<>();
    for (Object side : list(options.get("target_shape", null))) {
      require(side instanceof Integer size && (size > 0 || size == -1), side);
      shape.add((Integer) side);
    }
    require(shape.size() == 1 || shape.size() == 2, shape);
    int open = shape.indexOf(-1);
    if (open >= 0) {
      int known = shape.size() == 1 ? 1 : shape.get(1 - open);
      require(known > 0 && flat.length % known == 0, shape);
      shape.set(open, flat.length / known);
    }
    require(shape.stream().reduce(1, (a, b) -> a * b) == flat.length, shape);
    int steps = shape.size() == 1 ? 1 : shape.get(0);
    int size = flat.length / steps;
    double[][] rows = new double[steps][];
    for (int t = 0; t < steps; t++) {
      rows[t] = Arrays.copyOfRange(flat, t * size, (t + 1) * size);
    }
    return new Value(shape.size() == 2, rows);
  }

  private static UnaryOperator<double[]> ofRows(Object name) {
    if ("softmax".equals(name)) {
      return PlainLayers::softmax;
    }
    DoubleUnaryOperator activation = activation(name);
    return row -> each(row, activation);
  }

  static double[] softmax(double[] row) {
    double max = Arrays.stream(row).max().orElseThrow();
    double sum = Arrays.stream(row).map(v -> Math.exp(v - max)).sum();
    return each(row, v -> Math.exp(v - max) / sum);
  }

  static DoubleUnaryOperator elu(double alpha) {
    return v -> v > 0 ? v : alpha * Math.expm1(v);
  }

  /** Keras's: max(x, 0) or x above the threshold, cut at the maximum; less the slope's part. */
  static DoubleUnaryOperator relu(double max, double slope, double threshold) {
    return v -> {
      double positive = Math.min(v > threshold ? v : 0, max);
      double negative = Math.max(threshold - v, 0);
      return positive - slope * negative;
    };
  }

  static DoubleUnaryOperator activation(Object name) {
    return switch (String.valueOf(name)) {
      case "linear", "null" -> v -> v;
      case "tanh" -> Math::tanh;
      case "sigmoid" -> PlainKeras::sigmoid;
      case "relu" -> v -> Math.max(v, 0);
      case "relu6" -> v -> Math.min(6, Math.max(v, 0));
      case "leaky_relu" -> relu(Double.POSITIVE_INFINITY, 0.2, 0);
      case "elu" -> elu(1);
      case "selu" -> v -> SELU_SCALE * elu(SELU_ALPHA).applyAsDouble(v);
      case "softplus" -> v -> Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v)));
      case "softsign" -> v -> v / (1 + Math.abs(v));
      case "silu", "swish" -> v -> v * PlainKeras.sigmoid(v);
      case "mish" -> v -> v * Math.tanh(Math.log1p(Math.exp(v)));
      case "gelu" -> v -> 0.5 * v * (1 + Erf.erf(v / Math.sqrt(2)));
      case "gelu_tanh" ->
          v -> 0.5 * v * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v * v * v)));
      case "exponential" -> Math::exp;
      default -> throw new Unknown("activation " + name);
    };
  }
}
