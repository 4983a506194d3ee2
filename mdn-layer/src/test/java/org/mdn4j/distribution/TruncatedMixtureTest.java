/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.mdn4j.ComponentFamily;
import org.mdn4j.MixtureSpec;
import org.mdn4j.RandomRows;
import org.mdn4j.Truncation;
import org.mdn4j.eval.MixtureEvaluation;
import org.mdn4j.loss.LossMixtureNLL;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class TruncatedMixtureTest {
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  static List<String> references() throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                TruncatedMixtureTest.class.getResourceAsStream("truncated.csv"),
                StandardCharsets.UTF_8))) {
      return lines.lines().toList();
    }
  }

  private static double[] numbers(String cell) {
    return Arrays.stream(cell.replace("inf", "Infinity").split(" "))
        .mapToDouble(Double::parseDouble)
        .toArray();
  }

  private static double[][] column(double[] values) {
    return Arrays.stream(values).mapToObj(v -> new double[] {v}).toArray(double[][]::new);
  }

  /** Made by truncated.py, mpmath with 30 digits; to 40 σ beyond the locations. */
  @ParameterizedTest
  @MethodSource("references")
  void answersAgreeWithMpmath(String line) {
    String[] cells = line.split(";");
    ComponentFamily family = ComponentFamily.valueOf(cells[0]);
    double[] weights = numbers(cells[3]);
    double[][] locations = column(numbers(cells[4]));
    double[][] scales = column(numbers(cells[5]));
    Mixture whole =
        family == ComponentFamily.STUDENT_T
            ? Mixture.studentT(weights, locations, scales, numbers(cells[6]))
            : Mixture.of(family, weights, locations, scales);
    double lower = numbers(cells[1])[0];
    double upper = numbers(cells[2])[0];
    Mixture mixture = whole.truncated(lower, upper);
    double y = Double.parseDouble(cells[7]);
    double[] expected = Arrays.stream(cells, 8, 16).mapToDouble(Double::parseDouble).toArray();
    double size = Math.max(1, Math.abs(expected[2]));
    assertAll(
        () -> assertEquals(expected[0], mixture.logDensity(y), 1e-10),
        () -> assertEquals(expected[1], mixture.logCdf(y), 1e-10),
        () -> assertEquals(expected[2], mixture.mean()[0], 1e-11 * size),
        () -> assertEquals(expected[3], Math.sqrt(mixture.variance()[0]), 1e-9 * expected[3]),
        () -> assertEquals(expected[4], mixture.quantile(0.5), 1e-11 * size),
        () -> assertEquals(expected[5], mixture.survivalQuantile(1e-6), 1e-11 * size),
        () -> assertEquals(expected[6], mixture.crps(y), 1e-9 * expected[6]),
        () -> assertEquals(expected[7], mixture.entropy(), 1e-8));
  }

  private static Mixture two(ComponentFamily family) {
    double[] weights = {0.4, 0.6};
    double[][] locations = {{0.5}, {2}};
    double[][] scales = {{0.4}, {0.7}};
    return family == ComponentFamily.STUDENT_T
        ? Mixture.studentT(weights, locations, scales, new double[] {2.5, 6})
        : Mixture.of(family, weights, locations, scales);
  }

  @ParameterizedTest
  @EnumSource(
      value = ComponentFamily.class,
      names = {"VON_MISES", "NEGATIVE_BINOMIAL"},
      mode = EnumSource.Mode.EXCLUDE)
  void itIsTheWholeOneGivenTheRange(ComponentFamily family) {
    Mixture whole = two(family);
    Mixture mixture = whole.truncated(0.8, 3);
    double share = whole.probability(0.8, 3);
    assertEquals(whole.density(1.3) / share, mixture.density(1.3), 1e-13);
    assertEquals(0, mixture.density(0.7));
    assertEquals(0, mixture.density(3.1));
    assertEquals(0, mixture.cdf(0.8));
    assertEquals(1, mixture.cdf(3), 1e-15);
    assertEquals(0, mixture.survival(3.5));
    assertEquals(whole.probability(0.8, 1.3) / share, mixture.cdf(1.3), 1e-13);
    assertEquals(whole.probability(1.3, 3) / share, mixture.survival(1.3), 1e-13);
    assertEquals(whole.probability(1, 2) / share, mixture.probability(0.1 * 10, 2), 1e-13);
    assertEquals(Math.log(mixture.survival(1.3)), mixture.logProbability(1.3, 99), 1e-12);
    assertEquals(0.3, mixture.cdf(mixture.quantile(0.3)), 1e-12);
    assertEquals(0.8, mixture.quantile(0));
    assertEquals(3, mixture.quantile(1));
    assertEquals(
        0.9,
        mixture.probability(mixture.interval(0.9).lower(), mixture.interval(0.9).upper()),
        1e-12);
    assertArrayEquals(whole.responsibilities(1.3), mixture.responsibilities(1.3), 1e-13);
    assertEquals(Optional.of(new Truncation(0.8, 3.0)), mixture.truncation());
    assertEquals(whole.density(1.3), mixture.untruncated().density(1.3), 1e-14);
    assertArrayEquals(whole.weights(), mixture.untruncated().weights(), 1e-14);
    Mixture anew = mixture.truncated(-1, 1);
    assertEquals(whole.density(0.9) / whole.probability(-1, 1), anew.density(0.9), 1e-12);
    assertTrue(mixture.toString().contains("truncated to [0.8, 3.0]"), mixture::toString);
  }

  @ParameterizedTest
  @EnumSource(
      value = ComponentFamily.class,
      names = {"VON_MISES", "NEGATIVE_BINOMIAL"},
      mode = EnumSource.Mode.EXCLUDE)
  void drawsHaveItsMoments(ComponentFamily family) {
    for (double[] range : new double[][] {{0.8, 3}, {4.5, 6}}) { // by rejection, by quantiles
      Mixture mixture = two(family).truncated(range[0], range[1]);
      double[][] draws = mixture.sample(4000, RandomSource.XO_RO_SHI_RO_128_PP.create(3));
      double mean = Arrays.stream(draws).mapToDouble(y -> y[0]).average().orElseThrow();
      assertTrue(Arrays.stream(draws).allMatch(y -> range[0] <= y[0] && y[0] <= range[1]));
      double deviation = Math.sqrt(mixture.variance()[0]);
      assertEquals(mixture.mean()[0], mean, 4 * deviation / Math.sqrt(draws.length));
      double squares =
          Arrays.stream(draws).mapToDouble(y -> Math.pow(y[0] - mean, 2)).average().orElseThrow();
      assertEquals(deviation, Math.sqrt(squares), 0.06 * deviation);
    }
  }

  /** Where the range is all there is, the closed forms of the whole one hold. */
  @ParameterizedTest
  @EnumSource(
      value = ComponentFamily.class,
      names = {"VON_MISES", "NEGATIVE_BINOMIAL"},
      mode = EnumSource.Mode.EXCLUDE)
  void momentsWithoutEndsAreTheClosedForms(ComponentFamily family) {
    Mixture whole = two(family);
    Mixture all = whole.truncated(-INFINITY, INFINITY);
    assertEquals(whole.mean()[0], all.mean()[0], 1e-10);
    assertEquals(whole.variance()[0], all.variance()[0], 1e-8 * whole.variance()[0]);
    assertEquals(whole.crps(1), all.crps(1), 1e-8);
    assertEquals(whole.quantile(0.999), all.quantile(0.999), 1e-9);
  }

  @Test
  void momentsThatDoNotExistAreRefusedUnlessTheRangeIsFinite() {
    Mixture heavy =
        Mixture.studentT(
            new double[] {1}, new double[][] {{0}}, new double[][] {{1}}, new double[] {0.8});
    Mixture above = heavy.truncated(0, INFINITY);
    assertTrue(!above.hasMean());
    assertThrows(UnsupportedOperationException.class, above::mean);
    assertThrows(UnsupportedOperationException.class, above::variance);
    assertTrue(heavy.truncated(0, 5).hasMean());
    assertTrue(heavy.truncated(0, 5).variance()[0] > 0);
  }

  @Test
  void modesAreThoseInsideAndTheEndsTowardsWhichItRises() {
    Mixture whole = two(ComponentFamily.GAUSSIAN);
    double[][] modes = whole.modes();
    assertEquals(2, modes.length);
    double[][] both = whole.truncated(0, 3).modes();
    assertArrayEquals(modes[0], both[0], 1e-12);
    assertArrayEquals(modes[1], both[1], 1e-12);
    assertArrayEquals(new double[][] {{0.8}, modes[1]}, whole.truncated(0.8, 3).modes());
    assertArrayEquals(new double[][] {{3}}, whole.truncated(3, INFINITY).modes());
    assertArrayEquals(new double[] {0.1}, whole.truncated(-2, 0.1).mode());
    Mixture truncated = whole.truncated(0, 3);
    assertThrows(UnsupportedOperationException.class, truncated::entropyBounds);
    Exception refusal =
        assertThrows(
            UnsupportedOperationException.class,
            () -> truncated.variationalKlDivergence(truncated));
    assertTrue(refusal.getMessage().contains("of truncated mixtures are not computed"));
  }

  /**
   * Each has its probability, all in it is likelier than all outside, and none leaves the range.
   */
  @ParameterizedTest
  @EnumSource(
      value = ComponentFamily.class,
      names = {"VON_MISES", "NEGATIVE_BINOMIAL"},
      mode = EnumSource.Mode.EXCLUDE)
  void regionsAreTheSmallestOfTheirProbability(ComponentFamily family) {
    for (double[] range : new double[][] {{0.8, 3}, {0.1, INFINITY}, {-INFINITY, 2}, {6, 9}}) {
      Mixture mixture = two(family).truncated(range[0], range[1]);
      double[] levels = {0.1, 0.5, 0.9, 0.999};
      List<List<Interval>> regions = mixture.highestDensityRegions(levels);
      for (int i = 0; i < levels.length; i++) {
        double mass = 0;
        double threshold = INFINITY;
        for (Interval part : regions.get(i)) {
          assertTrue(range[0] <= part.lower() && part.upper() <= range[1], part.toString());
          mass += mixture.probability(part.lower(), part.upper());
          threshold = Math.min(threshold, mixture.density(part.lower()));
          threshold = Math.min(threshold, mixture.density(part.upper()));
        }
        assertEquals(levels[i], mass, 1e-9, family + " " + regions.get(i));
        assertEquals(levels[i], 1 - mixture.densityTail(lowestEnd(mixture, regions.get(i))), 1e-9);
        for (double p = 0.01; p < 1; p += 0.02) {
          double y = mixture.quantile(p);
          boolean inside = regions.get(i).stream().anyMatch(part -> part.contains(y));
          double density = mixture.density(y);
          assertTrue(
              inside ? density >= threshold * (1 - 1e-9) : density <= threshold * (1 + 1e-9),
              family + " at " + y);
        }
      }
    }
  }

  /** The end of a region at which the density is the threshold, not that of the range. */
  private static double lowestEnd(Mixture mixture, List<Interval> region) {
    double lowest = region.get(0).lower();
    for (Interval part : region) {
      for (double end : new double[] {part.lower(), part.upper()}) {
        lowest = mixture.density(end) < mixture.density(lowest) ? end : lowest;
      }
    }
    return lowest;
  }

  @Test
  void unitsAndTemperaturesChangeTheRangeWithTheMixture() {
    Mixture whole = two(ComponentFamily.LAPLACE);
    Mixture mirrored = whole.truncated(0.8, 3).rescale(-2).shift(1);
    Mixture expected = whole.rescale(-2).shift(1).truncated(-5, -0.6);
    for (double y : new double[] {-4, -2, -0.7}) {
      assertEquals(expected.density(y), mirrored.density(y), 1e-13);
    }
    assertEquals(1 - 2 * whole.truncated(0.8, 3).mean()[0], mirrored.mean()[0], 1e-11);
    Temperature warm = Temperature.of(2);
    Mixture changed = whole.truncated(0.8, 3).temperature(warm);
    Mixture first = whole.temperature(warm).truncated(0.8, 3);
    assertEquals(first.density(1.1), changed.density(1.1), 1e-13);
    assertArrayEquals(first.weights(), changed.weights(), 1e-13);
    assertThrows(IllegalArgumentException.class, () -> whole.truncated(2, 2));
    assertThrows(IllegalArgumentException.class, () -> whole.truncated(Double.NaN, 2));
    assertThrows(
        IllegalArgumentException.class, () -> two(ComponentFamily.LOG_NORMAL).truncated(-2, -1));
    assertThrows(
        UnsupportedOperationException.class,
        () -> two(ComponentFamily.VON_MISES).truncated(0, 1).density(0.5));
  }

  /** A truncated specification decodes to the renormalised mixture; the evaluation scores it so. */
  @ParameterizedTest
  @EnumSource(
      value = ComponentFamily.class,
      names = {"VON_MISES", "NEGATIVE_BINOMIAL"},
      mode = EnumSource.Mode.EXCLUDE)
  void batchesOfATruncatedSpecificationAreTruncated(ComponentFamily family) {
    MixtureSpec plain = MixtureSpec.builder().components(3).family(family).build();
    MixtureSpec spec = plain.withLabels(false, new Truncation(0.25, 6.0));
    INDArray raw = RandomRows.of(plain, 12, 1, 5, DataType.DOUBLE).raw();
    MixtureBatch whole = MixtureBatch.of(plain, raw);
    MixtureBatch predicted = MixtureBatch.of(spec, raw);
    INDArray y = Nd4j.linspace(DataType.DOUBLE, 0.5, 0.4, 12).reshape(12, 1);
    for (int n = 0; n < 12; n++) {
      Mixture expected = whole.get(n).truncated(0.25, 6);
      assertEquals(
          expected.logDensity(y.getDouble(n)), predicted.get(n).logDensity(y.getDouble(n)), 1e-11);
      assertEquals(
          whole.get(n).density(1), predicted.get(n).untruncated().density(1), 1e-12, "whole");
    }
    double loss =
        new LossMixtureNLL(spec).computeScore(y, raw, new ActivationIdentity(), null, true);
    assertEquals(loss, -predicted.logDensity(y).meanNumber().doubleValue(), 1e-11);
    MixtureEvaluation evaluation = new MixtureEvaluation(spec);
    evaluation.eval(y, raw, null, null);
    assertEquals(loss, evaluation.nll(), 1e-11);
    assertTrue(evaluation.target(0).crps() > 0);
    assertTrue(evaluation.regionCoverage(0.9) > 0);
    assertTrue(evaluation.target(0).centralCoverage(0.9) > 0);
    INDArray draws = predicted.sample(50, 3);
    assertTrue(draws.minNumber().doubleValue() >= 0.25);
    assertTrue(draws.maxNumber().doubleValue() <= 6);
    double median = predicted.quantile(0.5).getDouble(3, 0);
    assertEquals(predicted.get(3).quantile(0.5), median);
    MixtureBatch warm = predicted.temperature(Temperature.of(1.5));
    assertEquals(
        whole.get(2).temperature(Temperature.of(1.5)).truncated(0.25, 6).logDensity(1),
        warm.get(2).logDensity(1),
        1e-11);
    MixtureBatch average = MixtureBatch.average(predicted, predicted);
    assertEquals(predicted.get(1).logDensity(1), average.get(1).logDensity(1), 1e-12);
    assertThrows(IllegalArgumentException.class, () -> MixtureBatch.average(predicted, whole));
  }
}
