/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.fit;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.mdn4j.regression.model.WeightedMean;

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
   * @param weights of the rows, or null where all count alike
   * @return the index of the chosen model
   */
  static int of(List<double[]> scores, double[] weights) {
    int best =
        IntStream.range(0, scores.size())
            .boxed()
            .min(Comparator.comparingDouble(i -> WeightedMean.of(scores.get(i), weights)))
            .orElseThrow();
    return IntStream.range(0, scores.size())
        .filter(i -> i == best || isClose(scores.get(best), scores.get(i), weights))
        .max()
        .orElseThrow();
  }

  private static boolean isClose(double[] best, double[] other, double[] weights) {
    double[] differences =
        IntStream.range(0, best.length).mapToDouble(n -> other[n] - best[n]).toArray();
    return WeightedMean.of(differences, weights)
        <= WeightedMean.standardError(differences, weights);
  }
}
