/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A network's parameters: on the heap, and in the network's own memory, where products read them.
 */
final class Parameters {
  final Reals values;
  private final List<Dense> layers;
  private final Pointer all;
  private final Pointer[] weights;
  private final Pointer[] biases;

  Parameters(Chain chain, int length) {
    layers = chain.layers();
    values = Reals.zeros(chain.dtype(), length);
    all = Memory.nowhere(chain.dtype());
    weights = new Pointer[layers.size()];
    biases = new Pointer[layers.size()];
    for (int layer = 0; layer < layers.size(); layer++) {
      weights[layer] = Memory.nowhere(chain.dtype());
      biases[layer] = Memory.nowhere(chain.dtype());
    }
  }

  /** Reads a network's parameters, which it has to keep alive. */
  void read(INDArray parameters) {
    long start = Memory.address(parameters);
    Memory.move(all, start);
    values.read(all, values.length());
    for (int layer = 0; layer < weights.length; layer++) {
      Dense dense = layers.get(layer);
      Memory.move(weights[layer], start + (long) dense.weights() * all.sizeof());
      Memory.move(biases[layer], start + (long) Math.max(0, dense.biases()) * all.sizeof());
    }
  }

  /** Writes them back to where they were read. */
  void write() {
    values.write(all, values.length());
  }

  Pointer weights(int layer) {
    return weights[layer];
  }

  Pointer biases(int layer) {
    return biases[layer];
  }
}
