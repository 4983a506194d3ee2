/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.study;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mdn4j.examples.kit.Digits;

/** Results, and the published ones on the same sets, as Markdown tables. */
final class UciTable {
  private static final String PUBLISHED = "uci-published.csv";
  private static final int DESCRIPTIONS = 2; // columns before those of the sets

  private UciTable() {}

  /**
   * Returns a table with one line per set and method; then, if figures on one of the sets were
   * published, a table with one line per method of others.
   */
  static String markdown(List<UciReport> reports) throws IOException {
    StringBuilder tables =
        new StringBuilder(
            line(
                "set",
                "method",
                "splits",
                "NLL",
                "CRPS",
                "RMSE",
                "coverage of 90 %",
                "conformal, 80 and 90 %",
                "seconds"));
    tables.append("|---|---|---|---|---|---|---|---|---|\n");
    for (UciReport report : reports) {
      tables.append(
          line(
              report.dataset(),
              report.method(),
              Integer.toString(report.splits()),
              nats(report),
              text(report.crpsMean(), report.crpsStandardError()),
              text(report.rmseMean(), report.rmseStandardError()),
              Digits.of(100 * report.coverage90(), 3),
              conformal(report.conformalCoverage()),
              Digits.of(report.seconds() / report.splits(), 2)));
    }
    List<String> sets = reports.stream().map(UciReport::dataset).distinct().toList();
    return tables + published(sets);
  }

  /**
   * Returns an NLL with three decimals, as papers have it; one of a method without a density is –.
   */
  private static String nats(UciReport report) {
    return Double.isNaN(report.nllMean())
        ? "–"
        : String.format(Locale.ROOT, "%.3f", report.nllMean())
            + (Double.isNaN(report.nllStandardError())
                ? ""
                : String.format(Locale.ROOT, " ± %.3f", report.nllStandardError()));
  }

  private static String conformal(Map<Double, Double> coverage) {
    return Stream.of(0.8, 0.9)
        .filter(coverage::containsKey)
        .map(asked -> Digits.of(100 * coverage.get(asked), 3))
        .collect(Collectors.joining(", "));
  }

  private static String text(double mean, double standardError) {
    return Digits.of(mean, 4)
        + (Double.isNaN(standardError) ? "" : " ± " + Digits.of(standardError, 2));
  }

  private static String published(List<String> sets) throws IOException {
    List<String[]> rows = published();
    List<String> header = Arrays.asList(rows.get(0));
    int[] shown = // columns
        sets.stream().mapToInt(header::indexOf).filter(column -> column >= DESCRIPTIONS).toArray();
    if (shown.length == 0) {
      return "";
    }
    StringBuilder table =
        new StringBuilder(
            "\nPublished test NLL on the same sets; ± is a standard error over splits unless it says"
                + " otherwise:\n\n");
    for (String[] row : rows) {
      String[] cells =
          Stream.concat(
                  Arrays.stream(row).limit(DESCRIPTIONS),
                  Arrays.stream(shown).mapToObj(column -> row[column]))
              .toArray(String[]::new);
      table.append(line(cells));
      if (row == rows.get(0)) {
        table.append('|').append("---|".repeat(cells.length)).append('\n');
      }
    }
    return table.toString();
  }

  private static String line(String... cells) {
    return Arrays.stream(cells).collect(Collectors.joining(" | ", "| ", " |\n"));
  }

  private static List<String[]> published() throws IOException {
    try (InputStream file = UciTable.class.getResourceAsStream(PUBLISHED)) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.split(",", -1))
          .toList();
    }
  }
}
