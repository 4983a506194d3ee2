/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import org.nd4j.linalg.api.buffer.DataType;

/**
 * Limits inside which every intermediate of the likelihood stays finite.
 *
 * @param minScaleParameter a scale parameter below it is read as this
 * @param maxScaleParameter a scale parameter above it is read as this
 * @param halfSquaredDistance ½ ((y − μ) / σ)² above it counts as this, and pulls at nothing
 */
record Limits(double minScaleParameter, double maxScaleParameter, double halfSquaredDistance) {
  private static final Limits FLOAT = new Limits(-40, 80, 1e36);
  private static final Limits DOUBLE = new Limits(-300, 600, 1e300);

  static Limits of(DataType dtype) {
    return dtype == DataType.DOUBLE ? DOUBLE : FLOAT;
  }

  /**
   * The limit of one target's ½ ((y − μ) / σ)² at which the sum over all targets stays finite.
   *
   * @param targets number of targets D
   * @return {@link #halfSquaredDistance}, less only where D is more than 100
   */
  double halfSquaredDistance(int targets) {
    return halfSquaredDistance * Math.min(1, 100.0 / targets);
  }
}
