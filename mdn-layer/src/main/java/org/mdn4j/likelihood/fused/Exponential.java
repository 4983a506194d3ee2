/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood.fused;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

/**
 * The function exp for the FLOAT likelihood, which is computed in double, by scaling and squaring
 * (Moler &amp; Van Loan 2003, method 3):
 *
 * <pre>
 *   exp(x) = P(r)¹⁰²⁴,   r = x / 1024,   P(r) = Σ_{j ≤ 6} r^j / j!
 * </pre>
 *
 * <p>For |x| ≤ 80, |r| ≤ 0.0782, Lagrange's remainder puts P's relative error at no more than |r|⁷
 * e<sup>2|r|</sup> / 7! &lt; 4.2 · 10⁻¹², which the power multiplies by 1024; the roundings add
 * less than 10⁻¹². Together: less than 5 · 10⁻⁹, a twelfth of FLOAT's own rounding.
 *
 * <p>It is arithmetic alone, without bits of exponents or tables, so that C2 turns a loop that
 * calls it into vector instructions together with all else that the loop does.
 */
public final class Exponential {
  /** The largest |x| that {@link #of} takes. */
  static final double LIMIT = 80;

  /** Whether {@link Math#fma} is an instruction; where not, it is slow beyond measure. */
  private static final boolean FUSED_MULTIPLY_ADD = hasFusedMultiplyAdd();

  private Exponential() {}

  /**
   * Returns exp(x).
   *
   * @param x a number within ±{@link #LIMIT}; or NaN, which stays NaN
   */
  public static double of(double x) {
    double r = x * (1.0 / 1024);
    double p = 1.0 / 720;
    p = multiplyAdd(p, r, 1.0 / 120);
    p = multiplyAdd(p, r, 1.0 / 24);
    p = multiplyAdd(p, r, 1.0 / 6);
    p = multiplyAdd(p, r, 1.0 / 2);
    p = multiplyAdd(p, r, 1);
    p = multiplyAdd(p, r, 1);
    p *= p;
    p *= p;
    p *= p;
    p *= p;
    p *= p;
    p *= p;
    p *= p;
    p *= p;
    p *= p;
    p *= p;
    return p;
  }

  /** Returns a b + c, by one instruction where there is one. */
  static double multiplyAdd(double a, double b, double c) {
    return FUSED_MULTIPLY_ADD ? Math.fma(a, b, c) : a * b + c;
  }

  private static boolean hasFusedMultiplyAdd() {
    HotSpotDiagnosticMXBean machine =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    return machine != null && Boolean.parseBoolean(machine.getVMOption("UseFMA").getValue());
  }
}
