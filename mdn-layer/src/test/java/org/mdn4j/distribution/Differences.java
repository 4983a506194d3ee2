/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

/** Gathers what is out of its tolerance, so that a test tells all of it at once. */
final class Differences {
  private final List<String> found = new ArrayList<>();
  private int checks;

  /**
   * Compares one value.
   *
   * @param mixture number of the mixture in its file
   * @param question what was asked, with a place for the argument
   */
  void check(
      int mixture,
      String question,
      Object argument,
      double expected,
      double actual,
      double tolerance) {
    checks++;
    if (!(Math.abs(actual - expected) <= tolerance)) {
      found.add(
          "mixture %d, %s: expected %s ± %.3g, got %s"
              .formatted(mixture, question.formatted(argument), expected, tolerance, actual));
    }
  }

  void assertNone() {
    assertTrue(
        found.isEmpty(),
        () ->
            "%d of %d values differ:%n%s"
                .formatted(
                    found.size(),
                    checks,
                    String.join(
                        System.lineSeparator(), found.subList(0, Math.min(40, found.size())))));
  }
}
