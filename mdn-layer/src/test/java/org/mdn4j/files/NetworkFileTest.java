/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.mdn4j.layers.MixtureDensityRnnOutputLayer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

class NetworkFileTest {
  @TempDir Path folder;

  private static NeuralNetConfiguration.Builder base(DataType type) {
    return new NeuralNetConfiguration.Builder().seed(3).dataType(type);
  }

  private static MultiLayerNetwork dense(DataType type) {
    MultiLayerNetwork net =
        new MultiLayerNetwork(
            base(type)
                .list()
                .layer(new DenseLayer.Builder().nIn(2).nOut(3).build())
                .layer(new MixtureDensityOutputLayer.Builder().nIn(3).components(2).build())
                .build());
    net.init();
    return net;
  }

  private Path written(Model model) throws IOException {
    Path file = folder.resolve("network.zip");
    ModelSerializer.writeModel(model, file.toFile(), true);
    return file;
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE", "HALF"})
  void networksOfAllTypesAreReadAsDl4jReadsThem(DataType type) throws IOException {
    MultiLayerNetwork net = dense(type);
    net.setIterationCount(17);
    Path file = written(net);

    MultiLayerNetwork read = assertInstanceOf(MultiLayerNetwork.class, NetworkFile.read(file));
    MultiLayerNetwork theirs = ModelSerializer.restoreMultiLayerNetwork(file.toFile(), false);
    assertEquals(theirs.params(), read.params());
    assertEquals(net.params(), read.params());
    assertEquals(theirs.getLayerWiseConfigurations(), read.getLayerWiseConfigurations());
    assertEquals(17, read.getIterationCount());
  }

  @Test
  void graphsImagesAndSequences() throws IOException {
    ComputationGraph graph =
        new ComputationGraph(
            base(DataType.FLOAT)
                .graphBuilder()
                .addInputs("x")
                .addLayer("lstm", new LSTM.Builder().nIn(2).nOut(3).build(), "x")
                .addLayer(
                    "head",
                    new MixtureDensityRnnOutputLayer.Builder().nIn(3).components(2).build(),
                    "lstm")
                .setOutputs("head")
                .build());
    graph.init();
    ComputationGraph read =
        assertInstanceOf(ComputationGraph.class, NetworkFile.read(written(graph)));
    assertEquals(graph.params(), read.params());
    assertEquals(graph.getConfiguration(), read.getConfiguration());

    MultiLayerNetwork images =
        new MultiLayerNetwork(
            base(DataType.FLOAT)
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(2).build())
                .layer(new SubsamplingLayer.Builder().kernelSize(2, 2).stride(2, 2).build())
                .layer(new MixtureDensityOutputLayer.Builder().components(2).build())
                .setInputType(InputType.convolutional(8, 8, 1))
                .build());
    images.init();
    MultiLayerNetwork again = (MultiLayerNetwork) NetworkFile.read(written(images));
    assertEquals(images.params(), again.params());
    assertEquals(images.getLayerWiseConfigurations(), again.getLayerWiseConfigurations());
  }

  private static byte[] array(String mode, String type, long[] shapeInfo, long length, int floats)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeUTF("LONG_SHAPE");
      out.writeLong(shapeInfo.length);
      out.writeUTF("LONG");
      for (long entry : shapeInfo) {
        out.writeLong(entry);
      }
      out.writeUTF(mode);
      out.writeLong(length);
      out.writeUTF(type);
      for (int i = 0; i < floats; i++) {
        out.writeFloat(0.5f);
      }
    }
    return bytes.toByteArray();
  }

  private String refused(String entry, byte[] content) throws IOException {
    Path file = written(dense(DataType.FLOAT)); // 2 · 3 + 3, 3 · 6 + 6: 33 parameters
    Map<String, byte[]> entries = Zips.entries(Files.readAllBytes(file));
    entries.put(entry, content);
    Files.write(file, Zips.zip(entries));
    return assertThrows(MalformedFileException.class, () -> NetworkFile.read(file)).getMessage();
  }

  /** Lengths and shapes that Nd4j.read takes as they come. */
  @ParameterizedTest
  @CsvSource({
    "MIXED_DATA_TYPES, FLOAT, 33, 33, 32",
    "MIXED_DATA_TYPES, FLOAT, 33, 33, 34",
    "MIXED_DATA_TYPES, FLOAT, 34, 33, 33",
    "MIXED_DATA_TYPES, FLOAT, 34, 34, 34",
    "MIXED_DATA_TYPES, FLOAT, 33, 4000000000, 33",
    "MIXED_DATA_TYPES, FLOAT, 33, -1, 33",
    "MIXED_DATA_TYPES, FLOAT, -33, 33, 33",
    "MIXED_DATA_TYPES, UTF8, 33, 33, 33",
    "MIXED_DATA_TYPES, COMPRESSED, 33, 33, 33",
    "MIXED_DATA_TYPES, DOUBLE, 33, 33, 33",
    "MIXED_DATA_TYPES, QUAD, 33, 33, 33",
    "NO_MODE, FLOAT, 33, 33, 33"
  })
  void arraysThatAreNotAsTheySay(String mode, String type, long columns, long length, int floats)
      throws IOException {
    byte[] array =
        array(mode, type, new long[] {2, 1, columns, 33, 1, 8192, 1, 99}, length, floats);
    String message = refused("coefficients.bin", array);
    assertTrue(message.startsWith("coefficients.bin "), message);
    assertEquals(1, message.lines().count());
  }

  @Test
  void shapesAndNumbersThatNoNetworkHas() throws IOException {
    for (long[] shape :
        new long[][] {{}, {0}, {-1}, {2}, {2, 1}, {3, 1, 1, 33}, {Long.MAX_VALUE, 1, 33}}) {
      assertTrue(
          refused("coefficients.bin", array("MIXED_DATA_TYPES", "FLOAT", shape, 33, 33))
              .startsWith("coefficients.bin should hold a row of numbers"));
    }
    assertTrue(refused("coefficients.bin", new byte[0]).startsWith("coefficients.bin holds no"));
    ByteArrayOutputStream nan = new ByteArrayOutputStream();
    Nd4j.write(Nd4j.valueArrayOf(new long[] {1, 33}, Float.NaN), new DataOutputStream(nan));
    assertEquals("coefficients.bin holds NaN", refused("coefficients.bin", nan.toByteArray()));
  }

  /** DL4J deserialises it, whatever class it is of. */
  @Test
  void aPreprocessorIsNotDeserialised() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(new Deserialised());
    }
    Path file = written(dense(DataType.FLOAT));
    Map<String, byte[]> entries = Zips.entries(Files.readAllBytes(file));
    entries.put("preprocessor.bin", bytes.toByteArray());
    Files.write(file, Zips.zip(entries));
    Deserialised.was = false;

    NetworkFile.read(file);
    assertEquals(false, Deserialised.was);
    assertThrows(
        RuntimeException.class, () -> ModelSerializer.restoreMultiLayerNetwork(file.toFile()));
    assertEquals(true, Deserialised.was, "so the trap bites");
  }

  /** Seen if it is read. */
  static final class Deserialised implements Serializable {
    private static final long serialVersionUID = 1L;
    static boolean was;

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      was = true;
    }
  }

  @Test
  void classesOfOthersAreNotMade() throws IOException {
    Path file = written(dense(DataType.FLOAT));
    String json =
        new String(
            Zips.entries(Files.readAllBytes(file)).get("configuration.json"),
            StandardCharsets.UTF_8);
    for (String trap : Traps.names()) {
      String changed = json.replace("org.deeplearning4j.nn.conf.layers.DenseLayer", trap);
      assertTrue(
          refused("configuration.json", changed.getBytes(StandardCharsets.UTF_8))
              .contains("it names the class " + trap));
    }
    assertNull(Traps.sprung());
  }
}
