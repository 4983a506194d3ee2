/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import java.util.List;
import org.mdn4j.examples.kit.Program;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;

/** The options of what is written of a prediction. */
final class PredictionOptions {
  @Option(
      names = "--quantiles",
      paramLabel = "P",
      split = ",",
      description = "quantiles to write",
      defaultValue = "0.05,0.25,0.5,0.75,0.95")
  List<Double> quantiles;

  @Option(
      names = "--level",
      paramLabel = "P",
      description =
          "probability of the highest-density region, and coverage of conformal intervals, to write",
      defaultValue = "0.9")
  double level;

  @Option(
      names = "--id",
      paramLabel = "COLUMNS",
      description =
          "columns that say which row it is, and are no inputs: they are written with each"
              + " prediction in place of the inputs",
      showDefaultValue = Visibility.NEVER)
  List<String> id = List.of();

  @Option(
      names = "--horizons",
      paramLabel = "T",
      split = ",",
      description = "values T for each of which the probability that a target is larger is written",
      showDefaultValue = Visibility.NEVER)
  List<Double> horizons = List.of();

  /** Rejects what is out of range. */
  void check() {
    Program.require(0 < level && level < 1, "--level: expected a number in (0, 1), got %s", level);
    for (double p : quantiles) {
      Program.require(0 < p && p < 1, "--quantiles: expected numbers in (0, 1), got %s", p);
    }
    for (double t : horizons) {
      Program.require(Double.isFinite(t), "--horizons: expected finite numbers, got %s", t);
    }
  }
}
