/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import java.util.Arrays;
import java.util.stream.Stream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;

/** The contract for Gaussian mixtures over several targets that move together. */
@Tag("slow")
class FullGaussianMixtureContractTest extends MultivariateMixtureContractTest {
  @Override
  Stream<Named<Mixture>> mixtures() {
    double[][] correlated = {{4, -1.9}, {-1.9, 1}};
    double[][] units = {{1e-6, 8e-4}, {8e-4, 1}};
    double[][] nearlyALine = {{1, 1 - 1e-6}, {1 - 1e-6, 1}};
    double[][] means = {{0, 1}, {2, -1}};
    return Stream.of(
        Named.of("one in 2-D", mixture(new double[][] {{1, -2}}, correlated)),
        Named.of("crossed in 2-D", mixture(means, correlated, nearlyALine)),
        Named.of("of very different units", mixture(new double[][] {{0, 0}, {0, 3}}, units, units)),
        Named.of("4 at random in 2-D", random(4, 2, 1)),
        Named.of("one in 3-D", random(1, 3, 2)),
        Named.of("5 at random in 3-D", random(5, 3, 3)));
  }

  private static Mixture mixture(double[][] means, double[][]... covariances) {
    double[] weights = new double[means.length];
    Arrays.setAll(weights, k -> 1 + k);
    return Mixture.gaussian(weights, means, covariances);
  }

  /** Covariances A Aᵀ with entries of A in ±1, and 0.01 on their diagonal. */
  static Mixture random(int components, int targets, long seed) {
    UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
    double[] weights = new double[components];
    double[][] means = new double[components][targets];
    double[][][] covariances = new double[components][targets][targets];
    for (int k = 0; k < components; k++) {
      weights[k] = Math.pow(10, -1.5 * random.nextDouble());
      double[][] a = new double[targets][targets];
      for (int d = 0; d < targets; d++) {
        means[k][d] = 8 * random.nextDouble() - 4;
        for (int e = 0; e < targets; e++) {
          a[d][e] = 2 * random.nextDouble() - 1;
        }
      }
      for (int d = 0; d < targets; d++) {
        covariances[k][d][d] = 0.01;
        for (int e = 0; e < targets; e++) {
          for (int i = 0; i < targets; i++) {
            covariances[k][d][e] += a[d][i] * a[e][i];
          }
        }
      }
    }
    return Mixture.gaussian(weights, means, covariances);
  }
}
