/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.mdn4j.files.InMemory;
import org.mdn4j.files.Promptly;
import org.mdn4j.files.Traps;
import org.mdn4j.files.Zips;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** Models that somebody made to run a class, to take all memory or time, or that cannot predict. */
@Tag("slow")
class HostileModelTest {
  private static final String MODEL = "model.json";
  private static final String MEMBER = "member-0/configuration.json";
  private static final String PARAMETERS = "member-0/parameters.bin";
  private static final String ACTIVATION =
      "{\n        \"@class\" : \"org.nd4j.linalg.activations.impl.ActivationSwish\"\n      }";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Data DATA = Data.draw(60, 1);

  private static MixtureRegressor regressor;
  private static byte[] saved;

  @TempDir(factory = InMemory.class)
  Path folder;

  /** Of a trunk, so that the options hold a network, too. */
  @BeforeAll
  static void fitAndSave(@TempDir Path folder) throws IOException {
    regressor =
        Data.quick()
            .maxEpochs(2)
            .trunk(
                new NeuralNetConfiguration.Builder()
                    .list()
                    .layer(new DropoutLayer(0.9))
                    .layer(new DenseLayer.Builder().nOut(4).activation(Activation.SWISH).build())
                    .layer(new BatchNormalization())
                    .validateOutputLayerConfig(false)
                    .build())
            .build()
            .fit(DATA.features(), DATA.targets());
    Path file = folder.resolve("model.zip");
    regressor.save(file);
    saved = Files.readAllBytes(file);
  }

  @Test
  void theModelItselfLoadsAndFitsAgain() throws IOException {
    MixtureRegressor loaded = MixtureRegressor.load(Files.write(folder.resolve("a"), saved));

    assertArrayEquals(
        regressor.predict(DATA.features()).get(3).mean(),
        loaded.predict(DATA.features()).get(3).mean());
    assertEquals(regressor.toString(), loaded.toString());
    loaded.fit(DATA.features(), DATA.targets());
  }

  static Stream<Arguments> hostileFiles() {
    String trap = Traps.names().get(1); // an activation
    String names = "it names the class " + trap + " as IActivation, which is not allowed";
    return Stream.of(
        // Classes, in every form in which Jackson or DL4J takes one.
        hostile("a property", MEMBER, ACTIVATION, "{\"@class\": \"%s\"}".formatted(trap), names),
        hostile("a wrapper array", MEMBER, ACTIVATION, "[\"%s\", {}]".formatted(trap), names),
        hostile(
            "a type parameter",
            MEMBER,
            "activations.impl.ActivationSwish\"",
            "activations.impl.ActivationSwish<%s>\"".formatted(trap),
            "it names the class org.nd4j.linalg.activations.impl.ActivationSwish<" + trap),
        hostile(
            "behind the value",
            MEMBER,
            ACTIVATION,
            "{\"alpha\": 1, \"@class\": \"%s\"}".formatted(trap),
            names),
        hostile(
            "DL4J's older format of activations",
            MEMBER,
            ACTIVATION,
            "{\"ReLU\": {\"@class\": \"%s\"}}".formatted(trap),
            "missing type id property '@class'"),
        hostile(
            "a layer", MEMBER, "org.deeplearning4j.nn.conf.layers.DenseLayer", layer(), layer()),
        hostile(
            "an updater",
            MEMBER,
            "org.nd4j.linalg.learning.config.Adam",
            Traps.names().get(3),
            Traps.names().get(3) + " as IUpdater"),
        hostile(
            "a class of ND4J in another's place",
            MEMBER,
            "org.nd4j.linalg.activations.impl.ActivationSwish",
            "org.nd4j.linalg.learning.config.Adam",
            "it names the class org.nd4j.linalg.learning.config.Adam as IActivation"),
        hostile(
            "a class of ND4J that no network has",
            MEMBER,
            "org.nd4j.linalg.activations.impl.ActivationSwish",
            "org.nd4j.linalg.factory.Nd4j",
            "it names the class org.nd4j.linalg.factory.Nd4j"),
        hostile(
            "a layer of DL4J whose work has no bounds",
            MEMBER,
            "org.deeplearning4j.nn.conf.layers.DenseLayer",
            "org.deeplearning4j.nn.conf.layers.misc.RepeatVector",
            "misc.RepeatVector as Layer, which is not allowed"),
        hostile(
            "an array for ND4J",
            MEMBER,
            ACTIVATION,
            "{\"@class\": \"org.nd4j.linalg.activations.impl.ActivationPReLU\", \"alpha\": [1],"
                + " \"sharedAxes\": []}",
            "ActivationPReLU"),
        hostile("a class in the trunk", MODEL, trunk("activations.impl.ActivationSwish", "x.Y")),
        hostile("an array in the trunk", MODEL, trunk(ACTIVATION, "[\"" + trap + "\", {}]")),
        hostile("a trunk of another width", MODEL, trunk("\"nout\" : 4", "\"nout\" : 5")),
        hostile("a giant trunk", MODEL, trunk("\"nout\" : 4", "\"nout\" : 2147483648")),
        hostile("a trunk that is none", MODEL, trunk("\"confs\"", "\"conf\"")),
        // Sizes.
        hostile("units beyond an int", MEMBER, "\"nout\" : 4", "\"nout\" : 4294967296", "units"),
        hostile("units below 0", MEMBER, "\"nout\" : 4", "\"nout\" : -4", "-4 units"),
        hostile("no layers", MEMBER, confs("[ ]"), "expected from 1 to 2000 layers"),
        hostile("null for the layers", MEMBER, confs("null"), "a part is missing"),
        hostile("a null layer", MEMBER, confs("[ null ]"), "a part is missing"),
        hostile("null in a layer", MEMBER, confs("[ {\"layer\": null} ]"), "from 1 to 2000 layers"),
        // Parts that are missing or others.
        hostile("no activation", MEMBER, ACTIVATION, "null", "it does not predict: a part is mis"),
        hostile(
            "another loss",
            MEMBER,
            "\"lossFn\" : {",
            "\"lossFn\": null, \"x\" : {",
            "is trained by LossMixtureNLL, got null"),
        hostile("a type", MEMBER, s -> s.replace("\"FLOAT\"", "\"HALF\""), "of type FLOAT, got"),
        hostile("no number", MEMBER, s -> s.replace("\"FLOAT\"", "\"UTF8\""), "floating-point"),
        hostile("no such type", MEMBER, s -> s.replace("\"FLOAT\"", "\"F\""), "from String \"F\""),
        hostile(
            "null options", MODEL, "\"options\" : {", "\"options\": null, \"report\" : {", null),
        hostile("null means", MODEL, "\"means\" : [", "\"means\" : null, \"x\" : [", null),
        hostile("a constant target", MODEL, s -> s.replace(lastDeviation(s), "0.0"), "deviation"),
        hostile("no members in its report", MODEL, "\"bestEpoch\"", "\"worstEpoch\"", "worstEpoch"),
        hostile("a number as text", MODEL, "\"members\" : 1", "\"members\" : \"a\"", "from String"),
        hostile(
            "a list as a number", MODEL, "\"members\" : 1", "\"members\" : [1]", "`int` from Arr"),
        hostile(
            "an infinite number", MODEL, "\"scaleFloor\" : 0.001", "\"scaleFloor\" : 1e999", ""),
        // Texts that are large when they are read.
        hostile("a million objects", MODEL, behindTheBrace("\"x\": [%s0]", "{},"), "tokens"),
        hostile("a number", MODEL, behindTheBrace("\"formatVersion\": %s", "9"), "1000 digits"),
        hostile("a fraction", MODEL, behindTheBrace("\"x\": 0.%s", "9"), "1000 digits"),
        hostile(
            "many keys", MODEL, behindTheBrace("\"x\": {%s\"b\": 0}", "\"a\":0,"), "10000 keys"),
        hostile("a text", MODEL, behindTheBrace("\"x\": \"%s\"", "a"), "Unrecognized field"),
        hostile("depth", MODEL, behindTheBrace("\"x\": %s", "["), "nests deeper than 64"),
        hostile("layers", MEMBER, behindTheBrace("\"confs\": [%snull]", "null,"), "tokens"),
        hostile("what follows its end", MODEL, s -> s + "{}", "it goes on behind its end"));
  }

  /** What DL4J reads initial weights of older formats from is not looked at. */
  @Test
  void distributionsOfAnOlderFormatAreNotRead() throws IOException {
    Map<String, byte[]> entries = Zips.entries(saved);
    String member = new String(entries.get(MEMBER), StandardCharsets.UTF_8);
    String older =
        "\"weightInit\": \"DISTRIBUTION\", \"dist\": {\"type\": \"%s\"}, \"weightInitFn\": null, \"x\" : {"
            .formatted(Traps.names().get(0));
    entries.put(
        MEMBER, member.replace("\"weightInitFn\" : {", older).getBytes(StandardCharsets.UTF_8));

    MixtureRegressor.load(Files.write(folder.resolve("older.zip"), Zips.zip(entries)));
    assertNull(Traps.sprung());
  }

  private static String layer() {
    return Traps.names().get(2);
  }

  /** In the network that the options hold as text. */
  private static UnaryOperator<String> trunk(String from, String to) {
    return json -> {
      try {
        ObjectNode model = (ObjectNode) JSON.readTree(json);
        ObjectNode options = (ObjectNode) model.get("options");
        options.put("trunk", options.get("trunk").asText().replace(from, to));
        return JSON.writeValueAsString(model);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }

  private static UnaryOperator<String> confs(String value) {
    return json -> json.replace("\"confs\" : [", "\"confs\" : " + value + ", \"x\" : [");
  }

  private static UnaryOperator<String> behindTheBrace(String form, String repeated) {
    return json -> "{" + form.formatted(repeated.repeat(1_200_000)) + "," + json.substring(1);
  }

  private static String lastDeviation(String model) {
    int targets = model.indexOf("\"deviations\" : [ ", model.indexOf("\"targets\" : {")) + 17;
    return model.substring(targets, model.indexOf(' ', targets));
  }

  private static Arguments hostile(String name, String entry, UnaryOperator<String> change) {
    return hostile(name, entry, change, "the trunk of its options");
  }

  private static Arguments hostile(
      String name, String entry, String from, String to, String expected) {
    return hostile(name, entry, json -> json.replace(from, to), expected);
  }

  private static Arguments hostile(
      String name, String entry, UnaryOperator<String> change, String expected) {
    return Arguments.of(name, entry, change, expected == null ? "" : expected);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("hostileFiles")
  void isRefusedInOneSentence(
      String name, String entry, UnaryOperator<String> change, String expected) throws IOException {
    Map<String, byte[]> entries = Zips.entries(saved);
    String original = new String(entries.get(entry), StandardCharsets.UTF_8);
    String changed = change.apply(original);
    assertNotEquals(original, changed, "nothing was changed");
    entries.put(entry, changed.getBytes(StandardCharsets.UTF_8));

    assertRefused(Zips.zip(entries), expected);
  }

  private void assertRefused(byte[] model, String expected) throws IOException {
    Path file = Files.write(folder.resolve("model.zip"), model);
    String message =
        Promptly.run(
            () -> assertThrows(IOException.class, () -> MixtureRegressor.load(file)).getMessage());
    assertTrue(message.startsWith(file + " is not a model of mdn4j's MixtureRegressor"), message);
    assertTrue(message.contains(expected), message);
    assertEquals(1, message.lines().count(), message);
    assertTrue(message.length() < 1_000, message);
    assertNull(Traps.sprung());
  }

  @Test
  void headKeepsTheIdentityWhateverActivationStandsThere() throws IOException {
    Map<String, byte[]> entries = Zips.entries(saved);
    String json = new String(entries.get(MEMBER), StandardCharsets.UTF_8);
    String changed =
        json.replace("activations.impl.ActivationIdentity", "activations.impl.ActivationTanH");
    assertNotEquals(json, changed);
    entries.put(MEMBER, changed.getBytes(StandardCharsets.UTF_8));

    double[][] row = {{0.5, -0.5}};
    MixtureRegressor loaded =
        MixtureRegressor.load(Files.write(folder.resolve("tanh.zip"), Zips.zip(entries)));
    MixtureRegressor original =
        MixtureRegressor.load(Files.write(folder.resolve("identity.zip"), saved));
    assertArrayEquals(original.predict(row).get(0).mean(), loaded.predict(row).get(0).mean(), 0);
  }

  @Test
  void parametersThatPredictNothing() throws IOException {
    Map<String, byte[]> entries = Zips.entries(saved);
    ByteBuffer numbers = ByteBuffer.wrap(entries.get(PARAMETERS));
    for (int i = 0; i < numbers.capacity(); i += Float.BYTES) {
      numbers.putFloat(i, 3e38f);
    }

    assertRefused(Zips.zip(entries), "it does not predict");
  }

  /** Both directories have it; a reader that takes the other one would read another model. */
  @Test
  void anEntryThatIsThereTwice() throws IOException {
    Map<String, byte[]> entries = Zips.entries(saved);
    entries.put("model.jso~", entries.get(MODEL));
    String zip = new String(Zips.zip(entries), StandardCharsets.ISO_8859_1);
    assertRefused(
        zip.replace("model.jso~", MODEL).getBytes(StandardCharsets.ISO_8859_1),
        "it has the entry \"model.json\" twice");
  }

  /** Made by mutation: 30 kB that took all memory, or hours. */
  @ParameterizedTest
  @CsvSource({
    "model-million-objects.zip, it has more than 2097152 tokens",
    "model-million-digits.zip, a number has more than 1000 digits"
  })
  void sharedCases(String name, String expected) throws IOException {
    assertRefused(Files.readAllBytes(SharedCases.file(name)), expected);
  }

  /** A layer of DL4J whose work is not known to be bounded by its parameters is read if named. */
  @Test
  void furtherLayersAreNamed() throws IOException {
    MixtureRegressor further =
        Data.quick()
            .maxEpochs(1)
            .trunk(
                new NeuralNetConfiguration.Builder()
                    .list()
                    .layer(new DenseLayer.Builder().nOut(3).build())
                    .layer(new PReLULayer.Builder().inputShape(3).build())
                    .validateOutputLayerConfig(false)
                    .build())
            .build()
            .fit(DATA.features(), DATA.targets());
    Path file = folder.resolve("further.zip");
    further.save(file);

    String message =
        assertThrows(IOException.class, () -> MixtureRegressor.load(file)).getMessage();
    assertTrue(message.contains("names the class " + PReLULayer.class.getName()), message);
    assertArrayEquals(
        further.predict(DATA.features()).get(0).mean(),
        MixtureRegressor.load(file, PReLULayer.class).predict(DATA.features()).get(0).mean());
  }
}
