/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.rows;

import static org.mdn4j.Arguments.require;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The places of a batch's rows in an output of three or four dimensions: an example and step, or an
 * example and pixel. Rows are counted in the order of these indices, the last one fastest, and
 * masked places have none.
 */
public final class Places {
  private final int channelDimension;
  private final int[] shape; // of the array without its channels
  private final int[] kept; // [rows], places that are not masked; null: all
  private final int[] rows; // [places], their rows, −1 where masked; null: the places themselves

  private Places(int channelDimension, int[] shape, int[] kept, int[] rows) {
    this.channelDimension = channelDimension;
    this.shape = shape;
    this.kept = kept;
    this.rows = rows;
  }

  /**
   * Returns the places of an output.
   *
   * @param raw an array of 3 or 4 dimensions
   * @param channelDimension which of them holds the channels, at least 1
   * @param mask null, or weights of the places: in the shape of the output without channels or with
   *     one, or one per example; 0 masks
   */
  public static Places of(INDArray raw, int channelDimension, INDArray mask) {
    require(
        raw.rank() == 3 || raw.rank() == 4,
        "Expected an output of 3 or 4 dimensions, got %s",
        Arrays.toString(raw.shape()));
    require(
        1 <= channelDimension && channelDimension < raw.rank(),
        "Expected the channels in a dimension from 1 to %d, got %d",
        raw.rank() - 1,
        channelDimension);
    long[] without = without(raw.shape(), channelDimension);
    long places = Arrays.stream(without).reduce(1, Math::multiplyExact);
    require(
        0 < places && places <= Integer.MAX_VALUE,
        "Expected at least one place and at most 2^31 - 1 in an output of shape %s",
        Arrays.toString(raw.shape()));
    int[] shape = Arrays.stream(without).mapToInt(size -> (int) size).toArray();
    if (mask == null) {
      return new Places(channelDimension, shape, null, null);
    }
    double[] weights = weights(mask, raw.shape(), channelDimension, without);
    for (double weight : weights) {
      require(
          weight >= 0 && Double.isFinite(weight),
          "Expected a mask of weights >= 0, got %s",
          weight);
    }
    int[] kept = IntStream.range(0, (int) places).filter(place -> weights[place] > 0).toArray();
    require(kept.length > 0, "Expected a place that is not masked, got none");
    int[] rows = new int[(int) places];
    Arrays.fill(rows, -1);
    for (int row = 0; row < kept.length; row++) {
      rows[kept[row]] = row;
    }
    return new Places(channelDimension, shape, kept, rows);
  }

  private static long[] without(long[] shape, int dimension) {
    return IntStream.range(0, shape.length)
        .filter(d -> d != dimension)
        .mapToLong(d -> shape[d])
        .toArray();
  }

  private static double[] weights(INDArray mask, long[] raw, int channelDimension, long[] shape) {
    long examples = raw[0];
    long[] perChannel = raw.clone();
    perChannel[channelDimension] = 1;
    INDArray full = null;
    if (Arrays.equals(mask.shape(), shape)) {
      full = mask;
    } else if (mask.length() == examples && mask.size(0) == examples) {
      long[] ones = new long[shape.length];
      Arrays.fill(ones, 1);
      ones[0] = examples;
      full = mask.reshape(ones).broadcast(shape);
    } else if (mask.rank() == raw.length
        && IntStream.range(0, raw.length)
            .allMatch(d -> mask.size(d) == perChannel[d] || mask.size(d) == 1)) {
      full = mask.broadcast(perChannel);
    }
    require(
        full != null,
        "Expected a mask of shape %s, %s or [%d, 1], got %s",
        Arrays.toString(shape),
        Arrays.toString(perChannel),
        examples,
        Arrays.toString(mask.shape()));
    return full.castTo(DataType.DOUBLE).dup('c').data().asDouble();
  }

  /** Returns whether an array has these places, and the given number of channels. */
  public boolean fits(INDArray array, long channels) {
    return array.rank() == shape.length + 1
        && array.size(channelDimension) == channels
        && Arrays.equals(
            without(array.shape(), channelDimension),
            Arrays.stream(shape).asLongStream().toArray());
  }

  /**
   * Returns the channels of an array as the rows of a matrix; a copy where a view is impossible.
   */
  public INDArray matrix(INDArray array) {
    INDArray all = new Layout(channelDimension).rows(array);
    return kept == null ? all : Nd4j.pullRows(all, 1, kept, 'c');
  }

  /** Returns the row at a place. */
  public int row(int... place) {
    require(
        place.length == shape.length,
        "Expected %d indices of a place in %s, got %d",
        shape.length,
        Arrays.toString(shape),
        place.length);
    int index = 0;
    for (int d = 0; d < shape.length; d++) {
      if (place[d] < 0 || place[d] >= shape[d]) {
        throw new IndexOutOfBoundsException(
            "Expected a place in %s, got %s"
                .formatted(Arrays.toString(shape), Arrays.toString(place)));
      }
      index = index * shape[d] + place[d];
    }
    int row = rows == null ? index : rows[index];
    require(row >= 0, "Expected a place that is not masked, got %s", Arrays.toString(place));
    return row;
  }
}
