/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.kit;

import java.util.List;
import java.util.concurrent.atomic.DoubleAdder;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.parallelism.ParallelWrapper;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/**
 * One pass over the training data by several workers, which are DL4J's {@link ParallelWrapper}:
 * each has a copy of the network and takes the next minibatch; when all have made their step, the
 * copies' parameters and the state of their updaters are averaged.
 */
public final class ParallelPass {
  private ParallelPass() {}

  /**
   * Fits the network to every minibatch once.
   *
   * @param net the network
   * @param minibatches the training data
   * @param workers how many
   * @return mean score over the rows, each minibatch's before its step
   */
  public static double fit(MultiLayerNetwork net, List<DataSet> minibatches, int workers) {
    ScoreSum scores = new ScoreSum();
    ParallelWrapper wrapper =
        new ParallelWrapper.Builder<>(net)
            .workers(workers)
            .averagingFrequency(1)
            .prefetchBuffer(0) // the data are here already
            .trainingMode(ParallelWrapper.TrainingMode.AVERAGING)
            .build();
    wrapper.setListeners(scores);
    INDArray updaterState = net.getUpdater().getStateViewArray();
    wrapper.fit(new ExistingDataSetIterator(minibatches)); // closes the wrapper
    // Which drops the network's updater: Adam would start anew in each pass.
    net.getUpdater().setStateViewArray(net, updaterState, false);
    return scores.sum.sum() / minibatches.stream().mapToInt(DataSet::numExamples).sum();
  }

  /** A sum of scores, called by all threads. */
  private static final class ScoreSum extends BaseTrainingListener {
    private final DoubleAdder sum = new DoubleAdder();

    @Override
    public void iterationDone(Model net, int iteration, int epoch) {
      sum.add(net.score() * net.batchSize());
    }
  }
}
