/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mdn4j.eval.Conformal;
import org.mdn4j.eval.ConformalSummary;

class ConformalTextTest {
  private static final Conformal TEN = rows(10);

  private static Conformal rows(int count) {
    double[] tails = new double[count];
    return new Conformal(new double[][] {tails}, tails, Map.of());
  }

  @Test
  void coveragesThatCannotBeHadAreSaid() {
    assertEquals(
        List.of(
            "95.0 % intervals are unbounded: that takes at least 19 rows to calibrate, there are 10"),
        ConformalText.limits(TEN));
    assertEquals(List.of(), ConformalText.limits(rows(19)));
    double[][] masses = {{3.5, 2.5, 1.5, 1}, {3.5, 2.5, 1.5, 1}};
    assertEquals(
        "80.0 % intervals are unbounded: that takes at least 4 rows to calibrate, there are 4, by"
            + " their weights worth 3.5",
        ConformalText.limit(
            new Conformal(new double[][] {{0, 0, 0, 0}}, new double[4], Map.of(), masses), 0.8));
  }

  @Test
  void groupsThatAreTooSmallAreNamed() {
    double[] tails = new double[30];
    Conformal conformal =
        new Conformal(new double[][] {tails}, tails, Map.of("small", rows(3), "large", rows(20)));
    assertEquals(
        List.of(
            "80.0 % intervals of \"small\" are calibrated by all rows, as these groups have too few",
            "90.0 % intervals of \"small\" are calibrated by all rows, as these groups have too few",
            "95.0 % intervals of \"small\" are calibrated by all rows, as these groups have too few"),
        ConformalText.limits(conformal));
  }

  @Test
  void anUnboundedWidthIsNoNumber() {
    ConformalSummary.Line line =
        new ConformalSummary.Line(0.9, 0.8, 12.3456, 1, Double.POSITIVE_INFINITY);
    ConformalSummary summary = new ConformalSummary(7, List.of(List.of(line)), List.of(line));
    assertEquals(
        List.of(List.of("price", "90.0 %", "80.0 %", "12.35", "100.0 %", "unbounded")),
        ConformalText.rows(summary, List.of("price")));
  }
}
