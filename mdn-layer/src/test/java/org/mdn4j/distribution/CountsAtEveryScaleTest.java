/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mdn4j.distribution.FamilyMixtures.w;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.ComponentFamily;
import org.mdn4j.numerics.NegativeBinomial;
import org.mdn4j.numerics.SpecialFunctions;

/** Counts of means from a millionth to a billion against closed forms, in bounded time. */
class CountsAtEveryScaleTest {
  private static final double POISSON = 1e-30;

  private static Mixture one(double mean, double alpha) {
    return CountMixtures.of(w(1), w(mean), w(alpha));
  }

  /**
   * Poisson: (y − λ)(2 F(y) − 1) + 2 λ P(⌊y⌋) − λ exp(−2λ) (I₀(2λ) + I₁(2λ)), of S. Wei and L.
   * Held, <i>Calibration tests for count data</i>, Test 23 (2014).
   */
  @ParameterizedTest
  @ValueSource(doubles = {1e-6, 0.1, 3, 47.3, 2000, 5e4, 1e7, 1e9})
  void crpsOfPoisson(double mean) {
    Mixture mixture = one(mean, POISSON);
    double exact = Math.exp(Math.log(mean)); // what a mixture keeps is the logarithm
    double bessel = Math.exp(SpecialFunctions.logBesselI0Scaled(2 * exact));
    double distance = exact * bessel * (1 + SpecialFunctions.besselRatio(2 * exact));
    for (double u : new double[] {-3, -0.4, 0, 1, 6}) {
      double y = Math.max(0, Math.rint(mean + u * Math.sqrt(mean)));
      double cdf = mixture.cdf(y);
      double expected = (y - exact) * (2 * cdf - 1) + 2 * exact * mixture.density(y) - distance;
      double rounding = 1e-9 * expected + 1e-14 * Math.abs(y - exact) + 1e-15 * exact;
      assertEquals(expected, mixture.crps(y), rounding, "at " + y);
    }
  }

  /** α = 1: sums of geometric series of q = m/(1 + m). */
  @ParameterizedTest
  @ValueSource(doubles = {1e-6, 0.1, 3, 47.3, 2000, 5e4, 1e9})
  void crpsAndEntropyOfGeometricDistributions(double mean) {
    Mixture mixture = one(mean, 1);
    double p = 1 / (1 + mean);
    double q = mean / (1 + mean);
    double twice = (1 + mean) * (1 + mean) / (1 + 2 * mean); // 1/(1 − q²)
    for (double y : new double[] {0, 1, 2.75, Math.rint(mean / 3), Math.rint(4 * mean) + 0.5}) {
      double n = Math.floor(y);
      double power = Math.exp(-n * Math.log1p(1 / mean)); // q^n
      double below =
          n
              - 2 * mean * -Math.expm1(-n * Math.log1p(1 / mean))
              + q * q * twice * (1 - power * power);
      double here = (y - n) * Math.pow(1 - power * q, 2) - (y - n) * Math.pow(power * q, 2);
      double expected = below + here + power * power * q * q * twice;
      assertEquals(expected, mixture.crps(y), 1e-9 * expected + 1e-13 * n, "at " + y);
    }
    double entropy = (-q * -Math.log1p(1 / mean) + p * Math.log1p(mean)) / p;
    assertEquals(entropy, mixture.entropy(), 1e-10 * Math.max(1, entropy));
  }

  /** ½ log(2πeλ) − 1/12λ − 1/24λ² − … of large means (J. A. Adell et al., 2010). */
  @ParameterizedTest
  @ValueSource(doubles = {2000, 5e4, 1e7, 1e9})
  void entropyOfPoisson(double mean) {
    double expected =
        0.5 * Math.log(2 * Math.PI * Math.E * mean) - 1 / (12 * mean) - 1 / (24 * mean * mean);
    assertEquals(expected, one(mean, POISSON).entropy(), 1e-9);
  }

  /** The same sums term by term, of two components. */
  @Test
  void sumsOfMixturesAreThoseOfAllTerms() {
    double[] means = {700, 9000};
    double[] alphas = {0.8, 1e-3};
    Mixture mixture = CountMixtures.of(w(1, 3), w(means), w(alphas));
    NegativeBinomial first = new NegativeBinomial(Math.exp(Math.log(means[0])), alphas[0]);
    NegativeBinomial second = new NegativeBinomial(Math.exp(Math.log(means[1])), alphas[1]);
    double y = 8800;
    double cdf = 0;
    double crps = 0;
    double entropy = 0;
    double mean = 0;
    for (int j = 0; j < 60_000; j++) {
      double p =
          0.25 * Math.exp(first.logProbability(j)) + 0.75 * Math.exp(second.logProbability(j));
      cdf += p;
      crps += j < y ? cdf * cdf : (1 - cdf) * (1 - cdf);
      entropy -= p > 0 ? p * Math.log(p) : 0;
      mean += j * p;
    }
    assertEquals(crps, mixture.crps(y), 1e-9 * crps);
    assertEquals(entropy, mixture.entropy(), 1e-9);
    assertEquals(mean, mixture.mean()[0], 1e-9 * mean);
  }

  /** Modes and regions of random mixtures are those that all probabilities show. */
  @Test
  void modesAndRegionsAreThoseOfAllProbabilities() {
    Random random = new Random(3);
    for (int n = 0; n < 150; n++) {
      int components = 1 + random.nextInt(5);
      double[] weights = random.doubles(components).toArray();
      double[] means = random.doubles(components).map(u -> Math.pow(10, -1 + 3.5 * u)).toArray();
      double[] alphas = random.doubles(components).map(u -> Math.pow(10, -4 + 4.5 * u)).toArray();
      Mixture mixture = CountMixtures.of(weights, means, alphas);
      double[] p = new double[6000];
      Arrays.setAll(p, y -> mixture.density(y));
      double[] modes =
          IntStream.range(0, 3000)
              .filter(y -> (y == 0 || p[y - 1] < p[y]) && p[y] > p[y + 1])
              .asDoubleStream()
              .toArray();
      double[] found = Arrays.stream(mixture.modes()).mapToDouble(mode -> mode[0]).toArray();
      assertArrayEquals(modes, found, 0, mixture.toString());
      for (double level : new double[] {0.2, 0.5, 0.9, 0.999}) {
        double[] falling = Arrays.stream(p).map(x -> -x).sorted().map(x -> -x).toArray();
        double mass = 0;
        int count = 0;
        while (mass < level) {
          mass += falling[count++];
        }
        double size =
            mixture.highestDensityRegion(level).stream().mapToDouble(it -> it.width() + 1).sum();
        assertEquals(count, size, 1, mixture + " at " + level); // two may be alike
      }
    }
  }

  /** Quantiles are the least counts, whatever the mean. */
  @ParameterizedTest
  @ValueSource(doubles = {1e-6, 0.3, 12, 1e3, 1e6, 1e9})
  void quantilesAreTheLeastCounts(double mean) {
    for (double alpha : new double[] {POISSON, 1e-6, 0.1, 1, 20}) {
      Mixture mixture = one(mean, alpha);
      double before = 0;
      for (double p : new double[] {1e-12, 0.01, 0.3, 0.5, 0.9, 0.999999}) {
        double y = mixture.quantile(p);
        assertTrue(y == Math.rint(y) && y >= before);
        assertTrue(mixture.cdf(y) >= p);
        assertTrue(y == 0 || mixture.cdf(y - 1) < p, y + " for " + p);
        before = y;
        double upper = mixture.survivalQuantile(p);
        assertTrue(mixture.survival(upper) <= p);
        assertTrue(upper == 0 || mixture.survival(upper - 1) > p, upper + " for " + p);
      }
    }
  }

  /** Seconds would do for a sum over billions; here it is milliseconds. */
  @Test
  void billionsAreAnsweredInBoundedTime() {
    Mixture mixture = CountMixtures.of(w(1, 1, 1, 1), w(1e9, 9.9e8, 3, 2e8), w(1e-12, 0.3, 0.5, 2));
    assertTimeout(
        Duration.ofSeconds(30),
        () -> {
          List<Interval> region = mixture.highestDensityRegion(0.9);
          double mass =
              region.stream()
                  .mapToDouble(it -> mixture.probability(it.lower() - 1, it.upper()))
                  .sum();
          assertTrue(mass >= 0.9 - 1e-12 && mass < 0.9 + 1e-6, mass + " in " + region);
          assertTrue(mixture.modes().length >= 2, Arrays.deepToString(mixture.modes()));
          assertTrue(mixture.crps(1e9) > 0);
          Interval bounds = mixture.entropyBounds();
          double entropy = mixture.entropy();
          assertTrue(bounds.lower() - 1e-8 <= entropy && entropy <= bounds.upper() + 1e-8);
          double mean =
              Arrays.stream(mixture.sample(2000, RandomSource.XO_RO_SHI_RO_128_PP.create(1)))
                  .mapToDouble(y -> y[0])
                  .average()
                  .orElseThrow();
          double error = Math.sqrt(mixture.variance()[0] / 2000);
          assertEquals(mixture.mean()[0], mean, 5 * error);
        });
  }

  /** The mean and the variance of draws, also of rates beyond what a sampler takes at once. */
  @ParameterizedTest
  @ValueSource(doubles = {1e-3, 5, 1e4, 3e9, 5e12})
  void drawsOfEverySize(double mean) {
    for (double alpha : new double[] {POISSON, 1e-8, 0.5}) {
      Mixture mixture = one(mean, alpha);
      int count = mean > 1e9 ? 2000 : 20_000;
      double[] draws =
          Arrays.stream(mixture.sample(count, RandomSource.XO_RO_SHI_RO_128_PP.create(7)))
              .mapToDouble(y -> y[0])
              .toArray();
      Estimate estimate = Estimate.ofMean(draws);
      double deviation = Math.sqrt(mixture.variance()[0]);
      assertEquals(mixture.mean()[0], estimate.value(), 5 * deviation / Math.sqrt(count));
      double squares =
          Arrays.stream(draws).map(y -> Math.pow((y - mixture.mean()[0]) / deviation, 2)).sum();
      double kurtosis = 3 + 6 * alpha + 1 / (deviation * deviation); // of a negative binomial
      assertEquals(1, squares / count, 5 * Math.sqrt((kurtosis - 1) / count));
      assertTrue(Arrays.stream(draws).allMatch(y -> y >= 0 && y == Math.rint(y)));
    }
  }

  @Test
  void whatCountsHaveNotIsRefusedWithAReason() {
    Mixture mixture = one(3, 0.2);
    for (Runnable question : List.<Runnable>of(() -> mixture.shift(1), () -> mixture.rescale(2))) {
      Exception e = assertThrows(IllegalArgumentException.class, question::run);
      assertTrue(e.getMessage().contains("Counts have no other units"), e.getMessage());
    }
    Exception none =
        assertThrows(IllegalArgumentException.class, () -> mixture.responsibilities(2.5));
    assertTrue(none.getMessage().contains("2.5"), none.getMessage());
    assertEquals(Double.NEGATIVE_INFINITY, mixture.logDensity(-1), 0);
    assertEquals(0, mixture.densityTail(1.5), 0);
    assertEquals(3, mixture.heaviestLocation()[0], 1e-14);
    assertEquals(2 * 0.2, mixture.temperature(new Temperature(1, 2)).scales()[0][0], 1e-15);
    assertEquals(ComponentFamily.NEGATIVE_BINOMIAL, mixture.family());
  }
}
