/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mdn4j.distribution.FamilyMixtures.w;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.ComponentFamily;

/** Highest-density regions. */
class HighestDensityTest {
  private static final double[] LEVELS = {
    1e-6, 0.01, 0.3, 0.5, 0.8, 0.9, 0.99, 1 - 1e-6, 1 - 1e-12
  };

  /** Mass, one density at all ends, ascending, no wider than the central interval. */
  @Test
  void regionsOfManyMixtures() {
    RandomMixtures mixtures = new RandomMixtures(4);
    for (int i = 0; i < 300; i++) {
      Mixture mixture = mixtures.next(1 + i % 20, i % 3 == 0 ? 1000 : 30, i % 2 == 0 ? 3 : 20);
      for (double level : LEVELS) {
        List<Interval> region = mixture.highestDensityRegion(level);
        double width = region.stream().mapToDouble(Interval::width).sum();
        assertTrue(width <= mixture.interval(level).width() * (1 + 1e-9), mixture::toString);
        double outside = outside(mixture, region);
        double most = Math.max(1e-9 * (1 - level), 1e-13); // rounding of cdfs near 1
        assertEquals(1 - level, outside, level > 0.5 ? most : 1e-9, mixture::toString);
        double threshold = mixture.logDensity(region.get(0).lower());
        for (Interval interval : region) {
          // A y of 20 has no more than 1e-15 / σ of a deviation.
          assertEquals(threshold, mixture.logDensity(interval.lower()), 1e-9);
          assertEquals(threshold, mixture.logDensity(interval.upper()), 1e-9);
          for (double share : new double[] {0.1, 0.3, 0.5, 0.7, 0.9}) {
            double y = interval.lower() + share * interval.width();
            assertTrue(mixture.logDensity(y) >= threshold - 1e-9, mixture::toString);
          }
        }
        for (double[] mode : mixture.modes()) {
          boolean contained = region.stream().anyMatch(interval -> interval.contains(mode[0]));
          assertTrue(contained || mixture.logDensity(mode) <= threshold + 1e-9);
        }
      }
    }
  }

  private static double outside(Mixture mixture, List<Interval> region) {
    double outside = mixture.cdf(region.get(0).lower());
    for (int i = 1; i < region.size(); i++) {
      double from = region.get(i - 1).upper();
      double to = region.get(i).lower();
      assertTrue(from < to, "disjoint and ascending");
      outside +=
          mixture.cdf(from) < 0.5
              ? mixture.cdf(to) - mixture.cdf(from)
              : mixture.survival(from) - mixture.survival(to);
    }
    return outside + mixture.survival(region.get(region.size() - 1).upper());
  }

  /**
   * However few doubles there are over a scale, a region has its probability: where its ends have
   * no more digits it may have more, by at most two doubles' worth at each.
   */
  @ParameterizedTest
  @EnumSource(
      value = ComponentFamily.class,
      names = {"LOG_NORMAL", "NEGATIVE_BINOMIAL"}, // log y is what is rounded; integers are not
      mode = EnumSource.Mode.EXCLUDE)
  void regionsAtFewDoublesHaveTheirProbability(ComponentFamily family) {
    double[] locations = {0.7339591889675868, 2.2580236330311694, 3.1415926};
    for (int power = 0; power <= 36; power += 2) {
      double ulp = Math.ulp(2.25);
      double scale = (1.1 + 0.05 * power) * Math.scalb(ulp, power);
      double parameter = family == ComponentFamily.VON_MISES ? 1 / scale / scale : scale;
      Mixture mixture =
          FamilyMixtures.mixture(
              family, w(0.45, 0.55, 0.3), locations, w(parameter, parameter / 3, 2 * parameter));
      for (double level : new double[] {0.05, 0.3, 0.5824438040640388, 0.9, 0.999, 1 - 1e-8}) {
        List<Interval> region = mixture.highestDensityRegion(level);
        double mass = 0;
        double rounded = 0; // what two doubles at each end hold
        for (Interval interval : region) {
          mass += mixture.probability(interval.lower(), interval.upper());
          for (double end : w(interval.lower(), interval.upper())) {
            rounded += mixture.probability(end - 2 * ulp, end + 2 * ulp);
          }
        }
        double slack = 4e-8 * level; // of rounding where doubles are many
        String place = "scale %s, level %s: %s in %s".formatted(scale, level, mass, region);
        assertTrue(mass >= level - slack, place);
        assertTrue(mass <= level + rounded + slack, place);
      }
    }
  }

  @Test
  void oneComponentsRegionIsItsCentralInterval() {
    Mixture one = GaussianMixtures.mixture(new double[] {1}, new double[] {3}, new double[] {1e-3});
    Mixture same =
        GaussianMixtures.mixture(
            new double[] {1, 4, 0}, new double[] {3, 3, 9}, new double[] {1e-3, 1e-3, 5});
    for (Mixture mixture : new Mixture[] {one, same}) {
      for (double level : new double[] {1e-3, 0.5, 0.9, 0.999999}) {
        Interval central = mixture.interval(level);
        List<Interval> region = mixture.highestDensityRegion(level);
        assertEquals(1, region.size());
        assertEquals(central.lower(), region.get(0).lower(), 1e-9 * central.width());
        assertEquals(central.upper(), region.get(0).upper(), 1e-9 * central.width());
      }
    }
  }

  /** Two equal components far apart: each has its own central interval. */
  @Test
  void branchesAreApart() {
    Mixture two =
        GaussianMixtures.mixture(
            new double[] {1, 1}, new double[] {-5e5, 5e5}, new double[] {1, 1});
    List<Interval> region = two.highestDensityRegion(0.95);
    assertEquals(2, region.size());
    // Φ⁻¹(0.975), by mpmath with 60 digits.
    double half = 1.9599639845400542355;
    assertEquals(-5e5 - half, region.get(0).lower(), 1e-9);
    assertEquals(-5e5 + half, region.get(0).upper(), 1e-9);
    assertEquals(5e5 - half, region.get(1).lower(), 1e-9);
    assertEquals(5e5 + half, region.get(1).upper(), 1e-9);
    assertTrue(two.interval(0.95).width() > 9e5);
  }

  /** Weights of 1e-12 are outside at usual levels, and inside at 1 − 1e-13. */
  @Test
  void weakBranchesCountLast() {
    Mixture weak =
        GaussianMixtures.mixture(
            new double[] {1, 1e-12}, new double[] {0, 1e6}, new double[] {1, 1});
    assertEquals(1, weak.highestDensityRegion(0.999).size());
    assertEquals(2, weak.highestDensityRegion(1 - 1e-13).size());
  }

  @Test
  void aLevelBelowTheSpacingOfDoublesIsTheMode() {
    Mixture one = GaussianMixtures.mixture(new double[] {1}, new double[] {3}, new double[] {1});
    List<Interval> region = one.highestDensityRegion(1e-300);
    assertEquals(1, region.size());
    assertEquals(3, region.get(0).lower(), 1e-7);
    assertEquals(3, region.get(0).upper(), 1e-7);
  }

  /** mpmath: erfc(y / √2), of which 2 Φ(−y) is another form. */
  @ParameterizedTest
  @CsvSource({
    "0, 1", "1, 0.31731050786291410283", "-1, 0.31731050786291410283",
    "5, 5.7330314375838782237e-7", "20, 5.5072482372124767e-89", "60, 0"
  })
  void densityTailOfANormal(double y, double tail) {
    Mixture one = GaussianMixtures.mixture(new double[] {1}, new double[] {3}, new double[] {2});
    assertEquals(tail, one.densityTail(3 + 2 * y), 1e-9 * tail);
  }

  /**
   * mpmath: 1 − ∫ p over {y : p(y) > c}, c the density at the point, whose crossings were bracketed
   * on a grid of 4,000 and halved. Weights 0.3 and 0.7.
   */
  @ParameterizedTest
  @CsvSource({
    "GAUSSIAN, 0.5, 0.222675512486",
    "GAUSSIAN, 1.5, 0.0393514034686",
    "GAUSSIAN, 3.5, 0.517755108941",
    "LAPLACE, 0.5, 0.246215878506",
    "LAPLACE, 1.5, 0.136895993822",
    "LAPLACE, 3.5, 0.545547962585",
    "LOGISTIC, 0.5, 0.23551159202",
    "LOGISTIC, 1.5, 0.339219078486",
    "LOGISTIC, 3.5, 0.647499885743",
    "STUDENT_T, 0.5, 0.238591198984",
    "STUDENT_T, 1.5, 0.0733521831355",
    "STUDENT_T, 3.5, 0.536073531053",
    "LOG_NORMAL, 0.5, 0.222753844614",
    "LOG_NORMAL, 1.5, 0.105099408977",
    "LOG_NORMAL, 3.5, 0.520067065003",
    "VON_MISES, 0.5, 0.186875398783",
    "VON_MISES, 1.5, 0.0393585221473",
    "VON_MISES, -2, 0.00419539590056"
  })
  void densityTailsOfTwoBranches(ComponentFamily family, double y, double tail) {
    double[] weights = {0.3, 0.7};
    double[][] locations = {{0}, {3}};
    double[][] scales = {{1}, {0.5}};
    if (family == ComponentFamily.LOG_NORMAL) {
      locations[1][0] = 1.1;
      scales = new double[][] {{0.5}, {0.2}};
    } else if (family == ComponentFamily.VON_MISES) {
      locations[1][0] = 2.5;
      scales = new double[][] {{2}, {8}};
    }
    Mixture two =
        family == ComponentFamily.STUDENT_T
            ? Mixture.studentT(weights, locations, scales, new double[] {5, 7})
            : Mixture.of(family, weights, locations, scales);
    assertEquals(tail, two.densityTail(y), 1e-9);
  }

  @Test
  void densityTailsOfWhatHasNoDensityAre0() {
    Mixture positive =
        Mixture.of(
            ComponentFamily.LOG_NORMAL,
            new double[] {1},
            new double[][] {{0}},
            new double[][] {{1}});
    assertEquals(0, positive.densityTail(-1));
    assertEquals(0, positive.densityTail(0));
    assertEquals(
        "Expected a finite outcome, got NaN",
        assertThrows(IllegalArgumentException.class, () -> positive.densityTail(Double.NaN))
            .getMessage());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, -0.1, 1.1, Double.NaN})
  void levelsOutside(double level) {
    Mixture one = GaussianMixtures.mixture(new double[] {1}, new double[] {3}, new double[] {1});
    assertEquals(
        "Expected a level in (0, 1), got " + level,
        assertThrows(IllegalArgumentException.class, () -> one.highestDensityRegion(level))
            .getMessage());
  }

  @Test
  void severalTargetsHaveNone() {
    Mixture two =
        Mixture.gaussian(new double[] {1}, new double[][] {{0, 0}}, new double[][] {{1, 1}});
    assertEquals(
        "A highest-density region needs one target, got a mixture over 2",
        assertThrows(IllegalArgumentException.class, () -> two.highestDensityRegion(0.5))
            .getMessage());
  }
}
