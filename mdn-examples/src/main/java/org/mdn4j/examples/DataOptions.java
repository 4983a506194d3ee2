/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Options that examples with made-up data share. */
final class DataOptions {
  @Option(names = "--points", description = "training points", defaultValue = "20000")
  int points;

  @Option(names = "--validation-points", description = "validation points", defaultValue = "2000")
  int validationPoints;

  @Option(names = "--test-points", description = "test points", defaultValue = "20000")
  int testPoints;

  @Option(
      names = "--seed",
      description = "seed of the data, the initial weights and the samples",
      defaultValue = "1")
  long seed;

  @Option(
      names = "--out",
      description = "output folder; mdn-examples/target/ and the example's name by default")
  Path out;

  void check(String defaultFolder) {
    if (out == null) {
      out = Path.of("mdn-examples", "target", defaultFolder);
    }
    Program.require(points >= 10, "--points: expected at least 10, got %d", points);
    Program.require(
        validationPoints >= 10,
        "--validation-points: expected at least 10, got %d",
        validationPoints);
    Program.require(testPoints >= 10, "--test-points: expected at least 10, got %d", testPoints);
    Program.requireFolder(out);
  }
}
