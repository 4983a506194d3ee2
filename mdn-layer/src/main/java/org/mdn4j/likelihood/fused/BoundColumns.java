/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood.fused;

import org.mdn4j.BoundTransform;
import org.mdn4j.ComponentBounds;
import org.mdn4j.Covariance;
import org.mdn4j.Limits;
import org.mdn4j.MixtureSpec;

/**
 * The transform {@link BoundTransform} for the columns of a {@link ColumnKernel}, and in its
 * manner: of locations, and of the scales of SPHERICAL and DIAGONAL. {@link FullBoundColumns} adds
 * those of FULL.
 */
class BoundColumns {
  /** x is read within ± FARTHEST to 10⁻⁹ where |x| is less than 10⁷. */
  private static final double READABLE = 1e-2;

  final MixtureSpec spec;
  final BoundTransform transform;
  private final boolean bounded; // locations
  private final double[] middle; // [D], m
  private final double[] halfWidth; // [D], w
  private final double[] top; // S of each scale of a component; null: not of this class
  private final double[][] locationSlopes; // [K·D][rows]
  private final double[][] scaleSlopes; // [K·S][rows]

  /**
   * Returns the transform for a form of output with bounds.
   *
   * @param rows the most rows of a block
   */
  static BoundColumns of(MixtureSpec spec, Limits limits, int rows) {
    boolean full =
        spec.covariance() == Covariance.FULL
            && spec.bounds().filter(ComponentBounds::hasScaleCeiling).isPresent();
    return full
        ? new FullBoundColumns(spec, limits, rows)
        : new BoundColumns(spec, limits, rows, true);
  }

  BoundColumns(MixtureSpec spec, Limits limits, int rows, boolean scalesToo) {
    ComponentBounds bounds = spec.bounds().orElseThrow();
    this.spec = spec;
    this.transform = new BoundTransform(spec, limits);
    this.bounded = bounds.hasLocationBounds();
    this.middle = bounds.locationMiddle();
    this.halfWidth = bounds.locationHalfWidth();
    this.top = scalesToo ? transform.top() : null;
    this.locationSlopes = new double[bounded ? spec.columns().locations().width() : 0][rows];
    this.scaleSlopes = new double[top == null ? 0 : spec.columns().scales().width()][rows];
  }

  /**
   * Replaces a component's raw output by the parameters it stands for, in place.
   *
   * @param size [rows], to which is added what makes a row unusual
   */
  void apply(int k, double[][] locations, double[][] scales, double[] size, int rows) {
    for (int d = 0; bounded && d < middle.length; d++) {
      int i = spec.columns().locationIndex(k, d);
      squash(middle[d], halfWidth[d], locations[i], locationSlopes[i], size, rows);
    }
    for (int j = 0; top != null && j < top.length; j++) {
      int i = spec.columns().scaleIndex(k, j);
      limit(transform.lowest(), transform.highest(), top[j], scales[i], scaleSlopes[i], rows);
    }
  }

  /**
   * Replaces derivatives with respect to the parameters by those with respect to the raw output,
   * after {@link #apply}, in place.
   */
  void pullBack(int k, double[][] locations, double[][] scales, int rows) {
    for (int d = 0; bounded && d < middle.length; d++) {
      int i = spec.columns().locationIndex(k, d);
      multiply(locationSlopes[i], locations[i], rows);
    }
    for (int j = 0; top != null && j < top.length; j++) {
      int i = spec.columns().scaleIndex(k, j);
      multiply(scaleSlopes[i], scales[i], rows);
    }
  }

  /** Computes x = m + w q((x − m)/w) and slope = q′. */
  static void squash(
      double middle, double halfWidth, double[] x, double[] slope, double[] size, int rows) {
    read(middle, 1 / halfWidth, x, size, rows);
    inverseRoot(x, slope, rows);
    squash(middle, halfWidth, x, slope, rows);
  }

  /** Computes x = (x − m)/w within limits. */
  private static void read(double middle, double factor, double[] x, double[] size, int rows) {
    for (int n = 0; n < rows; n++) {
      double share = (x[n] - middle) * factor;
      double above = share - BoundTransform.FARTHEST;
      double below = -BoundTransform.FARTHEST - share;
      // exactly the share where that is within
      x[n] = share - 0.5 * (above + Math.abs(above)) + 0.5 * (below + Math.abs(below));
      size[n] += READABLE * share * share;
    }
  }

  /** Computes root = (1 + x⁴)^(−¼), as that of max(1, x⁴) times that of 1 + min(x⁴, x⁻⁴). */
  private static void inverseRoot(double[] x, double[] root, int rows) {
    for (int n = 0; n < rows; n++) {
      double beyond = Math.abs(x[n]) - 1;
      double excess = 0.5 * (beyond + Math.abs(beyond));
      double inverse = 1 / (1 + excess);
      double ratio = (Math.abs(x[n]) - excess) * inverse;
      double square = ratio * ratio;
      root[n] = Series.inverseFourthRoot(square * square) * inverse;
    }
  }

  private static void squash(double middle, double halfWidth, double[] x, double[] root, int rows) {
    for (int n = 0; n < rows; n++) {
      double r = root[n];
      x[n] = middle + halfWidth * x[n] * r;
      root[n] = r * r * r * r * r;
    }
  }

  /** Computes s = S − h(S − s) and slope = h′. */
  private static void limit(
      double low, double high, double top, double[] s, double[] slope, int rows) {
    for (int n = 0; n < rows; n++) {
      double below = high - s[n];
      double above = high - 0.5 * (below + Math.abs(below)) - low;
      double x = top - low - 0.5 * (above + Math.abs(above));
      double root = Math.sqrt(x * x + 1);
      s[n] = top - 0.5 * (x + root);
      slope[n] = 0.5 + 0.5 * x / root;
    }
  }

  static void multiply(double[] slope, double[] x, int rows) {
    for (int n = 0; n < rows; n++) {
      x[n] *= slope[n];
    }
  }
}
