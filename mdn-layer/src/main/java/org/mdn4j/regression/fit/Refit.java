/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.fit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.mdn4j.layers.MixtureInitializer;
import org.mdn4j.loss.LossMixtureNLL;
import org.mdn4j.regression.model.Plateau;
import org.mdn4j.regression.model.RegressorOptions;
import org.mdn4j.regression.model.Seeds;
import org.mdn4j.regression.model.StandardizedData;
import org.mdn4j.regression.report.FitReport;
import org.mdn4j.regression.report.NoiseLevel;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The training of a network anew on all rows, those that validated too, by the schedule that
 * validation has found: at each learning rate as many epochs as led to the best parameters. Source:
 * I. Goodfellow, Y. Bengio and A. Courville, <i>Deep learning</i> (2016), algorithm 7.2.
 */
final class Refit {
  private final RegressorOptions options;
  private final StandardizedData data;
  private final LossMixtureNLL loss;
  private final NoiseLevel noise;
  private final long seed;
  private final List<Integer> schedule;
  private final MultiLayerNetwork net;

  /**
   * Prepares the training.
   *
   * @param curve of the training that has validated
   */
  Refit(
      RegressorOptions options,
      StandardizedData data,
      MultiLayerConfiguration configuration,
      LossMixtureNLL loss,
      NoiseLevel noise,
      long seed,
      List<FitReport.Epoch> curve) {
    this.options = options;
    this.data = data;
    this.loss = loss;
    this.noise = noise;
    this.seed = Seeds.derive(seed, Seeds.REFIT);
    this.schedule = schedule(curve, options.patience());
    this.net = new MultiLayerNetwork(configuration.clone());
    net.init();
  }

  /**
   * Returns the epochs of each stage until its best parameters; 0 where a stage found none that are
   * better than those before.
   */
  static List<Integer> schedule(List<FitReport.Epoch> curve, int patience) {
    List<Integer> epochs = new ArrayList<>();
    Plateau plateau = Plateau.start(patience, Plateau.STAGES);
    int start = 0;
    for (int epoch = 1; epoch <= curve.size(); epoch++) {
      int stage = plateau.stage();
      plateau = plateau.after(epoch, curve.get(epoch - 1).validationNll());
      if (plateau.stage() > stage || epoch == curve.size()) {
        epochs.add(Math.max(0, plateau.bestEpoch() - start));
        start = epoch;
      }
    }
    return epochs;
  }

  /**
   * Trains the network by the schedule.
   *
   * @param alone whether no other network is being trained
   * @param epochDone takes the number of each epoch that has ended, from 1
   * @return the averaged parameters
   */
  float[] run(boolean alone, IntConsumer epochDone) {
    int[] rows = IntStream.range(0, data.rows()).toArray();
    if (options.startFromData()) {
      MixtureInitializer.fromLabels(
          net, data.labels(data.info().resampled(rows, Minibatches.MIDDLE)));
    }
    int passes = options.passes(rows.length);
    Minibatches minibatches = new Minibatches(data, rows, options.minibatch(rows.length), noise);
    double horizon = options.averagedEpochs() * passes * options.stepsPerPass(rows.length);
    float[] best = net.params().dup().data().asFloat();
    ParameterAverage average = new ParameterAverage(horizon, best, 0);
    Steps taker = Steps.of(options.trainer(), net, loss);
    int epoch = 0;
    for (int stage = 0; stage < schedule.size(); stage++) {
      net.setParams(Nd4j.createFromArray(best));
      net.setLearningRate(Training.learningRate(options, stage)); // clones share their updaters
      taker.reconfigured();
      for (int i = 0; i < schedule.get(stage); i++) {
        UniformRandomProvider random = Seeds.random(seed, ++epoch);
        taker.begin(alone);
        for (int pass = 0; pass < passes; pass++) {
          minibatches.forEach(
              random,
              (features, labels) -> {
                taker.take(features, labels);
                average.add(net.params());
              });
        }
        taker.end();
        epochDone.accept(epoch);
      }
      best = average.values();
      average.restart(best);
    }
    return best;
  }
}
