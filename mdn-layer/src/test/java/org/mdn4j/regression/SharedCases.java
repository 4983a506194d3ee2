/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Files that lie beside the project, not in it: {@code ../shared/cases/files}. */
final class SharedCases {
  private SharedCases() {}

  static Path file(String name) {
    Path below = Path.of("shared", "cases", "files", name);
    for (Path up = Path.of("").toAbsolutePath(); up != null; up = up.getParent()) {
      if (Files.exists(up.resolve(below))) {
        return up.resolve(below);
      }
    }
    assumeTrue(false, "Skipped: there is no " + Path.of("..").resolve(below));
    return null;
  }
}
