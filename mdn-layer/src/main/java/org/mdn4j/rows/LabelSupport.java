/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.rows;

import org.mdn4j.Atoms;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Counts;
import org.mdn4j.MixtureSpec;
import org.mdn4j.Truncation;

/**
 * What labels may be where components do not have every number: above 0 for LOG_NORMAL and, of
 * intervals, more of a truncation's range than its end, unless they are atoms; and integers of at
 * least 0 for counts.
 */
public final class LabelSupport {
  private final boolean counts;
  private final boolean positive;
  private final Truncation range; // or null
  private final Atoms atoms;

  private LabelSupport(MixtureSpec spec) {
    this.counts = spec.family().isDiscrete();
    this.positive = spec.family() == ComponentFamily.LOG_NORMAL;
    this.range = spec.truncation().orElse(null);
    this.atoms = new Atoms(spec);
  }

  /**
   * Returns the support of a specification's labels.
   *
   * @param spec the family and the atoms
   * @return null where every number will do
   */
  static LabelSupport of(MixtureSpec spec) {
    LabelSupport support = new LabelSupport(spec);
    return support.counts || support.positive || support.range != null ? support : null;
  }

  /** Returns whether labels are counts. */
  boolean holdsCounts() {
    return counts;
  }

  /**
   * Checks a label.
   *
   * @param lower its lower end, or −∞
   * @param upper its upper end, or ∞; the same of an exact label
   * @param row its row, for the message
   * @param column the lower end's column, for the message
   * @throws IllegalArgumentException if nothing that is possible is in it
   */
  void check(double lower, double upper, long row, long column) {
    if (counts) {
      Counts.requireEnds(lower, upper, row, column);
    } else if (positive && !(upper > 0) && !atoms.areAny(lower, upper)) {
      throw notAboveZero(upper, row, lower == upper ? column : column + 1);
    } else if (range != null && lower < upper && !reachesInto(lower, upper)) {
      throw new BadEntryException(
          "Expected an interval that has more of the truncation %s than its end, got %s and %s"
              .formatted(range, lower, upper),
          row,
          column);
    }
  }

  private boolean reachesInto(double lower, double upper) {
    return lower < range.upper() && upper > range.lower() || atoms.areAny(lower, upper);
  }

  /** Returns the exception for a label that LOG_NORMAL components cannot have. */
  private static BadEntryException notAboveZero(double label, long row, long column) {
    return new BadEntryException(
        "Expected targets above 0 for LOG_NORMAL components, got " + label, row, column);
  }
}
