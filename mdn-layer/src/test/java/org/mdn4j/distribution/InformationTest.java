/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mdn4j.distribution.GaussianMixtures.mixture;

import java.util.Arrays;
import java.util.List;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Entropy, its bounds, and divergences. */
class InformationTest {
  private static final double HALF_LOG_TWO_PI_E = 0.5 * Math.log(2 * Math.PI * Math.E);
  private static final Mixture P = mixture(v(1, 3), v(-1, 2), v(0.5, 1.5));
  private static final Mixture Q = mixture(v(1, 1), v(0, 3), v(1, 1));
  private static final Mixture PLANE =
      Mixture.gaussian(
          v(0.2, 0.3, 0.5),
          new double[][] {{0, 0}, {1, -1}, {-2, 0.5}},
          new double[][] {{1, 2}, {0.5, 0.25}, {1, 0.1}});
  private static final Mixture OTHER_PLANE =
      Mixture.gaussian(
          v(0.5, 0.5), new double[][] {{0, 1}, {-1, 0}}, new double[][] {{1, 1}, {2, 0.5}});

  private static double[] v(double... values) {
    return values;
  }

  private static UniformRandomProvider random(long seed) {
    return RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-300, 1e-9, 1, 1e9, 1e300})
  void entropyOfOneNormal(double sigma) {
    Mixture normal = mixture(v(1), v(5), v(sigma));
    assertEquals(HALF_LOG_TWO_PI_E + Math.log(sigma), normal.entropy(), 1e-12);
    assertEquals(normal.entropy(), normal.entropyBounds().lower(), 1e-12);
    assertEquals(normal.entropy(), normal.entropyBounds().upper(), 1e-12);
  }

  /** −∫ p log p by mpmath 1.3.0's quadrature at 30 digits over panels of the components. */
  static List<Arguments> entropyByMpmath() {
    return List.of(
        Arguments.of(P, 1.9521761961306316087),
        Arguments.of(mixture(v(1, 1), v(0, 0.5), v(1e-3, 1)), -1.3495389188048692415),
        Arguments.of(mixture(v(1, 1), v(0, 0.5), v(1e-3, 1e3)), 2.1120641075334909134),
        Arguments.of(mixture(v(1, 1e-12), v(0, 40), v(1, 1000)), 1.4189385332400520647),
        Arguments.of(
            mixture(v(0.3, 0.2, 0.5), v(-500, 2, 700), v(1, 0.5, 3)), 2.8592682554913120498));
  }

  @ParameterizedTest
  @MethodSource("entropyByMpmath")
  void entropyIsTheIntegral(Mixture mixture, double expected) {
    assertEquals(expected, mixture.entropy(), 1e-13);
  }

  /** Far apart: the mean entropy and that of the weights; and so exact where y has few digits. */
  @ParameterizedTest
  @ValueSource(doubles = {1e-12, 1, 1e-3})
  void entropyOfWhatDoesNotOverlap(double sigma) {
    Mixture apart = mixture(v(1, 0, 3), v(1e3, 1e3, 2e3), v(sigma, 1, 2 * sigma));
    double expected =
        HALF_LOG_TWO_PI_E + 0.25 * Math.log(sigma / 0.25) + 0.75 * Math.log(2 * sigma / 0.75);
    assertEquals(expected, apart.entropy(), 1e-13);
    assertEquals(expected, apart.entropyBounds().lower(), 1e-13);
    assertEquals(expected, apart.entropyBounds().upper(), 1e-13);
  }

  /** Components that collapsed onto one value: the same around 0, where y has all its digits. */
  @Test
  void entropyWhereYHasFewDigits() {
    UniformRandomProvider random = random(8);
    double[] weights = new double[20];
    double[] means = new double[20];
    double[] scales = new double[20];
    Arrays.setAll(weights, k -> random.nextDouble());
    Arrays.setAll(means, k -> 1 + 1e-8 * random.nextDouble());
    Arrays.setAll(scales, k -> 2e-9 * (1 + random.nextDouble()));
    double[] around0 = Arrays.stream(means).map(mean -> mean - 1).toArray(); // exact
    double expected = mixture(weights, around0, scales).entropy();
    assertEquals(expected, mixture(weights, means, scales).entropy(), 1e-8);
  }

  /** By mpmath 1.3.0 at 30 digits from Kolchinsky and Tracey's formula, section 3. */
  @Test
  void boundsAreThoseOfTheFormula() {
    assertEquals(1.87093057642507201, P.entropyBounds().lower(), 1e-14);
    assertEquals(2.06420921598294728, P.entropyBounds().upper(), 1e-14);
    assertEquals(1.99605848187884128, PLANE.entropyBounds().lower(), 1e-14);
    assertEquals(2.21336210651800609, PLANE.entropyBounds().upper(), 1e-14);
  }

  /** Bounds that should meet may round apart, in either order. */
  @Test
  void boundsOfNearlyIdenticalComponentsAreInOrder() {
    for (int i = 1; i < 200; i++) {
      double ulp = i * 1e-16;
      Interval bounds = mixture(v(1, 2), v(0, ulp), v(0.7, 0.7 + ulp)).entropyBounds();
      assertEquals(HALF_LOG_TWO_PI_E + Math.log(0.7), bounds.lower(), 1e-13);
      assertEquals(0, bounds.width(), 1e-14);
    }
  }

  /** log(τ/σ) + (σ² + (μ − m)²) / (2τ²) − ½ per target. */
  @Test
  void divergenceOfTwoNormals() {
    Mixture from = Mixture.gaussian(v(1), new double[][] {{1, -2}}, new double[][] {{0.5, 3}});
    Mixture to = Mixture.gaussian(v(1), new double[][] {{0, 4}}, new double[][] {{2, 4}});
    double expected = Math.log(4) + 1.25 / 8 - 0.5 + Math.log(4 / 3.0) + 45 / 32.0 - 0.5;
    assertEquals(expected, from.variationalKlDivergence(to), 1e-14);
    Estimate estimate = from.klDivergence(to, 100_000, random(1));
    assertTrue(estimate.standardError() < 0.01, estimate.toString());
    assertEquals(expected, estimate.value(), 5 * estimate.standardError());
  }

  /** By mpmath 1.3.0: the integral, and Hershey and Olsen's equation 20, which is far above it. */
  @Test
  void divergenceOfMixtures() {
    double expected = 0.077618432065085221396;
    Estimate estimate = P.klDivergence(Q, 100_000, random(2));
    assertTrue(estimate.standardError() < 0.002, estimate.toString());
    assertEquals(expected, estimate.value(), 5 * estimate.standardError());
    assertEquals(0.771678306425766262, P.variationalKlDivergence(Q), 1e-14);
    assertEquals(1.81820495744262654, PLANE.variationalKlDivergence(OTHER_PLANE), 1e-14);
  }

  /** Of 300 estimates the standard deviation is their standard error, within 5 of its own. */
  @Test
  void standardErrorIsTheSpreadOfEstimates() {
    double[] values = new double[300];
    double[] errors = new double[300];
    for (int i = 0; i < values.length; i++) {
      Estimate estimate = P.klDivergence(Q, 1000, random(100 + i));
      values[i] = estimate.value();
      errors[i] = estimate.standardError();
    }
    double spread = Estimate.ofMean(values).standardError() * Math.sqrt(300);
    assertEquals(1, spread / Estimate.ofMean(errors).value(), 5 / Math.sqrt(600));
    assertEquals(P.klDivergence(Q, 10, random(7)), P.klDivergence(Q, 10, random(7)));
  }

  @Test
  void componentsWithoutWeightDoNoHarm() {
    Mixture with = mixture(v(1, 0, 3), v(-1, 1e308, 2), v(0.5, 1e-300, 1.5));
    assertEquals(P.entropy(), with.entropy(), 1e-13);
    assertEquals(P.entropyBounds().lower(), with.entropyBounds().lower(), 1e-13);
    assertEquals(P.entropyBounds().upper(), with.entropyBounds().upper(), 1e-13);
    assertEquals(0, P.variationalKlDivergence(with), 1e-13);
    assertEquals(0, with.variationalKlDivergence(P), 1e-13);
  }

  /** 1e200 σ away q has no density in a double, nor a logarithm of it. */
  @Test
  void divergenceToWhatHasNoDensityIsInfinite() {
    Mixture away = mixture(v(1), v(1e200), v(1));
    Estimate estimate = P.klDivergence(away, 10, random(3));
    assertEquals(Double.POSITIVE_INFINITY, estimate.value(), 0);
    assertEquals(Double.NaN, estimate.standardError(), 0);
    assertEquals(Double.POSITIVE_INFINITY, P.variationalKlDivergence(away), 0);
  }

  static List<Arguments> refused() {
    return List.of(
        refused(PLANE::entropy, "entropy needs one target, got a mixture over 2"),
        refused(() -> P.klDivergence(PLANE, 10, random(1)), "over 1 targets, got one over 2"),
        refused(() -> PLANE.klDivergence(P, 10, random(1)), "over 2 targets, got one over 1"),
        refused(() -> P.klDivergence(Q, 1, random(1)), "at least 2 samples, got 1"),
        refused(() -> P.variationalKlDivergence(PLANE), "over 1 targets, got one over 2"));
  }

  private static Arguments refused(Executable question, String message) {
    return Arguments.of(question, message);
  }

  @ParameterizedTest
  @MethodSource("refused")
  void questionsThatMakeNoSenseAreRefused(Executable question, String message) {
    Exception e = assertThrows(IllegalArgumentException.class, question);
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }
}
