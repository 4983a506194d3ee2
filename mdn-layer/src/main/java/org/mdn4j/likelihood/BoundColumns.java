/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import org.mdn4j.BoundTransform;
import org.mdn4j.ComponentBounds;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;

/**
 * {@link BoundTransform} for the columns of a {@link ColumnKernel}, and for its manner of loops: of
 * locations, and of the scales of SPHERICAL and DIAGONAL. {@link FullBoundColumns} adds those of
 * FULL.
 */
class BoundColumns {
  final MixtureSpec spec;
  final BoundTransform transform;
  private final ComponentBounds bounds;
  private final double[][] locationSlopes; // [K·D][rows], or none
  private final double[][] scaleSlopes; // [K·S][rows], or none

  BoundColumns(MixtureSpec spec, Limits limits, int rows) {
    this.spec = spec;
    this.transform = BoundsGraph.transform(spec, limits);
    this.bounds = spec.bounds().orElse(ComponentBounds.NONE);
    int locations = bounds.hasLocationBounds() ? spec.locationColumns().width() : 0;
    boolean each = bounds.hasScaleCeiling() && spec.covariance() != Covariance.FULL;
    this.locationSlopes = new double[locations][rows];
    this.scaleSlopes = new double[each ? spec.scaleColumns().width() : 0][rows];
  }

  /** For a form of output. */
  static BoundColumns of(MixtureSpec spec, Limits limits, int rows) {
    boolean full =
        spec.covariance() == Covariance.FULL
            && spec.bounds().filter(ComponentBounds::hasScaleCeiling).isPresent();
    return full ? new FullBoundColumns(spec, limits, rows) : new BoundColumns(spec, limits, rows);
  }

  /** Turns what the network puts out into what it stands for, in place. */
  void apply(double[][] locations, double[][] scales, int rows) {
    double[] middle = bounds.locationMiddle();
    double[] halfWidth = bounds.locationHalfWidth();
    for (int i = 0; i < locationSlopes.length; i++) {
      int d = i % middle.length;
      squash(middle[d], halfWidth[d], locations[i], locationSlopes[i], rows);
    }
    double[] top = transform.top();
    for (int i = 0; i < scaleSlopes.length; i++) {
      double highest = top[i % top.length];
      limit(transform.lowest(), transform.highest(), highest, scales[i], scaleSlopes[i], rows);
    }
  }

  /** Turns derivatives back, after {@link #apply}, in place. */
  void pullBack(double[][] locations, double[][] scales, int rows) {
    for (int i = 0; i < locationSlopes.length; i++) {
      multiply(locationSlopes[i], locations[i], rows);
    }
    for (int i = 0; i < scaleSlopes.length; i++) {
      multiply(scaleSlopes[i], scales[i], rows);
    }
  }

  static void squash(double middle, double halfWidth, double[] x, double[] slope, int rows) {
    for (int n = 0; n < rows; n++) {
      double share = (x[n] - middle) / halfWidth;
      x[n] = middle + halfWidth * BoundTransform.q(share);
      slope[n] = BoundTransform.slopeOfQ(share);
    }
  }

  private static void limit(
      double low, double high, double top, double[] s, double[] slope, int rows) {
    for (int n = 0; n < rows; n++) {
      double read = BoundTransform.within(low, high, s[n]);
      s[n] = BoundTransform.bounded(read, top);
      slope[n] = BoundTransform.slope(read, top);
    }
  }

  static void multiply(double[] slope, double[] x, int rows) {
    for (int n = 0; n < rows; n++) {
      x[n] *= slope[n];
    }
  }
}
