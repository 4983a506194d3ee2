/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

/**
 * tanh in FLOAT as a quotient of polynomials,
 *
 * <pre>
 *   tanh(x) ≈ x P(x²) / Q(x²),   |x| ≤ 9.01,   P and Q of degree 4
 * </pre>
 *
 * <p>fitted for the smallest relative error, which is 2 · 10⁻⁸; with FLOAT's roundings it is less
 * than 4 · 10⁻⁷ for every FLOAT up to 10³⁷, which a test holds it to. Beyond 9.01 the result is
 * exactly ±1.
 *
 * <p>It is arithmetic alone, without branches, bits of exponents or {@code Math.max}, so that the
 * compiler turns a loop that calls it into vector instructions. x is clamped by subtracting what it
 * has beyond the limit: ½ (a + |a|) is exactly 0 for a ≤ 0.
 */
final class FastTanh {
  private static final float LIMIT = 9.010001f;

  private FastTanh() {}

  static float of(float x) {
    float above = x - LIMIT;
    float below = -x - LIMIT;
    float c = x - 0.5f * (above + Math.abs(above)) + 0.5f * (below + Math.abs(below));
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
    return c * p / q;
  }
}
