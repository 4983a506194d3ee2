/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mdn4j.distribution.GaussianMixtures.mixture;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.mdn4j.ComponentFamily;
import org.mdn4j.distribution.components.IndependentTargets;
import org.mdn4j.distribution.components.MeanDistances;

/** CRPS and energy score. */
class ScoresTest {
  private static final Mixture TWO = mixture(v(1, 3), v(-1, 2), v(0.5, 1.5));

  private static double[] v(double... values) {
    return values;
  }

  private static UniformRandomProvider random(long seed) {
    return RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
  }

  /**
   * Made with mpmath 1.3.0 at 60 digits from Grimit et al. (2006), equation 5: Σ w_i A(y − μ_i,
   * σ_i) − ½ ΣΣ w_i w_j A(μ_i − μ_j, √(σ_i² + σ_j²)), A(m, s) = m (2Φ(m/s) − 1) + 2 s φ(m/s).
   */
  static List<Arguments> crpsByMpmath() {
    return List.of(
        crps("in a gap", v(1, 1), v(-1000, 1000), v(1, 1), 0, 499.71790520822612186),
        crps("both wide", v(1, 1), v(-1, 1), v(1e3, 2e3), 0.25, 327.65381386776182399),
        crps("narrow in wide", v(1, 1), v(0, 0), v(1e-3, 1), 1e-3, 0.058866112124056426114),
        crps("scales' ratio 1e6", v(1, 1), v(0, 0.5), v(1e-3, 1e3), 0, 58.424027142454051802),
        crps("light, wide", v(1, 1e-12), v(0, 0), v(1, 1e6), 0.5, 0.33140353125508855823),
        crps("50 σ above", v(1, 3), v(-1, 2), v(0.5, 1.5), 77, 74.687234716834706057),
        crps("50 σ below", v(1, 3), v(-1, 2), v(0.5, 1.5), -26, 26.187234716834706057),
        crps("identical", v(1, 3), v(3, 3), v(0.1, 0.1), 3.05, 0.03314035312548550998),
        crps("tiny", v(1), v(1), v(1e-10), 1 + 0x1p-33, 7.2067140763808424741e-11));
  }

  private static Arguments crps(
      String name, double[] weights, double[] means, double[] scales, double y, double crps) {
    return Arguments.of(name, mixture(weights, means, scales), y, crps);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("crpsByMpmath")
  void crpsIsExact(String name, Mixture mixture, double y, double expected) {
    assertEquals(expected, mixture.crps(y), 1e-14 * expected);
  }

  /** Far out the score is the distance to the mean less ½ E|Y − Y'|, down to rounding. */
  @Test
  void crpsFarOut() {
    assertEquals(1e15, TWO.crps(1e15), 10);
    assertEquals(1e300, TWO.crps(-1e300), 1e286);
  }

  @Test
  void aComponentWithoutWeightDoesNoHarm() {
    Mixture with = mixture(v(1, 0, 3), v(-1, 1e308, 2), v(0.5, 1e308, 1.5));
    assertEquals(TWO.crps(0.3), with.crps(0.3), 1e-15);
  }

  /**
   * E[(Z − u)⁺] = φ(u) − u (1 − Φ(u)) by mpmath 1.3.0 at 60 digits. Rounding of exp(−u²/2) allows
   * u²/2 ulp.
   */
  @ParameterizedTest
  @CsvSource({
    "0, 0.39894228040143267794",
    "0.5, 0.19779655740130602959",
    "1, 0.083315470587686298383",
    "2, 0.00849070261682963755",
    "5, 5.3461655338328149539e-8",
    "10, 7.4745602545893280366e-25",
    "20, 1.3700124947295799431e-90",
    "30, 1.6319567340914011894e-199",
    "38, 7.5827518145492083173e-318",
    "40, 0",
    "1e300, 0",
  })
  void whatSpreadAddsToADistance(double u, double loss) {
    MeanDistances components = gaussians(v(3, 3 + 5 * u), v(1.5, 2));
    double tolerance = 1e-15 * (4 + Math.min(u, 40) * Math.min(u, 40)) * loss + Double.MIN_VALUE;
    assertEquals(2 * 1.5 * loss, components.excessDistance(0, 3 + 1.5 * u), 3 * tolerance);
    assertEquals(2 * 1.5 * loss, components.excessDistance(0, 3 - 1.5 * u), 3 * tolerance);
    MeanDistances pair = gaussians(v(0, 2.5 * u), v(1.5, 2));
    assertEquals(2 * 2.5 * loss, pair.excessDistance(0, 1), 5 * tolerance);
    assertEquals(2 * 2.5 * loss, pair.excessDistance(1, 0), 5 * tolerance);
  }

  private static MeanDistances gaussians(double[] means, double[] deviations) {
    return (MeanDistances) IndependentTargets.of(ComponentFamily.GAUSSIAN, 1, means, deviations);
  }

  /**
   * A point forecast, nearly: E‖Y − y‖ is the distance, and nothing is between draws. Spreads of
   * 1e-9 move the distance by less than 1e-8.
   */
  @Test
  void energyScoreOfAPointIsTheDistance() {
    Mixture point =
        Mixture.gaussian(v(1), new double[][] {{1, 2, 3}}, new double[][] {{1e-9, 1e-9, 1e-9}});
    assertEquals(5, point.energyScore(v(4, 6, 3), 10, random(1)), 1e-8);
  }

  /**
   * At the centre of a D-dimensional standard normal E‖Y‖ = √2 Γ((D+1)/2)/Γ(D/2) and E‖Y − Y'‖ is
   * √2 times that; for D = 2 E‖Y‖ = √(π/2). 200 scores of 500 pairs, within 5 standard errors.
   */
  @Test
  void energyScoreAtTheCentreOfANormal() {
    Mixture normal = Mixture.gaussian(v(1), new double[][] {{0, 0}}, new double[][] {{1, 1}});
    double[] scores =
        IntStream.range(0, 200)
            .mapToDouble(seed -> normal.energyScore(v(0, 0), 500, random(seed)))
            .toArray();
    Estimate score = Estimate.ofMean(scores);
    double expected = Math.sqrt(Math.PI / 2) * (1 - Math.sqrt(0.5));
    assertTrue(score.standardError() < 0.002, score.toString());
    assertEquals(expected, score.value(), 5 * score.standardError());
  }

  static List<Arguments> refused() {
    Mixture plane = Mixture.gaussian(v(1), new double[][] {{0, 0}}, new double[][] {{1, 1}});
    double infinity = Double.POSITIVE_INFINITY;
    return List.of(
        refused(() -> plane.crps(0), "CRPS needs one target, got a mixture over 2"),
        refused(() -> TWO.crps(Double.NaN), "finite outcome, got NaN"),
        refused(() -> TWO.crps(infinity), "finite outcome, got Infinity"),
        refused(() -> TWO.energyScore(v(1, 2), 10, random(1)), "Expected 1 targets, got 2"),
        refused(() -> plane.energyScore(v(1), 10, random(1)), "Expected 2 targets, got 1"),
        refused(() -> plane.energyScore(v(1, infinity), 10, random(1)), "got [1.0, Infinity]"),
        refused(() -> plane.energyScore(v(1, 2), 0, random(1)), "at least 1 sample, got 0"));
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
