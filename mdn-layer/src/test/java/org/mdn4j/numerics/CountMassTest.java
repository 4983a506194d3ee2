/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.numerics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CountMassTest {
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  /** Made by count-mass.py, mpmath with 50 digits. */
  @Test
  void agreesWithMpmath() throws IOException {
    List<String> lines;
    try (BufferedReader file =
        new BufferedReader(
            new InputStreamReader(
                CountMassTest.class.getResourceAsStream("count-mass.csv"),
                StandardCharsets.UTF_8))) {
      lines = file.lines().toList();
    }
    assertTrue(lines.size() > 200);
    CountMass mass = new CountMass();
    for (String line : lines) {
      double[] x = Arrays.stream(line.split(" ")).mapToDouble(Double::parseDouble).toArray();
      mass.interval(new NegativeBinomial(x[0], x[1]), x[2], x[3]);
      assertEquals(x[4], mass.value(), 1e-11 * (1 + Math.abs(x[4])), line);
      assertEquals(x[5], mass.byLocation(), 1e-10 * (1 + Math.abs(x[5])), line);
      assertEquals(x[6], mass.byLogScale(), 1e-10 * (1 + Math.abs(x[6])), line);
    }
  }

  @Test
  void oneCountAndAllCounts() {
    NegativeBinomial of = new NegativeBinomial(7, 0.4);
    CountMass mass = new CountMass();
    for (double y : new double[] {0, 1, 7, 40, 1e6}) {
      mass.interval(of, y, y);
      assertEquals(of.logProbability(y), mass.value());
      assertEquals(of.meanSlope(y), mass.byLocation());
      assertEquals(of.dispersionSlope(y), mass.byLogScale());
    }
    for (double from : new double[] {0, Double.NEGATIVE_INFINITY}) {
      mass.interval(of, from, INFINITY);
      assertEquals(0, mass.value());
      assertEquals(0, mass.byLocation());
      assertEquals(0, mass.byLogScale());
    }
  }

  /** Every double may be an end, and sums end. */
  @Test
  void extremesAreFiniteAndInOrder() {
    CountMass mass = new CountMass();
    double[] ends = {0, 1, 2, 1000, 1e6, 0x1p52, 0x1p53, 1e20, 1e100, 1e300};
    for (double mean : new double[] {1e-13, 1e-3, 1, 1e4, 1e13}) {
      for (double alpha : new double[] {1e-130, 1e-9, 1, 1e9, 1e130, 1e260}) {
        NegativeBinomial of = new NegativeBinomial(mean, alpha);
        double above = 0;
        for (double end : ends) {
          if (alpha / (1 + alpha * mean) * end > 1e300) {
            continue; // beyond what a density itself is computed of
          }
          String where = mean + " " + alpha + " " + end;
          mass.interval(of, end, INFINITY);
          assertFinite(mass, where);
          assertTrue(mass.value() <= above + 1e-9 * (1 + Math.abs(above)), where);
          above = mass.value();
          mass.interval(of, 0, end);
          assertFinite(mass, where);
          mass.interval(of, end, Math.max(Math.ceil(Math.nextUp(end)), Math.floor(end) + 1));
          assertFinite(mass, where);
          assertTrue(mass.value() >= of.logProbability(end) - 1e-9, where);
        }
      }
    }
  }

  private static void assertFinite(CountMass mass, String where) {
    assertTrue(
        Double.isFinite(mass.value())
            && mass.value() <= 1e-12
            && Double.isFinite(mass.byLocation())
            && Double.isFinite(mass.byLogScale()),
        () -> where + ": " + mass.value() + " " + mass.byLocation() + " " + mass.byLogScale());
  }
}
