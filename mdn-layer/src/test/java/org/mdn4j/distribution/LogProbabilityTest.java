/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.mdn4j.ComponentFamily;

/** Log probabilities of intervals; those of components are held to mpmath by LogMassTest. */
class LogProbabilityTest {
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  private static Mixture mixture(ComponentFamily family) {
    double[] weights = {0.3, 0.7};
    double[][] locations = {{0.2}, {1.5}};
    double[][] scales = {{0.5}, {0.8}};
    return family == ComponentFamily.STUDENT_T
        ? Mixture.studentT(weights, locations, scales, new double[] {3, 40})
        : Mixture.of(family, weights, locations, scales);
  }

  @Test
  void theyAreTheLogarithmsOfProbabilities() {
    for (ComponentFamily family : ComponentFamily.values()) {
      if (family == ComponentFamily.VON_MISES || family.isDiscrete()) {
        continue;
      }
      Mixture mixture = mixture(family);
      double[][] ends = {{-1, 2}, {0.4, 0.41}, {3, INFINITY}, {-INFINITY, 0.1}, {1, 1.0000001}};
      for (double[] interval : ends) {
        double expected = Math.log(mixture.probability(interval[0], interval[1]));
        assertEquals(
            expected, mixture.logProbability(interval[0], interval[1]), 1e-9, family.name());
      }
      assertEquals(0, mixture.logProbability(-INFINITY, INFINITY), 1e-15);
      assertEquals(-INFINITY, mixture.logProbability(1, 1));
      assertEquals(mixture.logSurvival(9), mixture.logProbability(9, INFINITY), 1e-11);
      if (family == ComponentFamily.LOG_NORMAL) {
        assertEquals(-INFINITY, mixture.logProbability(-3, 0));
        assertEquals(mixture.logCdf(0.5), mixture.logProbability(-3, 0.5), 1e-11);
      }
    }
  }

  /** log P(10⁶ &lt; Z ≤ 10⁶ + 1) of N(0, 1); mpmath with 50 digits. */
  @Test
  void farIntervalsHaveLogarithms() {
    Mixture normal = Mixture.gaussian(new double[] {1}, new double[][] {{0}}, new double[][] {{1}});
    assertEquals(0, normal.probability(1e6, 1e6 + 1));
    assertEquals(-500000000014.734449, normal.logProbability(1e6, 1e6 + 1), 1e-3);
    assertEquals(-500000000014.734449, normal.logProbability(-1e6 - 1, -1e6), 1e-3);
  }

  @Test
  void likelihoodsMixDensitiesAndProbabilities() {
    Mixture two =
        Mixture.gaussian(
            new double[] {0.4, 0.6},
            new double[][] {{0, 1}, {2, -1}},
            new double[][] {{1, 2}, {3, 1}});
    double expected = 0;
    for (int k = 0; k < 2; k++) {
      Mixture first =
          Mixture.gaussian(
              new double[] {1},
              new double[][] {{k == 0 ? 0 : 2}},
              new double[][] {{k == 0 ? 1 : 3}});
      Mixture second =
          Mixture.gaussian(
              new double[] {1},
              new double[][] {{k == 0 ? 1 : -1}},
              new double[][] {{k == 0 ? 2 : 1}});
      expected += (k == 0 ? 0.4 : 0.6) * first.density(0.7) * second.survival(0.2);
    }
    assertEquals(Math.log(expected), two.logLikelihood(0.7, 0.7, 0.2, INFINITY), 1e-13);
    assertEquals(two.logDensity(0.7, 0.2), two.logLikelihood(0.7, 0.7, 0.2, 0.2));
    assertArrayEquals(
        two.weights(), two.responsibilitiesOf(-INFINITY, INFINITY, -INFINITY, INFINITY), 1e-15);
    assertArrayEquals(two.responsibilities(0.7, 0.2), two.responsibilitiesOf(0.7, 0.7, 0.2, 0.2));
    assertThrows(IllegalArgumentException.class, () -> two.logLikelihood(1, 0, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> two.logLikelihood(1, 1, 1));
    assertEquals(two.logDensity(1, 1), two.logLikelihood(1, 1), "values");
    assertThrows(IllegalArgumentException.class, () -> two.logProbability(0, 1));
    Mixture full =
        Mixture.gaussian(
            new double[] {1}, new double[][] {{0, 0}}, new double[][][] {{{1, 0.5}, {0.5, 1}}});
    assertEquals(full.logDensity(1, 2), full.logLikelihood(1, 1, 2, 2));
    assertThrows(UnsupportedOperationException.class, () -> full.logLikelihood(1, 1, 2, 3));
    Mixture angles = mixture(ComponentFamily.VON_MISES);
    assertThrows(UnsupportedOperationException.class, () -> angles.logProbability(0, 1));
  }
}
