/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mdn4j.ComponentFamily;

/** What every mixture over one target promises. */
abstract class UnivariateMixtureContractTest extends MixtureContractTest {
  private static final double[] PROBABILITIES = {
    1e-300, 1e-100, 1e-12, 1e-6, 1e-3, 0.01, 0.1, 0.25, 0.5, 0.7, 0.9, 0.99, 1 - 1e-6
  };
  private static final double[] LEVELS = {0.01, 0.5, 0.8, 0.9, 0.95, 0.999};

  /** Integrals over the line of functions of the cdf. */
  PanelQuadrature overTheLine(Mixture mixture) {
    return quadrature(mixture);
  }

  /** Checks that y is where the cdf reaches p, or with upper the survival. */
  void assertQuantile(Mixture mixture, boolean upper, double p, double y) {
    if (upper) {
      assertIsAbove(mixture, y, p);
    } else {
      assertIsBelow(mixture, y, p);
    }
  }

  /** Checks the probability that regions hold, of which ends are part or not. */
  void assertLevel(Mixture mixture, double level, List<Interval> region) {
    double mass = 0;
    double lightest = Double.POSITIVE_INFINITY; // of atoms that are taken
    boolean atomsOnly = true;
    for (Interval interval : region) {
      mass += mixture.cdf(interval.upper()) - mixture.cdf(interval.lower());
      mass += mixture.probabilityOf(interval.lower());
      for (double atom : atomsBesideTheDensity(mixture)) {
        double probability = mixture.probabilityOf(atom);
        lightest = interval.contains(atom) ? Math.min(lightest, probability) : lightest;
      }
      atomsOnly &= interval.width() == 0 && isAtom(mixture, interval.lower());
    }
    if (atomsOnly) {
      assertTrue(mass >= level - 1e-12 && mass - lightest < level, region + " of " + level);
    } else {
      assertEquals(level, mass, 1e-7);
    }
  }

  /** Checks the probability of what is less likely than the ends of a region. */
  void assertDensityTails(Mixture mixture, double tail, List<Interval> region, double rounding) {
    for (Interval interval : region) {
      for (double end : new double[] {interval.lower(), interval.upper()}) {
        if (isInside(mixture, end)) {
          double steep = Math.max(mixture.density(end), rounding) * 100 * Math.ulp(end);
          assertEquals(tail, mixture.densityTail(end), 1e-6 * tail + steep);
        }
      }
    }
  }

  /** Returns the nearest value that a target can take. */
  double nearest(double y) {
    return y;
  }

  /** Values in which all modes show. */
  double[] grid(Mixture mixture) {
    double[] edges = Arrays.stream(edges(mixture)).sorted().distinct().toArray();
    return IntStream.range(1, edges.length)
        .boxed()
        .flatMapToDouble(
            i ->
                IntStream.range(0, 60)
                    .mapToDouble(j -> edges[i - 1] + (edges[i] - edges[i - 1]) * j / 60))
        .filter(support(mixture)::contains)
        .sorted()
        .distinct()
        .toArray();
  }

  /** Values in the middle, between the components and in both tails. */
  static double[] values(Mixture mixture) {
    return DoubleStream.concat(
            Arrays.stream(mixture.sample(10, random(30))).mapToDouble(y -> y[0]),
            DoubleStream.of(1e-12, 1e-6, 1e-3)
                .flatMap(p -> DoubleStream.of(mixture.quantile(p), mixture.survivalQuantile(p))))
        .toArray();
  }

  @ParameterizedTest
  @MethodSource("mixtures")
  void densityIntegratesToOne(Mixture mixture) {
    assertEquals(1, expectation(mixture, y -> 1), 1e-10);
  }

  @ParameterizedTest
  @MethodSource("mixtures")
  void cdfAndSurvivalAreIntegralsOfTheDensity(Mixture mixture) {
    PanelQuadrature quadrature = quadrature(mixture);
    double infinity = Double.POSITIVE_INFINITY;
    for (double y : values(mixture)) {
      double below = quadrature.integrate(mixture::density, -infinity, y);
      double above = quadrature.integrate(mixture::density, y, infinity);
      for (double atom : atomsBesideTheDensity(mixture)) {
        below += atom <= y ? mixture.probabilityOf(atom) : 0;
        above += atom > y ? mixture.probabilityOf(atom) : 0;
      }
      assertEquals(below, mixture.cdf(y), 1e-9 * below);
      assertEquals(above, mixture.survival(y), 1e-9 * above);
      assertEquals(1, mixture.cdf(y) + mixture.survival(y), 1e-13);
    }
  }

  @ParameterizedTest
  @MethodSource("mixtures")
  void allMassIsInTheSupport(Mixture mixture) {
    Interval support = support(mixture);
    double atLower = mixture.probabilityOf(support.lower());
    assertEquals(atLower, mixture.cdf(support.lower()), 1e-13 * atLower);
    assertEquals(1 - atLower, mixture.survival(support.lower()), 1e-15);
    assertEquals(1, mixture.cdf(support.upper()), 1e-15);
    assertEquals(0, mixture.survival(support.upper()), 0);
    assertEquals(support.lower(), mixture.quantile(0), 0);
    assertEquals(support.upper(), mixture.quantile(1), 0);
    assertEquals(support.upper(), mixture.survivalQuantile(0), 0);
    assertEquals(support.lower(), mixture.survivalQuantile(1), 0);
    for (double y : new double[] {support.lower() - 1, support.upper() + 1}) {
      assertEquals(Double.NEGATIVE_INFINITY, mixture.logDensity(y), 0);
      assertEquals(0, mixture.density(y), 0);
    }
  }

  @ParameterizedTest
  @MethodSource("mixtures")
  void quantilesInvertTheCdfAndTheSurvival(Mixture mixture) {
    double before = Double.NEGATIVE_INFINITY;
    for (double p : PROBABILITIES) {
      double y = mixture.quantile(p);
      assertTrue(y >= before, "quantile of " + p);
      before = y;
      assertQuantile(mixture, p > 0.5, p > 0.5 ? 1 - p : p, y);
      assertQuantile(mixture, true, p, mixture.survivalQuantile(p));
    }
  }

  /** P(Y ≤ y) is p; where the cdf jumps, P(Y &lt; y) ≤ p ≤ P(Y ≤ y). */
  private static void assertIsBelow(Mixture mixture, double y, double p) {
    double rounding = rounding(mixture, y, p);
    boolean jump = mixture.probabilityOf(y) > 0;
    assertTrue(p <= mixture.cdf(y) + rounding, () -> p + " of " + y);
    double before = jump ? mixture.cdf(Math.nextDown(y)) : mixture.cdf(y);
    assertTrue(before <= p + rounding, () -> p + " of " + y);
  }

  /** P(Y &gt; y) is p; where the cdf jumps, P(Y &gt; y) ≤ p ≤ P(Y ≥ y). */
  private static void assertIsAbove(Mixture mixture, double y, double p) {
    double rounding = rounding(mixture, y, p);
    boolean jump = mixture.probabilityOf(y) > 0;
    assertTrue(mixture.survival(y) <= p + rounding, () -> p + " of " + y);
    double with = jump ? mixture.survival(Math.nextDown(y)) : mixture.survival(y);
    assertTrue(p <= with + rounding, () -> p + " of " + y);
  }

  /** 1e-9 of a probability, and what a change of y by an ulp makes of it. */
  private static double rounding(Mixture mixture, double y, double p) {
    return 1e-9 * p + 1.001 * mixture.density(y) * Math.ulp(y);
  }

  @ParameterizedTest
  @MethodSource("mixtures")
  void centralIntervalsLeaveTheSameInBothTails(Mixture mixture) {
    for (double level : LEVELS) {
      Interval interval = mixture.interval(level);
      double tail = 0.5 - 0.5 * level;
      assertQuantile(mixture, false, tail, interval.lower());
      assertQuantile(mixture, true, tail, interval.upper());
    }
  }

  /** Checks what is less likely than the mode. */
  void assertTailOfTheMode(Mixture mixture) {
    assertEquals(share(mixture), mixture.densityTail(mixture.mode()[0]), 1e-6);
  }

  /**
   * Whether a region's end is one of equal density: none of a circle's seam or of a truncation, and
   * no atom.
   */
  private static boolean isInside(Mixture mixture, double end) {
    boolean atEnd =
        mixture
            .truncation()
            .filter(range -> end == range.lower() || end == range.upper())
            .isPresent();
    return !atEnd
        && (Math.abs(end) < Math.PI || mixture.family() != ComponentFamily.VON_MISES)
        && !isAtom(mixture, end);
  }

  private static boolean isAtom(Mixture mixture, double y) {
    return Arrays.stream(atomsBesideTheDensity(mixture)).anyMatch(atom -> atom == y);
  }

  /** The probability of the components together. */
  private static double share(Mixture mixture) {
    return Arrays.stream(mixture.weights()).sum();
  }

  /** Regions are held to their level below, so that their ends know what is outside of them. */
  @ParameterizedTest
  @MethodSource("mixtures")
  void densityTailsAreWhatRegionsLeaveOut(Mixture mixture) {
    for (double level : LEVELS) {
      assertDensityTails(mixture, 1 - level, mixture.highestDensityRegion(level), 1);
    }
    for (double tail : new double[] {1e-30, 1e-12, 0.1, 0.7}) {
      assertDensityTails(mixture, tail, mixture.highestDensityRegionsLeaving(0.5, tail).get(1), 0);
    }
    assertTailOfTheMode(mixture);
    double before = 1;
    double[] falling =
        Arrays.stream(values(mixture))
            .filter(y -> !isAtom(mixture, y))
            .boxed()
            .sorted(Comparator.comparingDouble(y -> -mixture.logDensity(y)))
            .mapToDouble(y -> y)
            .toArray();
    for (double y : falling) {
      double tail = mixture.densityTail(y);
      assertTrue(tail <= before * (1 + 1e-9), "less of what is less likely than " + y);
      before = tail;
    }
  }

  @ParameterizedTest
  @MethodSource("mixtures")
  void highestDensityRegionsHoldTheirLevelAndNothingDenserIsOutside(Mixture mixture) {
    for (double level : LEVELS) {
      List<Interval> region = mixture.highestDensityRegion(level);
      double width = 0;
      double lowest = Double.POSITIVE_INFINITY;
      double lightest = Double.POSITIVE_INFINITY; // of atoms that are taken
      double last = Double.NEGATIVE_INFINITY;
      for (Interval interval : region) {
        assertTrue(interval.lower() > last, "disjoint and ascending: " + region);
        last = interval.upper();
        width += interval.width();
        for (double atom : atomsBesideTheDensity(mixture)) {
          double probability = mixture.probabilityOf(atom);
          lightest = interval.contains(atom) ? Math.min(lightest, probability) : lightest;
        }
        if (isAtom(mixture, interval.lower()) && interval.width() == 0) {
          continue;
        }
        for (double share : new double[] {0, 0.1, 0.35, 0.5, 0.8, 1}) {
          double y = nearest((1 - share) * interval.lower() + share * interval.upper());
          lowest = Math.min(lowest, mixture.logDensity(y));
        }
      }
      assertLevel(mixture, level, region);
      boolean atomsOnly = lowest == Double.POSITIVE_INFINITY;
      assertTrue(width <= mixture.interval(level).width() * (1 + 1e-5), "width " + width);
      for (double[] y : mixture.sample(2_000, random(31))) {
        boolean inside = region.stream().anyMatch(interval -> interval.contains(y[0]));
        double probability = mixture.probabilityOf(y[0]);
        boolean less =
            isAtom(mixture, y[0])
                ? atomsOnly && probability <= lightest
                : atomsOnly || mixture.logDensity(y) <= lowest + 1e-5;
        assertTrue(inside || less, "outside: " + y[0]);
      }
    }
  }

  /** Modes in ascending order, as many as a fine grid shows. */
  @ParameterizedTest
  @MethodSource("mixtures")
  void modesAreAllThatAGridShows(Mixture mixture) {
    double[] grid = grid(mixture);
    int tops = 0;
    boolean rising = true;
    for (int i = 1; i < grid.length; i++) {
      double change = mixture.logDensity(grid[i]) - mixture.logDensity(grid[i - 1]);
      if (change < 0 && rising) {
        tops++;
      }
      rising = change == 0 ? rising : change > 0;
    }
    double[] modes = Arrays.stream(mixture.modes()).mapToDouble(mode -> mode[0]).toArray();
    assertEquals(tops, modes.length, Arrays.toString(modes));
    for (int i = 1; i < modes.length; i++) {
      assertTrue(modes[i - 1] < modes[i], Arrays.toString(modes));
    }
  }

  /** CRPS = ∫ (F(x) − 1{x ≥ y})² dx: F² below y, survival² above. */
  @ParameterizedTest
  @MethodSource("mixtures")
  void crpsIsTheIntegralOfTheSquaredDistanceToTheOutcome(Mixture mixture) {
    PanelQuadrature quadrature = overTheLine(mixture);
    double infinity = Double.POSITIVE_INFINITY;
    for (double y : values(mixture)) {
      double below = quadrature.integrate(x -> Math.pow(mixture.cdf(x), 2), -infinity, y);
      double above = quadrature.integrate(x -> Math.pow(mixture.survival(x), 2), y, infinity);
      assertEquals(below + above, mixture.crps(y), 1e-9 * (below + above), "at " + y);
    }
    assertThrows(IllegalArgumentException.class, () -> mixture.crps(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> mixture.crps(infinity));
  }

  /** Over many draws the energy score of one target is the CRPS. */
  @ParameterizedTest
  @MethodSource("mixtures")
  void energyScoreIsTheCrps(Mixture mixture) {
    if (!hasVariance(mixture)) {
      return; // no standard error
    }
    double y = mixture.quantile(0.3);
    double[] scores =
        IntStream.range(0, 200)
            .mapToDouble(i -> mixture.energyScore(new double[] {y}, 100, random(i)))
            .toArray();
    Estimate score = Estimate.ofMean(scores);
    assertEquals(mixture.crps(y), score.value(), 5 * score.standardError());
  }

  @ParameterizedTest
  @MethodSource("mixtures")
  void entropyIsTheIntegralAndLiesBetweenItsBounds(Mixture mixture) {
    if (atomsBesideTheDensity(mixture).length > 0) {
      assertThrows(UnsupportedOperationException.class, mixture::entropy);
      return;
    }
    double entropy = mixture.entropy();
    double integral =
        quadrature(mixture)
            .integrate(
                y -> {
                  double log = mixture.logDensity(y);
                  double density = Math.exp(log);
                  return density > 0 ? -density * log : 0;
                });
    assertEquals(integral, entropy, 1e-9);
    if (!hasEntropy(mixture)) {
      return; // no bounds, as the contract of all mixtures asks
    }
    Interval bounds = mixture.entropyBounds();
    assertTrue(
        bounds.lower() - 1e-9 <= entropy && entropy <= bounds.upper() + 1e-9,
        bounds + " and " + entropy);
  }

  @ParameterizedTest
  @MethodSource("mixtures")
  void divergenceIsTheIntegral(Mixture mixture) {
    if (!hasEntropy(mixture)) {
      return; // refused, as the contract of all mixtures asks
    }
    Mixture other = mixture.temperature(Temperature.of(1.5));
    double expected =
        quadrature(mixture)
            .integrate(
                y -> {
                  double density = mixture.density(y);
                  return density > 0 ? density * (mixture.logDensity(y) - other.logDensity(y)) : 0;
                });
    Estimate estimate = mixture.klDivergence(other, COUNT, random(32));
    assertEquals(expected, estimate.value(), 5 * estimate.standardError());
  }

  /** A level of 0.9 in other units is the same interval in other units. */
  @ParameterizedTest
  @MethodSource("mixtures")
  void questionsInOtherUnitsHaveTheSameAnswers(Mixture mixture) {
    for (Units units : units(mixture)) {
      double scale = Math.abs(units.scale()[0]);
      Mixture changed = units.of(mixture);
      double y = mixture.quantile(0.3);
      double[] there = units.of(new double[] {y});
      if (hasMean(mixture)) {
        double crps = mixture.crps(y);
        assertEquals(scale * crps, changed.crps(there[0]), 1e-10 * scale * crps);
      }
      if (hasEntropy(mixture)) {
        assertEquals(mixture.entropy() + Math.log(scale), changed.entropy(), 2e-9);
      }
      double p =
          units.scale()[0] > 0
              ? changed.cdf(there[0])
              : changed.survival(there[0]) + changed.probabilityOf(there[0]);
      assertEquals(mixture.cdf(y), p, 1e-10);
    }
  }

  /** Of draws, by Kolmogorov and Smirnov: false alarm 2 exp(−2 · 2.7²) = 9.3e-7. */
  @ParameterizedTest
  @MethodSource("mixtures")
  void thePitIsUniform(Mixture mixture) {
    UniformRandomProvider random = random(40);
    double[] sorted =
        Arrays.stream(mixture.sample(COUNT, random(41)))
            .mapToDouble(y -> mixture.pit(y[0], random))
            .sorted()
            .toArray();
    double distance = 0;
    for (int i = 0; i < COUNT; i++) {
      distance =
          Math.max(
              distance, Math.max(sorted[i] - i / (double) COUNT, (i + 1.0) / COUNT - sorted[i]));
    }
    assertTrue(distance < 2.7 / Math.sqrt(COUNT), "distance " + distance);
    double y = mixture.sample(1, random(42))[0][0];
    assertEquals(mixture.pit(y, random(43)), mixture.pit(y, random(43)), 0);
  }

  /** Of what is known to be in an interval, both ends included, it is between those of the ends. */
  @ParameterizedTest
  @MethodSource("mixtures")
  void thePitOfAnIntervalIsDrawnBetweenItsEnds(Mixture mixture) {
    for (double[] y : mixture.sample(20, random(45))) {
      for (double width : new double[] {0, 1, Double.POSITIVE_INFINITY}) {
        double share = random(46).nextDouble();
        double below = mixture.cdf(Math.nextDown(y[0]));
        double above = mixture.cdf(y[0] + width);
        // 1e-11: an ulp of log y, of 20, in a scale of 1e-4
        assertEquals(
            below + share * (above - below), mixture.pit(y[0], y[0] + width, random(46)), 1e-11);
      }
      double open = mixture.pit(Double.NEGATIVE_INFINITY, y[0], random(47));
      assertEquals(random(47).nextDouble() * mixture.cdf(y[0]), open, 1e-12);
    }
    assertThrows(IllegalArgumentException.class, () -> mixture.pit(1, 0, random(48)));
    assertThrows(IllegalArgumentException.class, () -> mixture.pit(Double.NaN, 0, random(48)));
  }

  /** What a label is worth is its probability where it has one, else the density. */
  @ParameterizedTest
  @MethodSource("mixtures")
  void theLikelihoodOfALabelIsAProbabilityOrADensity(Mixture mixture) {
    for (double[] y : mixture.sample(50, random(44))) {
      double probability = mixture.probabilityOf(y[0]);
      double expected = probability > 0 ? Math.log(probability) : mixture.logDensity(y);
      assertEquals(expected, mixture.logLikelihood(y), 1e-13 * (1 + Math.abs(expected)));
      double jump = mixture.cdf(y[0]) - mixture.cdf(Math.nextDown(y[0]));
      // 1e-11: an ulp of log y, of 20, in a scale of 1e-4
      assertEquals(probability, jump, 1e-11, "right-continuous");
    }
  }
}
