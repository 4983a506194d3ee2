/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

import java.util.List;

/**
 * A dense layer and what is done to its units before the next.
 *
 * @param inputs units that come in
 * @param outputs units
 * @param weights where its weights {@code [inputs, outputs]}, unit by unit, begin among the
 *     parameters
 * @param biases where its biases {@code [outputs]} begin, or −1
 * @param trained whether its parameters have a gradient
 * @param stages activation, dropout and the like, in order
 */
record Dense(
    int inputs, int outputs, int weights, int biases, boolean trained, List<Stage> stages) {
  boolean hasBiases() {
    return biases >= 0;
  }
}
