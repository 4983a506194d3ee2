/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.fit;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.mdn4j.layers.MixtureInitializer;
import org.mdn4j.regression.model.Plateau;
import org.mdn4j.regression.model.RefitState;
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
      NoiseLevel noise,
      long seed,
      List<FitReport.Epoch> curve) {
    this.options = options;
    this.data = data;
    this.noise = noise;
    this.seed = Seeds.derive(seed, Seeds.REFIT);
    this.schedule = Plateau.schedule(curve, options.patience());
    this.net = new MultiLayerNetwork(configuration.clone());
    net.init();
  }

  /**
   * Trains the network by the schedule.
   *
   * @param alone whether no other network is being trained
   * @param from where this training stood, as it was found right, or null to start anew
   * @param epochDone takes the state after each epoch
   * @return the averaged parameters
   */
  float[] run(boolean alone, RefitState from, Consumer<RefitState> epochDone) {
    int[] rows = IntStream.range(0, data.rows()).toArray();
    int passes = options.passes(rows.length);
    int steps = passes * options.stepsPerPass(rows.length);
    double horizon = options.averagedEpochs() * steps;
    Minibatches minibatches = new Minibatches(data, rows, options.minibatch(rows.length), noise);
    int done = from == null ? 0 : from.epochs();
    float[] best;
    ParameterAverage average;
    if (from == null) {
      if (options.startFromData()) {
        MixtureInitializer.fromLabels(
            net, data.labels(data.info().resampled(rows, Minibatches.MIDDLE)));
      }
      best = Training.floats(net.params());
      average = new ParameterAverage(horizon, best, 0);
    } else {
      best = from.best();
      average = new ParameterAverage(horizon, from.average(), from.averagedSteps());
      net.setParams(Nd4j.createFromArray(from.parameters()));
      net.getUpdater().getStateViewArray().assign(Nd4j.createFromArray(from.updater()));
      net.setIterationCount(done * steps);
    }
    Steps taker = Steps.of(options.trainer(), net);
    int epoch = 0;
    for (int stage = 0; stage < schedule.size(); stage++) {
      int last = epoch + schedule.get(stage);
      if (last < done) { // a stage before the one that it stood in
        epoch = last;
        continue;
      }
      if (epoch < done) {
        epoch = done;
      } else {
        net.setParams(Nd4j.createFromArray(best));
      }
      net.setLearningRate(Training.learningRate(options, stage)); // clones share their updaters
      taker.reconfigured();
      while (epoch < last) {
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
        epochDone.accept(
            new RefitState(
                epoch,
                Training.floats(net.params()),
                Training.floats(net.getUpdater().getStateViewArray()),
                average.values(),
                average.steps(),
                best));
      }
      best = average.values();
      average.restart(best);
    }
    return best;
  }
}
