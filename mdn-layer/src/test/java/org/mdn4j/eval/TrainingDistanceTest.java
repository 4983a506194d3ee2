/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mdn4j.files.MalformedFileException;
import org.mdn4j.files.SafeJson;

class TrainingDistanceTest {
  private static final float NAN = Float.NaN;

  /** x in [−2, −1] or [1, 2], and a column of noise. */
  private static float[] withGap(Random random) {
    float side = random.nextBoolean() ? 1 : -1;
    return new float[] {side * (1 + random.nextFloat()), random.nextFloat()};
  }

  private static float[][] rows(int count, IntFunction<float[]> row) {
    float[][] rows = new float[count][];
    Arrays.setAll(rows, row::apply);
    return rows;
  }

  @Test
  void withinAGapTheShareIsNearZero() {
    Random random = new Random(1);
    TrainingDistance distance = TrainingDistance.of(rows(3000, n -> withGap(random)), 1);
    assertEquals(1000, distance.references().length);
    for (float x = -0.6f; x < 0.65f; x += 0.1f) {
      assertTrue(distance.share(x, 0.5f) <= 0.001, "share at " + x);
    }
    for (float x : new float[] {-1.8f, -1.5f, -1.2f, 1.2f, 1.5f, 1.8f}) {
      assertTrue(distance.share(x, 0.5f) > 0.02, "share at " + x);
    }
    assertEquals(0, distance.share(4, 0.5f));
    assertEquals(0, distance.share(1.5f, -3));
  }

  /** Beside two categories of 20 and a rare flag, which have 41 columns of 0 and 1. */
  @Test
  void categoriesDoNotHideTheGap() {
    Random random = new Random(2);
    TrainingDistance distance =
        TrainingDistance.of(rows(3000, n -> withCategories(withGap(random)[0], random)), 1);
    double inside = 0;
    double gap = 0;
    double share = 0;
    for (int i = 0; i < 200; i++) {
      inside += distance.distance(withCategories(withGap(random)[0], random)) / 200;
      gap += distance.distance(withCategories(0, random)) / 200;
      share += distance.share(withCategories(0, random)) / 200;
    }
    assertTrue(gap > 3 * inside, gap + " and " + inside);
    assertTrue(share < 0.03, "mean share in the gap: " + share);
    assertEquals(1, distance.units()[1]);
    assertEquals(1, distance.units()[41]);
  }

  private static float[] withCategories(float x, Random random) {
    float[] row = new float[42];
    row[0] = x;
    row[1 + random.nextInt(3)] = 1; // the others of 20 are rare
    row[21 + random.nextInt(3)] = 1;
    row[41] = random.nextInt(100) == 0 ? 1 : 0;
    return row;
  }

  /** Of rows like the training rows, by Kolmogorov's test at 1 in 1,000. */
  @ParameterizedTest
  @CsvSource({"3000, 1", "3000, 4", "200, 2"})
  void sharesOfSuchRowsAreUniform(int count, int columns) {
    Random random = new Random(3);
    IntFunction<float[]> row =
        n -> {
          float[] cells = new float[columns];
          for (int c = 0; c < columns; c++) {
            cells[c] = (float) random.nextGaussian() * (c + 1);
          }
          return cells;
        };
    TrainingDistance distance = TrainingDistance.of(rows(count, row), 1);
    double[] shares = distance.shares(rows(500, row));
    Arrays.sort(shares);
    double furthest = 0;
    for (int i = 0; i < 500; i++) {
      furthest = Math.max(furthest, Math.abs(shares[i] - (i + 0.5) / 500));
    }
    double error = 1.95 * Math.sqrt(1.0 / 500 + 1.0 / distance.references().length);
    assertTrue(furthest < error, "distance to uniform: " + furthest);
  }

  /** −0.3 from 0, 0.1, 0.4, 0.8, 1.5 and 3: of six the fifth nearest is 1.5. */
  @Test
  void distanceIsThatOfTheFifthNearest() {
    float[][] rows = {{0}, {3}, {0.1f}, {1.5f}, {0.4f}, {0.8f}};
    TrainingDistance distance = TrainingDistance.of(rows, 1);
    RunningMean values = new RunningMean();
    for (float[] row : rows) {
      values.add(row[0]);
    }
    double unit = values.standardDeviation();
    assertEquals(1.8 / unit, distance.distance(-0.3f), 1e-6);
    // Of each row itself the furthest of the other five.
    double[] expected =
        Arrays.stream(new double[] {1.5, 2.2, 2.6, 2.9, 3, 3}).map(d -> d / unit).toArray();
    assertArrayEquals(expected, distance.distances(), 1e-6);
    assertEquals(5 / 6.0, distance.share(-0.3f));
    assertEquals(1, distance.share(0));
  }

  @Test
  void distancesAreMeansOverTheColumns() {
    float[][] rows = {{0, 0, 5}, {1, 10, 5}, {1, 0, 5}, {0, 10, 5}};
    TrainingDistance distance = TrainingDistance.of(rows, 1);
    assertArrayEquals(new double[] {1, 10, 1}, distance.units());
    assertEquals(3, distance.neighbors());
    assertEquals(Math.sqrt((0 + 1 + 4) / 3.0), distance.distance(0, 0, 7), 1e-12);
  }

  /** Missing in one of two rows is as far as another category; in both it is no distance. */
  @Test
  void missingCells() {
    float[][] rows = {{0, NAN}, {2, NAN}, {4, 1}, {NAN, 3}, {6, 5}};
    TrainingDistance distance = TrainingDistance.of(rows, 1);
    double unit = distance.units()[0];
    assertEquals(Math.sqrt(20.0 / 3), unit, 1e-6); // of 0, 2, 4 and 6
    assertEquals(2, distance.units()[1], 1e-6); // of 1, 3 and 5
    // Σ δ² from (0, NaN): 0, 0.6, 2.4 + 2, 2 + 2, 5.4 + 2; the fourth is 4.4.
    assertEquals(Math.sqrt(4.4 / 2), distance.distance(0, NAN), 1e-6);
    assertTrue(Double.isFinite(distance.distance(NAN, NAN)));
    assertEquals(1, TrainingDistance.of(new float[][] {{NAN}, {NAN}, {1}}, 1).units()[0]);
  }

  /** A cell that no training row misses makes a row unusual. */
  @Test
  void aNewMissingCellIsFar() {
    Random random = new Random(4);
    TrainingDistance distance = TrainingDistance.of(rows(2000, n -> withGap(random)), 1);
    assertEquals(0, distance.share(1.5f, NAN));
  }

  @Test
  void equalRows() {
    TrainingDistance distance = TrainingDistance.of(rows(50, n -> new float[] {7, n % 2}), 1);
    assertEquals(1, distance.share(7, 1));
    assertEquals(0, distance.share(8, 1));
  }

  @Test
  void aSeedGivesTheSame() {
    Random random = new Random(5);
    float[][] rows = rows(1500, n -> withGap(random));
    TrainingDistance one = TrainingDistance.of(rows, 1);
    assertEquals(one, TrainingDistance.of(rows, 1));
    assertNotEquals(one, TrainingDistance.of(rows, 2));
    assertEquals("TrainingDistance(columns=2, references=1000, neighbors=5)", one.toString());
  }

  @Test
  void rowsThatDoNotFit() {
    assertEquals(
        "Expected at least 2 rows, got 1",
        assertThrows(
                IllegalArgumentException.class, () -> TrainingDistance.of(new float[][] {{1}}, 1))
            .getMessage());
    TrainingDistance distance = TrainingDistance.of(new float[][] {{1}, {2}}, 1);
    assertEquals(
        "Expected rows of 1 cells, got 2 in row 0",
        assertThrows(IllegalArgumentException.class, () -> distance.distance(1, 2)).getMessage());
    assertEquals(
        "Expected finite cells or NaN, got Infinity at row 1, column 0",
        assertThrows(
                IllegalArgumentException.class,
                () -> distance.shares(new float[][] {{1}, {Float.POSITIVE_INFINITY}}))
            .getMessage());
  }

  private static TrainingDistance read(String json) throws MalformedFileException {
    return SafeJson.read(json, SafeJson.Limits.DESCRIPTION, TrainingDistance.class);
  }

  @Test
  void jsonGivesTheSame() throws Exception {
    TrainingDistance written =
        TrainingDistance.of(new float[][] {{0.1f, NAN}, {1e-30f, 3}, {3e30f, 4}}, 1);
    assertEquals(written, read(SafeJson.write(written)));
    assertEquals(written.hashCode(), read(SafeJson.write(written)).hashCode());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|got null",
        "{'units':[1],'references':[[1]],'distances':[0],'neighbors':1}|2 to 1000 reference rows",
        "{'units':[0],'references':[[1],[2]],'distances':[0,0],'neighbors':1}|positive units",
        "{'units':[],'references':[[],[]],'distances':[0,0],'neighbors':1}|positive units",
        "{'units':[null],'references':[[1],[2]],'distances':[0,0],'neighbors':1}|null",
        "{'units':[1],'references':[[1],[null]],'distances':[0,0],'neighbors':1}|null",
        "{'units':[1],'references':[[1],null],'distances':[0,0],'neighbors':1}|null",
        "{'units':[1],'references':[[1],[2,3]],'distances':[0,0],'neighbors':1}|rows of 1 cells",
        "{'units':[1],'references':[[1],[1e39]],'distances':[0,0],'neighbors':1}|got Infinity",
        "{'units':[1],'references':[[1],[2]],'distances':[0],'neighbors':1}|2 distances",
        "{'units':[1],'references':[[1],[2]],'distances':[1,0],'neighbors':1}|0.0 after 1.0",
        "{'units':[1],'references':[[1],[2]],'distances':[0,'NaN'],'neighbors':1}|got NaN",
        "{'units':[1],'references':[[1],[2]],'distances':[0,0],'neighbors':2}|in [1, 2), got 2"
      })
  void damagedJsonIsRefused(String json, String reason) {
    String message =
        assertThrows(MalformedFileException.class, () -> read(json.replace('\'', '"')))
            .getMessage();
    assertTrue(message.contains(reason), message);
  }
}
