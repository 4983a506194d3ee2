/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j;

import java.util.Arrays;
import java.util.Collections;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The transform by which {@link ComponentBounds} hold a mixture's components: a network's outputs
 * μ̃ and s̃ are read as
 *
 * <pre>
 *   μ = m + w q((μ̃ − m) / w),   q(x) = x / (1 + x⁴)^¼       m = ½ (a + b), w = ½ (b − a)
 *   s = S − h(S − s̃),           h(x) = ½ (x + √(x² + 1))    S = g⁻¹(c − f)
 * </pre>
 *
 * <p>for locations within (a, b) and scales σ = f + g(s) &lt; c, f being the floor. Both are smooth
 * and monotone. q(x) is x to 0.4 % where |x| ≤ ⅓, and |q| &lt; 1. h(x) is x + 1/4x − … for large x;
 * for negative x it falls as 1/4|x| only, so that a scale at its ceiling still has a gradient. (μ̃
 * − m)/w is read within ±10, beyond which q has the slope that it has there, 10⁻⁵: a location far
 * outside still has a gradient that leads back, and no power overflows. Source of h: J. T. Barron,
 * <i>Squareplus: a softplus-like algebraic rectifier</i>, arXiv:2112.11687 (2021), equation 1 with
 * b = 1.
 *
 * <p>For {@link Covariance#FULL} S depends on the correlations, as {@link FullBounds} says.
 *
 * <p>Not safe for use by several threads.
 */
@Internal
public final class BoundTransform {
  /** (μ̃ − m)/w is read within ± this. */
  public static final double FARTHEST = 10;

  /** By how much s may be less than both s̃ and S, at most: h(0). */
  private static final double LARGEST_SHIFT = 0.5;

  private static final double FARTHEST_ABOVE = 100;
  private static final double FARTHEST_START = 0.99;
  private static final double NEAREST_START = 0.1;

  private final MixtureSpec spec;
  private final double lowest;
  private final double highest;
  private final double[] middle; // [D], m; null where locations are free
  private final double[] halfWidth; // [D], w
  private final double[] top; // S of each scale of a component; null where scales are free
  private final FullBounds full; // null unless FULL has a ceiling

  /**
   * Creates the transform of a specification's raw output; without bounds it changes nothing.
   *
   * @param spec the columns of the raw output
   */
  public BoundTransform(MixtureSpec spec) {
    this(spec, Limits.of(DataType.DOUBLE));
  }

  /**
   * Creates the transform for scale parameters within limits.
   *
   * @param spec the columns of the raw output
   * @param limits of s; for FULL, where l_dd = −s, of −l_dd
   */
  public BoundTransform(MixtureSpec spec, Limits limits) {
    double lowest = limits.minScaleParameter();
    double highest = limits.maxScaleParameter();
    this.spec = spec;
    ComponentBounds bounds = spec.bounds().orElse(ComponentBounds.NONE);
    this.middle = bounds.hasLocationBounds() ? bounds.locationMiddle() : null;
    this.halfWidth = bounds.hasLocationBounds() ? bounds.locationHalfWidth() : null;
    this.top = bounds.hasScaleCeiling() ? top(spec, bounds) : null;
    double largest = spec.scaleTransform().inverse(Math.exp(highest));
    this.lowest = top == null ? lowest : lowest + LARGEST_SHIFT;
    this.highest =
        top == null
            ? largest
            : Math.min(largest, Arrays.stream(top).max().orElseThrow() + FARTHEST_ABOVE);
    this.full =
        top != null && spec.covariance() == Covariance.FULL ? new FullBounds(spec, this) : null;
  }

  private static double[] top(MixtureSpec spec, ComponentBounds bounds) {
    double[] ceiling = bounds.scaleCeiling().stream().mapToDouble(c -> c).toArray();
    if (spec.covariance() == Covariance.SPHERICAL) {
      ceiling = new double[] {Collections.min(bounds.scaleCeiling())};
    }
    return Arrays.stream(ceiling).map(spec::scaleParameter).toArray();
  }

  /**
   * Returns the least s̃ that is read; what is below has the gradient that it has there.
   *
   * @return the lower limit, a half more than that of s, of which s is never below, where scales
   *     have a ceiling
   */
  public double lowest() {
    return lowest;
  }

  /**
   * Returns the largest s̃ that is read; what is above has the gradient that it has there.
   *
   * @return the upper limit, at most 100 above the largest S
   */
  public double highest() {
    return highest;
  }

  /**
   * Returns the scale parameters S at which scales would be at their ceilings.
   *
   * @return S of each scale of a component, for FULL {@code [D]} and without correlations; null
   *     where scales are free
   */
  public double[] top() {
    return top;
  }

  /**
   * Returns the bounds of the entries of FULL below the diagonal, where scales have a ceiling.
   *
   * @return {@code [D][D]}, A of {@link FullBounds}; null of other forms
   */
  public double[][] largestEntries() {
    return full == null ? null : full.largestEntries();
  }

  /**
   * Turns a row of a raw output into the parameters that it stands for.
   *
   * @param raw {@code [P]}, changed in place; what is not finite becomes NaN
   */
  public void apply(double[] raw) {
    if (middle != null) {
      for (int i = 0, column = spec.columns().locations().from();
          column < spec.columns().locations().to();
          i++, column++) {
        raw[column] = location(raw[column], i % middle.length);
      }
    }
    if (full != null) {
      for (int k = 0; k < spec.components(); k++) {
        full.apply(raw, spec.columns().cholesky(k, 0, 0));
      }
    } else if (top != null) {
      for (int i = 0, column = spec.columns().scales().from();
          column < spec.columns().scales().to();
          i++, column++) {
        raw[column] = bounded(raw[column], top[i % top.length]);
      }
    }
  }

  /**
   * Turns derivatives with respect to the parameters into those with respect to the raw output.
   *
   * @param raw {@code [P]}, as it was before {@link #apply}
   * @param gradient {@code [P]}, changed in place
   */
  public void pullBack(double[] raw, double[] gradient) {
    if (middle != null) {
      for (int i = 0, column = spec.columns().locations().from();
          column < spec.columns().locations().to();
          i++, column++) {
        gradient[column] *= locationSlope(raw[column], i % middle.length);
      }
    }
    if (full != null) {
      for (int k = 0; k < spec.components(); k++) {
        full.pullBack(raw, gradient, spec.columns().cholesky(k, 0, 0));
      }
    } else if (top != null) {
      for (int i = 0, column = spec.columns().scales().from();
          column < spec.columns().scales().to();
          i++, column++) {
        gradient[column] *= slope(raw[column], top[i % top.length]);
      }
    }
  }

  /**
   * Returns the location that a raw output stands for, where locations have bounds.
   *
   * @param raw μ̃; NaN where it is not finite
   * @param target d
   * @return μ
   */
  public double location(double raw, int target) {
    return middle[target] + halfWidth[target] * q((raw - middle[target]) / halfWidth[target]);
  }

  /**
   * Returns the derivative of {@link #location} by the raw output.
   *
   * @param raw μ̃
   * @param target d
   * @return dμ / dμ̃ = q', in (0, 1]
   */
  public double locationSlope(double raw, int target) {
    return slopeOfQ((raw - middle[target]) / halfWidth[target]);
  }

  /**
   * Returns the raw output that stands for a location.
   *
   * @param location μ; within one percent of w of a bound, or beyond, it is read as that far inside
   * @param target d
   * @return μ̃
   */
  public double rawLocation(double location, int target) {
    if (middle == null) {
      return location;
    }
    double share = (location - middle[target]) / halfWidth[target];
    double y = Math.max(-FARTHEST_START, Math.min(FARTHEST_START, share));
    return middle[target] + halfWidth[target] * y / fourthRoot(1 - y * y * y * y);
  }

  /**
   * Returns the raw output that stands for a scale parameter; for FULL without correlations.
   *
   * @param parameter s; above S − 0.1 it is read as that
   * @param target d
   * @return s̃
   */
  public double rawScaleParameter(double parameter, int target) {
    if (top == null) {
      return parameter;
    }
    double ceiling = top[target % top.length];
    double h = Math.max(NEAREST_START, ceiling - parameter);
    return ceiling - h + 0.25 / h;
  }

  static double q(double x) {
    double y = Math.max(-FARTHEST, Math.min(FARTHEST, x));
    return y / fourthRoot(1 + y * y * y * y) + (x - x); // not finite: NaN
  }

  /** Returns q'(x) = (1 + x⁴)^(−5/4). */
  static double slopeOfQ(double x) {
    double y = Math.max(-FARTHEST, Math.min(FARTHEST, x));
    double sum = 1 + y * y * y * y;
    return 1 / (sum * fourthRoot(sum));
  }

  private static double fourthRoot(double x) {
    return Math.sqrt(Math.sqrt(x));
  }

  /** Returns s = S − h(S − s̃). */
  double bounded(double s, double top) {
    return top - h(top - read(s)) + (s - s); // not finite: NaN
  }

  /** Returns ds / ds̃ = h'(S − s̃) = h / √(x² + 1). */
  double slope(double s, double top) {
    double x = top - read(s);
    return h(x) / Math.sqrt(x * x + 1);
  }

  private double read(double s) {
    return Math.max(lowest, Math.min(highest, s));
  }

  private static double h(double x) {
    double root = Math.sqrt(x * x + 1);
    return x > 0 ? 0.5 * (x + root) : 0.5 / (root - x); // without cancellation
  }
}
