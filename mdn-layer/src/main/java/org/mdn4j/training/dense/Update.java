/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

import static org.mdn4j.training.dense.NotCoveredException.require;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import org.bytedeco.javacpp.Pointer;
import org.deeplearning4j.nn.api.TrainingConfig;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.nn.layers.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.updater.MultiLayerUpdater;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.learning.regularization.Regularization.ApplyStep;

/**
 * What becomes of a gradient, in the order of DL4J's {@code BaseMultiLayerUpdater}: divided by the
 * rows, normalised by layers, regularised, updated by stretches of equal updaters, decayed, and
 * subtracted.
 */
final class Update {
  /** A stretch of parameters with one updater. */
  private record Stretch(
      int from,
      int count,
      int stateFrom,
      IUpdater settings,
      UpdateRule rule,
      Reals[] state,
      List<Regularizer> regularizers) {}

  private final boolean divided;
  private final List<Normalizer> normalizers = new ArrayList<>();
  private final List<Stretch> stretches = new ArrayList<>();
  private final Pointer window; // into DL4J's array of state

  private Update(boolean divided, DataType dtype) {
    this.divided = divided;
    this.window = Memory.nowhere(dtype);
  }

  /**
   * Reads what a network's updater does.
   *
   * @throws NotCoveredException if any of it is not covered
   */
  static Update read(Network network) throws NotCoveredException {
    BaseMultiLayerUpdater<?> updater = network.updater();
    require(
        updater != null
            && (updater.getClass() == MultiLayerUpdater.class
                || updater.getClass() == ComputationGraphUpdater.class),
        "its updater is no plain one of DL4J's, but %s",
        updater);
    DataType dtype = network.parameters().dataType();
    Update update = new Update(network.configuration().isMiniBatch(), dtype);
    List<Network.Part> parts = network.parts();
    for (List<Network.Part> block : runs(parts, (a, b) -> a.block() == b.block())) {
      update.stretches.add(stretch(block, dtype));
    }
    runs(parts, (a, b) -> a.link() == b.link()).forEach(update::addNormalizers);
    return update;
  }

  /** Divides a list into runs of what belongs together. */
  private static List<List<Network.Part>> runs(
      List<Network.Part> parts, BiPredicate<Network.Part, Network.Part> together) {
    List<List<Network.Part>> runs = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      if (i == 0 || !together.test(parts.get(i - 1), parts.get(i))) {
        runs.add(new ArrayList<>());
      }
      runs.get(runs.size() - 1).add(parts.get(i));
    }
    return runs;
  }

  private static Stretch stretch(List<Network.Part> parts, DataType dtype)
      throws NotCoveredException {
    List<Regularizer> regularizers = new ArrayList<>();
    for (Network.Part part : parts) {
      List<Regularization> settings =
          part.state().getLayer().getConfig().getRegularizationByParam(part.name());
      for (Regularization each : settings == null ? List.<Regularization>of() : settings) {
        Regularizer regularizer =
            Regularizer.of(each, part.from(), part.to(), !isFrozen(part.link()));
        require(
            regularizer != null,
            "layer \"%s\" has the regularization %s",
            part.link().name(),
            each.getClass().getName());
        regularizers.add(regularizer);
      }
    }
    Network.Part first = parts.get(0);
    IUpdater settings = first.state().getLayer().getConfig().getUpdaterByParam(first.name());
    UpdateRule rule = UpdateRule.of(settings);
    require(rule != null, "the updater %s is not covered", settings);
    int from = first.from();
    int count = parts.get(parts.size() - 1).to() - from;
    Reals[] state = new Reals[(int) settings.stateSize(1)];
    for (int kind = 0; kind < state.length; kind++) {
      state[kind] = Reals.zeros(dtype, count);
    }
    int stateFrom = first.block().getUpdaterViewOffsetStart();
    return new Stretch(from, count, stateFrom, settings, rule, state, regularizers);
  }

  /** Returns whether DL4J leaves a layer's gradient 0, whatever its updater then does with it. */
  private static boolean isFrozen(Network.Link link) {
    return link.layer() instanceof FrozenLayer || link.layer() instanceof FrozenLayerWithBackprop;
  }

  private void addNormalizers(List<Network.Part> parts) {
    Network.Link link = parts.get(0).link();
    TrainingConfig settings = link.layer().getConfig();
    GradientNormalization kind = settings.getGradientNormalization();
    if (isFrozen(link) || kind == null || kind == GradientNormalization.None) {
      return;
    }
    double threshold = settings.getGradientNormalizationThreshold();
    boolean perArray =
        kind == GradientNormalization.RenormalizeL2PerParamType
            || kind == GradientNormalization.ClipL2PerParamType;
    if (perArray) {
      for (Network.Part part : parts) {
        normalizers.add(new Normalizer(kind, threshold, part.from(), part.to()));
      }
    } else {
      int to = parts.get(parts.size() - 1).to();
      normalizers.add(new Normalizer(kind, threshold, parts.get(0).from(), to));
    }
  }

  /** Returns what regularisation adds to the score. */
  double regularization(Reals parameters, int iteration, int epoch) {
    double sum = 0;
    for (int i = 0; i < stretches.size(); i++) {
      List<Regularizer> regularizers = stretches.get(i).regularizers;
      for (int j = 0; j < regularizers.size(); j++) {
        sum += regularizers.get(j).score(parameters, iteration, epoch);
      }
    }
    return sum;
  }

  /** Turns the sum of the rows' gradients into an update, and subtracts it. */
  void apply(Reals gradients, Reals parameters, int rows, int iteration, int epoch) {
    if (divided) {
      gradients.divide(0, gradients.length(), rows);
    }
    for (int i = 0; i < normalizers.size(); i++) {
      normalizers.get(i).apply(gradients);
    }
    for (int i = 0; i < stretches.size(); i++) {
      Stretch stretch = stretches.get(i);
      double rate =
          stretch.settings.hasLearningRate()
              ? stretch.settings.getLearningRate(iteration, epoch)
              : 1;
      regularize(stretch, ApplyStep.BEFORE_UPDATER, gradients, parameters, rate, iteration, epoch);
      stretch.rule.apply(gradients, stretch.from, stretch.count, stretch.state, iteration, epoch);
      regularize(stretch, ApplyStep.POST_UPDATER, gradients, parameters, rate, iteration, epoch);
    }
    parameters.subtract(gradients);
  }

  private static void regularize(
      Stretch stretch,
      ApplyStep when,
      Reals gradients,
      Reals parameters,
      double rate,
      int iteration,
      int epoch) {
    for (int i = 0; i < stretch.regularizers.size(); i++) {
      Regularizer regularizer = stretch.regularizers.get(i);
      if (regularizer.when() == when) {
        regularizer.apply(parameters, gradients, rate, iteration, epoch);
      }
    }
  }

  /** Reads the state from DL4J's array of it. */
  void readState(INDArray states) {
    moveState(states, false);
  }

  /** Writes the state into DL4J's array of it. */
  void writeState(INDArray states) {
    moveState(states, true);
  }

  private void moveState(INDArray states, boolean write) {
    if (states == null) {
      return; // no updater has any
    }
    long start = Memory.address(states);
    for (int i = 0; i < stretches.size(); i++) {
      Stretch stretch = stretches.get(i);
      for (int kind = 0; kind < stretch.state.length; kind++) {
        long first = stretch.stateFrom + (long) kind * stretch.count;
        Memory.move(window, start + first * window.sizeof());
        if (write) {
          stretch.state[kind].write(window, stretch.count);
        } else {
          stretch.state[kind].read(window, stretch.count);
        }
      }
    }
  }
}
