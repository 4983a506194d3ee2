/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

import java.lang.ref.Reference;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.Pointer;
import org.deeplearning4j.nn.api.Model;
import org.mdn4j.Internal;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Takes a network's steps. What {@link org.mdn4j.training.FusedTraining} runs on; it reads the
 * network's parameters and state, takes any number of steps, and writes them back.
 *
 * <p>Not safe for use by several threads.
 */
@Internal
public final class DenseTrainer {
  private final Network network;
  private final Chain chain;
  private final Update update;
  private final Parameters parameters;
  private final Reals gradients;
  private final Minibatch batch;
  private final Step step;
  private final Pointer shownGradients; // moved to DL4J's array of gradients
  private INDArray heldParameters; // whose memory is pointed to

  private DenseTrainer(Network network, Chain chain, Update update, boolean parallel) {
    this.network = network;
    this.chain = chain;
    this.update = update;
    int length = (int) network.parameters().length();
    parameters = new Parameters(chain, length);
    gradients = Reals.zeros(chain.dtype(), length);
    batch = new Minibatch(chain);
    step = new Step(chain, parameters, parallel);
    shownGradients = Memory.nowhere(chain.dtype());
  }

  /**
   * Creates a trainer.
   *
   * @param model the network
   * @param parallel whether a step may take several threads
   * @return a trainer
   * @throws NotCoveredException if any of the network is not covered
   */
  public static DenseTrainer of(Model model, boolean parallel) throws NotCoveredException {
    Network network = Network.of(model);
    Update update = Update.read(network);
    return new DenseTrainer(network, ChainReader.read(network), update, parallel);
  }

  /**
   * Tells what of a network is not covered.
   *
   * @param model the network
   * @return what keeps it from being trained, or empty
   */
  public static Optional<String> reasonAgainst(Model model) {
    try {
      Network network = Network.of(model);
      Update.read(network);
      ChainReader.read(network);
      return Optional.empty();
    } catch (NotCoveredException e) {
      return Optional.of(e.getMessage());
    }
  }

  /** Takes the process's matrix products to one thread each, until {@link #releaseThreads}. */
  public void holdThreads() {
    BlasThreads.hold();
  }

  /** Gives the process's matrix products their threads back. */
  public void releaseThreads() {
    BlasThreads.release();
  }

  /** Reads the network's parameters and its updater's state. */
  public void read() {
    heldParameters = network.parameters();
    parameters.read(heldParameters);
    update.readState(network.updater().getStateViewArray());
  }

  /** Writes the updater's state into the network; its parameters always are. */
  public void write() {
    update.writeState(network.updater().getStateViewArray());
  }

  /**
   * Takes a step, and leaves parameters, score and count of iterations with the network.
   *
   * @param features {@code [N, nIn]}
   * @param labels {@code [N, D]}
   * @param mask null, {@code [N, 1]} or {@code [N, D]}
   * @return the score before the step without the terms of regularisation
   * @throws IllegalArgumentException if a shape does not fit, a mask has other values than it may,
   *     or a label that is not masked is NaN or infinite
   */
  public double step(INDArray features, INDArray labels, INDArray mask) {
    batch.read(features, labels, mask);
    network.take(features, labels);
    ListenerCalls calls = network.listeners().isEmpty() ? null : new ListenerCalls(network);
    boolean inside = calls != null && calls.lookInside();
    Watch watch = inside ? new Watch(chain, batch.rows()) : null;
    int iteration = network.iteration();
    int epoch = network.epoch();
    double sum = step.run(batch, gradients, iteration, epoch, watch);
    double nll = sum / (chain.divided() ? batch.rows() : 1);
    if (inside) {
      List<INDArray> outputs = watch.outputs();
      calls.showInside(features, labels, mask, outputs);
      calls.forwardPassed(features, outputs);
      writeGradients();
      calls.showGradients();
    }
    network.setScore(nll + update.regularization(parameters.values, iteration, epoch));
    if (inside) {
      calls.backwardPassed();
    }
    update.apply(gradients, parameters.values, batch.rows(), iteration, epoch);
    parameters.write();
    Reference.reachabilityFence(batch.features());
    if (calls != null) {
      finish(calls, inside, iteration, epoch);
    }
    network.setIteration(iteration + 1);
    network.spreadCounts();
    return nll;
  }

  private void finish(ListenerCalls calls, boolean inside, int iteration, int epoch) {
    if (inside) {
      writeGradients();
    }
    if (calls.lookAtState()) {
      write();
    }
    calls.iterationDone(iteration, epoch);
    if (inside) {
      network.clear();
    }
    if (calls.lookAtState()) {
      read(); // a listener may have changed what it looked at
    }
  }

  private void writeGradients() {
    Memory.move(shownGradients, Memory.address(network.gradients()));
    gradients.write(shownGradients, gradients.length());
  }

  /** Tells listeners that an epoch starts, before its first step. */
  public void startEpoch() {
    new ListenerCalls(network).epochStarts();
    read();
  }

  /** Tells listeners that an epoch has ended, after {@link #write}, and counts it. */
  public void endEpoch() {
    new ListenerCalls(network).epochEnds();
    network.countEpoch();
  }

  /**
   * Tells the network how long it took to load a minibatch.
   *
   * @param millis the time in milliseconds
   */
  public void noteLoading(long millis) {
    network.setLoadingTime(millis);
  }
}
