/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Questions for any number of targets, against closed forms worked out by hand. */
class SeveralTargetsTest {
  private static final double NAN = Double.NaN;
  private static final double INFINITY = Double.POSITIVE_INFINITY;
  private static final Mixture TWO =
      Mixture.gaussian(
          new double[] {1, 3},
          new double[][] {{-1, 2, 5}, {2, 0, 6}},
          new double[][] {{0.5, 1, 3}, {2, 0.1, 4}});

  /** log N = −log σ − ½ log 2π − ½ u². */
  private static double logNormal(double u, double sigma) {
    return -Math.log(sigma) - 0.5 * Math.log(2 * Math.PI) - 0.5 * u * u;
  }

  @Test
  void logDensityIsTheSumOverTargets() {
    double first = logNormal(2, 0.5) + logNormal(-2, 1) + logNormal(1, 3);
    double second = logNormal(-1, 2) + logNormal(0, 0.1) + logNormal(0.5, 4);
    double expected = Math.log(0.25 * Math.exp(first) + 0.75 * Math.exp(second));
    assertEquals(expected, TWO.logDensity(0, 0, 8), 1e-14);
    assertEquals(Math.exp(expected), TWO.density(0, 0, 8), 1e-15);
    assertEquals(-INFINITY, TWO.logDensity(0, INFINITY, 0), 0);
  }

  @Test
  void covarianceIsThatWithinAndThatOfTheMeans() {
    assertArrayEquals(new double[] {1.25, 0.5, 5.75}, TWO.mean(), 1e-15);
    // Of the means alone: π₁π₂ (μ₁ − μ₂)(μ₁ − μ₂)ᵀ.
    double within0 = 0.25 * 0.25 + 0.75 * 4;
    double within1 = 0.25 + 0.75 * 0.01;
    double within2 = 0.25 * 9 + 0.75 * 16;
    double share = 0.25 * 0.75;
    double[][] expected = {
      {within0 + share * 9, share * -6, share * 3},
      {share * -6, within1 + share * 4, share * -2},
      {share * 3, share * -2, within2 + share}
    };
    double[][] covariance = TWO.covariance();
    for (int d = 0; d < 3; d++) {
      assertArrayEquals(expected[d], covariance[d], 1e-14);
      assertEquals(expected[d][d], TWO.variance()[d], 1e-14);
    }
  }

  @Test
  void covarianceKeepsItsDigitsFarFromZero() {
    Mixture far =
        Mixture.gaussian(
            new double[] {1, 1}, new double[][] {{1e8}, {1e8 + 2}}, new double[][] {{1}, {1}});
    assertEquals(2, far.covariance()[0][0], 1e-15);
  }

  /** Equal scales: the log of the ratio is linear, log 3 + 2 (y − 1). */
  @Test
  void responsibilitiesOfEqualScalesAreLogistic() {
    Mixture mixture =
        Mixture.gaussian(new double[] {1, 3}, new double[][] {{0}, {2}}, new double[][] {{1}, {1}});
    for (double y : new double[] {-300, -20, -1, 0, 1, 2, 5, 20, 300}) {
      double second = 1 / (1 + Math.exp(-Math.log(3) - 2 * (y - 1)));
      double first = 1 / (1 + Math.exp(Math.log(3) + 2 * (y - 1)));
      double rounding = 1e-15 * (1 + y * y); // of the two log densities
      assertEquals(first, mixture.responsibilities(y)[0], rounding * first + 1e-300);
      assertEquals(second, mixture.responsibilities(y)[1], rounding * second + 1e-300);
    }
  }

  @Test
  void responsibilitiesSumToOneHoweverFarOut() {
    Mixture twins =
        Mixture.gaussian(
            new double[] {1, 2, 0}, new double[][] {{0}, {0}, {0}}, new double[][] {{1}, {1}, {9}});
    for (double y : new double[] {0, 1e3, 1e8, 1e150}) {
      double[] shares = twins.responsibilities(y);
      assertEquals(1, Arrays.stream(shares).sum(), 1e-15);
      // What the log weight keeps of its digits beside a log density of −½ y²; at 0 the joint is
      // −2.02, whose rounding is 2.2e-16 and a third of it in the share, and the softmax rounds.
      assertEquals(1 / 3.0, shares[0], 2e-16 * (1 + y * y));
      assertEquals(0, shares[2], 0);
    }
  }

  @Test
  void marginalHasTheChosenTargetsInTheGivenOrder() {
    Mixture marginal = TWO.marginal(2, 0);
    assertArrayEquals(new double[] {0.25, 0.75}, marginal.weights(), 1e-15);
    assertArrayEquals(new double[][] {{5, -1}, {6, 2}}, marginal.means());
    assertArrayEquals(new double[][] {{3, 0.5}, {4, 2}}, marginal.standardDeviations());
  }

  @Test
  void conditionalWeighsComponentsByWhatIsGiven() {
    Mixture conditional = TWO.conditional(new int[] {2, 0}, new double[] {2, 0});
    double first = 0.25 * Math.exp(logNormal(-1, 3) + logNormal(2, 0.5));
    double second = 0.75 * Math.exp(logNormal(-1, 4) + logNormal(-1, 2));
    assertEquals(first / (first + second), conditional.weights()[0], 1e-15);
    assertEquals(second / (first + second), conditional.weights()[1], 1e-15);
    assertArrayEquals(new double[][] {{2}, {0}}, conditional.means());
    assertArrayEquals(new double[][] {{1}, {0.1}}, conditional.standardDeviations());
  }

  /** 1e6 σ out both densities are 0 in a double; the wider component takes all. */
  @Test
  void conditionalOnWhatIsFarOut() {
    Mixture conditional = TWO.conditional(new int[] {0}, new double[] {1e6});
    assertArrayEquals(new double[] {0, 1}, conditional.weights(), 0);
    assertEquals(0, conditional.mean()[0], 0);
  }

  @Test
  void otherUnitsMoveMeansAndScales() {
    Mixture changed = TWO.rescale(-2, 0.5, 1).shift(10, 0, -1);
    assertArrayEquals(new double[][] {{12, 1, 4}, {6, 0, 5}}, changed.means());
    assertArrayEquals(new double[][] {{1, 0.5, 3}, {4, 0.05, 4}}, changed.standardDeviations());
    // A density per unit: 1 / (2 · 0.5 · 1) of the old one.
    assertEquals(TWO.logDensity(0, 0, 8), changed.logDensity(10, 0, 7), 1e-14);
    Mixture stretched = TWO.rescale(1, 10, -10);
    assertEquals(TWO.logDensity(0, 1, 8) - Math.log(100), stretched.logDensity(0, 10, -80), 1e-13);
  }

  static List<Arguments> refused() {
    double[] ones = {1, 1, 1};
    return List.of(
        refused(() -> TWO.logDensity(1, 2), "Expected 3 targets, got 2"),
        refused(() -> TWO.logDensity(1, NAN, 2), "got [1.0, NaN, 2.0]"),
        refused(() -> TWO.responsibilities(1), "Expected 3 targets, got 1"),
        refused(() -> TWO.responsibilities(1, NAN, 2), "got [1.0, NaN, 2.0]"),
        refused(() -> TWO.responsibilities(1, INFINITY, 2), "density, got [1.0, Infinity, 2.0]"),
        refused(() -> TWO.responsibilities(1, 1e200, 2), "density, got [1.0, 1.0E200, 2.0]"),
        refused(() -> TWO.marginal(), "at least one target, got none"),
        refused(() -> TWO.marginal(0, 3), "targets in [0, 3), got [0, 3]"),
        refused(() -> TWO.marginal(-1), "targets in [0, 3), got [-1]"),
        refused(() -> TWO.marginal(1, 0, 1), "each target once, got [1, 0, 1]"),
        refused(() -> TWO.conditional(new int[0], new double[0]), "at least one target"),
        refused(() -> TWO.conditional(new int[] {0, 2, 1}, ones), "not given, got all 3"),
        refused(() -> TWO.conditional(new int[] {0, 1}, ones), "got 2 targets and 3 values"),
        refused(() -> TWO.conditional(new int[] {3}, new double[1]), "in [0, 3), got [3]"),
        refused(() -> TWO.conditional(new int[] {1, 1}, new double[2]), "once, got [1, 1]"),
        refused(() -> TWO.conditional(new int[] {1}, new double[] {NAN}), "got [NaN]"),
        refused(() -> TWO.conditional(new int[] {1}, new double[] {INFINITY}), "got [Infinity]"),
        refused(() -> TWO.conditional(new int[] {1}, new double[] {1e200}), "got [1.0E200]"),
        refused(() -> TWO.shift(0, 0), "Expected 3 shifts, one per target, got 2"),
        refused(() -> TWO.rescale(1), "Expected 3 scales, one per target, got 1"),
        refused(() -> TWO.rescale(1, 0, 1), "scale other than 0, got 0.0 at target 1"),
        refused(() -> TWO.rescale(1, 1, NAN), "got NaN at target 2"),
        refused(() -> TWO.rescale(1, INFINITY, 1), "got Infinity at target 1"),
        refused(() -> TWO.shift(INFINITY, 1, 1), "finite shift, got Infinity at target 0"),
        refused(() -> TWO.shift(1, NAN, 1), "finite shift, got NaN at target 1"));
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
