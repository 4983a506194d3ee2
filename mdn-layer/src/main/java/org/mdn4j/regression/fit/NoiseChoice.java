/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.fit;

import java.util.Comparator;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Chooses among models by their scores on the same validation rows: the last one that is not worse
 * than the best by more than one standard error of the difference. With models in the order of
 * growing noise that is the smoothest of those that the rows can hardly tell apart. Source: L.
 * Breiman et al., <i>Classification and regression trees</i> (1984), section 3.4.3, with paired
 * differences.
 */
final class NoiseChoice {
  private NoiseChoice() {}

  /**
   * Returns the index of the model to keep.
   *
   * @param scores per model the score of each row, lower is better, {@code [models][rows]}
   * @return the index of the chosen model
   */
  static int of(List<double[]> scores) {
    int best =
        IntStream.range(0, scores.size())
            .boxed()
            .min(Comparator.comparingDouble(i -> mean(scores.get(i))))
            .orElseThrow();
    return IntStream.range(0, scores.size())
        .filter(i -> i == best || isClose(scores.get(best), scores.get(i)))
        .max()
        .orElseThrow();
  }

  private static boolean isClose(double[] best, double[] other) {
    double[] differences =
        IntStream.range(0, best.length).mapToDouble(n -> other[n] - best[n]).toArray();
    double mean = mean(differences);
    double squares = DoubleStream.of(differences).map(x -> (x - mean) * (x - mean)).sum();
    return mean <= Math.sqrt(squares / (best.length - 1) / best.length);
  }

  private static double mean(double[] values) {
    return DoubleStream.of(values).average().orElseThrow();
  }
}
