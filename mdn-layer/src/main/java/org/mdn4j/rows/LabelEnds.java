/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.rows;

import org.mdn4j.MixtureSpec;
import org.mdn4j.Truncation;

/**
 * The ends of one target's label, of which those beyond a truncation are moved to its ends. An
 * exact value has two equal ends.
 *
 * <p>Not safe for use by several threads.
 */
public final class LabelEnds {
  private final Truncation range;
  private double lower;
  private double upper;

  /**
   * Creates the ends for labels of a specification.
   *
   * @param spec the columns of the raw output
   */
  public LabelEnds(MixtureSpec spec) {
    this.range = spec.truncation().orElse(Truncation.NONE);
  }

  /**
   * Reads a label.
   *
   * @param from its lower end, or −∞
   * @param to its upper end, or ∞; the same for an exact value
   */
  public void read(double from, double to) {
    boolean exact = from == to;
    upper = exact ? to : Math.min(to, range.upper());
    lower = exact ? from : Math.min(Math.max(from, range.lower()), upper);
  }

  /** Reads the range outside of which no target is seen, as an interval. */
  public void readRange() {
    lower = range.lower();
    upper = range.upper();
  }

  /** Returns the lower end. */
  public double lower() {
    return lower;
  }

  /** Returns the upper end. */
  public double upper() {
    return upper;
  }
}
