/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.page;

import java.util.List;

/**
 * What one column has to do with predictions of a target.
 *
 * @param name of the column
 * @param axis what its axis is called
 * @param target the target's name
 * @param nats by how much the mean NLL rises when the column's cells are permuted
 * @param standardError of the nats
 * @param names of places 0, 1, … on the axis; empty for numbers
 * @param effect how the predicted distribution changes along the axis; null if that is not shown
 * @param residuals what was observed less the predicted median, along the axis; null likewise, and
 *     where no value is known
 */
public record FeatureView(
    String name,
    String axis,
    String target,
    double nats,
    double standardError,
    List<String> names,
    Effect effect,
    Residuals residuals) {

  /**
   * Quantiles of the distribution at places of the axis, averaged over the other columns.
   *
   * @param x places, ascending
   * @param median at each
   * @param half lower and upper ends of the middle 50 %, {@code [2][x]}
   * @param ninety those of the middle 90 %
   */
  public record Effect(double[] x, double[] median, double[][] half, double[][] ninety) {}

  /**
   * Points.
   *
   * @param x places on the axis
   * @param y target units
   */
  public record Residuals(double[] x, double[] y) {}
}
