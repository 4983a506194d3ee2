/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.components;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;
import org.mdn4j.distribution.Interval;
import org.mdn4j.distribution.PanelQuadrature;
import org.mdn4j.distribution.questions.Answers;

/**
 * What every type of component promises of each component over one target: its closed forms against
 * integrals and differences of its own density. A type inherits it, and declares by an override
 * what it does not have.
 */
abstract class ComponentsContractTest {
  private static final double INFINITY = Double.POSITIVE_INFINITY;
  private static final double[] PROBABILITIES = {1e-9, 1e-3, 0.05, 0.2, 0.45};

  /** Components over one target that differ and overlap. */
  abstract IndependentTargets components();

  /** Whether the mean exists; it must else be refused. */
  boolean hasMean(int k) {
    return true;
  }

  /** Whether the variance exists; it must else be refused. */
  boolean hasVariance(int k) {
    return true;
  }

  /** All values that a target can take. */
  Interval support() {
    return new Interval(-INFINITY, INFINITY);
  }

  final IndependentTargets components = components();
  final PanelQuadrature quadrature = quadrature();

  private PanelQuadrature quadrature() {
    double[] edges =
        DoubleStream.of(1e-15, 1e-12, 1e-9, 1e-6, 1e-3, 0.02, 0.1, 0.3, 0.5)
            .boxed()
            .flatMapToDouble(p -> DoubleStream.concat(quantiles(p), survivalQuantiles(p)))
            .toArray();
    // Steps that double, for tails that fall as a power.
    double[] steps =
        IntStream.range(0, components.count())
            .boxed()
            .flatMapToDouble(
                k ->
                    IntStream.range(-8, 64)
                        .mapToDouble(j -> Math.pow(2, j) * spread(k))
                        .flatMap(step -> DoubleStream.of(-step, step))
                        .map(step -> components.mode(k) + step))
            .toArray();
    return new PanelQuadrature(
        DoubleStream.concat(Arrays.stream(edges), Arrays.stream(steps)).toArray(), support());
  }

  private DoubleStream quantiles(double p) {
    double[] quantiles = new double[components.count()];
    components.quantiles(p, quantiles);
    return Arrays.stream(quantiles);
  }

  private DoubleStream survivalQuantiles(double q) {
    double[] quantiles = new double[components.count()];
    components.survivalQuantiles(q, quantiles);
    return Arrays.stream(quantiles);
  }

  interface Check {
    void of(int k, double y);
  }

  /** Checks every component at values all over it. */
  void atValues(Check check) {
    for (double p : PROBABILITIES) {
      double[] lower = quantiles(p).toArray();
      double[] upper = survivalQuantiles(p).toArray();
      for (int k = 0; k < components.count(); k++) {
        check.of(k, lower[k]);
        check.of(k, upper[k]);
      }
    }
  }

  /** Half the width of the middle half: a length of component k. */
  double spread(int k) {
    double[] lower = quantiles(0.25).toArray();
    double[] upper = survivalQuantiles(0.25).toArray();
    return 0.5 * (upper[k] - lower[k]);
  }

  @Test
  void theTwoFormsOfDensitiesAndSlopesAgree() {
    atValues(
        (k, y) -> {
          double[] vector = {y};
          double log = components.logDensity(k, y);
          assertEquals(log, components.logDensity(k, vector), 1e-14 * (1 + Math.abs(log)));
          double density = Math.exp(log);
          assertEquals(density, components.density(k, y), 1e-13 * density);
          double[] gradient = {1};
          components.addGradient(k, vector, 0.5, gradient);
          double score = components.score(k, y);
          assertEquals(1 + 0.5 * score, gradient[0], 1e-13 * (1 + Math.abs(score)));
          double[][] hessian = {{1}};
          components.addHessian(k, vector, 0.5, hessian);
          double slope = components.scoreSlope(k, y);
          assertEquals(1 + 0.5 * slope, hessian[0][0], 1e-13 * (1 + Math.abs(slope)));
        });
  }

  /** Central differences over 2e-4 of a length: 1e-8 of the third derivative, 1e-12 rounding. */
  @Test
  void scoreAndItsSlopeAreDerivativesOfTheLogDensity() {
    atValues(
        (k, y) -> {
          double length = Math.min(spread(k), y - support().lower());
          double step = 1e-4 * length;
          double score =
              (components.logDensity(k, y + step) - components.logDensity(k, y - step)) / 2 / step;
          double slope = (components.score(k, y + step) - components.score(k, y - step)) / 2 / step;
          double tolerance = 1e-6 / length;
          assertEquals(score, components.score(k, y), tolerance * (1 + Math.abs(score)));
          assertEquals(
              slope, components.scoreSlope(k, y), tolerance / length * (1 + Math.abs(slope)));
        });
  }

  @Test
  void theDensityRisesToTheModeAndFallsAfterIt() {
    atValues(
        (k, y) -> {
          double mode = components.mode(k);
          assertTrue(components.logDensity(k, y) <= components.logDensity(k, mode));
          assertTrue((y - mode) * components.score(k, y) <= 0);
        });
  }

  /** The first and second derivative are monotone from one bend to the next. */
  @Test
  void derivativesOfTheDensityTurnAtTheBendsOnly() {
    for (int i = 0; i < components.count(); i++) {
      int k = i;
      double[] ends = {quantiles(1e-9).toArray()[k], survivalQuantiles(1e-9).toArray()[k]};
      double[] bends =
          DoubleStream.concat(
                  Arrays.stream(ends),
                  DoubleStream.concat(
                      Arrays.stream(components.bends(k)), Arrays.stream(components.kinks(k))))
              .filter(y -> ends[0] <= y && y <= ends[1])
              .sorted()
              .toArray();
      DoubleUnaryOperator first = y -> components.density(k, y) * components.score(k, y);
      DoubleUnaryOperator second =
          y ->
              components.density(k, y)
                  * (Math.pow(components.score(k, y), 2) + components.scoreSlope(k, y));
      for (int b = 1; b < bends.length; b++) {
        assertMonotone(first, bends[b - 1], bends[b]);
        assertMonotone(second, bends[b - 1], bends[b]);
      }
    }
  }

  private static void assertMonotone(DoubleUnaryOperator f, double from, double to) {
    double[] values =
        IntStream.range(1, 50)
            .mapToDouble(i -> f.applyAsDouble(from + (to - from) * i / 50))
            .toArray();
    double size = Arrays.stream(values).map(Math::abs).max().orElseThrow();
    double direction = Math.signum(values[values.length - 1] - values[0]);
    for (int i = 1; i < values.length; i++) {
      assertTrue(direction * (values[i] - values[i - 1]) >= -1e-13 * size, from + " to " + to);
    }
  }

  @Test
  void tailsAreIntegralsOfTheDensityAndQuantilesInvertThem() {
    atValues(
        (k, y) -> {
          double below = quadrature.integrate(x -> components.density(k, x), -INFINITY, y);
          double above = quadrature.integrate(x -> components.density(k, x), y, INFINITY);
          assertEquals(below, components.cdf(k, y), 1e-9 * below);
          assertEquals(above, components.survival(k, y), 1e-9 * above);
          assertEquals(Math.log(below), components.logCdf(k, y), 1e-9);
          assertEquals(Math.log(above), components.logSurvival(k, y), 1e-9);
        });
    for (double p : PROBABILITIES) {
      double[] lower = quantiles(p).toArray();
      double[] upper = survivalQuantiles(p).toArray();
      for (int k = 0; k < components.count(); k++) {
        assertEquals(p, components.cdf(k, lower[k]), rounding(k, lower[k], p));
        assertEquals(p, components.survival(k, upper[k]), rounding(k, upper[k], p));
      }
    }
  }

  /** 1e-9 of a probability, and what a change of y by an ulp makes of it. */
  private double rounding(int k, double y, double p) {
    return 1e-9 * p + components.density(k, y) * Math.ulp(y);
  }

  @Test
  void momentsAreIntegrals() {
    for (int i = 0; i < components.count(); i++) {
      int k = i;
      if (!hasMean(k)) {
        assertThrows(UnsupportedOperationException.class, () -> components.mean(k, 0));
        continue;
      }
      double mean = components.mean(k, 0);
      double size = spread(k) + Math.abs(mean);
      assertEquals(quadrature.integrate(y -> y * components.density(k, y)), mean, 1e-10 * size);
      if (!hasVariance(k)) {
        assertThrows(UnsupportedOperationException.class, () -> components.covariance(k, 0, 0));
        assertThrows(UnsupportedOperationException.class, () -> components.standardDeviation(k, 0));
        continue;
      }
      double variance =
          quadrature.integrate(y -> (y - mean) * (y - mean) * components.density(k, y));
      assertEquals(variance, components.covariance(k, 0, 0), 1e-9 * variance);
      assertEquals(Math.sqrt(variance), components.standardDeviation(k, 0), 1e-9 * size);
    }
  }

  @Test
  void entropyIsAnIntegral() {
    for (int i = 0; i < components.count(); i++) {
      int k = i;
      double entropy =
          -quadrature.integrate(
              y -> weighted(components.density(k, y), components.logDensity(k, y)));
      assertEquals(entropy, components.entropy(k), 1e-9);
    }
  }

  /** Where there is no density its logarithm does not count. */
  private static double weighted(double density, double logarithm) {
    return density > 0 ? density * logarithm : 0;
  }

  @Test
  void divergencesAreIntegrals() {
    IndependentTargets wider = (IndependentTargets) components.copy();
    wider.changeTemperature(1.7);
    for (int i = 0; i < components.count(); i++) {
      for (int j = 0; j < components.count(); j++) {
        int from = i;
        int to = j;
        double overlap =
            quadrature.integrate(
                y ->
                    Math.exp(
                        0.5 * components.logDensity(from, y) + 0.5 * components.logDensity(to, y)));
        assertEquals(-Math.log(overlap), Answers.of(components).bhattacharyyaDistance(i, j), 1e-9);
        for (IndependentTargets other : new IndependentTargets[] {components, wider}) {
          double divergence =
              quadrature.integrate(
                  y ->
                      weighted(
                          components.density(from, y),
                          components.logDensity(from, y) - other.logDensity(to, y)));
          assertEquals(
              divergence,
              Answers.of(components).klDivergence(i, other, j),
              1e-9 * (1 + divergence));
        }
      }
    }
  }

  /** E|Y − y| is the integral of F below y and of 1 − F above. */
  @Test
  void distancesAreIntegrals() {
    if (!(components instanceof MeanDistances distances)) {
      return; // no closed form
    }
    atValues(
        (k, y) -> {
          double distance =
              quadrature.integrate(x -> components.cdf(k, x), -INFINITY, y)
                  + quadrature.integrate(x -> components.survival(k, x), y, INFINITY);
          double closed = Math.abs(components.location(k, 0) - y) + distances.excessDistance(k, y);
          assertEquals(distance, closed, 1e-10 * distance);
        });
    for (int i = 0; i < components.count(); i++) {
      for (int j = 0; j < components.count(); j++) {
        int a = i;
        int b = j;
        double distance =
            quadrature.integrate(
                x ->
                    components.cdf(a, x) * components.survival(b, x)
                        + components.cdf(b, x) * components.survival(a, x));
        double closed =
            Math.abs(components.location(i, 0) - components.location(j, 0))
                + distances.excessDistance(i, j);
        assertEquals(distance, closed, 1e-10 * distance);
      }
    }
  }

  /** Kolmogorov and Smirnov's distance of 20,000: false alarm 9.3e-7 per component. */
  @Test
  void samplesFollowTheCdf() {
    UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(1);
    Components.Sampler sampler = components.sampler(random);
    int count = 20_000;
    for (int k = 0; k < components.count(); k++) {
      double[] samples = new double[count + 1];
      for (int n = 1; n <= count; n++) {
        sampler.sample(k, samples, n);
      }
      Arrays.sort(samples, 1, count + 1);
      double distance = 0;
      for (int n = 1; n <= count; n++) {
        double cdf = components.cdf(k, samples[n]);
        distance = Math.max(distance, Math.max(cdf - (n - 1.0) / count, n / (double) count - cdf));
      }
      assertTrue(distance < 2.7 / Math.sqrt(count), "distance " + distance);
    }
  }
}
