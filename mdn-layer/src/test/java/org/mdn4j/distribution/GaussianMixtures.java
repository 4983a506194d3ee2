/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import java.util.stream.Stream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Named;

/** Gaussian mixtures that are hard in one way or another. */
final class GaussianMixtures {
  private GaussianMixtures() {}

  /** D = 1. */
  static Stream<Named<Mixture>> overOneTarget() {
    return Stream.of(
        Named.of("standard normal", mixture(w(1), w(0), w(1))),
        Named.of("narrow, away from 0", mixture(w(1), w(3), w(1e-4))),
        Named.of("overlapping", mixture(w(1, 3), w(-1, 2), w(0.5, 1.5))),
        Named.of("gap without mass", mixture(w(0.3, 0.2, 0.5), w(-500, 2, 700), w(1, 0.5, 3))),
        Named.of("scales from 0.001 to 1", mixture(w(2, 1, 1), w(0, 0.1, -0.5), w(1, 0.001, 0.03))),
        Named.of("weight of 1e-12", mixture(w(1e-12, 1, 1), w(40, 0, 3), w(2, 1, 0.5))),
        Named.of("weight of 0", mixture(w(1, 0, 3), w(-1, 1e200, 2), w(0.5, 1e200, 1.5))),
        Named.of("identical", mixture(w(0.2, 0.3, 0.5), w(1, 1, 1), w(0.7, 0.7, 0.7))),
        Named.of("just two modes", mixture(w(1, 1), w(-1.01, 1.01), w(1, 1))),
        Named.of("just one mode", mixture(w(1, 1), w(-0.99, 0.99), w(1, 1))),
        Named.of("5 at random", random(5, 1, 1)),
        Named.of("20 at random", random(20, 1, 2)));
  }

  /** D = 2 and 3. */
  static Stream<Named<Mixture>> overSeveralTargets() {
    double[][] crossed = {{1, 0.05}, {0.05, 1}};
    return Stream.of(
        Named.of(
            "one in 2-D",
            Mixture.gaussian(w(1), new double[][] {{1, -2}}, new double[][] {{0.5, 3}})),
        Named.of(
            "crossed in 2-D", Mixture.gaussian(w(1, 2), new double[][] {{0, 0}, {0, 0}}, crossed)),
        Named.of(
            "far apart in 2-D, one without weight",
            Mixture.gaussian(
                w(1, 0, 1),
                new double[][] {{-50, 3}, {1e200, 1e200}, {50, -3}},
                new double[][] {{1, 0.01}, {1e200, 1}, {2, 10}})),
        Named.of("4 at random in 2-D", random(4, 2, 3)),
        Named.of("one in 3-D", random(1, 3, 4)),
        Named.of("5 at random in 3-D", random(5, 3, 5)));
  }

  static Mixture mixture(double[] weights, double[] means, double[] deviations) {
    return Mixture.gaussian(weights, column(means), column(deviations));
  }

  /** Weights from 1e-3 to 1, means in ±4, standard deviations from 0.05 to 2. */
  private static Mixture random(int components, int targets, long seed) {
    UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
    double[] weights = new double[components];
    double[][] means = new double[components][targets];
    double[][] deviations = new double[components][targets];
    for (int k = 0; k < components; k++) {
      weights[k] = Math.pow(10, -3 * random.nextDouble());
      for (int d = 0; d < targets; d++) {
        means[k][d] = 8 * random.nextDouble() - 4;
        deviations[k][d] = 0.05 * Math.pow(40, random.nextDouble());
      }
    }
    return Mixture.gaussian(weights, means, deviations);
  }

  private static double[][] column(double[] values) {
    double[][] column = new double[values.length][1];
    for (int k = 0; k < values.length; k++) {
      column[k][0] = values[k];
    }
    return column;
  }

  private static double[] w(double... values) {
    return values;
  }
}
