/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every mixture promises, whatever its components are. A type of component inherits all of it
 * by a subclass of {@link UnivariateMixtureContractTest} and one of {@link
 * MultivariateMixtureContractTest}, which supply mixtures. What a type does not have, it declares
 * here by an override, and the contract then asks that the question be refused.
 *
 * <p>Seeds are fixed. A bound of 5 standard errors would be missed by a right answer for one seed
 * in 1.7 million.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class MixtureContractTest {
  static final int COUNT = 20_000;

  /** The mixtures under test. */
  abstract Stream<Named<Mixture>> mixtures();

  /** Whether the mean exists; {@link Mixture#mean()} must else be refused. */
  boolean hasMean(Mixture mixture) {
    return true;
  }

  /** Whether the variance exists; {@link Mixture#covariance()} must else be refused. */
  boolean hasVariance(Mixture mixture) {
    return true;
  }

  /** Whether fourth moments exist, without which a sample's variance has no standard error. */
  boolean hasFourthMoment(Mixture mixture) {
    return true;
  }

  /** Whether what compares densities exists; with atoms it must be refused, but counts' entropy. */
  static boolean hasEntropy(Mixture mixture) {
    return mixture.atoms().length == 0;
  }

  /** E[f(Y)], D = 1: an integral, and a sum over atoms. */
  final double expectation(Mixture mixture, DoubleUnaryOperator f) {
    double sum = quadrature(mixture).integrate(y -> f.applyAsDouble(y) * mixture.density(y));
    for (double atom : atomsBesideTheDensity(mixture)) {
      sum += mixture.probabilityOf(atom) * f.applyAsDouble(atom);
    }
    return sum;
  }

  /** The atoms whose probability is no part of the density: that of counts has it. */
  static double[] atomsBesideTheDensity(Mixture mixture) {
    return mixture.family().isDiscrete() ? new double[0] : mixture.atoms();
  }

  /** All values that a target can take; there must be no density elsewhere. */
  Interval support(Mixture mixture) {
    return new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
  }

  /** Units that the mixture can be brought to. */
  List<Units> units(Mixture mixture) {
    double[] shift = new double[mixture.targets()];
    double[] scale = new double[mixture.targets()];
    Arrays.setAll(shift, d -> 3 - 7 * d);
    Arrays.setAll(scale, d -> d % 2 == 0 ? -2.5 : 0.04);
    double[] opposite = Arrays.stream(scale).map(s -> -10 * s).toArray();
    return List.of(new Units(shift, scale), new Units(new double[shift.length], opposite));
  }

  /** Units that must be refused, as the type is not closed under them. */
  List<Units> refusedUnits(Mixture mixture) {
    return List.of();
  }

  /**
   * Values, D = 1, between any two of which the density is smooth, and that leave out next to no
   * mass or show how far apart the rest is.
   */
  double[] edges(Mixture mixture) {
    return IntStream.range(0, mixture.components())
        .filter(k -> mixture.weights()[k] > 0)
        .boxed()
        .flatMapToDouble(
            k ->
                DoubleStream.of(-12, -8, -5, -3, -2, -1, 0, 1, 2, 3, 5, 8, 12)
                    .map(u -> mixture.means()[k][0] + u * mixture.standardDeviations()[k][0]))
        .toArray();
  }

  /** A change of units: shift + scale · y. */
  record Units(double[] shift, double[] scale) {
    Mixture of(Mixture mixture) {
      return mixture.rescale(scale).shift(shift);
    }

    double[] of(double[] y) {
      double[] changed = new double[y.length];
      Arrays.setAll(changed, d -> shift[d] + scale[d] * y[d]);
      return changed;
    }

    Units back() {
      double[] backShift = new double[shift.length];
      double[] backScale = new double[shift.length];
      Arrays.setAll(backShift, d -> -shift[d] / scale[d]);
      Arrays.setAll(backScale, d -> 1 / scale[d]);
      return new Units(backShift, backScale);
    }
  }

  static UniformRandomProvider random(long seed) {
    return RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
  }

  /** Integrals of densities; where there are none, sums over what has probability. */
  PanelQuadrature quadrature(Mixture mixture) {
    return new PanelQuadrature(edges(mixture), support(mixture));
  }

  /** The largest number below y that a target can take. */
  double below(double y) {
    return y;
  }

  @ParameterizedTest
  @MethodSource("mixtures")
  void samplesFollowTheMarginalCdfs(Mixture mixture) {
    double[][] samples = mixture.sample(COUNT, random(1));
    for (int d = 0; d < mixture.targets(); d++) {
      int target = d;
      Mixture marginal = mixture.marginal(d);
      double[] sorted = Arrays.stream(samples).mapToDouble(s -> s[target]).sorted().toArray();
      double distance = 0;
      for (int i = 0; i < COUNT; i++) { // of equal ones the first and the last know the jump
        if (i == 0 || sorted[i - 1] < sorted[i]) {
          double before = marginal.cdf(sorted[i]) - marginal.probabilityOf(sorted[i]);
          distance = Math.max(distance, before - i / (double) COUNT);
        }
        if (i == COUNT - 1 || sorted[i] < sorted[i + 1]) {
          distance = Math.max(distance, (i + 1.0) / COUNT - marginal.cdf(sorted[i]));
        }
      }
      // Kolmogorov and Smirnov: false alarm 2 exp(−2 · 2.7²) = 9.3e-7.
      assertTrue(distance < 2.7 / Math.sqrt(COUNT), "distance " + distance);
    }
  }

  @ParameterizedTest
  @MethodSource("mixtures")
  void theSameSeedGivesTheSameSamplesInTheSupport(Mixture mixture) {
    double[][] samples = mixture.sample(100, random(2));
    assertArrayEquals(samples, mixture.sample(100, random(2)));
    assertFalse(Arrays.deepEquals(samples, mixture.sample(100, random(3))));
    for (double[] sample : samples) {
      assertEquals(mixture.targets(), sample.length);
      assertTrue(Arrays.stream(sample).allMatch(support(mixture)::contains));
      assertTrue(Double.isFinite(mixture.logLikelihood(sample)));
    }
  }

  @ParameterizedTest
  @MethodSource("mixtures")
  void meanAgreesWithSamples(Mixture mixture) {
    if (!hasMean(mixture)) {
      assertThrows(UnsupportedOperationException.class, mixture::mean);
      return;
    }
    if (!hasVariance(mixture)) {
      return; // no standard error; quadrature has checked it
    }
    double[][] samples = mixture.sample(COUNT, random(4));
    for (int d = 0; d < mixture.targets(); d++) {
      int target = d;
      Estimate mean = Estimate.ofMean(Arrays.stream(samples).mapToDouble(s -> s[target]).toArray());
      assertEquals(mixture.mean()[d], mean.value(), 5 * mean.standardError());
    }
  }

  @ParameterizedTest
  @MethodSource("mixtures")
  void covarianceAgreesWithSamples(Mixture mixture) {
    if (!hasVariance(mixture)) {
      assertThrows(UnsupportedOperationException.class, mixture::covariance);
      assertThrows(UnsupportedOperationException.class, mixture::variance);
      return;
    }
    double[][] covariance = mixture.covariance();
    double[] mean = mixture.mean();
    double[][] samples = mixture.sample(COUNT, random(5));
    for (int d = 0; d < mixture.targets(); d++) {
      int i = d;
      assertEquals(covariance[d][d], mixture.variance()[d], 1e-15 * covariance[d][d]);
      for (int e = 0; hasFourthMoment(mixture) && e < mixture.targets(); e++) {
        int j = e;
        assertEquals(covariance[e][d], covariance[d][e], 0);
        Estimate products =
            Estimate.ofMean(
                Arrays.stream(samples)
                    .mapToDouble(s -> (s[i] - mean[i]) * (s[j] - mean[j]))
                    .toArray());
        assertEquals(covariance[d][e], products.value(), 5 * products.standardError());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("mixtures")
  void momentsOfTheMarginalsAgreeWithQuadrature(Mixture mixture) {
    for (int d = 0; d < mixture.targets() && hasMean(mixture); d++) {
      Mixture marginal = mixture.marginal(d);
      double mean = mixture.mean()[d];
      double scale = expectation(marginal, Math::abs);
      assertEquals(mean, expectation(marginal, y -> y), 1e-10 * scale);
      if (hasVariance(mixture)) {
        double variance = mixture.variance()[d];
        assertEquals(
            variance, expectation(marginal, y -> (y - mean) * (y - mean)), 1e-9 * variance);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("mixtures")
  void responsibilitiesAreSharesOfTheDensity(Mixture mixture) {
    for (double[] y : mixture.sample(20, random(6))) {
      if (isAtom(mixture, y)) {
        assertThrows(IllegalArgumentException.class, () -> mixture.responsibilities(y));
        continue;
      }
      double[] atY = mixture.responsibilities(y);
      assertEquals(1 - shareOfAtom(mixture, y), Arrays.stream(atY).sum(), 1e-13);
      assertTrue(Arrays.stream(atY).allMatch(share -> share >= 0 && share <= 1 + 1e-13));
    }
    // E[r_k(Y)] = π_k
    double[][] shares =
        Arrays.stream(mixture.sample(COUNT, random(7)))
            .map(
                y ->
                    isAtom(mixture, y)
                        ? new double[mixture.components()]
                        : mixture.responsibilities(y))
            .toArray(double[][]::new);
    for (int i = 0; i < mixture.components(); i++) {
      int k = i;
      Estimate share = Estimate.ofMean(Arrays.stream(shares).mapToDouble(s -> s[k]).toArray());
      // Of a weight far below 1/n no sample may tell, and then the estimate's error is none.
      double rare = mixture.weights()[k] < 20.0 / COUNT ? 20.0 / COUNT : 1e-12;
      assertEquals(mixture.weights()[k], share.value(), 5 * share.standardError() + rare);
    }
  }

  /** Whether no component can have made y. */
  private static boolean isAtom(Mixture mixture, double[] y) {
    return Arrays.stream(atomsBesideTheDensity(mixture)).anyMatch(atom -> atom == y[0]);
  }

  /** The probability that an atom made y. */
  private static double shareOfAtom(Mixture mixture, double[] y) {
    int atom = Arrays.binarySearch(mixture.atoms(), y[0]);
    return atom < 0 ? 0 : mixture.atomProbabilities()[atom] / mixture.probabilityOf(y[0]);
  }

  @ParameterizedTest
  @MethodSource("mixtures")
  void otherUnitsChangeTheLogDensityByTheJacobian(Mixture mixture) {
    for (Units units : units(mixture)) {
      double jacobian = Arrays.stream(units.scale()).map(Math::abs).map(Math::log).sum();
      Mixture changed = units.of(mixture);
      Mixture restored = units.back().of(changed);
      for (double[] y : mixture.sample(20, random(8))) {
        double expected = mixture.logDensity(y);
        // y is rounded once more in other units.
        assertEquals(expected - jacobian, changed.logDensity(units.of(y)), 1e-9);
        assertEquals(expected, restored.logDensity(y), 1e-9);
      }
      assertArrayEquals(mixture.weights(), changed.weights(), 1e-14);
    }
    for (Units units : refusedUnits(mixture)) {
      assertThrows(IllegalArgumentException.class, () -> units.of(mixture));
    }
  }

  @ParameterizedTest
  @MethodSource("mixtures")
  void aTemperatureOfOneChangesNothing(Mixture mixture) {
    Mixture same = mixture.temperature(Temperature.of(1));
    for (double[] y : mixture.sample(20, random(9))) {
      assertEquals(
          mixture.logDensity(y), same.logDensity(y), 1e-13 * (1 + Math.abs(mixture.logDensity(y))));
    }
    assertArrayEquals(mixture.weights(), same.weights(), 1e-15);
  }

  @ParameterizedTest
  @MethodSource("mixtures")
  void entropyLiesBetweenItsBounds(Mixture mixture) {
    if (!hasEntropy(mixture)) {
      assertThrows(UnsupportedOperationException.class, mixture::entropyBounds);
      return;
    }
    Estimate entropy =
        Estimate.ofMean(
            Arrays.stream(mixture.sample(COUNT, random(10)))
                .mapToDouble(y -> -mixture.logDensity(y))
                .toArray());
    Interval bounds = mixture.entropyBounds();
    assertTrue(
        bounds.lower() - 5 * entropy.standardError() <= entropy.value()
            && entropy.value() <= bounds.upper() + 5 * entropy.standardError(),
        bounds + " and " + entropy);
  }

  @ParameterizedTest
  @MethodSource("mixtures")
  void divergenceIsZeroToItselfAndPositiveToAnother(Mixture mixture) {
    if (!hasEntropy(mixture)) {
      Mixture without = mixture.withoutAtoms();
      for (Mixture[] pair : new Mixture[][] {{mixture, without}, {without, mixture}}) {
        assertThrows(
            UnsupportedOperationException.class,
            () -> pair[0].klDivergence(pair[1], 100, random(11)));
        assertThrows(
            UnsupportedOperationException.class, () -> pair[0].variationalKlDivergence(pair[1]));
      }
      return;
    }
    Estimate itself = mixture.klDivergence(mixture, 100, random(11));
    assertEquals(new Estimate(0, 0), itself);
    assertEquals(0, mixture.variationalKlDivergence(mixture), 1e-12);
    Mixture wider = mixture.temperature(new Temperature(1, 4));
    Estimate other = mixture.klDivergence(wider, COUNT, random(12));
    assertTrue(other.value() > 5 * other.standardError(), other.toString());
  }

  @ParameterizedTest
  @MethodSource("mixtures")
  void modesAreLocalMaximaAndNothingIsHigher(Mixture mixture) {
    double[][] modes = mixture.modes();
    assertTrue(modes.length >= 1);
    double highest = Double.NEGATIVE_INFINITY;
    for (double[] mode : modes) {
      assertTrue(Arrays.stream(mode).allMatch(support(mixture)::contains));
      double top = mixture.logDensity(mode);
      highest = Math.max(highest, top);
      for (double[] near : neighbours(mixture, mode)) {
        // Of a flat top the rounding of its log density can be higher than the top.
        assertTrue(mixture.logDensity(near) <= top + 1e-14 * (10 + Math.abs(top)));
      }
    }
    for (double[] y : mixture.sample(2_000, random(13))) {
      assertTrue(mixture.logDensity(y) <= highest + 1e-13 * (10 + Math.abs(highest)));
    }
  }

  /** Points around a mode, 10⁻³ of a length over which its log density falls by 1. */
  double[][] neighbours(Mixture mixture, double[] mode) {
    double longest = Math.min(1e6, support(mixture).width());
    UniformRandomProvider random = random(14);
    double[][] neighbours = new double[40][];
    for (int i = 0; i < neighbours.length; i++) {
      double[] direction = new double[mode.length];
      Arrays.setAll(
          direction, d -> (random.nextDouble() - 0.5) * Math.max(1e-3, Math.abs(mode[d])));
      double top = mixture.logDensity(mode);
      double length = 1;
      while (mixture.logDensity(moved(mode, direction, length)) < top - 1) {
        length /= 2;
      }
      while (mixture.logDensity(moved(mode, direction, length)) > top - 0.5 && length < longest) {
        length *= 2;
      }
      neighbours[i] = moved(mode, direction, 1e-3 * length);
    }
    return neighbours;
  }

  private static double[] moved(double[] y, double[] direction, double length) {
    double[] moved = new double[y.length];
    Arrays.setAll(moved, d -> y[d] + length * direction[d]);
    return moved;
  }
}
