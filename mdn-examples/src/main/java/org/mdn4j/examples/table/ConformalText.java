/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.mdn4j.eval.Conformal;
import org.mdn4j.eval.ConformalSummary;
import org.mdn4j.examples.kit.Digits;

/** Says what conformal intervals do on test rows, beside the model's own. */
final class ConformalText {
  private static final int DIGITS = 4;
  private static final int MOST_NAMED = 5;

  private ConformalText() {}

  /**
   * Returns rows of text: coverage asked for, then coverage and mean width of the model's own
   * intervals and of the conformal ones.
   *
   * @param targets their names
   */
  static List<List<String>> rows(ConformalSummary summary, List<String> targets) {
    List<List<String>> rows = new ArrayList<>();
    for (int d = 0; d < targets.size(); d++) {
      for (ConformalSummary.Line line : summary.intervals().get(d)) {
        rows.add(
            List.of(
                targets.get(d),
                percent(line.coverage()),
                percent(line.own()),
                Digits.of(line.ownWidth(), DIGITS),
                percent(line.conformal()),
                Double.isInfinite(line.conformalWidth())
                    ? "unbounded"
                    : Digits.of(line.conformalWidth(), DIGITS)));
      }
    }
    return rows;
  }

  /** The names of the columns of {@link #rows}. */
  static final List<String> COLUMNS =
      List.of(
          "target", "asked for", "own covers", "own width", "conformal covers", "conformal width");

  /** Returns the rows as lines under their names. */
  static String table(ConformalSummary summary, List<String> targets) {
    List<List<String>> rows = new ArrayList<>(List.of(COLUMNS));
    rows.addAll(rows(summary, targets));
    return ScoreTable.aligned(rows);
  }

  /**
   * Returns a line for each coverage of the summary that the calibrating rows, or those of a group,
   * are too few for.
   */
  static List<String> limits(Conformal conformal) {
    List<String> limits = new ArrayList<>();
    for (double coverage : ConformalSummary.coverages()) {
      if (!conformal.reaches(coverage)) {
        limits.add(limit(conformal, coverage));
      }
      List<String> few =
          conformal.groups().keySet().stream()
              .filter(group -> !conformal.hasGroup(group, coverage))
              .map(CsvTable::quoted)
              .toList();
      if (conformal.reaches(coverage) && !few.isEmpty()) {
        limits.add(
            "%s intervals of %s are calibrated by all rows, as these groups have too few"
                .formatted(
                    percent(coverage),
                    few.size() > MOST_NAMED
                        ? String.join(", ", few.subList(0, MOST_NAMED)) + ", …"
                        : String.join(", ", few)));
      }
    }
    return limits;
  }

  /** Returns why a coverage cannot be had. */
  static String limit(Conformal conformal, double coverage) {
    return "%s intervals are unbounded: that takes at least %s rows to calibrate, there are %s%s"
        .formatted(
            percent(coverage),
            Conformal.leastRows(coverage),
            conformal.rows(),
            conformal.masses() == null
                ? ""
                : ", by their weights worth " + Digits.of(conformal.size(), DIGITS));
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }
}
