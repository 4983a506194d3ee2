/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.mdn4j.ComponentFamily;

/** Mixtures of counts for the contracts, and what these ask about them. */
final class CountMixtures {
  private CountMixtures() {}

  /** Means in the place of locations, which are their logarithms; D = 1. */
  static Mixture of(double[] weights, double[] means, double[] dispersions) {
    return FamilyMixtures.mixture(
        ComponentFamily.NEGATIVE_BINOMIAL,
        weights,
        Arrays.stream(means).map(Math::log).toArray(),
        dispersions);
  }

  /** Counts beyond which there is next to nothing, and where each component is. */
  static double[] edges(Mixture mixture) {
    return IntStream.range(0, mixture.components())
        .filter(k -> mixture.weights()[k] > 0)
        .boxed()
        .flatMapToDouble(
            k -> {
              double mean = mixture.means()[k][0];
              double width = mixture.standardDeviations()[k][0];
              double tail = 100 + 10 * width + 80 * mixture.scales()[k][0] * mean;
              return DoubleStream.of(Math.max(0, mean - width), mean, mean + width, mean + tail);
            })
        .toArray();
  }

  static List<MixtureContractTest.Units> refusedUnits(int targets) {
    double[] zeros = new double[targets];
    double[] ones = zeros.clone();
    Arrays.fill(ones, 1);
    double[] twos = zeros.clone();
    Arrays.fill(twos, 2);
    double[] opposite = zeros.clone();
    Arrays.fill(opposite, -1);
    return List.of(
        new MixtureContractTest.Units(ones, ones),
        new MixtureContractTest.Units(zeros, twos),
        new MixtureContractTest.Units(zeros, opposite));
  }

  /** Each target one more and one less. */
  static double[][] neighbours(double[] y) {
    return IntStream.range(0, 2 * y.length)
        .mapToObj(
            i -> {
              double[] moved = y.clone();
              moved[i / 2] = Math.max(0, moved[i / 2] + (i % 2 == 0 ? 1 : -1));
              return moved;
            })
        .toArray(double[][]::new);
  }
}
