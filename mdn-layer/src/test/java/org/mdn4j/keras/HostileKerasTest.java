/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jhdf.HdfFile;
import io.jhdf.storage.HdfBackingStorage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.files.Promptly;
import org.mdn4j.files.Zips;

/** Files of Keras that somebody made to take all memory or time, or that lost a bit. */
class HostileKerasTest {
  @TempDir Path folder;

  private static byte[] bytes(String name) throws IOException {
    return Files.readAllBytes(Keras3FilesTest.file(name));
  }

  private String refused(String name, byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve(name), bytes);
    String message =
        Promptly.run(
            () ->
                assertThrows(
                        IllegalArgumentException.class,
                        () -> KerasMixtureImport.importSequential(file))
                    .getMessage());
    assertTrue(message.startsWith(file + ": "), message);
    assertEquals(1, message.lines().count(), message);
    return message;
  }

  /** A weight of −2·10³⁶ came of one of them. */
  @Test
  void aFlippedBitOfAnArchiveIsNoticed() throws IOException {
    byte[] whole = bytes("dense.keras");
    byte[] weights = Zips.entries(whole).get("model.weights.h5");
    int begins = indexOf(whole, Arrays.copyOf(weights, 64));
    assertTrue(begins > 0, "its weights are stored as they are");
    for (int at = 0; at < weights.length; at += 997) {
      byte[] flipped = whole.clone();
      flipped[begins + at] ^= 1;
      String message = refused("flipped.keras", flipped);
      assertTrue(message.contains("model.weights.h5 is damaged"), message);
    }
  }

  private static int indexOf(byte[] bytes, byte[] part) {
    for (int at = 0; at + part.length <= bytes.length; at++) {
      if (Arrays.equals(bytes, at, at + part.length, part, 0, part.length)) {
        return at;
      }
    }
    return -1;
  }

  private String refusedConfiguration(String from, String to) throws IOException {
    Map<String, byte[]> entries = Zips.entries(bytes("dense.keras"));
    String json = new String(entries.get("config.json"), UTF_8);
    int at = json.indexOf(from);
    assertTrue(at >= 0, json);
    String changed = json.substring(0, at) + to + json.substring(at + from.length());
    entries.put("config.json", changed.getBytes(UTF_8));
    return refused("made.keras", Zips.zip(entries));
  }

  /** Memory is not taken for layers that the file has no weights of. */
  @ParameterizedTest
  @ValueSource(longs = {1_000_000, 100_000_000, Integer.MAX_VALUE, 1L << 32, 1L << 62})
  void layersOfGiants(long units) throws IOException {
    refusedConfiguration("\"units\": 7", "\"units\": " + units);
    refusedConfiguration("\"num_mixtures\": 3", "\"num_mixtures\": " + units);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"x\": [%s0]|{},|tokens",
        "\"x\": %s|9|more than 1000 digits",
        "\"x\": {%s\"b\": 0}|\"a\":0,|more than 10000 keys",
        "\"x\": %s|[|nested at most 200 deep"
      })
  void textsThatAreLarge(String form, String repeated, String expected) throws IOException {
    String message =
        refusedConfiguration(
            "{\"module\"", "{" + form.formatted(repeated.repeat(1_200_000)) + ", \"module\"");
    assertTrue(message.contains(expected), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"layers\": [|\"layers\": [null, ",
        "\"layers\": [|\"layers\": [[], ",
        "\"layers\": [|\"layers\": {}, \"x\": [",
        "\"layers\": [|\"layers\": null, \"x\": [",
        "\"units\": 7|\"units\": null",
        "\"units\": 7|\"units\": \"7\"",
        "\"units\": 7|\"units\": {}",
        "\"units\": 7|\"units\": -7",
        "\"units\": 7|\"units\": 0",
        "\"activation\": \"relu\"|\"activation\": []",
        "\"batch_shape\": [|\"batch_shape\": null, \"x\": [",
        "\"class_name\": \"Sequential\"|\"class_name\": null",
      })
  void partsThatAreMissing(String from, String to) throws IOException {
    assertTrue(refusedConfiguration(from, to).split(" ").length > 5);
  }

  @Test
  void entriesThatAreBombs() throws IOException {
    Map<String, byte[]> entries = Zips.entries(bytes("dense.keras"));
    entries.put("model.weights.h5", new byte[200_000_000]);
    String message = refused("bomb.keras", Zips.zip(entries, Set.of()));
    assertTrue(message.contains("model.weights.h5 is larger than"), message);
  }

  /** Arrays of 2³¹ numbers in a file of some kB: every place that could be a side is made one. */
  @Test
  void sidesOfGiants() throws IOException {
    byte[] whole = bytes("dense.h5");
    int changed = 0;
    for (int at = 0; at + 8 <= whole.length; at += 8) {
      ByteBuffer buffer = ByteBuffer.wrap(whole.clone()).order(ByteOrder.LITTLE_ENDIAN);
      if (buffer.getLong(at) == 7) { // units, sizes and counts
        buffer.putLong(at, 1 << 30);
        changed++;
        Path file = Files.write(folder.resolve("giant.h5"), buffer.array());
        try {
          KerasMixtureImport.importSequential(file);
        } catch (IllegalArgumentException e) {
          assertEquals(1, e.getMessage().lines().count(), e.getMessage());
        }
      }
    }
    assertTrue(changed > 3, changed + " places");
  }

  /** What leads back to itself ends, at jHDF's stack or at what it may read. */
  @Test
  void addressesThatLeadBack() throws IOException {
    byte[] whole = bytes("dense.h5");
    for (int from = 0; from + 8 <= whole.length; from += 8) {
      ByteBuffer buffer = ByteBuffer.wrap(whole.clone()).order(ByteOrder.LITTLE_ENDIAN);
      long address = buffer.getLong(from);
      if (address > 64 && address < whole.length && address % 8 == 0) {
        buffer.putLong(from, 96); // the root group's header
        Path file = Files.write(folder.resolve("circle.h5"), buffer.array());
        Promptly.run(
            () -> {
              try {
                KerasMixtureImport.importSequential(file);
              } catch (IllegalArgumentException e) {
                assertEquals(1, e.getMessage().lines().count(), e.getMessage());
              }
              return null;
            });
      }
    }
  }

  /** jHDF's only way in for a storage of one's own. */
  @Test
  void jhdfTakesOurStorage() throws ReflectiveOperationException, IOException {
    HdfFile.class.getDeclaredConstructor(HdfBackingStorage.class);
    try (HdfFile file = Hdf5Storage.open(bytes("dense.h5"))) {
      assertEquals(Hdf5Storage.class, file.getHdfBackingStorage().getClass());
    }
    byte[] whole = bytes("dense.h5");
    try (HdfFile file = Hdf5Storage.open(whole)) {
      HdfBackingStorage storage = file.getHdfBackingStorage();
      Refusal refusal =
          assertThrows(
              Refusal.class,
              () -> {
                for (int i = 0; i < 1_000_000; i++) {
                  storage.readBufferFromAddress(0, 1024);
                }
              });
      assertTrue(refusal.getMessage().contains("over and over"), refusal.getMessage());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"dense.h5", "dense.keras"})
  void anInterruptedThreadImports(String name) throws IOException {
    MultiLayerNetwork expected = KerasMixtureImport.importSequential(Keras3FilesTest.file(name));
    Thread.currentThread().interrupt();
    MultiLayerNetwork imported;
    try {
      imported = KerasMixtureImport.importSequential(Keras3FilesTest.file(name));
    } finally {
      assertTrue(Thread.interrupted(), "the flag stays");
    }
    assertEquals(expected.params(), imported.params());
  }
}
