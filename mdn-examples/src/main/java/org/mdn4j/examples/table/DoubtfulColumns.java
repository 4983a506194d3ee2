/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.mdn4j.regression.frame.ColumnKind;
import org.mdn4j.regression.frame.Frame;

/** Says which columns are taken as categories, but hardly can be meant so. */
final class DoubtfulColumns {
  /** Day, month and year in any order, whatever stands between and behind them. */
  private static final Pattern DATE =
      Pattern.compile(
          "(\\d{1,2}[./-]\\d{1,2}[./-]\\d{2,4}|\\d{4}[./]\\d{1,2}[./]\\d{1,2})([ T].*)?");

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
}
