/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

/**
 * Root of an increasing function in a bracket. Newton's steps while they stay inside and halve the
 * value; the bracket's middle where they do not, so that no function, however flat or steep, is
 * given up. A jump through 0 counts as a root.
 *
 * <p>Brent's method is not used: it takes no derivative, and stops by absolute and relative widths
 * of the bracket, which say nothing of the value in the far tails.
 */
abstract class RootSearch {
  /** The derivative at the last point that {@link #value} was asked for. */
  double slope;

  /** Values up to this size count as 0; what rounding makes of them, and no less. */
  double tolerance;

  /** The function's value; also sets the slope. */
  abstract double value(double y);

  /** A point that divides the bracket, where Newton's step does not help. */
  double middle(double lower, double upper) {
    return 0.5 * lower + 0.5 * upper;
  }

  /**
   * Finds the root.
   *
   * @param lower a point where the function is at most 0; finite
   * @param upper a point where it is at least 0; finite
   * @param start where to begin; a point outside of the bracket means its nearest end
   */
  double find(double lower, double upper, double start) {
    double y = Math.max(lower, Math.min(upper, start));
    double before = Double.POSITIVE_INFINITY;
    while (true) {
      double value = value(y);
      double size = Math.abs(value);
      if (size <= tolerance) {
        return y;
      }
      if (value < 0) {
        lower = y;
      } else {
        upper = y;
      }
      double next = y - value / slope;
      if (Math.abs(next - y) < Math.ulp(y)) {
        next = value < 0 ? Math.nextUp(y) : Math.nextDown(y);
      }
      if (size <= 0.5 * before && lower < next && next < upper) {
        before = size;
      } else {
        next = middle(lower, upper);
        before = Double.POSITIVE_INFINITY;
        if (next <= lower || next >= upper) {
          return upper;
        }
      }
      y = next;
    }
  }
}
