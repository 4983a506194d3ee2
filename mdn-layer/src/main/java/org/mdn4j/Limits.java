/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Limits within which parameters are read, so that every intermediate of the likelihood stays
 * finite.
 *
 * @param minScaleParameter a scale parameter (or log κ, log α) below it is read as this
 * @param maxScaleParameter a log scale (or log κ, log α) above it is read as this
 * @param halfSquaredDistance ½ ((y − μ) / σ)² above it counts as this, and pulls at nothing
 */
@Internal
public record Limits(
    double minScaleParameter, double maxScaleParameter, double halfSquaredDistance) {
  /** The least log ν that is read: ν from 0.0009. */
  public static final double MIN_LOG_DEGREES = -7;

  /** The largest log ν that is read: ν to 6.6e7, where t is normal in FLOAT. */
  public static final double MAX_LOG_DEGREES = 18;

  /** The least log mean of a count that is read: a mean from 1e-13. */
  public static final double MIN_LOG_MEAN = -30;

  /** The largest log mean of a count that is read: a mean to 1.07e13. */
  public static final double MAX_LOG_MEAN = 30;

  private static final Limits FLOAT = new Limits(-40, 80, 1e36);
  private static final Limits DOUBLE = new Limits(-300, 600, 1e300);

  /**
   * Returns the dtype that a likelihood is computed in.
   *
   * @param dtype that of the raw output
   * @return DOUBLE for DOUBLE, else FLOAT
   */
  public static DataType computed(DataType dtype) {
    return dtype == DataType.DOUBLE ? DataType.DOUBLE : DataType.FLOAT;
  }

  /**
   * Returns labels in the dtype that their likelihood is computed in, in which a DOUBLE label may
   * be infinite: counts, of which a FLOAT does not hold all beyond 2²⁴, in DOUBLE. The only cast of
   * labels on ND4J's side; a trainer, which runs no operation of ND4J, has them rounded by {@link
   * org.mdn4j.rows.TargetRows}.
   *
   * @param labels targets
   * @param spec the columns of the raw output
   * @param dtype that of the raw output
   * @return the labels themselves where they have the dtype
   */
  public static INDArray computed(INDArray labels, MixtureSpec spec, DataType dtype) {
    return labels.castTo(spec.family().isDiscrete() ? DataType.DOUBLE : computed(dtype));
  }

  /**
   * Returns the limits of a dtype.
   *
   * @param dtype that of the raw output
   * @return its limits
   */
  public static Limits of(DataType dtype) {
    return computed(dtype) == DataType.DOUBLE ? DOUBLE : FLOAT;
  }

  /**
   * Returns the limit of one target's ½ ((y − μ) / σ)² at which the sum over all targets stays
   * finite.
   *
   * @param targets number of targets D
   * @return {@link #halfSquaredDistance}, less only where D is more than 100
   */
  public double halfSquaredDistance(int targets) {
    return halfSquaredDistance * Math.min(1, 100.0 / targets);
  }
}
