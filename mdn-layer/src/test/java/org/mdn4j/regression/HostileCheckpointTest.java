/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mdn4j.files.InMemory;
import org.mdn4j.files.Promptly;
import org.mdn4j.files.Zips;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.node.ArrayNode;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** Checkpoints that no fit has written. */
class HostileCheckpointTest {
  private static final String CHECKPOINT = "checkpoint.json";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final CheckpointFiles FILES = new CheckpointFiles();
  private static byte[] saved;

  @TempDir(factory = InMemory.class)
  Path folder;

  @BeforeAll
  static void fit(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("checkpoint");
    FILES.writeStopped(file);
    saved = Files.readAllBytes(file);
  }

  private String refused(Map<String, byte[]> entries) throws IOException {
    return refused(Zips.zip(entries));
  }

  private String refused(byte[] checkpoint) throws IOException {
    return refused(checkpoint, FILES::resume);
  }

  private String refused(byte[] checkpoint, Consumer<Path> resume) throws IOException {
    Path file = Files.write(folder.resolve("checkpoint"), checkpoint);
    String message =
        Promptly.run(
            () -> assertThrows(UncheckedIOException.class, () -> resume.accept(file)).getMessage());
    assertTrue(message.startsWith(file + " is not a checkpoint of mdn4j's"), message);
    assertEquals(1, message.lines().count(), message);
    return message;
  }

  @Test
  void theCheckpointItselfGoesOn() throws IOException {
    FILES.resume(Files.write(folder.resolve("checkpoint"), saved));
  }

  /** What ND4J would write behind the end of its memory, or leave as it is. */
  @ParameterizedTest
  @CsvSource({
    "parameters, 4, should hold",
    "parameters, -4, should hold",
    "updater, 4, 'updater.bin should hold 6012 numbers, got 6013'",
    "updater, -4, 'updater.bin should hold 6012 numbers, got 6011'",
    "updater, 20000, 'updater.bin should hold 6012 numbers, got 11012'",
    "updater, -24048, 'updater.bin should hold 6012 numbers, got 0'",
    "average, 4, should hold",
    "best, -4, should hold",
    "best, 1, is not a list of stored numbers"
  })
  void lengthsAreCompared(String part, int more, String expected) throws IOException {
    Map<String, byte[]> entries = Zips.entries(saved);
    entries.computeIfPresent(
        "training-1/%s.bin".formatted(part), (name, b) -> Arrays.copyOf(b, b.length + more));
    assertTrue(refused(entries).contains(expected), refused(entries));
  }

  /** All arrays of another network, which fit each other. */
  @Test
  void anotherNetworksArrays() throws IOException {
    Map<String, byte[]> entries = Zips.entries(saved);
    entries.replaceAll(
        (name, bytes) ->
            name.startsWith("training-0/") ? Arrays.copyOf(bytes, bytes.length / 8 * 4) : bytes);
    assertTrue(refused(entries).contains("parameters.bin should hold 3406 numbers, got 1703"));
  }

  @Test
  void bestParametersMustPredict() throws IOException {
    Map<String, byte[]> entries = Zips.entries(saved);
    ByteBuffer best = ByteBuffer.wrap(entries.get("training-0/best.bin"));
    for (int i = 0; i < best.capacity(); i += Float.BYTES) {
      best.putFloat(i, 3e38f);
    }
    assertTrue(refused(entries).contains("its best parameters predict"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/trainings/0/plateau/stages | 0 | a stage from 0 to 3",
        "/trainings/0/plateau/stages | 2000000000 | a stage from 0 to 3",
        "/trainings/0/plateau/stage | -2000000000 | a stage from 0 to 3",
        "/trainings/0/plateau/stage | 4 | a stage from 0 to 3",
        "/trainings/0/plateau/patience | 2000000000 | less than 20 epochs of waiting",
        "/trainings/0/plateau/waited | 20 | less than 20 epochs of waiting",
        "/trainings/0/plateau/waited | -1 | less than 20 epochs of waiting",
        "/trainings/0/plateau/bestEpoch | 0 | expected the best of 6 epochs",
        "/trainings/0/plateau/bestEpoch | 7 | expected the best of 6 epochs",
        "/trainings/0/plateau/best | \"NaN\" | expected the best of 6 epochs",
        "/trainings/0/plateau/best | \"Infinity\" | expected the best of 6 epochs",
        "/trainings/0/plateau | null | Expected a key, a plateau and a curve",
        "/trainings/0/steps | 7 | 6 epochs and 7 steps",
        "/trainings/0/steps | -1 | 6 epochs and -1 steps",
        "/trainings/0/steps | 4294967296 | out of range of int",
        "/trainings/0/averagedSteps | 25 | an average over at most 24 steps, got 25",
        "/trainings/0/averagedSteps | -1 | an average over at most 24 steps, got -1",
        "/trainings/0/curve | null | Expected a key, a plateau and a curve",
        "/trainings/0/curve | [] | from 1 to 6 epochs of 4 steps, got 0 epochs",
        "/trainings/0/curve | [{}, {}, {}, {}, {}, {}, {}] | got 7 epochs and 24 steps",
        "/trainings/0/curve/0 | null | Expected a key, a plateau and a curve",
        "/trainings/0/key | null | Expected a key, a plateau and a curve",
        "/trainings/0/key/member | -1 | expected one of 2 members",
        "/trainings/0/key/member | 2 | expected one of 2 members",
        "/trainings/0/key/noise | null | Expected the noise of a training, got null",
        "/trainings/0/key/noise | {\"inputs\": 0.5, \"targets\": 0} | the noise levels",
        "/trainings/0/key/bins | 3 | and the bins [4, 0]",
        "/trainings/0/key/units | 7 | 0 or 12 units",
        "/trainings/1/key/bins | 4 | twice",
        "/trainings/0 | null | Expected options and trainings, got null",
        "/trainings | null | Expected options and trainings, got null",
        "/options | null | Expected options and trainings, got null",
        "/options/noise/0 | null | Expected all options, got null",
      })
  void schedulesThatNoFitHas(String place, String value, String expected) throws IOException {
    Map<String, byte[]> entries = Zips.entries(saved);
    JsonNode json = JSON.readTree(entries.get(CHECKPOINT));
    int slash = place.lastIndexOf('/');
    String name = place.substring(slash + 1);
    if (json.at(place.substring(0, slash)) instanceof ObjectNode object) {
      object.set(name, JSON.readTree(value));
    } else {
      ((ArrayNode) json.at(place.substring(0, slash)))
          .set(Integer.parseInt(name), JSON.readTree(value));
    }
    entries.put(CHECKPOINT, JSON.writeValueAsBytes(json));
    String message = refused(entries);
    assertTrue(message.contains(expected), message);
  }

  /** Made by mutation, of the fit that {@link CheckpointFiles} makes. */
  @ParameterizedTest
  @CsvSource({
    "checkpoint-updater-too-long.zip, 'updater.bin should hold 6012 numbers, got 11326'",
    "checkpoint-no-stages.zip, expected a stage from 0 to 3"
  })
  void sharedCases(String name, String expected) throws IOException {
    String message = refused(Files.readAllBytes(SharedCases.file(name)), FILES::resumeUnbounded);
    assertTrue(message.contains(expected), message);
  }
}
