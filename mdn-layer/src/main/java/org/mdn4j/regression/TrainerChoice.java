/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression;

import java.util.Optional;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.mdn4j.training.FusedTraining;

/** Decides between trainers. */
final class TrainerChoice {
  private TrainerChoice() {}

  /**
   * The options with FUSED or DL4J in place of AUTO.
   *
   * @throws IllegalArgumentException if they name FUSED, which does not cover their network
   */
  static RegressorOptions decided(RegressorOptions options, StandardizedData data) {
    if (options.trainer() == Trainer.DL4J) {
      return options;
    }
    MultiLayerNetwork net =
        new MultiLayerNetwork(
            Networks.configuration(options, data.inputs(), options.spec(data), options.seed()));
    net.init();
    Optional<String> reason = FusedTraining.reasonAgainst(net);
    Table.require(
        options.trainer() == Trainer.AUTO || reason.isEmpty(),
        "Trainer FUSED does not cover this network: %s; use AUTO or DL4J",
        reason.orElse(null));
    return options.withTrainer(reason.isEmpty() ? Trainer.FUSED : Trainer.DL4J);
  }
}
