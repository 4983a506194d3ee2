/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

import java.util.List;
import org.bytedeco.javacpp.Pointer;

/** A sum of blocks' gradients, and of their scores. */
final class GradientSum {
  final Pointer all; // of all parameters
  final Pointer[] weights; // of each layer
  final Pointer[] biases; // of each layer, or null
  double score;

  GradientSum(Chain chain, int parameters) {
    List<Dense> layers = chain.layers();
    all = Memory.zeros(chain.dtype(), parameters);
    weights = new Pointer[layers.size()];
    biases = new Pointer[layers.size()];
    for (int layer = 0; layer < weights.length; layer++) {
      Dense dense = layers.get(layer);
      weights[layer] = Memory.within(all, dense.weights());
      biases[layer] = dense.hasBiases() ? Memory.within(all, dense.biases()) : null;
    }
  }
}
