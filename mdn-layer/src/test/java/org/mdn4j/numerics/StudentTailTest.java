/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.numerics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Values of mpmath 1.3 with 60 digits: the tail by {@code betainc}, above ν = 1e8 by {@code quad}
 * of the density, below 1e-8 and beyond all doubles by {@code hyp2f1}; quantiles by bisection of
 * it.
 */
class StudentTailTest {
  private static void assertClose(double expected, double actual, String what) {
    assertEquals(expected, actual, 2e-14 * Math.max(1, Math.abs(expected)), what);
  }

  @ParameterizedTest
  @CsvSource({
    "1e-3, -2, -8.29901451053138084, -0.688330668083205509",
    "1e-3, 0, -4.14771755629833472, -0.693147180559945309",
    "1e-3, 0.1, -5.34786414033391922, -0.695015332583118186",
    "1e-3, 0.75, -7.31796830670499012, -0.69700655674463523",
    "1e-3, 1.25, -7.82873598583573165, -0.697517098039616373",
    "1e-3, 6, -9.39861420471086458, -0.699085560863827868",
    "1e-3, 1e5, -19.129487463864143, -0.708806719911727527",
    "0.5, -2, -2.95845135891367406, -0.252002808849608009",
    "0.5, 0, -1.31053292591150952, -0.693147180559945309",
    "0.5, 0.1, -1.3253848963836443, -0.748309401042901615",
    "0.5, 0.75, -1.87586177769379463, -1.09412467167685496",
    "0.5, 1.25, -2.37333244075149275, -1.29148530123837999",
    "0.5, 6, -4.52837750677280287, -2.03519739990592999",
    "0.5, 1e5, -19.0997815088243111, -6.8937088632641374",
    "1, -2, -2.75416779828350055, -0.159680159855584594",
    "1, 0, -1.14472988584940017, -0.693147180559945309",
    "1, 0.1, -1.15468021670256826, -0.758700653772343694",
    "1, 0.75, -1.59101698847781969, -1.22021318394406495",
    "1, 1.25, -2.08571323031392674, -1.53815633692340944",
    "1, 6, -4.75564779849362462, -2.94563902141538088",
    "1, 1e5, -24.170580815889857, -12.6576553508529619",
    "3, -2, -2.69548457039791694, -0.0722083759842677478",
    "3, 0, -1.00088884962350971, -0.693147180559945309",
    "3, 0.1, -1.00754442980885905, -0.769323992579258422",
    "3, 0.75, -1.34458936347682816, -1.37098302138861084",
    "3, 1.25, -1.83940571010451011, -1.89735511935828275",
    "3, 6, -6.13078756454658318, -5.37382625420284429",
    "3, 1e5, -44.855366132768204, -34.4410529562260853",
    "30, -2, -2.86729904116593887, -0.0276924431296673319",
    "30, 0, -0.927270325378845651, -0.693147180559945309",
    "30, 0.1, -0.932436131125711405, -0.775431987086866769",
    "30, 0.75, -1.21520430175934454, -1.47164193243995651",
    "30, 1.25, -1.71424136866690544, -2.20290708327510345",
    "30, 6, -13.1483594110250333, -14.1762818255923121",
    "30, 1e5, -305.109400370192518, -296.997672283978195",
    "1e3, -2, -2.91719517856650135, -0.0231511039034157133",
    "1e3, 0, -0.919188533163006125, -0.693147180559945309",
    "1e3, 0.1, -0.924193508138172958, -0.776132814620871107",
    "1e3, 0.75, -1.20064063217917165, -1.48405909304800086",
    "1e3, 1.25, -1.70060945692273203, -2.24624260069591269",
    "1e3, 6, -18.6204440237273099, -20.4028615826528994",
    "1e3, 1e5, -8068.02611188779956, -8063.42094160191127",
    "2e8, 0.5, -1.04393853500154774, -1.1759117607021516",
    "2e8, 5, -13.4189378157047339, -15.0649975511819001",
    "2e8, 40, -800.915742551505237, -804.605238032085383",
    "1e12, 0.5, -1.04393853320503212, -1.17591176159344032",
    "1e12, 5, -13.4189385330611727, -15.0649983938201644",
    "1e12, 40, -800.918937894004923, -804.608441372959288",
    "1e16, 0.5, -1.04393853320467278, -1.17591176159361859",
    "1e16, 5, -13.4189385332046584, -15.0649983939887089",
    "1e16, 40, -800.918938533140753, -804.608442013694959",
    "1e-9, 1e-7, -11.0547850997013032, -0.693147180563107582",
    "1e-9, 1, -21.4164130290611365, -0.693147191614725408",
    "1e-9, 1e9, -42.1396788862308135, -0.693147212337991245",
    "1e-9, 1e300, -712.19194161755037, -0.693147882390253306",
    "1e-12, 1e-7, -14.5136329039515016, -0.693147180560045143",
    "1e-12, 1, -28.3241682965035022, -0.693147180574453967",
    "1e-12, 1e9, -49.0474341334701366, -0.693147180595177233",
    "1e-12, 1e300, -719.099696195407483, -0.693147181265229495"
  })
  void densityAndTail(double nu, double u, double logDensity, double logTail) {
    StudentTail tail = new StudentTail(nu);
    assertEquals(nu, tail.degrees());
    // 1 + u²/ν is rounded once, and comes ν/2 times
    double rounding = nu < 1e8 ? 0 : Math.ulp(u * u);
    assertEquals(logDensity, tail.logDensity(u), rounding + 2e-14 * Math.abs(logDensity));
    assertEquals(tail.logDensity(u), tail.logDensity(-u));
    assertClose(logTail, tail.logUpperTail(u), "log tail");
    double probability = Math.exp(logTail);
    assertEquals(
        probability, tail.upperTail(u), 2e-14 * probability * (1 + Math.abs(logTail)), "tail");
    assertClose(Math.log1p(-probability), tail.logUpperTail(-u), "log of the rest");
  }

  /** Of u whose logarithm is a double, and which is none itself. */
  @ParameterizedTest
  @CsvSource({
    "0.01, 750, -762.828233864097829, -8.22306367810973743",
    "0.01, 2000, -2025.32823386409783, -20.7230636781097377",
    "0.5, 750, -1126.83039331133147, -376.137246130771523",
    "0.5, 2000, -3001.83039331133147, -1001.13724613077152",
    "3, 750, -2998.80366427228729, -2249.9022765609554",
    "3, 2000, -7998.80366427228729, -5999.9022765609554"
  })
  void beyondAllDoubles(double nu, double logU, double logDensity, double logTail) {
    StudentTail tail = new StudentTail(nu);
    assertClose(logDensity, tail.logFarDensity(logU), "density");
    assertClose(logTail, tail.logFarTail(logU), "tail");
    if (logTail > -700) { // q is a double
      assertEquals(logU, tail.logUpperQuantile(Math.exp(logTail)), 1e-12 * logU);
    }
  }

  /** By the continued fraction, where it is more than its first term, and by Hill's z. */
  @ParameterizedTest
  @CsvSource({
    "3, 2, -2.66408617431561146",
    "3, 30, -10.1098624337675104",
    "30, 6, -14.1762818255923121",
    "30, 40, -62.5462346472991756",
    "1e3, 60, -767.278933723081173",
    "2e8, 1e4, -40546520.7373628006",
    "1e9, 5e4, -626381495.360019332"
  })
  void theContinuedFraction(double nu, double u, double logTail) {
    StudentTail tail = new StudentTail(nu);
    assertClose(logTail, tail.logFarTail(Math.log(u)), "by log u");
    assertClose(logTail, tail.logUpperTail(u), "by u");
  }

  /** Where ν² and the cube of the normal's z are beyond all doubles. */
  @ParameterizedTest
  @CsvSource({"6e277, 1e103, -5e205", "6e277, 1e130, -5e259", "1e300, 1e140, -5e279"})
  void degreesOfFreedomNearTheLargestDouble(double nu, double u, double logTail) {
    assertClose(logTail, new StudentTail(nu).logUpperTail(u), "log tail");
  }

  /** The correction of w is some 1e-12 of z. */
  @Test
  void hillsCorrection() {
    assertEquals(-498761.97530495004, new StudentTail(2e8).logUpperTail(1e3), 1e-9);
  }

  /** At a q near ½ what is left of its digits tells u. */
  @ParameterizedTest
  @CsvSource({
    "0.5, 0.4999999, -14.8075627250179859",
    "0.5, 0.3, 0.00948079351614570396",
    "0.5, 0.01, 6.93584796862858355",
    "0.5, 1e-30, 135.880613318099694",
    "3, 0.4999999, -15.117206801306038",
    "3, 0.3, -0.53718717722069818",
    "3, 0.01, 1.51308181473328792",
    "3, 1e-30, 23.0584254096219901",
    "1e3, 0.4999999, -15.1989071177665475",
    "1e3, 0.3, -0.645180770231656951",
    "1e3, 0.01, 0.845903749675800078",
    "1e3, 1e-30, 2.47269346353473397"
  })
  void quantiles(double nu, double q, double logU) {
    double tolerance = q > 0.49 ? 1e-8 : 1e-13;
    assertEquals(logU, new StudentTail(nu).logUpperQuantile(q), tolerance * Math.abs(logU));
  }

  /** Below ν = 1e-8, where half of all is beyond any double: there and back, by the logarithm. */
  @Test
  void quantilesOfFewDegrees() {
    StudentTail tail = new StudentTail(1e-9);
    for (double q : new double[] {0.499, 0.3, 0.1, 1e-10, 1e-300}) {
      double logU = tail.logUpperQuantile(q);
      assertEquals(Math.log(q), tail.logFarTail(logU), 1e-14 * Math.abs(Math.log(q)), "q = " + q);
    }
    // 2q = exp(−ν asinh w): w = 1 where q = ½ exp(−1e-9 · 0.8813735870195430), to 8 digits
    assertEquals(Math.log(Math.sqrt(1e-9)), tail.logUpperQuantile(0.49999999955931321), 1e-6);
  }

  @Test
  void theEnds() {
    for (double nu : new double[] {1e-9, 0.5, 3, 1e9}) {
      StudentTail tail = new StudentTail(nu);
      assertEquals(SpecialFunctions.studentTConstant(nu), tail.constant());
      assertEquals(tail.constant(), tail.logDensity(0));
      assertEquals(Double.NEGATIVE_INFINITY, tail.logDensity(Double.NEGATIVE_INFINITY));
      assertEquals(Double.NEGATIVE_INFINITY, tail.logUpperTail(Double.POSITIVE_INFINITY));
      assertEquals(0, tail.upperTail(Double.POSITIVE_INFINITY), 0);
      assertEquals(1, tail.upperTail(Double.NEGATIVE_INFINITY));
      assertEquals(0, tail.logUpperTail(Double.NEGATIVE_INFINITY), 0);
      assertEquals(0.5, tail.upperTail(0), 1e-15);
      assertEquals(Double.POSITIVE_INFINITY, tail.logUpperQuantile(0));
      assertEquals(Double.NEGATIVE_INFINITY, tail.logUpperQuantile(0.5));
    }
  }

  /** Where one formula takes over from another there is no step. */
  @Test
  void theFormulasMeet() {
    for (double nu : new double[] {0.5, 3, 30}) {
      StudentTail tail = new StudentTail(nu);
      for (double u : new double[] {0.5, Math.sqrt(nu), 1e8 * Math.sqrt(nu)}) {
        double below = tail.logUpperTail(u * (1 - 1e-13));
        double above = tail.logUpperTail(u * (1 + 1e-13));
        assertTrue(below >= above && below - above < 1e-11, "tail at " + u);
        double step = tail.logDensity(u * (1 - 1e-13)) - tail.logDensity(u * (1 + 1e-13));
        assertTrue(step >= 0 && step < 1e-11, "density at " + u);
      }
    }
    for (double nu : new double[] {1e-8, 1e8, 1e15}) {
      for (double u : new double[] {0.3, 2, 8}) {
        double below = new StudentTail(nu * (1 - 1e-15)).logUpperTail(u);
        double above = new StudentTail(nu * (1 + 1e-15)).logUpperTail(u);
        assertEquals(below, above, 1e-12 * Math.max(1, Math.abs(below)), "nu = " + nu);
      }
    }
  }
}
