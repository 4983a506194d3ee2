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
 * roundings it is less than 4 · 10⁻⁷ for every x, which a test holds it to. From 9.02 on the
 * quotient is greater than 1 and is cut to exactly 1; NaN stays NaN.
 *
 * <p>It is arithmetic alone, without branches or bits of exponents, so that the compiler turns the
 * loop into vector instructions. It does so up to some forty operations, and this is near that:
 * what else is to be done with a tanh belongs into a loop of its own.
 */
final class FastTanh {
  private static final float BEYOND = 10; // anywhere from 9.02 to where x⁸ is too large

  private FastTanh() {}

  /** Computes y = tanh(c x). */
  static void of(float[] x, float c, float[] y, int count) {
    for (int i = 0; i < count; i++) {
      y[i] = of(c * x[i]);
    }
  }

  static float of(float x) {
    float a = Math.max(-BEYOND, Math.min(BEYOND, x));
    float t = a * a;
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
    return Math.max(-1, Math.min(1, a * p / q));
  }
}
