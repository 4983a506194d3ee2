/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood.fused;

import org.mdn4j.Limits;
import org.mdn4j.MixtureSpec;

/**
 * The {@link RowKernel} of SPHERICAL and DIAGONAL covariance. With t_kd = (y_d − μ_kd) / σ_kd, sums
 * over observed targets only, and f the scale floor,
 *
 * <pre>
 *   energy_k = Σ_d ( ½ t_kd² + log σ_kd )
 *   dL/dμ_kd = −w_k t_kd / σ_kd
 *   dL/ds_kd = w_k (1 − t_kd²) (1 − f / σ_kd)     (summed over d for one scale per component)
 * </pre>
 *
 * <p>1 − f / σ is dlog σ / ds.
 */
final class IndependentRowKernel extends RowKernel {
  IndependentRowKernel(MixtureSpec spec, Limits limits) {
    super(spec, limits);
  }

  /**
   * Returns the energy, and leaves t in place of the locations and 1 / σ in place of the scales.
   */
  @Override
  double energy(int k, double[] labels, double[] observed, double[] raw) {
    int scales = spec.scalesPerComponent();
    double energy = 0;
    double logSigma = 0;
    int scale = 0;
    for (int d = 0; d < spec.targets(); d++) {
      if (d < scales) {
        scale = spec.columns().scale(k, d);
        logSigma = invertScale(raw, scale);
      }
      int location = spec.columns().location(k, d);
      double t = (labels[d] - raw[location]) * raw[scale];
      double halfSquare = Math.min(0.5 * t * t, halfSquareLimit);
      raw[location] = observed[d] * halfSquare < halfSquareLimit ? observed[d] * t : 0;
      energy += observed[d] * (halfSquare + logSigma);
    }
    return energy;
  }

  /** Turns s into 1 / σ. */
  private double invertScale(double[] raw, int column) {
    double s =
        Math.max(limits.minScaleParameter(), Math.min(limits.maxScaleParameter(), raw[column]));
    if (spec.scaleFloor() == 0) {
      raw[column] = Math.exp(-s);
      return s;
    }
    double sigma = spec.scaleFloor() + Math.exp(s);
    raw[column] = 1 / sigma;
    return Math.log(sigma);
  }

  @Override
  void differentiate(int k, double w, double[] observed, double[] raw) {
    int scales = spec.scalesPerComponent();
    for (int j = 0; j < scales; j++) {
      int scale = spec.columns().scale(k, j);
      double inverse = raw[scale];
      double pull = 0;
      for (int d = j; d < (scales == 1 ? spec.targets() : j + 1); d++) {
        int location = spec.columns().location(k, d);
        double t = raw[location];
        pull += observed[d] - t * t;
        raw[location] = -(w * t) * inverse;
      }
      raw[scale] = w * pull * (1 - spec.scaleFloor() * inverse);
    }
  }
}
