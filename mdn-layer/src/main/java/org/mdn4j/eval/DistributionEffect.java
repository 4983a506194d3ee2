/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.eval;

import static org.mdn4j.Arguments.require;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.rng.simple.RandomSource;
import org.mdn4j.distribution.Interval;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.eval.ExchangeableRows.Exchange;

/**
 * How the whole predicted distribution of a target changes with one feature or two, at one point of
 * their range: the partial dependence of the distribution. With S rows drawn from the data, whose
 * cells of these features are replaced by the point's values x:
 *
 * <pre>
 *   p(y; x) = 1/S Σ_s p(y | x, other features of row s)
 * </pre>
 *
 * <p>It is p(y) averaged over the other features' values, and so wider than a single prediction:
 * its bands have in them what the other features explain. Where features depend on each other it
 * takes in rows that never occur, and it tells what the model predicts, not what a change of the
 * feature would cause. Source: J. H. Friedman, <i>Greedy function approximation: a gradient
 * boosting machine</i>, Annals of Statistics 29 (2001), section 8.2, there of the mean.
 *
 * @param donors {@code [axes]}, the rows that have the point's values
 * @param median the median of p(y; x)
 * @param half the interval of its middle 50 %
 * @param ninety the interval of its middle 90 %
 * @param modes its modes, ascending, without those lower than 5 % of the highest. Of a sharp model
 *     and few rows they are those of single rows: take more
 */
public record DistributionEffect(
    List<Integer> donors, double median, Interval half, Interval ninety, List<Double> modes) {
  /** A mode that is less high beside the highest is not shown. */
  private static final double LEAST_HEIGHT = 0.05;

  /**
   * Computes the effect of features at the points of a grid.
   *
   * @param rows N rows and the model
   * @param weights {@code [N]}, in proportion to which rows are drawn, at least 0; null for equal
   *     ones
   * @param target d, in [0, D)
   * @param samples S, the number of rows to average over, at least 1; 100 to 300 mostly do
   * @param seed the same seed draws the same rows
   * @param axes one or two features (each a column, or several that belong together) and the rows
   *     at whose values of these columns they are set, such as {@link #grid} gives
   * @return one per point; of two axes the second changes fastest
   * @throws IllegalArgumentException if there are other than one or two axes, one has no point,
   *     there is no such target, samples is less than 1, or weights do not fit
   */
  public static List<DistributionEffect> of(
      ExchangeableRows rows,
      double[] weights,
      int target,
      int samples,
      long seed,
      Exchange... axes) {
    require(axes.length == 1 || axes.length == 2, "Expected 1 or 2 axes, got %d", axes.length);
    require(samples >= 1, "Expected at least 1 sample, got %d", samples);
    for (Exchange axis : axes) {
      require(axis.donors().length > 0, "Expected at least one point per axis, got none");
    }
    int[] drawn =
        new WeightedRows(rows.size(), weights)
            .draw(samples, RandomSource.XO_RO_SHI_RO_128_PP.create(seed));
    List<DistributionEffect> effects = new ArrayList<>();
    for (int first : axes[0].donors()) {
      for (int second : axes.length == 2 ? axes[1].donors() : new int[] {first}) {
        int[] point = {first, second};
        Exchange[] exchanges = new Exchange[axes.length];
        for (int a = 0; a < axes.length; a++) {
          int[] donors = new int[samples];
          Arrays.fill(donors, point[a]);
          exchanges[a] = new Exchange(axes[a].columns(), donors);
        }
        Mixture average = rows.predict(drawn, exchanges).pooled();
        require(
            0 <= target && target < average.targets(),
            "Expected a target in [0, %d), got %d",
            average.targets(),
            target);
        effects.add(
            of(
                Arrays.stream(point).limit(axes.length).boxed().toList(),
                average.targets() == 1 ? average : average.marginal(target)));
      }
    }
    return List.copyOf(effects);
  }

  private static DistributionEffect of(List<Integer> donors, Mixture average) {
    double[] modes = Arrays.stream(average.modes()).mapToDouble(mode -> mode[0]).toArray();
    double highest = Arrays.stream(modes).map(average::logDensity).max().orElseThrow();
    double least = highest + Math.log(LEAST_HEIGHT);
    return new DistributionEffect(
        donors,
        average.quantile(0.5),
        average.interval(0.5),
        average.interval(0.9),
        Arrays.stream(modes).filter(mode -> average.logDensity(mode) >= least).boxed().toList());
  }

  /**
   * Returns rows that have the quantiles of a column: points of an axis that lie where the data
   * are.
   *
   * @param column {@code [N]}, the column's values as numbers; NaN where a cell is missing
   * @param points the number of points at most, at least 2
   * @return a row of each value, ascending; of fewer values than points all, least and largest
   *     among them
   * @throws IllegalArgumentException if there are fewer than 2 points to be, or no value at all
   */
  public static int[] grid(double[] column, int points) {
    require(points >= 2, "Expected at least 2 points, got %d", points);
    int[] ordered =
        IntStream.range(0, column.length)
            .filter(n -> !Double.isNaN(column[n]))
            .boxed()
            .sorted(Comparator.comparingDouble(n -> column[n]))
            .mapToInt(n -> n)
            .toArray();
    require(ordered.length > 0, "Expected a value in the column, got none");
    int[] values = distinct(column, ordered);
    if (values.length <= points) {
      return values;
    }
    return distinct(
        column,
        IntStream.range(0, points)
            .map(i -> ordered[(int) Math.round((double) i * (ordered.length - 1) / (points - 1))])
            .toArray());
  }

  private static int[] distinct(double[] column, int[] ordered) {
    return IntStream.range(0, ordered.length)
        .filter(i -> i == 0 || column[ordered[i]] != column[ordered[i - 1]])
        .map(i -> ordered[i])
        .toArray();
  }
}
