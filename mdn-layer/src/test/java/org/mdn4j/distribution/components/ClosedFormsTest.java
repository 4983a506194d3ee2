/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.components;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mdn4j.ComponentFamily;

/**
 * Closed forms in which an error is too small, or too rare, for integrals and searches to show.
 * Reference values by mpmath 1.2.1 with 30 or 40 digits, from the formula beside each.
 */
class ClosedFormsTest {
  private static final double LOG_HALF = Math.log(0.5); // a weight

  /** Two Gaussians over two targets. */
  private static IndependentTargets two(double... scales) {
    return IndependentTargets.of(
        ComponentFamily.GAUSSIAN, 2, new double[] {0, 1, 2, -1}, scales.clone());
  }

  private static IndependentTargets one(ComponentFamily family, double location, double scale) {
    return IndependentTargets.of(family, 1, new double[] {location}, new double[] {scale});
  }

  /** f'' = 0 at 2κ cos = −1 + √(1 + 4κ²), f''' = 0 at 2κ cos = −3 + √(5 + 4κ²), if there is one. */
  @ParameterizedTest
  @CsvSource({
    "0.3, 1.2901424878218183721, ",
    "5, 0.43944584185260459624, 0.76020455014585864345",
    "60, 0.12891947105017288212, 0.22329269833967411706"
  })
  void bendsOfVonMises(double kappa, double near, Double far) {
    double[] bends = one(ComponentFamily.VON_MISES, 0.4, kappa).bends(0);
    double[] inner =
        Arrays.stream(bends).map(y -> y - 0.4).filter(y -> y > 0 && y < Math.PI - 1e-9).toArray();
    double[] expected = far == null ? new double[] {near} : new double[] {near, far};
    assertArrayEquals(expected, inner, 1e-14);
  }

  /** ½ erfc((a − b)/(σ √2)) of the doubles, where the rounding of a − b or of u is felt. */
  @ParameterizedTest
  @CsvSource({
    "0.1, -30.123456789012345, 1, 5.8257335357559065593e-201",
    "3.3, 0.1, 0.1, 5.4520806035130262202e-225",
    "1e-3, -7.7777777777, 0.3, 1.5582423002726115419e-148"
  })
  void survivalOfGaussiansFarOut(double y, double location, double scale, double expected) {
    IndependentTargets gaussian = one(ComponentFamily.GAUSSIAN, location, scale);
    assertEquals(expected, gaussian.survival(0, y), 2e-15 * expected);
  }

  /** r − 1 − log r + r (t − 1 + exp(−t)), next to t = 0, where r = 1 leaves the last term alone. */
  @ParameterizedTest
  @CsvSource({
    "1, 1, 5e-4, 1.2497916927057294357e-7",
    "1, 1, 9e-4, 4.0487852733257996586e-7",
    "1.5, 1, 3e-4, 0.094534921889835718018"
  })
  void divergenceOfLaplacesNextToEachOther(double a, double b, double apart, double expected) {
    Laplaces first = (Laplaces) one(ComponentFamily.LAPLACE, 0, a);
    Laplaces second = (Laplaces) one(ComponentFamily.LAPLACE, apart, b);
    assertEquals(expected, first.klDivergence(0, second, 0), 1e-13 * expected);
  }

  /** exp(μ + σ²/2) √(exp(σ²) − 1), of small, ordinary and large σ². */
  @ParameterizedTest
  @CsvSource({
    "0.7, 1e-9, 2.0137527074704765591e-9",
    "1, 0.5, 1.6415718456238666003",
    "-300, 25, 1.3986421705962793852e141"
  })
  void standardDeviationOfLogNormals(double location, double scale, double expected) {
    IndependentTargets logNormal = one(ComponentFamily.LOG_NORMAL, location, scale);
    assertEquals(expected, logNormal.standardDeviation(0), 1e-13 * expected);
  }

  /** Σ_k π_k Φ((y₁ − μ_k1)/σ_k1) Φ((y₂ − μ_k2)/σ_k2). */
  @Test
  void cdfOfSeveralTargets() {
    double cdf = two(1, 0.5, 2, 3).cdf(new double[] {0.25, 0.75}, new double[] {1.5, 0.25});
    assertEquals(0.21468952582324050636, cdf, 1e-15);
  }

  /** (μ − y)/σ², −1/σ² and 1/σ², in units other than σ. */
  @Test
  void slopesOfSeveralTargetsInGivenUnits() {
    IndependentTargets components = two(1, 0.5, 2, 4);
    double[] y = {3, 5};
    double[] unit = {8, 0.5};
    double[] gradient = new double[2];
    components.addGradient(1, y, 3, unit, gradient);
    assertArrayEquals(new double[] {3 * 8 * -1 / 4.0, 3 * 0.5 * -6 / 16.0}, gradient, 1e-15);
    double[][] hessian = new double[2][2];
    components.addHessian(1, y, 3, unit, hessian);
    assertArrayEquals(new double[] {3 * 64 * -1 / 4.0, 0}, hessian[0], 1e-13);
    assertArrayEquals(new double[] {0, 3 * 0.25 * -1 / 16.0}, hessian[1], 1e-15);
    double[][] precision = new double[2][2];
    components.addPrecision(1, y, 3, unit, precision);
    assertArrayEquals(new double[] {48, 0}, precision[0], 1e-13);
    assertArrayEquals(new double[] {0, 0.046875}, precision[1], 1e-15);
    assertEquals(4, components.length(1, 1, y), 0);
  }

  /** Units whose quotient with σ = 10⁻³¹⁰, which is no normal double, overflows. */
  @Test
  void slopesOfAScaleBelowNormalDoubles() {
    double[] gradient = new double[1];
    double scale = 1e-310;
    one(ComponentFamily.GAUSSIAN, 0, scale)
        .addGradient(0, new double[] {2 * scale}, 1, new double[] {1e-305}, gradient);
    assertEquals(-2 * (1e-305 / scale), gradient[0], 1e-9 * 2e5);
  }

  @Test
  void sizesOfSeveralTargets() {
    assertEquals(1, two(0.5, 0.5, 3, 4).largest(0), 0);
    assertEquals(4, two(0.5, 0.5, 3, 4).largest(1), 0);
    assertFalse(two(1, 1, 1, 1).isDegenerate(1));
    assertTrue(two(1, 1, 1, 1e-17).isDegenerate(1)); // ulp(−1) is 2e-16
    assertFalse(two(1, 1, 1, 1e-17).isDegenerate(0));
    IndependentTargets seen = two(1, 1, 1, 1).seenFrom(10, 100);
    assertEquals(-8, seen.location(1, 0), 0);
    assertEquals(-101, seen.location(1, 1), 0);
  }

  @Test
  void whatIsSeenFromAnchors() {
    double[] both = {LOG_HALF, LOG_HALF};
    assertFalse(two(1, 1, 1, 1).needAnchors(both));
    assertTrue(two(1, 1, 1, 1e-13).needAnchors(both)); // some hundred doubles wide
    assertTrue(two(1, 1, 1e36, 1).needAnchors(both));
    double[] first = {0, Double.NEGATIVE_INFINITY};
    assertTrue(two(1, 1, 1e36, 1).isOrdinary(first)); // the other has no weight
    assertFalse(two(1, 1, 1e36, 1).isOrdinary(both));
    assertFalse(one(ComponentFamily.GAUSSIAN, 1e36, 1e30).isOrdinary(new double[] {0}));
    assertTrue(one(ComponentFamily.GAUSSIAN, 1e34, 1e30).isOrdinary(new double[] {0}));
  }

  @Test
  void ofNumbersWhoseDifferenceOrQuotientIsNoDouble() {
    assertEquals(3.4, IndependentTargets.over(1.7e308, -1.7e308, 1e308), 1e-15);
    assertEquals(0.5, IndependentTargets.over(3, 1, 4), 0);
    IndependentTargets least = one(ComponentFamily.GAUSSIAN, 0, 1e-300);
    IndependentTargets most = one(ComponentFamily.GAUSSIAN, 0, 1e300);
    assertEquals(-600 * Math.log(10), least.logRatio(0, most, 0), 1e-11);
    assertEquals(600 * Math.log(10), most.logRatio(0, least, 0), 1e-11);
    assertEquals(
        Math.log(2), two(2, 1, 1, 1).logRatio(0, two(1, 1, 1, 1), 0), 1e-16); // as it comes
    most.changeUnits(new double[] {0}, new double[] {1e300});
    assertEquals(Double.MAX_VALUE, most.scale(0, 0), 0);
    assertEquals(Math.log(Double.MAX_VALUE), most.logScale(0), 1e-12);
    least.changeUnits(new double[] {0}, new double[] {1e-300});
    assertEquals(Double.MIN_VALUE, least.scale(0, 0), 0);
    assertEquals(Math.log(Double.MIN_VALUE), least.logScale(0), 1e-12);
    IndependentTargets wide = two(1e200, 1, 1, 1);
    assertEquals(1e200, wide.wideCovariance(0, 0, 0).root().value(), 1e185);
    assertEquals(0, wide.wideCovariance(0, 0, 1).value(), 0);
  }

  @Test
  void sizesOfFullCovariances() {
    double[][] factor = {{2, 0}, {3, 4}};
    FullGaussians full = new FullGaussians(new double[][] {{1, -0.1}}, new double[][][] {factor});
    double[] y = {0, 0};
    assertEquals(0.5, full.length(0, 0, y), 0);
    assertEquals(0.2, full.length(0, 1, y), 1e-16);
    assertEquals(1, full.largest(0), 0);
    assertFalse(full.isDegenerate(0));
    assertFalse(full.needAnchors(new double[] {0}));
    assertArrayEquals(
        new double[] {-9, -100.1},
        new double[] {full.seenFrom(10, 100).location(0, 0), full.seenFrom(10, 100).location(0, 1)},
        1e-14);
    FullGaussians narrow =
        new FullGaussians(
            new double[][] {{1, 1}}, new double[][][] {{{1, 0}, {0, 1e13}}}); // 500 doubles wide
    assertTrue(narrow.needAnchors(new double[] {0}));
    assertFalse(narrow.isDegenerate(0));
    FullGaussians degenerate =
        new FullGaussians(new double[][] {{1, 1}}, new double[][][] {{{1, 0}, {0, 1e17}}});
    assertTrue(degenerate.isDegenerate(0));
    FullGaussians wide =
        new FullGaussians(new double[][] {{0, 0}}, new double[][][] {{{1e-200, 0}, {0, 1}}});
    assertEquals(1e200, wide.largest(0), 1e185);
    assertEquals(1e200, wide.standardDeviation(0, 0), 1e185);
    assertEquals(Double.POSITIVE_INFINITY, wide.covariance(0, 0, 0), 0);
    assertTrue(wide.needAnchors(new double[] {0}));
  }

  @Test
  void covariancesThatHaveNoFactor() {
    assertNull(Triangle.precisionFactor(new double[][] {{1, 1}, {1, 1}}));
    double[][] infinite = {{Double.POSITIVE_INFINITY, 0}, {0, 1}};
    assertNull(Triangle.precisionFactor(infinite));
    double[][] factor = Triangle.precisionFactor(new double[][] {{4, 0}, {0, 0.25}});
    assertArrayEquals(new double[] {0.5, 0}, factor[0], 1e-16);
    assertArrayEquals(new double[] {0, 2}, factor[1], 1e-15);
  }

  /** 3, 4, 5: rows of very different length. */
  @Test
  void rotationOfVeryLongAndVeryShortRows() {
    double[][] rows = {{3e300, 4e300}, {1e-300, 2e-300}};
    Triangle.rotate(rows);
    assertArrayEquals(new double[] {5e300, 0}, rows[0], 1e286);
    assertArrayEquals(new double[] {2.2e-300, 0.4e-300}, rows[1], 1e-314);
  }
}
