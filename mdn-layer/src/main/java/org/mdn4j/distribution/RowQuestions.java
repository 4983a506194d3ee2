/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import java.lang.ref.Reference;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoublePredicate;
import org.bytedeco.javacpp.DoublePointer;
import org.mdn4j.distribution.MixtureRows.Walk;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Asks all rows of a batch, without an object per row. */
final class RowQuestions {
  private static final int BLOCK_VALUES = 1 << 13; // answers that are written at a time

  private RowQuestions() {}

  /** What is asked of a row. */
  interface Question {
    /** Puts the answers, always as many, into the array from a place on; y is {@code [D]}. */
    void answer(Mixture mixture, double[] y, double[] into, int at);
  }

  /** Questions that need something of their own for each chunk. */
  interface ChunkQuestion {
    /** The question for a chunk's rows; the mixture is of the type that all have. */
    Question start(int chunk, Mixture blank);
  }

  /**
   * Asks.
   *
   * @param y an outcome per row, {@code [N, D]}, or null if the question needs none
   * @param shape of the answer: the rows N, and what one row gives
   * @return a new array, DOUBLE
   */
  static INDArray ask(MixtureBatch batch, INDArray y, ChunkQuestion questions, long... shape) {
    INDArray result = Nd4j.createUninitialized(DataType.DOUBLE, shape, 'c');
    int width = Math.toIntExact(result.length() / batch.size());
    RowChunks.forEach(batch.size(), () -> asker(batch, y, questions, result, width));
    return result;
  }

  private static RowChunks.Worker asker(
      MixtureBatch batch, INDArray y, ChunkQuestion questions, INDArray result, int width) {
    Walk walk = batch.walk(RowChunks.ROWS);
    RowReader outcomes = y == null ? null : new RowReader(y, RowChunks.ROWS);
    double[] outcome = new double[batch.targets()];
    int blockRows = Math.max(1, Math.min(RowChunks.ROWS, BLOCK_VALUES / width));
    double[] answers = new double[blockRows * width];
    Writer writer = writer(result);
    return (chunk, first, end) -> {
      Question question = questions.start(chunk, walk.at(first));
      for (int block = first; block < end; block += blockRows) {
        int blockEnd = Math.min(end, block + blockRows);
        for (int row = block; row < blockEnd; row++) {
          if (outcomes != null) {
            int at = outcomes.seek(row);
            System.arraycopy(outcomes.values(), at, outcome, 0, outcome.length);
          }
          question.answer(walk.at(row), outcome, answers, (row - block) * width);
        }
        writer.write(answers, (blockEnd - block) * width, (long) block * width);
      }
    };
  }

  /** Copies numbers into an array, from a place on. */
  private interface Writer {
    void write(double[] values, int count, long at);
  }

  private static Writer writer(INDArray into) {
    DataBuffer buffer = into.data();
    if (Nd4j.getEnvironment().isCPU()) {
      DoublePointer memory = (DoublePointer) buffer.addressPointer();
      return (values, count, at) -> {
        memory.position(at).put(values, 0, count);
        Reference.reachabilityFence(into); // its memory is freed when it is no longer reachable
      };
    }
    return (values, count, at) -> {
      for (int i = 0; i < count; i++) {
        buffer.put(at + i, values[i]);
      }
    };
  }

  /**
   * Checks a matrix.
   *
   * @throws IllegalArgumentException if an entry is not right, which names the first such
   */
  static void requireAll(INDArray matrix, DoublePredicate right, String expected) {
    long columns = matrix.size(1);
    AtomicLong wrong = new AtomicLong(Long.MAX_VALUE);
    RowChunks.forEach(
        (int) matrix.size(0),
        () -> {
          RowReader reader = new RowReader(matrix, RowChunks.ROWS);
          return (chunk, first, end) -> {
            for (int row = first; row < end; row++) {
              int at = reader.seek(row);
              for (int column = 0; column < columns; column++) {
                if (!right.test(reader.values()[at + column])) {
                  wrong.accumulateAndGet(row * columns + column, Math::min);
                }
              }
            }
          };
        });
    if (wrong.get() < Long.MAX_VALUE) {
      long row = wrong.get() / columns;
      long column = wrong.get() % columns;
      throw new IllegalArgumentException(
          "Expected %s, got %s at row %d, column %d"
              .formatted(expected, matrix.getDouble(row, column), row, column));
    }
  }
}
