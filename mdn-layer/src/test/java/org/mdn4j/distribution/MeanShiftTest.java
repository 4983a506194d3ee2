/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;

/** Modes of mixtures over several targets. */
class MeanShiftTest {
  /** What it returns are maxima, different ones, the highest first, and no location is higher. */
  @Test
  void maximaOfRandomMixtures() {
    UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(5);
    ZigguratSampler.NormalizedGaussian normal = ZigguratSampler.NormalizedGaussian.of(random);
    for (int i = 0; i < 500; i++) {
      int components = 1 + random.nextInt(20);
      int targets = 2 + random.nextInt(3);
      double spread = Math.pow(10, random.nextInt(4));
      double[] weights = new double[components];
      double[][] means = new double[components][targets];
      double[][] deviations = new double[components][targets];
      for (int k = 0; k < components; k++) {
        weights[k] = k > 0 && random.nextInt(8) == 0 ? 0 : random.nextDouble();
        for (int d = 0; d < targets; d++) {
          means[k][d] = spread * normal.sample();
          deviations[k][d] = Math.pow(30, random.nextDouble() - 0.5);
        }
      }
      Mixture mixture = Mixture.gaussian(weights, means, deviations);
      double[][] modes = mixture.modes();
      assertTrue(modes.length > 0);
      for (int m = 0; m < modes.length; m++) {
        double peak = mixture.logDensity(modes[m]);
        assertTrue(m == 0 || peak <= mixture.logDensity(modes[m - 1]));
        for (int trial = 0; trial < 20; trial++) {
          double[] near = modes[m].clone();
          for (int d = 0; d < targets; d++) {
            near[d] += 1e-4 * normal.sample();
          }
          assertTrue(mixture.logDensity(near) < peak + 1e-13 * (1 + Math.abs(peak)));
        }
        for (int other = 0; other < m; other++) {
          double distance = 0;
          for (int d = 0; d < targets; d++) {
            distance += Math.pow(modes[m][d] - modes[other][d], 2);
          }
          assertTrue(distance > 1e-10, "the same mode twice");
        }
      }
      for (int k = 0; k < components; k++) {
        if (weights[k] > 0) {
          assertTrue(mixture.logDensity(means[k]) <= mixture.logDensity(modes[0]) + 1e-12);
        }
      }
      assertArrayEquals(modes[0], mixture.mode());
    }
  }

  /** Where the second target is the same for all components, the first has the modes. */
  @Test
  void modesAreThoseOfOneTargetBesideAConstantOne() {
    RandomMixtures mixtures = new RandomMixtures(6);
    int found = 0;
    int total = 0;
    for (int i = 0; i < 300; i++) {
      Mixture one = mixtures.next(1 + i % 20, 3, 5);
      int components = one.components();
      double[][] means = new double[components][];
      double[][] deviations = new double[components][];
      for (int k = 0; k < components; k++) {
        means[k] = new double[] {one.means()[k][0], 7};
        deviations[k] = new double[] {one.standardDeviations()[k][0], 0.2};
      }
      double[][] expected = one.modes();
      double[][] actual = Mixture.gaussian(one.weights(), means, deviations).modes();
      for (double[] mode : actual) {
        double nearest = Double.POSITIVE_INFINITY;
        for (double[] other : expected) {
          nearest = Math.min(nearest, Math.abs(other[0] - mode[0]));
        }
        assertEquals(0, nearest, 1e-6);
        assertEquals(7, mode[1], 1e-12);
      }
      found += actual.length;
      total += expected.length;
    }
    // The mean-shift leaves out those to which no location leads; here less than 2 %.
    assertTrue(found > 0.98 * total, found + " of " + total);
  }

  @Test
  void componentsFarApartAreModes() {
    double[][] means = {{-1e6, 3}, {0, 0}, {1e6, -3}};
    double[][] deviations = {{1e-3, 1}, {5, 5}, {1, 1e-3}};
    double[][] modes = Mixture.gaussian(new double[] {1, 2, 3}, means, deviations).modes();
    assertEquals(3, modes.length);
    assertArrayEquals(means[2], modes[0], 1e-9);
    assertArrayEquals(means[0], modes[1], 1e-9);
    assertArrayEquals(means[1], modes[2], 1e-9);
  }

  @Test
  void identicalComponentsMakeOneMode() {
    double[][] means = {{1, 2, 3}, {1, 2, 3}, {1, 2, 3}};
    double[][] deviations = {{1, 2, 1}, {1, 2, 1}, {3, 0.1, 1}};
    double[][] modes = Mixture.gaussian(new double[] {1, 1, 1}, means, deviations).modes();
    assertEquals(1, modes.length);
    assertArrayEquals(means[0], modes[0], 1e-9);
  }

  /** Equal pairs merge at a distance of 2 in deviations; there either answer is right. */
  @Test
  void pairsMerge() {
    assertEquals(2, pair(2 * (1 + 1e-4)).length);
    assertEquals(1, pair(2 * (1 - 1e-4)).length);
    assertTrue(pair(2).length >= 1);
  }

  private static double[][] pair(double apart) {
    double along = apart / 2 * 0.6;
    double across = apart / 2 * 0.8;
    return Mixture.gaussian(
            new double[] {1, 1},
            new double[][] {{-along, -across}, {along, across}},
            new double[][] {{1, 1}, {1, 1}})
        .modes();
  }

  /** A weak component in the middle of two starts on the saddle between them. */
  @Test
  void aStartOnASaddleIsLeft() {
    double[][] modes =
        Mixture.gaussian(
                new double[] {1, 1, 1e-9},
                new double[][] {{-2, 0}, {2, 0}, {0, 0}},
                new double[][] {{1, 1}, {1, 1}, {1, 1}})
            .modes();
    assertEquals(2, modes.length);
  }

  /** Two long components have a third mode where they cross, and no location leads there. */
  @Test
  void aModeWithoutALocationIsNotFound() {
    Mixture crossed =
        Mixture.gaussian(
            new double[] {1, 1},
            new double[][] {{0, 0}, {2, 2}},
            new double[][] {{1, 0.1}, {0.1, 1}});
    assertEquals(2, crossed.modes().length);
    double peak = crossed.density(1.98, 0.02);
    for (double angle = 0; angle < 6.3; angle += 0.1) {
      double[] around = {1.98 + 0.1 * Math.cos(angle), 0.02 + 0.1 * Math.sin(angle)};
      assertTrue(crossed.density(around) < peak);
    }
  }
}
