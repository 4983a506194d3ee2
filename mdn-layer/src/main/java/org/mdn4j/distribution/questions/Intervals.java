/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.questions;

import org.mdn4j.distribution.components.Components;
import org.mdn4j.distribution.components.IndependentTargets;

/** What components give to targets of which intervals are known, in log space. */
public final class Intervals {
  private Intervals() {}

  /**
   * Computes log π_k + Σ_d L_kd, where L_kd is the log density of an exact value, or the log
   * probability of an interval.
   *
   * @param ends {@code [2 D]}, lower and upper end of each target; equal ones for an exact value
   * @param logJoint {@code [K]}, holds the results afterwards
   * @throws UnsupportedOperationException if targets of a component depend on each other, or are
   *     angles
   */
  static void logJoint(
      double[] logWeights, Components components, double[] ends, double[] logJoint) {
    logMasses(components, ends, logJoint);
    for (int k = 0; k < logJoint.length; k++) {
      logJoint[k] += logWeights[k];
    }
  }

  /**
   * Computes Σ_d L_kd alone.
   *
   * @param ends as {@link #logJoint} takes them
   * @param logMasses {@code [K]}, holds the results afterwards
   * @throws UnsupportedOperationException as {@link #logJoint}
   */
  public static void logMasses(Components components, double[] ends, double[] logMasses) {
    if (!(components instanceof IndependentTargets independent)) {
      throw new UnsupportedOperationException(
          "Probabilities of intervals of several targets need components whose targets are"
              + " independent, got FULL covariances");
    }
    IndependentTargets.LogMasses masses = independent.logMasses();
    for (int k = 0; k < logMasses.length; k++) {
      logMasses[k] = 0;
      for (int d = 0; d < components.targets(); d++) {
        logMasses[k] += masses.of(k, independent.place(k, d), ends[2 * d], ends[2 * d + 1]);
      }
    }
  }
}
