/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.numerics;

/**
 * Root of an increasing function in a bracket. Newton's steps while they stay inside and halve the
 * value; the bracket's middle where they do not, so that no function, however flat or steep, is
 * given up. A jump through 0 counts as a root. After a fixed number of steps the doubles in the
 * bracket are halved, however wide it is, and of these there are no more than 2⁶⁴.
 *
 * <p>Brent's method is not used: it takes no derivative, and stops by absolute and relative widths
 * of the bracket, which say nothing of the value in the far tails.
 */
public abstract class RootSearch {
  private static final int STEPS = 60;
  private static final int HALVINGS = 66; // of 2⁶⁴ doubles

  /** The derivative at the last point that {@link #value} was called with. */
  protected double slope;

  /** The size up to which values count as 0: no more than rounding makes of them. */
  protected double tolerance;

  /** Creates a search with a tolerance of 0. */
  protected RootSearch() {}

  /**
   * Returns the function's value; also sets the slope.
   *
   * @param y a point of the bracket
   * @return the value there
   */
  protected abstract double value(double y);

  /**
   * Returns a point that divides the bracket, where Newton's step does not help.
   *
   * @param lower the bracket's lower end
   * @param upper the bracket's upper end
   * @return a point between, by default the middle
   */
  protected double middle(double lower, double upper) {
    return 0.5 * lower + 0.5 * upper;
  }

  /**
   * Returns the root, or one of the two doubles next to it where the function jumps or y has no
   * more digits: the nearer one.
   *
   * @param lower a point where the function is at most 0; finite
   * @param upper a point where it is at least 0; finite
   * @param start where to begin; a point outside of the bracket means its nearest end
   * @return the root
   */
  public final double find(double lower, double upper, double start) {
    double y = Double.isNaN(start) ? middle(lower, upper) : start;
    y = Math.max(lower, Math.min(upper, y));
    End atLower = new End();
    End atUpper = new End();
    double before = Double.POSITIVE_INFINITY;
    for (int step = 0; step < STEPS + HALVINGS; step++) {
      double value = value(y);
      double size = Math.abs(value);
      if (size <= tolerance) {
        return y;
      }
      double next = y - value / slope;
      if (value < 0) {
        lower = y;
        atLower.set(size, Math.abs(next - y));
      } else {
        upper = y;
        atUpper.set(size, Math.abs(next - y));
      }
      if (Math.abs(next - y) < Math.ulp(y)) {
        next = value < 0 ? Math.nextUp(y) : Math.nextDown(y);
      }
      if (step < STEPS && size <= 0.5 * before && lower < next && next < upper) {
        before = size;
      } else {
        next = step < STEPS ? middle(lower, upper) : Doubles.middle(lower, upper);
        before = Double.POSITIVE_INFINITY;
        if (!(lower < next && next < upper)) {
          break;
        }
      }
      y = next;
    }
    return atLower.isNearer(atUpper, upper - lower) ? lower : upper;
  }

  /** What is known of one end of the bracket. */
  private static final class End {
    private double size = Double.POSITIVE_INFINITY; // of the value
    private double step = Double.POSITIVE_INFINITY; // that Newton's method would take

    void set(double size, double step) {
      this.size = size;
      this.step = step;
    }

    /**
     * Returns whether the root is nearer to this end; if the steps do not tell, the smaller value
     * decides.
     */
    boolean isNearer(End other, double width) {
      boolean near = step <= 0.5 * width;
      boolean otherNear = other.step <= 0.5 * width;
      return near == otherNear ? size < other.size : near;
    }
  }
}
