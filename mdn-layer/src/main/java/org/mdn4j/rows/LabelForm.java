/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.rows;

import java.util.Arrays;
import org.mdn4j.Limits;
import org.mdn4j.MixtureSpec;
import org.mdn4j.Truncation;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The form of a row of labels, and what values it may hold: D values, or the two ends of D
 * intervals, target by target; none outside of the range in which targets are seen.
 *
 * @param targets D
 * @param censored whether labels are intervals
 * @param range the truncation, or null
 * @param support what else they may not be, or null
 */
public record LabelForm(int targets, boolean censored, Truncation range, LabelSupport support) {

  /**
   * Returns the form of the labels of a specification.
   *
   * @param spec the columns of the raw output
   * @return its labels' form
   */
  public static LabelForm of(MixtureSpec spec) {
    return new LabelForm(
        spec.targets(), spec.censored(), spec.truncation().orElse(null), LabelSupport.of(spec));
  }

  /**
   * Returns the form of plain values.
   *
   * @param targets D
   * @return that of D finite values
   */
  public static LabelForm exact(int targets) {
    return new LabelForm(targets, false, null, null);
  }

  /**
   * Returns the form of intervals that may be anywhere.
   *
   * @param targets D
   * @return that of 2 D ends
   */
  public static LabelForm intervals(int targets) {
    return new LabelForm(targets, true, null, null);
  }

  /** Returns the number of columns of the labels, D or 2 D. */
  public int columns() {
    return targets * perTarget();
  }

  /** Returns the number of columns of one target, 1 or 2. */
  public int perTarget() {
    return censored ? 2 : 1;
  }

  /** Returns whether labels are counts, of which a FLOAT does not hold all beyond 2²⁴. */
  boolean holdsCounts() {
    return support != null && support.holdsCounts();
  }

  /** Returns whether finite labels may be wrong, or infinite ones right. */
  boolean needsMoreThanFinite() {
    return censored || range != null || support != null;
  }

  /**
   * Checks the labels of one target.
   *
   * @param labels rows of this form, one after the other
   * @param row n
   * @param target d
   * @throws BadEntryException if an exact label is NaN or infinite; an end is NaN, a lower end is
   *     above its upper end, or both are the same infinity; or a finite one is outside of the range
   * @throws IllegalArgumentException if components cannot have it, nor is it an atom
   */
  public void check(double[] labels, int row, int target) {
    int column = target * perTarget();
    double lower = labels[row * columns() + column];
    if (!censored) {
      if (!Double.isFinite(lower)) {
        throw BadEntryException.label(lower, row, column);
      }
      requireInRange(lower, row, column);
      requireSupported(lower, lower, row, column);
      return;
    }
    double upper = labels[row * columns() + column + 1];
    if (Double.isNaN(lower) || Double.isNaN(upper)) {
      throw new BadEntryException(
          "Expected the ends of an interval, numbers or infinite, got NaN",
          row,
          Double.isNaN(lower) ? column : column + 1);
    }
    if (lower > upper || lower == upper && Double.isInfinite(lower)) {
      throw new BadEntryException(
          "Expected a lower end that is at most the upper one, or both equal and finite, got %s and %s"
              .formatted(lower, upper),
          row,
          column);
    }
    if (Double.isFinite(lower)) {
      requireInRange(lower, row, column);
    }
    if (Double.isFinite(upper)) {
      requireInRange(upper, row, column + 1);
    }
    requireSupported(lower, upper, row, column);
  }

  /**
   * Checks that labels of a minibatch are what components, or atoms, can have.
   *
   * @param labels {@code [N, columns]}, FLOAT or DOUBLE
   * @param observed {@code [N, D]} of ones and zeros, or null
   * @throws IllegalArgumentException if nothing that is possible is in one that counts
   */
  public void requireSupported(INDArray labels, INDArray observed) {
    if (support == null) {
      return;
    }
    double[] ends = MatrixMemory.of(labels).read();
    double[] seen =
        observed == null
            ? null
            : MatrixMemory.of(observed.castTo(Limits.computed(observed.dataType()))).read();
    int perTarget = perTarget();
    for (int i = 0; i * perTarget < ends.length; i++) {
      if (seen == null || seen[i] != 0) {
        double upper = ends[(i + 1) * perTarget - 1];
        support.check(ends[i * perTarget], upper, i / targets, i % targets * perTarget);
      }
    }
  }

  private void requireSupported(double lower, double upper, int row, int column) {
    if (support != null) {
      support.check(lower, upper, row, column);
    }
  }

  /** Returns whether both ends of a target's interval are infinite, which says nothing of it. */
  public boolean saysNothing(double[] labels, int row, int target) {
    int column = row * columns() + target * perTarget();
    return censored
        && labels[column] == Double.NEGATIVE_INFINITY
        && labels[column + 1] == Double.POSITIVE_INFINITY;
  }

  /**
   * Returns one value that stands for a target whose interval is known: the value itself, the
   * middle of two finite ends, or the finite one of them.
   *
   * @param lower the lower end, or −∞
   * @param upper the upper end, or ∞
   * @return a number; NaN where nothing is known
   */
  public static double known(double lower, double upper) {
    if (lower == upper || Double.isInfinite(upper)) {
      return Double.isInfinite(lower) ? Double.NaN : lower;
    }
    return Double.isInfinite(lower) ? upper : lower + 0.5 * (upper - lower);
  }

  private void requireInRange(double label, int row, int column) {
    if (range == null) {
      return;
    }
    // A label that was rounded to FLOAT may be outside by the rounding.
    boolean below = label < range.lower() && (float) label < (float) range.lower();
    boolean above = label > range.upper() && (float) label > (float) range.upper();
    if (below || above) {
      throw new BadEntryException(
          "Expected labels within the truncation %s, got %s".formatted(range, label), row, column);
    }
  }

  /**
   * Fills in 1, which is in the support of every family, as an exact value in place of a target.
   */
  void hide(double[] labels, int row, int target) {
    int from = row * columns() + target * perTarget();
    Arrays.fill(labels, from, from + perTarget(), 1);
  }
}
