/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mdn4j.distribution.FamilyMixtures.w;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract for mixtures of counts over one target: the cdf jumps at the integers. */
class NegativeBinomialMixtureContractTest extends UnivariateMixtureContractTest {
  private static final double ROUNDING = 1e-9;

  @Override
  Stream<Named<Mixture>> mixtures() {
    return Stream.of(
        Named.of("one", CountMixtures.of(w(1), w(3.5), w(0.4))),
        Named.of("geometric", CountMixtures.of(w(1), w(20), w(1))),
        Named.of("mostly zeros", CountMixtures.of(w(3, 1), w(1e-3, 12.5), w(0.1, 0.2))),
        Named.of("overlapping", CountMixtures.of(w(1, 3), w(2, 9), w(0.5, 0.05))),
        Named.of(
            "far apart", CountMixtures.of(w(0.3, 0.2, 0.5), w(1, 80, 900), w(0.2, 0.01, 1e-3))),
        Named.of("heavy tail", CountMixtures.of(w(1, 1), w(4, 30), w(6, 2))),
        Named.of("weight of 0", CountMixtures.of(w(1, 0, 3), w(3, 1e6, 8), w(0.3, 5, 0.2))),
        Named.of("identical", CountMixtures.of(w(0.2, 0.8), w(6, 6), w(0.7, 0.7))));
  }

  @Override
  Interval support(Mixture mixture) {
    return new Interval(0, Double.POSITIVE_INFINITY);
  }

  @Override
  double below(double y) {
    return y - 1;
  }

  @Override
  double nearest(double y) {
    return Math.rint(y);
  }

  @Override
  List<Units> units(Mixture mixture) {
    return List.of();
  }

  @Override
  List<Units> refusedUnits(Mixture mixture) {
    return CountMixtures.refusedUnits(1);
  }

  @Override
  double[] edges(Mixture mixture) {
    return CountMixtures.edges(mixture);
  }

  @Override
  PanelQuadrature quadrature(Mixture mixture) {
    return new IntegerSum(edges(mixture));
  }

  @Override
  PanelQuadrature overTheLine(Mixture mixture) {
    return IntegerSum.ofSteps(edges(mixture));
  }

  @Override
  double[][] neighbours(Mixture mixture, double[] mode) {
    return CountMixtures.neighbours(mode);
  }

  @Override
  double[] grid(Mixture mixture) {
    double last = Arrays.stream(edges(mixture)).max().orElseThrow();
    return IntStream.rangeClosed(0, (int) Math.min(last, 20_000)).asDoubleStream().toArray();
  }

  /** The least count at which the cdf is p or more, or the survival p or less. */
  @Override
  void assertQuantile(Mixture mixture, boolean upper, double p, double y) {
    assertEquals(Math.rint(y), y);
    double there = upper ? mixture.survival(y) : mixture.cdf(y);
    double before = upper ? mixture.survival(y - 1) : mixture.cdf(y - 1);
    if (upper) {
      assertTrue(there <= p * (1 + ROUNDING) && p * (1 - ROUNDING) < before, y + " for " + p);
    } else {
      assertTrue(before < p * (1 + ROUNDING) && p * (1 - ROUNDING) <= there, y + " for " + p);
    }
  }

  /** No less than the level, and without one of its least likely counts less. */
  @Override
  void assertLevel(Mixture mixture, double level, List<Interval> region) {
    double mass = 0;
    double least = 1;
    for (Interval interval : region) {
      assertEquals(Math.rint(interval.lower()), interval.lower());
      assertEquals(Math.rint(interval.upper()), interval.upper());
      mass += mixture.cdf(interval.upper()) - mixture.cdf(interval.lower() - 1);
      least = Math.min(least, mixture.density(rarest(mixture, interval)));
    }
    assertTrue(mass >= level - 1e-12, mass + " for " + level);
    assertTrue(mass - 2 * least < level + 1e-12, "needless: " + region); // two may be alike
  }

  private static double rarest(Mixture mixture, Interval interval) {
    double rarest = interval.lower();
    for (double y = interval.lower(); y <= interval.upper(); y++) {
      rarest = mixture.density(y) < mixture.density(rarest) ? y : rarest;
    }
    return rarest;
  }

  @Override
  void assertDensityTails(Mixture mixture, double tail, List<Interval> region, double rounding) {
    double rarest =
        region.stream()
            .map(interval -> rarest(mixture, interval))
            .min(Comparator.comparingDouble(mixture::density))
            .orElseThrow();
    double least = mixture.density(rarest);
    double less = mixture.densityTail(rarest);
    assertTrue(less <= tail * (1 + ROUNDING), less + " for " + tail);
    assertTrue(less + 2 * least >= tail * (1 - ROUNDING), less + " for " + tail);
  }

  @Override
  void assertTailOfTheMode(Mixture mixture) {
    double mode = mixture.mode()[0];
    double others = mixture.probability(-1, mode - 1) + mixture.survival(mode);
    double equal = mixture.density(mode + 1) == mixture.density(mode) ? mixture.density(mode) : 0;
    assertEquals(others - equal, mixture.densityTail(mode), 1e-12);
  }

  /** Right-continuous, and constant up to the next integer, where it jumps by the probability. */
  @ParameterizedTest
  @MethodSource("mixtures")
  void theCdfJumpsAtIntegers(Mixture mixture) {
    double before = 0;
    for (double y = 0; y < 40; y++) {
      assertEquals(before, mixture.cdf(Math.nextDown(y)), 0);
      double cdf = mixture.cdf(y);
      assertEquals(cdf, mixture.cdf(y + 0.7), 0);
      assertEquals(mixture.density(y), cdf - before, 1e-13);
      assertEquals(mixture.density(y), mixture.probability(y - 1, y), 1e-12 * mixture.density(y));
      assertEquals(Double.NEGATIVE_INFINITY, mixture.logDensity(y + 0.5), 0);
      before = cdf;
    }
    assertEquals(0, mixture.cdf(-1e-300), 0);
    assertEquals(1, mixture.cdf(Double.POSITIVE_INFINITY), 1e-15);
  }

  /** Quantiles of the cdf's own values are the counts themselves. */
  @ParameterizedTest
  @MethodSource("mixtures")
  void quantilesOfTheCdfAreTheCounts(Mixture mixture) {
    for (double y = 0; mixture.cdf(y) < 0.9; y++) {
      if (mixture.density(y) > 1e-10) { // else the cdf may be that of the last count
        assertEquals(y, mixture.quantile(mixture.cdf(y)), 0);
      }
      if (mixture.density(y + 1) > 1e-10) {
        assertEquals(y + 1, mixture.quantile(mixture.cdf(y) + 1e-13), 0);
      }
    }
  }
}
