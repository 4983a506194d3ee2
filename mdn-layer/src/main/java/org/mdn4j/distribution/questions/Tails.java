/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.questions;

import java.util.Arrays;
import org.mdn4j.distribution.components.IndependentTargets;
import org.mdn4j.numerics.Doubles;

/**
 * Probabilities of a mixture over one target. Every sum is of terms of one sign, each right in
 * relative terms, so that the sum is, too; no probability is taken from 1.
 */
public final class Tails {
  private final double[] weights; // [K], 0 where too small for a double
  private final IndependentTargets components;

  /** Takes the weights without copying. */
  public Tails(double[] weights, IndependentTargets components) {
    this.weights = weights;
    this.components = components;
  }

  /** Returns whether component k has a share in the mixture. */
  boolean has(int k) {
    return weights[k] > 0;
  }

  /** Returns P(Y ≤ y). */
  public double cdf(double y) {
    double sum = 0;
    for (int k = 0; k < weights.length; k++) {
      sum += weights[k] * components.cdf(k, y);
    }
    return Math.min(1, sum);
  }

  /** Returns P(Y &gt; y). */
  public double survival(double y) {
    double sum = 0;
    for (int k = 0; k < weights.length; k++) {
      sum += weights[k] * components.survival(k, y);
    }
    return Math.min(1, sum);
  }

  /** Returns p(y). */
  double density(double y) {
    double sum = 0;
    for (int k = 0; k < weights.length; k++) {
      sum += weights[k] * components.density(k, y);
    }
    return sum;
  }

  /** Returns log P(Y ≤ y), also where P(Y ≤ y) is too small for a double. */
  public static double logCdf(double[] logWeights, IndependentTargets components, double y) {
    double[] terms = new double[logWeights.length];
    Arrays.setAll(terms, k -> logWeights[k] + components.logCdf(k, y));
    return Math.min(0, Doubles.logSumExp(terms));
  }

  /** Returns log P(Y &gt; y), also where P(Y &gt; y) is too small for a double. */
  public static double logSurvival(double[] logWeights, IndependentTargets components, double y) {
    double[] terms = new double[logWeights.length];
    Arrays.setAll(terms, k -> logWeights[k] + components.logSurvival(k, y));
    return Math.min(0, Doubles.logSumExp(terms));
  }
}
