/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Keeps what layers put out, for listeners that look at it. */
final class Watch {
  private final DataType dtype;
  private final int rows;
  private final double[][] outputs; // [layers][N · units]

  Watch(Chain chain, int rows) {
    this.dtype = chain.dtype();
    this.rows = rows;
    this.outputs = new double[chain.shown()][];
  }

  /** Keeps a block's units, by rows; blocks of other rows may do so at the same time. */
  void see(int[] layers, Reals x, int units, int first, int count) {
    for (int layer : layers) {
      double[] kept = room(layer, units);
      for (int unit = 0; unit < units; unit++) {
        for (int n = 0; n < count; n++) {
          kept[(first + n) * units + unit] = x.get(unit * count + n);
        }
      }
    }
  }

  private synchronized double[] room(int layer, int units) {
    if (outputs[layer] == null) {
      outputs[layer] = new double[rows * units];
    }
    return outputs[layer];
  }

  /** Returns the outputs of DL4J's layers but the last, {@code [N, units]} each. */
  List<INDArray> outputs() {
    List<INDArray> arrays = new ArrayList<>();
    for (double[] output : outputs) {
      arrays.add(Nd4j.create(output, new long[] {rows, output.length / rows}, dtype));
    }
    return arrays;
  }
}
