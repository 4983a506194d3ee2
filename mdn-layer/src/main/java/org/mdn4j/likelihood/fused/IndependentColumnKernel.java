/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood.fused;

import org.mdn4j.Limits;
import org.mdn4j.MixtureSpec;

/**
 * The {@link ColumnKernel} of SPHERICAL and DIAGONAL covariance, by the formulas of {@link
 * IndependentRowKernel}.
 */
final class IndependentColumnKernel extends ColumnKernel {
  private final boolean shared; // one scale for several targets

  IndependentColumnKernel(MixtureSpec spec, Limits limits, int rows) {
    super(spec, limits, rows);
    shared = spec.scalesPerComponent() < spec.targets();
  }

  /** Adds the energy, and leaves t in place of the locations and 1 / σ in place of the scales. */
  @Override
  void energy(int k, int rows) {
    if (shared) {
      invertScales(scales[k], count, rows);
    }
    for (int d = 0; d < spec.targets(); d++) {
      int i = spec.columns().locationIndex(k, d);
      if (!shared) {
        invertScales(scales[i], observed[d], rows);
      }
      standardize(labels[d], observed[d], locations[i], scales[shared ? k : i], sum, rows);
    }
  }

  @Override
  void differentiate(int k, double[] w, int rows) {
    double floor = spec.scaleFloor();
    System.arraycopy(count, 0, sum, 0, rows);
    for (int d = 0; d < spec.targets(); d++) {
      int i = spec.columns().locationIndex(k, d);
      if (shared) {
        locationGradient(w, scales[k], locations[i], sum, rows);
      } else {
        gradients(w, observed[d], floor, scales[i], locations[i], rows);
      }
    }
    if (shared) {
      scaleGradient(w, sum, floor, scales[k], rows);
    }
  }

  private static void standardize(
      double[] y,
      double[] observed,
      double[] location,
      double[] inverse,
      double[] energy,
      int rows) {
    for (int n = 0; n < rows; n++) {
      double t = (y[n] - location[n]) * inverse[n] * observed[n];
      location[n] = t;
      energy[n] += 0.5 * t * t;
    }
  }

  private static void locationGradient(
      double[] w, double[] inverse, double[] t, double[] pull, int rows) {
    for (int n = 0; n < rows; n++) {
      double u = t[n];
      t[n] = -(w[n] * u) * inverse[n];
      pull[n] -= u * u;
    }
  }

  private static void scaleGradient(
      double[] w, double[] pull, double floor, double[] inverse, int rows) {
    for (int n = 0; n < rows; n++) {
      inverse[n] = w[n] * pull[n] * (1 - floor * inverse[n]);
    }
  }

  private static void gradients(
      double[] w, double[] observed, double floor, double[] inverse, double[] t, int rows) {
    for (int n = 0; n < rows; n++) {
      double u = t[n];
      double i = inverse[n];
      t[n] = -(w[n] * u) * i;
      inverse[n] = w[n] * (observed[n] - u * u) * (1 - floor * i);
    }
  }
}
