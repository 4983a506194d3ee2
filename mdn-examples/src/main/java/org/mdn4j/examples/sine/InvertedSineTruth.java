/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.sine;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The true conditional density of the inverted sine at one input,
 *
 * <pre>
 *   p(t | s) ∝ exp( −½ (s − 7 sin(0.75 t) − 0.5 t)² ),  −10.5 &lt; t &lt; 10.5
 * </pre>
 *
 * <p>on a grid of {@value #CELLS} cells: what a model is measured against.
 */
final class InvertedSineTruth {
  private static final int CELLS = 2100;
  private static final double WIDTH = 2 * InvertedSineData.LIMIT / CELLS;
  private static final double[] CENTERS =
      IntStream.range(0, CELLS)
          .mapToDouble(i -> -InvertedSineData.LIMIT + WIDTH * (i + 0.5))
          .toArray();
  private static final double[] CURVE =
      Arrays.stream(CENTERS).map(InvertedSineData::curve).toArray();

  private final double[] mass; // [CELLS], sums to 1

  InvertedSineTruth(double s) {
    double[] logDensity =
        Arrays.stream(CURVE).map(center -> -0.5 * (s - center) * (s - center)).toArray();
    double max = Arrays.stream(logDensity).max().orElseThrow();
    double[] density = Arrays.stream(logDensity).map(value -> Math.exp(value - max)).toArray();
    double sum = Arrays.stream(density).sum();
    mass = Arrays.stream(density).map(value -> value / sum).toArray();
  }

  private static int cell(double t) {
    return (int) Math.max(0, Math.min(CELLS - 1, (t + InvertedSineData.LIMIT) / WIDTH));
  }

  /** Returns log p(t | s) in nats. */
  double logDensity(double t) {
    return Math.log(mass[cell(t)] / WIDTH);
  }

  /** Returns P(T ≤ t | s). */
  double cdf(double t) {
    int cell = cell(t);
    double below = Arrays.stream(mass, 0, cell).sum();
    return below + mass[cell] * (t - (CENTERS[cell] - 0.5 * WIDTH)) / WIDTH;
  }

  /** Returns the probability of the values whose density is higher than that of t. */
  double massAbove(double t) {
    double density = mass[cell(t)];
    return Arrays.stream(mass).filter(value -> value > density).sum();
  }

  /** Returns the CRPS of the outcome t: ∫ (F(x) − 1{x ≥ t})² dx. */
  double crps(double t) {
    double cdf = 0;
    double sum = 0;
    for (int i = 0; i < CELLS; i++) {
      double middle = cdf + 0.5 * mass[i];
      double difference = CENTERS[i] >= t ? 1 - middle : middle;
      sum += difference * difference * WIDTH;
      cdf += mass[i];
    }
    return sum;
  }

  /** Returns the local maxima whose density is at least a share of the highest, ascending. */
  double[] modes(double share) {
    double highest = Arrays.stream(mass).max().orElseThrow();
    return IntStream.range(0, CELLS)
        .filter(i -> mass[i] >= share * highest)
        .filter(i -> i == 0 || mass[i] > mass[i - 1])
        .filter(i -> i == CELLS - 1 || mass[i] >= mass[i + 1])
        .mapToDouble(i -> CENTERS[i])
        .toArray();
  }
}
