/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.mdn4j.ComponentFamily;
import org.mdn4j.distribution.components.VonMises;

/** Many mixtures of every family, with scales of very different size. */
@Tag("slow")
class RandomFamilyMixturesTest {
  private static final int MIXTURES = 150;

  private final UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(7);

  private Mixture next(ComponentFamily family) {
    int components = 1 + random.nextInt(8);
    double ratio = new double[] {1, 3, 30, 1000}[random.nextInt(4)];
    ZigguratSampler.NormalizedGaussian normal = ZigguratSampler.NormalizedGaussian.of(random);
    double[] weights = new double[components];
    double[] locations = new double[components];
    double[] scales = new double[components];
    double[] degrees = new double[components];
    for (int k = 0; k < components; k++) {
      weights[k] = random.nextInt(10) == 0 ? 0 : random.nextDouble();
      locations[k] = 2 * normal.sample();
      scales[k] = Math.pow(ratio, random.nextDouble() - 0.5);
      degrees[k] = Math.pow(10, 4 * random.nextDouble() - 0.5);
      if (family == ComponentFamily.VON_MISES) {
        scales[k] = 1 / (scales[k] * scales[k]);
      } else if (family == ComponentFamily.LOG_NORMAL) {
        scales[k] = Math.min(3, scales[k]);
      }
    }
    weights[0] = 1;
    return family == ComponentFamily.STUDENT_T
        ? Mixture.studentT(
            weights, FamilyMixtures.column(locations), FamilyMixtures.column(scales), degrees)
        : FamilyMixtures.mixture(family, weights, locations, scales);
  }

  /** Points around each component, from next to it to ever farther. */
  private static double[] grid(Mixture mixture) {
    List<Double> points = new ArrayList<>();
    for (int k = 0; k < mixture.components(); k++) {
      if (mixture.weights()[k] > 0) {
        double location = mixture.locations()[k][0];
        double scale = mixture.scales()[k][0];
        for (double u = 0; u < 1e4; u = Math.max(1e-5, u + Math.min(0.01 + 0.01 * u, 0.03 * u))) {
          for (double side : new double[] {-u, u}) {
            switch (mixture.family()) {
              case VON_MISES ->
                  points.add(VonMises.wrapped(location + Math.min(7, 0.3 * u) / Math.sqrt(scale)));
              case LOG_NORMAL -> points.add(Math.exp(location + scale * Math.min(30, side)));
              default -> points.add(location + scale * side);
            }
          }
        }
      }
    }
    if (mixture.family() == ComponentFamily.VON_MISES) {
      IntStream.range(0, 20_000).forEach(i -> points.add(-Math.PI + i * 2 * Math.PI / 20_000));
    }
    return points.stream().mapToDouble(y -> y).sorted().distinct().toArray();
  }

  /** Counts the tops among the values, round the circle from the lowest for angles. */
  private static int tops(Mixture mixture) {
    double[] grid = grid(mixture);
    double[] log = Arrays.stream(grid).map(mixture::logDensity).filter(Double::isFinite).toArray();
    int start = IntStream.range(0, log.length).reduce((i, j) -> log[j] < log[i] ? j : i).getAsInt();
    boolean circle = mixture.family() == ComponentFamily.VON_MISES;
    int tops = 0;
    boolean rising = true;
    double last = circle ? log[start] : log[0];
    for (int i = 1; i < log.length; i++) {
      double next = log[circle ? (start + i) % log.length : i];
      if (Math.abs(next - last) > 1e-12 * (1 + Math.abs(last))) { // or rounding made it
        tops += rising && next < last ? 1 : 0;
        rising = next > last;
        last = next;
      }
    }
    return tops + (circle && rising ? 1 : 0);
  }

  @ParameterizedTest
  @EnumSource(
      value = ComponentFamily.class,
      names = "NEGATIVE_BINOMIAL", // integers: CountsAtEveryScaleTest
      mode = EnumSource.Mode.EXCLUDE)
  void modesRegionsAndQuantiles(ComponentFamily family) {
    int modes = 0;
    for (int i = 0; i < MIXTURES; i++) {
      Mixture mixture = next(family);
      double[][] found = mixture.modes();
      modes += found.length;
      assertEquals(tops(mixture), found.length, mixture + " " + Arrays.deepToString(found));
      for (double p : new double[] {1e-9, 0.02, 0.5, 0.9}) {
        double y = mixture.quantile(p);
        assertEquals(
            p,
            mixture.cdf(y),
            1e-9 * p + 2 * mixture.density(y) * Math.ulp(y),
            () -> p + " of " + mixture);
      }
      assertEquals(0.3, mass(mixture, 0.3), 1e-6, mixture::toString);
      assertEquals(0.95, mass(mixture, 0.95), 1e-6, mixture::toString);
      Interval bounds = mixture.entropyBounds();
      double entropy = mixture.entropy();
      assertTrue(
          bounds.lower() - 1e-8 <= entropy && entropy <= bounds.upper() + 1e-8,
          () -> entropy + " in " + bounds + " of " + mixture);
    }
    assertTrue(modes > 1.5 * MIXTURES, "modes in all: " + modes);
  }

  private static double mass(Mixture mixture, double level) {
    return mixture.highestDensityRegion(level).stream()
        .mapToDouble(interval -> mixture.cdf(interval.upper()) - mixture.cdf(interval.lower()))
        .sum();
  }

  /** Every point of the coordinates' grid at which the density falls along both axes. */
  @Test
  void laplaceModesOverTwoTargetsAreThoseOfTheGrid() {
    int found = 0;
    for (int i = 0; i < 200; i++) {
      Mixture mixture = FamilyMixtures.random(ComponentFamily.LAPLACE, 2 + i % 5, 2, i);
      double[][] modes = mixture.modes();
      List<double[]> all = new ArrayList<>();
      for (double[] first : mixture.locations()) {
        for (double[] second : mixture.locations()) {
          double[] y = {first[0], second[1]};
          if (isTop(mixture, y)) {
            all.add(y);
          }
        }
      }
      for (double[] mode : modes) {
        assertTrue(all.stream().anyMatch(y -> Arrays.equals(y, mode)), mixture::toString);
      }
      found += modes.length;
      double highest = all.stream().mapToDouble(mixture::logDensity).max().orElseThrow();
      // From the components' locations the highest one is nearly always reached.
      assertTrue(mixture.logDensity(mixture.mode()) <= highest + 1e-12);
    }
    assertTrue(found > 300, "modes in all: " + found);
  }

  private static boolean isTop(Mixture mixture, double[] y) {
    double top = mixture.logDensity(y);
    for (double[] step : new double[][] {{1e-7, 0}, {-1e-7, 0}, {0, 1e-7}, {0, -1e-7}}) {
      if (mixture.logDensity(y[0] + step[0], y[1] + step[1]) > top) {
        return false;
      }
    }
    return true;
  }

  /** Half of the samples within the quartiles, for the widest and the narrowest. */
  @ParameterizedTest
  @CsvSource({"1e-300", "1e-6", "0.5", "1e3", "1e6", "1e12", "1e20", "1e100"})
  void vonMisesSamplesOfAnyConcentration(double kappa) {
    double[][] scale = {{kappa}};
    Mixture mixture =
        Mixture.of(ComponentFamily.VON_MISES, new double[] {1}, new double[][] {{0}}, scale);
    Interval middle = mixture.interval(0.5);
    int count = 20_000;
    double[][] samples = mixture.sample(count, random);
    long inside = Arrays.stream(samples).filter(y -> middle.contains(y[0])).count();
    assertEquals(0.5, inside / (double) count, 5 * 0.5 / Math.sqrt(count));
    assertTrue(Arrays.stream(samples).allMatch(y -> -Math.PI <= y[0] && y[0] < Math.PI));
    assertEquals(mixture.standardDeviations()[0][0], Math.sqrt(mixture.variance()[0]), 1e-9);
    if (kappa > 100) {
      assertEquals(0.6744897501960817 / Math.sqrt(kappa), middle.upper(), 1e-3 / Math.sqrt(kappa));
      assertEquals(
          1 / Math.sqrt(kappa), mixture.standardDeviations()[0][0], 1e-3 / Math.sqrt(kappa));
    }
  }

  /** With many degrees of freedom, or a large κ, the answers are a Gaussian's. */
  @Test
  void limitsAreGaussian() {
    double[][] locations = {{-1}, {1.5}};
    double[][] scales = {{0.02}, {0.03}};
    double[] weights = {1, 2};
    Mixture gaussian = Mixture.gaussian(weights, locations, scales);
    Mixture t = Mixture.studentT(weights, locations, scales, new double[] {6e7, 6e7});
    double[][] concentrations = {{1 / (0.02 * 0.02)}, {1 / (0.03 * 0.03)}};
    Mixture circular = Mixture.of(ComponentFamily.VON_MISES, weights, locations, concentrations);
    for (double y : new double[] {-1.1, -1, 0.5, 1.49, 1.6}) {
      assertEquals(gaussian.logDensity(y), t.logDensity(y), 1e-2);
      assertEquals(gaussian.crps(y), t.crps(y), 1e-7);
      assertEquals(gaussian.crps(y), circular.crps(y), 1e-4);
      assertEquals(gaussian.cdf(y), circular.cdf(y), 1e-3);
    }
    assertEquals(gaussian.entropy(), t.entropy(), 1e-6);
    assertEquals(gaussian.entropy(), circular.entropy(), 1e-3);
    assertEquals(gaussian.quantile(0.01), circular.quantile(0.01), 1e-4);
    assertEquals(
        gaussian.highestDensityRegion(0.9).get(1).width(),
        circular.highestDensityRegion(0.9).get(1).width(),
        1e-4);
  }
}
