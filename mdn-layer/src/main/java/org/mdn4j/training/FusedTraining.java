/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training;

import java.util.Optional;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.mdn4j.training.dense.DenseTrainer;
import org.mdn4j.training.dense.NotCoveredException;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/**
 * A trainer of dense networks with a mixture density head, which does the same as their own {@code
 * fit}, several times as fast: DL4J defines what a step is, this computes the same without an
 * operation of ND4J.
 *
 * <pre>{@code
 * try (FusedTraining training = FusedTraining.of(net)) {
 *   training.fit(iterator, 100);
 * }
 * }</pre>
 *
 * <p>The network stays DL4J's. After each call it has the parameters, the updater's state, the
 * counts of iterations and epochs and the score that {@code net.fit} would have left, and can be
 * used like any other network afterwards: evaluation, {@code ModelSerializer}, early stopping,
 * {@code net.fit}. Listeners are called as DL4J calls them.
 *
 * <p><b>What it covers.</b> A {@link MultiLayerNetwork}, or a {@link ComputationGraph} that is a
 * chain of layers, of FLOAT or DOUBLE, on the CPU: dense layers, activation and dropout layers with
 * every activation of DL4J that is a function of one number and nothing else; {@code Dropout};
 * frozen layers at the bottom; {@link org.mdn4j.layers.MixtureDensityOutputLayer}, or DL4J's {@code
 * OutputLayer} with {@link org.mdn4j.loss.LossMixtureNLL}, of every form of output, with all masks
 * and labels; DL4J's {@code OutputLayer} with the mean squared error, as a baseline has it; Sgd,
 * Nesterovs, Adam, AMSGrad, Nadam, AdaGrad and RmsProp with their schedules, updaters of biases,
 * L1, L2, weight decay, and all kinds of gradient normalisation. {@link #reasonAgainst} names
 * anything else in a network; nothing is silently computed in another way.
 *
 * <p><b>What differs.</b> Rounding: sums run in another order, and in FLOAT tanh and the functions
 * made of it are right to 4 · 10⁻⁷, the exponentials of the likelihood to 5 · 10⁻⁹. Dropout draws
 * from a stream of its own, which depends on the seed of the network's configuration and the count
 * of iterations. The result does not depend on the number of threads.
 *
 * <p><b>Threads.</b> A step's blocks of rows go to the common {@link
 * java.util.concurrent.ForkJoinPool}, and each matrix product takes one thread. That number is the
 * whole process's: from the first {@code fit} of a minibatch until {@link #close}, and while a fit
 * of an iterator runs, products elsewhere take one thread, too.
 *
 * <p>Not safe for use by several threads; several networks may be trained side by side.
 */
public final class FusedTraining implements AutoCloseable {
  private final Model net;
  private final DenseTrainer trainer;
  private boolean holding;

  private FusedTraining(Model net, DenseTrainer trainer) {
    this.net = net;
    this.trainer = trainer;
  }

  /**
   * Creates the training of a network.
   *
   * @param net an initialised network; what it is configured to is read here, once
   * @return the training
   * @throws IllegalArgumentException if any of the network is not covered; {@link #reasonAgainst}
   *     says so beforehand
   */
  public static FusedTraining of(MultiLayerNetwork net) {
    return of(net, true);
  }

  /**
   * Creates the training of a network.
   *
   * @param net an initialised network that is a chain of layers
   * @return the training
   * @throws IllegalArgumentException if any of the network is not covered; {@link #reasonAgainst}
   *     says so beforehand
   */
  public static FusedTraining of(ComputationGraph net) {
    return of(net, true);
  }

  /**
   * Creates the training of a network that uses one thread only: for several networks that are
   * trained side by side. The result is the same.
   *
   * @param net an initialised {@link MultiLayerNetwork} or {@link ComputationGraph}
   * @return the training
   * @throws IllegalArgumentException if any of the network is not covered
   */
  public static FusedTraining inOneThread(Model net) {
    return of(net, false);
  }

  private static FusedTraining of(Model net, boolean parallel) {
    try {
      return new FusedTraining(net, DenseTrainer.of(net, parallel));
    } catch (NotCoveredException e) {
      throw new IllegalArgumentException(
          "FusedTraining does not cover this network: " + e.getMessage(), e);
    }
  }

  /**
   * Returns the reason why a network is not covered.
   *
   * @param net a network
   * @return what keeps {@link #of} from training it; empty where nothing does
   */
  public static Optional<String> reasonAgainst(Model net) {
    return DenseTrainer.reasonAgainst(net);
  }

  /**
   * Takes one step on a minibatch.
   *
   * @param features {@code [N, nIn]}
   * @param labels {@code [N, D]}
   * @throws IllegalArgumentException if a shape does not fit, or a label is NaN or infinite
   */
  public void fit(INDArray features, INDArray labels) {
    fit(features, labels, null);
  }

  /**
   * Takes one step on a minibatch with a mask.
   *
   * @param features {@code [N, nIn]}
   * @param labels {@code [N, D]}; those that are masked may be NaN
   * @param labelMask null; weights per row {@code [N, 1]}; or, with our own output layer, ones and
   *     zeros per target {@code [N, D]}
   * @throws IllegalArgumentException if a shape does not fit, a mask has other values than it may,
   *     or a label that is not masked is NaN or infinite
   */
  public void fit(INDArray features, INDArray labels, INDArray labelMask) {
    if (!holding) {
      trainer.holdThreads();
      holding = true;
    }
    trainer.read();
    trainer.step(features, labels, labelMask);
    trainer.write();
  }

  /**
   * Takes one step on a minibatch.
   *
   * @param data features, labels, and a mask of labels or none
   * @throws IllegalArgumentException as {@link #fit(INDArray, INDArray, INDArray)}; or if there is
   *     a mask of features
   */
  public void fit(DataSet data) {
    requireNoFeaturesMask(data);
    fit(data.getFeatures(), data.getLabels(), data.getLabelsMaskArray());
  }

  /**
   * Trains for some epochs.
   *
   * @param iterator the minibatches
   * @param epochs how many times to go through them, at least once
   * @throws IllegalArgumentException if epochs is less than 1, there are several for an iterator
   *     that cannot be reset, or as {@link #fit(DataSet)}
   */
  public void fit(DataSetIterator iterator, int epochs) {
    if (epochs < 1 || epochs > 1 && !iterator.resetSupported()) {
      throw new IllegalArgumentException(
          "Expected at least 1 epoch, and an iterator that can be reset for more, got %s of %s"
              .formatted(epochs, iterator.getClass().getName()));
    }
    trainer.holdThreads();
    try {
      for (int epoch = 0; epoch < epochs; epoch++) {
        fitEpoch(iterator);
      }
    } finally {
      trainer.releaseThreads();
    }
  }

  /**
   * Trains for one epoch.
   *
   * @param iterator the minibatches
   * @throws IllegalArgumentException as {@link #fit(DataSet)}
   */
  public void fit(DataSetIterator iterator) {
    fit(iterator, 1);
  }

  private void fitEpoch(DataSetIterator iterator) {
    trainer.startEpoch();
    try {
      takeSteps(iterator);
    } finally {
      trainer.write();
    }
    trainer.endEpoch();
  }

  private void takeSteps(DataSetIterator iterator) {
    if (!iterator.hasNext() && iterator.resetSupported()) {
      iterator.reset();
    }
    long before = System.currentTimeMillis();
    while (iterator.hasNext()) {
      DataSet data = iterator.next();
      trainer.noteLoading(System.currentTimeMillis() - before);
      if (data.getFeatures() == null || data.getLabels() == null) {
        break; // as in DL4J
      }
      requireNoFeaturesMask(data);
      trainer.step(data.getFeatures(), data.getLabels(), data.getLabelsMaskArray());
      before = System.currentTimeMillis();
    }
  }

  private static void requireNoFeaturesMask(DataSet data) {
    if (data.getFeaturesMaskArray() != null) {
      throw new IllegalArgumentException(
          "Expected no mask of features, which FusedTraining does not cover, got one");
    }
  }

  /**
   * Returns the score of the last minibatch before its step, with the terms of regularisation.
   *
   * @return the mean negative log-likelihood in nats, and these terms
   */
  public double score() {
    return net.score();
  }

  /** Gives the matrix products of the process their threads back. The network stays as it is. */
  @Override
  public void close() {
    if (holding) {
      trainer.releaseThreads();
      holding = false;
    }
  }
}
