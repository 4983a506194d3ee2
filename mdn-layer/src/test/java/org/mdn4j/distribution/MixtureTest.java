/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.MixtureSpec;
import org.mdn4j.PlainMixtureNll;
import org.mdn4j.RandomRows;
import org.nd4j.linalg.api.buffer.DataType;

/** One mixture: parameters, densities, moments, errors. */
class MixtureTest {
  private static final double NAN = Double.NaN;
  private static final double INFINITY = Double.POSITIVE_INFINITY;
  private static final Mixture TWO =
      Mixture.gaussian(
          new double[] {1, 3}, new double[][] {{-1}, {2}}, new double[][] {{0.5}, {1.5}});

  @Test
  void parameters() {
    assertEquals(2, TWO.components());
    assertEquals(1, TWO.targets());
    assertArrayEquals(new double[] {0.25, 0.75}, TWO.weights(), 1e-15);
    assertArrayEquals(new double[][] {{-1}, {2}}, TWO.means());
    assertArrayEquals(new double[][] {{0.5}, {1.5}}, TWO.standardDeviations());
    assertTrue(TWO.toString().contains("1.5"));
  }

  @Test
  void arraysThatGoInOrOutAreCopies() {
    double[] weights = {1, 1};
    double[][] means = {{0}, {1}};
    double[][] deviations = {{1}, {2}};
    Mixture mixture = Mixture.gaussian(weights, means, deviations);
    double before = mixture.logDensity(0.3);
    weights[0] = 5;
    means[0][0] = 5;
    deviations[0][0] = 5;
    mixture.weights()[0] = 5;
    mixture.means()[0][0] = 5;
    mixture.standardDeviations()[0][0] = 5;
    mixture.heaviestLocation()[0] = 5;
    assertEquals(before, mixture.logDensity(0.3), 0);
    assertArrayEquals(new double[] {0}, mixture.heaviestLocation());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 20})
  void logDensityIsThatOfThePlainFormula(int components) {
    MixtureSpec spec = MixtureSpec.builder().components(components).targets(3).build();
    RandomRows rows = RandomRows.of(spec, 10, 10, components, DataType.DOUBLE);
    PlainMixtureNll[] expected = PlainMixtureNll.rows(spec, rows.labels(), rows.raw(), null);
    double[][] y = PlainMixtureNll.matrix(rows.labels());
    for (int n = 0; n < 10; n++) {
      Mixture mixture = MixtureBatch.of(spec, rows.raw()).get(n);
      // Both sum some tens of terms of size up to 150 in double.
      assertEquals(-expected[n].score(), mixture.logDensity(y[n]), 1e-11);
      double density = Math.exp(-expected[n].score());
      assertEquals(density, mixture.density(y[n]), 1e-11 * density);
    }
  }

  /** Trapezoid sums over ±30 σ in steps of σ/10 are exact to rounding for Gaussians. */
  @Test
  void meanAndVarianceAreThoseOfTheDensity() {
    double total = 0;
    double first = 0;
    double second = 0;
    double step = 0.05;
    for (double y = -45; y <= 45; y += step) {
      double mass = TWO.density(y) * step;
      total += mass;
      first += mass * y;
      second += mass * y * y;
    }
    assertEquals(1, total, 1e-12);
    assertEquals(first, TWO.mean()[0], 1e-12);
    assertEquals(second - first * first, TWO.variance()[0], 1e-11);
    // Closed form: 0.25·(−1) + 0.75·2; Σ π (σ² + μ²) − mean².
    assertEquals(1.25, TWO.mean()[0], 1e-15);
    assertEquals(0.25 * (0.25 + 1) + 0.75 * (2.25 + 4) - 1.25 * 1.25, TWO.variance()[0], 1e-14);
  }

  @Test
  void aWeightOfZeroIsAsIfItWereNotThere() {
    Mixture with =
        Mixture.gaussian(
            new double[] {1, 0, 3},
            new double[][] {{-1}, {1e200}, {2}},
            new double[][] {{0.5}, {1e200}, {1.5}});
    assertEquals(0, with.weights()[1], 0);
    for (double y : new double[] {-3, 0, 50}) {
      assertEquals(TWO.logDensity(y), with.logDensity(y), 1e-13 * Math.abs(TWO.logDensity(y)));
    }
    assertArrayEquals(TWO.mean(), with.mean(), 1e-14);
    assertArrayEquals(TWO.variance(), with.variance(), 1e-14);
  }

  @Test
  void farOutTheLogDensityStaysFinite() {
    // ½ (1e6)² dominates; component 1 alone counts there.
    assertEquals(1, TWO.logDensity(2 + 1.5e6) / -5e11, 1e-9);
    assertEquals(0, TWO.density(2 + 1.5e6), 0);
    assertEquals(-INFINITY, TWO.logDensity(INFINITY), 0);
    assertEquals(-INFINITY, TWO.logDensity(-INFINITY), 0);
    assertEquals(-INFINITY, TWO.logDensity(1e300), 0);
  }

  @Test
  void heaviestLocationIsTheFirstOfTheLargest() {
    double[][] means = {{1, 10}, {2, 20}, {3, 30}};
    double[][] ones = {{1, 1}, {1, 1}, {1, 1}};
    assertArrayEquals(means[1], heaviest(means, ones, 0.2, 0.5, 0.3));
    assertArrayEquals(means[0], heaviest(means, ones, 1, 1, 1));
    assertArrayEquals(means[1], heaviest(means, ones, 0.2, 0.4, 0.4));
    assertArrayEquals(means[2], heaviest(means, ones, 0, 0, 1e-300));
  }

  private static double[] heaviest(double[][] means, double[][] scales, double... weights) {
    return Mixture.gaussian(weights, means, scales).heaviestLocation();
  }

  static List<Arguments> refused() {
    double[][] two = {{1}, {1}};
    return List.of(
        Arguments.of(w(), new double[0][0], new double[0][0], "at least one weight"),
        Arguments.of(w(1, -0.1), two, two, "got -0.1 at 1"),
        Arguments.of(w(NAN, 1), two, two, "got NaN at 0"),
        Arguments.of(w(1, INFINITY), two, two, "got Infinity at 1"),
        Arguments.of(w(0, 0), two, two, "positive sum"),
        Arguments.of(w(1), two, two, "Expected 1 means"),
        Arguments.of(w(1, 1), new double[][] {{1}}, two, "Expected 2 means"),
        Arguments.of(w(1, 1), two, new double[][] {{1}}, "Expected 2 standard deviations"),
        Arguments.of(w(1), new double[][] {{}}, new double[][] {{}}, "at least one target"),
        Arguments.of(w(1, 1), new double[][] {{1}, {1, 2}}, two, "got 2 means in component 1"),
        Arguments.of(
            w(1, 1), two, new double[][] {{1, 2}, {1}}, "got 2 standard deviations in component 0"),
        Arguments.of(w(1, 1), new double[][] {{1}, {NAN}}, two, "got NaN at component 1"),
        Arguments.of(w(1, 1), new double[][] {{-INFINITY}, {1}}, two, "got -Infinity at"),
        Arguments.of(w(1, 1), two, new double[][] {{1}, {0}}, "got 0.0 at component 1"),
        Arguments.of(w(1, 1), two, new double[][] {{-2}, {1}}, "got -2.0 at component 0"),
        Arguments.of(w(1, 1), two, new double[][] {{1}, {NAN}}, "got NaN at component 1"),
        Arguments.of(w(1, 1), two, new double[][] {{1}, {INFINITY}}, "got Infinity at"));
  }

  private static double[] w(double... weights) {
    return weights;
  }

  @ParameterizedTest
  @MethodSource("refused")
  void parametersOutOfRangeAreRefused(
      double[] weights, double[][] means, double[][] deviations, String message) {
    Exception e =
        assertThrows(
            IllegalArgumentException.class, () -> Mixture.gaussian(weights, means, deviations));
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  @Test
  void targetsThatDoNotFitAreRefused() {
    for (double[] y : new double[][] {{}, {1, 2}}) {
      Exception e = assertThrows(IllegalArgumentException.class, () -> TWO.logDensity(y));
      assertEquals("Expected 1 targets, got " + y.length, e.getMessage());
      assertThrows(IllegalArgumentException.class, () -> TWO.density(y));
    }
    Exception e = assertThrows(IllegalArgumentException.class, () -> TWO.logDensity(NAN));
    assertTrue(e.getMessage().contains(Arrays.toString(w(NAN))), e.getMessage());
  }
}
