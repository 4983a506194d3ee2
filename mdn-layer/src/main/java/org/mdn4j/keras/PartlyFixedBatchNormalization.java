/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * A batch normalisation whose shift β stays 0 ({@code center=False} in Keras) or whose factor γ
 * stays 1 ({@code scale=False}); DL4J's own can only fix both.
 */
public final class PartlyFixedBatchNormalization extends BatchNormalization {
  private static final long serialVersionUID = 1L;

  private boolean centered;
  private boolean scaled;

  /** Creates an empty layer for deserialisation. */
  PartlyFixedBatchNormalization() {}

  /**
   * Creates a layer.
   *
   * @param centered whether β is trained
   * @param scaled whether γ is trained
   */
  PartlyFixedBatchNormalization(boolean centered, boolean scaled) {
    this.centered = centered;
    this.scaled = scaled;
  }

  /**
   * Returns whether β is trained.
   *
   * @return false if it stays as it is
   */
  public boolean isCentered() {
    return centered;
  }

  /**
   * Sets {@link #isCentered()}; for deserialisation.
   *
   * @param centered whether β is trained
   */
  public void setCentered(boolean centered) {
    this.centered = centered;
  }

  /**
   * Returns whether γ is trained.
   *
   * @return false if it stays as it is
   */
  public boolean isScaled() {
    return scaled;
  }

  /**
   * Sets {@link #isScaled()}; for deserialisation.
   *
   * @param scaled whether γ is trained
   */
  public void setScaled(boolean scaled) {
    this.scaled = scaled;
  }

  @Override
  public IUpdater getUpdaterByParam(String parameter) {
    boolean isFixed =
        parameter.equals(BatchNormalizationParamInitializer.BETA) && !centered
            || parameter.equals(BatchNormalizationParamInitializer.GAMMA) && !scaled;
    return isFixed ? new Sgd(0) : super.getUpdaterByParam(parameter);
  }

  @Override
  protected boolean canEqual(Object other) {
    return other instanceof PartlyFixedBatchNormalization;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PartlyFixedBatchNormalization that
        && super.equals(other)
        && centered == that.centered
        && scaled == that.scaled;
  }

  @Override
  public int hashCode() {
    return 31 * (31 * super.hashCode() + Boolean.hashCode(centered)) + Boolean.hashCode(scaled);
  }
}
