/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.file;

import static org.mdn4j.Arguments.require;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.mdn4j.files.MalformedFileException;
import org.mdn4j.regression.model.Plateau;
import org.mdn4j.regression.model.RefitState;
import org.mdn4j.regression.model.RegressorOptions;
import org.mdn4j.regression.model.Setup;
import org.mdn4j.regression.model.TrainingState;
import org.mdn4j.regression.report.FitReport;
import org.mdn4j.regression.report.NoiseLevel;
import org.nd4j.shade.jackson.annotation.JsonInclude;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * An unfinished fit as one zip: {@code checkpoint.json}, and per training its parameters, Adam's
 * moments, the averaged and the best parameters. As every epoch draws from a generator of its own,
 * no generator's state is needed.
 *
 * @param options of the regressor
 * @param dataChecksum of the standardised data
 * @param trainings where each training stands
 * @param refits where the trainings on all rows stand that follow them; not of all there is one
 */
public record Checkpoint(
    RegressorOptions options,
    long dataChecksum,
    Map<Key, TrainingState> trainings,
    Map<Key, RefitState> refits) {
  static final String KIND = "a checkpoint of mdn4j's MixtureRegressor";
  private static final String FORMAT = "mdn4j-mixture-regressor-checkpoint";
  private static final int FORMAT_VERSION = 1;
  private static final String CHECKPOINT = "checkpoint.json";

  /**
   * The member and the noise level of one training.
   *
   * @param member of which member, from 0
   * @param noise with which noise
   * @param bins with how many bins; 0 in files from before features were encoded
   * @param units with how many hidden units; 0 for those that the options name
   * @param weightDecay with which weight decay; 0 for that of the options
   */
  record Key(
      @JsonProperty("member") int member,
      @JsonProperty("noise") NoiseLevel noise,
      @JsonProperty("bins") int bins,
      @JsonProperty("units") int units,
      @JsonProperty("weightDecay") double weightDecay)
      implements Comparable<Key> {
    private static final Comparator<Key> ORDER =
        Comparator.comparingInt(Key::member)
            .thenComparing(key -> key.noise().toString())
            .thenComparingInt(Key::bins)
            .thenComparingInt(Key::units)
            .thenComparingDouble(Key::weightDecay);

    Key(int member, Setup setup) {
      this(member, setup.noise(), setup.bins(), setup.units(), setup.weightDecay());
    }

    /** Checks what was read from a file. */
    Key {
      require(noise != null, "Expected the noise of a training, got null");
    }

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }
  }

  /** Of a training on all rows, null where it has not begun. */
  private record Refit(
      @JsonProperty("epochs") int epochs, @JsonProperty("averagedSteps") int averagedSteps) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Training(
      @JsonProperty("key") Key key,
      @JsonProperty("steps") int steps,
      @JsonProperty("averagedSteps") int averagedSteps,
      @JsonProperty("plateau") Plateau plateau,
      @JsonProperty("curve") List<FitReport.Epoch> curve,
      @JsonProperty("refit") Refit refit) {
    /** Checks what was read from a file. */
    Training {
      require(
          key != null
              && plateau != null
              && curve != null
              && curve.stream().allMatch(Objects::nonNull),
          "Expected a key, a plateau and a curve of each training, got null");
    }
  }

  private record Content(
      @JsonProperty("format") String format,
      @JsonProperty("formatVersion") int formatVersion,
      @JsonProperty("options") RegressorOptions options,
      @JsonProperty("dataChecksum") long dataChecksum,
      @JsonProperty("trainings") List<Training> trainings) {
    /** Checks what was read from a file. */
    Content {
      require(
          options != null && trainings != null && trainings.stream().allMatch(Objects::nonNull),
          "Expected options and trainings, got null");
    }
  }

  /**
   * Writes a file whole, or leaves an older one as it was.
   *
   * @throws IOException if it cannot be written
   */
  void write(Path file) throws IOException {
    List<Training> list = new ArrayList<>();
    Map<Key, RefitState> known = new TreeMap<>(refits); // of one moment, while others train
    Map<Key, TrainingState> sorted = new TreeMap<>(trainings);
    sorted.forEach(
        (key, state) ->
            list.add(
                new Training(
                    key,
                    state.steps(),
                    state.averagedSteps(),
                    state.plateau(),
                    state.curve(),
                    described(known.get(key)))));
    FileWriter.write(
        file,
        writer -> {
          writer.json(CHECKPOINT, new Content(FORMAT, FORMAT_VERSION, options, dataChecksum, list));
          int i = 0;
          for (Training training : list) {
            TrainingState state = sorted.get(training.key());
            writer.floats(name(i, "parameters"), state.parameters());
            writer.floats(name(i, "updater"), state.updater());
            writer.floats(name(i, "average"), state.average());
            writer.floats(name(i, "best"), state.best());
            RefitState refit = known.get(training.key());
            if (refit != null) {
              writer.floats(name(i, "refit-parameters"), refit.parameters());
              writer.floats(name(i, "refit-updater"), refit.updater());
              writer.floats(name(i, "refit-average"), refit.average());
              writer.floats(name(i, "refit-best"), refit.best());
            }
            i++;
          }
        });
  }

  private static Refit described(RefitState state) {
    return state == null ? null : new Refit(state.epochs(), state.averagedSteps());
  }

  /**
   * Reads a checkpoint from a file. What it holds is not yet compared with a fit: see {@link
   * CheckpointCheck}.
   *
   * @throws IOException if there is none, or it is anything else than what {@link #write} wrote
   */
  public static Checkpoint read(Path file) throws IOException {
    return FileReader.read(
        file,
        KIND,
        reader -> {
          reader.version(CHECKPOINT, FORMAT, FORMAT_VERSION);
          Content content = reader.json(CHECKPOINT, Content.class);
          Map<Key, TrainingState> trainings = new TreeMap<>();
          Map<Key, RefitState> refits = new TreeMap<>();
          for (int i = 0; i < content.trainings().size(); i++) {
            Training training = content.trainings().get(i);
            if (trainings.put(training.key(), state(reader, i, training)) != null) {
              throw new MalformedFileException("it has %s twice".formatted(training.key()));
            }
            if (training.refit() != null) {
              refits.put(training.key(), refit(reader, i, training.refit()));
            }
          }
          return new Checkpoint(content.options(), content.dataChecksum(), trainings, refits);
        });
  }

  private static RefitState refit(FileReader reader, int i, Refit refit)
      throws MalformedFileException {
    int parameters = reader.count(name(i, "refit-parameters"));
    return new RefitState(
        refit.epochs(),
        reader.floats(name(i, "refit-parameters"), parameters),
        reader.floats(name(i, "refit-updater"), reader.count(name(i, "refit-updater"))),
        reader.floats(name(i, "refit-average"), parameters),
        refit.averagedSteps(),
        reader.floats(name(i, "refit-best"), parameters));
  }

  private static TrainingState state(FileReader reader, int i, Training training)
      throws MalformedFileException {
    int parameters = reader.count(name(i, "parameters"));
    return new TrainingState(
        training.steps(),
        training.plateau(),
        reader.floats(name(i, "parameters"), parameters),
        reader.floats(name(i, "updater"), reader.count(name(i, "updater"))),
        reader.floats(name(i, "average"), parameters),
        training.averagedSteps(),
        reader.floats(name(i, "best"), parameters),
        training.curve());
  }

  private static String name(int training, String part) {
    return "training-%s/%s.bin".formatted(training, part);
  }
}
