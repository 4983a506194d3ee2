/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.eval.KaplanMeier;
import org.mdn4j.eval.RunningMean;
import org.mdn4j.eval.SurvivalScores;
import org.mdn4j.examples.kit.Digits;
import org.mdn4j.examples.kit.Outcomes;

/**
 * How long rows lasted, of which some are only known to have lasted longer, as Kaplan and Meier
 * estimate it, beside which predictions are held.
 *
 * @param grid even, round values t, from the least or a little before to one that rows are observed
 *     beyond, {@code [G]}
 * @param observed the estimate of P(Y &gt; t)
 * @param scoring by the same rows
 * @param weights of the rows, {@code [N]}
 */
record SurvivalView(double[] grid, KaplanMeier observed, SurvivalScores scoring, double[] weights) {
  private static final int MOST_STEPS = 100;
  private static final double WITHIN = 0.9; // of the rows; beyond, few are left to be compared with
  private static final int DIGITS = 4;

  /**
   * Returns the view of a target.
   *
   * @param weights of the rows, or null for equal ones
   * @return the view; none of a target that is known to lie within an interval or below a value, or
   *     that is the same in almost all rows
   */
  static Optional<SurvivalView> of(Outcomes outcomes, int target, double[] weights) {
    if (!outcomes.isRightCensored(target)) {
      return Optional.empty();
    }
    double[] times = outcomes.shown(target);
    double[] sorted = Arrays.stream(times).sorted().toArray();
    double last = sorted[sorted.length - 1];
    double end = sorted[(int) (WITHIN * (sorted.length - 1))];
    double horizon = Arrays.stream(sorted).filter(t -> t <= end && t < last).max().orElse(last);
    if (horizon <= sorted[0]) {
      return Optional.empty();
    }
    boolean[] seen = new boolean[times.length];
    IntStream.range(0, seen.length).forEach(n -> seen[n] = outcomes.isExact(n, target));
    double[] counting = weights == null ? ones(times.length) : weights;
    return Optional.of(
        new SurvivalView(
            grid(sorted[0], horizon),
            KaplanMeier.of(times, seen, counting),
            SurvivalScores.of(times, seen, counting),
            counting));
  }

  /** Returns multiples of 1, 2 or 5 times a power of ten, as axes have them. */
  private static double[] grid(double from, double to) {
    double least = (to - from) / MOST_STEPS;
    double power = Math.pow(10, Math.floor(Math.log10(least)));
    double step =
        power * (least <= power ? 1 : least <= 2 * power ? 2 : least <= 5 * power ? 5 : 10);
    double first = Math.floor(from / step);
    double[] grid = new double[(int) (Math.floor(to / step) - first) + 1];
    Arrays.setAll(grid, i -> Math.min(to, (first + i) * step)); // not beyond by its rounding
    return grid;
  }

  private static double[] ones(int count) {
    double[] ones = new double[count];
    Arrays.fill(ones, 1);
    return ones;
  }

  /**
   * Returns concordance, if there are two rows of which it is known who was first, and integrated
   * Brier score.
   *
   * @param of what their names begin with
   * @param predicted the target's distribution in each row
   */
  List<TestScore> scores(String of, List<Mixture> predicted) {
    double[] risks = predicted.stream().mapToDouble(one -> -one.quantile(0.5)).toArray();
    double[][] curves = predicted.stream().map(this::curve).toArray(double[][]::new);
    return Stream.of(
            new TestScore(of + "concordance of the median", scoring.concordance(risks), Double.NaN),
            new TestScore(
                of
                    + "integrated Brier score, %s to %s"
                        .formatted(
                            Digits.of(grid[0], DIGITS), Digits.of(grid[grid.length - 1], DIGITS)),
                scoring.integratedBrier(grid, curves),
                Double.NaN))
        .filter(score -> !Double.isNaN(score.value()))
        .toList();
  }

  private double[] curve(Mixture mixture) {
    return Arrays.stream(grid).map(mixture::survival).toArray();
  }

  /** Returns the mean predicted P(Y &gt; t) at the grid. */
  double[] mean(List<Mixture> predicted) {
    return Arrays.stream(grid)
        .map(
            t -> {
              RunningMean mean = new RunningMean();
              for (int n = 0; n < weights.length; n++) {
                mean.add(predicted.get(n).survival(t), weights[n]);
              }
              return mean.mean();
            })
        .toArray();
  }
}
