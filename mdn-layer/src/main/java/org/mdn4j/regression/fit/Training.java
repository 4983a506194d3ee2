/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.fit;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.rng.UniformRandomProvider;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.mdn4j.MixtureSpec;
import org.mdn4j.layers.MixtureInitializer;
import org.mdn4j.regression.file.CheckpointCheck;
import org.mdn4j.regression.model.Contamination;
import org.mdn4j.regression.model.MemberNetwork;
import org.mdn4j.regression.model.MemberOutput;
import org.mdn4j.regression.model.Networks;
import org.mdn4j.regression.model.Plateau;
import org.mdn4j.regression.model.RegressorOptions;
import org.mdn4j.regression.model.Seeds;
import org.mdn4j.regression.model.Setup;
import org.mdn4j.regression.model.Split;
import org.mdn4j.regression.model.StandardizedData;
import org.mdn4j.regression.model.TrainingState;
import org.mdn4j.regression.model.WeightedMean;
import org.mdn4j.regression.report.FitReport;
import org.mdn4j.regression.report.NoiseLevel;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The training of one network, an epoch at a time, on some of the rows; the others say when to
 * lower the learning rate and when to stop. Every epoch draws from a random generator of its own,
 * so that the outcome depends on data, options, noise and seed only, not on when or where it runs.
 *
 * <p>DL4J's EarlyStoppingTrainer only stops: it knows no falling rates with a return to the best
 * parameters, no averaged parameters, no resumption to the last bit, and no members side by side.
 */
final class Training {
  private static final double RATE_FACTOR = 0.3;
  private static final long REFIT_SHARE = 8;

  private final RegressorOptions options;
  private final long seed;
  private final MultiLayerConfiguration configuration;
  private final MultiLayerNetwork net;
  private final MemberNetwork averaged; // with whatever parameters it was last asked by
  private final ParameterAverage average;
  private final MixtureSpec spec; // of the output
  private final Steps taker;
  private final Minibatches minibatches;
  private final StandardizedData data;
  private final int[] validation;
  private final double logJacobian; // of the validation rows' mean NLL
  private final double trainingJacobian;
  private final NoiseLevel noise;
  private final int passes;

  private int steps;
  private Plateau plateau;
  private float[] best;
  private final List<FitReport.Epoch> curve = new ArrayList<>();

  /**
   * Prepares a training.
   *
   * @param logJacobian what to add to the NLL of a row that is no atom for original units
   * @param member which member, from 0
   * @param from where it stood, as {@link CheckpointCheck} has found it right, or null to start
   *     anew
   */
  Training(
      RegressorOptions options,
      StandardizedData data,
      double logJacobian,
      Setup setup,
      int member,
      TrainingState from) {
    this.options = setup.applied(options);
    this.seed = Seeds.derive(options.seed(), member);
    this.spec = options.spec(data);
    Split split = Split.of(options, data, member);
    int[] training = split.training();
    int minibatch = options.minibatch(training.length);
    this.minibatches = new Minibatches(data, training, minibatch, setup.noise());
    this.noise = setup.noise();
    this.passes = options.passes(training.length);
    double horizon = options.averagedEpochs() * passes * options.stepsPerPass(training.length);
    this.data = data;
    this.validation = split.validation();
    this.logJacobian = logJacobian * data.densityShare(validation);
    this.trainingJacobian = logJacobian * data.densityShare(training);

    this.configuration = Networks.ofMember(options, setup, data.inputs(), spec, member);
    this.net = new MultiLayerNetwork(configuration.clone());
    net.init();
    this.averaged =
        MemberNetwork.of(
            net.clone(), spec, options.contaminated() ? Contamination.OF_VALIDATION : 0);
    this.taker = Steps.of(options.trainer(), net);
    if (from == null) {
      if (options.startFromData()) {
        MixtureInitializer.fromLabels(
            net, data.labels(data.info().resampled(training, Minibatches.MIDDLE)));
      }
      plateau = Plateau.start(options.patience(), Plateau.STAGES);
      best = floats(net.params());
      average = new ParameterAverage(horizon, best, 0);
    } else {
      steps = from.steps();
      plateau = from.plateau();
      best = from.best();
      average = new ParameterAverage(horizon, from.average(), from.averagedSteps());
      curve.addAll(from.curve());
      net.setParams(Nd4j.createFromArray(from.parameters()));
      net.getUpdater().getStateViewArray().assign(Nd4j.createFromArray(from.updater()));
      net.setIterationCount(steps);
      net.setLearningRate(learningRate());
    }
  }

  /**
   * Trains for an epoch.
   *
   * @param alone whether no other network is being trained
   */
  void epoch(boolean alone) {
    int epoch = curve.size() + 1;
    UniformRandomProvider random = Seeds.random(seed, epoch);
    double[] sums = new double[2];
    taker.begin(alone);
    for (int pass = 0; pass < passes; pass++) {
      minibatches.forEach(
          random,
          (features, labels) -> {
            sums[0] += taker.take(features, labels) * labels.size(0);
            average.add(net.params());
            sums[1] += labels.size(0);
            steps++;
          });
    }
    taker.end();
    float[] present = average.values();
    double validation = WeightedMean.of(validationScores(present), validationWeights());
    curve.add(new FitReport.Epoch(sums[0] / sums[1] + trainingJacobian, validation + logJacobian));
    int stage = plateau.stage();
    plateau = plateau.after(epoch, validation);
    if (plateau.bestEpoch() == epoch) {
      best = present;
    }
    if (epoch >= options.maxEpochs()) {
      plateau = plateau.ended();
    }
    if (plateau.stage() > stage) {
      net.setParams(Nd4j.createFromArray(best));
      average.restart(best);
      if (!plateau.finished()) {
        net.setLearningRate(learningRate());
        taker.reconfigured();
      }
    }
  }

  Plateau plateau() {
    return plateau;
  }

  /** Epochs so far. */
  int epochs() {
    return curve.size();
  }

  double learningRate() {
    return learningRate(options, plateau.stage());
  }

  /** Returns the learning rate of a stage, from 0. */
  static double learningRate(RegressorOptions options, int stage) {
    return options.learningRate() * Math.pow(RATE_FACTOR, stage);
  }

  /** Returns the validation NLL of the last epoch, in original units. */
  double validationNll() {
    return curve.get(curve.size() - 1).validationNll();
  }

  /** Returns the lowest validation NLL, in original units. */
  double bestNll() {
    return plateau.best() + logJacobian;
  }

  /** Returns the form of the network's output. */
  MixtureSpec spec() {
    return spec;
  }

  /** Returns whether so many rows validated that a network gains from them. */
  boolean gainsFromRefit() {
    return validation.length * REFIT_SHARE > data.rows();
  }

  /** Returns the training on all rows that follows. */
  Refit refit() {
    return new Refit(options, data, configuration, noise, seed, curve);
  }

  /** Returns the present state, from which the training can be resumed. */
  TrainingState state() {
    return new TrainingState(
        steps,
        plateau,
        floats(net.params()),
        floats(net.getUpdater().getStateViewArray()),
        average.values(),
        average.steps(),
        best,
        List.copyOf(curve));
  }

  /**
   * Returns the NLL of each validation row by the best parameters, contaminated if predictions will
   * be, in standardised units, {@code [V]}; NaN where the network has failed.
   */
  double[] validationScores() {
    return validationScores(best);
  }

  /** Returns ε of the predictions by the best parameters. */
  double contamination() {
    return validated(best).contamination(data.labels(validation), validationWeights());
  }

  /** Returns the weights of the validation rows; null where all count alike. */
  double[] validationWeights() {
    return data.info().weights(validation);
  }

  private double[] validationScores(float[] parameters) {
    return validated(parameters).scores(data.labels(validation));
  }

  private MemberOutput validated(float[] parameters) {
    averaged.net().setParams(Nd4j.createFromArray(parameters));
    return averaged.predict(data, validation);
  }

  /** Returns a copy of an array's numbers. */
  static float[] floats(INDArray array) {
    return array.dup().data().asFloat();
  }
}
