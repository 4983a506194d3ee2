/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.mdn4j.distribution.Interval;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.eval.MixtureEvaluation;
import org.mdn4j.eval.RunningMean;
import org.mdn4j.examples.kit.Digits;

/**
 * A score of predictions, a mean over test rows.
 *
 * @param name what it is, with its unit
 * @param value the mean, or its root
 * @param standardError of the value, as far as it comes from the choice of the rows; NaN where it
 *     is not said
 */
record TestScore(String name, double value, double standardError) {
  private static final int DIGITS = 4;
  private static final int DIGITS_OF_ERROR = 2;
  private static final double WIDTH_LEVEL = 0.9;

  /**
   * Returns the scores of all targets together, then those of each.
   *
   * @param evaluation of the same predictions
   * @param predicted the mixture of each row
   * @param observed {@code [N][D]}
   * @param weights of the rows, as the evaluation had them, {@code [N]}; null for equal ones
   * @param targets their names
   */
  static List<TestScore> of(
      MixtureEvaluation evaluation,
      MixtureBatch predicted,
      double[][] observed,
      double[] weights,
      List<String> targets) {
    List<TestScore> scores = new ArrayList<>();
    scores.add(new TestScore("NLL in nats", evaluation.nll(), evaluation.nllStandardError()));
    if (targets.size() > 1) {
      scores.add(
          new TestScore(
              "energy score of all targets",
              evaluation.energyScore(),
              evaluation.energyScoreStandardError()));
    }
    for (int d = 0; d < targets.size(); d++) {
      int target = d;
      addScores(
          scores,
          targets.get(d),
          targets.size() > 1 ? targets.get(d) + ": " : "",
          evaluation,
          target,
          IntStream.range(0, predicted.size())
              .mapToObj(predicted::get)
              .map(one -> targets.size() > 1 ? one.marginal(target) : one)
              .toList(),
          Arrays.stream(observed).mapToDouble(row -> row[target]).toArray(),
          weights);
    }
    return scores;
  }

  private static void addScores(
      List<TestScore> scores,
      String target,
      String of,
      MixtureEvaluation evaluation,
      int index,
      List<Mixture> predicted,
      double[] observed,
      double[] weights) {
    String unit = " in units of " + target;
    Rows rows = new Rows(observed.length, weights);
    scores.add(rows.mean(of + "CRPS" + unit, n -> predicted.get(n).crps(observed[n])));
    TestScore square = rows.mean("", n -> Math.pow(predicted.get(n).mean()[0] - observed[n], 2));
    double root = Math.sqrt(square.value());
    scores.add(
        new TestScore(of + "RMSE of the mean" + unit, root, square.standardError() / (2 * root)));
    scores.add(
        rows.mean(
            of + "MAE of the median" + unit,
            n -> Math.abs(predicted.get(n).quantile(0.5) - observed[n])));
    scores.add(
        rows.mean(
            of + String.format(Locale.ROOT, "width of %.0f %% intervals", 100 * WIDTH_LEVEL) + unit,
            n -> width(predicted.get(n).interval(WIDTH_LEVEL))));
    for (double level : evaluation.levels()) {
      double share = evaluation.target(index).centralCoverage(level);
      scores.add(
          new TestScore(
              of + String.format(Locale.ROOT, "coverage of %.0f %% intervals", 100 * level),
              share,
              errorOfShare(share, observed.length)));
    }
    scores.add(
        new TestScore(
            of + "PIT, distance to uniform", evaluation.target(index).pitKs(), Double.NaN));
  }

  /**
   * Returns √(p (1 − p)/(n + 4)) with p = (share n + 2)/(n + 4), which is not 0 where the share is
   * 0 or 1. Source: A. Agresti and B. A. Coull, <i>Approximate is better than "exact" for interval
   * estimation of binomial proportions</i>, Am. Stat. 52 (1998).
   */
  private static double errorOfShare(double share, int rows) {
    double near = (share * rows + 2) / (rows + 4);
    return Math.sqrt(near * (1 - near) / (rows + 4));
  }

  private static double width(Interval interval) {
    return interval.upper() - interval.lower();
  }

  /** The rows that scores are means over; weights null for equal ones. */
  private record Rows(int count, double[] weights) {
    /** Returns a mean and its standard error; NaN of one row. */
    TestScore mean(String name, IntToDoubleFunction score) {
      RunningMean mean = new RunningMean();
      for (int n = 0; n < count; n++) {
        if (weights == null || weights[n] > 0) {
          mean.add(score.applyAsDouble(n), weights == null ? 1 : weights[n]);
        }
      }
      return new TestScore(name, mean.mean(), mean.standardError());
    }
  }

  /** Returns the value with its standard error. */
  String text() {
    return Digits.of(value, DIGITS)
        + (Double.isNaN(standardError) ? "" : " ± " + Digits.of(standardError, DIGITS_OF_ERROR));
  }

  /**
   * Returns scores of two models as lines of text, under a line of their names.
   *
   * @param names of both
   * @param first of the one
   * @param second of the other, the same scores
   */
  static String table(List<String> names, List<TestScore> first, List<TestScore> second) {
    List<List<String>> lines = new ArrayList<>(List.of(List.of("", names.get(0), names.get(1))));
    for (int i = 0; i < first.size(); i++) {
      lines.add(List.of(first.get(i).name(), first.get(i).text(), second.get(i).text()));
    }
    return aligned(lines);
  }

  /** Returns lines of cells as text, all cells of a column equally wide. */
  static String aligned(List<List<String>> lines) {
    int[] widths =
        IntStream.range(0, lines.get(0).size())
            .map(column -> lines.stream().mapToInt(it -> it.get(column).length()).max().orElse(0))
            .toArray();
    return lines.stream()
        .map(
            line ->
                IntStream.range(0, widths.length)
                    .mapToObj(i -> String.format("%-" + widths[i] + "s", line.get(i)))
                    .collect(Collectors.joining("  "))
                    .stripTrailing())
        .collect(Collectors.joining(System.lineSeparator()));
  }
}
