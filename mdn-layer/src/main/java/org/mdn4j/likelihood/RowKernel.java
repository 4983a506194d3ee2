/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import java.util.Arrays;
import org.mdn4j.MixtureSpec;

/**
 * Score and gradient of one row of a Gaussian mixture, to double's accuracy and whatever the row
 * holds: for DOUBLE, and for the few rows of FLOAT that {@link ColumnKernel} leaves.
 *
 * <p>With t_kd = (y_d − μ_kd) / σ_kd, sums over observed targets only, and f the scale floor,
 *
 * <pre>
 *   joint_k  = z_k − max z − Σ_d ( ½ t_kd² + log σ_kd )
 *   w_k      = softmax_k(joint)
 *   NLL      = ½ D log 2π − logsumexp_k(joint) + log Σ_k exp(z_k − max z)
 *   dL/dz_k  = softmax_k(z) − w_k
 *   dL/dμ_kd = −w_k t_kd / σ_kd
 *   dL/ds_kd = w_k (1 − t_kd²) (1 − f / σ_kd)     (summed over d for one scale per component)
 * </pre>
 *
 * <p>Source: Bishop (1994), equations 35 to 38; 1 − f / σ is dlog σ / ds. {@link Limits} act as
 * {@link SameDiffLikelihood} says. Not safe for use by several threads.
 */
final class RowKernel {
  static final double HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

  private final MixtureSpec spec;
  private final Limits limits;
  private final double halfSquareLimit;
  private final double[] prior; // [K]
  private final double[] joint; // [K]

  RowKernel(MixtureSpec spec, Limits limits) {
    this.spec = spec;
    this.limits = limits;
    this.halfSquareLimit = limits.halfSquaredDistance(spec.targets());
    this.prior = new double[spec.components()];
    this.joint = new double[spec.components()];
  }

  /**
   * Scores a row and differentiates.
   *
   * @param labels {@code [D]}
   * @param observed {@code [D]} of ones and zeros
   * @param raw {@code [P]}; holds the gradient afterwards
   * @return the negative log-likelihood in nats; NaN, as the gradient, where the raw output has a
   *     NaN or an infinity
   */
  double scoreAndGradient(double[] labels, double[] observed, double[] raw) {
    for (int column = 0; column < spec.parameterCount(); column++) {
      if (!Double.isFinite(raw[column])) {
        Arrays.fill(raw, 0, spec.parameterCount(), Double.NaN);
        return Double.NaN;
      }
    }
    System.arraycopy(raw, 0, joint, 0, joint.length);
    shift(joint, max(joint));
    double priorSum = exponentials(joint, prior);
    standardize(labels, observed, raw);
    double largest = max(joint);
    shift(joint, largest);
    double posteriorSum = exponentials(joint, joint);
    differentiate(observed, raw, priorSum, posteriorSum);
    double count = Arrays.stream(observed, 0, spec.targets()).sum();
    return count * HALF_LOG_TWO_PI - largest - Math.log(posteriorSum / priorSum);
  }

  /** Subtracts energies and log scales from joint; leaves t for locations and 1 / σ for scales. */
  private void standardize(double[] labels, double[] observed, double[] raw) {
    int scales = spec.scalesPerComponent();
    int firstScale = spec.scaleColumns().from();
    for (int k = 0; k < joint.length; k++) {
      double logSigma = 0;
      int scale = 0;
      for (int d = 0; d < spec.targets(); d++) {
        if (d < scales) {
          scale = firstScale + k * scales + d;
          logSigma = invertScale(raw, scale);
        }
        int location = joint.length + k * spec.targets() + d;
        double t = (labels[d] - raw[location]) * raw[scale];
        double halfSquare = Math.min(0.5 * t * t, halfSquareLimit);
        raw[location] = observed[d] * halfSquare < halfSquareLimit ? observed[d] * t : 0;
        joint[k] -= observed[d] * (halfSquare + logSigma);
      }
    }
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

  private void differentiate(
      double[] observed, double[] raw, double priorSum, double posteriorSum) {
    int scales = spec.scalesPerComponent();
    int firstScale = spec.scaleColumns().from();
    for (int k = 0; k < joint.length; k++) {
      double w = joint[k] / posteriorSum;
      raw[k] = prior[k] / priorSum - w;
      for (int j = 0; j < scales; j++) {
        int scale = firstScale + k * scales + j;
        double inverse = raw[scale];
        double pull = 0;
        for (int d = j; d < (scales == 1 ? spec.targets() : j + 1); d++) {
          int location = joint.length + k * spec.targets() + d;
          double t = raw[location];
          pull += observed[d] - t * t;
          raw[location] = -(w * t) * inverse;
        }
        raw[scale] = w * pull * (1 - spec.scaleFloor() * inverse);
      }
    }
  }

  private static double max(double[] x) {
    double max = x[0];
    for (double value : x) {
      max = Math.max(max, value);
    }
    return max;
  }

  private static void shift(double[] x, double by) {
    for (int k = 0; k < x.length; k++) {
      x[k] -= by;
    }
  }

  private static double exponentials(double[] x, double[] into) {
    double sum = 0;
    for (int k = 0; k < x.length; k++) {
      into[k] = Math.exp(x[k]);
      sum += into[k];
    }
    return sum;
  }
}
