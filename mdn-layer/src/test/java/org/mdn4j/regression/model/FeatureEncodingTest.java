/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FeatureEncodingTest {
  private static final FeatureEncoding TWO_BINS =
      new FeatureEncoding(new float[][] {{-1, 0, 4}}, null);

  private static float[] encoded(FeatureEncoding encoding, float... cells) {
    int rows = cells.length / encoding.features();
    float[] into = new float[rows * encoding.outputs()];
    encoding.encode(cells, rows, into);
    return into;
  }

  @ParameterizedTest
  @CsvSource({
    "-1, 0, 0, -1",
    "-0.25, 0.75, 0, -0.25",
    "0, 1, 0, 0",
    "1, 1, 0.25, 1",
    "4, 1, 1, 4",
    "-1.5, -0.5, 0, -1.5", // outside: linear …
    "6, 1, 1.5, 6",
    "-9, -1, 0, -6", // … and then constant
    "99, 1, 2, 9"
  })
  void oneNumberPerBinAndTheFeature(float z, float first, float second, float itself) {
    assertArrayEquals(new float[] {first, second, itself}, encoded(TWO_BINS, z));
  }

  @Test
  void edgesAreQuantiles() {
    float[] column = new float[101];
    for (int n = 0; n <= 100; n++) {
      column[n] = (37 * n) % 101; // 0 … 100, shuffled
    }

    assertArrayEquals(
        new float[] {0, 25, 50, 75, 100}, FeatureEncoding.of(column, 1, 1, 4).edges()[0]);
  }

  @Test
  void aFeatureOfFewValuesHasAnEdgeAtEach() {
    float[] cells = {7, 1, 0, 7, 0, 0, 7, 1, 1, 7, 0, 3, 7, 0, 2, 7, 1, 1};
    FeatureEncoding encoding = FeatureEncoding.of(cells, 3, 3, 3);

    assertArrayEquals(new float[] {7}, encoding.edges()[0]); // constant
    assertArrayEquals(new float[] {0, 1}, encoding.edges()[1]);
    assertArrayEquals(new float[] {0, 1, 2, 3}, encoding.edges()[2]);
    assertEquals(1 + 2 + 4, encoding.outputs());
    assertArrayEquals(new float[] {7, 1, 1, 1, 1, 0, 2}, encoded(encoding, 7, 1, 2));
  }

  @Test
  void whereQuantilesOfRowsAreEqualThoseOfTheValuesServe() {
    float[] column = new float[100]; // mostly 0
    for (int n = 90; n < 100; n++) {
      column[n] = n;
    }

    assertArrayEquals(
        new float[] {0, 92, 94, 97, 99}, FeatureEncoding.of(column, 1, 1, 4).edges()[0]);
  }

  @Test
  void everyNumberIncreasesOrStaysAndTellsValuesApart() {
    Random random = new Random(1);
    float[] column = new float[500];
    for (int n = 0; n < column.length; n++) {
      column[n] = (float) Math.exp(2 * random.nextGaussian());
    }
    FeatureEncoding encoding = FeatureEncoding.of(column, 1, 1, 16);
    float[] before = encoded(encoding, -1e6f);
    for (float z = -50; z < 400; z += 0.37f) {
      float[] after = encoded(encoding, z);
      for (int i = 0; i < after.length; i++) {
        assertTrue(after[i] >= before[i], "number " + i + " at " + z);
      }
      before = after;
    }
  }

  @Test
  void withoutBinsFeaturesStay() {
    float[] cells = {3, -2, 1e6f, 0};

    assertArrayEquals(cells, encoded(FeatureEncoding.of(cells, 2, 2, 0), cells));
  }

  @Test
  void edgesThatDoNotIncreaseAreRejected() {
    assertThrows(
        IllegalArgumentException.class, () -> new FeatureEncoding(new float[][] {{1, 1}}, null));
    assertThrows(
        IllegalArgumentException.class,
        () -> new FeatureEncoding(new float[][] {{0, Float.NaN}}, null));
    assertThrows(
        IllegalArgumentException.class, () -> new FeatureEncoding(new float[][] {null}, null));
    assertThrows(IllegalArgumentException.class, () -> new FeatureEncoding(new float[0][], null));
  }
}
