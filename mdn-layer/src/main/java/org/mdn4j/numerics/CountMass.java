/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.numerics;

import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;

/**
 * The logarithm of what a {@link NegativeBinomial} gives to an interval of counts, both ends
 * included, and its derivatives:
 *
 * <pre>
 *   L(l, u) = log Σ_{l ≤ y ≤ u} P(y),   ∂L/∂θ = E( ∂ log P(Y)/∂θ | l ≤ Y ≤ u )
 * </pre>
 *
 * <p>Sums are of P(y)/P(c), with c the likeliest count of the interval, so that they are right in
 * relative terms however far out the interval is: term by term with the ratio of neighbours, and
 * where these are thousands by {@link CountSum}. An interval from 0 on or without an upper end, and
 * with more than half of the probability, is 1 less the other one.
 *
 * <p>Each call of {@link #interval} leaves its results in the object. Not safe for use by several
 * threads.
 */
public final class CountMass implements ComponentMass {
  /** So many terms are summed one by one. */
  private static final int MOST_TERMS = 4000;

  /** Beyond it a count and the next one may be the same double. */
  private static final double LARGEST = 0x1p52;

  /** What is left out, relative to the sum. */
  private static final double NEGLIGIBLE = 1e-20;

  private static final int MOST_DEVIATIONS = 9;
  private static final double FEW = 40;

  /** Over so many lengths an exponential falls to 1e-19. */
  private static final double[] LENGTHS = {1, 2, 4, 7, 11, 16, 22, 30, 44};

  private double value;
  private double byLogMean;
  private double byLogDispersion;

  // Of one interval, in the sum
  private NegativeBinomial counts;
  private double first;
  private double last;
  private double likeliest;
  private double mass; // of P(y)/P(c)
  private double slope; // of the same times what the slope by log m has more than at c
  private double bend; // the same of log α

  /**
   * Computes L and its derivatives.
   *
   * @param lower l, a count, or −∞ for 0
   * @param upper u ≥ l, a count, or ∞
   * @param logMean log m
   * @param logDispersion log α
   */
  @Override
  public void interval(double lower, double upper, double logMean, double logDispersion) {
    interval(new NegativeBinomial(Math.exp(logMean), Math.exp(logDispersion)), lower, upper);
  }

  /**
   * Computes L and its derivatives.
   *
   * @param of the distribution
   * @param lower l, a count, or −∞ for 0
   * @param upper u ≥ l, a count, or ∞
   */
  public void interval(NegativeBinomial of, double lower, double upper) {
    counts = of;
    double from = Math.max(0, lower);
    if (from == 0 && upper == Double.POSITIVE_INFINITY) {
      set(0, 0, 0);
    } else if (from < upper && from == 0 && upper >= of.mean()) {
      sum(upper + 1, Double.POSITIVE_INFINITY);
      complement();
    } else if (upper == Double.POSITIVE_INFINITY && from <= Math.max(1, of.mode())) {
      sum(0, from - 1);
      complement();
    } else {
      sum(from, upper);
    }
  }

  private void set(double value, double byLogMean, double byLogDispersion) {
    this.value = value;
    this.byLogMean = byLogMean;
    this.byLogDispersion = byLogDispersion;
  }

  /** Makes the results those of all other counts. */
  private void complement() {
    double others = -Math.expm1(value);
    double factor = -Math.exp(value) / others;
    set(
        value > -LogMass.LOG_2 ? Math.log(others) : Math.log1p(-Math.exp(value)),
        factor * byLogMean,
        factor * byLogDispersion);
  }

  private void sum(double from, double to) {
    first = from;
    last = to;
    likeliest = Math.max(from, Math.min(to, counts.mode()));
    mass = 1;
    slope = 0;
    bend = 0;
    if (from < to && !(likeliest < LARGEST && addBelow() && addAbove())) {
      sumOfMany();
    }
    set(
        counts.logProbability(likeliest) + Math.log(mass),
        counts.meanSlope(likeliest) + slope / mass,
        counts.dispersionSlope(likeliest) + bend / mass);
  }

  private void add(double weight, double y, double more) {
    mass += weight;
    slope += weight * counts.slopeOver(y - likeliest);
    bend += weight * more;
  }

  /** Adds what is above the likeliest count; returns false where the terms are too many. */
  private boolean addAbove() {
    double weight = 1;
    double more = 0;
    double y = likeliest;
    for (int term = 0; y < last; term++) {
      double ratio = counts.ratio(y);
      more += counts.bend(y);
      weight *= ratio;
      y++;
      add(weight, y, more);
      double most = Math.max(ratio, counts.limitOfRatio());
      if (weight < NEGLIGIBLE * (1 - most) * (1 - most) * mass) {
        return true;
      }
      if (term == MOST_TERMS) {
        return false;
      }
    }
    return true;
  }

  private boolean addBelow() {
    double weight = 1;
    double more = 0;
    double y = likeliest;
    for (int term = 0; y > first; term++) {
      y--;
      double ratio = 1 / counts.ratio(y);
      more -= counts.bend(y);
      weight *= ratio;
      add(weight, y, more);
      if (weight < NEGLIGIBLE * (1 - ratio) * mass) {
        return true;
      }
      if (term == MOST_TERMS) {
        return false;
      }
    }
    return true;
  }

  private void sumOfMany() {
    double mean = counts.mean();
    double deviation = counts.standardDeviation();
    double tail = 1 / Math.log1p(1 / counts.alphaMean()); // over which the upper one falls to 1/e
    // Over which it falls at the likeliest count, if that is an end
    double fall = 1 / Math.abs(counts.fall(likeliest));
    double most = LENGTHS[LENGTHS.length - 1];
    boolean isFar = Math.abs(likeliest - mean) > 0.5 * MOST_DEVIATIONS * deviation;
    double above = isFar ? Math.max(fall, tail) : tail;
    double bottom =
        isFar ? likeliest - most * fall - FEW : mean - (MOST_DEVIATIONS + 1) * deviation;
    double top = (isFar ? likeliest : mean + MOST_DEVIATIONS * deviation) + most * above + FEW;
    double from = Math.max(first, Math.floor(bottom));
    double to = Math.min(last, Math.ceil(top));
    DoubleStream.Builder builder = DoubleStream.builder();
    for (int u = -MOST_DEVIATIONS; u <= MOST_DEVIATIONS; u++) {
      builder.add(mean + u * deviation);
    }
    for (double lengths : LENGTHS) {
      builder.add(likeliest - lengths * fall);
      builder.add(likeliest + lengths * fall);
      builder.add(likeliest + lengths * above);
      builder.add(mean + MOST_DEVIATIONS * deviation + lengths * tail + FEW);
    }
    double[] edges = builder.build().toArray();
    double height = counts.logProbability(likeliest);
    double ofLikeliest = counts.dispersionSlope(likeliest);
    DoubleUnaryOperator weight = y -> Math.exp(counts.logProbability(y) - height);
    mass = Math.max(1, CountSum.of(weight, from, to, edges)); // the likeliest has 1 by itself
    slope =
        CountSum.of(
            y -> weight.applyAsDouble(y) * counts.slopeOver(y - likeliest), from, to, edges);
    bend =
        CountSum.of(
            y -> weight.applyAsDouble(y) * (counts.dispersionSlope(y) - ofLikeliest),
            from,
            to,
            edges);
  }

  @Override
  public double value() {
    return value;
  }

  @Override
  public double byLocation() {
    return byLogMean;
  }

  @Override
  public double byLogScale() {
    return byLogDispersion;
  }
}
