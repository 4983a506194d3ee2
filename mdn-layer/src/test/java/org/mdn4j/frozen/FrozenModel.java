/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.frozen;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * A saved network with what it must answer: NAME.zip by DL4J's {@code ModelSerializer}, with the
 * updater's state, and NAME.json with features, labels, output and score. Uses nothing of this
 * project, so that it can be compiled in an earlier commit.
 */
record FrozenModel(
    MultiLayerNetwork network, INDArray features, INDArray labels, INDArray output, double score) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static void write(
      Path directory, String name, MultiLayerNetwork network, INDArray features, INDArray labels)
      throws IOException {
    Files.createDirectories(directory);
    ModelSerializer.writeModel(network, directory.resolve(name + ".zip").toFile(), true);
    ObjectNode answers = JSON.createObjectNode();
    answers.set("features", json(features));
    answers.set("labels", json(labels));
    answers.set("output", json(network.output(features)));
    answers.put("score", network.score(new DataSet(features, labels)));
    Files.writeString(directory.resolve(name + ".json"), answers + "\n");
  }

  private static JsonNode json(INDArray array) {
    ObjectNode node = JSON.createObjectNode();
    node.set("shape", JSON.valueToTree(array.shape()));
    node.set("values", JSON.valueToTree(array.castTo(DataType.DOUBLE).dup('c').data().asDouble()));
    return node;
  }

  /** Reads what {@link #write} wrote from resources. */
  static FrozenModel read(String directory, String name) throws IOException {
    try (InputStream zip = open(directory + "/" + name + ".zip");
        InputStream json = open(directory + "/" + name + ".json")) {
      MultiLayerNetwork network = ModelSerializer.restoreMultiLayerNetwork(zip, true);
      JsonNode answers = JSON.readTree(json);
      DataType dtype = network.params().dataType();
      return new FrozenModel(
          network,
          array(answers.get("features")).castTo(dtype),
          array(answers.get("labels")).castTo(dtype),
          array(answers.get("output")),
          answers.get("score").asDouble());
    }
  }

  private static INDArray array(JsonNode node) throws IOException {
    long[] shape = JSON.treeToValue(node.get("shape"), long[].class);
    double[] values = JSON.treeToValue(node.get("values"), double[].class);
    return Nd4j.createFromArray(values).reshape('c', shape);
  }

  static InputStream open(String name) {
    InputStream file = FrozenModel.class.getResourceAsStream(name);
    if (file == null) {
      throw new IllegalArgumentException("Expected the resource org/mdn4j/frozen/" + name);
    }
    return file;
  }

  /** Numbers in [−1.5, 1.5] that need no generator: sines of 1, 2, 3, …. */
  static INDArray numbers(DataType dtype, double shift, long... shape) {
    double[] values = new double[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    Arrays.setAll(values, i -> 1.5 * Math.sin(i + 1 + shift));
    return Nd4j.createFromArray(values).reshape('c', shape).castTo(dtype);
  }

  /** Some steps of training, so that nothing is as it was initialised. */
  static MultiLayerNetwork trained(MultiLayerNetwork network, INDArray features, INDArray labels) {
    network.init();
    for (int step = 0; step < 5; step++) {
      network.fit(features, labels);
    }
    return network;
  }
}
