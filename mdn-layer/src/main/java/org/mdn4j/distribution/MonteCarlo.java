/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import java.util.Arrays;
import org.apache.commons.rng.UniformRandomProvider;
import org.mdn4j.distribution.components.LogNormals;
import org.mdn4j.distribution.questions.Shrunk;
import org.mdn4j.numerics.Doubles;

/** Questions that are answered from draws. */
final class MonteCarlo {
  private MonteCarlo() {}

  /**
   * Returns the terms of the energy score of y, {@code [D]}; one that is infinite where the score
   * is.
   */
  static double[] energyScores(
      WeightedComponents mixture, double[] y, int samples, UniformRandomProvider random) {
    if (!mixture.hasEnergyScore()) {
      return new double[] {Double.POSITIVE_INFINITY};
    }
    if (mixture.atoms() != null) { // D = 1
      return energyScoresWithAtoms(mixture, y, samples, random);
    }
    Shrunk shrunk = mixture.shrunk(y);
    WeightedComponents seen = mixture.with(shrunk.components());
    return shrunk.energyScores(seen.sample(samples, random), seen.sample(samples, random), y);
  }

  private static double[] energyScoresWithAtoms(
      WeightedComponents mixture, double[] y, int samples, UniformRandomProvider random) {
    double[][] first = mixture.sample(samples, random);
    double[][] second = mixture.sample(samples, random);
    double[] values = Arrays.copyOf(mixture.valuesOfAtoms(), mixture.atoms().count() + 1);
    values[values.length - 1] = y[0];
    return mixture.shrunk(values).energyScores(first, second, y);
  }

  /**
   * Returns Kullback and Leibler's divergence of p from q; of two log-normal mixtures that of log
   * y.
   */
  static Estimate klDivergence(
      WeightedComponents p, WeightedComponents q, int samples, UniformRandomProvider random) {
    if (p.components() instanceof LogNormals ofP && q.components() instanceof LogNormals ofQ) {
      return klDivergence(p.with(ofP.logarithms()), q.with(ofQ.logarithms()), samples, random);
    }
    double[] logRatios =
        Arrays.stream(p.sample(samples, random))
            .map(draw -> Arrays.stream(draw).map(Doubles::nearestFinite).toArray())
            .filter(y -> p.logDensity(y) > Double.NEGATIVE_INFINITY)
            .mapToDouble(y -> p.logDensity(y) - q.logDensity(y))
            .toArray();
    return logRatios.length < 2
        ? new Estimate(Double.POSITIVE_INFINITY, Double.NaN)
        : Estimate.ofMean(logRatios);
  }
}
