/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.mdn4j.distribution.Interval;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.eval.MixtureEvaluation;
import org.mdn4j.eval.RunningMean;
import org.mdn4j.examples.kit.Digits;
import org.mdn4j.examples.kit.Outcomes;

/**
 * A score of predictions, a mean over test rows.
 *
 * @param name what it is, with its unit
 * @param value the mean, or its root
 * @param standardError of the value, as far as it comes from the choice of the rows; NaN where it
 *     is not said
 */
record TestScore(String name, double value, double standardError) {
  /** The name of the score that all others come after. */
  static final String NLL = "NLL in nats";

  private static final int DIGITS = 4;
  private static final int DIGITS_OF_ERROR = 2;
  private static final int MOST_PLACES = 8;
  private static final double WIDTH_LEVEL = 0.9;

  /**
   * Returns the scores of all targets together, then those of each.
   *
   * @param evaluation of the same predictions
   * @param predicted the mixture of each row
   * @param observed targets; those of which an interval is known have no error and no CRPS
   * @param weights of the rows, as the evaluation had them, {@code [N]}; null for equal ones
   * @param targets their names
   */
  static List<TestScore> of(
      MixtureEvaluation evaluation,
      MixtureBatch predicted,
      Outcomes observed,
      double[] weights,
      List<String> targets) {
    List<TestScore> scores = new ArrayList<>();
    scores.add(new TestScore(NLL, evaluation.nll(), evaluation.nllStandardError()));
    if (targets.size() > 1 && !observed.censored()) {
      scores.add(
          new TestScore(
              "energy score of all targets",
              evaluation.energyScore(),
              evaluation.energyScoreStandardError()));
    }
    for (int d = 0; d < targets.size(); d++) {
      int target = d;
      List<Mixture> ofTarget =
          IntStream.range(0, predicted.size())
              .mapToObj(predicted::get)
              .map(one -> targets.size() > 1 ? one.marginal(target) : one)
              .toList();
      String of = targets.size() > 1 ? targets.get(d) + ": " : "";
      addScores(scores, targets.get(d), of, evaluation, target, ofTarget, observed, weights);
      if (observed.censored()) {
        SurvivalView.of(observed, target, weights)
            .ifPresent(seen -> scores.addAll(seen.scores(of, ofTarget)));
      }
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
      Outcomes observed,
      double[] weights) {
    String unit = " in units of " + target;
    int[] exact = observed.exactRows(index);
    if (exact.length > 0) {
      String which =
          exact.length == observed.rows()
              ? ""
              : ", of %s known value%s".formatted(exact.length, exact.length == 1 ? "" : "s");
      double[] y = observed.shown(index);
      Rows known = new Rows(exact, weights);
      scores.add(known.mean(of + "CRPS" + unit + which, n -> predicted.get(n).crps(y[n])));
      TestScore square = known.mean("", n -> Math.pow(predicted.get(n).mean()[0] - y[n], 2));
      double root = Math.sqrt(square.value());
      scores.add(
          new TestScore(
              of + "RMSE of the mean" + unit + which, root, square.standardError() / (2 * root)));
      scores.add(
          known.mean(
              of + "MAE of the median" + unit + which,
              n -> Math.abs(predicted.get(n).quantile(0.5) - y[n])));
    }
    scores.add(
        new Rows(IntStream.range(0, observed.rows()).toArray(), weights)
            .mean(
                of
                    + String.format(Locale.ROOT, "width of %.0f %% intervals", 100 * WIDTH_LEVEL)
                    + unit,
                n -> width(predicted.get(n).interval(WIDTH_LEVEL))));
    for (double level : evaluation.levels()) {
      double share = evaluation.target(index).centralCoverage(level);
      scores.add(
          new TestScore(
              of + String.format(Locale.ROOT, "coverage of %.0f %% intervals", 100 * level),
              share,
              errorOfShare(share, observed.rows())));
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

  /** Some rows that scores are means over; weights null for equal ones. */
  private record Rows(int[] rows, double[] weights) {
    /** Returns a mean and its standard error; NaN of one row. */
    TestScore mean(String name, IntToDoubleFunction score) {
      RunningMean mean = new RunningMean();
      for (int n : rows) {
        if (weights == null || weights[n] > 0) {
          mean.add(score.applyAsDouble(n), weights == null ? 1 : weights[n]);
        }
      }
      return new TestScore(name, mean.mean(), mean.standardError());
    }
  }

  /**
   * Returns the value with its standard error, to the last digit that this has; the NLL with all
   * its digits, as that of another model differs by less than the error says: it has the same rows.
   */
  String text() {
    if (name.equals(NLL) || !(standardError > 0 && standardError < Double.POSITIVE_INFINITY)) {
      String text = Digits.of(value, DIGITS);
      return Double.isNaN(standardError)
          ? text
          : text + " ± " + Digits.of(standardError, DIGITS_OF_ERROR);
    }
    BigDecimal error = new BigDecimal(standardError).round(new MathContext(DIGITS_OF_ERROR));
    BigDecimal rounded = new BigDecimal(value).setScale(error.scale(), RoundingMode.HALF_EVEN);
    boolean plain = Math.abs(error.scale()) <= MOST_PLACES && rounded.precision() <= MOST_PLACES;
    return plain
        ? rounded.toPlainString() + " ± " + error.toPlainString()
        : Digits.of(value, Math.max(1, rounded.precision()))
            + " ± "
            + Digits.of(standardError, DIGITS_OF_ERROR);
  }
}
