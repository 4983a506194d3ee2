/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.numerics;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogMassTest {
  /** Relative error of t = (y − μ)/σ from its own rounding, some 4 ulps, times what t² adds. */
  private static final double ROUNDING = 1e-13;

  static List<String> references() throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                LogMassTest.class.getResourceAsStream("log-mass.csv"), StandardCharsets.UTF_8))) {
      return lines.lines().toList();
    }
  }

  private static LogMass of(String family) {
    return switch (family) {
      case "GAUSSIAN" -> LogMass.gaussian(1e300);
      case "LAPLACE" -> LogMass.laplace();
      case "LOGISTIC" -> LogMass.logistic();
      default -> LogMass.studentT();
    };
  }

  /** Made by log-mass.py, mpmath with 80 digits; exact values, intervals, tails to 10⁶ σ, ulps. */
  @ParameterizedTest
  @MethodSource("references")
  void valuesAndDerivativesAgreeWithMpmath(String line) {
    String[] cells = line.split(",");
    double[] x =
        Arrays.stream(cells)
            .skip(1)
            .mapToDouble(cell -> Double.parseDouble(cell.replace("inf", "Infinity")))
            .toArray();
    LogMass mass = of(cells[0]);
    if (x[0] > 0) {
      mass.degrees(x[0]);
    }
    mass.interval(x[1], x[2], x[3], x[4]);
    double sigma = Math.exp(x[4]);
    double farthest =
        Math.max(
            Double.isFinite(x[1]) ? Math.abs(x[1] - x[3]) / sigma : 0,
            Double.isFinite(x[2]) ? Math.abs(x[2] - x[3]) / sigma : 0);
    // log f of STUDENT_T with large ν is formed from parts of size ν
    double degrees = 1 + 1e-4 * x[0];
    assertAll(
        () -> assertClose(x[5], mass.value(), degrees),
        () -> assertClose(x[6] * sigma, mass.byLocation() * sigma, 1),
        () -> assertClose(x[7], mass.byLogScale(), 1),
        () -> assertClose(x[8], mass.byLogDegrees(), degrees * (1 + farthest * 1e-3)));
  }

  private static void assertClose(double expected, double actual, double unit) {
    assertEquals(expected, actual, ROUNDING * (unit + 10 * Math.abs(expected)));
  }

  @Test
  void bothEndsInfiniteSayNothing() {
    for (String family : new String[] {"GAUSSIAN", "LAPLACE", "LOGISTIC", "STUDENT_T"}) {
      LogMass mass = of(family);
      mass.degrees(3);
      double infinity = Double.POSITIVE_INFINITY;
      mass.interval(-infinity, infinity, 1e6, -3);
      assertEquals(0, mass.value());
      assertEquals(0, mass.byLocation());
      assertEquals(0, mass.byLogScale());
      assertEquals(0, mass.byLogDegrees());
    }
  }

  /** An interval of width w has w times the density, whatever is left of w in a double. */
  @ParameterizedTest
  @ValueSource(strings = {"GAUSSIAN", "LAPLACE", "LOGISTIC", "STUDENT_T"})
  void narrowestIntervalsKeepTheirDensity(String family) {
    LogMass mass = of(family);
    mass.degrees(3);
    for (double y : new double[] {0, 1e-170, -1e-130}) {
      for (double width : new double[] {1e-300, 1e-200, 1e-150}) {
        if (y + width == y) {
          continue;
        }
        mass.interval(y, y, 0, 0.5);
        double density = mass.value();
        double slope = mass.byLocation();
        double stretch = mass.byLogScale();
        mass.interval(y, y + width, 0, 0.5);
        assertEquals(density + Math.log(width), mass.value(), 1e-10);
        assertEquals(slope, mass.byLocation(), y == 0 ? 1 : 1e-12 * (1 + Math.abs(slope)));
        assertEquals(stretch, mass.byLogScale(), 1e-12 * (1 + Math.abs(stretch)));
        mass.interval(y, y + width, 0, 600);
        assertTrue(Double.isFinite(mass.value()), "a width below all doubles has a logarithm");
      }
    }
  }

  /**
   * With R(t) = √(π/2) erfcx(t/√2), log P(Y &gt; t | Y &gt; a) = −½ (t − a)(t + a) + log R(t)/R(a),
   * and R(t) = (1 − 1/t² + …)/t.
   */
  @Test
  void sharesOfFarTailsDoNotCancel() {
    LogMass whole = LogMass.gaussian(1e300);
    LogMass label = LogMass.gaussian(1e300);
    double infinity = Double.POSITIVE_INFINITY;
    double more = 1e6 + 1e-6;
    whole.interval(1e6, infinity, 0, 0);
    label.interval(more, infinity, 0, 0);
    assertEquals(-(more - 1e6) * 0.5 * (more + 1e6), label.within(whole), 1e-11);
    label.interval(-infinity, -1e6 - 3, 0, 0);
    whole.interval(-infinity, -1e6, 0, 0);
    assertEquals(-3000004.5 - Math.log1p(3e-6), label.within(whole), 1e-8);
  }
}
