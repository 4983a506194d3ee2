/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression;

/** What takes a regressor's training steps. Both define the same step, and differ by rounding. */
public enum Trainer {
  /** {@link #FUSED} where it can serve, {@link #DL4J} elsewhere. */
  AUTO,
  /**
   * {@link org.mdn4j.training.FusedTraining}: a trunk of dense layers with Gaussian components on
   * the CPU. Refused where it cannot serve, rather than replaced.
   */
  FUSED,
  /** The network's own {@code fit}: every trunk and family, on every backend of ND4J. */
  DL4J
}
