/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import static org.mdn4j.keras.KerasConfigs.base;
import static org.mdn4j.keras.KerasConfigs.batchNormalizationConfig;
import static org.mdn4j.keras.KerasConfigs.convConfig;
import static org.mdn4j.keras.KerasConfigs.denseConfig;
import static org.mdn4j.keras.KerasConfigs.layerOfKeras;
import static org.mdn4j.keras.KerasConfigs.lstmConfig;
import static org.mdn4j.keras.KerasConfigs.map;
import static org.mdn4j.keras.KerasConfigs.with;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Layers that are not known are refused, and the sentence names the layer, the key and its value.
 */
class KerasRefusalsTest {
  @TempDir Path folder;

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
    for (String key : List.of("activation", "recurrent_activation")) {
      Map<String, Object> without = lstmConfig("l", 4, true);
      without.remove(key);
      layers.add(layer("LSTM", without, "The layer \"l\"", key + " is left out"));
    }
    layers.add(ofDense("batch_input_shape", List.of(1, 2)));
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
    Map<String, Object> convolution = convConfig("c", 4, 3, "same");
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
    Map<String, Object> batch = batchNormalizationConfig("b", true, true);
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
            "LeakyReLU",
            with(base("r"), "negative_slope", 1.2),
            "layer \"r\" without negative_slope = 1.2"));
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
    Refusals.assertRefused(folder, model, parts.toArray(String[]::new));
  }
}
