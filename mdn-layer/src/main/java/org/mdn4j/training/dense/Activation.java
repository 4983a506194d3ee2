/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

/**
 * A function of one number, with the derivative that DL4J gives it. In DOUBLE both are computed one
 * number at a time; in FLOAT by loops that the compiler vectorises, where a subclass has them: each
 * short and without a branch, as it gives up on long ones, in silence and at ten times the cost.
 */
abstract class Activation {
  /** Returns f(x). */
  abstract double value(double x);

  /** Returns f′(x), or what DL4J takes for it. */
  abstract double slope(double x);

  /** Returns whether f(x) = x, so that there is nothing to do. */
  boolean isIdentity() {
    return false;
  }

  /** Replaces x by f(x), and slopes by f′(x). */
  void apply(float[] x, float[] slopes, int count) {
    for (int i = 0; i < count; i++) {
      double argument = x[i];
      x[i] = (float) value(argument);
      slopes[i] = (float) slope(argument);
    }
  }

  /** Replaces x by f(x), and slopes by f′(x). */
  final void apply(double[] x, double[] slopes, int count) {
    for (int i = 0; i < count; i++) {
      double argument = x[i];
      x[i] = value(argument);
      slopes[i] = slope(argument);
    }
  }
}
