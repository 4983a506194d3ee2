/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.eval;

import static org.mdn4j.Arguments.require;

import java.util.Arrays;

/**
 * Scores of predicted survival against right-censored times, which need no more of a model than its
 * predictions: concordance, Brier score and its integral. What censoring hides is made up for by
 * weights 1/G, the inverse probability of being observed so long (IPCW); G is the Kaplan-Meier
 * estimate of the ends of the observations, taken as independent of the events.
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class SurvivalScores {
  private final double[] times;
  private final boolean[] seen;
  private final double[] weights;
  private final KaplanMeier observation; // G

  private SurvivalScores(double[] times, boolean[] seen, double[] weights) {
    this.times = times;
    this.seen = seen;
    this.weights = weights;
    this.observation = KaplanMeier.ofCensoring(times, seen, weights);
  }

  /**
   * Creates scores against observed times.
   *
   * @param times {@code [N]}, finite: of the event, or until when the row was observed
   * @param seen {@code [N]}, whether the event was seen
   * @return the scores
   * @throws IllegalArgumentException if there is no row, the lengths differ, or a time is NaN or
   *     infinite
   */
  public static SurvivalScores of(double[] times, boolean[] seen) {
    double[] ones = new double[times.length];
    Arrays.fill(ones, 1);
    return of(times, seen, ones);
  }

  /**
   * Creates scores against observed times of rows that count differently: a row of weight 2 counts
   * as two equal rows do.
   *
   * @param times {@code [N]}, finite
   * @param seen {@code [N]}, whether the event was seen
   * @param weights {@code [N]}, finite, at least 0, with a positive sum
   * @return the scores
   * @throws IllegalArgumentException if there is no row, lengths differ, or a value is out of its
   *     range
   */
  public static SurvivalScores of(double[] times, boolean[] seen, double[] weights) {
    KaplanMeier.requireRows(times, seen);
    KaplanMeier.requireWeights(weights, times.length);
    return new SurvivalScores(times.clone(), seen.clone(), weights.clone());
  }

  /**
   * Returns Harrell's concordance index: of the pairs of rows of which it is known who had the
   * event first, the share in which that row has the higher risk; equal risks count one half. A
   * pair (i, j) counts if i's event was seen and T_i &lt; T_j, or T_i = T_j and j's was not.
   * Source: F. E. Harrell, R. M. Califf, D. B. Pryor, K. L. Lee and R. A. Rosati, <i>Evaluating the
   * yield of medical tests</i>, JAMA 247 (1982).
   *
   * @param risks {@code [N]}, the higher the sooner; such as minus the median
   * @return the index, in [0, 1]; ½ says nothing; NaN if there is no such pair
   * @throws IllegalArgumentException if there is not one risk per row, or one is NaN
   */
  public double concordance(double[] risks) {
    return concordance(risks, Double.POSITIVE_INFINITY, false);
  }

  /**
   * Returns Uno's concordance index, in which a pair (i, j) counts 1/G(T_i−)², so that it does not
   * depend on how many rows are censored; up to a horizon, beyond which G is too uncertain. Source:
   * H. Uno, T. Cai, M. J. Pencina, R. B. D'Agostino and L. J. Wei, <i>On the C-statistics for
   * evaluating overall adequacy of risk prediction procedures with censored survival data</i>,
   * Statistics in Medicine 30 (2011), equation 5.
   *
   * @param risks as for {@link #concordance}
   * @param horizon events from it on do not count
   * @return the index, in [0, 1]; NaN if there is no such pair
   * @throws IllegalArgumentException if there is not one risk per row, or one is NaN; or the
   *     horizon is NaN
   */
  public double weightedConcordance(double[] risks, double horizon) {
    require(!Double.isNaN(horizon), "Expected a horizon, got NaN");
    return concordance(risks, horizon, true);
  }

  private double concordance(double[] risks, double horizon, boolean weighted) {
    requirePerRow(risks, "risks");
    double[] sorted = Arrays.stream(risks).sorted().toArray();
    RankWeights later = new RankWeights(sorted);
    double pairs = 0;
    double concordant = 0;
    int[] order = KaplanMeier.byTime(times);
    for (int end = order.length; end > 0; ) { // from the last time to the first
      double time = times[order[end - 1]];
      int begin = end;
      while (begin > 0 && times[order[begin - 1]] == time) {
        begin--;
        if (!seen[order[begin]]) {
          later.add(risks[order[begin]], weights[order[begin]]);
        }
      }
      double lost = weighted ? observation.survivalBefore(time) : 1;
      for (int i = begin; i < end; i++) {
        if (seen[order[i]] && time < horizon) {
          double risk = risks[order[i]];
          double weight = weights[order[i]];
          pairs += weight * later.total() / (lost * lost);
          concordant += weight * 0.5 * (later.below(risk) + later.upTo(risk)) / (lost * lost);
        }
      }
      for (int i = begin; i < end; i++) {
        if (seen[order[i]]) {
          later.add(risks[order[i]], weights[order[i]]);
        }
      }
      end = begin;
    }
    return concordant / pairs;
  }

  /** The weight of those of some numbers that are less than one, by a Fenwick tree of ranks. */
  private static final class RankWeights {
    private final double[] sorted;
    private final double[] tree;
    private double total;

    RankWeights(double[] sorted) {
      this.sorted = sorted;
      this.tree = new double[sorted.length + 1];
    }

    /** Returns how many of all numbers are less. */
    private int rank(double number) {
      int low = 0;
      int high = sorted.length;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (sorted[middle] < number) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }

    void add(double number, double weight) {
      total += weight;
      for (int i = rank(number) + 1; i < tree.length; i += i & -i) {
        tree[i] += weight;
      }
    }

    double total() {
      return total;
    }

    double below(double number) {
      return sum(rank(number));
    }

    double upTo(double number) {
      return sum(Math.min(rank(number) + 1, sorted.length)); // equal ones are at their first rank
    }

    private double sum(int to) {
      double sum = 0;
      for (int i = to; i > 0; i -= i & -i) {
        sum += tree[i];
      }
      return sum;
    }
  }

  /**
   * Returns the Brier score of the predicted survival at a time,
   *
   * <pre>
   *   BS(t) = 1/N Σ_i ( S_i(t)² 1{T_i ≤ t, seen} / G(T_i−) + (1 − S_i(t))² 1{T_i &gt; t} / G(t) )
   * </pre>
   *
   * <p>Rows that were lost before t count by what their weight adds to the others'. Source: E.
   * Graf, C. Schmoor, W. Sauerbrei and M. Schumacher, <i>Assessment and comparison of prognostic
   * classification schemes for survival data</i>, Statistics in Medicine 18 (1999), equation 14;
   * with G before T_i, as T. A. Gerds and M. Schumacher, <i>Consistent estimation of the expected
   * Brier score in general survival models with right-censored event times</i>, Biometrical Journal
   * 48 (2006).
   *
   * @param time t; before the last row, so that G(t) is not 0
   * @param survivals {@code [N]}, the predictions S_i(t) of P(T_i &gt; t)
   * @return the score, at least 0; lower is better
   * @throws IllegalArgumentException if the time is NaN, or no row is observed so long; or there is
   *     not one prediction in [0, 1] per row
   */
  public double brier(double time, double[] survivals) {
    requirePerRow(survivals, "survivals");
    require(
        Arrays.stream(survivals).allMatch(s -> s >= 0 && s <= 1),
        "Expected predicted survivals in [0, 1], got others");
    double now = observation.survival(time);
    require(now > 0, "Expected a time at which rows are still under observation, got %s", time);
    double sum = 0;
    for (int i = 0; i < times.length; i++) {
      if (times[i] > time) {
        sum += weights[i] * (1 - survivals[i]) * (1 - survivals[i]) / now;
      } else if (seen[i]) {
        sum += weights[i] * survivals[i] * survivals[i] / observation.survivalBefore(times[i]);
      }
    }
    return sum / Arrays.stream(weights).sum();
  }

  /**
   * Returns the integrated Brier score, the mean of {@link #brier} over a range of times by the
   * trapezoidal rule:
   *
   * <pre>
   *   IBS = 1/(t_m − t_1) ∫ BS(t) dt
   * </pre>
   *
   * @param grid times t_1 &lt; … &lt; t_m, at least two
   * @param survivals {@code [N][m]}, the predictions at these times, such as the rows of {@link
   *     org.mdn4j.distribution.MixtureBatch#survivalCurves}
   * @return the mean score
   * @throws IllegalArgumentException if the times are not ascending, or as for {@link #brier}
   */
  public double integratedBrier(double[] grid, double[][] survivals) {
    require(
        survivals.length == times.length
            && Arrays.stream(survivals).allMatch(row -> row.length == grid.length),
        "Expected a survival for each of %s rows and %s times, got others",
        times.length,
        grid.length);
    require(grid.length > 1, "Expected at least two times, got %s", grid.length);
    double integral = 0;
    double before = 0;
    for (int m = 0; m < grid.length; m++) {
      int column = m;
      double score =
          brier(grid[m], Arrays.stream(survivals).mapToDouble(row -> row[column]).toArray());
      if (m > 0) {
        require(grid[m] > grid[m - 1], "Expected ascending times, got %s", Arrays.toString(grid));
        integral += 0.5 * (before + score) * (grid[m] - grid[m - 1]);
      }
      before = score;
    }
    return integral / (grid[grid.length - 1] - grid[0]);
  }

  private void requirePerRow(double[] values, String name) {
    require(
        values.length == times.length && Arrays.stream(values).noneMatch(Double::isNaN),
        "Expected %s %s, one per row and none NaN, got %s",
        times.length,
        name,
        values.length == times.length ? "a NaN" : values.length);
  }
}
