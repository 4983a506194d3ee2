/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;
import org.apache.commons.rng.simple.RandomSource;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.distribution.Interval;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.files.SafeJson;

/** Conformal calibration of rows that count differently. */
class ConformalWeightsTest {
  private static final Interval WHOLE =
      new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
  private static final MixtureBatch MODEL = Lines.gaussians(4, 0, 1);
  private static final Mixture STANDARD = MODEL.get(0);

  /** scipy.stats.norm.ppf of 0.3, 0.1, 0.5 and 0.8. */
  private static final double[] LABELS = {
    -0.5244005127080409, -1.2815515655446004, 0, 0.8416212335729143
  };

  private static final double[] WEIGHTS = {4, 2, 8, 6};

  private static Conformal weighted(double... weights) {
    return Conformal.of(MODEL, Lines.column(LABELS), null, weights);
  }

  /** Tails 0.1, 0.2, 0.3, 0.5 weigh 2, 6, 4, 8: in units of the heaviest ¼, ¾, ½, 1. */
  @Test
  void massesAreInUnitsOfTheHeaviestRow() {
    Conformal conformal = weighted(WEIGHTS);
    assertArrayEquals(
        new double[][] {{2.5, 2.25, 1.5, 1}, {2.5, 2.25, 1.5, 1}}, conformal.masses());
    assertEquals(2.5, conformal.size());
    assertEquals(4, conformal.rows());
  }

  /** Of 3.5, which is 2.5 and the new row, c must weigh no more than from the tail on. */
  @ParameterizedTest
  @CsvSource({
    "0.25, 0.5",
    "0.28, 0.5", // 0.98 of 1
    "0.29, 0.3", // 1.015 of 1.5
    "0.42, 0.3", // 1.47
    "0.43, 0.2", // 1.505 of 2.25
    "0.64, 0.2", // 2.24
    "0.65, 0.1", // 2.275 of 2.5
    "0.71, 0.1", // 2.485
    "0.72, 0" // 2.52: more than there is
  })
  void theQuantileIsOfTheMass(double coverage, double tail) {
    Conformal conformal = weighted(WEIGHTS);
    assertEquals(1 - 2 * tail, conformal.intervalLevel(0, coverage), 1e-9);
    assertEquals(1 - 2 * tail, conformal.regionLevel(coverage), 1e-9);
    assertEquals(tail > 0, conformal.reaches(coverage));
    if (tail == 0) {
      assertEquals(WHOLE, conformal.interval(STANDARD, coverage));
      assertEquals(List.of(WHOLE), conformal.region(STANDARD, coverage));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 3, 0.1, 1e-300, 1e300})
  void equalWeightsChangeNothing(double weight) {
    double[] weights = new double[4];
    Arrays.fill(weights, weight);
    Conformal conformal = weighted(weights);
    assertNull(conformal.masses());
    assertEquals(Conformal.of(MODEL, Lines.column(LABELS)), conformal);
  }

  @Test
  void onlyRatiosCount() {
    double[] eighths = Arrays.stream(WEIGHTS).map(weight -> weight / 8).toArray();
    assertEquals(weighted(WEIGHTS), weighted(eighths));
  }

  @Test
  void groupsHaveTheirOwnMasses() {
    List<String> groups = Arrays.asList("a", "b", "a", null);
    Conformal conformal = Conformal.of(MODEL, Lines.column(LABELS), groups, WEIGHTS);
    assertEquals(1.5, conformal.groups().get("a").size()); // 4 and 8
    assertEquals(1, conformal.groups().get("b").size());
    assertTrue(conformal.hasGroup("a", 0.6)); // 0.6 · 2.5 = 1.5
    assertFalse(conformal.hasGroup("a", 0.61));
    assertTrue(conformal.hasGroup("b", 0.5));
    assertNull(conformal.groups().get("b").masses());
  }

  @Test
  void textBringsItBack() throws IOException {
    List<String> groups = Arrays.asList("a", "b", "a", null);
    Conformal conformal = Conformal.of(MODEL, Lines.column(LABELS), groups, WEIGHTS);
    String json = SafeJson.write(conformal);
    assertEquals(conformal, SafeJson.read(json, SafeJson.Limits.DESCRIPTION, Conformal.class));
    assertFalse(SafeJson.write(weighted(1, 1, 1, 1)).contains("masses"));
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
  void weightsAreFiniteAndAtLeastZero(double weight) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> weighted(1, 1, weight, 1));
    assertEquals(
        "Expected weights of at least 0, got %s in row 2".formatted(weight), e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> weighted(1, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> weighted(0, 0, 0, 0));
  }

  @Test
  void aWeightOfZeroLeavesARowOut() {
    List<String> groups = List.of("a", "b", "a", "b");
    double[] others = {LABELS[0], LABELS[2], LABELS[3]};
    assertEquals(
        Conformal.of(
            Lines.gaussians(3, 0, 1),
            Lines.column(others),
            List.of("a", "a", "b"),
            new double[] {4, 8, 6}),
        Conformal.of(MODEL, Lines.column(LABELS), groups, new double[] {4, 0, 8, 6}));
  }

  @Test
  void massesOfAFileAreChecked() {
    double[][] tails = {{0.1, 0.2}};
    double[] density = {0.1, 0.3};
    for (double[][] masses :
        new double[][][] {
          {{2, 1}}, // none of the density tails
          {{2, 1}, {2}},
          {{2, 1}, null},
          {{2, 1}, {1.5, 1}}, // another sum
          {{1, 2}, {1, 2}},
          {{2, 0}, {2, 0}},
          {{3, 1}, {3, 1}}, // 2, where the heaviest row is 1
          {{Double.NaN, 1}, {Double.NaN, 1}},
          {{Double.POSITIVE_INFINITY, 1}, {Double.POSITIVE_INFINITY, 1}}
        }) {
      assertThrows(
          IllegalArgumentException.class,
          () -> new Conformal(tails, density, Map.of(), masses),
          Arrays.deepToString(masses));
    }
    new Conformal(tails, density, Map.of(), new double[][] {{1.2, 1}, {1.2, 0.2}});
  }

  /**
   * Held out are as many rows of deviation 3 as of deviation 1; of new ones nine in ten are of
   * deviation 3, as the weights 1.8 and 0.2 say. The coverage of a new row is known by the cdf.
   */
  @ParameterizedTest
  @ValueSource(doubles = {0.5, 0.8, 0.9, 0.95, 0.99})
  void newRowsThatComeAsTheWeightsSayAreCovered(double coverage) {
    int rows = 200;
    int repetitions = 300;
    UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(11);
    ZigguratSampler.NormalizedGaussian normal = ZigguratSampler.NormalizedGaussian.of(random);
    MixtureBatch model = Lines.gaussians(rows, 0, 2);
    double[] of = new double[repetitions];
    double unweighted = 0;
    for (int i = 0; i < repetitions; i++) {
      double[] labels = new double[rows];
      double[] weights = new double[rows];
      for (int n = 0; n < rows; n++) {
        boolean wide = random.nextBoolean();
        labels[n] = (wide ? 3 : 1) * normal.sample();
        weights[n] = wide ? 1.8 : 0.2;
      }
      of[i] = covered(Conformal.of(model, Lines.column(labels), null, weights), model, coverage);
      unweighted += covered(Conformal.of(model, Lines.column(labels)), model, coverage);
    }
    double mean = Arrays.stream(of).average().orElseThrow();
    double error = 0;
    for (double one : of) {
      error += (one - mean) * (one - mean) / repetitions / repetitions;
    }
    error = Math.sqrt(error);
    double heaviest = 1.8 / (0.5 * rows * (1.8 + 0.2)); // the most that ∞ and a step weigh
    assertTrue(mean > coverage - 4 * error, "%s covers %s".formatted(coverage, mean));
    assertTrue(mean < coverage + 2 * heaviest + 4 * error, "%s: %s".formatted(coverage, mean));
    assertTrue(unweighted / repetitions < mean - 0.003, "without weights too few are covered");
  }

  private static double covered(Conformal conformal, MixtureBatch model, double coverage) {
    Interval interval = conformal.interval(model.get(0), coverage);
    return 0.9 * NormalDistribution.of(0, 3).probability(interval.lower(), interval.upper())
        + 0.1 * NormalDistribution.of(0, 1).probability(interval.lower(), interval.upper());
  }

  /** Labels 0 and 9 of a standard normal: 50 % have the first, by weight 3 to 1. */
  @Test
  void theSummaryWeighsItsRows() {
    Conformal conformal = Conformal.of(MODEL, Lines.column(LABELS));
    MixtureBatch two = Lines.gaussians(2, 0, 1);
    ConformalSummary summary =
        ConformalSummary.weighted(conformal, two, Lines.column(0, 9), null, new double[] {3, 1});
    assertEquals(0.75, summary.intervals().get(0).get(0).own());
    assertEquals(0.75, summary.regions().get(0).conformal());
    assertThrows(
        IllegalArgumentException.class,
        () ->
            ConformalSummary.weighted(
                conformal, two, Lines.column(0, 9), null, new double[] {3, 1, 1}));
  }
}
