/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.kit;

import java.nio.file.Path;
import org.mdn4j.training.Trainer;
import picocli.CommandLine.Option;

/** The options that examples with made-up data share. */
public final class DataOptions {
  @Option(names = "--points", description = "training points")
  public int points;

  @Option(names = "--validation-points", description = "validation points")
  public int validationPoints;

  @Option(names = "--test-points", description = "test points")
  public int testPoints = 20_000;

  @Option(names = "--trainer", description = "trainer: auto, fused or dl4j's own fit")
  public Trainer trainer = Trainer.AUTO;

  @Option(names = "--seed", description = "seed of the data, the initial weights and the samples")
  public long seed = 1;

  @Option(
      names = "--out",
      description = "output folder; mdn-examples/target/ and the example's name by default")
  public Path out;

  public DataOptions() {
    this(20_000, 2_000);
  }

  /** Creates options with other defaults. */
  public DataOptions(int points, int validationPoints) {
    this.points = points;
    this.validationPoints = validationPoints;
  }

  public void check(String defaultFolder) {
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
