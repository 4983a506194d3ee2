/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.model;

import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.mdn4j.training.Trainer;

/** Decides between trainers. */
public final class TrainerChoice {
  private TrainerChoice() {}

  /**
   * Returns the options with FUSED or DL4J in place of AUTO.
   *
   * @throws IllegalArgumentException if they name FUSED, which does not cover their network
   */
  public static RegressorOptions decided(RegressorOptions options, StandardizedData data) {
    if (options.trainer() == Trainer.DL4J) {
      return options;
    }
    MultiLayerNetwork net =
        new MultiLayerNetwork(
            Networks.configuration(options, data.inputs(), options.spec(data), options.seed()));
    net.init();
    return options.with("trainer", options.trainer().of(net));
  }
}
