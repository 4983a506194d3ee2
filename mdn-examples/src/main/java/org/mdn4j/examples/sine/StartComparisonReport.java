/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.sine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.mdn4j.eval.RunningMean;
import org.mdn4j.examples.kit.WholeFile;

/**
 * The results of a run of {@link StartComparison}. NLLs are means over the test points in nats,
 * original units.
 *
 * @param epochs passes over the training points
 * @param early the epoch after which the early scores were taken
 * @param points number of training points
 * @param testPoints number of test points
 * @param components number of mixture components
 * @param runs one per seed and start
 * @param defaultStart means over the seeds, from the head's own start
 * @param startFromLabels means over the seeds, from the labels
 * @param nllDifference mean over the seeds of the last NLL from the labels less that from the own
 *     start
 * @param nllDifferenceError standard error of that difference; NaN for one seed
 */
public record StartComparisonReport(
    int epochs,
    int early,
    int points,
    int testPoints,
    int components,
    List<Run> runs,
    Means defaultStart,
    Means startFromLabels,
    double nllDifference,
    double nllDifferenceError) {

  /**
   * The results of one training.
   *
   * @param seed seed of the data, the initial weights and the shuffling
   * @param start "default" or "labels"
   * @param earlyNll after the early epoch
   * @param earlyUnused components that are the most responsible one for no test point, then
   * @param nll after all epochs, with the parameters of the best validation score
   * @param unused components that are the most responsible one for no test point, then
   * @param seconds time that the training took
   */
  public record Run(
      long seed,
      String start,
      double earlyNll,
      int earlyUnused,
      double nll,
      int unused,
      double seconds) {
    String line() {
      return String.format(
          Locale.ROOT,
          "%4d  %-8s  %10.4f  %6d  %10.4f  %6d  %7.1f s",
          seed,
          start,
          earlyNll,
          earlyUnused,
          nll,
          unused,
          seconds);
    }
  }

  /**
   * The means over the seeds, of the figures that {@link Run} explains.
   *
   * @param earlyNll after the early epoch
   * @param earlyUnused unused components, then
   * @param nll after all epochs
   * @param unused unused components, then
   */
  public record Means(double earlyNll, double earlyUnused, double nll, double unused) {
    private static Means of(List<Run> runs) {
      return new Means(
          mean(runs, Run::earlyNll),
          mean(runs, Run::earlyUnused),
          mean(runs, Run::nll),
          mean(runs, Run::unused));
    }

    private static double mean(List<Run> runs, ToDoubleFunction<Run> figure) {
      return runs.stream().mapToDouble(figure).average().orElseThrow();
    }
  }

  static StartComparisonReport of(
      int epochs, int early, int points, int testPoints, int components, List<Run> runs) {
    List<Run> own = of(runs, StartComparison.DEFAULT_START);
    List<Run> labels = of(runs, StartComparison.START_FROM_LABELS);
    RunningMean difference = new RunningMean();
    for (int i = 0; i < own.size(); i++) {
      difference.add(labels.get(i).nll() - own.get(i).nll());
    }
    return new StartComparisonReport(
        epochs,
        early,
        points,
        testPoints,
        components,
        List.copyOf(runs),
        Means.of(own),
        Means.of(labels),
        difference.mean(),
        difference.standardError());
  }

  private static List<Run> of(List<Run> runs, String start) {
    return runs.stream().filter(run -> run.start().equals(start)).toList();
  }

  void write(Path file) throws IOException {
    WholeFile.writeJson(file, this);
  }

  static String header(int early, int epochs) {
    return String.format(
        Locale.ROOT, "seed  start     NLL at %3d  unused  NLL at %3d  unused", early, epochs);
  }

  String summary() {
    return String.format(
        Locale.ROOT,
        """
        Means over %d seeds, test NLL in nats and unused components, at epoch %d and at the end:
          default start      %.4f  %.1f    %.4f  %.1f
          start from labels  %.4f  %.1f    %.4f  %.1f
        Difference of the last NLL, labels less default: %.4f%s""",
        runs.size() / 2,
        early,
        defaultStart.earlyNll(),
        defaultStart.earlyUnused(),
        defaultStart.nll(),
        defaultStart.unused(),
        startFromLabels.earlyNll(),
        startFromLabels.earlyUnused(),
        startFromLabels.nll(),
        startFromLabels.unused(),
        nllDifference,
        Double.isNaN(nllDifferenceError) // of one seed
            ? ""
            : String.format(Locale.ROOT, " ± %.4f (standard error)", nllDifferenceError));
  }
}
