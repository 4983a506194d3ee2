/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.rows;

import org.mdn4j.Atoms;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Counts;
import org.mdn4j.MixtureSpec;

/**
 * What labels may be where components do not have every number: above 0 for LOG_NORMAL, unless they
 * are atoms, and integers of at least 0 for counts.
 */
public final class LabelSupport {
  private final boolean counts;
  private final Atoms atoms;

  private LabelSupport(MixtureSpec spec) {
    this.counts = spec.family().isDiscrete();
    this.atoms = new Atoms(spec);
  }

  /**
   * Returns the support of a specification's labels.
   *
   * @param spec the family and the atoms
   * @return null where every number will do
   */
  public static LabelSupport of(MixtureSpec spec) {
    boolean positive = spec.family() == ComponentFamily.LOG_NORMAL;
    return positive || spec.family().isDiscrete() ? new LabelSupport(spec) : null;
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
  public void check(double lower, double upper, long row, long column) {
    if (counts) {
      Counts.requireEnds(lower, upper, row, column);
    } else if (!(upper > 0) && !atoms.areAny(lower, upper)) {
      throw notAboveZero(upper, row, lower == upper ? column : column + 1);
    }
  }

  /**
   * Returns the exception for a label that LOG_NORMAL components cannot have.
   *
   * @param label the value, or the interval's upper end
   * @param row its row
   * @param column its column
   * @return the exception, not thrown
   */
  public static BadEntryException notAboveZero(double label, long row, long column) {
    return new BadEntryException(
        "Expected targets above 0 for LOG_NORMAL components, got " + label, row, column);
  }
}
