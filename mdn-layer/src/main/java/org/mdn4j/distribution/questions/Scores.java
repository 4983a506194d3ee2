/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.questions;

import java.util.Arrays;
import org.mdn4j.distribution.components.Components;
import org.mdn4j.distribution.components.IndependentTargets;
import org.mdn4j.distribution.components.MeanDistances;

/** Scores of an outcome. */
final class Scores {
  private Scores() {}

  /**
   * Returns the CRPS as Σ_ij π_i π_j t_ij with
   *
   * <pre>
   *   t_ij = ½ (E|Y_i − y| + E|Y_j − y| − E|Y_i − Y_j|) ≥ 0
   * </pre>
   *
   * <p>so that nothing cancels between pairs. Within a pair, distances of locations are taken apart
   * from what the spread adds to them, and their sum is exact: 0 where y lies between the two, the
   * smaller distance elsewhere. The sum is at least Σ π_i² t_ii, where t_ii is of the order of
   * component i's scale or more; what rounding leaves of a pair is small against that.
   */
  static double crps(double[] weights, MeanDistances components, double y) {
    double[] excess = new double[weights.length];
    for (int i = 0; i < weights.length; i++) {
      excess[i] = weights[i] > 0 ? components.excessDistance(i, y) : 0;
    }
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      for (int j = 0; j <= i; j++) {
        if (weights[i] > 0 && weights[j] > 0) { // of one without weight it may overflow
          double spread = 0.5 * (excess[i] + excess[j] - components.excessDistance(i, j));
          double between = between(components.location(i, 0) - y, components.location(j, 0) - y);
          double score = Math.max(0, between + spread);
          sum += (i == j ? 1 : 2) * weights[i] * (weights[j] * score); // as their product is less
        }
      }
    }
    return sum;
  }

  /**
   * Returns ∫ F² below y and ∫ (1 − F)² above, to 1e-10 of themselves.
   *
   * @param reach how far from the locations heavy tails have to be followed
   */
  static double crpsByQuadrature(
      double[] weights, IndependentTargets components, double y, double reach) {
    return Quadrature.integrateRelatively(
        Quadrature.parts(weights, components, reach, y),
        0,
        stretch -> {
          Tails tails = new Tails(weights, stretch.components());
          double outcome = y - stretch.anchor();
          return (width, x) -> {
            double miss = x < outcome ? tails.cdf(x) : tails.survival(x);
            return width * miss * miss;
          };
        },
        1e-12);
  }

  /** Returns ½ (|a| + |b| − |a − b|). */
  static double between(double a, double b) {
    return a > 0 == b > 0 ? Math.min(Math.abs(a), Math.abs(b)) : 0;
  }

  /**
   * Returns ½ (‖Y − y‖ + ‖Y' − y‖ − ‖Y − Y'‖) of pairs, {@code [samples][D]} each; at least 0.
   * Draws beyond all doubles count as the largest; if both are, so is the distance.
   */
  static double[] energyScores(
      Components components, double[][] first, double[][] second, double[] y) {
    double[] scores = new double[first.length];
    Arrays.setAll(
        scores,
        n -> {
          boolean finite = isFinite(first[n]) && isFinite(second[n]);
          if (!finite && !isFinite(first[n]) && !isFinite(second[n])) {
            return Double.POSITIVE_INFINITY;
          }
          double[] a = finite ? first[n] : nearest(first[n]);
          double[] b = finite ? second[n] : nearest(second[n]);
          double sum = components.distance(a, y) + components.distance(b, y);
          return Math.max(0, 0.5 * (sum - components.distance(a, b)));
        });
    return scores;
  }

  private static boolean isFinite(double[] values) {
    return Arrays.stream(values).allMatch(Double::isFinite);
  }

  private static double[] nearest(double[] values) {
    double largest = Double.MAX_VALUE / 8;
    return Arrays.stream(values).map(v -> Math.max(-largest, Math.min(largest, v))).toArray();
  }
}
