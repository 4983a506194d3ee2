/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.rows;

import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The position of the channels of sequences or images, and so how these become rows: {@code [N, C,
 * T]}, {@code [N, T, C]}, {@code [N, C, H, W]} and {@code [N, H, W, C]} all give {@code [N·T, C]}
 * or {@code [N·H·W, C]}, example by example, the last of the other dimensions fastest.
 *
 * @param channelDimension which dimension holds the channels, at least 1
 */
public record Layout(int channelDimension) {
  /**
   * Returns the channels of an array as the rows of a matrix; a copy where a view is impossible.
   */
  public INDArray rows(INDArray array) {
    return array
        .permute(channelsLast(array.rank()))
        .reshape('c', array.length() / channels(array), channels(array));
  }

  /** Returns rows as an array of a shape, which has the channels where this layout has them. */
  public INDArray array(INDArray rows, long... shape) {
    int[] order = channelsLast(shape.length);
    long[] last = IntStream.of(order).mapToLong(d -> shape[d]).toArray();
    int[] back = new int[order.length];
    for (int d = 0; d < order.length; d++) {
      back[order[d]] = d;
    }
    return rows.reshape('c', last).permute(back);
  }

  /** Returns the number of channels of an array. */
  public long channels(INDArray array) {
    return array.size(channelDimension);
  }

  /** Returns which dimension of sequences holds the steps. */
  public int stepDimension() {
    return 3 - channelDimension;
  }

  private int[] channelsLast(int rank) {
    return IntStream.concat(
            IntStream.range(0, rank).filter(d -> d != channelDimension),
            IntStream.of(channelDimension))
        .toArray();
  }
}
