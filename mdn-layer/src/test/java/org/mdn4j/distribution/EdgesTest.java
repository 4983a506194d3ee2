/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mdn4j.distribution.FamilyMixtures.w;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.ComponentFamily;
import org.mdn4j.MixtureSpec;
import org.nd4j.linalg.factory.Nd4j;

/** Spikes, plateaus and the questions that have to do with them. */
class EdgesTest {
  private static final Duration LIMIT = Duration.ofSeconds(2);

  /** Φ⁻¹(0.8), by mpmath 1.3.0. */
  private static final double Z_80 = 0.84162123357291441;

  private static UniformRandomProvider random(long seed) {
    return RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
  }

  private static Mixture rawRow(float s) {
    MixtureSpec spec = MixtureSpec.builder().components(2).build();
    float[][] row = {{0, 0, .37f, 1, s, -1.2f}};
    return MixtureBatch.of(spec, Nd4j.createFromArray(row)).get(0);
  }

  /** A component of half the weight that no double but its location shows. */
  @ParameterizedTest
  @ValueSource(floats = {-36, -39, -60, -150, -170, -300})
  void gaussianSpikes(float s) {
    Mixture mixture = rawRow(s);
    double place = .37f;
    double[][] modes = assertTimeoutPreemptively(LIMIT, mixture::modes);
    assertEquals(2, modes.length, Arrays.deepToString(modes));
    assertEquals(place, modes[0][0]);
    assertEquals(1, modes[1][0], 1e-12);
    double[] mode = assertTimeoutPreemptively(LIMIT, mixture::mode);
    assertEquals(place, mode[0]);
    double height = Math.log(0.5) - s - 0.5 * Math.log(2 * Math.PI);
    assertEquals(height, mixture.logDensity(mode), 1e-6);
    assertEquals(s < -37, mixture.isDegenerate());

    // Of 0.8 the spike is 0.5, and the rest 0.6 of the other one.
    List<Interval> region =
        assertTimeoutPreemptively(LIMIT, () -> mixture.highestDensityRegion(0.8));
    assertEquals(2, region.size(), region.toString());
    assertTrue(region.get(0).contains(place));
    assertTrue(region.get(0).width() < 1e-13);
    double scale = Math.exp(-1.2f);
    assertEquals(1 - Z_80 * scale, region.get(1).lower(), 1e-9);
    assertEquals(1 + Z_80 * scale, region.get(1).upper(), 1e-9);
    double mass = region.stream().mapToDouble(i -> mixture.probability(i.lower(), i.upper())).sum();
    assertEquals(0.8, mass, 1e-9);
    List<Interval> within =
        assertTimeoutPreemptively(LIMIT, () -> mixture.highestDensityRegion(0.3));
    assertEquals(1, within.size());
    assertTrue(within.get(0).contains(place));
  }

  @ParameterizedTest
  @CsvSource({
    "LAPLACE, 1e-300, 0.3",
    "LOGISTIC, 1e-300, 0.1",
    "STUDENT_T, 1e-300, 0.1",
    "VON_MISES, 1e35, 9",
    "VON_MISES, 1e300, 9",
    "LAPLACE, 1e-17, 0.3",
    "LOGISTIC, 1e-30, 0.1"
  })
  void spikesOfOtherFamilies(ComponentFamily family, double narrow, double wide) {
    double place = 0.37;
    Mixture mixture = FamilyMixtures.mixture(family, w(1, 1), w(place, 1.5), w(narrow, wide));
    double[][] modes = assertTimeoutPreemptively(LIMIT, mixture::modes);
    assertEquals(2, modes.length, Arrays.deepToString(modes));
    assertEquals(place, modes[0][0]);
    assertEquals(1.5, modes[1][0], 1e-6);
    assertEquals(place, assertTimeoutPreemptively(LIMIT, mixture::mode)[0]);
    assertTrue(mixture.isDegenerate());
    List<Interval> region =
        assertTimeoutPreemptively(LIMIT, () -> mixture.highestDensityRegion(0.8));
    assertTrue(region.get(0).contains(place), region.toString());
    double mass = region.stream().mapToDouble(i -> mixture.probability(i.lower(), i.upper())).sum();
    assertEquals(0.8, mass, 1e-8);
  }

  /** Its density is at none of the doubles, but the mode is next to exp(μ). */
  @Test
  void logNormalSpike() {
    Mixture mixture =
        Mixture.of(
            ComponentFamily.LOG_NORMAL,
            w(1, 1),
            new double[][] {{0.37}, {3}},
            new double[][] {{1e-100}, {0.3}});
    double[][] modes = assertTimeoutPreemptively(LIMIT, mixture::modes);
    assertEquals(2, modes.length);
    assertEquals(Math.exp(0.37), mixture.mode()[0], 4e-16);
    assertEquals(Math.exp(3 - 0.09), modes[1][0], 1e-9);
    assertTrue(mixture.isDegenerate());
  }

  @ParameterizedTest
  @ValueSource(strings = {"GAUSSIAN", "LAPLACE", "LOGISTIC", "STUDENT_T"})
  void spikesOverTwoTargets(ComponentFamily family) {
    double[][] locations = {{0.37, -0.5}, {2, 1}};
    double[][] scales = {{1e-200, 1e-180}, {0.3, 0.2}};
    Mixture mixture =
        family == ComponentFamily.STUDENT_T
            ? Mixture.studentT(w(1, 1), locations, scales, w(5, 5))
            : Mixture.of(family, w(1, 1), locations, scales);
    double[][] modes = assertTimeoutPreemptively(LIMIT, mixture::modes);
    assertEquals(2, modes.length, Arrays.deepToString(modes));
    assertArrayEquals(locations[0], modes[0], 0);
    assertArrayEquals(locations[1], modes[1], 1e-9);
  }

  /** A circle but for spikes so light that the density is flat to a double's digits. */
  @Test
  void regionsOfFlatCirclesHaveTheirProbability() {
    for (double kappa : new double[] {1e-299, 1e-17, 1e-15}) {
      Mixture circle =
          FamilyMixtures.mixture(
              ComponentFamily.VON_MISES, w(1, 1e-198, 2), w(0.9, 3.1, 0.8), w(kappa, 1e300, kappa));
      double mass = 0;
      for (Interval interval : circle.highestDensityRegion(0.8)) {
        mass += circle.probability(interval.lower(), interval.upper());
      }
      assertTrue(mass > 0.8 - 1e-9, kappa + ": " + mass);
    }
  }

  /** A small scale keeps its digits where a large one makes other units necessary. */
  @ParameterizedTest
  @CsvSource({"1e280, 1e-300", "1e290, 1e-300", "1e299, 1e-300", "1e305, 1e-292"})
  void regionsOfScalesFarApartHaveTheirProbability(double large, double small) {
    Mixture mixture =
        Mixture.studentT(
            w(0.46, 0.54), new double[2][1], new double[][] {{large}, {small}}, w(0.5, 1e30));
    for (double level : new double[] {0.1, 0.15, 0.3, 0.5}) {
      List<Interval> region = mixture.highestDensityRegion(level);
      assertEquals(1, region.size());
      Interval interval = region.get(0);
      assertEquals(level, mixture.probability(interval.lower(), interval.upper()), 1e-8);
      assertEquals(1, -interval.lower() / interval.upper(), 1e-8);
    }
  }

  /** The region is the spike, not what is around it, wherever the lowest density is found. */
  @Test
  void spikesOnFlatCircles() {
    double place = 1.470890235785559;
    Mixture circle =
        FamilyMixtures.mixture(
            ComponentFamily.VON_MISES, w(1, 1e-98), w(place, Math.nextUp(place)), w(1e300, 1e-299));
    List<Interval> region = circle.highestDensityRegion(0.7);
    assertEquals(1, region.size(), region.toString());
    assertTrue(region.get(0).contains(place) && region.get(0).width() < 1e-14);
  }

  /** Many equal components side by side: the ripple is below what a double shows. */
  @ParameterizedTest
  @CsvSource({"100, 0.5", "100, 0.3", "200, 0.1", "400, 0.05"})
  void plateausEnd(int components, double apart) throws Exception {
    double[] ones = new double[components];
    Arrays.fill(ones, 1);
    double[] means = IntStream.range(0, components).mapToDouble(k -> apart * k).toArray();
    Mixture plateau = GaussianMixtures.mixture(ones, means, ones);
    try (Clock clock = new Clock()) {
      assertTrue(((double[][]) clock.within(plateau::modes)).length >= 1);
      assertTrue(!((List<?>) clock.within(() -> plateau.highestDensityRegion(0.9))).isEmpty());
    }
  }

  /** The lowest location is where the search starts; one next to it is found apart. */
  @ParameterizedTest
  @ValueSource(doubles = {-0.5442941830974573, 0.3, 7, -1e10})
  void laplaceModesAreLocations(double place) {
    double[] weights = {0.6, 0.1, 0.4};
    double[] scales = Arrays.stream(w(7e-10, 2e-9, 2e-9)).map(s -> s * Math.abs(place)).toArray();
    double[] nearby = {place, Math.nextUp(place), place + 100};
    for (double[] locations : new double[][] {nearby, {place, place - 100, place + 100}}) {
      Mixture mixture = FamilyMixtures.mixture(ComponentFamily.LAPLACE, weights, locations, scales);
      assertEquals(place, mixture.mode()[0], 0);
      double[] highest = {mixture.logDensity(locations[0]), mixture.logDensity(locations[2])};
      for (double[] mode : mixture.modes()) {
        assertTrue(Arrays.stream(locations).anyMatch(y -> y == mode[0]), mixture::toString);
      }
      assertTrue(mixture.logDensity(mixture.mode()) >= Arrays.stream(highest).max().orElseThrow());
    }
  }

  /** All points of the grid from which the density falls both ways along every target. */
  @Test
  void laplaceModesOverSeveralTargetsAreAllOfTheGrid() {
    int found = 0;
    for (int n = 0; n < 300; n++) {
      int targets = 2 + n % 2;
      Mixture mixture = FamilyMixtures.random(ComponentFamily.LAPLACE, 2 + n % 6, targets, n);
      List<double[]> expected = new ArrayList<>();
      addMaxima(mixture, new double[targets], 0, expected);
      double[][] modes = mixture.modes();
      assertEquals(expected.size(), modes.length, mixture::toString);
      for (double[] mode : modes) {
        assertTrue(expected.stream().anyMatch(y -> Arrays.equals(y, mode)));
      }
      double highest = expected.stream().mapToDouble(mixture::logDensity).max().orElseThrow();
      assertEquals(highest, mixture.logDensity(mixture.mode()), 0);
      found += modes.length;
    }
    assertTrue(found > 900, "modes in all: " + found);
  }

  private static void addMaxima(Mixture mixture, double[] y, int d, List<double[]> found) {
    if (d < y.length) {
      for (double[] location : mixture.locations()) {
        y[d] = location[d];
        addMaxima(mixture, y, d + 1, found);
      }
      return;
    }
    for (int target = 0; target < y.length; target++) {
      for (int side = -1; side <= 1; side += 2) {
        double slope = 0; // Σ π_k N_k · (d log N_k / dy) towards the side
        for (int k = 0; k < mixture.components(); k++) {
          double density = mixture.weights()[k];
          for (int e = 0; e < y.length; e++) {
            double scale = mixture.scales()[k][e];
            density *= Math.exp(-Math.abs(y[e] - mixture.locations()[k][e]) / scale) / 2 / scale;
          }
          boolean towards = side * (mixture.locations()[k][target] - y[target]) > 0;
          slope += (towards ? density : -density) / mixture.scales()[k][target];
        }
        if (slope > 0) {
          return;
        }
      }
    }
    found.add(y.clone());
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-300, 0.2, 0.5})
  void energyScoreIsInfiniteWhereItsExpectationIs(double nu) {
    for (int targets = 1; targets <= 2; targets++) {
      double[][] zeros = new double[2][targets];
      double[][] ones = new double[2][targets];
      Arrays.stream(ones).forEach(row -> Arrays.fill(row, 1));
      Mixture mixture = Mixture.studentT(w(1, 1), zeros, ones, w(nu, 5));
      double[] y = new double[targets];
      assertEquals(Double.POSITIVE_INFINITY, mixture.energyScore(y, 10, random(1)));
      Estimate estimate = mixture.energyScoreEstimate(y, 10, random(1));
      assertEquals(Double.POSITIVE_INFINITY, estimate.value());
      assertEquals(Double.NaN, estimate.standardError());
      Mixture without = Mixture.studentT(w(0, 1), zeros, ones, w(nu, 5));
      assertTrue(without.energyScore(y, 10, random(1)) < 100);
    }
  }

  /** Of 300 estimates the standard deviation is their standard error, within 5 of its own. */
  @Test
  void standardErrorOfTheEnergyScoreIsTheSpreadOfScores() {
    Mixture plane =
        Mixture.gaussian(
            w(1, 2), new double[][] {{0, 0}, {2, -1}}, new double[][] {{1, 0.5}, {0.3, 2}});
    double[] y = {0.5, 0.2};
    double[] values = new double[300];
    double[] errors = new double[300];
    for (int i = 0; i < values.length; i++) {
      Estimate estimate = plane.energyScoreEstimate(y, 500, random(i));
      assertEquals(plane.energyScore(y, 500, random(i)), estimate.value(), 0);
      values[i] = estimate.value();
      errors[i] = estimate.standardError();
    }
    double spread = Estimate.ofMean(values).standardError() * Math.sqrt(300);
    assertEquals(1, spread / Estimate.ofMean(errors).value(), 5 / Math.sqrt(600));
    String message =
        assertThrows(
                IllegalArgumentException.class, () -> plane.energyScoreEstimate(y, 1, random(1)))
            .getMessage();
    assertEquals("Expected at least 2 samples, got 1", message);
  }

  /** Σ_k π_k Π_d Φ(u_kd), with Φ by mpmath 1.3.0. */
  @Test
  void jointCdfOfIndependentTargets() {
    Mixture plane =
        Mixture.gaussian(
            w(1, 3), new double[][] {{1, 0}, {-2, 3}}, new double[][] {{1, 2}, {1, 1}});
    double below1 = 0.15865525393145705; // Φ(−1)
    double belowHalf = 0.69146246127401311; // Φ(½)
    double below2 = 0.97724986805182079; // Φ(2)
    double above2 = 0.022750131948179207; // Φ(−2)
    double expected = 0.25 * below1 * belowHalf + 0.75 * below2 * above2;
    assertEquals(expected, plane.cdf(0, 1), 1e-15);
    double infinity = Double.POSITIVE_INFINITY;
    assertEquals(1, plane.cdf(infinity, infinity), 1e-15);
    assertEquals(0, plane.cdf(infinity, -infinity), 0);
    assertEquals(plane.marginal(1).cdf(0.7), plane.cdf(infinity, 0.7), 1e-15);
    Mixture one = GaussianMixtures.mixture(w(1), w(0), w(1));
    assertEquals(one.cdf(0.5), one.cdf(new double[] {0.5}), 0);
    assertThrows(IllegalArgumentException.class, () -> plane.cdf(new double[] {1}));
    assertThrows(IllegalArgumentException.class, () -> plane.cdf(1, Double.NaN));
    double[][][] covariances = {{{1, 0.5}, {0.5, 1}}};
    Mixture full = Mixture.gaussian(w(1), new double[][] {{0, 0}}, covariances);
    assertThrows(UnsupportedOperationException.class, () -> full.cdf(0, 0));
  }

  @Test
  void probabilitiesOfIntervals() {
    Mixture mixture = GaussianMixtures.mixture(w(1, 3), w(-1, 2), w(0.5, 1.5));
    double infinity = Double.POSITIVE_INFINITY;
    assertEquals(1, mixture.probability(-infinity, infinity), 1e-15);
    assertEquals(mixture.cdf(0.3), mixture.probability(-infinity, 0.3), 0);
    assertEquals(mixture.survival(0.3), mixture.probability(0.3, infinity), 0);
    assertEquals(0, mixture.probability(0.3, 0.3), 0);
    double next = Math.nextUp(0.3);
    double expected = mixture.density(0.3) * (next - 0.3);
    assertEquals(expected, mixture.probability(0.3, next), 1e-13 * expected);
    assertThrows(IllegalArgumentException.class, () -> mixture.probability(1, 0));
    assertThrows(IllegalArgumentException.class, () -> mixture.probability(Double.NaN, 0));
  }

  @Test
  void whatIsDegenerate() {
    assertFalse(GaussianMixtures.mixture(w(1, 0), w(1, 1), w(1, 1e-20)).isDegenerate());
    assertTrue(GaussianMixtures.mixture(w(1, 1), w(1, 1), w(1, 1e-20)).isDegenerate());
    assertFalse(GaussianMixtures.mixture(w(1), w(0), w(1e-300)).isDegenerate());
    double[][][] covariances = {{{1, 0}, {0, 1e-40}}};
    assertTrue(Mixture.gaussian(w(1), new double[][] {{1, 1}}, covariances).isDegenerate());
  }
}
