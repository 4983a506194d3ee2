/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.fit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mdn4j.regression.model.FeatureEncoding;
import org.mdn4j.regression.model.RowInfo;
import org.mdn4j.regression.model.Seeds;
import org.mdn4j.regression.model.StandardizedData;
import org.mdn4j.regression.report.NoiseLevel;

class MinibatchesTest {
  private static final int ROWS = 1003;

  /** Feature and target of row n are n and −n. */
  private static StandardizedData data() {
    float[] features = new float[ROWS];
    float[] labels = new float[ROWS];
    for (int n = 0; n < ROWS; n++) {
      features[n] = n;
      labels[n] = -n;
    }
    return new StandardizedData(features, 1, FeatureEncoding.none(1), labels, 1, RowInfo.NONE);
  }

  private static List<double[]> epoch(NoiseLevel noise, long epoch) {
    int[] rows = new int[ROWS - 3]; // rows 3 and up
    for (int i = 0; i < rows.length; i++) {
      rows[i] = i + 3;
    }
    List<double[]> seen = new ArrayList<>();
    new Minibatches(data(), rows, 64, noise)
        .forEach(
            Seeds.random(1, epoch),
            (features, labels) -> {
              assertTrue(features.size(0) == 62 || features.size(0) == 63, "nearly equal sizes");
              for (int i = 0; i < features.size(0); i++) {
                seen.add(new double[] {features.getDouble(i, 0), labels.getDouble(i, 0)});
              }
            });
    return seen;
  }

  @Test
  void everyRowComesOnceInAnOrderOfItsEpoch() {
    List<double[]> seen = epoch(NoiseLevel.NONE, 1);

    assertEquals(ROWS - 3, seen.size());
    assertEquals(ROWS - 3, seen.stream().mapToDouble(row -> row[0]).distinct().count());
    assertTrue(seen.stream().allMatch(row -> row[0] == -row[1] && row[0] >= 3));
    assertEquals(seen.get(0)[0], epoch(NoiseLevel.NONE, 1).get(0)[0]);
    assertNotEquals(seen.get(0)[0], epoch(NoiseLevel.NONE, 2).get(0)[0]);
  }

  @Test
  void noiseHasItsDeviationsAndIsFresh() {
    NoiseLevel level = new NoiseLevel(0.1, 0.02);
    List<double[]> seen = epoch(level, 1);
    double inputs = 0;
    double targets = 0;
    double both = 0;
    for (double[] row : seen) {
      double input = row[0] - Math.rint(row[0]);
      double target = row[1] - Math.rint(row[1]);
      inputs += input * input / seen.size();
      targets += target * target / seen.size();
      both += input * target / seen.size();
    }
    // standard error of a variance of 1000 normal numbers: √(2/1000), 4.5 %; five of them
    assertEquals(1, inputs / (0.1 * 0.1), 0.23);
    assertEquals(1, targets / (0.02 * 0.02), 0.23);
    assertEquals(0, both / (0.1 * 0.02), 0.16); // of a correlation: √(1/1000)
    assertNotEquals(
        seen.get(0)[0] - Math.rint(seen.get(0)[0]),
        epoch(level, 2).get(0)[0] - Math.rint(epoch(level, 2).get(0)[0]));
  }
}
