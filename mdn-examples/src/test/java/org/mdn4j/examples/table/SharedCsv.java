/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * CSV files that lie beside the project, not in it: in {@code ../shared/cases/csv}, or where the
 * system property {@code mdn4j.csv} says.
 */
final class SharedCsv {
  private SharedCsv() {}

  /** A file; the test that asks is skipped if it is not there. */
  static Path file(String name) {
    String given = System.getProperty("mdn4j.csv");
    Path file = (given == null ? beside() : Path.of(given)).resolve(name);
    assumeTrue(Files.exists(file), "Skipped: there is no " + file.toAbsolutePath().normalize());
    return file;
  }

  /** Beside the project's root, which is the parent of this module, or beside its work tree. */
  private static Path beside() {
    Path below = Path.of("shared", "cases", "csv");
    for (Path up = Path.of("").toAbsolutePath(); up != null; up = up.getParent()) {
      if (Files.isDirectory(up.resolve(below))) {
        return up.resolve(below);
      }
    }
    return Path.of("..", "..").resolve(below);
  }
}
