/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.numerics;

/**
 * The logarithm of what one component of a location-scale family gives to an interval of a target,
 * and its derivatives:
 *
 * <pre>
 *   L(l, u) = log( F((u − μ)/σ) − F((l − μ)/σ) )     l &lt; u
 *   L(y, y) = log( f((y − μ)/σ) / σ )                the density, of an exact value
 *   ∂L/∂μ     = −E( ψ(T) ) / σ,    ψ = d log f / dt
 *   ∂L/∂log σ = −1 − E( T ψ(T) )
 *   ∂L/∂log ν = E( ∂ log f(T) / ∂log ν )
 * </pre>
 *
 * <p>where T has the density f restricted to the interval, and is y itself for an exact value. All
 * families are symmetric, so that an interval whose middle is negative is mirrored first: its ends
 * are then a and b with b ≥ |a|. Nothing is formed that cancels, neither in the tails, however far
 * out, nor where the interval is narrow; each family says how.
 *
 * <p>Each call of {@link #interval} leaves its results in the object. Not safe for use by several
 * threads.
 */
public abstract class LogMass implements ComponentMass {
  static final double LOG_2 = Math.log(2);

  /** A width below it may have lost digits; its logarithm has not. */
  static final double TINY = 1e-290;

  private boolean logarithmic; // of log-normal targets

  private double value;
  private double byLocation;
  private double byLogScale;
  private double byLogDegrees;

  // Of the last interval, for within()
  private double inverseScale;
  private double nearEnd; // in target units
  private double near; // in scales, ≥ 0; 0 where the interval holds the center

  // Written by the families, of the mirrored and standardised interval
  double logRest; // L without log σ and the exponent
  double
      exponent; // ½ t² of the normal distribution's nearer end, kept apart for its digits; else 0
  double pull; // −E ψ(T)
  double stretch; // −1 − E T ψ(T)
  double bend; // ∂/∂log ν

  // log |a| and log |b|, also where a or b is beyond all doubles; set only where one of them is
  double logNear;
  double logFar;

  /**
   * Returns that of the normal distribution.
   *
   * @param limit where ½ t² of an interval's nearer end is more, it counts as this much and pulls
   *     at nothing
   * @return its log masses
   */
  public static LogMass gaussian(double limit) {
    return new GaussianLogMass(limit);
  }

  /**
   * Returns that of the log-normal distribution, of targets above 0, whose logarithm is normal with
   * location μ and scale σ. The density is that of the target itself.
   *
   * @param limit as for {@link #gaussian}
   * @return its log masses
   */
  public static LogMass logNormal(double limit) {
    LogMass mass = new GaussianLogMass(limit);
    mass.logarithmic = true;
    return mass;
  }

  /**
   * Returns that of the Laplace distribution.
   *
   * @return its log masses
   */
  public static LogMass laplace() {
    return new LaplaceLogMass();
  }

  /**
   * Returns that of the logistic distribution.
   *
   * @return its log masses
   */
  public static LogMass logistic() {
    return new LogisticLogMass();
  }

  /**
   * Returns that of Student's t distribution; {@link #degrees} gives its ν.
   *
   * @return its log masses
   */
  public static LogMass studentT() {
    return new StudentLogMass();
  }

  /**
   * Returns whether targets may be as low as that: of log-normal ones above 0.
   *
   * @param upper upper end of an interval, or a value
   * @return false where all below has no density
   */
  public final boolean holds(double upper) {
    return !logarithmic || upper > 0;
  }

  /**
   * Computes L and its derivatives.
   *
   * @param lower l, or −∞
   * @param upper u ≥ l, or ∞; of log-normal targets above 0
   * @param location μ
   * @param logScale log σ
   */
  @Override
  public final void interval(double lower, double upper, double location, double logScale) {
    interval(lower, upper, location, Math.exp(logScale), logScale);
  }

  /**
   * Computes the same for a scale that is known itself, whose logarithm has fewer digits.
   *
   * @param lower l, or −∞
   * @param upper u ≥ l, or ∞; of log-normal targets above 0
   * @param location μ
   * @param scale σ, 0 or ∞ where it is no double
   * @param logScale log σ
   */
  public final void interval(
      double lower, double upper, double location, double scale, double logScale) {
    double width = lower == upper ? 0 : upper - lower;
    if (!logarithmic) {
      compute(lower, upper, width, location, scale, logScale);
    } else if (lower == upper) {
      double log = Math.log(upper);
      compute(log, log, 0, location, scale, logScale);
      logRest -= log;
      value -= log;
    } else {
      boolean open = lower <= 0;
      compute(
          open ? Double.NEGATIVE_INFINITY : Math.log(lower),
          Math.log(upper),
          open ? Double.POSITIVE_INFINITY : Math.log1p(width / lower),
          location,
          scale,
          logScale);
    }
  }

  private void compute(
      double lower, double upper, double width, double location, double scale, double logScale) {
    boolean ordinary = scale >= Double.MIN_NORMAL && scale <= Double.MAX_VALUE;
    inverseScale = ordinary ? 1 / scale : Math.exp(-logScale);
    byLogDegrees = 0;
    near = 0;
    if (lower == Double.NEGATIVE_INFINITY && upper == Double.POSITIVE_INFINITY) {
      value = 0;
      byLocation = 0;
      byLogScale = 0;
      return;
    }
    double a = distance(lower, location, ordinary ? scale : 0, logScale);
    double b = distance(upper, location, ordinary ? scale : 0, logScale);
    boolean mirrored = a + b < 0;
    if (mirrored) {
      double swapped = a;
      a = -b;
      b = -swapped;
    }
    if (Double.isInfinite(a) || Double.isInfinite(b)) {
      logNear = logOf(mirrored ? upper : lower, location) - logScale;
      logFar = logOf(mirrored ? lower : upper, location) - logScale;
    }
    bend = 0;
    exponent = 0;
    if (width == 0) {
      density(b);
      logRest -= logScale;
      nearEnd = lower;
      near = b;
    } else {
      boolean far = width == Double.POSITIVE_INFINITY && lower != -width && upper != width;
      double w =
          far // ends that are doubles, but not their distance
              ? b - a
              : ordinary ? width / scale : Math.exp(Math.log(width) - logScale);
      mass(a, b, w, far ? Math.log(w) : Math.log(width) - logScale);
      nearEnd = mirrored ? upper : lower;
      near = Math.max(a, 0);
    }
    value = logRest - exponent;
    byLocation = (mirrored ? -pull : pull) * inverseScale;
    byLogScale = stretch;
    byLogDegrees = bend;
  }

  /** Returns (y − μ)/σ; given a σ of 0, which is no double, by its logarithm. */
  private static double distance(double y, double location, double scale, double logScale) {
    double difference = y - location;
    if (scale == 0) {
      return difference == 0
          ? 0
          : Math.copySign(Math.exp(logOf(y, location) - logScale), difference);
    }
    return Double.isInfinite(difference)
        ? (0.5 * y - 0.5 * location) / (0.5 * scale)
        : difference / scale;
  }

  /** Returns log |y − μ|, also where the difference is beyond all doubles. */
  private static double logOf(double y, double location) {
    return Math.log(Math.abs(0.5 * y - 0.5 * location)) + LOG_2;
  }

  /** Computes log f(t), for t ≥ 0, and the rest. */
  abstract void density(double t);

  /**
   * Computes the results of an interval.
   *
   * @param a its lower end, −b ≤ a
   * @param b its upper end, which may be ∞
   * @param w b − a &gt; 0
   * @param logW log w, also of a w below all doubles
   */
  abstract void mass(double a, double b, double w, double logW);

  /**
   * Returns L of the last interval less that of another one that holds it, with the same location
   * and scale, where both may be far out.
   *
   * @param whole the one around it
   * @return the logarithm of the share, or density, within the other one
   */
  public final double within(LogMass whole) {
    if (whole.exponent == 0 || exponent == 0) {
      return value - whole.value;
    }
    double beyond = Math.abs(nearEnd - whole.nearEnd) * inverseScale; // in scales
    return logRest - whole.logRest - exponentBetween(whole.near, near, beyond);
  }

  /**
   * Returns by how much the exponent grows between two distances from the center, in scales.
   *
   * @param from one distance
   * @param to a larger one
   * @param step to − from, with all its digits
   */
  double exponentBetween(double from, double to, double step) {
    return step;
  }

  @Override
  public final double value() {
    return value;
  }

  @Override
  public final double byLocation() {
    return byLocation;
  }

  @Override
  public final double byLogScale() {
    return byLogScale;
  }

  @Override
  public final double byLogDegrees() {
    return byLogDegrees;
  }
}
