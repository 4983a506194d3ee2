/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import org.mdn4j.MixtureSpec;
import org.mdn4j.numerics.LogMass;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The logarithms of densities and of probabilities of intervals, {@link LogMass}, as SameDiff
 * operations: by their first-order expansion around the present parameters, as {@link
 * ComponentGraph} has all functions that SameDiff has not. It has no erfcx and no derivative of the
 * incomplete beta function; and where a formula for the tails and another one for the middle are
 * chosen between, its backward pass multiplies the infinite slope of what was not chosen by 0.
 */
final class IntervalGraph {
  static final String LOCATION = "intervalLocation"; // [N, K, D], the present parameters
  static final String LOG_SCALE = "intervalLogScale"; // [N, K, D]
  static final String DEGREES = "intervalLogDegrees"; // [N, K, 1]
  static final String LABEL = "label"; // of the names below, each [N, K, D]
  static final String WHOLE = "whole";
  static final String ENERGY = "Energy"; // of LABEL within WHOLE, where there is a truncation
  static final String BY_LOCATION = "ByLocation";
  static final String BY_LOG_SCALE = "ByLogScale";
  static final String BY_DEGREES = "ByLogDegrees";

  private final SameDiff sd;
  private final MixtureSpec spec;
  private final DataType dtype;
  private final SDVariable location; // [N, K, D], 0 with the parameters' slopes
  private final SDVariable logScale; // [N, K, D]
  private final SDVariable logDegrees; // [N, K, 1], or null

  IntervalGraph(
      SameDiff sd,
      MixtureSpec spec,
      DataType dtype,
      SDVariable location,
      SDVariable logScale,
      SDVariable logDegrees) {
    this.sd = sd;
    this.spec = spec;
    this.dtype = dtype;
    this.location = location.sub(input(LOCATION, spec.targets()));
    this.logScale = logScale.sub(input(LOG_SCALE, spec.targets()));
    this.logDegrees = logDegrees == null ? null : logDegrees.sub(input(DEGREES, 1));
  }

  private SDVariable input(String name, int width) {
    return sd.placeHolder(name, dtype, -1, spec.components(), width);
  }

  /** Returns minus the logarithm over all targets, [N, K, 1]. */
  SDVariable energy(String of) {
    SDVariable energy =
        input(of + ENERGY, spec.targets())
            .add(location.mul(input(of + BY_LOCATION, spec.targets())))
            .add(logScale.mul(input(of + BY_LOG_SCALE, spec.targets())));
    if (logDegrees != null) {
      energy = energy.add(logDegrees.mul(input(of + BY_DEGREES, spec.targets())));
    }
    return energy.sum(true, 2);
  }
}
