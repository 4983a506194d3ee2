/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.keras.PlainKerasModel.Value;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * Models that Keras 3.15.1 wrote, with the outputs that it computed: equal, or refused by name.
 * Some lie beside the project, not in it, in {@code ../shared/cases/keras} (or where the system
 * property {@code mdn4j.cases} says), others among the test's resources.
 */
class KerasCasesTest {
  private static final double TOLERANCE = 1e-5;

  /**
   * Which are refused, with the name of the layer that has to be told. That of "normalization"
   * keeps other numbers as its weights than Keras computed the output with, those that adapt()
   * found.
   */
  private static final Map<String, String> REFUSED =
      Map.of(
          "masking", "Masking, of the layer \"masking\"",
          "depthwise", "DepthwiseConv2D, of the layer \"depthwise_conv2d\"",
          "normalization", "The layer \"normalization\"");

  private static Path file(String name) {
    String given = System.getProperty("mdn4j.cases");
    Path below = Path.of("shared", "cases");
    Path folder = given == null ? null : Path.of(given);
    for (Path up = Path.of("").toAbsolutePath();
        up != null && folder == null;
        up = up.getParent()) {
      folder = Files.isDirectory(up.resolve(below)) ? up.resolve(below) : null;
    }
    assumeTrue(folder != null, "Skipped: there is no " + below + " beside the project");
    Path file = folder.resolve("keras").resolve(name);
    assumeTrue(Files.exists(file), "Skipped: there is no " + file);
    return file;
  }

  private static double[][] matrix(JsonNode json) {
    return new ObjectMapper().convertValue(json, double[][].class);
  }

  /** [example], rows or sequences. */
  private static List<Value> values(JsonNode json) {
    List<Value> values = new ArrayList<>();
    for (JsonNode example : json) {
      boolean isSequence = example.get(0).isArray();
      double[][] steps =
          isSequence
              ? matrix(example)
              : new double[][] {new ObjectMapper().convertValue(example, double[].class)};
      values.add(new Value(isSequence, steps));
    }
    return values;
  }

  private static double[][] rows(JsonNode output) {
    List<double[]> rows = new ArrayList<>();
    values(output).forEach(value -> rows.addAll(Arrays.asList(value.steps())));
    return rows.toArray(double[][]::new);
  }

  private static List<List<Value>> inputs(JsonNode inputs) {
    List<List<Value>> values = new ArrayList<>();
    inputs.forEach(input -> values.add(values(input)));
    return values;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plus1", "minus1", "mul2", "leaky02", "prelu", "lstm_gmp", "conv1d", "normalization",
        "bilstm", "masking", "bn_nocenter", "depthwise", "slice", "f_split", "dense", "lstm_seq",
        "f_two_in", "batchnorm", "mul_tensor", "embedding"
      })
  void casesAreImportedOrRefusedByName(String name) throws IOException {
    JsonNode expected = new ObjectMapper().readTree(file("expected.json").toFile()).get(name);
    for (String ending : List.of(".keras", ".h5")) {
      Path file = file(name + ending);
      boolean isSequential = expected.get("seq").asBoolean();
      if (REFUSED.containsKey(name)) {
        Exception e =
            assertThrows(
                IllegalArgumentException.class, () -> KerasRun.imported(file, isSequential));
        assertTrue(e.getMessage().contains(REFUSED.get(name)), e.getMessage());
        continue;
      }
      Model net = KerasRun.imported(file, isSequential);
      double distance =
          KerasRun.distance(
              rows(expected.get("out")),
              KerasRun.output(net, inputs(expected.get("in"))),
              KerasRun.spec(net));
      assertTrue(distance < TOLERANCE, file + ": distance " + distance);
    }
    if (!REFUSED.containsKey(name)) {
      assertPlainModelIsKeras(file(name + ".keras"), expected.get("in"), expected.get("out"));
    }
  }

  private static void assertPlainModelIsKeras(Path file, JsonNode inputs, JsonNode output)
      throws IOException {
    double[][] expected = rows(output);
    double[][] plain = KerasRun.plain(KerasRun.plain(Keras3Archive.read(file)), inputs(inputs));
    for (int n = 0; n < expected.length; n++) {
      for (int i = 0; i < expected[n].length; i++) {
        assertEquals(expected[n][i], plain[n][i], 2e-6 * Math.max(1, Math.abs(expected[n][i])));
      }
    }
  }

  /** What other tests hold imported networks against is itself held against Keras. */
  @ParameterizedTest
  @ValueSource(strings = {"dense", "lstm", "last-step", "steps", "branches", "steps-graph"})
  void thePlainModelIsThatOfKeras(String name) throws IOException {
    JsonNode json = new ObjectMapper().readTree(Keras3FilesTest.file(name + ".json").toFile());
    assertPlainModelIsKeras(
        Keras3FilesTest.file(name + ".keras"), json.get("inputs"), json.get("output"));
  }
}
