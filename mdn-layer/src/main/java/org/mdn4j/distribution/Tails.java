/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import java.util.Arrays;

/**
 * Probabilities of a mixture over one target. Every sum is of terms of one sign, each right in
 * relative terms, so that the sum is, too; no probability is taken from 1.
 */
final class Tails {
  private final double[] weights; // [K], 0 where too small for a double
  private final IndependentTargets components;

  /** Takes the weights without copying. */
  Tails(double[] weights, IndependentTargets components) {
    this.weights = weights;
    this.components = components;
  }

  /** Whether component k has a share in the mixture. */
  boolean has(int k) {
    return weights[k] > 0;
  }

  /** P(Y ≤ y). */
  double cdf(double y) {
    double sum = 0;
    for (int k = 0; k < weights.length; k++) {
      sum += weights[k] * components.cdf(k, y);
    }
    return Math.min(1, sum);
  }

  /** P(Y &gt; y). */
  double survival(double y) {
    double sum = 0;
    for (int k = 0; k < weights.length; k++) {
      sum += weights[k] * components.survival(k, y);
    }
    return Math.min(1, sum);
  }

  /** p(y). */
  double density(double y) {
    double sum = 0;
    for (int k = 0; k < weights.length; k++) {
      sum += weights[k] * components.density(k, y);
    }
    return sum;
  }

  /** P(lower &lt; Y ≤ upper). */
  double between(double lower, double upper) {
    double sum = 0;
    for (int k = 0; k < weights.length; k++) {
      sum += weights[k] > 0 ? weights[k] * components.probability(k, lower, upper) : 0;
    }
    return Math.min(1, sum);
  }

  /** log P(Y ≤ y), also where P(Y ≤ y) is too small for a double. */
  static double logCdf(double[] logWeights, IndependentTargets components, double y) {
    double[] terms = new double[logWeights.length];
    Arrays.setAll(terms, k -> logWeights[k] + components.logCdf(k, y));
    return Math.min(0, Mixture.logSumExp(terms));
  }

  /** log P(Y &gt; y), also where P(Y &gt; y) is too small for a double. */
  static double logSurvival(double[] logWeights, IndependentTargets components, double y) {
    double[] terms = new double[logWeights.length];
    Arrays.setAll(terms, k -> logWeights[k] + components.logSurvival(k, y));
    return Math.min(0, Mixture.logSumExp(terms));
  }
}
