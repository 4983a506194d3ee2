/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.DoublePredicate;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.apache.commons.rng.JumpableUniformRandomProvider;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.mdn4j.distribution.components.Components;
import org.mdn4j.rows.MatrixMemory;
import org.mdn4j.rows.RowChunks;
import org.mdn4j.rows.RowReader;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Asks all rows of a batch, without an object per row. */
final class RowQuestions {
  private static final int BLOCK_VALUES = 1 << 13; // answers that are written at a time

  private final MixtureBatch batch;

  RowQuestions(MixtureBatch batch) {
    this.batch = batch;
  }

  /** What is asked of a row. */
  interface Question {
    /** Puts the answers, always as many, into the array from a place on; y is a row of outcomes. */
    void answer(WeightedComponents mixture, double[] y, double[] into, int at);
  }

  /** What a row has for a target. */
  interface TargetValue {
    double of(WeightedComponents mixture, int d);
  }

  /** What a row has at a number. */
  interface NumberValue {
    double of(WeightedComponents mixture, double number);
  }

  /** What a row has at an outcome, given room for K numbers. */
  interface JointValue {
    double of(WeightedComponents mixture, double[] y, double[] joint);
  }

  /**
   * Asks all rows the same question, which needs no outcome.
   *
   * @param width how many answers a row gives; none for one number instead of a row of them
   * @return {@code [N, width]} or {@code [N]}, DOUBLE
   */
  INDArray ask(Question question, long... width) {
    return askChunks(walks(), null, (chunk, first) -> question, width);
  }

  /** Asks all rows the same question of an outcome each, {@code [N, columns]}. */
  INDArray askOf(INDArray y, Question question) {
    return askChunks(walks(), y, (chunk, first) -> question);
  }

  /** Asks for a value of each target, {@code [N, D]}. */
  INDArray ofEachTarget(TargetValue value) {
    return ask(
        (mixture, y, into, at) -> {
          for (int d = 0; d < mixture.targets(); d++) {
            into[at + d] = value.of(mixture, d);
          }
        },
        batch.targets());
  }

  /** Asks for a value at each of some numbers, {@code [N, numbers]}. */
  INDArray atEach(double[] numbers, NumberValue value) {
    return ask(
        (mixture, y, into, at) -> {
          for (int i = 0; i < numbers.length; i++) {
            into[at + i] = value.of(mixture, numbers[i]);
          }
        },
        numbers.length);
  }

  /** Asks for a value at an outcome of the only target per row, {@code [N]}. */
  INDArray atNumber(INDArray y, NumberValue value) {
    return askOf(
        numbers(y), (mixture, outcome, into, at) -> into[at] = value.of(mixture, outcome[0]));
  }

  /** Asks for a value at an outcome per row, {@code [N]}, with the same room for all of a chunk. */
  INDArray atOutcome(INDArray y, JointValue value) {
    return askChunks(
        walks(),
        numbers(y),
        (chunk, first) -> {
          double[] joint = new double[batch.components()];
          return (mixture, outcome, into, at) -> into[at] = value.of(mixture, outcome, joint);
        });
  }

  /** Returns outcomes as rows, after it is checked that none is NaN. */
  private INDArray numbers(INDArray y) {
    INDArray rows = batch.rows(y);
    requireAll(rows, value -> !Double.isNaN(value), "targets that are numbers");
    return rows;
  }

  private Supplier<IntFunction<WeightedComponents>> walks() {
    return () -> batch.walk(RowChunks.ROWS);
  }

  /**
   * Asks a question that needs something of its own for each chunk of rows.
   *
   * @param walks starts one thread's walk over the mixtures, of up to {@link RowChunks#ROWS} rows
   *     at a time
   * @param y an outcome per row, {@code [N, D]}, or null if the question needs none
   * @param questions the question for a chunk's rows, given the chunk and the mixture that will
   *     hold one row after the other
   * @param perRow shape of what one row gives
   * @return a new array, {@code [N, perRow]}, DOUBLE
   */
  private INDArray askChunks(
      Supplier<IntFunction<WeightedComponents>> walks,
      INDArray y,
      BiFunction<Integer, WeightedComponents, Question> questions,
      long... perRow) {
    long[] shape = LongStream.concat(LongStream.of(batch.size()), LongStream.of(perRow)).toArray();
    INDArray result = Nd4j.createUninitialized(DataType.DOUBLE, shape, 'c');
    int width = Math.toIntExact(result.length() / batch.size());
    MatrixMemory outcomes = y == null ? null : MatrixMemory.of(y);
    MatrixMemory answers = MatrixMemory.of(result.reshape('c', batch.size(), width));
    RowChunks.forEach(batch.size(), () -> asker(walks.get(), outcomes, questions, answers));
    return result;
  }

  /** Draws as {@link MixtureBatch#sample} says, {@code [N, perRow, D]}. */
  INDArray sample(Supplier<IntFunction<WeightedComponents>> walks, int perRow, long seed) {
    UniformRandomProvider[] randoms = randoms(seed);
    int targets = batch.targets();
    return askChunks(
        walks,
        null,
        (chunk, first) -> {
          Components.Sampler sampler = first.sampler(randoms[chunk]);
          return (mixture, y, into, at) -> {
            for (int i = 0; i < perRow; i++) {
              mixture.sample(randoms[chunk], sampler, into, at + i * targets);
            }
          };
        },
        perRow,
        targets);
  }

  /** Returns what each chunk draws from. */
  private UniformRandomProvider[] randoms(long seed) {
    JumpableUniformRandomProvider source =
        (JumpableUniformRandomProvider) RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
    UniformRandomProvider[] randoms = new UniformRandomProvider[RowChunks.count(batch.size())];
    Arrays.setAll(randoms, chunk -> source.jump());
    return randoms;
  }

  /** Answers as {@link MixtureBatch#pit} says, {@code [N]}. */
  INDArray pit(INDArray y, long seed) {
    UniformRandomProvider[] randoms = randoms(seed);
    return askChunks(
        walks(),
        numbers(y),
        (chunk, first) ->
            (mixture, outcome, into, at) -> into[at] = mixture.pit(outcome[0], randoms[chunk]));
  }

  private RowChunks.Worker asker(
      IntFunction<WeightedComponents> walk,
      MatrixMemory y,
      BiFunction<Integer, WeightedComponents, Question> questions,
      MatrixMemory result) {
    int width = result.columns();
    RowReader outcomes = y == null ? null : new RowReader(y, RowChunks.ROWS);
    double[] outcome = new double[y == null ? batch.targets() : y.columns()];
    int blockRows = Math.max(1, Math.min(RowChunks.ROWS, BLOCK_VALUES / width));
    double[] answers = new double[blockRows * width];
    MatrixMemory.Staging staging = new MatrixMemory.Staging();
    return (chunk, first, end) -> {
      Question question = questions.apply(chunk, walk.apply(first));
      for (int block = first; block < end; block += blockRows) {
        int blockEnd = Math.min(end, block + blockRows);
        for (int row = block; row < blockEnd; row++) {
          if (outcomes != null) {
            int at = outcomes.seek(row);
            System.arraycopy(outcomes.values(), at, outcome, 0, outcome.length);
          }
          question.answer(walk.apply(row), outcome, answers, (row - block) * width);
        }
        result.write(block, blockEnd - block, answers, staging);
      }
    };
  }

  /**
   * Checks that a matrix is finite: looks through it as it lies in memory, and for the entry only
   * where there is one that is not.
   *
   * @throws IllegalArgumentException if it is not, which names the first such entry
   */
  static void requireFinite(INDArray matrix, String expected) {
    MatrixMemory memory = MatrixMemory.of(matrix);
    AtomicBoolean finite = new AtomicBoolean(true);
    RowChunks.forEach(
        (int) matrix.size(0),
        () -> {
          MatrixMemory.Staging staging = new MatrixMemory.Staging();
          return (chunk, first, end) -> {
            if (!memory.isFinite(first, end - first, staging)) {
              finite.set(false);
            }
          };
        });
    if (!finite.get()) {
      requireAll(matrix, Double::isFinite, expected);
    }
  }

  /**
   * Checks a matrix.
   *
   * @throws IllegalArgumentException if an entry is not right, which names the first such
   */
  static void requireAll(INDArray matrix, DoublePredicate right, String expected) {
    long columns = matrix.size(1);
    MatrixMemory memory = MatrixMemory.of(matrix);
    AtomicLong wrong = new AtomicLong(Long.MAX_VALUE);
    RowChunks.forEach(
        (int) matrix.size(0),
        () -> {
          RowReader reader = new RowReader(memory, RowChunks.ROWS);
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
          "Expected %s, got %s at row %s, column %s"
              .formatted(expected, matrix.getDouble(row, column), row, column));
    }
  }
}
