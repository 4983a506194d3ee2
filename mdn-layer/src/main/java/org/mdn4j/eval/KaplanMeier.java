/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.eval;

import static org.mdn4j.Arguments.require;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.mdn4j.MixtureSpecBuilder;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The Kaplan-Meier estimate of a survival function from right-censored times, without any model:
 *
 * <pre>
 *   S(t) = Π_{t_i ≤ t} (1 − d_i / n_i)
 * </pre>
 *
 * <p>over the distinct times t_i at which events were seen, with d_i the weight of the events at
 * t_i and n_i that of all rows that were still under observation just before. Where an event and
 * the end of an observation fall on the same time, the event comes first. Source: E. L. Kaplan and
 * P. Meier, <i>Nonparametric estimation from incomplete observations</i>, JASA 53 (1958).
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class KaplanMeier {
  private final double[] times; // ascending, distinct, of events
  private final double[] survivals; // after each of them
  private final double[] errors; // standard errors there

  private KaplanMeier(double[] times, double[] survivals, double[] errors) {
    this.times = times;
    this.survivals = survivals;
    this.errors = errors;
  }

  /**
   * Returns the estimate from rows that count alike.
   *
   * @param times {@code [N]}, finite: of the event, or until when the row was observed
   * @param seen {@code [N]}, whether the event was seen; else it comes later than the time
   * @return the estimate
   * @throws IllegalArgumentException if there is no row, the lengths differ, or a time is NaN or
   *     infinite
   */
  public static KaplanMeier of(double[] times, boolean[] seen) {
    double[] ones = new double[times.length];
    Arrays.fill(ones, 1);
    return of(times, seen, ones);
  }

  /**
   * Returns the estimate from rows that count differently.
   *
   * @param times {@code [N]}, finite
   * @param seen {@code [N]}, whether the event was seen
   * @param weights {@code [N]}, finite, at least 0, with a positive sum
   * @return the estimate; its standard errors take a weight for so many rows
   * @throws IllegalArgumentException if there is no row, lengths differ, or a value is out of its
   *     range
   */
  public static KaplanMeier of(double[] times, boolean[] seen, double[] weights) {
    requireRows(times, seen);
    require(
        weights.length == times.length
            && Arrays.stream(weights).allMatch(w -> w >= 0 && Double.isFinite(w))
            && Arrays.stream(weights).sum() > 0,
        "Expected %s finite weights of at least 0, not all of them 0, got %s",
        times.length,
        Arrays.toString(weights));
    return estimate(times, seen, weights, false);
  }

  /**
   * Returns the estimate from labels that are intervals, as {@link MixtureSpecBuilder#censored()}
   * has them.
   *
   * @param labels {@code [N, 2]}: equal ends for events, an infinite upper end for right-censored
   *     rows
   * @return the estimate
   * @throws IllegalArgumentException if the labels have another shape, or one is an interval of
   *     another kind, from which this estimate cannot be made
   */
  public static KaplanMeier of(INDArray labels) {
    require(
        labels.rank() == 2 && labels.size(1) == 2,
        "Expected labels of shape [N, 2], the ends of intervals, got %s",
        Arrays.toString(labels.shape()));
    double[][] ends = labels.castTo(DataType.DOUBLE).toDoubleMatrix();
    double[] times = new double[ends.length];
    boolean[] seen = new boolean[ends.length];
    for (int n = 0; n < ends.length; n++) {
      times[n] = ends[n][0];
      seen[n] = ends[n][0] == ends[n][1];
      require(
          seen[n] || ends[n][1] == Double.POSITIVE_INFINITY,
          "Expected exact or right-censored labels, got [%s, %s] in row %s",
          ends[n][0],
          ends[n][1],
          n);
    }
    return of(times, seen);
  }

  static void requireRows(double[] times, boolean[] seen) {
    require(
        times.length > 0 && times.length == seen.length,
        "Expected as many times as flags, at least one, got %s and %s",
        times.length,
        seen.length);
    require(
        Arrays.stream(times).allMatch(Double::isFinite),
        "Expected finite times, got %s",
        Arrays.stream(times).filter(t -> !Double.isFinite(t)).findFirst().orElse(0));
  }

  /**
   * Returns the estimate of the survival function of the ends of the observations: of rows whose
   * event was seen it is only known that they would have been observed longer. Who had the event at
   * a time can no more be lost at that time.
   */
  static KaplanMeier ofCensoring(double[] times, boolean[] seen) {
    double[] ones = new double[times.length];
    Arrays.fill(ones, 1);
    return estimate(times, seen, ones, true);
  }

  /** Returns the rows in the order of their times. */
  static int[] byTime(double[] times) {
    return IntStream.range(0, times.length)
        .boxed()
        .sorted(Comparator.comparingDouble(n -> times[n]))
        .mapToInt(n -> n)
        .toArray();
  }

  private static KaplanMeier estimate(
      double[] times, boolean[] seen, double[] weights, boolean censoring) {
    int[] order = byTime(times);
    double[] at = new double[times.length];
    double[] after = new double[times.length];
    double[] errors = new double[times.length];
    double left = Arrays.stream(weights).sum();
    double survival = 1;
    double greenwood = 0;
    int steps = 0;
    for (int i = 0; i < order.length; ) {
      double time = times[order[i]];
      double events = 0;
      double ends = 0;
      for (; i < order.length && times[order[i]] == time; i++) {
        if (seen[order[i]]) {
          events += weights[order[i]];
        } else {
          ends += weights[order[i]];
        }
      }
      double falls = censoring ? ends : events;
      double risk = censoring ? left - events : left;
      if (falls > 0) {
        survival *= Math.max(0, 1 - falls / risk);
        greenwood += falls / (risk * (risk - falls));
        at[steps] = time;
        after[steps] = survival;
        errors[steps] = survival > 0 ? survival * Math.sqrt(greenwood) : 0;
        steps++;
      }
      left -= events + ends;
    }
    return new KaplanMeier(
        Arrays.copyOf(at, steps), Arrays.copyOf(after, steps), Arrays.copyOf(errors, steps));
  }

  /**
   * Returns the times at which the curve falls.
   *
   * @return the distinct times of events, ascending
   */
  public double[] times() {
    return times.clone();
  }

  /**
   * Returns the estimate of P(T &gt; t). Beyond the last row it stays what it is there.
   *
   * @param time t
   * @return the survival, in [0, 1]; right-continuous
   * @throws IllegalArgumentException if the time is NaN
   */
  public double survival(double time) {
    int index = last(time, false);
    return index < 0 ? 1 : survivals[index];
  }

  /** Returns the estimate of P(T ≥ t), which is the curve's limit from the left. */
  double survivalBefore(double time) {
    int index = last(time, true);
    return index < 0 ? 1 : survivals[index];
  }

  /**
   * Returns the standard error of {@link #survival}, S √(Σ d_i / (n_i (n_i − d_i))) (M. Greenwood,
   * 1926).
   *
   * @param time t
   * @return the standard error; 0 before the first event, and where the estimate is 0
   * @throws IllegalArgumentException if the time is NaN
   */
  public double standardError(double time) {
    int index = last(time, false);
    return index < 0 ? 0 : errors[index];
  }

  /**
   * Returns the quantile: the first time at which at least a share p has had the event.
   *
   * @param p a probability in (0, 1)
   * @return the time; ∞ where the curve does not fall so low
   * @throws IllegalArgumentException if p is out of its range
   */
  public double quantile(double p) {
    require(p > 0 && p < 1, "Expected a probability in (0, 1), got %s", p);
    for (int i = 0; i < times.length; i++) {
      if (survivals[i] <= 1 - p + 1e-12) { // which a sum of shares may miss by its rounding
        return times[i];
      }
    }
    return Double.POSITIVE_INFINITY;
  }

  /** Returns the last step at most at a time, or before it; −1 where there is none. */
  private int last(double time, boolean before) {
    require(!Double.isNaN(time), "Expected a time, got NaN");
    int place = Arrays.binarySearch(times, time);
    return place < 0 ? -place - 2 : before ? place - 1 : place;
  }
}
