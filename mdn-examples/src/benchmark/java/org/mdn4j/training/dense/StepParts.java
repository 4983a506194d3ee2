/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

import org.bytedeco.javacpp.Pointer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The parts of a step on one minibatch in one thread, each by itself: the same methods over the
 * same blocks as {@link Step} and {@link DenseTrainer} run, without the other parts between them.
 * In the trainer's package because nothing else needs to see them.
 */
public final class StepParts {
  private final Network network;
  private final Chain chain;
  private final Update update;
  private final Parameters parameters;
  private final Minibatch batch;
  private final Worker worker;
  private final GradientSum sum;
  private final Reals gradients;
  private final Goal.Scorer scorer;
  private final Reals output; // of a block, as is scored
  private final INDArray outputs; // [P, rows] of the first block, which all are scored with
  private final Pointer outputsMemory;
  private final Pointer gradientMemory; // [P, rows]
  private final int blocks;

  /**
   * Opens a network and a minibatch.
   *
   * @param net a network of dense layers, which is changed
   * @param features {@code [N, nIn]}
   * @param labels {@code [N, D]}
   * @throws NotCoveredException if any of the network is not covered
   */
  public StepParts(MultiLayerNetwork net, INDArray features, INDArray labels)
      throws NotCoveredException {
    BlasThreads.hold();
    network = Network.of(net);
    chain = ChainReader.read(network);
    update = Update.read(network);
    int length = (int) network.parameters().length();
    parameters = new Parameters(chain, length);
    parameters.read(network.parameters());
    batch = new Minibatch(chain);
    batch.read(features, labels, null);
    int blockRows = Worker.blockRows(chain);
    worker = new Worker(chain, parameters, blockRows);
    sum = new GradientSum(chain, length);
    gradients = Reals.zeros(chain.dtype(), length);
    scorer = chain.goal().scorer(chain.dtype(), blockRows);
    blocks = Step.blocks(batch.rows(), blockRows);
    int rows = end(0);
    output = Reals.zeros(chain.dtype(), chain.head().outputs() * rows);
    outputs = net.output(features).transpose().dup('c');
    outputsMemory = Memory.nowhere(chain.dtype());
    Memory.move(outputsMemory, Memory.address(outputs));
    gradientMemory = Memory.zeros(chain.dtype(), output.length());
    worker.run(batch, 0, rows, sum, 0, 0, 0, null); // units and gradients of ordinary size
  }

  private int end(int block) {
    return Step.firstRow(block + 1, blocks, batch.rows());
  }

  private int rows(int block) {
    return end(block) - Step.firstRow(block, blocks, batch.rows());
  }

  /** Computes all matrix products, with biases, forward and back. */
  public void products() {
    for (int block = 0; block < blocks; block++) {
      int rows = rows(block);
      worker.open(batch, Step.firstRow(block, blocks, batch.rows()), rows, 0, 0, null);
      for (int layer = 0; layer < chain.layers().size(); layer++) {
        worker.multiply(layer, rows);
      }
      for (int layer = chain.layers().size() - 1; layer >= 0; layer--) {
        worker.multiplyBack(layer, rows, sum, block == 0 ? 0 : 1);
      }
    }
  }

  /** Computes the activations and their derivatives, which are copied to the heap and back. */
  public void activations() {
    for (int block = 0; block < blocks; block++) {
      for (int layer = 0; layer < chain.layers().size() - 1; layer++) {
        worker.activate(layer, rows(block));
        worker.differentiate(layer, rows(block));
      }
    }
  }

  /** Computes the likelihood and its gradient, which are copied to the heap and back. */
  public void likelihood() {
    for (int block = 0; block < blocks; block++) {
      int count = chain.head().outputs() * rows(block);
      output.read(outputsMemory, count);
      output.scoreAndGradient(
          scorer, batch.targets, Step.firstRow(block, blocks, batch.rows()), rows(block));
      output.write(gradientMemory, count);
    }
  }

  /** Updates parameters and state, which are read from the network and written back. */
  public void update() {
    INDArray state = network.updater().getStateViewArray();
    parameters.read(network.parameters());
    update.readState(state);
    gradients.read(sum.all, gradients.length());
    update.apply(gradients, parameters.values, batch.rows(), 0, 0);
    parameters.write();
    update.writeState(state);
  }
}
