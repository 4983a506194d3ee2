/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Quantiles and central intervals. */
class QuantileTest {
  private static final double INFINITY = Double.POSITIVE_INFINITY;
  private static final double[] PROBABILITIES = {
    1e-300, 1e-100, 1e-30, 1e-12, 1e-6, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.999, 1 - 1e-12
  };
  private static final Mixture TWO =
      GaussianMixtures.mixture(
          new double[] {0.25, 0.75}, new double[] {-1, 2}, new double[] {0.5, 1.5});
  private static final Mixture THREE_TARGETS =
      Mixture.gaussian(new double[] {1}, new double[][] {{0, 0, 0}}, new double[][] {{1, 1, 1}});

  /** Roots of the formula in {@code TailsTest}, by mpmath's findroot with 60 digits. */
  @ParameterizedTest
  @CsvSource({
    "1e-300, -53.559003739510169476",
    "1e-100, -29.889933892723731461",
    "1e-12, -8.491386820699245727",
    "1e-3, -2.5945636452514749598",
    "0.25, -0.47733830537015453495",
    "0.5, 1.3539107725793352229",
    "0.9, 3.6661574249551784111"
  })
  void quantiles(double p, double y) {
    assertEquals(y, TWO.quantile(p), 1e-14 * Math.abs(y));
  }

  @Test
  void upperTail() {
    assertEquals(57.559003739510169476, TWO.survivalQuantile(1e-300), 1e-12);
    assertEquals(12.491386820699245727, TWO.survivalQuantile(1e-12), 1e-13);
    assertEquals(TWO.quantile(0.75), TWO.survivalQuantile(0.25), 0);
    assertEquals(TWO.quantile(0.25), TWO.survivalQuantile(0.75), 0);
  }

  /** The smaller of both tails is met to 1e-12, or y is as near as a double can be. */
  @Test
  void quantilesInvertTheSmallerTail() {
    RandomMixtures mixtures = new RandomMixtures(2);
    for (int i = 0; i < 2_000; i++) {
      Mixture mixture = mixtures.next();
      for (double p : PROBABILITIES) {
        double y = mixture.quantile(p);
        double mirrored = mixture.survivalQuantile(p);
        if (p <= 0.5) {
          met(p, mixture.cdf(Math.nextDown(y)), mixture.cdf(Math.nextUp(y)));
          met(
              p,
              mixture.survival(Math.nextUp(mirrored)),
              mixture.survival(Math.nextDown(mirrored)));
        } else {
          met(1 - p, mixture.survival(Math.nextUp(y)), mixture.survival(Math.nextDown(y)));
          met(1 - p, mixture.cdf(Math.nextDown(mirrored)), mixture.cdf(Math.nextUp(mirrored)));
        }
      }
    }
  }

  private static void met(double p, double below, double above) {
    assertTrue(
        below * (1 - 1e-12) <= p && p <= above * (1 + 1e-12),
        () -> p + " is not between " + below + " and " + above);
  }

  @Test
  void oneComponentHasItsOwn() {
    Mixture one = GaussianMixtures.mixture(new double[] {5}, new double[] {3}, new double[] {0.5});
    // Φ⁻¹(0.975), by mpmath with 60 digits.
    assertEquals(3 + 0.5 * 1.9599639845400542355, one.quantile(0.975), 1e-15 * 4);
    assertEquals(3, one.quantile(0.5), 1e-15);
  }

  @Test
  void inAGapAnyPointIsRight() {
    Mixture apart =
        GaussianMixtures.mixture(
            new double[] {0.3, 0.2, 0.5}, new double[] {-5e5, 0, 5e5}, new double[] {1, 1e-3, 10});
    for (double p : new double[] {0.3, 0.5}) {
      assertEquals(p, apart.cdf(apart.quantile(p)), 1e-14);
    }
    Interval narrow = apart.interval(1e-16);
    assertTrue(narrow.lower() <= narrow.upper());
    assertEquals(0.5, apart.cdf(narrow.lower()), 1e-14);
    assertEquals(0.5, apart.cdf(narrow.upper()), 1e-14);
  }

  @Test
  void componentsWithoutWeightDoNotCount() {
    Mixture with =
        GaussianMixtures.mixture(
            new double[] {0, 1, 3, 0},
            new double[] {-1e9, -1, 2, 1e300},
            new double[] {1, .5, 1.5, 9});
    for (double p : PROBABILITIES) {
      assertEquals(TWO.quantile(p), with.quantile(p), 1e-14 * Math.abs(TWO.quantile(p)));
    }
    assertEquals(-INFINITY, with.quantile(0), 0);
  }

  @Test
  void stepsBetweenNeighbouringDoubles() {
    Mixture steps =
        GaussianMixtures.mixture(
            new double[] {0.4, 0.6}, new double[] {1, 1e6}, new double[] {1e-200, 1e-30});
    assertEquals(1, steps.quantile(0.1), 1e-15);
    assertEquals(1e6, steps.quantile(0.7), 1e-9);
    assertEquals(1, steps.quantile(1e-300), 1e-15);
  }

  @Test
  void endsOfTheSupport() {
    assertEquals(-INFINITY, TWO.quantile(0), 0);
    assertEquals(INFINITY, TWO.quantile(1), 0);
    assertEquals(INFINITY, TWO.survivalQuantile(0), 0);
    assertEquals(-INFINITY, TWO.survivalQuantile(1), 0);
    assertEquals(-INFINITY, TWO.quantile(-0.0), 0);
  }

  @Test
  void centralIntervalsAreBetweenQuantiles() {
    Interval interval = TWO.interval(0.9);
    assertEquals(TWO.quantile(0.05), interval.lower(), 1e-13);
    assertEquals(TWO.survivalQuantile(0.05), interval.upper(), 1e-13);
    Interval wide = TWO.interval(1 - 1e-12);
    assertEquals(0.5e-12, TWO.cdf(wide.lower()), 1e-15);
    assertEquals(0.5e-12, TWO.survival(wide.upper()), 1e-15);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1e-300, 1.0000000000000002, Double.NaN, INFINITY, -1})
  void probabilitiesOutside(double p) {
    String expected = "Expected a probability in [0, 1], got " + p;
    assertEquals(
        expected, assertThrows(IllegalArgumentException.class, () -> TWO.quantile(p)).getMessage());
    assertEquals(
        expected,
        assertThrows(IllegalArgumentException.class, () -> TWO.survivalQuantile(p)).getMessage());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, -0.1, 1.1, Double.NaN})
  void levelsOutside(double level) {
    assertEquals(
        "Expected a level in (0, 1), got " + level,
        assertThrows(IllegalArgumentException.class, () -> TWO.interval(level)).getMessage());
  }

  @Test
  void severalTargetsHaveNoQuantiles() {
    assertEquals(
        "A quantile needs one target, got a mixture over 3",
        assertThrows(IllegalArgumentException.class, () -> THREE_TARGETS.quantile(0.5))
            .getMessage());
    assertEquals(
        "A quantile needs one target, got a mixture over 3",
        assertThrows(IllegalArgumentException.class, () -> THREE_TARGETS.survivalQuantile(0.5))
            .getMessage());
    assertEquals(
        "An interval needs one target, got a mixture over 3",
        assertThrows(IllegalArgumentException.class, () -> THREE_TARGETS.interval(0.5))
            .getMessage());
  }
}
