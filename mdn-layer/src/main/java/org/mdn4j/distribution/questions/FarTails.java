/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.questions;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.mdn4j.distribution.components.StudentTs;
import org.mdn4j.numerics.StudentTail;

/**
 * What Student's t components over one target hold beyond ±{@link StudentTs#FURTHEST}, where
 * quadrature over doubles ends: next to nothing unless ν is small, and nearly all where it is tiny.
 * There each density is a power of |y|, whatever the location, so that with s = log |y|
 *
 * <pre>
 *   |y| f(y) = exp(a − ν s),   P(Y &gt; y) = exp(a − ν s)/ν
 * </pre>
 */
final class FarTails {
  /** Where ν + u² is u². */
  private static final double LOG_FAR = 18;

  private static final double LOG_2 = Math.log(2);

  private final double[] degrees; // [K], ν
  private final double[] logs; // [K], a − ν s at the furthest; −∞ where there is nothing

  FarTails(StudentTs components) {
    this.degrees = new double[components.count()];
    this.logs = new double[components.count()];
    for (int k = 0; k < degrees.length; k++) {
      StudentTail tail = components.tail(k);
      degrees[k] = tail.degrees();
      double logU = StudentTs.LOG_FURTHEST - components.logScale(k);
      logs[k] =
          logU - 0.5 * Math.log(degrees[k]) > LOG_FAR
              ? tail.logFarDensity(logU) + logU
              : Double.NEGATIVE_INFINITY;
    }
  }

  /** Returns the second of two components' log P(Y &gt; furthest), and so that of the first. */
  private double logTail(int k) {
    return logs[k] - Math.log(degrees[k]);
  }

  /** Returns ∫ f log(f/g) over both sides, f and g the two components' densities. */
  double divergence() {
    double mass = 2 * Math.exp(logTail(0));
    // s is exponentially distributed, with a mean of 1/ν beyond the furthest.
    return mass == 0 ? 0 : mass * (logs[0] - logs[1] + (degrees[1] - degrees[0]) / degrees[0]);
  }

  /** Returns log ∫ √(f g) over both sides. */
  double logRootOfProduct() {
    return LOG_2 + 0.5 * logs[0] + 0.5 * logs[1] - Math.log(0.5 * degrees[0] + 0.5 * degrees[1]);
  }

  /**
   * Returns 2 Σ_ij π_i π_j ∫ (1 − F_i)(1 − F_j), whose integrand falls as s to the −(ν_i + ν_j).
   */
  double crps(double[] weights) {
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      for (int j = 0; j < weights.length; j++) {
        double weight = weights[i] * weights[j];
        if (weight > 0) {
          double log = logTail(i) + logTail(j) + StudentTs.LOG_FURTHEST;
          sum += weight * Math.exp(log - Math.log(degrees[i] + degrees[j] - 1));
        }
      }
    }
    return 2 * sum;
  }

  /** Returns ∫ −Σ_k p r_k log r_k over both sides, r_k the responsibilities. */
  double overlap(double[] logWeights) {
    double[] logJoint = new double[logWeights.length];
    double largest = Double.NEGATIVE_INFINITY;
    DoubleStream.Builder edges = DoubleStream.builder().add(0);
    for (int k = 0; k < logWeights.length; k++) {
      if (logWeights[k] > Double.NEGATIVE_INFINITY) {
        largest = Math.max(largest, logWeights[k] + logTail(k));
        for (double lengths : new double[] {0.1, 0.3, 1, 3, 10, 45}) {
          edges.add(Math.min(Double.MAX_VALUE / 4, lengths / degrees[k]));
        }
      }
    }
    if (largest < Math.log(Information.TOLERANCE)) {
      return 0;
    }
    double[] panels = edges.build().sorted().distinct().toArray();
    return 2
        * Quadrature.integrate(
            List.of(new Quadrature.Part(null, panels)),
            stretch ->
                (width, s) -> {
                  Arrays.setAll(logJoint, k -> logWeights[k] + logs[k] - degrees[k] * s);
                  return Information.densityTimesEntropy(width, logJoint);
                },
            Information.TOLERANCE);
  }
}
