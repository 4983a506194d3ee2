/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression;

import java.io.IOException;
import java.nio.file.Path;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.mdn4j.files.MalformedFileException;

/**
 * Compares what a checkpoint holds with what a fit of the same options and data has written: the
 * lengths of all arrays, the schedule, and that the best parameters predict. What passes goes on to
 * an end.
 */
final class CheckpointCheck {
  private final RegressorOptions options;
  private final StandardizedData data;
  private final MultiLayerConfiguration configuration;
  private final long parameters;
  private final long updater;
  private final int stepsPerEpoch;

  CheckpointCheck(RegressorOptions options, StandardizedData data) {
    this.options = options;
    this.data = data;
    this.configuration =
        Networks.configuration(options, data.inputs(), options.spec(data), options.seed());
    MultiLayerNetwork net = new MultiLayerNetwork(configuration.clone());
    net.init();
    this.parameters = net.numParams();
    this.updater = net.getUpdater().getStateViewArray().length();
    int trainingRows = data.rows() - options.validationRows(data.rows());
    this.stepsPerEpoch = (int) Math.ceil((double) trainingRows / options.minibatch(trainingRows));
  }

  /**
   * Checks all trainings.
   *
   * @throws IOException if one is none of such a fit
   */
  void requireFits(Path file, Checkpoint checkpoint) throws IOException {
    for (var training : checkpoint.trainings().entrySet()) {
      try {
        requireFits(training.getKey(), training.getValue());
      } catch (MalformedFileException e) {
        throw FileReader.refused(
            file, Checkpoint.KIND, "%s: %s".formatted(training.getKey(), e.getMessage()), e);
      }
    }
  }

  private void requireFits(Checkpoint.Key key, TrainingState state) throws MalformedFileException {
    require(
        key.member() >= 0
            && key.member() < options.members()
            && options.noise().contains(key.noise()),
        "expected one of %d members and the noise levels %s",
        options.members(),
        options.noise());
    requireLength("parameters", state.parameters(), parameters);
    requireLength("updater", state.updater(), updater);
    requireLength("average", state.average(), parameters);
    requireLength("best", state.best(), parameters);
    requireSchedule(state);
    try {
      MemberNetwork.of(configuration, state.best(), options.spec(data))
          .predict(data.features(Split.calibration(options, data.rows())));
    } catch (RuntimeException e) { // of many kinds
      throw new MalformedFileException(
          "its best parameters do not predict (%s)".formatted(MalformedFileException.firstLine(e)),
          e);
    }
  }

  private void requireSchedule(TrainingState state) throws MalformedFileException {
    Plateau plateau = state.plateau();
    int epochs = state.curve().size();
    require(
        1 <= epochs
            && epochs <= options.maxEpochs()
            && state.steps() == epochs * (long) stepsPerEpoch,
        "expected from 1 to %d epochs of %d steps, got %d epochs and %d steps",
        options.maxEpochs(),
        stepsPerEpoch,
        epochs,
        state.steps());
    require(
        0 <= state.averagedSteps() && state.averagedSteps() <= state.steps(),
        "expected an average over at most %d steps, got %d",
        state.steps(),
        state.averagedSteps());
    require(
        plateau.patience() == options.patience()
            && plateau.stages() == Training.STAGES
            && 0 <= plateau.stage()
            && plateau.stage() <= plateau.stages()
            && 0 <= plateau.waited()
            && plateau.waited() < plateau.patience(),
        "expected a stage from 0 to %d and less than %d epochs of waiting, got %s",
        Training.STAGES,
        options.patience(),
        plateau);
    boolean everFinite =
        state.curve().stream().anyMatch(e -> e.validationNll() < Double.POSITIVE_INFINITY);
    require(
        everFinite
            ? 1 <= plateau.bestEpoch()
                && plateau.bestEpoch() <= epochs
                && plateau.best() < Double.POSITIVE_INFINITY
            : plateau.bestEpoch() == 0 && plateau.best() == Double.POSITIVE_INFINITY,
        "expected the best of %d epochs, got %s",
        epochs,
        plateau);
  }

  private static void requireLength(String name, float[] numbers, long expected)
      throws MalformedFileException {
    require(
        numbers.length == expected,
        "%s.bin should hold %d numbers, got %d",
        name,
        expected,
        numbers.length);
  }

  private static void require(boolean holds, String message, Object... values)
      throws MalformedFileException {
    if (!holds) {
      throw new MalformedFileException(message.formatted(values));
    }
  }
}
