/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.MixtureSpec;
import org.mdn4j.ScaleTransform;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What is no file of Keras with an MDN, one sentence each; and networks that take no weights. */
class KerasErrorsTest {
  @TempDir Path folder;

  private static void assertRefused(Executable executable, String... parts) {
    Exception e = assertThrows(IllegalArgumentException.class, executable);
    for (String part : parts) {
      assertTrue(e.getMessage().contains(part), e.getMessage());
    }
  }

  private Path written(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private static byte[] bytes(String resource) throws IOException {
    return Files.readAllBytes(Keras3FilesTest.file(resource));
  }

  @Test
  void filesOfOtherKinds() throws IOException {
    Path empty = written("empty.h5", new byte[0]);
    assertRefused(
        () -> KerasMixtureImport.importSequential(empty), "empty.h5: Expected", "an empty file");
    Path text = written("model.h5", "{\"class_name\": \"Sequential\"}".getBytes());
    assertRefused(() -> KerasMixtureImport.importGraph(text), "got a file of another kind");
    assertRefused(() -> KerasMixtureImport.importGraph(folder), "got a folder", "SavedModel");
    Exception e =
        assertThrows(
            NoSuchFileException.class,
            () -> KerasMixtureImport.importGraph(folder.resolve("none.h5")));
    assertTrue(e.getMessage().contains("there is no such file"), e.getMessage());
    Path other = folder.resolve("other.h5");
    try (WritableHdfFile file = HdfFile.write(other)) {
      file.putDataset("temperatures", new float[] {1, 2});
    }
    assertRefused(
        () -> KerasMixtureImport.importSequential(other), "an HDF5 file with [temperatures]");
    assertRefused(
        () ->
            KerasMixtureImport.importWeights(
                net(elu(3, 2)), Keras3FilesTest.file("link.weights.h5")),
        "got the link \"layers\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dense.h5", "dense.keras", "lstm.weights.h5"})
  void filesThatAreCutShort(String name) throws IOException {
    byte[] whole = bytes(name);
    for (int part = 1; part < 10; part++) {
      Path cut = written(part + name, Arrays.copyOf(whole, whole.length * part / 10));
      assertRefused(() -> KerasMixtureImport.importSequential(cut), part + name);
    }
    Path cut = written(name, Arrays.copyOf(whole, whole.length / 2));
    assertRefused(() -> KerasMixtureImport.importSequential(cut), "damaged or cut short");
  }

  /** Whatever a damaged file holds, reading ends with a result or a sentence. */
  @ParameterizedTest
  @ValueSource(strings = {"dense.h5", "dense.keras", "dense.weights.h5"})
  void filesThatAreDamaged(String name) throws IOException {
    Random random = new Random(5);
    int refused = 0;
    for (int run = 0; run < 150; run++) {
      byte[] bytes = bytes(name);
      for (int flip = 0; flip < 1 + run % 20; flip++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      Path file = written("damaged", bytes);
      try {
        KerasFile.read(file);
      } catch (Refusal e) {
        refused++;
      }
    }
    assertTrue(refused > 10, refused + " of 150 were noticed");
  }

  private Path archive(Map<String, byte[]> entries) throws IOException {
    Path file = folder.resolve("made.keras");
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
      }
    }
    return file;
  }

  private static Map<String, byte[]> entries() throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipFile zip = new ZipFile(Keras3FilesTest.file("dense.keras").toFile())) {
      for (String name : List.of("metadata.json", "config.json", "model.weights.h5")) {
        entries.put(name, zip.getInputStream(zip.getEntry(name)).readAllBytes());
      }
    }
    return entries;
  }

  private void assertArchiveRefused(String entry, byte[] content, String message)
      throws IOException {
    Map<String, byte[]> entries = entries();
    if (content == null) {
      entries.remove(entry);
    } else {
      entries.put(entry, content);
    }
    Path file = archive(entries);
    assertRefused(() -> KerasMixtureImport.importSequential(file), "made.keras: ", message);
  }

  @Test
  void archivesThatAreNotKerass() throws IOException {
    KerasMixtureImport.importSequential(archive(entries())); // as it is, it is read
    for (String name : List.of("metadata.json", "config.json", "model.weights.h5")) {
      assertArchiveRefused(name, null, "got a zip without " + name);
    }
    assertArchiveRefused("../evil.txt", new byte[1], "\"../evil.txt\" points out of it");
    assertArchiveRefused("/etc/evil.txt", new byte[1], "points out of it");
    assertArchiveRefused("a\\b", new byte[1], "points out of it");
    assertArchiveRefused(
        "config.json", new byte[(1 << 24) + 1], "config.json is larger than 16777216 bytes");
    assertArchiveRefused("config.json", "[1]".getBytes(), "Expected a JSON object in config.json");
    assertArchiveRefused("config.json", new byte[0], "Expected a JSON object in config.json");
    String deep = "{\"a\":".repeat(5000);
    assertArchiveRefused("config.json", deep.getBytes(), "nested at most 200 deep");
    assertArchiveRefused(
        "metadata.json", "{\"keras_version\": \"2.13.1\"}".getBytes(), "got one of 2.13.1");
    assertArchiveRefused("metadata.json", "{}".getBytes(), "keras_version of metadata.json");
    assertArchiveRefused("model.weights.h5", new byte[100], "damaged or cut short");
    Map<String, byte[]> many = new HashMap<>(entries());
    for (int i = 0; i < 1000; i++) {
      many.put("assets/" + i, new byte[0]);
    }
    Path file = archive(many);
    assertRefused(
        () -> KerasMixtureImport.importSequential(file), "at most 1000 entries, got 1003");
  }

  @Test
  void archivesWithAnEntryTwice() throws IOException {
    Map<String, byte[]> entries = entries();
    entries.put("config.jsoX", "{}".getBytes());
    byte[] bytes = Files.readAllBytes(archive(entries));
    String text = new String(bytes, StandardCharsets.ISO_8859_1).replace(".jsoX", ".json");
    Path file = written("twice.keras", text.getBytes(StandardCharsets.ISO_8859_1));
    assertRefused(() -> KerasMixtureImport.importSequential(file), "\"config.json\" twice");
  }

  private static Map<String, byte[]> withConfig(String from, String to) throws IOException {
    Map<String, byte[]> entries = entries();
    String config = new String(entries.get("config.json"), StandardCharsets.UTF_8);
    assertTrue(config.contains(from), config);
    entries.put("config.json", config.replace(from, to).getBytes(StandardCharsets.UTF_8));
    return entries;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"class_name\": \"MDN\"|\"class_name\": \"Dense\"|one MDN layer, got 0 in the layers [Inp",
        "\"class_name\": \"Dense\"|\"class_name\": \"MDN\"|as num_mixtures of the MDN layer, got null",
        "\"class_name\": \"Dense\"|\"class_name\": \"GRU\"|Unsupported keras layer type GRU",
        "\"class_name\": \"Dense\"|\"class_name\": \"Attention9\"|Attention9",
        "\"num_mixtures\": 3|\"num_mixtures\": 0|at least 1 as num_mixtures of the MDN layer, got 0",
        "\"num_mixtures\": 3|\"num_mixtures\": \"3\"|num_mixtures of the MDN layer, got 3",
        "\"num_mixtures\": 3|\"num_mixtures\": 4|for 4 components and 2 targets in the MDN layer",
        "\"output_dimension\": 2|\"output_dimension\": 1|for 3 components and 1 targets",
        "\"units\": 7|\"units\": 8|Expected an array of shape [",
        "\"activation\": \"relu\"|\"activation\": \"squareplus\"|squareplus",
        "\"activation\": \"relu\"|\"activation\": \"hard_sigmoid\"|Keras 3's hard_sigmoid",
        "\"activation\": \"relu\"|\"activation\": {\"class_name\": \"f\"}|an activation of Keras's own",
        "\"class_name\": \"L2\"|\"class_name\": \"Orthogonal\"|Expected L1, L2 or L1L2",
        "\"class_name\": \"Sequential\"|\"class_name\": \"MyModel\"|got a MyModel",
        "\"name\": \"dense_1\"|\"name\": \"other\"|no weights for the layer \"other\"",
      })
  void configurationsThatDoNotFit(String from, String to, String message) throws IOException {
    // By name only: the fallback to groups is for files that tell no names.
    Path file = archive(withConfig(from, to));
    if (to.contains("other")) {
      KerasMixtureImport.importSequential(file); // its group still is dense_1
    } else {
      assertRefused(() -> KerasMixtureImport.importSequential(file), message);
    }
  }

  @Test
  void modelsWithoutTheMixtureAtTheirEnd() throws IOException {
    double[][] kernel = new double[2][3];
    Keras2File twoMixtures =
        new Keras2File().input(2).mixture("a", 2, 1).mixture("b", 2, 1).array("a", "a/x:0", kernel);
    Path file = twoMixtures.write(folder.resolve("two.h5"), twoMixtures.sequentialJson());
    assertRefused(() -> KerasMixtureImport.importSequential(file), "one MDN layer, got 2");
    Keras2File inside =
        new Keras2File().input(2).mixture("a", 2, 1).dense("d", "tanh", kernel, new double[3]);
    Path sequential = inside.write(folder.resolve("inside.h5"), inside.sequentialJson());
    assertRefused(() -> KerasMixtureImport.importSequential(sequential), "MDN as the last layer");
    Path graph = inside.write(folder.resolve("graph.h5"), inside.functionalJson());
    assertRefused(
        () -> KerasMixtureImport.importGraph(graph), "the MDN \"a\" as the only output, got [d]");
    Path text = inside.write(folder.resolve("text.h5"), "no JSON");
    assertRefused(
        () -> KerasMixtureImport.importGraph(text), "Expected a JSON object in model_config");
    Path missing =
        new Keras2File()
            .input(2)
            .dense("d", "tanh", kernel, new double[3])
            .withoutArrays("d")
            .array("other", "other/x:0", kernel)
            .writeWeights(folder.resolve("missing.h5"));
    assertRefused(
        () -> KerasMixtureImport.importWeights(net(elu(3, 2)), missing), "weights of 2 layers");
  }

  @Test
  void layersOfLstmsThatDl4jDoesNotKnow() throws IOException {
    double[][] kernel = new double[2][8];
    Keras2File file =
        new Keras2File()
            .input(-1, 2)
            .lstm("lstm", "sigmoid", kernel, kernel, new double[8])
            .mdn(
                "mdn",
                1,
                1,
                true,
                new double[][][] {{{1}, {1}}, {{1}, {1}}, {{1}, {1}}},
                new double[][] {{0}, {0}, {0}});
    KerasMixtureImport.importSequential(
        file.write(folder.resolve("fine.h5"), file.sequentialJson()));
    String backwards =
        file.sequentialJson().replace("\"unroll\":false", "\"go_backwards\":true,\"unroll\":false");
    Path path = file.write(folder.resolve("backwards.h5"), backwards);
    assertRefused(() -> KerasMixtureImport.importSequential(path), "\"lstm\" without go_backwards");
  }

  @Test
  void theWrongMethod() {
    assertRefused(
        () -> KerasMixtureImport.importGraph(Keras3FilesTest.file("dense.h5")),
        "dense.h5: Expected a Functional model, got a Sequential one: use importSequential");
    assertRefused(
        () -> KerasMixtureImport.importSequential(Keras3FilesTest.file("lstm.keras")),
        "use importGraph");
    assertRefused(
        () -> KerasMixtureImport.importSequential(Keras3FilesTest.file("dense.weights.h5")),
        "got weights only: make the network and use importWeights");
  }

  private static MixtureSpec elu(int components, int targets) {
    return MixtureSpec.builder()
        .components(components)
        .targets(targets)
        .scaleTransform(ScaleTransform.ELU_PLUS_ONE)
        .build();
  }

  /** 2 inputs, 7 units, 6 units and a head, as in dense.keras. */
  private static MultiLayerNetwork net(MixtureSpec spec) {
    return net(6, new MixtureDensityOutputLayer.Builder().nIn(6).spec(spec).build());
  }

  private static MultiLayerNetwork net(int units, org.deeplearning4j.nn.conf.layers.Layer... end) {
    NeuralNetConfiguration.ListBuilder list =
        new NeuralNetConfiguration.Builder()
            .seed(1)
            .list()
            .layer(new DenseLayer.Builder().nIn(2).nOut(7).build())
            .layer(new DenseLayer.Builder().nIn(7).nOut(units).build());
    for (org.deeplearning4j.nn.conf.layers.Layer layer : end) {
      list.layer(layer);
    }
    MultiLayerNetwork net = new MultiLayerNetwork(list.build());
    net.init();
    return net;
  }

  @Test
  void networksThatTakeNoWeightsStayAsTheyAre() throws IOException {
    Path weights = Keras3FilesTest.file("dense.weights.h5");
    KerasMixtureImport.importWeights(net(elu(3, 2)), weights);
    MixtureSpec exponential = MixtureSpec.builder().components(3).targets(2).build();
    assertUnchanged(net(exponential), weights, "with scaleTransform ELU_PLUS_ONE");
    assertUnchanged(net(elu(4, 2)), weights, "Expected an array of shape [6, 8]");
    MultiLayerNetwork narrow =
        net(5, new MixtureDensityOutputLayer.Builder().nIn(5).spec(elu(3, 2)).build());
    assertUnchanged(narrow, weights, "of the layer \"dense_1\", got [7, 6]");
    MultiLayerNetwork normalised =
        net(
            6,
            new BatchNormalization.Builder().nIn(6).nOut(6).build(),
            new MixtureDensityOutputLayer.Builder().nIn(6).spec(elu(3, 2)).build());
    assertUnchanged(normalised, weights, "got BatchNormalization; import the whole model");
    MultiLayerNetwork plain = net(6, new OutputLayer.Builder().nIn(6).nOut(2).build());
    assertUnchanged(plain, weights, "got OutputLayer");
    assertUnchanged(net(elu(3, 2)), Keras3FilesTest.file("lstm.weights.h5"), "weights of 2 layers");
    assertRefused(() -> KerasMixtureImport.importWeights(null, weights), "got null");
    MultiLayerNetwork fresh =
        new MultiLayerNetwork(net(elu(3, 2)).getLayerWiseConfigurations().clone());
    assertRefused(() -> KerasMixtureImport.importWeights(fresh, weights), "call init() first");
  }

  private static void assertUnchanged(MultiLayerNetwork net, Path weights, String message) {
    INDArray before = net.params().dup();
    assertRefused(() -> KerasMixtureImport.importWeights(net, weights), message);
    assertEquals(before, net.params());
  }
}
