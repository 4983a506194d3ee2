/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.Random;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.junit.jupiter.api.Test;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.regression.report.NoiseLevel;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

class ModelJsonTest {
  private static final double[][] FEATURES = new double[80][2];
  private static final double[][] TARGETS = new double[80][1];

  static {
    Random random = new Random(1);
    for (int n = 0; n < 80; n++) {
      FEATURES[n] = new double[] {random.nextGaussian(), 10 + 5 * random.nextGaussian()};
      TARGETS[n][0] = 100 + FEATURES[n][0] * FEATURES[n][1] + random.nextGaussian();
    }
  }

  private static MixtureRegressorBuilder builder() {
    return MixtureRegressor.builder()
        .components(2)
        .noise(new NoiseLevel(0, 0))
        .bins(0)
        .widerUnits(0)
        .bounded(false)
        .contaminated(false)
        .maxEpochs(10)
        .refit(false)
        .quiet();
  }

  private static double[] floats(JsonNode base64) {
    ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(base64.asText()));
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    double[] numbers = new double[bytes.remaining() / Float.BYTES];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = bytes.getFloat();
    }
    return numbers;
  }

  private static double activation(String name, double x) {
    return switch (name) {
      case "swish" -> x / (1 + Math.exp(-x));
      case "tanh" -> Math.tanh(x);
      case "relu" -> Math.max(0, x);
      case "sigmoid" -> 1 / (1 + Math.exp(-x));
      case "identity" -> x;
      default -> throw new AssertionError(name);
    };
  }

  /** By nothing but the JSON: units, layers, softmax, exponential. */
  private static Mixture predict(JsonNode model, double[] row) {
    double[] values = new double[row.length];
    for (int c = 0; c < row.length; c++) {
      values[c] =
          (row[c] - model.get("features").get("means").get(c).asDouble())
              / model.get("features").get("deviations").get(c).asDouble();
    }
    for (JsonNode layer : model.get("members").get(0).get("layers")) {
      double[] weights = floats(layer.get("weights"));
      double[] outputs = floats(layer.get("biases"));
      for (int j = 0; j < outputs.length; j++) {
        for (int i = 0; i < values.length; i++) {
          outputs[j] += values[i] * weights[i * outputs.length + j];
        }
        outputs[j] = activation(layer.get("activation").asText(), outputs[j]);
      }
      values = outputs;
    }
    double mean = model.get("targets").get("means").get(0).asDouble();
    double deviation = model.get("targets").get("deviations").get(0).asDouble();
    double floor = model.get("members").get(0).get("spec").get("scaleFloor").asDouble();
    return Mixture.gaussian(
        new double[] {Math.exp(values[0]), Math.exp(values[1])},
        new double[][] {{mean + deviation * values[2]}, {mean + deviation * values[3]}},
        new double[][] {
          {deviation * (floor + Math.exp(values[4]))}, {deviation * (floor + Math.exp(values[5]))}
        });
  }

  private static MultiLayerConfiguration trunk(Activation first, Activation second) {
    return new NeuralNetConfiguration.Builder()
        .list()
        .layer(new DenseLayer.Builder().nIn(2).nOut(7).activation(first).build())
        .layer(new DenseLayer.Builder().nIn(7).nOut(5).activation(second).build())
        .build();
  }

  @Test
  void theNumbersArePredictedWith() throws IOException {
    for (MixtureRegressorBuilder builder :
        new MixtureRegressorBuilder[] {
          builder(),
          builder().trunk(trunk(Activation.TANH, Activation.RELU)),
          builder().trunk(trunk(Activation.SIGMOID, Activation.IDENTITY))
        }) {
      MixtureRegressor regressor = builder.build().fit(FEATURES, TARGETS);
      JsonNode model = new ObjectMapper().readTree(regressor.toJson());
      assertTrue(model.get("columns").isNull());
      for (double[] row : new double[][] {{0.5, 12}, {-2, 3}}) {
        Mixture expected = regressor.predict(new double[][] {row}).get(0);
        Mixture found = predict(model, row);
        assertEquals(expected.mean()[0], found.mean()[0], 1e-3);
        assertEquals(expected.logDensity(100), found.logDensity(100), 1e-3);
      }
    }
  }

  @Test
  void otherLayersAreRefused() {
    MultiLayerConfiguration normalised =
        new NeuralNetConfiguration.Builder()
            .list()
            .layer(new DenseLayer.Builder().nIn(2).nOut(7).build())
            .layer(new BatchNormalization.Builder().nIn(7).nOut(7).build())
            .build();
    MixtureRegressor batch = builder().trunk(normalised).build().fit(FEATURES, TARGETS);
    assertTrue(
        assertThrows(UnsupportedOperationException.class, batch::toJson)
            .getMessage()
            .contains("got a BatchNormalization"));
    MixtureRegressor elu =
        builder().trunk(trunk(Activation.ELU, Activation.TANH)).build().fit(FEATURES, TARGETS);
    assertTrue(
        assertThrows(UnsupportedOperationException.class, elu::toJson)
            .getMessage()
            .contains("elu"));
  }
}
