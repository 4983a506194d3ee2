/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.file;

import static org.mdn4j.files.MalformedFileException.require;

import java.io.IOException;
import java.nio.file.Path;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.mdn4j.files.MalformedFileException;
import org.mdn4j.regression.model.Networks;
import org.mdn4j.regression.model.Plateau;
import org.mdn4j.regression.model.RefitState;
import org.mdn4j.regression.model.RegressorOptions;
import org.mdn4j.regression.model.Setup;
import org.mdn4j.regression.model.Split;
import org.mdn4j.regression.model.StandardizedData;
import org.mdn4j.regression.model.TrainingState;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Compares what a checkpoint holds with what a fit of the same options and data has written: the
 * lengths of all arrays, the schedule, and that the best parameters predict. What passes goes on to
 * an end.
 */
public final class CheckpointCheck {
  private final RegressorOptions options;
  private final StandardizedData data;

  CheckpointCheck(RegressorOptions options, StandardizedData data) {
    this.options = options;
    this.data = data;
  }

  /**
   * Checks all trainings.
   *
   * @throws IOException if one is none of such a fit
   */
  void requireFits(Path file, Checkpoint checkpoint) throws IOException {
    for (var training : checkpoint.trainings().entrySet()) {
      try {
        requireFits(
            training.getKey(), training.getValue(), checkpoint.refits().get(training.getKey()));
      } catch (MalformedFileException e) {
        throw FileReader.refused(
            file, Checkpoint.KIND, "%s: %s".formatted(training.getKey(), e.getMessage()), e);
      }
    }
  }

  private void requireFits(Checkpoint.Key key, TrainingState state, RefitState refit)
      throws MalformedFileException {
    require(
        key.member() >= 0
            && key.member() < options.members()
            && options.noise().contains(key.noise())
            && options.bins().contains(key.bins())
            && (key.units() == 0 || (options.triesWider() && key.units() == options.widerUnits()))
            && (key.weightDecay() == 0
                || (options.triesStrongerDecay() && key.weightDecay() == options.strongerDecay())),
        "expected one of %d members, 0 or %d units, a weight decay of 0 or %s, the noise levels %s"
            + " and the bins %s",
        options.members(),
        options.triesWider() ? options.widerUnits() : 0,
        options.triesStrongerDecay() ? options.strongerDecay() : 0,
        options.noise(),
        options.bins());
    Split split = Split.of(options, data, key.member());
    StandardizedData encoded = data.encoded(key.bins());
    MultiLayerNetwork net =
        new MultiLayerNetwork(
            Networks.configuration(
                new Setup(key.noise(), key.bins(), key.units(), key.weightDecay()).applied(options),
                encoded.inputs(),
                options.spec(data),
                options.seed()));
    net.init();
    requireLength("parameters", state.parameters(), net.numParams());
    requireLength("updater", state.updater(), net.getUpdater().getStateViewArray().length());
    requireLength("average", state.average(), net.numParams());
    requireLength("best", state.best(), net.numParams());
    requireSchedule(state, split.training().length);
    INDArray features = encoded.features(split.validation());
    requirePredicts(net, state.best(), features);
    if (refit != null) {
      requireLength("refit-parameters", refit.parameters(), net.numParams());
      requireLength(
          "refit-updater", refit.updater(), net.getUpdater().getStateViewArray().length());
      requireLength("refit-average", refit.average(), net.numParams());
      requireLength("refit-best", refit.best(), net.numParams());
      requireRefit(state, refit);
      requirePredicts(net, refit.average(), features);
    }
  }

  private static void requirePredicts(MultiLayerNetwork net, float[] best, INDArray features)
      throws MalformedFileException {
    net.setParams(Nd4j.createFromArray(best));
    for (float output : net.output(features).dup().data().asFloat()) {
      require(Float.isFinite(output), "its best parameters predict %s", output);
    }
  }

  /** It follows a training that has ended, for as many epochs as that has found best at most. */
  private void requireRefit(TrainingState state, RefitState refit) throws MalformedFileException {
    int rows = data.rows();
    int most =
        Plateau.schedule(state.curve(), options.patience()).stream().mapToInt(one -> one).sum();
    require(
        options.refit()
            && state.plateau().finished()
            && 1 <= refit.epochs()
            && refit.epochs() <= most,
        "expected a training on all rows of 1 to %d epochs after one that has ended, got %d after"
            + " %s",
        options.refit() ? most : 0,
        refit.epochs(),
        state.plateau());
    long steps = refit.epochs() * (long) options.passes(rows) * options.stepsPerPass(rows);
    require(
        0 <= refit.averagedSteps() && refit.averagedSteps() <= steps,
        "expected an average over at most %d steps on all rows, got %d",
        steps,
        refit.averagedSteps());
  }

  private void requireSchedule(TrainingState state, int trainingRows)
      throws MalformedFileException {
    Plateau plateau = state.plateau();
    int epochs = state.curve().size();
    int stepsPerEpoch = options.passes(trainingRows) * options.stepsPerPass(trainingRows);
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
            && plateau.stages() == Plateau.STAGES
            && 0 <= plateau.stage()
            && plateau.stage() <= plateau.stages()
            && 0 <= plateau.waited()
            && plateau.waited() < plateau.patience(),
        "expected a stage from 0 to %d and less than %d epochs of waiting, got %s",
        Plateau.STAGES,
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
}
