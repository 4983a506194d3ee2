/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.ForkJoinPool;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.MixtureSpec;
import org.mdn4j.RandomRows;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** A batch of many rows: whatever the array's form, on any number of threads, in little memory. */
class MixtureBatchFormsTest {
  private static final int ROWS = 3 * RowChunks.ROWS + 17;
  private static final MixtureSpec SPEC = MixtureSpec.builder().components(4).targets(2).build();
  private static final RandomRows DATA = RandomRows.of(SPEC, ROWS, 3, 1, DataType.DOUBLE);
  private static final MixtureBatch BATCH = MixtureBatch.of(SPEC, DATA.raw());

  private enum Form {
    C,
    FORTRAN,
    ROWS_OF_A_WIDER_ARRAY,
    COLUMNS_OF_A_LONGER_ARRAY,
    VIEW_OF_A_VIEW,
    EVERY_OTHER,
    REVERSED_AXES,
    ATTACHED;

    /** The same numbers in this form. */
    INDArray of(INDArray a) {
      long rows = a.size(0);
      long columns = a.size(1);
      return switch (this) {
        case C -> a.dup('c');
        case FORTRAN -> a.dup('f');
        case ROWS_OF_A_WIDER_ARRAY ->
            inside(a, 'c', rows + 2, columns + 3, interval(1, rows), interval(2, columns));
        case COLUMNS_OF_A_LONGER_ARRAY ->
            inside(a, 'f', rows + 2, columns + 3, interval(1, rows), interval(2, columns));
        case VIEW_OF_A_VIEW -> {
          INDArray wide = Nd4j.zeros(a.dataType(), rows + 9, columns + 9);
          INDArray view =
              wide.get(interval(3, rows + 4), interval(2, columns + 5))
                  .get(interval(1, rows), interval(4, columns));
          yield view.assign(a);
        }
        case EVERY_OTHER ->
            inside(
                a,
                'c',
                2 * rows,
                2 * columns,
                NDArrayIndex.interval(0, 2, 2 * rows),
                NDArrayIndex.interval(0, 2, 2 * columns));
        case REVERSED_AXES -> a.transpose().dup('c').transpose();
        case ATTACHED -> a.dup('c'); // made in a workspace by the test
      };
    }

    private static org.nd4j.linalg.indexing.INDArrayIndex interval(long from, long length) {
      return NDArrayIndex.interval(from, from + length);
    }

    private static INDArray inside(
        INDArray a,
        char order,
        long rows,
        long columns,
        org.nd4j.linalg.indexing.INDArrayIndex... place) {
      INDArray wide = Nd4j.createUninitialized(a.dataType(), new long[] {rows, columns}, order);
      wide.assign(Double.NaN); // reading beside the view would show
      return wide.get(place).assign(a);
    }
  }
}
