/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.study;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Results beside the published ones, as a Markdown table. */
final class UciTable {
  private static final String PUBLISHED = "uci-published.csv";

  private UciTable() {}

  /** Returns the table, one line per set and method. */
  static String markdown(List<UciReport> reports) throws IOException {
    List<String[]> published = published();
    String[] names = published.get(0);
    Map<String, String[]> bySet =
        published.stream()
            .skip(1)
            .collect(Collectors.toMap(row -> row[0], row -> row, (a, b) -> b, LinkedHashMap::new));
    StringBuilder table = new StringBuilder("| set | method | splits | NLL |");
    Arrays.stream(names).skip(1).forEach(name -> table.append(' ').append(name).append(" |"));
    table.append("\n|").append("---|".repeat(4 + names.length - 1)).append('\n');
    for (UciReport report : reports) {
      table.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %d | %.3f%s |",
              report.dataset(),
              report.method(),
              report.splits(),
              report.nllMean(),
              report.splits() == 1 ? "" : " ± %.3f".formatted(report.nllStandardError())));
      String[] row = bySet.getOrDefault(report.dataset(), new String[names.length]);
      for (int i = 1; i < names.length; i++) {
        table.append(' ').append(row[i] == null ? "" : row[i]).append(" |");
      }
      table.append('\n');
    }
    return table.toString();
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
