/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

/**
 * A function of one number, with the derivative that DL4J gives it. In DOUBLE both are computed one
 * number at a time; in FLOAT by a loop that the compiler vectorises, where a subclass has one and
 * no number is out of its range.
 */
abstract class Activation {
  /** The sum of absolute numbers up to which each of them is in the range of vectorised loops. */
  private static final float ORDINARY = 4e6f;

  /** f(x). */
  abstract double value(double x);

  /** f′(x), or what DL4J takes for it. */
  abstract double slope(double x);

  /** Whether f(x) = x, so that there is nothing to do. */
  boolean isIdentity() {
    return false;
  }

  /** x = f(x), slopes = f′(x), for |x| ≤ 4 · 10⁶. */
  void applyToOrdinary(float[] x, float[] slopes, int count) {
    applyToAny(x, slopes, count);
  }

  /** x = f(x), slopes = f′(x). */
  final void apply(float[] x, float[] slopes, int count) {
    if (areOrdinary(x, count)) {
      applyToOrdinary(x, slopes, count);
    } else {
      applyToAny(x, slopes, count);
    }
  }

  private void applyToAny(float[] x, float[] slopes, int count) {
    for (int i = 0; i < count; i++) {
      double argument = x[i];
      x[i] = (float) value(argument);
      slopes[i] = (float) slope(argument);
    }
  }

  /** Whether the sum of absolute numbers is small; four sums, none of which waits for another. */
  private static boolean areOrdinary(float[] x, int count) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int i = 0;
    for (; i < count - 3; i += 4) {
      a += Math.abs(x[i]);
      b += Math.abs(x[i + 1]);
      c += Math.abs(x[i + 2]);
      d += Math.abs(x[i + 3]);
    }
    for (; i < count; i++) {
      a += Math.abs(x[i]);
    }
    return a + b + c + d <= ORDINARY;
  }

  /** x = f(x), slopes = f′(x). */
  final void apply(double[] x, double[] slopes, int count) {
    for (int i = 0; i < count; i++) {
      double argument = x[i];
      x[i] = value(argument);
      slopes[i] = slope(argument);
    }
  }
}
