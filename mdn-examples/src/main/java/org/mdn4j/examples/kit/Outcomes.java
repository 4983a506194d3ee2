/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.kit;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * What was observed of targets: values, or intervals that hold them.
 *
 * @param lower lower ends, {@code [N][D]}, −∞ where that side is open; of a value the value
 * @param upper upper ends, {@code [N][D]}, likewise
 * @param censored whether a model takes both ends of each target as its labels
 */
public record Outcomes(double[][] lower, double[][] upper, boolean censored) {

  /**
   * Creates outcomes that are all known.
   *
   * @param values {@code [N][D]}
   * @return the values
   */
  public static Outcomes exact(double[][] values) {
    return new Outcomes(values, values, false);
  }

  /**
   * Creates outcomes from the labels of a censored model.
   *
   * @param ends {@code [N][2 D]}, the lower and the upper end of each target
   * @return the intervals
   */
  public static Outcomes intervals(double[][] ends) {
    return new Outcomes(everySecond(ends, 0), everySecond(ends, 1), true);
  }

  private static double[][] everySecond(double[][] rows, int first) {
    return Arrays.stream(rows)
        .map(row -> IntStream.range(0, row.length / 2).mapToDouble(d -> row[2 * d + first]))
        .map(ends -> ends.toArray())
        .toArray(double[][]::new);
  }

  /** Returns the number of rows. */
  public int rows() {
    return lower.length;
  }

  /** Returns what a model of these targets takes as the label of a row, {@code [D]} or [2 D]. */
  public double[] label(int row) {
    return censored
        ? IntStream.range(0, lower[row].length)
            .boxed()
            .flatMapToDouble(d -> DoubleStream.of(lower[row][d], upper[row][d]))
            .toArray()
        : lower[row];
  }

  /** Returns whether the value of a target is known. */
  public boolean isExact(int row, int target) {
    return lower[row][target] == upper[row][target];
  }

  /** Returns the rows of which a target's value is known. */
  public int[] exactRows(int target) {
    return IntStream.range(0, rows()).filter(row -> isExact(row, target)).toArray();
  }

  /** Returns whether all of a target's rows are exact, or only known to be above a value. */
  public boolean isRightCensored(int target) {
    return IntStream.range(0, rows())
        .allMatch(
            row ->
                isExact(row, target)
                    || Double.isFinite(lower[row][target])
                        && upper[row][target] == Double.POSITIVE_INFINITY);
  }

  /** Returns the value of a target, or what stands for it: the middle of two ends, or the one. */
  public double shown(int row, int target) {
    double low = lower[row][target];
    double high = upper[row][target];
    if (low == high || Double.isInfinite(high)) {
      return low;
    }
    return Double.isInfinite(low) ? high : low + 0.5 * (high - low);
  }

  /** Returns {@link #shown} of all rows. */
  public double[] shown(int target) {
    return IntStream.range(0, rows()).mapToDouble(row -> shown(row, target)).toArray();
  }

  /** Returns in words what is known of a target. */
  public String text(int row, int target, int digits) {
    String low = Digits.of(lower[row][target], digits);
    String high = Digits.of(upper[row][target], digits);
    if (isExact(row, target)) {
      return low;
    }
    return upper[row][target] == Double.POSITIVE_INFINITY
        ? "above " + low
        : lower[row][target] == Double.NEGATIVE_INFINITY ? "at most " + high : low + " to " + high;
  }

  /** Returns some rows. */
  public Outcomes select(int[] rows) {
    return new Outcomes(RandomSplit.select(lower, rows), RandomSplit.select(upper, rows), censored);
  }
}
