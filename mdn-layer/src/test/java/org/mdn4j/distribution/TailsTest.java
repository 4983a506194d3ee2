/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** cdf and survival, far into both tails. */
class TailsTest {
  private static final double INFINITY = Double.POSITIVE_INFINITY;
  private static final Mixture TWO =
      GaussianMixtures.mixture(
          new double[] {0.25, 0.75}, new double[] {-1, 2}, new double[] {0.5, 1.5});

  /**
   * Σ π ½ erfc(∓(y − μ) / (σ √2)) of N(−1, 0.5²) at 0.25 and N(2, 1.5²) at 0.75, by mpmath 1.3.0
   * with 60 digits.
   */
  @ParameterizedTest
  @CsvSource({
    "-53, 9.3105587410777095e-295, 1.0",
    "-40, 6.0929021022445699e-173, 1.0",
    "-20, 3.9523886506233909e-49, 1.0",
    "-10, 4.6657204307038381e-16, 0.99999999999999953",
    "-5.5, 2.1498867890942365e-7, 0.99999978501132109",
    "-5.484375, 2.2691125092844583e-7, 0.99999977308874907",
    "-3.5, 9.2221455366833844e-5, 0.99990777854463317",
    "-1, 0.14206259896113441, 0.85793740103886559",
    "0.3, 0.34523756500088154, 0.65476243499911846",
    "2, 0.62499999975335309, 0.37500000024664691",
    "5, 0.98293740103886559, 0.017062598961134405",
    "9.484375, 0.99999977308874907, 2.2691125092840834e-7",
    "9.5, 0.99999978501132109, 2.1498867890939543e-7",
    "9.515625, 0.99999979632882504, 2.0367117495919601e-7",
    "12, 0.99999999999018706, 9.8129435145397688e-12",
    "30, 1.0, 3.466707966152078e-78",
    "57.5, 1.0, 4.2941784168934326e-300",
    "57.5625, 1.0, 9.1722879922220477e-301"
  })
  void cdfAndSurvivalAreRightInRelativeTerms(double y, double cdf, double survival) {
    assertEquals(cdf, TWO.cdf(y), 2e-15 * cdf);
    assertEquals(survival, TWO.survival(y), 2e-15 * survival);
    assertEquals(Math.log(cdf), TWO.logCdf(y), 1e-15 * (1 - Math.log(cdf)));
    assertEquals(Math.log(survival), TWO.logSurvival(y), 1e-15 * (1 - Math.log(survival)));
  }

  /** The logs go on where the probabilities are too small for a double. By the same formula. */
  @Test
  void logsBeyondTheSmallestDouble() {
    assertEquals(0, TWO.survival(1e3), 0);
    assertEquals(0, TWO.cdf(-1e3), 0);
    assertEquals(-221341.92913325509629, TWO.logSurvival(1e3), 1e-10);
    assertEquals(-223119.71091102020747, TWO.logCdf(-1e3), 1e-10);
    assertEquals(-222221333348.83888628, TWO.logSurvival(1e6), 1e-4);
    assertEquals(-222223111126.61666806, TWO.logCdf(-1e6), 1e-4);
  }

  /** A rounding of y − μ would be felt 37 times over 37 σ out. */
  @Test
  void roundingOfADifferenceIsMadeGood() {
    double mean = 1.0 / 3;
    double deviation = 0.1;
    Mixture one =
        GaussianMixtures.mixture(new double[] {1}, new double[] {mean}, new double[] {deviation});
    // ½ erfc((mean − y) / (σ √2)) of these doubles, by mpmath 1.3.0 with 60 digits.
    double lower = 2.4087455906584745e-289;
    double upper = 6.4996332669102368e-279;
    assertEquals(lower, one.cdf(-3.3), 2e-15 * lower);
    assertEquals(upper, one.survival(3.9), 2e-15 * upper);
  }

  @Test
  void infinitiesAndStepsAreHarmless() {
    Mixture steps =
        GaussianMixtures.mixture(
            new double[] {0.3, 0, 1e-12, 0.7},
            new double[] {-5e5, 1e300, 0, 5e5},
            new double[] {1e-200, 1e-300, 1e-3, 1e-10});
    for (Mixture mixture : new Mixture[] {TWO, steps}) {
      assertEquals(0, mixture.cdf(-INFINITY), 0);
      assertEquals(1, mixture.cdf(INFINITY), 1e-15);
      assertEquals(1, mixture.survival(-INFINITY), 1e-15);
      assertEquals(0, mixture.survival(INFINITY), 0);
      assertEquals(-INFINITY, mixture.logCdf(-INFINITY), 0);
      assertEquals(0, mixture.logCdf(INFINITY), 1e-15);
      assertEquals(0, mixture.logSurvival(-INFINITY), 1e-15);
      assertEquals(-INFINITY, mixture.logSurvival(INFINITY), 0);
    }
    assertEquals(0.3, steps.cdf(-1e5), 1e-12);
    assertEquals(0.7, steps.survival(1e5), 1e-12);
    assertEquals(0, steps.cdf(-6e5), 0);
    assertEquals(0, steps.survival(6e5), 0);
  }

  @Test
  void bothTailsMakeOneAndMirrorEachOther() {
    RandomMixtures mixtures = new RandomMixtures(1);
    for (int i = 0; i < 500; i++) {
      Mixture mixture = mixtures.next();
      Mixture mirrored = mixture.rescale(-1);
      for (double p : new double[] {1e-200, 1e-9, 0.2, 0.6, 0.99}) {
        double y = mixture.quantile(p);
        assertEquals(1, mixture.cdf(y) + mixture.survival(y), 1e-15);
        assertEquals(mixture.cdf(y), mirrored.survival(-y), 1e-15 * mixture.cdf(y));
        assertTrue(mixture.cdf(y) > 0);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cdf", "survival"})
  void questionsThatHaveNoAnswer(String name) {
    Mixture three =
        Mixture.gaussian(new double[] {1}, new double[][] {{0, 0, 0}}, new double[][] {{1, 1, 1}});
    for (double y : new double[] {0, Double.NaN}) {
      Mixture asked = y == 0 ? three : TWO;
      String expected =
          y == 0
              ? "The " + name + " needs one target, got a mixture over 3"
              : "Expected a number, got NaN";
      assertEquals(
          expected,
          assertThrows(
                  IllegalArgumentException.class,
                  () -> {
                    if (name.equals("cdf")) {
                      asked.cdf(y);
                    } else {
                      asked.survival(y);
                    }
                  })
              .getMessage());
      assertThrows(
          IllegalArgumentException.class,
          () -> {
            if (name.equals("cdf")) {
              asked.logCdf(y);
            } else {
              asked.logSurvival(y);
            }
          });
    }
  }
}
