/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.fit;

import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.mdn4j.training.Trainer;
import org.mdn4j.training.dense.DenseTrainer;
import org.mdn4j.training.dense.NotCoveredException;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A network's training steps by one of the trainers. */
abstract class Steps {
  final MultiLayerNetwork net;

  private Steps(MultiLayerNetwork net) {
    this.net = net;
  }

  /**
   * Opens a network.
   *
   * @param trainer FUSED, which covers it, or DL4J
   */
  static Steps of(Trainer trainer, MultiLayerNetwork net) {
    return trainer == Trainer.FUSED ? new Fused(net) : new Dl4j(net);
  }

  /**
   * Begins an epoch.
   *
   * @param alone whether no other network is being trained, so that the processor's other cores are
   *     free; the outcome does not depend on it
   */
  abstract void begin(boolean alone);

  /**
   * Takes a step; the network has its parameters afterwards.
   *
   * @return the mean NLL of the rows before the step, without the penalty of a score
   */
  abstract double take(INDArray features, INDArray labels);

  /** Ends an epoch; the network has its updater's state afterwards. */
  abstract void end();

  /** Takes over a change of the network's learning rate or other settings. */
  abstract void reconfigured();

  private static final class Dl4j extends Steps {
    Dl4j(MultiLayerNetwork net) {
      super(net);
    }

    @Override
    void begin(boolean alone) {}

    @Override
    double take(INDArray features, INDArray labels) {
      double penalty = net.calcRegularizationScore(true); // of the parameters before the step
      net.fit(features, labels);
      return net.score() - penalty;
    }

    @Override
    void end() {}

    @Override
    void reconfigured() {}
  }

  private static final class Fused extends Steps {
    private DenseTrainer trainer; // or null: to be made
    private boolean alone; // how it was made

    Fused(MultiLayerNetwork net) {
      super(net);
    }

    @Override
    void begin(boolean alone) {
      if (trainer == null || this.alone != alone) {
        this.alone = alone;
        try {
          trainer = DenseTrainer.of(net, alone);
        } catch (NotCoveredException e) {
          throw new IllegalStateException("The trainer was chosen for another network", e);
        }
      }
      trainer.read();
    }

    @Override
    double take(INDArray features, INDArray labels) {
      return trainer.step(features, labels, null);
    }

    @Override
    void end() {
      trainer.write();
    }

    @Override
    void reconfigured() {
      trainer = null;
    }
  }
}
