/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.numerics;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
}
