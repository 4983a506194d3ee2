/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

import java.util.Arrays;
import org.mdn4j.MixtureSpec;

/**
 * The textbook's formulas in plain loops over doubles (Bishop 1994, equations 22 to 38): what every
 * system's result is held against, and what a user would write by hand.
 */
final class PlainMixture {
  private static final double HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

  private final int components;
  private final int targets;
  private final int scales;
  private final int firstLocation;
  private final int firstScale;
  private final double[] logJoint; // [K]

  PlainMixture(MixtureSpec spec) {
    components = spec.components();
    targets = spec.targets();
    scales = spec.scalesPerComponent();
    firstLocation = spec.columns().locations().from();
    firstScale = spec.columns().scales().from();
    logJoint = new double[components];
  }

  /**
   * Returns log p(y) in nats of the row that starts at {@code row} in raw and at {@code label} in
   * y.
   */
  double logDensity(float[] raw, int row, float[] y, int label) {
    double logNorm = logSumExp(raw, row);
    for (int k = 0; k < components; k++) {
      double sum = raw[row + k] - logNorm - targets * HALF_LOG_TWO_PI;
      for (int d = 0; d < targets; d++) {
        double s = raw[scale(row, k, d)];
        double u = ((double) y[label + d] - raw[location(row, k, d)]) * Math.exp(-s);
        sum -= 0.5 * u * u + s;
      }
      logJoint[k] = sum;
    }
    return logSumExp(logJoint);
  }

  /** Returns −log p(y), and writes its derivative by the row's columns into gradient[0, P). */
  double scoreAndGradient(float[] raw, int row, float[] y, int label, double[] gradient) {
    double logDensity = logDensity(raw, row, y, label);
    double logNorm = logSumExp(raw, row);
    Arrays.fill(gradient, 0);
    for (int k = 0; k < components; k++) {
      double responsibility = Math.exp(logJoint[k] - logDensity);
      gradient[k] = Math.exp(raw[row + k] - logNorm) - responsibility;
      for (int d = 0; d < targets; d++) {
        double inverse = Math.exp(-raw[scale(row, k, d)]);
        double u = ((double) y[label + d] - raw[location(row, k, d)]) * inverse;
        gradient[location(0, k, d)] = -responsibility * u * inverse;
        gradient[scale(0, k, d)] += responsibility * (1 - u * u);
      }
    }
    return -logDensity;
  }

  private int location(int row, int k, int d) {
    return row + firstLocation + k * targets + d;
  }

  private int scale(int row, int k, int d) {
    return row + firstScale + (scales == 1 ? k : k * targets + d);
  }

  private double logSumExp(float[] values, int from) {
    double max = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < components; k++) {
      max = Math.max(max, values[from + k]);
    }
    double sum = 0;
    for (int k = 0; k < components; k++) {
      sum += Math.exp(values[from + k] - max);
    }
    return max + Math.log(sum);
  }

  private static double logSumExp(double[] values) {
    double max = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      max = Math.max(max, value);
    }
    double sum = 0;
    for (double value : values) {
      sum += Math.exp(value - max);
    }
    return max + Math.log(sum);
  }
}
