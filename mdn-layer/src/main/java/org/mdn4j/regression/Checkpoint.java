/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import org.nd4j.shade.jackson.core.JsonProcessingException;

/**
 * An unfinished fit as one zip: {@code checkpoint.json}, and per training its parameters, Adam's
 * moments, the averaged and the best parameters. As every epoch draws from a generator of its own,
 * no generator's state is needed.
 *
 * @param options of the regressor
 * @param dataChecksum of the standardised data
 * @param trainings where each training stands
 */
record Checkpoint(RegressorOptions options, long dataChecksum, Map<Key, TrainingState> trainings) {
  private static final String KIND = "a checkpoint of mdn4j's MixtureRegressor";
  private static final String FORMAT = "mdn4j-mixture-regressor-checkpoint";
  private static final int FORMAT_VERSION = 1;
  private static final String CHECKPOINT = "checkpoint.json";

  /**
   * Which training.
   *
   * @param member of which member, from 0
   * @param noise with which noise
   */
  record Key(@JsonProperty("member") int member, @JsonProperty("noise") NoiseLevel noise)
      implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      return member != other.member
          ? Integer.compare(member, other.member)
          : noise.toString().compareTo(other.noise.toString());
    }
  }

  private record Training(
      @JsonProperty("key") Key key,
      @JsonProperty("steps") int steps,
      @JsonProperty("averagedSteps") int averagedSteps,
      @JsonProperty("plateau") Plateau plateau,
      @JsonProperty("curve") List<FitReport.Epoch> curve) {}

  private record Content(
      @JsonProperty("format") String format,
      @JsonProperty("formatVersion") int formatVersion,
      @JsonProperty("options") RegressorOptions options,
      @JsonProperty("dataChecksum") long dataChecksum,
      @JsonProperty("trainings") List<Training> trainings) {}

  /**
   * Writes a file whole, or leaves an older one as it was.
   *
   * @throws IOException if it cannot be written
   */
  void write(Path file) throws IOException {
    List<Training> list = new ArrayList<>();
    Map<Key, TrainingState> sorted = new TreeMap<>(trainings);
    sorted.forEach(
        (key, state) ->
            list.add(
                new Training(
                    key, state.steps(), state.averagedSteps(), state.plateau(), state.curve())));
    try (FileWriter writer = new FileWriter(file)) {
      writer.text(
          CHECKPOINT,
          SafeJson.write(new Content(FORMAT, FORMAT_VERSION, options, dataChecksum, list)));
      int i = 0;
      for (TrainingState state : sorted.values()) {
        writer.floats(name(i, "parameters"), state.parameters());
        writer.floats(name(i, "updater"), state.updater());
        writer.floats(name(i, "average"), state.average());
        writer.floats(name(i, "best"), state.best());
        i++;
      }
      writer.complete();
    }
  }

  /**
   * Reads a file.
   *
   * @throws IOException if there is none, or it is anything else than what {@link #write} wrote
   */
  static Checkpoint read(Path file) throws IOException {
    try (FileReader reader = new FileReader(file, KIND)) {
      try {
        Content content = reader.json(CHECKPOINT, FORMAT, FORMAT_VERSION, Content.class);
        Map<Key, TrainingState> trainings = new TreeMap<>();
        for (int i = 0; i < content.trainings().size(); i++) {
          Training training = content.trainings().get(i);
          int parameters = reader.count(name(i, "parameters"));
          trainings.put(
              training.key(),
              new TrainingState(
                  training.steps(),
                  training.plateau(),
                  reader.floats(name(i, "parameters"), parameters),
                  reader.floats(name(i, "updater"), reader.count(name(i, "updater"))),
                  reader.floats(name(i, "average"), parameters),
                  training.averagedSteps(),
                  reader.floats(name(i, "best"), parameters),
                  training.curve()));
        }
        return new Checkpoint(content.options(), content.dataChecksum(), trainings);
      } catch (JsonProcessingException e) {
        throw reader.refused(e.getOriginalMessage(), e);
      }
    }
  }

  private static String name(int training, String part) {
    return "training-%d/%s.bin".formatted(training, part);
  }
}
