/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.columns;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.mdn4j.regression.frame.ColumnKind;
import org.mdn4j.regression.frame.Frame;
import org.mdn4j.regression.report.ColumnSummary;

/** Learns from the rows of a fit how columns become numbers. Row weights do not matter here. */
public final class ColumnLearner {
  /** Fewer missing cells say too little to be an answer of their own. */
  private static final int FEWEST_MISSING = 5;

  /** Rarer categories share flags. */
  private static final int FEWEST_OF_CATEGORY = 5;

  private static final int CATEGORIES_PER_BUCKET = 4;

  private ColumnLearner() {}

  /** Returns what is to be known of columns of features. */
  public static List<FeatureColumn> learn(Frame frame, List<String> features) {
    return features.stream().map(name -> learn(frame, name)).toList();
  }

  /** Returns what a report says of a column. */
  static ColumnSummary summary(Frame frame, FeatureColumn column) {
    int missing =
        (int)
            IntStream.range(0, frame.rows())
                .filter(row -> frame.isMissing(column.name(), row))
                .count();
    return new ColumnSummary(
        column.name(),
        column.kind(),
        missing,
        column.constant() ? 0 : column.continuous() + column.flags());
  }

  private static FeatureColumn learn(Frame frame, String name) {
    ColumnKind kind = frame.kind(name);
    return kind == ColumnKind.CATEGORY
        ? ofCategories(name, frame.categories(name))
        : ofNumbers(name, kind, frame.numbers(name));
  }

  private static FeatureColumn ofNumbers(String name, ColumnKind kind, double[] cells) {
    double[] known = Arrays.stream(cells).filter(cell -> !Double.isNaN(cell)).sorted().toArray();
    int missing = cells.length - known.length;
    boolean one = known.length == 0 || known[0] == known[known.length - 1];
    boolean constant = one && (known.length == 0 || missing < FEWEST_MISSING);
    double origin = kind == ColumnKind.DATE && !constant ? known[0] : 0;
    List<DatePart> parts =
        kind == ColumnKind.DATE
            ? Arrays.stream(DatePart.values()).filter(part -> varies(part, known, origin)).toList()
            : List.of();
    return new FeatureColumn(
        name,
        kind,
        constant,
        missing >= FEWEST_MISSING,
        List.of(),
        0,
        origin,
        parts,
        constant ? List.of() : guesses(known.length).mapToObj(place -> known[place]).toList(),
        List.of());
  }

  private static boolean varies(DatePart part, double[] dates, double origin) {
    return dates.length > 0
        && Arrays.stream(dates)
            .anyMatch(date -> part.value(date, origin) != part.value(dates[0], origin));
  }

  private static FeatureColumn ofCategories(String name, String[] cells) {
    String[] known = Arrays.stream(cells).filter(Objects::nonNull).sorted().toArray(String[]::new);
    int missing = cells.length - known.length;
    Map<String, Integer> counts = new HashMap<>();
    for (String category : known) {
      counts.merge(category, 1, Integer::sum);
    }
    List<String> categories =
        counts.entrySet().stream()
            .filter(entry -> entry.getValue() >= FEWEST_OF_CATEGORY)
            .sorted(
                Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(Map.Entry.comparingByKey()))
            .limit(FeatureColumn.MOST_CATEGORIES)
            .map(Map.Entry::getKey)
            .toList();
    int others = counts.size() - categories.size();
    int buckets =
        others == 0
            ? 0
            : Math.max(1, Math.min(FeatureColumn.MOST_BUCKETS, others / CATEGORIES_PER_BUCKET));
    boolean constant = counts.isEmpty() || (counts.size() == 1 && missing < FEWEST_MISSING);
    return new FeatureColumn(
        name,
        ColumnKind.CATEGORY,
        constant,
        missing >= FEWEST_MISSING,
        categories,
        buckets,
        0,
        List.of(),
        List.of(),
        constant ? List.of() : guesses(known.length).mapToObj(place -> known[place]).toList());
  }

  /** Returns the places of the middle of each of so many equal parts of sorted cells. */
  private static IntStream guesses(int cells) {
    return IntStream.range(0, FeatureColumn.GUESSES)
        .map(i -> (int) ((2L * i + 1) * cells / (2 * FeatureColumn.GUESSES)));
  }
}
