/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood.fused;

/**
 * Functions beside {@link Exponential} of which C2 makes vector instructions: polynomials whose
 * largest relative error on their interval is the least possible one, by Remez's algorithm (mpmath
 * 1.3, 40 digits).
 */
final class Series {
  private Series() {}

  /**
   * Returns log((1 + z) / (1 − z)), right to 3 · 10⁻¹².
   *
   * @param z a number within ±⅓
   */
  static double logOfRatio(double z) {
    double q = z * z; // artanh(z) / z
    double p = 0.10939338055572661;
    p = Exponential.multiplyAdd(p, q, 0.085582562736531183);
    p = Exponential.multiplyAdd(p, q, 0.1115293930216833);
    p = Exponential.multiplyAdd(p, q, 0.1428405130334802);
    p = Exponential.multiplyAdd(p, q, 0.20000031270336647);
    p = Exponential.multiplyAdd(p, q, 0.33333333113656926);
    p = Exponential.multiplyAdd(p, q, 1.0000000000025143);
    return 2 * z * p;
  }

  /**
   * Returns (1 + v)^(−¼), right to 6 · 10⁻¹¹.
   *
   * @param v a number in [0, 1]
   */
  static double inverseFourthRoot(double v) {
    double p = -0.00066830722168832989;
    p = Exponential.multiplyAdd(p, v, 0.0047079329743285802);
    p = Exponential.multiplyAdd(p, v, -0.015516812707481598);
    p = Exponential.multiplyAdd(p, v, 0.032584308331229217);
    p = Exponential.multiplyAdd(p, v, -0.050876090497603572);
    p = Exponential.multiplyAdd(p, v, 0.066388362523957863);
    p = Exponential.multiplyAdd(p, v, -0.079841026325733085);
    p = Exponential.multiplyAdd(p, v, 0.095039457635171164);
    p = Exponential.multiplyAdd(p, v, -0.1171705723309824);
    p = Exponential.multiplyAdd(p, v, 0.15624914587255536);
    p = Exponential.multiplyAdd(p, v, -0.24999998299107755);
    p = Exponential.multiplyAdd(p, v, 0.99999999994367755);
    return p;
  }
}
