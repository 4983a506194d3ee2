/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training;

import org.deeplearning4j.nn.api.Model;

/**
 * The choice of a trainer: DL4J's own {@code fit}, or {@link FusedTraining}. Both define the same
 * step, and differ by rounding.
 */
public enum Trainer {
  /** {@link FusedTraining} where it covers the network, DL4J's {@code fit} elsewhere. */
  AUTO,
  /** {@link FusedTraining}. */
  FUSED,
  /** Steps are always taken by DL4J's {@code fit}. */
  DL4J;

  /**
   * Returns the trainer that trains a network.
   *
   * @param net an initialised network
   * @return FUSED or DL4J
   * @throws IllegalArgumentException if this is FUSED and the network is not covered
   */
  public Trainer of(Model net) {
    if (this == DL4J) {
      return DL4J;
    }
    return FusedTraining.reasonAgainst(net)
        .map(
            reason -> {
              if (this == FUSED) {
                throw new IllegalArgumentException(
                    "FusedTraining does not cover this network: " + reason);
              }
              return DL4J;
            })
        .orElse(FUSED);
  }
}
