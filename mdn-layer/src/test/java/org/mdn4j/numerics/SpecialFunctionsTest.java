/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.numerics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpecialFunctionsTest {
  /**
   * By mpmath 1.3 with 50 digits: {@code loggamma((n+1)/2) - loggamma(n/2) - log(n*pi)/2}, held to
   * four roundings of it.
   */
  @ParameterizedTest
  @CsvSource({
    "0.001, -4.147717556298334730539",
    "0.1, -1.909920741368282070356",
    "1, -1.144729885849400174143",
    "2.5, -1.016639593460450014157",
    "30, -0.927270325378845650919",
    "99, -0.921463742793091646036",
    "101, -0.921413740292924966868",
    "1000, -0.919188533163006125114",
    "1e8, -0.918938535704672741780",
  })
  void studentTConstantIsThatOfMpmath(double nu, double constant) {
    assertEquals(
        constant,
        SpecialFunctions.studentTConstant(nu),
        4 * Math.ulp(constant),
        () -> "nu = " + nu);
  }

  /** Values of mpmath 1.3 with 60 digits: log I₀(κ) − κ, κ (I₁/I₀ − 1) and I₁/I₀. */
  @ParameterizedTest
  @CsvSource({
    "1e-6, -9.99999749999999955e-7, -9.99999499999999955e-7, 4.99999999999937477e-7",
    "0.3, -0.277625311377958086, -0.255498771917737413, 0.148337426940875257",
    "1, -0.764085641492821351, -0.553610034103465493, 0.446389965896534507",
    "12, -2.15049750089715616, -0.511423135257093144, 0.957381405395242238",
    "29.9, -2.61361468944490426, -0.504328285352409991, 0.983132833265805685",
    "30.1, -2.61697679104881819, -0.50429849567329963, 0.983245897153710977",
    "1e3, -4.37269111013053533, -0.500125125195719801, 0.99949987487480428",
    "1e8, -10.1292789039308555, -0.500000001250000012, 0.999999994999999987"
  })
  void besselFunctionsAreThoseOfMpmath(double kappa, double logI0, double slope, double ratio) {
    double size = Math.max(1, Math.abs(logI0));
    assertEquals(logI0, SpecialFunctions.logBesselI0Scaled(kappa), 2e-15 * size);
    // below κ = 30 series of up to 60 terms, of whose ratio 1 is taken
    double rounding = kappa < 30 ? 1.5e-15 : 4e-16;
    assertEquals(ratio, SpecialFunctions.besselRatio(kappa), rounding * ratio);
    assertEquals(
        slope,
        SpecialFunctions.logBesselI0ScaledSlope(kappa),
        kappa < 30 ? rounding * kappa : 4 * Math.ulp(slope));
  }

  /** Values of mpmath 1.3 with 60 digits. */
  @ParameterizedTest
  @CsvSource({
    "-5, -2.86651612963763593e-7",
    "0, -0.693147180559945309",
    "1.9, -3.55028132554213458",
    "2, -3.78318433368203195",
    "2.1, -4.02494422224398444",
    "40, -804.608442013753788"
  })
  void normalTailsAreThoseOfMpmath(double u, double logTail) {
    double probability = Math.exp(logTail); // right in relative terms of it
    double tolerance = 2e-15 * Math.max(1, Math.abs(logTail)) * (u < 0 ? probability : 1);
    assertEquals(logTail, SpecialFunctions.logNormalTail(u), tolerance);
  }

  /** Values of mpmath 1.3 with 60 digits: ν/2 (ψ((ν + 1)/2) − ψ(ν/2)) − ½. */
  @ParameterizedTest
  @CsvSource({
    "1e-5, 0.499993068610440202",
    "0.5, 0.28539816339744831",
    "1, 0.193147180559945309",
    "99.9, 0.0025023771518659345",
    "100, 0.00249987502498938274",
    "1e4, 0.0000249999998750000025"
  })
  void slopesOfTheConstantAreThoseOfMpmath(double nu, double slope) {
    // below ν = 100 what two numbers of size ν log ν differ by, above a series of four terms
    double rounding = nu < 100 ? 1e-15 * (1 + 2 * nu) : 1e-14 * slope;
    assertEquals(slope, SpecialFunctions.studentTConstantSlope(nu), rounding);
  }

  @Test
  void endsOfTheRanges() {
    assertEquals(0, SpecialFunctions.logBesselI0Scaled(0), 0);
    assertEquals(0, SpecialFunctions.besselRatio(0), 0);
    assertEquals(0, SpecialFunctions.logBesselI0ScaledSlope(0), 0);
    assertEquals(0, SpecialFunctions.logNormalTail(Double.NEGATIVE_INFINITY), 0);
    assertEquals(
        Double.NEGATIVE_INFINITY, SpecialFunctions.logNormalTail(Double.POSITIVE_INFINITY));
    assertEquals(0.5, SpecialFunctions.studentTConstantSlope(1e-18));
    assertEquals(0.5, SpecialFunctions.studentTConstantSlope(1e-17), 1e-15);
  }
}
