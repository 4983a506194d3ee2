/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.questions;

import java.util.Arrays;
import org.mdn4j.distribution.components.Components;
import org.mdn4j.distribution.components.IndependentTargets;
import org.mdn4j.numerics.Doubles;

/**
 * What a mixture gives to targets of which intervals are known, in log space. Near 1 a probability
 * is 1 less what is outside of the intervals, so that its logarithm keeps its digits.
 */
public final class Intervals {
  private final double[] logWeights;
  private final double[] weights;
  private final Components components;
  private final PointMasses atoms; // or null

  /** Takes the numbers of a mixture without copying. */
  public Intervals(
      double[] logWeights, double[] weights, Components components, PointMasses atoms) {
    this.logWeights = logWeights;
    this.weights = weights;
    this.components = components;
    this.atoms = atoms;
  }

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

  /** Computes Σ_d L_kd alone. */
  private static void logMasses(Components components, double[] ends, double[] logMasses) {
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

  /**
   * Returns the log of the density, or probability, of what is known.
   *
   * @param ends as {@link #logJoint} takes them
   */
  public double logLikelihood(double[] ends) {
    return logLikelihood(ends, new double[logWeights.length]);
  }

  /** Returns the same, and leaves what the components give in {@code [K]}. */
  private double logLikelihood(double[] ends, double[] logJoint) {
    double missing = logJoint(ends, logJoint);
    double ofComponents = Doubles.logSumExp(logJoint);
    return atoms == null
        ? logOfMost(ofComponents, missing)
        : logOfMost(
            atoms.logInterval(ofComponents, ends[0], ends[1]),
            atoms.outsideOfInterval(missing, ends[0], ends[1]));
  }

  /** Computes what the components give to ends, and returns 1 less their probability. */
  private double logJoint(double[] ends, double[] logJoint) {
    logMasses(components, ends, logJoint);
    double missing = PointMasses.missing(weights, k -> logJoint[k]);
    for (int k = 0; k < logJoint.length; k++) {
      logJoint[k] += logWeights[k];
    }
    return missing;
  }

  /**
   * Returns the log of a probability, which near 1 what is outside has all digits of.
   *
   * @param log the logarithm
   * @param outside 1 less the probability
   */
  public static double logOfMost(double log, double outside) {
    return Math.abs(outside) < 0.5 ? 0.0 + Math.log1p(-outside) : log; // 0, not −0
  }

  /**
   * Returns the responsibilities for what is known, {@code [K]}, with the atoms' taken off; null
   * where it is impossible.
   */
  public double[] responsibilities(double[] ends) {
    double[] logJoint = new double[logWeights.length];
    double together = logLikelihood(ends, logJoint);
    if (together == Double.NEGATIVE_INFINITY) {
      return null;
    }
    double[] shares = new double[logJoint.length];
    if (isPossible(logJoint)) {
      double ofComponents = Doubles.logSoftmax(logJoint, shares);
      takeOffAtoms(atoms, shares, ofComponents, together);
    }
    return shares;
  }

  /** Returns whether some component can have made what is known. */
  public static boolean isPossible(double[] logJoint) {
    return Arrays.stream(logJoint).anyMatch(joint -> joint > Double.NEGATIVE_INFINITY);
  }

  /**
   * Makes responsibilities among the components those among all.
   *
   * @param atoms or null
   * @param shares {@code [K]}, changed
   * @param ofComponents log likelihood of the components alone
   * @param together log likelihood of all
   */
  public static void takeOffAtoms(
      PointMasses atoms, double[] shares, double ofComponents, double together) {
    if (atoms != null) {
      double share = Math.exp(atoms.logShare() + ofComponents - together);
      Arrays.setAll(shares, k -> shares[k] * share);
    }
  }

  /** Returns log P(a &lt; Y ≤ b), D = 1, also where the probability is too small for a double. */
  public double logProbability(double a, double b) {
    double from = components.family().isDiscrete() ? above(a) : a;
    if (a == b || from > b) {
      double none = Double.NEGATIVE_INFINITY;
      return atoms == null ? none : atoms.logProbability(none, a, b);
    }
    double[] logJoint = new double[logWeights.length];
    double missing = logJoint(new double[] {from, b}, logJoint);
    double ofComponents = Doubles.logSumExp(logJoint);
    return atoms == null
        ? logOfMost(ofComponents, missing)
        : logOfMost(atoms.logProbability(ofComponents, a, b), atoms.outside(missing, a, b));
  }

  /** Returns the least integer above a number, of those that doubles tell apart. */
  private static double above(double y) {
    return Math.max(Math.floor(y) + 1, Math.nextUp(y));
  }
}
