/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.rows;

import org.mdn4j.ComponentFamily;
import org.mdn4j.MixtureSpec;
import org.mdn4j.Truncation;

/**
 * The ends of one target's label as the components of a mixture see them: within the truncation,
 * and of LOG_NORMAL components their logarithms. An exact value is an interval of width 0.
 *
 * <p>Not safe for use by several threads.
 */
public final class LabelEnds {
  private final boolean logarithmic;
  private final Truncation range;
  private double lower;
  private double upper;
  private double width;
  private double logJacobian;

  /**
   * Creates the ends for labels of a specification.
   *
   * @param spec the columns of the raw output
   */
  public LabelEnds(MixtureSpec spec) {
    this.logarithmic = spec.family() == ComponentFamily.LOG_NORMAL;
    this.range = spec.truncation().orElse(Truncation.NONE);
  }

  /** Returns whether anything is between the ends that a component could give mass to. */
  public boolean isInSupport(double upper) {
    return !logarithmic || upper > 0;
  }

  /**
   * Reads a label.
   *
   * @param from its lower end, or −∞
   * @param to its upper end, or ∞; the same for an exact value
   */
  public void read(double from, double to) {
    boolean exact = from == to;
    double low = exact ? from : Math.max(from, range.lower());
    double high = exact ? to : Math.min(to, range.upper());
    width = Math.max(high - low, 0);
    if (!logarithmic) {
      lower = low;
      upper = high;
      logJacobian = 0;
      return;
    }
    lower = low > 0 ? Math.log(low) : Double.NEGATIVE_INFINITY;
    upper = Math.log(high);
    width = exact ? 0 : low > 0 ? Math.log1p(width / low) : Double.POSITIVE_INFINITY;
    logJacobian = exact ? -upper : 0;
  }

  /** Reads the range outside of which no target is seen, as an interval. */
  public void readRange() {
    read(range.lower(), range.upper());
  }

  /** Returns the lower end. */
  public double lower() {
    return lower;
  }

  /** Returns the upper end. */
  public double upper() {
    return upper;
  }

  /** Returns upper less lower end, with all its digits. */
  public double width() {
    return width;
  }

  /** Returns what a density's logarithm has besides: −log y for an exact value of LOG_NORMAL. */
  public double logJacobian() {
    return logJacobian;
  }
}
