/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.ComponentFamily;
import org.mdn4j.MixtureSpec;
import org.mdn4j.RandomRows;
import org.mdn4j.distribution.Interval;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.files.MalformedFileException;
import org.mdn4j.files.SafeJson;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Conformal calibration of cases that are known by hand; its coverage is held elsewhere. */
class ConformalTest {
  private static final Interval WHOLE =
      new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
  private static final Mixture STANDARD = Lines.gaussians(1, 0, 1).get(0);

  /** scipy.stats.norm.ppf of 0.1, 0.3, 0.5 and 0.8. */
  private static final double[] LABELS = {
    -1.2815515655446004, -0.5244005127080409, 0, 0.8416212335729143
  };

  private static final Conformal FOUR =
      Conformal.of(Lines.gaussians(4, 0, 1), Lines.column(LABELS));

  @Test
  void scoresAreTheTailsInOrder() {
    assertArrayEquals(new double[][] {{0.1, 0.2, 0.3, 0.5}}, round(FOUR.tails()));
    assertArrayEquals(new double[] {0.2, 0.4, 0.6, 1}, FOUR.densityTails(), 1e-9);
    assertEquals(4, FOUR.rows());
    assertEquals("Conformal(rows=4, targets=1, groups=[])", FOUR.toString());
  }

  private static double[][] round(double[][] values) {
    return Arrays.stream(values)
        .map(row -> Arrays.stream(row).map(v -> Math.round(v * 1e9) / 1e9).toArray())
        .toArray(double[][]::new);
  }

  /** ⌈5 c⌉ of four scores: the third for 0.6, the fourth for 0.8, and none for more. */
  @ParameterizedTest
  @CsvSource({"0.2, 0.5", "0.21, 0.3", "0.4, 0.3", "0.6, 0.2", "0.61, 0.1", "0.8, 0.1"})
  void theQuantileIsOfThisRank(double coverage, double tail) {
    assertEquals(1 - 2 * tail, FOUR.intervalLevel(0, coverage), 1e-9);
    assertEquals(1 - 2 * tail, FOUR.regionLevel(coverage), 1e-9);
    Interval interval = FOUR.interval(STANDARD, coverage);
    assertEquals(STANDARD.quantile(tail), interval.lower(), 1e-8);
    assertEquals(-interval.lower(), interval.upper(), 1e-8);
    List<Interval> region = FOUR.region(STANDARD, coverage);
    assertEquals(1, region.size());
    assertEquals(interval.lower(), region.get(0).lower(), 1e-7);
    assertEquals(interval.upper(), region.get(0).upper(), 1e-7);
  }

  @Test
  void fewerRowsThanACoverageNeedsGiveTheWholeLine() {
    assertEquals(WHOLE, FOUR.interval(STANDARD, 0.81));
    assertEquals(List.of(WHOLE), FOUR.region(STANDARD, 0.81));
    assertTrue(FOUR.contains(STANDARD, new double[] {1e9}, 0.81));
    assertFalse(FOUR.contains(STANDARD, new double[] {1e9}, 0.8));
  }

  @ParameterizedTest
  @CsvSource({"0.5, 1", "0.55, 2", "0.8, 4", "0.9, 9", "0.95, 19", "0.99, 99", "0.999, 999"})
  void leastRows(double coverage, int rows) {
    assertEquals(rows, Conformal.leastRows(coverage));
    double[] tails = new double[rows];
    Arrays.fill(tails, 0.25);
    Conformal enough = new Conformal(new double[][] {tails}, tails, Map.of());
    assertEquals(0.5, enough.intervalLevel(0, coverage));
    if (rows > 1) {
      double[] fewer = Arrays.copyOf(tails, rows - 1);
      assertEquals(
          1, new Conformal(new double[][] {fewer}, fewer, Map.of()).intervalLevel(0, coverage));
    }
  }

  /** In doubles 20 · 0.55 is a little more than 11. */
  @Test
  void ranksAreOfTheCoverageAsItIsWritten() {
    double[] tails = new double[19];
    Arrays.setAll(tails, i -> (i + 1) / 100.0);
    assertEquals(
        1 - 2 * 0.09,
        new Conformal(new double[][] {tails}, tails, Map.of()).intervalLevel(0, 0.55));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, -0.1, 1.1, Double.NaN})
  void coveragesOutside(double coverage) {
    assertEquals(
        "Expected a coverage in (0, 1), got " + coverage,
        assertThrows(IllegalArgumentException.class, () -> FOUR.interval(STANDARD, coverage))
            .getMessage());
  }

  /** Labels where the model has no probability are covered by the whole line only. */
  @Test
  void labelsBeyondAllProbability() {
    double[] labels = {1e6, 0, -1e6, 0.5};
    Conformal far = Conformal.of(Lines.gaussians(4, 0, 1), Lines.column(labels));
    assertEquals(0, far.tails()[0][1]);
    assertEquals(0, far.densityTails()[1]);
    assertTrue(Double.isFinite(far.interval(STANDARD, 0.4).upper()));
    assertEquals(WHOLE, far.interval(STANDARD, 0.6));
    assertEquals(List.of(WHOLE), far.region(STANDARD, 0.6));
  }

  /** Where F(y) rounds to 1, the tail still tells 20 from 30 standard deviations. */
  @ParameterizedTest
  @ValueSource(doubles = {20, -20, 30})
  void farTailsKeepTheirDigits(double label) {
    double[] labels = new double[9];
    Arrays.fill(labels, label);
    Conformal far = Conformal.of(Lines.gaussians(9, 0, 1), Lines.column(labels));
    assertEquals(Math.abs(label), far.interval(STANDARD, 0.9).upper(), 1e-8);
    assertEquals(-Math.abs(label), far.interval(STANDARD, 0.9).lower(), 1e-8);
    List<Interval> region = far.region(STANDARD, 0.9);
    assertEquals(1, region.size());
    assertEquals(Math.abs(label), region.get(0).upper(), 1e-7);
    assertEquals(-Math.abs(label), region.get(0).lower(), 1e-7);
    assertTrue(far.contains(STANDARD, new double[] {label}, 0.9));
    assertFalse(far.contains(STANDARD, new double[] {1.001 * label}, 0.9));
  }

  /**
   * A label below 0 has no tail; the interval that must have it is not that of positive numbers.
   */
  @Test
  void labelsOutsideOfTheSupport() {
    MixtureSpec spec =
        MixtureSpec.builder().components(1).family(ComponentFamily.LOG_NORMAL).build();
    MixtureBatch one = MixtureBatch.of(spec, Nd4j.createFromArray(new double[][] {{0, 0, 0}}));
    Conformal outside = Conformal.of(one, Lines.column(-3));
    assertEquals(WHOLE, outside.interval(one.get(0), 0.5));
    assertEquals(List.of(WHOLE), outside.region(one.get(0), 0.5));
  }

  @Test
  void anglesHaveAWholeTurnAtMost() {
    MixtureSpec spec =
        MixtureSpec.builder().components(1).family(ComponentFamily.VON_MISES).build();
    MixtureBatch one = MixtureBatch.of(spec, Nd4j.createFromArray(new double[][] {{0, 0, 1}}));
    Conformal turned = Conformal.of(one, Lines.column(0.3 + 6 * Math.PI));
    Conformal plain = Conformal.of(one, Lines.column(0.3));
    assertEquals(plain.tails()[0][0], turned.tails()[0][0], 1e-12);
    assertEquals(plain.densityTails()[0], turned.densityTails()[0], 1e-12);
    assertEquals(new Interval(-Math.PI, Math.PI), plain.interval(one.get(0), 0.9));
    assertEquals(List.of(new Interval(-Math.PI, Math.PI)), plain.region(one.get(0), 0.9));
  }

  /** Of equal scores all are in. */
  @Test
  void tiesAreCovered() {
    double[] labels = {1, 1, 1, -1, -1, 1, 1, -1, 1};
    Conformal tied = Conformal.of(Lines.gaussians(9, 0, 1), Lines.column(labels));
    for (double coverage : new double[] {0.1, 0.5, 0.9}) {
      assertTrue(tied.contains(STANDARD, new double[] {1}, coverage));
      assertTrue(tied.contains(STANDARD, new double[] {-1}, coverage));
      assertFalse(tied.contains(STANDARD, new double[] {1.0001}, coverage));
    }
  }

  /** What the region has, by its ends, is what is likely enough, by its score. */
  @ParameterizedTest
  @EnumSource(ComponentFamily.class)
  void regionsHaveWhatTheyContain(ComponentFamily family) {
    MixtureSpec spec = MixtureSpec.builder().components(3).family(family).build();
    RandomRows rows = RandomRows.of(spec, 60, 1, 4, DataType.DOUBLE);
    MixtureBatch predicted = MixtureBatch.of(spec, rows.raw());
    INDArray labels = predicted.sample(1, 5).reshape(60, 1);
    Conformal conformal = Conformal.of(predicted, labels);
    int inside = 0;
    for (int n = 0; n < 60; n++) {
      Mixture mixture = predicted.get(n);
      double y = labels.getDouble(n);
      double[] wrapped = {
        family == ComponentFamily.VON_MISES ? Math.IEEEremainder(y, 2 * Math.PI) : y
      };
      for (double coverage : new double[] {0.3, 0.77, 0.9}) {
        boolean contained = conformal.contains(mixture, wrapped, coverage);
        double excess = mixture.densityTail(y) - (1 - conformal.regionLevel(coverage));
        if (Math.abs(excess) > 1e-9) { // the row that sets it lies on an end
          boolean inRegion =
              conformal.region(mixture, coverage).stream()
                  .anyMatch(interval -> interval.contains(wrapped[0]));
          String name = family + " " + y + " at " + coverage;
          if (family.isDiscrete()) { // the smallest set that leaves no more out may have one more
            assertTrue(inRegion || !contained, name);
            assertTrue(!inRegion || contained || excess + mixture.density(y) > 0, name);
          } else {
            assertEquals(contained, inRegion, name);
          }
        }
        inside += contained ? 1 : 0;
      }
    }
    assertEquals(19 + 47 + 55, inside); // ⌈61 c⌉
  }

  @Test
  void groupsAreCalibratedApart() {
    double[] labels = new double[40];
    String[] groups = new String[40];
    for (int n = 0; n < 40; n++) {
      labels[n] = n < 19 ? 1 : n < 38 ? 2 : 3;
      groups[n] = n < 19 ? "quiet" : n < 38 ? "noisy" : n < 39 ? "rare" : null;
    }
    Conformal conformal =
        Conformal.of(Lines.gaussians(40, 0, 1), Lines.column(labels), Arrays.asList(groups));
    assertEquals(1, conformal.forGroup("quiet", 0.95).interval(STANDARD, 0.95).upper(), 1e-9);
    assertEquals(2, conformal.forGroup("noisy", 0.95).interval(STANDARD, 0.95).upper(), 1e-9);
    assertEquals(3, conformal.interval(STANDARD, 0.95).upper(), 1e-9);
    assertTrue(conformal.hasGroup("noisy", 0.95));
    for (String other : new String[] {"rare", "unknown", null}) {
      assertFalse(conformal.hasGroup(other, 0.95));
      assertEquals(conformal, conformal.forGroup(other, 0.95));
    }
    assertFalse(conformal.hasGroup("noisy", 0.96)); // needs 24 rows
    assertTrue(conformal.hasGroup("rare", 0.5));
    assertEquals(3, conformal.forGroup("rare", 0.5).interval(STANDARD, 0.5).upper(), 1e-9);
    assertEquals(
        "Expected 4 groups, one per row, got 1",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    Conformal.of(Lines.gaussians(4, 0, 1), Lines.column(LABELS), List.of("quiet")))
            .getMessage());
  }

  @Test
  void severalTargets() {
    MixtureSpec spec = MixtureSpec.builder().components(3).targets(2).build();
    RandomRows rows = RandomRows.of(spec, 30, 2, 1, DataType.DOUBLE);
    MixtureBatch predicted = MixtureBatch.of(spec, rows.raw());
    Conformal conformal = Conformal.of(predicted, rows.labels());
    Mixture mixture = predicted.get(7);
    for (int d = 0; d < 2; d++) {
      int target = d;
      INDArray column = rows.labels().getColumn(d).reshape(30, 1);
      double[] tails = new double[30];
      for (int n = 0; n < 30; n++) {
        double pit = predicted.get(n).marginal(d).cdf(column.getDouble(n));
        tails[n] = Math.min(pit, 1 - pit);
      }
      Arrays.sort(tails);
      assertArrayEquals(tails, conformal.tails()[d], 1e-14);
      Interval interval = conformal.interval(mixture, target, 0.9);
      assertEquals(tails[2], mixture.marginal(d).cdf(interval.lower()), 1e-9); // 28th of 30
      assertEquals(tails[2], mixture.marginal(d).survival(interval.upper()), 1e-9);
    }
    int inside = 0;
    for (int n = 0; n < 30; n++) {
      double[] y = rows.labels().getRow(n).toDoubleVector();
      inside += conformal.contains(predicted.get(n), y, 0.9) ? 1 : 0;
    }
    assertTrue(inside >= 28, () -> "of 30 at least 28");
    assertTrue(conformal.contains(mixture, mixture.mode(), 0.1));
    assertEquals(
        "Expected one target, got a calibration of 2",
        assertThrows(IllegalArgumentException.class, () -> conformal.interval(mixture, 0.9))
            .getMessage());
    assertEquals(
        "Expected a mixture over 2 targets, got one over 1",
        assertThrows(IllegalArgumentException.class, () -> conformal.interval(STANDARD, 1, 0.9))
            .getMessage());
  }

  @Test
  void labelsThatAreNoNumbers() {
    assertEquals(
        "Expected finite labels, got NaN at row 1, column 0",
        assertThrows(
                IllegalArgumentException.class,
                () -> Conformal.of(Lines.gaussians(2, 0, 1), Lines.column(1, Double.NaN)))
            .getMessage());
  }

  private static Conformal read(String json) throws MalformedFileException {
    return SafeJson.read(json, SafeJson.Limits.DESCRIPTION, Conformal.class);
  }

  @Test
  void jsonGivesTheSame() throws Exception {
    double[] labels = {0.1, 1e-9, -7, 35, -0.3};
    Conformal written =
        Conformal.of(
            Lines.gaussians(5, 0, 1),
            Lines.column(labels),
            Arrays.asList("b", "a\"ä", null, "b", "b"));
    Conformal read = read(SafeJson.write(written));
    assertEquals(written, read);
    assertEquals(written.hashCode(), read.hashCode());
    assertEquals(written.interval(STANDARD, 0.8), read.interval(STANDARD, 0.8));
    assertEquals(3, read.forGroup("b", 0.7).rows());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{}|got null or no target",
        "{\"tails\":[],\"densityTails\":[],\"groups\":{}}|got null or no target",
        "{\"tails\":[[]],\"densityTails\":[],\"groups\":{}}|at least one row, got none",
        "{\"tails\":[[0.1]],\"densityTails\":[0.1]}|got null",
        "{\"tails\":[[0.1]],\"densityTails\":[0.1,0.2],\"groups\":{}}|Expected 2 tails",
        "{\"tails\":[null],\"densityTails\":[0.1],\"groups\":{}}|null",
        "{\"tails\":[[null]],\"densityTails\":[0.1],\"groups\":{}}|null",
        "{\"tails\":[[0.1]],\"densityTails\":[null],\"groups\":{}}|null",
        "{\"tails\":[[0.2,0.1]],\"densityTails\":[0.1,0.2],\"groups\":{}}|got 0.1 after 0.2",
        "{\"tails\":[[0.6]],\"densityTails\":[0.1],\"groups\":{}}|in [0, 0.5]",
        "{\"tails\":[[0.1]],\"densityTails\":[1.1],\"groups\":{}}|in [0, 1.0]",
        "{\"tails\":[[-0.1]],\"densityTails\":[0.1],\"groups\":{}}|got -0.1",
        "{\"tails\":[[\"NaN\"]],\"densityTails\":[0.1],\"groups\":{}}|got NaN",
        "{\"tails\":[[0.1]],\"densityTails\":[0.1],\"groups\":{\"a\":null}}|group 'a'",
        "{\"tails\":[[0.1]],\"densityTails\":[0.1],\"groups\":{\"a\":{\"tails\":[[0.1],[0.1]],"
            + "\"densityTails\":[0.1],\"groups\":{}}}}|of 1 targets",
        "{\"tails\":[[0.1]],\"densityTails\":[0.1],\"groups\":{\"a\":{\"tails\":[[0.1,0.1]],"
            + "\"densityTails\":[0.1,0.1],\"groups\":{}}}}|at most 1 rows in all, got 2",
        "{\"tails\":[[0.1]],\"densityTails\":[0.1],\"groups\":{\"a\":{\"tails\":[[0.1]],"
            + "\"densityTails\":[0.1],\"groups\":{\"b\":{\"tails\":[[0.1]],\"densityTails\":[0.1],"
            + "\"groups\":{}}}}}}|without groups of its own",
        "{\"tails\":[[0.1]],\"densityTails\":[0.1],\"groups\":{},\"more\":1}|more"
      })
  void damagedJsonIsRefused(String json, String reason) {
    String message = assertThrows(MalformedFileException.class, () -> read(json)).getMessage();
    assertTrue(message.contains(reason), message);
  }
}
