/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.questions;

import org.mdn4j.numerics.RootSearch;

/**
 * One side of a maximum of a density p, on which p falls: finds where it meets one threshold after
 * another, each from what is known of the last. Thresholds are logarithms, less a reference.
 */
final class Flank extends RootSearch {
  private static final int MOST_STEPS = 4;

  /** Nearer to the peak its curvature tells more than a difference of two log p. */
  private static final double SMALL_ROOT = 3e-3;

  private final DensityCurve curve;
  private final Position maximum;
  private final int side; // −1 or 1
  private final double logPeak; // log p at the maximum
  private final double width; // of a Gaussian that is as curved
  private final double last; // the offset of the next extremum; NaN if there is none
  private final double furthest; // where there is none, the offset of the last double

  private double reference;
  private double logThreshold;
  private double rootOfDrop; // √(log p(maximum) − threshold) of the last end; 0 if there is none
  private double lastEnd;
  private double lastSlope; // (log p)' there
  private double low = Double.NaN; // an offset of no further extremum …
  private double logLow = Double.POSITIVE_INFINITY; // … and log p there

  Flank(DensityCurve curve, Position maximum, int side, double last, double furthest) {
    this.curve = curve.at(maximum.offset());
    this.maximum = maximum;
    this.side = side;
    this.logPeak = curve.logDensity;
    this.width = Math.exp(curve.logUnit) / Math.sqrt(-curve.curvature); // or not
    this.last = last;
    this.furthest = furthest;
  }

  /**
   * Returns where p meets a threshold; infinite if that is beyond all doubles.
   *
   * @param usualWidth a width for maxima whose curvature gives none
   */
  Position end(double newReference, double newThreshold, double usualWidth) {
    reference = newReference;
    logThreshold = newThreshold;
    double root = Math.sqrt(logPeak - reference - logThreshold);
    double step = (width < Double.POSITIVE_INFINITY ? width : usualWidth) * Math.sqrt(2) * root;
    double far = far(step);
    if (Double.isInfinite(far)) {
      curve.at(furthest);
      return new Position(maximum.stretch(), far);
    }
    tolerance = 1e-14 * (1 + Math.abs(reference + logThreshold));
    double start = maximum.offset() + side * step;
    if (root > SMALL_ROOT && 0 < rootOfDrop && rootOfDrop < 2 * root) {
      // Of a Gaussian the ends are linear in the root.
      start = lastEnd - 2 * rootOfDrop / lastSlope * (root - rootOfDrop);
    }
    double lower = Math.min(maximum.offset(), far);
    double upper = Math.max(maximum.offset(), far);
    lastEnd = near(lower, upper, start);
    if (Double.isNaN(lastEnd)) {
      lastEnd = find(lower, upper, start);
      curve.at(lastEnd);
    }
    lastSlope = curve.slope * Math.exp(-curve.logUnit);
    rootOfDrop = side * lastSlope < 0 ? root : 0;
    return new Position(maximum.stretch(), lastEnd);
  }

  /**
   * Returns the end by Newton's steps from nearby, NaN if that leads nowhere. The last step is
   * taken without a look at where it leads, as soon as by Taylor's theorem that can be no more than
   * rounding.
   */
  private double near(double lower, double upper, double start) {
    double y = start;
    for (int i = 0; i < MOST_STEPS && lower < y && y < upper; i++) {
      double excess = value(y);
      double step = -excess / slope;
      if (Math.abs(excess) <= tolerance) {
        return y;
      }
      if (!(slope > 0)) {
        return Double.NaN;
      }
      double squares = excess * excess + Math.abs(curve.curvature) * step * step;
      y += step;
      if (Math.abs(step) < curve.smoothLength && 0.5 * squares < tolerance) {
        return Math.max(lower, Math.min(upper, y));
      }
    }
    return Double.NaN;
  }

  @Override
  protected double value(double offset) {
    double logDensity = curve.at(offset).logDensity - reference;
    slope = -side * curve.slope * Math.exp(-curve.logUnit);
    return side * (logThreshold - logDensity);
  }

  /**
   * Returns the probability by which the region widens per d log c at the last end: c/|(log p)'|.
   */
  double moved() {
    return Math.exp(reference + logThreshold + curve.logUnit) / Math.abs(curve.slope);
  }

  /** Returns log p at the last double that a target can be. */
  double logDensityAtFurthest() {
    return curve.at(furthest).logDensity;
  }

  /** Returns a point where p is below the threshold; infinite if none is. */
  private double far(double step) {
    if (!Double.isNaN(last)) {
      return last;
    }
    if (isBelow(logLow)) {
      return low;
    }
    double wide = Math.max(Math.ulp(maximum.offset()), 2 * step);
    double factor = 2;
    while (wide < Math.abs(furthest - maximum.offset())) { // the factor soon is larger than all
      low = maximum.offset() + side * wide;
      logLow = curve.at(low).logDensity;
      if (isBelow(logLow)) {
        return low;
      }
      wide *= factor;
      factor *= 2;
    }
    low = furthest;
    logLow = logDensityAtFurthest();
    return isBelow(logLow) ? furthest : side * Double.POSITIVE_INFINITY;
  }

  private boolean isBelow(double logDensity) {
    return logDensity - reference < logThreshold;
  }
}
