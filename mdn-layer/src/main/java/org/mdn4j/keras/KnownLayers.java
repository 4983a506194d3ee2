/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The layers and operators of Keras that are imported, each with all the keys that its
 * configuration may have. This is the only place that knows them; the guide shows it as a table.
 */
final class KnownLayers {
  /** The prefix of the operators' names here, which in Keras are those of layers. */
  static final String OPERATOR = "ops.";

  /**
   * The keys that a configuration may have.
   *
   * @param translated keys whose value DL4J's layer takes over
   * @param fixed keys that must have this value, for which DL4J's layer means the same
   * @param ignored keys that mean nothing once a layer has its weights
   * @param remark what else there is to know
   */
  record Keys(
      List<String> translated, Map<String, Object> fixed, List<String> ignored, String remark) {
    Keys() {
      this(List.of(), Map.of(), List.of(), "");
    }

    Keys translating(String... keys) {
      return new Keys(List.of(keys), fixed, ignored, remark);
    }

    Keys with(Object value, String... keys) {
      Map<String, Object> more = new LinkedHashMap<>(fixed);
      Arrays.stream(keys).forEach(key -> more.put(key, value));
      return new Keys(translated, more, ignored, remark);
    }

    Keys ignoring(String... keys) {
      return new Keys(translated, fixed, List.of(keys), remark);
    }

    Keys remarking(String newRemark) {
      return new Keys(translated, fixed, ignored, newRemark);
    }

    boolean knows(String key) {
      return translated.contains(key) || fixed.containsKey(key) || ignored.contains(key);
    }
  }

  private static final Map<String, Keys> ALL = new LinkedHashMap<>();

  static {
    ALL.put(
        "InputLayer",
        new Keys()
            .translating("batch_shape", "batch_input_shape")
            .with(false, "sparse", "ragged", "optional")
            .remarking("rows `[N, F]` or sequences `[N, T, F]`; integers for an Embedding"));
    ALL.put(
        "MDN",
        new Keys()
            .translating("output_dimension", "num_mixtures")
            .remarking("of keras-mdn-layer; the last layer, also inside TimeDistributed"));
    ALL.put(
        "Dense",
        new Keys()
            .translating(
                "units", "activation", "use_bias", "kernel_regularizer", "bias_regularizer")
            .with(null, "activity_regularizer", "kernel_constraint", "bias_constraint")
            .with(null, "quantization_config")
            .ignoring("kernel_initializer", "bias_initializer"));
    ALL.put(
        "Embedding",
        new Keys()
            .translating("input_dim", "output_dim", "embeddings_regularizer")
            .with(null, "activity_regularizer", "embeddings_constraint", "quantization_config")
            .with(false, "mask_zero")
            .ignoring("embeddings_initializer", "input_length")
            .remarking("of an input `[N, T]`"));
    Keys recurrent =
        new Keys()
            .with(false, "return_state", "go_backwards", "stateful", "time_major")
            .with(0.0, "recurrent_dropout")
            .with(null, "activity_regularizer")
            .with(null, "kernel_constraint", "recurrent_constraint", "bias_constraint")
            .ignoring(
                "kernel_initializer",
                "recurrent_initializer",
                "bias_initializer",
                "unit_forget_bias",
                "unroll",
                "implementation",
                "zero_output_for_mask",
                "seed");
    ALL.put(
        "LSTM",
        recurrent
            .translating(
                "units",
                "activation",
                "recurrent_activation",
                "use_bias",
                "return_sequences",
                "dropout",
                "kernel_regularizer",
                "recurrent_regularizer",
                "bias_regularizer")
            .remarking(
                "both kernels regularised alike; no softmax; dropout of the input, drawn anew for each step"));
    ALL.put(
        "Bidirectional",
        new Keys()
            .translating("layer", "backward_layer", "merge_mode")
            .remarking("two LSTMs alike; merge modes concat, sum, mul, ave"));
    ALL.put(
        "TimeDistributed",
        new Keys().translating("layer").remarking("any layer of this table that takes rows"));
    ALL.put(
        "Conv1D",
        new Keys()
            .translating(
                "filters",
                "kernel_size",
                "strides",
                "padding",
                "dilation_rate",
                "activation",
                "use_bias",
                "kernel_regularizer",
                "bias_regularizer")
            .with("channels_last", "data_format")
            .with(1, "groups")
            .with(null, "activity_regularizer", "kernel_constraint", "bias_constraint")
            .ignoring("kernel_initializer", "bias_initializer")
            .remarking("padding valid, same, causal; no softmax"));
    Keys pooling = new Keys().with("channels_last", "data_format").with(false, "keepdims");
    ALL.put("GlobalMaxPooling1D", pooling);
    ALL.put("GlobalAveragePooling1D", pooling);
    ALL.put(
        "BatchNormalization",
        new Keys()
            .translating("axis", "momentum", "epsilon", "center", "scale")
            .with(null, "beta_regularizer", "gamma_regularizer")
            .with(null, "beta_constraint", "gamma_constraint")
            .with(null, "renorm_clipping", "virtual_batch_size")
            .with(false, "synchronized", "renorm")
            .ignoring(
                "beta_initializer",
                "gamma_initializer",
                "moving_mean_initializer",
                "moving_variance_initializer",
                "renorm_momentum")
            .remarking("the last axis"));
    ALL.put(
        "Normalization",
        new Keys()
            .translating("axis", "invert", "mean", "variance")
            .remarking(
                "the last axis; mean and variance as given to the layer, not as found by `adapt`"));
    ALL.put(
        "Rescaling",
        new Keys()
            .translating("scale", "offset")
            .remarking("numbers, or lists of one per feature"));
    ALL.put("Activation", new Keys().translating("activation"));
    ALL.put(
        "ReLU",
        new Keys()
            .translating("max_value", "negative_slope", "threshold")
            .remarking("a slope from 0 to 1"));
    ALL.put(
        "LeakyReLU",
        new Keys().translating("negative_slope", "alpha").remarking("a slope from 0 to 1"));
    ALL.put("ELU", new Keys().translating("alpha"));
    ALL.put("Softmax", new Keys().translating("axis").remarking("the last axis"));
    ALL.put(
        "PReLU",
        new Keys()
            .translating("shared_axes")
            .with(null, "alpha_regularizer", "alpha_constraint")
            .ignoring("alpha_initializer")
            .remarking("a slope per feature: of sequences, `shared_axes` is `[1]`"));
    ALL.put("Dropout", new Keys().translating("rate").with(null, "noise_shape").ignoring("seed"));
    ALL.put("SpatialDropout1D", new Keys().translating("rate").ignoring("seed"));
    ALL.put("GaussianDropout", new Keys().translating("rate").ignoring("seed"));
    ALL.put(
        "AlphaDropout", new Keys().translating("rate").with(null, "noise_shape").ignoring("seed"));
    ALL.put("GaussianNoise", new Keys().translating("stddev").ignoring("seed"));
    ALL.put(
        "Flatten", new Keys().with("channels_last", "data_format").remarking("T must be known"));
    ALL.put(
        "Reshape", new Keys().translating("target_shape").remarking("to one or two dimensions"));
    ALL.put("Identity", new Keys());
    for (String merge : List.of("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum")) {
      ALL.put(merge, new Keys().remarking("of tensors of one shape"));
    }
    ALL.put("Concatenate", new Keys().translating("axis").remarking("the last axis"));
    for (String operator : List.of("Add", "Subtract", "Multiply", "Maximum", "Minimum")) {
      ALL.put(
          OPERATOR + operator,
          new Keys().remarking("a tensor and a number, or two tensors of one shape"));
    }
    for (String operator : List.of("Divide", "TrueDivide")) {
      ALL.put(OPERATOR + operator, new Keys().remarking("a tensor by a number"));
    }
    ALL.put(OPERATOR + "Negative", new Keys());
    ALL.put(OPERATOR + "Concatenate", new Keys().translating("axis").remarking("the last axis"));
    ALL.put(
        OPERATOR + "GetItem",
        new Keys().remarking("`h[:, a:b]`, of sequences `h[:, :, a:b]`, without a step"));
    for (String operator :
        List.of(
            "Relu", "Sigmoid", "Tanh", "Exp", "Softplus", "Softsign", "Silu", "Selu", "Relu6")) {
      ALL.put(OPERATOR + operator, new Keys());
    }
    ALL.put(OPERATOR + "Softmax", new Keys().translating("axis").remarking("the last axis"));
    ALL.put(OPERATOR + "Elu", new Keys().translating("alpha"));
    ALL.put(
        OPERATOR + "LeakyRelu",
        new Keys().translating("negative_slope").remarking("a slope from 0 to 1"));
    ALL.put(OPERATOR + "Gelu", new Keys().translating("approximate"));
  }

  private KnownLayers() {}

  /** Returns the keys of a layer or operator; null if it is not known. */
  static Keys keys(String className) {
    return ALL.get(className);
  }

  static Collection<String> names() {
    return ALL.keySet();
  }

  /** Returns the guide's table, line by line. */
  static List<String> table() {
    Map<String, String> rows = new LinkedHashMap<>(); // several names to what they have in common
    ALL.forEach(
        (name, keys) -> rows.merge(row(keys), "`" + name + "`", (one, two) -> one + ", " + two));
    List<String> lines =
        new ArrayList<>(
            List.of(
                "| layer or operator | taken over | must be | ignored | remarks |",
                "|---|---|---|---|---|"));
    rows.forEach((row, names) -> lines.add("| " + names + " |" + row));
    return lines;
  }

  private static String row(Keys keys) {
    Map<Object, List<String>> byValue = new LinkedHashMap<>();
    keys.fixed()
        .forEach((key, value) -> byValue.computeIfAbsent(value, v -> new ArrayList<>()).add(key));
    String fixed =
        byValue.entrySet().stream()
            .map(entry -> listed(entry.getValue()) + " = " + entry.getKey())
            .collect(Collectors.joining("; "));
    return " %s | %s | %s | %s |"
        .formatted(listed(keys.translated()), fixed, listed(keys.ignored()), keys.remark());
  }

  private static String listed(List<String> keys) {
    return String.join(", ", keys);
  }
}
