/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mdn4j.regression.file.FileWriter;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonProperty;

class ModelFileTest {
  private static final Data DATA = Data.draw(210, 1);
  private static MixtureRegressor regressor;
  private static byte[] saved;

  @TempDir static Path shared;
  @TempDir Path folder;

  @BeforeAll
  static void fitAndSave() throws IOException {
    regressor =
        Data.quick().bins(3).ensemble(2).maxEpochs(2).build().fit(DATA.features(), DATA.targets());
    Path file = shared.resolve("model.zip");
    regressor.save(file);
    saved = Files.readAllBytes(file);
  }

  static double[] logDensities(MixtureRegressor regressor) {
    return regressor
        .predict(DATA.features())
        .logDensity(Nd4j.createFromArray(DATA.targets()))
        .toDoubleVector();
  }

  @Test
  void loadedModelPredictsTheSame() throws IOException {
    MixtureRegressor loaded = MixtureRegressor.load(shared.resolve("model.zip"));

    assertArrayEquals(logDensities(regressor), logDensities(loaded));
    assertEquals(regressor.toString(), loaded.toString());
    assertEquals(regressor.report(), loaded.report());
    assertEquals(regressor.scaleTemperature(), loaded.scaleTemperature());
    assertNotEquals(1, loaded.scaleTemperature());
    assertEquals(regressor.contamination(), loaded.contamination());
    assertTrue(loaded.contamination() > 0);
  }

  @Test
  void filesOfPersianMachinesAreTheSame() throws IOException {
    Path file = folder.resolve("model.zip");
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("fa"));
    try {
      assertEquals("\u06f1", "%d".formatted(1), "other digits are in force");
      regressor.save(file);
    } finally {
      Locale.setDefault(before);
    }

    Map<String, byte[]> expected = entries(saved);
    Map<String, byte[]> entries = entries(Files.readAllBytes(file));
    assertEquals(List.copyOf(expected.keySet()), List.copyOf(entries.keySet()));
    expected.forEach((name, bytes) -> assertArrayEquals(bytes, entries.get(name), name));
  }

  @Test
  void loadsInAFreshProcess() throws Exception {
    String printed =
        ChildJvm.lastLine(
            ChildJvm.start(ChildPredict.class, List.of(), shared.resolve("model.zip")));

    assertEquals(Arrays.toString(logDensities(regressor)), printed);
  }

  /** Prints the predictions of a model file. */
  static final class ChildPredict {
    private ChildPredict() {}

    public static void main(String[] args) throws IOException {
      System.out.println(Arrays.toString(logDensities(MixtureRegressor.load(Path.of(args[0])))));
    }
  }

  @Test
  void holdsTextAndNumbersOnly() throws IOException {
    Map<String, byte[]> entries = entries(saved);

    assertEquals(
        List.of(
            "model.json",
            "trust.json",
            "member-0/configuration.json",
            "member-0/parameters.bin",
            "member-1/configuration.json",
            "member-1/parameters.bin"),
        List.copyOf(entries.keySet()));
    String model = new String(entries.get("model.json"), StandardCharsets.UTF_8);
    assertTrue(model.contains("\"java\" : \"" + Runtime.version()), model);
    assertTrue(model.contains("\"deeplearning4j\" : "), model);
    assertTrue(model.contains("\"seed\" : 1"), model);
  }

  @Test
  void anOlderFileStaysWhenWritingFails() throws IOException {
    Path file = folder.resolve("model.zip");
    Files.write(file, saved);
    Path theirs = Files.writeString(folder.resolve("model.zip.part"), "a user's own");
    Path blocked = Files.createDirectories(folder.resolve("folder.zip").resolve("in use"));

    assertThrows(IOException.class, () -> regressor.save(blocked.getParent()));
    assertThrows(
        IOException.class,
        () ->
            FileWriter.write(
                file,
                writer -> {
                  writer.floats("parameters.bin", new float[10_000]);
                  throw new IOException("No space left on device");
                }));
    Map<String, byte[]> expected = entries(saved);
    Map<String, byte[]> entries = entries(Files.readAllBytes(file));
    assertEquals(List.copyOf(expected.keySet()), List.copyOf(entries.keySet()));
    expected.forEach((name, bytes) -> assertArrayEquals(bytes, entries.get(name), name));
    regressor.save(file);
    assertEquals("a user's own", Files.readString(theirs));
    assertTrue(Files.isDirectory(blocked));
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(
          List.of("folder.zip", "model.zip", "model.zip.part"),
          left.map(path -> path.getFileName().toString()).sorted().toList());
    }
  }

  @Test
  void classesOfTheCallersOwnMustBeNamed() throws IOException {
    MixtureRegressor custom =
        Data.quick()
            .maxEpochs(1)
            .trunk(
                new NeuralNetConfiguration.Builder()
                    .list()
                    .layer(new DenseLayer.Builder().nOut(4).dropOut(new OwnDropout(0.9)).build())
                    .validateOutputLayerConfig(false)
                    .build())
            .build()
            .fit(DATA.features(), DATA.targets());
    Path file = folder.resolve("own.zip");
    custom.save(file);

    String message =
        assertThrows(IOException.class, () -> MixtureRegressor.load(file)).getMessage();
    assertTrue(message.contains("it names the class " + OwnDropout.class.getName()), message);
    assertArrayEquals(
        logDensities(custom), logDensities(MixtureRegressor.load(file, OwnDropout.class)));
  }

  /** A regularisation of a user. */
  public static class OwnDropout extends Dropout {
    private static final long serialVersionUID = 1L;

    /**
     * Makes it.
     *
     * @param p share of the activations that are kept
     */
    public OwnDropout(@JsonProperty("p") double p) {
      super(p);
    }

    @Override
    public OwnDropout clone() {
      return new OwnDropout(getP());
    }
  }

  /** If a file could make this, it would be seen. */
  public static class Trap {
    static boolean sprung;

    /** Springs. */
    public Trap() {
      sprung = true;
    }
  }

  static Stream<Arguments> brokenFiles() {
    String trap = Trap.class.getName();
    return Stream.of(
        broken("empty", bytes -> new byte[0], "truncated or no zip"),
        broken("text", bytes -> "hello".getBytes(StandardCharsets.UTF_8), "truncated or no zip"),
        broken("truncated", bytes -> Arrays.copyOf(bytes, bytes.length / 2), "truncated or no zip"),
        broken("last byte missing", b -> Arrays.copyOf(b, b.length - 1), "truncated or no zip"),
        broken("another zip", bytes -> zip(Map.of("a.txt", new byte[3])), "it has no model.json"),
        broken(
            "another format",
            text("model.json", "mdn4j-mixture-regressor", "xgboost"),
            "its format is \"xgboost\""),
        broken(
            "newer",
            text("model.json", "\"formatVersion\" : 3", "\"formatVersion\" : 4"),
            "it has version 4 of the format, this version of mdn4j reads version 1 to 3"),
        broken("no JSON", text("model.json", "{", "<"), "Unexpected character"),
        broken(
            "two keys alike",
            text("model.json", "\"members\" :", "\"members\" : 1, \"members\" :"),
            "Duplicate field"),
        broken(
            "deep",
            text(
                "model.json",
                "\"members\" :",
                "\"deep\" : " + "[".repeat(100_000) + "]".repeat(100_000) + ", \"members\" :"),
            "nests deeper than 64"),
        broken(
            "no options",
            text("model.json", "\"options\"", "\"unknown\""),
            "Unrecognized field \"unknown\""),
        broken(
            "no members",
            text("model.json", "\"members\" : 2", "\"members\" : 0"),
            "an ensemble of at least 1 member, got 0"),
        broken(
            "components below 0",
            text("model.json", "\"components\" : 3", "\"components\" : -3"),
            "components"),
        broken(
            "no targets",
            text("model.json", "\"targets\" : {", "\"unused\" : {"),
            "Unrecognized field"),
        broken(
            "no encoding",
            text("model.json", "\"encoding\" : {", "\"encoding\" : null, \"unused\" : {"),
            "Unrecognized field"),
        broken(
            "encoding of no feature",
            text("model.json", "\"edges\" : [ [", "\"edges\" : [ ], \"unused\" : [ ["),
            "edges of at least one feature"),
        broken(
            "encoding of fewer features",
            text("model.json", "\"edges\" : [ [", "\"edges\" : [ [ 1 ] ], \"edges2\" : [ ["),
            "Unrecognized field"),
        broken(
            "edges that do not increase",
            text("model.json", "\"edges\" : [ [", "\"edges\" : [ [ 1e30,"),
            "finite edges in increasing order"),
        broken(
            "another number of edges",
            text("model.json", "\"edges\" : [ [", "\"edges\" : [ [ -1e30,"),
            "inputs, the features are encoded in"),
        broken(
            "no scale temperature",
            text("model.json", "\"scaleTemperature\" : ", "\"scaleTemperature\" : -"),
            "its scaleTemperature should be positive, got -"),
        broken(
            "a negative scale temperature of the first",
            text("model.json", "\"firstScaleTemperature\" : ", "\"firstScaleTemperature\" : -"),
            "its firstScaleTemperature should be positive, got -"),
        broken(
            "a contamination of 1",
            text("model.json", "\"contaminations\" : [", "\"contaminations\" : [ 1.0,"),
            "its contaminations should be in [0, 1), one for each member, got [1.0, "),
        broken(
            "a negative contamination",
            text("model.json", "\"contaminations\" : [ ", "\"contaminations\" : [ -"),
            "its contaminations should be in [0, 1), one for each member, got [-"),
        broken(
            "too many contaminations",
            text("model.json", "\"contaminations\" : [", "\"contaminations\" : [ 0.1,"),
            "its contaminations should be of 2 members, got [0.1, "),
        broken(
            "too few contaminations",
            entry(
                "model.json",
                b ->
                    new String(b, StandardCharsets.UTF_8)
                        .replaceFirst("\"contaminations\" : \\[[^,]*,", "\"contaminations\" : [")
                        .getBytes(StandardCharsets.UTF_8)),
            "its contaminations should be in [0, 1), one for each member, got ["),
        broken(
            "member missing",
            without("member-1/parameters.bin"),
            "it has no member-1/parameters.bin"),
        broken(
            "more members",
            text("model.json", "\"members\" : 2", "\"members\" : 3"),
            "it has no member-2/parameters.bin"),
        broken(
            "parameters cut",
            entry("member-0/parameters.bin", b -> Arrays.copyOf(b, b.length - 4)),
            "member-0/parameters.bin should hold"),
        broken(
            "parameters not whole",
            entry("member-0/parameters.bin", b -> Arrays.copyOf(b, b.length - 1)),
            "not a list of stored numbers"),
        broken(
            "NaN",
            entry(
                "member-0/parameters.bin",
                b -> {
                  Arrays.fill(b, 0, 4, (byte) 0x7f);
                  b[1] = (byte) 0xff;
                  return b;
                }),
            "holds NaN"),
        broken("deflated bomb", ModelFileTest::bomb, "not a list of stored numbers"),
        broken("flipped bit", ModelFileTest::flipped, "is damaged"),
        broken(
            "huge layer",
            text("member-0/configuration.json", "\"nout\" : 50", "\"nout\" : 2000000000"),
            "should hold"),
        broken(
            "other head",
            text("model.json", "\"components\" : 3", "\"components\" : 4"),
            "does not end in a mixture density head"),
        broken(
            "other units",
            text(
                "model.json",
                "\"features\" : {\n    \"means\" : [",
                "\"features\" : {\n    \"means\" : [ 1.0,"),
            "as many finite means as deviations"),
        broken(
            "foreign layer",
            text(
                "member-0/configuration.json",
                "org.deeplearning4j.nn.conf.layers.DenseLayer",
                trap),
            "it names the class " + trap),
        broken(
            "class that comes first of two",
            text(
                "member-0/configuration.json",
                "\"@class\" : \"org.deeplearning4j.nn.conf.layers.DenseLayer\"",
                "\"@class\" : \""
                    + trap
                    + "\", \"@class\" : \"org.deeplearning4j.nn.conf.layers.DenseLayer\""),
            "it names the class " + trap),
        broken(
            "sub-package",
            text(
                "member-0/configuration.json",
                "org.nd4j.linalg.learning.config.Adam",
                "org.nd4j.linalg.learning.config.more.Adam"),
            "it names the class"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("brokenFiles")
  void brokenFileIsRefusedInOneSentence(String name, Breaking breaking, String expected)
      throws IOException {
    Path file = folder.resolve("model.zip");
    byte[] broken = breaking.apply(saved.clone());
    assertFalse(Arrays.equals(saved, broken), "nothing was broken");
    Files.write(file, broken);

    String message =
        assertThrows(IOException.class, () -> MixtureRegressor.load(file)).getMessage();
    assertTrue(message.startsWith(file + " is not a model of mdn4j's MixtureRegressor"), message);
    assertTrue(message.contains(expected), message);
    assertEquals(1, message.lines().count(), message);
    assertFalse(Trap.sprung);
  }

  @Test
  void missingFileAndFolderAreRefused() {
    assertThrows(
        NoSuchFileException.class, () -> MixtureRegressor.load(folder.resolve("none.zip")));
    assertThrows(IOException.class, () -> MixtureRegressor.load(folder));
  }

  private static Arguments broken(String name, Breaking breaking, String expected) {
    return Arguments.of(name, breaking, expected);
  }

  private interface Breaking {
    byte[] apply(byte[] bytes) throws IOException;
  }

  private static Breaking text(String entry, String from, String to) {
    return entry(
        entry,
        bytes -> {
          String text = new String(bytes, StandardCharsets.UTF_8);
          assertTrue(text.contains(from), () -> from + " is not in " + text);
          int at = text.indexOf(from);
          return (text.substring(0, at) + to + text.substring(at + from.length()))
              .getBytes(StandardCharsets.UTF_8);
        });
  }

  private static Breaking entry(String name, UnaryOperator<byte[]> change) {
    return bytes -> {
      Map<String, byte[]> entries = entries(bytes);
      entries.computeIfPresent(name, (key, value) -> change.apply(value));
      return zip(entries);
    };
  }

  private static Breaking without(String name) {
    return bytes -> {
      Map<String, byte[]> entries = entries(bytes);
      entries.remove(name);
      return zip(entries);
    };
  }

  /** Parameters that are small in the file and large when read. */
  private static byte[] bomb(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> entry : entries(bytes).entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(
            entry.getKey().equals("member-0/parameters.bin")
                ? new byte[100_000_000]
                : entry.getValue());
        zip.closeEntry();
      }
    }
    return out.toByteArray();
  }

  /** One bit of the last stored parameters. */
  private static byte[] flipped(byte[] bytes) {
    byte[] name = "member-1/parameters.bin".getBytes(StandardCharsets.UTF_8);
    for (int at = 0; at < bytes.length; at++) {
      if (Arrays.equals(Arrays.copyOfRange(bytes, at, at + name.length), name)) {
        bytes[at + name.length + 100] ^= 1;
        return bytes;
      }
    }
    throw new IllegalStateException("no such entry");
  }

  private static Map<String, byte[]> entries(byte[] bytes) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        entries.put(entry.getName(), zip.readAllBytes());
      }
    }
    return entries;
  }

  private static byte[] zip(Map<String, byte[]> entries) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        ZipEntry header = new ZipEntry(entry.getKey());
        if (entry.getKey().endsWith(".bin")) {
          CRC32 checksum = new CRC32();
          checksum.update(entry.getValue());
          header.setMethod(ZipEntry.STORED);
          header.setSize(entry.getValue().length);
          header.setCrc(checksum.getValue());
        }
        zip.putNextEntry(header);
        zip.write(entry.getValue());
        zip.closeEntry();
      }
    }
    return out.toByteArray();
  }
}
