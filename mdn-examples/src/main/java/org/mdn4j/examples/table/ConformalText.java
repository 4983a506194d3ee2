/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.mdn4j.eval.ConformalSummary;
import org.mdn4j.examples.kit.Digits;

/** Says what conformal intervals do on test rows, beside the model's own. */
final class ConformalText {
  private static final int DIGITS = 4;

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
                Digits.of(line.conformalWidth(), DIGITS)));
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

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }
}
