/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

/**
 * tanh in FLOAT as a quotient of polynomials,
 *
 * <pre>
 *   tanh(x) ≈ x P(x²) / Q(x²),   P and Q of degree 4
 * </pre>
 *
 * <p>fitted over |x| ≤ 9.02 for the smallest relative error, which is 2 · 10⁻⁸; with FLOAT's
 * roundings it is less than 4 · 10⁻⁷ for every |x| ≤ 4 · 10⁶, which a test holds it to. From 9.02
 * on the quotient is greater than 1 and is cut to exactly 1.
 *
 * <p>It is arithmetic alone, without branches, bits of exponents or {@code Math.max}, so that the
 * compiler turns a loop that calls it into vector instructions. What is beyond a limit is
 * subtracted, ½ (a + |a|), which is exactly 0 for a ≤ 0. For |x| &gt; 4 · 10⁶ too little would be
 * left of the argument to be cut at 16.
 */
final class FastTanh {
  private FastTanh() {}

  static float of(float x) {
    float c = cut(x, 16);
    float t = c * c;
    float p = 1.3319001e-8f;
    p = p * t + 2.058343e-5f;
    p = p * t + 0.0034940313f;
    p = p * t + 0.13379715f;
    p = p * t + 1;
    float q = 7.76199e-7f;
    q = q * t + 3.2830876e-4f;
    q = q * t + 0.02587106f;
    q = q * t + 0.4671303f;
    q = q * t + 1;
    return cut(c * p / q, 1);
  }

  /** max(−limit, min(limit, x)), exactly where |x| is not above 2 limit. */
  private static float cut(float x, float limit) {
    float above = x - limit;
    float below = -x - limit;
    return x - 0.5f * (above + Math.abs(above)) + 0.5f * (below + Math.abs(below));
  }
}
