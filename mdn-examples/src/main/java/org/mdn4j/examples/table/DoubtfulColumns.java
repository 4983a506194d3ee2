/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.mdn4j.examples.kit.Outcomes;
import org.mdn4j.regression.frame.ColumnKind;
import org.mdn4j.regression.frame.Frame;

/** Says which columns hardly can be meant as what they are taken for. */
final class DoubtfulColumns {
  /** Day, month and year in any order, whatever stands between and behind them. */
  private static final Pattern DATE =
      Pattern.compile(
          "(\\d{1,2}[./-]\\d{1,2}[./-]\\d{2,4}|\\d{4}[./]\\d{1,2}[./]\\d{1,2})([ T].*)?");

  private static final int MOST_VALUES = 20;
  private static final int ROWS_PER_VALUE = 10;

  private DoubtfulColumns() {}

  /**
   * Returns a line for each such column.
   *
   * @param meant names of columns that are known to hold categories, or are no inputs
   */
  static List<String> of(Frame frame, Collection<String> meant) {
    List<String> doubts = new ArrayList<>();
    for (String name : frame.names()) {
      if (meant.contains(name) || frame.kind(name) != ColumnKind.CATEGORY) {
        continue;
      }
      String[] cells =
          Arrays.stream(frame.categories(name)).filter(Objects::nonNull).toArray(String[]::new);
      long different = Arrays.stream(cells).distinct().count();
      long dates = Arrays.stream(cells).filter(cell -> DATE.matcher(cell).matches()).count();
      if (2 * dates > cells.length) {
        doubts.add(
            ("column %s: the cells, such as %s, are taken as categories; a date is read where it is"
                    + " written as 2026-11-29 or 2026-11-29T14:30:00Z (--categorical if they are"
                    + " meant so)")
                .formatted(CsvTable.quoted(name), CsvTable.quoted(cells[0])));
      } else if (2 * different > cells.length && different > 2) {
        doubts.add(
            ("column %s: %s of %s cells differ, such as %s; as categories they hardly tell anything"
                    + " (--id or --exclude leaves the column out, --categorical if they are meant"
                    + " so)")
                .formatted(
                    CsvTable.quoted(name), different, cells.length, CsvTable.quoted(cells[0])));
      }
    }
    return doubts;
  }

  /**
   * Returns a line for each target of which a density is to be learned although it has a few values
   * only: the narrower a component is on one of them, the higher its density.
   *
   * @param outcomes exact values count
   * @param names of the targets
   */
  static List<String> ofTargets(Outcomes outcomes, List<String> names) {
    List<String> doubts = new ArrayList<>();
    for (int d = 0; d < names.size(); d++) {
      int target = d;
      double[] values =
          IntStream.of(outcomes.exactRows(d))
              .mapToDouble(row -> outcomes.lower()[row][target])
              .toArray();
      long different = Arrays.stream(values).distinct().count();
      if (different > 1
          && different <= MOST_VALUES
          && values.length >= ROWS_PER_VALUE * different) {
        doubts.add(
            ("column %s: %s different values in %s rows; a density is learned, which is as high"
                    + " there as components are narrow, so that NLL and modes tell little (--atoms"
                    + " gives values a probability, --family negative_binomial is for counts)")
                .formatted(CsvTable.quoted(names.get(d)), different, values.length));
      }
    }
    return doubts;
  }
}
