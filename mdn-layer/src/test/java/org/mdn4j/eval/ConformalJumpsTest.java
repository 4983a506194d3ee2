/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mdn4j.ComponentFamily;
import org.mdn4j.MixtureSpec;
import org.mdn4j.distribution.Interval;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Guarantees where labels of many rows are equal and so are their scores: atoms and counts. A set
 * of a tail has every label of this tail, that which it was taken from too.
 */
class ConformalJumpsTest {
  private static Mixture mixture(ComponentFamily family, Random random, double[] atoms) {
    int components = 1 + random.nextInt(3);
    double[] weights = random.doubles(components, 0.1, 1).toArray();
    double[][] locations = new double[components][1];
    double[][] scales = new double[components][1];
    for (int k = 0; k < components; k++) {
      locations[k][0] = 1 + random.nextGaussian();
      scales[k][0] = Math.exp(0.5 * random.nextGaussian());
    }
    Mixture mixture = Mixture.of(family, weights, locations, scales);
    return atoms.length == 0
        ? mixture
        : mixture.withAtoms(atoms, random.doubles(atoms.length, 0, 1.0 / atoms.length).toArray());
  }

  @ParameterizedTest
  @CsvSource({
    "GAUSSIAN, true",
    "LAPLACE, true",
    "LOG_NORMAL, true",
    "LOGISTIC, true",
    "NEGATIVE_BINOMIAL, false",
    "NEGATIVE_BINOMIAL, true"
  })
  void setsOfATailHaveTheLabelsOfTheTail(ComponentFamily family, boolean hasAtoms) {
    Random random = new Random(4);
    UniformRandomProvider draws = RandomSource.XO_RO_SHI_RO_128_PP.create(5);
    for (int round = 0; round < 40; round++) {
      double[][] all = {{0}, {0, 1}, {1, 2, 7}};
      double[] atoms = hasAtoms ? all[round % all.length] : new double[0];
      Mixture mixture = mixture(family, random, atoms);
      if (hasAtoms && !family.isDiscrete() && round % 2 == 0) {
        mixture = mixture.truncated(0, 7); // of which an atom may be an end
      }
      double[][] labels = mixture.sample(20, draws);
      for (int i = 0; i < labels.length; i++) {
        double y = i < atoms.length ? atoms[i] : labels[i][0];
        ConformalScores scores = ConformalScores.of(mixture, new double[] {y});
        Interval interval = ConformalScores.interval(mixture, scores.tails()[0]);
        assertTrue(interval.contains(y), interval + " without " + y + ": " + mixture);
        List<Interval> region = ConformalScores.regions(mixture, scores.densityTail()).get(0);
        assertTrue(
            region.stream().anyMatch(part -> part.contains(y)),
            region + " without " + y + ": " + mixture);
      }
    }
  }

  /**
   * One prediction for all rows: the coverage over many calibrations is at least c, which it is not
   * where an interval leaves out the label that it was taken from.
   */
  @Test
  void coverageHoldsWhereAllPredictionsAreTheSame() {
    MixtureSpec spec =
        MixtureSpec.builder().components(1).family(ComponentFamily.NEGATIVE_BINOMIAL).build();
    int rows = 99;
    double[][] raw = new double[rows][];
    Arrays.fill(raw, new double[] {0, Math.log(3), -20}); // Poisson's of mean 3
    MixtureBatch predicted = MixtureBatch.of(spec, Nd4j.createFromArray(raw));
    UniformRandomProvider draws = RandomSource.XO_RO_SHI_RO_128_PP.create(1);
    int calibrations = 200;
    double coverage = 0;
    for (int calibration = 0; calibration < calibrations; calibration++) {
      INDArray labels = Nd4j.createFromArray(predicted.get(0).sample(rows, draws));
      Interval interval = Conformal.of(predicted, labels).interval(predicted.get(0), 0.9);
      coverage += predicted.get(0).probability(Math.nextDown(interval.lower()), interval.upper());
    }
    assertTrue(coverage / calibrations > 0.9, "coverage " + coverage / calibrations);
    assertEquals(0.95, coverage / calibrations, 0.04); // counts come in steps
  }
}
