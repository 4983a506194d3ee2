/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import static org.mdn4j.Arguments.require;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.types.StructType;
import org.mdn4j.Counts;
import org.mdn4j.rows.BadEntryException;
import org.mdn4j.rows.LabelForm;

/**
 * The columns that labels come from: values; or, where they are censored, the lower and the upper
 * end of each, or one of times with one of flags.
 *
 * @param names of the columns of values, or of ends in turns
 * @param censor the column of flags, 1 where the value was seen and 0 where it is known to be
 *     larger; null if there is none
 * @param censored whether labels are intervals
 * @param counts whether they are counts
 */
record LabelColumns(List<String> names, String censor, boolean censored, boolean counts)
    implements Serializable {
  private static final LabelForm INTERVAL = LabelForm.intervals(1);

  /**
   * Checks the names.
   *
   * @throws IllegalArgumentException if ends come in no pairs, flags are for several labels, or a
   *     column is two labels
   */
  LabelColumns {
    require(
        censor == null || names.size() == 1,
        "Expected one label in labelCol beside the censorCol '%s', got %s",
        censor,
        names);
    require(
        !censored || censor != null || names.size() % 2 == 0,
        "Expected labelCols with two columns for each censored label, its lower and its upper end,"
            + " or a censorCol, got %s",
        names);
    require(
        censored || names.stream().distinct().count() == names.size(),
        "Expected different labelCols, got %s",
        names);
    names = List.copyOf(names);
  }

  /** Returns the names of all columns that are read, each of numbers. */
  List<String> all() {
    return Stream.concat(names.stream(), Stream.ofNullable(censor)).toList();
  }

  /** Checks that all columns are there, and numbers. */
  void requireIn(StructType schema) {
    all().forEach(name -> NamedColumns.requireNumber(schema, name));
  }

  /** Returns how many labels there are, D. */
  int targets() {
    return pairs() ? names.size() / 2 : names.size();
  }

  /** Returns how many numbers a row's labels are, D or 2 D. */
  int numbers() {
    return censored ? 2 * targets() : targets();
  }

  /** Returns the names of what the numbers are, for messages. */
  List<String> namesOfNumbers() {
    return censor == null ? names : List.of(names.get(0), names.get(0));
  }

  private boolean pairs() {
    return censored && censor == null;
  }

  /**
   * Reads the labels of a row.
   *
   * @param cells of {@link #all}, null where one is null
   * @param into where the numbers go, from a place on
   * @param needed whether a null is an error, which in a pair of ends leaves that side open, and a
   *     number that is no count where it should be
   * @param where which row it is
   * @return whether the row has labels: all values, or an end at least; otherwise the numbers are
   *     such as any label might be
   * @throws IllegalArgumentException if a cell is not usable; the message names it
   */
  boolean read(Double[] cells, double[] into, int at, boolean needed, Object where) {
    if (!needed && !pairs() && Stream.of(cells).anyMatch(cell -> cell == null)) {
      for (int i = 0; i < numbers(); i++) {
        into[at + i] = 0;
      }
      return false;
    }
    boolean known =
        pairs() ? readPairs(cells, into, at, where) : readValues(cells, into, at, where);
    for (int i = 0; needed && counts && i < numbers(); i++) {
      double number = into[at + i];
      if (!Double.isInfinite(number) && !Counts.isCount(number)) {
        throw FeatureRows.unusable(
            "an integer of at least 0", namesOfNumbers().get(i), where, "" + number);
      }
    }
    return known;
  }

  private boolean readValues(Double[] cells, double[] into, int at, Object where) {
    for (int i = 0; i < names.size(); i++) {
      into[at + i] = FeatureRows.number(cells[i], names.get(i), where);
    }
    if (censor != null) {
      double flag = FeatureRows.number(cells[1], censor, where);
      if (flag != 0 && flag != 1) {
        throw FeatureRows.unusable(
            "1 for a value that was seen, or 0 for a larger one,", censor, where, "" + flag);
      }
      into[at + 1] = flag == 1 ? into[at] : Double.POSITIVE_INFINITY;
    }
    return true;
  }

  private boolean readPairs(Double[] cells, double[] into, int at, Object where) {
    for (int i = 0; i < cells.length; i++) {
      double open = i % 2 == 0 ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
      into[at + i] = cells[i] == null ? open : cells[i];
    }
    boolean known = false;
    for (int d = 0; d < targets(); d++) {
      double[] ends = {into[at + 2 * d], into[at + 2 * d + 1]};
      try {
        INTERVAL.check(ends, 0, 0);
      } catch (BadEntryException e) {
        throw new IllegalArgumentException(
            "%s in columns '%s' and '%s' in %s"
                .formatted(e.problem(), names.get(2 * d), names.get(2 * d + 1), where),
            e);
      }
      known |= !INTERVAL.saysNothing(ends, 0, 0);
    }
    return known;
  }
}
