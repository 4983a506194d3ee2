/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import static org.mdn4j.keras.KerasConfigs.base;
import static org.mdn4j.keras.KerasConfigs.batchNormalizationConfig;
import static org.mdn4j.keras.KerasConfigs.denseConfig;
import static org.mdn4j.keras.KerasConfigs.denseShapes;
import static org.mdn4j.keras.KerasConfigs.map;
import static org.mdn4j.keras.KerasConfigs.with;

import java.util.List;
import java.util.Map;
import org.mdn4j.keras.KerasRun.Shape;

/** Models of rows, one layer after the other. */
final class KerasRowModels extends KerasModelMaker {
  @Override
  void make() {
    activations();
    rows();
    normalisations();
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

  private void normalisations() {
    for (boolean center : new boolean[] {true, false}) {
      for (boolean scale : new boolean[] {true, false}) {
        int count = 2 + (center ? 1 : 0) + (scale ? 1 : 0);
        for (boolean trainable : new boolean[] {true, false}) {
          Map<String, Object> config =
              with(
                  batchNormalizationConfig("b", center, scale),
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
}
