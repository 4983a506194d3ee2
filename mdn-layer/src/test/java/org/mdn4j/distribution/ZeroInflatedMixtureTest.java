/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.ComponentFamily;
import org.mdn4j.MixtureSpec;
import org.mdn4j.MixtureSpecBuilder;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Counts with atoms against sums over all integers that matter. */
class ZeroInflatedMixtureTest {
  private static final int LAST = 3000;

  /** The probabilities of 0 … LAST, by the recursion of the negative binomial distribution. */
  private static double[] probabilities(Mixture mixture) {
    double[] all = new double[LAST + 1];
    for (int k = 0; k < mixture.components(); k++) {
      double m = mixture.means()[k][0];
      double alpha = mixture.scales()[k][0];
      double p = Math.exp(-Math.log1p(alpha * m) / alpha);
      for (int y = 0; y <= LAST; y++) {
        all[y] += mixture.weights()[k] * p;
        p *= (1 + alpha * y) / (y + 1) * m / (1 + alpha * m);
      }
    }
    for (int a = 0; a < mixture.atoms().length; a++) {
      all[(int) mixture.atoms()[a]] += mixture.atomProbabilities()[a];
    }
    return all;
  }

  /** Up to three components and atoms, anywhere from 0 to beyond the components. */
  private static Mixture random(Random random) {
    int count = 1 + random.nextInt(3);
    double[] weights = random.doubles(count).toArray();
    double[] means = random.doubles(count, -2, 4.5).map(Math::exp).toArray();
    double[] dispersions = random.doubles(count, -4, 0.5).map(Math::exp).toArray();
    double[] atoms =
        IntStream.generate(() -> random.nextBoolean() ? random.nextInt(3) : random.nextInt(200))
            .limit(1 + random.nextInt(3))
            .distinct()
            .asDoubleStream()
            .toArray();
    double[] masses =
        random.doubles(atoms.length, -12, -1.2).map(Math::exp).toArray(); // at most 0.3 each
    return CountMixtures.of(weights, means, dispersions).withAtoms(atoms, masses);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void allAnswersAreSums(long seed) {
    Mixture mixture = random(new Random(seed));
    double[] p = probabilities(mixture);
    double[] cdf = new double[p.length];
    double[] survival = new double[p.length];
    for (int y = 0; y < p.length; y++) {
      cdf[y] = p[y] + (y == 0 ? 0 : cdf[y - 1]);
    }
    for (int y = LAST - 1; y >= 0; y--) {
      survival[y] = survival[y + 1] + p[y + 1];
    }
    double mean = 0;
    double square = 0;
    for (int y = LAST; y >= 0; y--) {
      mean += p[y] * y;
    }
    for (int y = LAST; y >= 0; y--) {
      square += p[y] * (y - mean) * (y - mean);
    }
    assertEquals(mean, mixture.mean()[0], 1e-10 * mean);
    assertEquals(square, mixture.variance()[0], 1e-10 * square);
    double entropy = 0;
    for (int y = LAST; y >= 0; y--) {
      entropy -= p[y] > 0 ? p[y] * Math.log(p[y]) : 0;
    }
    assertEquals(entropy, mixture.entropy(), 1e-10 * entropy);
    for (int y = 0; y < 250 && p[y] > 1e-290; y++) { // the recursion has all digits
      String at = "at " + y;
      assertEquals(p[y], mixture.density(y), 1e-11 * p[y], at);
      assertEquals(p[y], mixture.probabilityOf(y), 1e-11 * p[y], at);
      assertEquals(Math.log(p[y]), mixture.logLikelihood(y), 1e-10, at);
      assertEquals(0, mixture.density(y + 0.25), at);
      for (double within : new double[] {0, 0.5}) {
        assertEquals(cdf[y], mixture.cdf(y + within), 1e-11 * cdf[y], at);
        assertEquals(survival[y], mixture.survival(y + within), 1e-10 * survival[y], at);
      }
      assertEquals(Math.log(cdf[y]), mixture.logCdf(y), 1e-10, at);
      assertEquals(Math.log(survival[y]), mixture.logSurvival(y), 1e-9, at);
      double below = y == 0 ? 0 : cdf[y - 1];
      double pit = mixture.pit(y, RandomSource.SPLIT_MIX_64.create(seed));
      assertTrue(below - 1e-13 <= pit && pit <= cdf[y] + 1e-13, at);
    }
    for (double y : new double[] {-1.5, 0, 0.25, 1, 7, 33.75, 150, 400}) {
      double crps = y < 0 ? -y : 0; // where F is 0
      for (int j = LAST; j >= 0; j--) { // F is constant from j to j + 1
        double before = Math.min(1, Math.max(0, y - j));
        crps += before * cdf[j] * cdf[j] + (1 - before) * survival[j] * survival[j];
      }
      assertEquals(crps, mixture.crps(y), 1e-10 * crps, "CRPS at " + y);
    }
    Random random = new Random(-seed);
    for (int i = 0; i < 200; i++) {
      double share = i % 2 == 0 ? random.nextDouble() : Math.exp(-25 * random.nextDouble());
      double at = share;
      int lower = IntStream.range(0, p.length).filter(y -> cdf[y] >= at).findFirst().orElseThrow();
      int upper =
          IntStream.range(0, p.length).filter(y -> survival[y] <= at).findFirst().orElseThrow();
      assertEquals(lower, mixture.quantile(share), "quantile " + share);
      assertEquals(upper, mixture.survivalQuantile(share), "upper quantile " + share);
    }
    double tail = 0.1;
    Interval interval = mixture.interval(0.8);
    assertEquals(mixture.quantile(tail), interval.lower());
    assertEquals(mixture.survivalQuantile(tail), interval.upper());
    assertRegionsAndModes(mixture, p);
  }

  private static void assertRegionsAndModes(Mixture mixture, double[] p) {
    List<Double> modes = new ArrayList<>();
    for (int y = 0; y < LAST; y++) {
      if ((y == 0 || p[y] > p[y - 1]) && p[y] > p[y + 1] * (1 + 1e-13)) {
        modes.add((double) y);
      }
    }
    double[] found = Arrays.stream(mixture.modes()).mapToDouble(mode -> mode[0]).toArray();
    assertArrayEquals(modes.stream().mapToDouble(y -> y).toArray(), found);
    Integer[] falling =
        IntStream.rangeClosed(0, LAST)
            .boxed()
            .sorted(Comparator.comparingDouble(y -> -p[y]))
            .toArray(Integer[]::new);
    assertEquals(falling[0], (int) mixture.mode()[0]);
    for (double level : new double[] {0.1, 0.5, 0.8, 0.95, 0.999}) {
      boolean[] inside = new boolean[LAST + 2];
      double mass = 0;
      for (int i = 0; mass < level; i++) {
        mass += p[falling[i]];
        inside[falling[i]] = true;
      }
      List<Interval> expected = new ArrayList<>();
      for (int y = 0; y <= LAST; y++) {
        if (inside[y] && (y == 0 || !inside[y - 1])) {
          int end = y;
          while (inside[end + 1]) {
            end++;
          }
          expected.add(new Interval(y, end));
        }
      }
      assertEquals(expected, mixture.highestDensityRegion(level), "level " + level);
    }
    for (int y : new int[] {0, 1, 2, 5, 40, 100}) {
      double less = 0;
      for (int i = LAST; i >= 0; i--) {
        less += p[falling[i]] < p[y] * (1 - 1e-12) ? p[falling[i]] : 0;
      }
      assertEquals(less, mixture.densityTail(y), 1e-9 * less, "less likely than " + y);
    }
  }

  /** Atoms alone are left where they have all the probability. */
  @Test
  void nothingButAtoms() {
    Mixture mixture =
        CountMixtures.of(new double[] {1}, new double[] {5}, new double[] {0.3})
            .withAtoms(new double[] {2, 7}, new double[] {0.25, 0.75});
    assertEquals(2, mixture.quantile(0));
    assertEquals(2, mixture.quantile(0.25));
    assertEquals(7, mixture.quantile(0.2500001));
    assertEquals(7, mixture.quantile(1));
    assertEquals(5.75, mixture.mean()[0], 1e-14);
    assertArrayEquals(new double[][] {{2}, {7}}, mixture.modes());
    assertEquals(List.of(new Interval(7, 7)), mixture.highestDensityRegion(0.7));
    assertEquals(
        List.of(new Interval(2, 2), new Interval(7, 7)), mixture.highestDensityRegion(0.9));
    assertEquals(0.25 * 0.25 * 5, mixture.crps(7), 1e-14);
    assertEquals(0.25, mixture.densityTail(7), 1e-15);
    assertEquals(0, mixture.densityTail(2), 0);
    assertEquals(0, mixture.density(5), 0);
    assertEquals(-0.25 * Math.log(0.25) - 0.75 * Math.log(0.75), mixture.entropy(), 1e-14);
    for (double[] draw : mixture.sample(50, RandomSource.SPLIT_MIX_64.create(1))) {
      assertTrue(draw[0] == 2 || draw[0] == 7);
    }
  }

  /** A million times as far as the components, and next to the last integer that is one. */
  @ParameterizedTest
  @ValueSource(doubles = {1 << 22, 0x1p53 - 0x1p29})
  void anAtomFarBeyondAllComponents(double atom) {
    Mixture mixture =
        CountMixtures.of(new double[] {1}, new double[] {4}, new double[] {0.1})
            .withAtoms(new double[] {atom}, new double[] {0.1});
    Mixture components = mixture.withoutAtoms();
    assertEquals(atom, mixture.quantile(0.9001));
    assertEquals(components.quantile(0.89 / 0.9), mixture.quantile(0.89));
    assertEquals(atom, mixture.survivalQuantile(0.0999));
    assertEquals(3.6 + 0.1 * atom, mixture.mean()[0], 1e-14 * atom);
    assertArrayEquals(new double[][] {components.mode(), new double[] {atom}}, mixture.modes());
    List<Interval> region = mixture.highestDensityRegion(0.8);
    assertEquals(2, region.size());
    assertEquals(new Interval(atom, atom), region.get(1));
    double entropy = 0.9 * components.entropy() - 0.9 * Math.log(0.9) - 0.1 * Math.log(0.1);
    assertEquals(entropy, mixture.entropy(), 1e-9);
    // At the outcome a: w² of ∫ F² from 0 to a, which is a less E[max] of two draws.
    double[] p = probabilities(components);
    double below = 0;
    double most = 0; // E[max(X, X')] = Σ (1 − F²)
    for (int y = 0; y < LAST; y++) {
      below += p[y];
      most += 1 - below * below;
    }
    double square = atom - most;
    assertEquals(0.81 * square, mixture.crps(atom), 1e-10 * square);
    assertEquals(0.01 * atom, mixture.crps(3), 1e-4 * atom);
  }

  /** The share of the zeros that a component made: w₀ P(0) / (w_a + w₀ P(0)). */
  @Test
  void responsibilitiesLeaveTheAtomItsShare() {
    Mixture mixture =
        CountMixtures.of(new double[] {1}, new double[] {2}, new double[] {0.5})
            .withAtoms(new double[] {0}, new double[] {0.2});
    assertArrayEquals(new double[] {0.2 / 0.4}, mixture.responsibilities(0), 1e-14);
    assertArrayEquals(new double[] {1}, mixture.responsibilities(3), 0);
  }

  /** Weights w^(1/τ) of atoms and components, and τ times the dispersion. */
  @Test
  void temperature() {
    Mixture mixture =
        CountMixtures.of(new double[] {1}, new double[] {2}, new double[] {0.5})
            .withAtoms(new double[] {0}, new double[] {0.2})
            .temperature(Temperature.of(0.5));
    double share = 0.64 / (0.64 + 0.04);
    double ofComponents = Math.pow(1 + 0.25 * 2, -4);
    assertEquals(1 - share + share * ofComponents, mixture.density(0), 1e-14);
    assertEquals(1 - share, mixture.atomProbabilities()[0], 1e-15);
  }

  /**
   * m = 1e5, α = 0.01 and an atom at 0: logs of sums over the integers by mpmath 1.3 with 40
   * digits.
   */
  @ParameterizedTest
  @CsvSource({
    "1e-300, 0, -690.13110750261036, -1.9048826308977873e-300, -690.13110750261036",
    "1e-300, 50000, -21.836731310449815, -3.2841885991797651e-10, -28.727715403393997",
    "1e-300, 100000, -0.66685833931180755, -0.72014582691738956, -10.130611986735533",
    "1e-300, 180000, -3.0018885315499103e-11, -24.229194421823395, -31.921747464500662",
    "0.5, 0, -0.69314718055994531, -0.69314718055994531, -0.69314718055994531",
    "0.5, 50000, -0.69314718023152645, -0.69314718088836417, -29.420862583953943",
    "0.5, 100000, -0.27884211331451144, -1.4132930074773349, -10.823759167295478",
    "0.5, 180000, -1.500944265763691e-11, -24.92234160238334, -32.614894645060608",
    "0.999999, 0, -1.000000500029089e-6, -13.815510557935518, -1.000000500029089e-6",
    "0.999999, 50000, -1.0000004997006698e-6, -13.815510558263937, -42.543225961329516",
    "0.999999, 100000, -4.8668139799758081e-7, -14.535656384852908, -23.946122544671051",
    "0.999999, 180000, -3.001888531591175e-17, -38.044704979758914, -45.737258022436181"
  })
  void largeCounts(
      double mass, double y, double logCdf, double logSurvival, double logProbability) {
    Mixture mixture =
        CountMixtures.of(new double[] {1}, new double[] {1e5}, new double[] {0.01})
            .withAtoms(new double[] {0}, new double[] {mass});
    assertEquals(logCdf, mixture.logCdf(y), 1e-9 * Math.abs(logCdf));
    assertEquals(logSurvival, mixture.logSurvival(y), 1e-9 * Math.abs(logSurvival));
    assertEquals(logProbability, mixture.logLikelihood(y), 1e-9 * Math.abs(logProbability));
  }

  @Test
  void atomsThatAreNoCountsAreRefused() {
    Mixture counts = CountMixtures.of(new double[] {1}, new double[] {2}, new double[] {0.5});
    for (double atom : new double[] {-1, 0.5, 16_777_217, 0x1p53}) {
      String expected =
          "Expected atoms of NEGATIVE_BINOMIAL that are integers of at least 0, exact as FLOAT too"
              + " and below 2^53, got ["
              + atom
              + "]";
      MixtureSpecBuilder builder =
          MixtureSpec.builder().components(2).family(ComponentFamily.NEGATIVE_BINOMIAL).atoms(atom);
      assertRefused(expected, builder::build);
      assertRefused(expected, () -> counts.withAtoms(new double[] {atom}, new double[] {0.1}));
      MixtureSpec spec = spec();
      assertRefused(expected, () -> spec.withAtoms(atom));
      MixtureBatch batch = MixtureBatch.of(spec, Nd4j.zeros(2, spec.parameterCount()));
      assertRefused(expected, () -> batch.atAtoms(atom));
    }
  }

  private static void assertRefused(String expected, Runnable call) {
    assertEquals(expected, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }

  @Test
  void whatIsNotOfferedIsRefused() {
    Mixture mixture =
        CountMixtures.of(new double[] {1}, new double[] {2}, new double[] {0.5})
            .withAtoms(new double[] {0}, new double[] {0.2});
    for (Runnable call :
        List.<Runnable>of(
            () -> mixture.klDivergence(mixture, 10, RandomSource.SPLIT_MIX_64.create(1)),
            mixture::entropyBounds,
            () -> mixture.variationalKlDivergence(mixture))) {
      String message = assertThrows(UnsupportedOperationException.class, call::run).getMessage();
      assertTrue(
          message.contains("not offered for counts with atoms; got atoms at [0.0]"), message);
    }
  }

  private static MixtureSpec spec() {
    return MixtureSpec.builder()
        .components(2)
        .family(ComponentFamily.NEGATIVE_BINOMIAL)
        .atoms(0)
        .build();
  }

  /** All bulk answers are those of the rows, bit by bit. */
  @Test
  void batchesAnswerAsTheirRows() {
    MixtureSpec spec = spec();
    double[][] raw = new double[40][spec.parameterCount()];
    Random random = new Random(5);
    for (double[] row : raw) {
      Arrays.setAll(row, column -> 3 * random.nextDouble() - 1.5);
    }
    MixtureBatch read = MixtureBatch.of(spec, Nd4j.createFromArray(raw));
    for (MixtureBatch batch :
        List.of(
            read,
            read.temperature(Temperature.of(0.7)),
            MixtureBatch.average(read, read.temperature(Temperature.of(2))))) {
      INDArray y = batch.sample(1, 4).reshape(40);
      INDArray quantiles = batch.quantile(0.3, 0.99);
      for (int n = 0; n < 40; n++) {
        Mixture one = batch.get(n);
        double label = y.getDouble(n);
        assertEquals(one.logDensity(label), batch.logDensity(y).getDouble(n));
        assertEquals(one.logLikelihood(label), batch.logLikelihood(y).getDouble(n));
        assertEquals(one.probabilityOf(0), batch.probabilityOf(0).getDouble(n));
        assertEquals(one.probabilityOf(3), batch.probabilityOf(3).getDouble(n));
        assertEquals(one.cdf(label), batch.cdf(y).getDouble(n));
        assertEquals(one.survival(label), batch.survival(y).getDouble(n));
        assertEquals(one.crps(label), batch.crps(y).getDouble(n));
        assertEquals(one.quantile(0.3), quantiles.getDouble(n, 0));
        assertEquals(one.quantile(0.99), quantiles.getDouble(n, 1));
        assertEquals(one.mean()[0], batch.mean().getDouble(n));
        assertEquals(one.variance()[0], batch.variance().getDouble(n));
        assertEquals(one.mode()[0], batch.mode().getDouble(n));
        assertEquals(one.heaviestLocation()[0], batch.heaviestLocation().getDouble(n));
      }
    }
    Mixture pooled = read.pooled();
    double zero = read.probabilityOf(0).meanNumber().doubleValue();
    assertEquals(zero, pooled.probabilityOf(0), 1e-14);
  }

  /** Also of counts without atoms. */
  @Test
  void batchesKnowTheProbabilityOfACount() {
    MixtureSpec spec = spec().withoutAtoms();
    MixtureBatch batch = MixtureBatch.of(spec, Nd4j.zeros(3, spec.parameterCount()));
    assertEquals(batch.get(1).density(2), batch.probabilityOf(2).getDouble(1), 0);
    assertTrue(batch.probabilityOf(2).getDouble(1) > 0);
    assertEquals(0, batch.probabilityOf(2.5).getDouble(1), 0);
  }
}
