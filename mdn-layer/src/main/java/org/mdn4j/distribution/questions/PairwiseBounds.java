/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.questions;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import org.mdn4j.distribution.components.Components;
import org.mdn4j.numerics.Doubles;

/** Entropies and divergences of mixtures from their components' pairwise distances, in nats. */
public final class PairwiseBounds {
  private PairwiseBounds() {}

  /** Returns the lower and upper bound of the entropy. */
  public static Segment ofEntropy(double[] logWeights, Components components) {
    Answers answers = Answers.of(components);
    double[] weights = Arrays.stream(logWeights).map(Math::exp).toArray();
    double inside = Information.average(weights, components::entropy);
    double[][] distances = new double[weights.length][weights.length]; // symmetric
    for (int i = 0; i < weights.length; i++) {
      for (int j = 0; j < i; j++) {
        if (weights[i] > 0 && weights[j] > 0) {
          distances[i][j] = answers.bhattacharyyaDistance(i, j);
          distances[j][i] = distances[i][j];
        }
      }
    }
    double lower = -Information.average(weights, i -> logOverlap(logWeights, j -> distances[i][j]));
    double upper =
        -Information.average(
            weights, i -> logOverlap(logWeights, j -> divergence(answers, i, components, j)));
    return new Segment(inside + lower, Math.max(inside + lower, inside + upper)); // may round apart
  }

  /** Returns Hershey and Olsen's variational approximation of D(p ‖ q). */
  public static double variationalKlDivergence(
      double[] logWeights, Components components, double[] otherLogWeights, Components other) {
    Answers answers = Answers.of(components);
    double[] weights = Arrays.stream(logWeights).map(Math::exp).toArray();
    return Information.average(
        weights,
        i ->
            logOverlap(logWeights, j -> divergence(answers, i, components, j))
                - logOverlap(otherLogWeights, j -> answers.klDivergence(i, other, j)));
  }

  private static double divergence(Answers answers, int i, Components components, int j) {
    return i == j ? 0 : answers.klDivergence(i, components, j);
  }

  /** Returns log Σ_j π_j exp(−distance_j). */
  private static double logOverlap(double[] logWeights, IntToDoubleFunction distance) {
    double[] terms = new double[logWeights.length];
    Arrays.setAll(
        terms,
        j ->
            logWeights[j] > Double.NEGATIVE_INFINITY
                ? logWeights[j] - distance.applyAsDouble(j)
                : Double.NEGATIVE_INFINITY);
    return Doubles.logSumExp(terms);
  }
}
