/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.layers;

import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** A table as Markdown. */
final class MarkdownTable {
  private MarkdownTable() {}

  static String of(List<String> header, List<List<String>> rows) {
    String rule = String.join("", Collections.nCopies(header.size(), "|---"));
    return line(header)
        + rule
        + "|\n"
        + rows.stream().map(MarkdownTable::line).collect(Collectors.joining());
  }

  private static String line(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |\n";
  }
}
