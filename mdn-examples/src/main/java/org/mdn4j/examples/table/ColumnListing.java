/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.mdn4j.examples.kit.Digits;
import org.mdn4j.regression.frame.ColumnKind;
import org.mdn4j.regression.frame.ColumnRoles;
import org.mdn4j.regression.frame.Frame;

/** The columns of a table as a table: what each is for, its kind, what is missing, its range. */
final class ColumnListing {
  static final List<String> HEADER = List.of("column", "for", "kind", "missing", "holds");

  private static final int DIGITS = 5;
  private static final int MOST_NAMED = 5;
  private static final int LONGEST = 40; // characters of a name

  private ColumnListing() {}

  /**
   * Returns a row of text per column.
   *
   * @param data all rows, of training and test
   * @param left names of features that the model leaves out because they are constant
   */
  static List<List<String>> of(TabularData data, List<String> left) {
    Frame frame = data.frame();
    return frame.names().stream()
        .map(
            name ->
                List.of(
                    name,
                    left.contains(name) ? "nothing: constant" : role(data, name),
                    frame.kind(name).name().toLowerCase(Locale.ROOT),
                    missing(frame, name),
                    holds(frame, name)))
        .toList();
  }

  private static String role(TabularData data, String name) {
    ColumnRoles roles = data.roles();
    String target = data.targets().role(roles.targets(), name);
    if (target != null) {
      return target;
    }
    return roles.weights().filter(name::equals).isPresent()
        ? "row weights"
        : roles.groups().filter(name::equals).isPresent() ? "groups" : "input";
  }

  private static String missing(Frame frame, String name) {
    long count = IntStream.range(0, frame.rows()).filter(row -> frame.isMissing(name, row)).count();
    return count == 0
        ? "none"
        : String.format(Locale.ROOT, "%d (%.1f %%)", count, 100.0 * count / frame.rows());
  }

  private static String holds(Frame frame, String name) {
    if (frame.kind(name) == ColumnKind.CATEGORY) {
      return categories(frame.categories(name));
    }
    double[] numbers =
        Arrays.stream(frame.numbers(name)).filter(one -> !Double.isNaN(one)).toArray();
    if (numbers.length == 0) {
      return "nothing";
    }
    DoubleSummaryStatistics range = Arrays.stream(numbers).summaryStatistics();
    return switch (frame.kind(name)) {
      case BOOLEAN ->
          String.format(Locale.ROOT, "true in %.1f %%", 100 * range.getSum() / numbers.length);
      case DATE ->
          LocalDate.ofEpochDay((long) Math.floor(range.getMin() / 86_400))
              + " to "
              + LocalDate.ofEpochDay((long) Math.floor(range.getMax() / 86_400));
      default ->
          "%s to %s, mean %s"
              .formatted(
                  Digits.of(range.getMin(), DIGITS),
                  Digits.of(range.getMax(), DIGITS),
                  Digits.of(range.getAverage(), DIGITS));
    };
  }

  private static String categories(String[] cells) {
    Map<String, Long> counts =
        Stream.of(cells)
            .filter(Objects::nonNull)
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    List<String> named = new ArrayList<>(counts.keySet());
    named.sort(Comparator.<String, Long>comparing(counts::get).reversed().thenComparing(it -> it));
    return "%s: %s%s"
        .formatted(
            named.size(),
            named.stream()
                .limit(MOST_NAMED)
                .map(ColumnListing::shortened)
                .collect(Collectors.joining(", ")),
            named.size() > MOST_NAMED ? ", …" : "");
  }

  private static String shortened(String name) {
    int cut = name.offsetByCodePoints(0, Math.min(LONGEST, name.codePointCount(0, name.length())));
    return cut < name.length() ? name.substring(0, cut) + "…" : name;
  }
}
