/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.study;

import java.util.Locale;
import java.util.Map;
import org.apache.commons.rng.UniformRandomProvider;

/**
 * The options of XGBoost that are tuned, by their names there.
 *
 * @param depth max_depth
 * @param rate learning_rate
 * @param leafRows min_child_weight, which counts rows
 * @param rows subsample
 * @param columns colsample_bytree
 * @param penalty lambda
 * @param together multi_strategy: whether a tree has all quantiles in its leaves, or one
 */
record Setup(
    int depth,
    double rate,
    double leafRows,
    double rows,
    double columns,
    double penalty,
    boolean together) {
  /** The one that is tried first: what users often start from. */
  static final Setup FIRST = new Setup(4, 0.1, 3, 0.8, 0.8, 1, true);

  static Setup draw(UniformRandomProvider random) {
    return new Setup(
        random.nextInt(2, 11),
        logUniform(random, 0.02, 0.3),
        logUniform(random, 1, 30),
        random.nextDouble(0.5, 1),
        random.nextDouble(0.5, 1),
        logUniform(random, 0.1, 10),
        random.nextBoolean());
  }

  private static double logUniform(UniformRandomProvider random, double low, double high) {
    return low * Math.exp(random.nextDouble() * Math.log(high / low));
  }

  Map<String, Object> parameters() {
    return Map.of(
        "max_depth", depth,
        "learning_rate", rate,
        "min_child_weight", leafRows,
        "subsample", rows,
        "colsample_bytree", columns,
        "lambda", penalty,
        "multi_strategy", together ? "multi_output_tree" : "one_output_per_tree");
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "depth %d, rate %.3f, leaves of %.0f rows, %.0f %% of rows and %.0f %% of columns, penalty"
            + " %.2g, %s",
        depth,
        rate,
        leafRows,
        100 * rows,
        100 * columns,
        penalty,
        together ? "a tree for all outputs" : "a tree per output");
  }
}
