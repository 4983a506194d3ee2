/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import java.util.stream.DoubleStream;

/** Scores of an outcome. */
final class Scores {
  private Scores() {}

  /**
   * The CRPS as Σ_ij π_i π_j t_ij with
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
  static <C extends IndependentTargets & MeanDistances> double crps(
      double[] weights, C components, double y) {
    double[] excess = new double[weights.length];
    for (int i = 0; i < weights.length; i++) {
      excess[i] = weights[i] > 0 ? components.excessDistance(i, y) : 0;
    }
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      for (int j = 0; j <= i; j++) {
        double weight = (i == j ? 1 : 2) * weights[i] * weights[j];
        if (weight > 0) { // of one without weight the distance may overflow
          double spread = 0.5 * (excess[i] + excess[j] - components.excessDistance(i, j));
          double between = between(components.location(i, 0) - y, components.location(j, 0) - y);
          sum += weight * Math.max(0, between + spread);
        }
      }
    }
    return sum;
  }

  /** ∫ F² below y and ∫ (1 − F)² above, to 1e-10 of themselves. */
  static double crpsByQuadrature(double[] weights, IndependentTargets components, double y) {
    Tails tails = new Tails(weights, components);
    DoubleStream.Builder edges = DoubleStream.builder().add(y);
    DoubleStream.of(Quadrature.panels(weights, components)).forEach(edges);
    return Quadrature.integrateRelatively(
        x -> {
          double miss = x < y ? tails.cdf(x) : tails.survival(x);
          return miss * miss;
        },
        Quadrature.panels(edges),
        1e-12);
  }

  /** ½ (|a| + |b| − |a − b|). */
  private static double between(double a, double b) {
    return a > 0 == b > 0 ? Math.min(Math.abs(a), Math.abs(b)) : 0;
  }

  /** The mean of ½ (‖Y − y‖ + ‖Y' − y‖ − ‖Y − Y'‖) over pairs, {@code [samples][D]} each. */
  static double energyScore(
      Components components, double[][] first, double[][] second, double[] y) {
    double sum = 0;
    for (int n = 0; n < first.length; n++) {
      sum +=
          components.distance(first[n], y)
              + components.distance(second[n], y)
              - components.distance(first[n], second[n]);
    }
    return Math.max(0, 0.5 * sum / first.length);
  }
}
