/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import static org.mdn4j.keras.KerasConfigs.base;
import static org.mdn4j.keras.KerasConfigs.batchNormalizationConfig;
import static org.mdn4j.keras.KerasConfigs.convConfig;
import static org.mdn4j.keras.KerasConfigs.denseConfig;
import static org.mdn4j.keras.KerasConfigs.denseShapes;
import static org.mdn4j.keras.KerasConfigs.layerOfKeras;
import static org.mdn4j.keras.KerasConfigs.lstmConfig;
import static org.mdn4j.keras.KerasConfigs.lstmShapes;
import static org.mdn4j.keras.KerasConfigs.map;
import static org.mdn4j.keras.KerasConfigs.with;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mdn4j.keras.KerasRun.Shape;

/** Models of sequences, one layer after the other. */
final class KerasSequenceModels extends KerasModelMaker {
  @Override
  void make() {
    sequences();
    convolutions();
    recurrent();
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
            case "BatchNormalization" -> with(batchNormalizationConfig("i", true, true), "axis", 1);
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
          with(base("t"), "layer", layerOfKeras(inner, config)),
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
              .layer("Conv1D", convConfig("c", 3, 2, "same"), convShapes(2, 2, 3))
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
                convConfig("c", 5, form[0], padding),
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
                    convConfig("c", 1, 3, "same"),
                    "use_bias",
                    false,
                    "strides",
                    List.of(2),
                    "activation",
                    "gelu"),
                shapes("vars/0", 3, 1, 1))
            .layer("Conv1D", convConfig("e", 4, 2, "causal"), convShapes(2, 1, 4))
            .layer("Flatten", with(base("f"), "data_format", "channels_last"))
            .mdn("mdn", 12, 2, 2),
        Shape.sequence(6, 1));
  }

  private void recurrent() {
    add(
        "noise of steps",
        archive()
            .input("x", null, 2)
            .layer("Dropout", with(base("a"), "rate", 0.3, "noise_shape", null, "seed", 1))
            .layer("GaussianNoise", with(base("b"), "stddev", 0.2, "seed", null))
            .layer("LSTM", lstmConfig("l", 3, true), lstmShapes("", 2, 3))
            .layer("Dropout", with(base("c"), "rate", 0.2, "noise_shape", null, "seed", 1))
            .layer("SpatialDropout1D", with(base("d"), "rate", 0.2, "seed", 1))
            .mdn("mdn", 3, 2, 2),
        Shape.sequence(5, 2));
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
                layerOfKeras("LSTM", lstmConfig("forward_l", 3, isSequence)),
                "backward_layer",
                layerOfKeras(
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
}
