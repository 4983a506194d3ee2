/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.study;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.mdn4j.examples.kit.Program;

/**
 * The splits of a set that are meant by {@code N} (the first N) or {@code A-B} (A to B inclusive).
 */
final class SplitRange {
  private static final Pattern FORM = Pattern.compile("(?:(\\d{1,9})-)?(\\d{1,9})");

  private SplitRange() {}

  /**
   * Returns the indices.
   *
   * @param text N, A-B, or null for all
   * @param available how many splits there are
   * @throws Program.UserError if it has another form, or there are fewer splits
   */
  static IntStream parse(String text, int available) {
    if (text == null) {
      return IntStream.range(0, available);
    }
    Matcher matcher = FORM.matcher(text);
    Program.require(matcher.matches(), "--splits: expected N or A-B, got %s", text);
    boolean range = matcher.group(1) != null;
    int first = range ? Integer.parseInt(matcher.group(1)) : 0;
    int last = Integer.parseInt(matcher.group(2)) - (range ? 0 : 1);
    Program.require(
        first <= last && last < available,
        "--splits: expected at least one of the splits 0 to %d, got %s",
        available - 1,
        text);
    return IntStream.rangeClosed(first, last);
  }
}
