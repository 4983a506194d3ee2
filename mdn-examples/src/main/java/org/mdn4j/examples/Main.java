/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.mdn4j.examples.arm.TwoLinkArm;
import org.mdn4j.examples.demand.WeeklyDemand;
import org.mdn4j.examples.kit.Program;
import org.mdn4j.examples.notebook.Notebook;
import org.mdn4j.examples.notebook.NotebookConverter;
import org.mdn4j.examples.pixels.AmbiguousPixels;
import org.mdn4j.examples.rain.RainGauge;
import org.mdn4j.examples.sine.InvertedSine;
import org.mdn4j.examples.sine.StartComparison;
import org.mdn4j.examples.study.UciStudy;
import org.mdn4j.examples.survival.SurvivalTimes;
import org.mdn4j.examples.table.MixedTable;
import org.mdn4j.examples.table.Predict;
import org.mdn4j.examples.table.TabularRegression;
import org.mdn4j.examples.weights.InvertedSineWeights;
import org.mdn4j.examples.weights.StrokeWeights;
import org.mdn4j.examples.wind.WindDirection;
import org.mdn4j.examples.writing.Handwriting;
import picocli.CommandLine.Command;

/**
 * The command line of the examples: the first argument names one of them, what follows are its
 * options. Without a name the inverted sine is run.
 */
@Command(
    name = "mdn4j",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "EXAMPLE",
    description = {
      "Examples of mixture density networks. \"EXAMPLE --help\" lists an example's options;",
      "no name, or options alone, run the example sine."
    },
    subcommands = {
      InvertedSine.class,
      TwoLinkArm.class,
      WindDirection.class,
      WeeklyDemand.class,
      SurvivalTimes.class,
      RainGauge.class,
      AmbiguousPixels.class,
      Handwriting.class,
      TabularRegression.class,
      Predict.class,
      MixedTable.class,
      Notebook.class,
      UciStudy.class,
      StartComparison.class,
      InvertedSineWeights.class,
      StrokeWeights.class,
      NotebookConverter.class
    })
public final class Main {
  private static final String DEFAULT = "sine";
  private static final List<String> OWN_OPTIONS = List.of("-h", "--help", "-V", "--version");

  private Main() {}

  /**
   * Runs an example, then ends the process if it failed; on success it returns, because Maven may
   * share the process.
   *
   * @param args the name of an example, and its options; see {@code --help}
   */
  public static void main(String[] args) {
    int status = execute(args);
    if (status != 0) {
      System.exit(status);
    }
  }

  /** Runs an example as the command line does, and returns its exit status. */
  static int execute(String... args) {
    return Program.run(new Main(), named(args));
  }

  private static String[] named(String[] args) {
    boolean options = args.length == 0 || args[0].startsWith("-") && !OWN_OPTIONS.contains(args[0]);
    return options
        ? Stream.concat(Stream.of(DEFAULT), Arrays.stream(args)).toArray(String[]::new)
        : args;
  }
}
