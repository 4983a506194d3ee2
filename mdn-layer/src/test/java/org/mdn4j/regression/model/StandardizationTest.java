/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.mdn4j.regression.columns.Table;

class StandardizationTest {
  @Test
  void columnsHaveMeanZeroAndDeviationOne() {
    Table table = Table.of("x", new double[][] {{1, -10}, {2, 0}, {3, 10}, {6, 40}});
    Standardization units = Standardization.of("x", table);

    assertArrayEquals(new double[] {3, 10}, units.means(), 1e-15);
    assertArrayEquals(
        new double[] {Math.sqrt(3.5), Math.sqrt(350)}, units.deviations(), 1e-14); // of N
    float[] z = units.apply("x", table);
    for (int column = 0; column < 2; column++) {
      double sum = 0;
      double squares = 0;
      for (int row = 0; row < 4; row++) {
        sum += z[row * 2 + column];
        squares += z[row * 2 + column] * z[row * 2 + column];
      }
      assertEquals(0, sum, 1e-6);
      assertEquals(4, squares, 1e-6);
    }
  }

  @Test
  void jacobianIsTheSumOfLogDeviations() {
    Standardization units =
        Standardization.of("y", Table.of("y", new double[][] {{0, 0}, {4, 0.5}}));

    assertEquals(Math.log(2) + Math.log(0.25), units.logJacobian(), 1e-15);
  }

  @Test
  void constantColumnStaysZeroWhateverComesLater() {
    Standardization units =
        Standardization.of("x", Table.of("x", new double[][] {{0.1, 1}, {0.1, 2}, {0.1, 3}}));

    assertEquals(0, units.deviations()[0]);
    float[] z = units.apply("x", Table.of("x", new double[][] {{1e9, 2}}));
    assertArrayEquals(new float[] {0, 0}, z);
  }

  @Test
  void smallDeviationsAroundLargeMeansAreExact() {
    // NormalizerStandardize would divide by 1e-5 here
    double step = Math.ulp(1e6);
    Table table = Table.of("x", new double[][] {{1e6 - step}, {1e6 + step}});
    Standardization units = Standardization.of("x", table);

    assertEquals(step, units.deviations()[0]);
    assertArrayEquals(new float[] {-1, 1}, units.apply("x", table));
  }

  @Test
  void unusableDeviationNamesTheColumn() {
    Table table = Table.of("x", new double[][] {{0, 1e-200}, {1, 3e-200}});

    IllegalArgumentException problem =
        assertThrows(IllegalArgumentException.class, () -> Standardization.of("features", table));
    assertTrue(problem.getMessage().contains("in column 1"), problem::getMessage);
  }
}
