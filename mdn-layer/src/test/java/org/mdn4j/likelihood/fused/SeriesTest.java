/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood.fused;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mdn4j.Covariance;
import org.mdn4j.Limits;
import org.mdn4j.MixtureSpec;
import org.nd4j.linalg.api.buffer.DataType;

/** The polynomials of the columns over their whole intervals, and what the columns make of them. */
class SeriesTest {
  private static final int POINTS = 20_000;

  /** log1p of the JDK is right to 1 ulp. */
  @Test
  void logOfRatio() {
    for (int i = -POINTS; i <= POINTS; i++) {
      double z = i / (3.0 * POINTS);
      double expected = Math.log1p(2 * z / (1 - z));
      assertEquals(expected, Series.logOfRatio(z), 3e-12 * Math.abs(expected), "z = " + z);
    }
    assertEquals(2e-300, Series.logOfRatio(1e-300), 1e-311);
  }

  @Test
  void inverseFourthRoot() {
    for (int i = 0; i <= POINTS; i++) {
      double v = i / (double) POINTS;
      double expected = 1 / Math.sqrt(Math.sqrt(1 + v));
      assertEquals(expected, Series.inverseFourthRoot(v), 6e-11 * expected, "v = " + v);
    }
  }

  /** Scales from far below to far above each floor: log σ and 1 / σ by the exact row. */
  @Test
  void floorsOfAllSizes() {
    int rows = 200;
    for (double floor : new double[] {1e-20, 1e-6, 1e-3, 1, 1e3}) {
      MixtureSpec spec = MixtureSpec.builder().components(1).scaleFloor(floor).build();
      ColumnKernel columns = ColumnKernel.of(spec, Limits.of(DataType.FLOAT), rows);
      double[] s = new double[rows];
      for (int n = 0; n < rows; n++) {
        s[n] = Math.log(floor) + 0.3 * (n - 100);
        columns.scales[0][n] = s[n];
        columns.labels[0][n] = 0.5 * floor;
        columns.observed[0][n] = 1;
      }
      columns.score(rows);
      columns.gradient(rows);
      for (int n = 0; n < rows; n++) {
        double sigma = floor + Math.exp(Math.max(-40, s[n]));
        double t = 0.5 * floor / sigma;
        double score = 0.5 * t * t + Math.log(sigma) + 0.5 * Math.log(2 * Math.PI);
        assertTrue(columns.isOrdinary(n));
        assertEquals(score, columns.score[0][n], 1e-8, "floor " + floor + ", s " + s[n]);
        double slope = (1 - t * t) * (1 - floor / sigma);
        assertEquals(slope, columns.scales[0][n], 1e-8, "floor " + floor + ", s " + s[n]);
      }
    }
  }

  /** Else rows would be computed one by one, and the test of bounds would not see the columns. */
  @Test
  void ordinaryRowsOfBoundedComponentsStayInColumns() {
    int rows = 256;
    for (Covariance covariance : Covariance.values()) {
      for (double floor : new double[] {0, 1e-3}) {
        MixtureSpec spec =
            MixtureSpec.builder()
                .components(4)
                .targets(3)
                .covariance(covariance)
                .scaleFloor(floor)
                .scaleCeiling(6)
                .locationBounds(new double[] {-9}, new double[] {9})
                .build();
        ColumnKernel columns = ColumnKernel.of(spec, Limits.of(DataType.FLOAT), rows);
        Random random = new Random(1);
        for (double[][] inputs :
            new double[][][] {columns.logits, columns.locations, columns.scales, columns.labels}) {
          for (double[] column : inputs) {
            for (int n = 0; n < rows; n++) {
              column[n] = random.nextGaussian();
            }
          }
        }
        columns.locations[0][7] = 1e6; // a component that has run off
        for (double[] column : columns.observed) {
          Arrays.fill(column, 1);
        }
        columns.score(rows);
        for (int n = 0; n < rows; n++) {
          assertTrue(columns.isOrdinary(n), covariance + ", row " + n);
        }
      }
    }
  }
}
