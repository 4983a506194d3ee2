/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.mdn4j.regression.frame.UnseenCategory;

/** Says which cells hold a category that did not occur when a model was trained. */
final class UnseenCells {
  private static final int MOST_NAMED = 5;

  private UnseenCells() {}

  /** Returns one line that counts them. */
  static String counted(List<UnseenCategory> unseen) {
    SortedMap<String, Integer> cells = new TreeMap<>(); // by column and category
    unseen.forEach(
        cell ->
            cells.merge(
                CsvTable.quoted(cell.column()) + " " + CsvTable.quoted(cell.category()),
                1,
                Integer::sum));
    String named =
        cells.entrySet().stream()
            .limit(MOST_NAMED)
            .map(entry -> entry.getKey() + " (" + entry.getValue() + ")")
            .collect(Collectors.joining(", "));
    long rows = unseen.stream().map(UnseenCategory::row).distinct().count();
    return "%s %s in %s %s with a category that training never saw, taken as unknown: %s%s"
        .formatted(
            unseen.size(),
            unseen.size() == 1 ? "cell" : "cells",
            rows,
            rows == 1 ? "row" : "rows",
            named,
            cells.size() > MOST_NAMED ? ", …" : "");
  }
}
