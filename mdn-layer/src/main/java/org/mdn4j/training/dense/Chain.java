/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * What a step computes: a chain of dense layers, the last of which is trained for a goal.
 *
 * @param dtype FLOAT or DOUBLE
 * @param seed of dropout
 * @param inputStages what is done to the features first
 * @param layers the layers
 * @param goal what the last one's output is trained for
 * @param stockHead whether the last one is DL4J's own output layer, which multiplies its output by
 *     a mask of rows
 * @param divided whether the score is divided by the number of rows
 * @param shown how many of DL4J's layers lie below the last
 */
record Chain(
    DataType dtype,
    long seed,
    List<Stage> inputStages,
    List<Dense> layers,
    Goal goal,
    boolean stockHead,
    boolean divided,
    int shown) {
  /** Returns the lowest layer that has a gradient; the backward pass ends there. */
  int lowestTrained() {
    int lowest = 0;
    while (lowest < layers.size() - 1 && !layers.get(lowest).trained()) {
      lowest++;
    }
    return lowest;
  }

  int inputs() {
    return layers.get(0).inputs();
  }

  Dense head() {
    return layers.get(layers.size() - 1);
  }
}
