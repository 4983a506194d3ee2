/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Function;
import org.apache.commons.rng.JumpableUniformRandomProvider;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.MixtureSpec;
import org.mdn4j.RandomRows;
import org.mdn4j.rows.RowChunks;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Environment;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** A batch of many rows: whatever the array's form, on any number of threads, in little memory. */
@Tag("slow")
class MixtureBatchFormsTest {
  private static final int ROWS = 3 * RowChunks.ROWS + 17;
  private static final MixtureSpec SPEC = MixtureSpec.builder().components(4).targets(2).build();
  private static final MixtureSpec LINE = MixtureSpec.builder().components(4).build();
  private static final RandomRows DATA = RandomRows.of(SPEC, ROWS, 3, 1, DataType.DOUBLE);
  private static final MixtureBatch BATCH = MixtureBatch.of(SPEC, DATA.raw());

  private enum Form {
    C,
    FORTRAN,
    ROWS_OF_A_WIDER_ARRAY,
    COLUMNS_OF_A_LONGER_ARRAY,
    VIEW_OF_A_VIEW,
    EVERY_OTHER,
    REVERSED_AXES;

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
                NDArrayIndex.interval(1, 2, 2 * rows),
                NDArrayIndex.interval(1, 2, 2 * columns));
        case REVERSED_AXES -> a.transpose().dup('c').transpose();
      };
    }

    private static INDArrayIndex interval(long from, long length) {
      return NDArrayIndex.interval(from, from + length);
    }

    private static INDArray inside(
        INDArray a, char order, long rows, long columns, INDArrayIndex... place) {
      INDArray wide = Nd4j.createUninitialized(a.dataType(), new long[] {rows, columns}, order);
      wide.assign(Double.NaN); // reading beside the view would show
      return wide.get(place).assign(a);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theFormOfTheArrayDoesNotMatter(Form form) {
    for (DataType dtype : new DataType[] {DataType.DOUBLE, DataType.FLOAT, DataType.FLOAT16}) {
      INDArray raw = DATA.raw().castTo(dtype);
      INDArray y = DATA.labels().castTo(dtype);
      // The same numbers, rounded to the dtype, in plain rows of doubles.
      MixtureBatch expected = MixtureBatch.of(SPEC, raw.castTo(DataType.DOUBLE).dup('c'));
      INDArray inForm = form.of(raw);
      assertEquals(raw, inForm, "the test's own view");
      MixtureBatch batch = MixtureBatch.of(SPEC, inForm);
      assertEqualBits(expected.mean(), batch.mean());
      assertEqualBits(expected.sample(2, 1), batch.sample(2, 1));
      INDArray logDensity = batch.logDensity(form.of(y));
      assertEqualBits(expected.logDensity(y.castTo(DataType.DOUBLE)), logDensity);
      for (int n : new int[] {0, 1, ROWS / 2, ROWS - 1}) {
        assertArrayEquals(expected.get(n).mean(), batch.get(n).mean());
      }
    }
  }

  private static void assertEqualBits(INDArray expected, INDArray actual) {
    assertArrayEquals(expected.shape(), actual.shape());
    assertArrayEquals(expected.dup().data().asDouble(), actual.dup().data().asDouble(), 0);
  }

  /** Rows wider than what is read at a time. */
  @Test
  void oneRowMayBeLargerThanABlock() {
    MixtureSpec wide = MixtureSpec.builder().components(20_000).targets(2).build();
    RandomRows rows = RandomRows.of(wide, 3, 2, 1, DataType.FLOAT);
    MixtureBatch batch = MixtureBatch.of(wide, rows.raw().dup('f'));
    INDArray logDensity = batch.logDensity(rows.labels());
    for (int n = 0; n < 3; n++) {
      double[] y = rows.labels().getRow(n).toDoubleVector();
      assertEquals(batch.get(n).logDensity(y), logDensity.getDouble(n), 0);
    }
  }

  /** A workspace's memory is used again for other things. */
  @Test
  void anOutputInAWorkspaceIsCopied() {
    MixtureBatch batch;
    INDArray mean;
    try (MemoryWorkspace workspace =
        Nd4j.getWorkspaceManager().getAndActivateWorkspace("MixtureBatchFormsTest")) {
      INDArray attached = DATA.raw().dup();
      assertSame(workspace, attached.data().getParentWorkspace());
      batch = MixtureBatch.of(SPEC, attached);
      mean = batch.mean().detach();
      attached.assign(0);
    }
    assertEqualBits(BATCH.mean(), mean);
    assertEqualBits(BATCH.mean(), batch.mean());
    Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
  }

  /** Every question, by one thread and by four. */
  @Test
  void theNumberOfThreadsDoesNotMatter() throws Exception {
    for (int rows : new int[] {1, RowChunks.ROWS, RowChunks.ROWS + 1, ROWS}) {
      MixtureBatch batch = MixtureBatch.of(SPEC, first(rows, DATA.raw()));
      assertThreadsDoNotMatter(batch, questions(first(rows, DATA.labels())));
      assertThreadsDoNotMatter(batch, List.of(MixtureBatch::mode));
      RandomRows line = RandomRows.of(LINE, rows, 3, 1, DataType.FLOAT);
      MixtureBatch lines = MixtureBatch.of(LINE, line.raw());
      assertThreadsDoNotMatter(
          lines,
          List.of(
              b -> b.cdf(line.labels()),
              b -> b.survival(line.labels()),
              b -> b.crps(line.labels()),
              b -> b.quantile(0.1, 0.5),
              MixtureBatch::mode));
    }
  }

  private static INDArray first(int rows, INDArray a) {
    return a.get(NDArrayIndex.interval(0, rows), NDArrayIndex.all());
  }

  private static void assertThreadsDoNotMatter(
      MixtureBatch batch, List<Function<MixtureBatch, INDArray>> questions) throws Exception {
    for (Function<MixtureBatch, INDArray> question : questions) {
      INDArray alone = inPool(1, () -> question.apply(batch));
      assertEqualBits(alone, inPool(4, () -> question.apply(batch)));
    }
  }

  private static List<Function<MixtureBatch, INDArray>> questions(INDArray y) {
    return List.of(
        batch -> batch.logDensity(y),
        MixtureBatch::mean,
        MixtureBatch::variance,
        MixtureBatch::heaviestLocation,
        batch -> batch.sample(3, 42),
        batch -> batch.temperature(Temperature.of(0.3)).sample(3, 42),
        batch -> MixtureBatch.average(batch, batch.temperature(Temperature.of(3))).logDensity(y));
  }

  private static <T> T inPool(int threads, Callable<T> task) throws Exception {
    ForkJoinPool pool = new ForkJoinPool(threads);
    try {
      return pool.submit(task).get();
    } finally {
      pool.shutdown();
    }
  }

  /** Of fewer draws than components not all of a row is read. */
  @ParameterizedTest
  @MethodSource("org.mdn4j.likelihood.FamilyLikelihoodTest#specs")
  void fewOrManySamplesAreThoseOfEachRowsMixture(MixtureSpec spec) {
    INDArray raw = Nd4j.rand(DataType.DOUBLE, 9, spec.parameterCount()).muli(4).subi(2);
    MixtureBatch batch = MixtureBatch.of(spec, raw);
    for (int perRow : new int[] {1, 2, spec.components() + 1}) {
      INDArray samples = batch.sample(perRow, 42);
      UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(42);
      for (int n = 0; n < 9; n++) {
        for (int i = 0; i < perRow; i++) {
          assertArrayEquals(
              batch.get(n).sample(1, random)[0], samples.slice(n).getRow(i).toDoubleVector());
        }
      }
    }
  }

  /** The chunks of rows draw from generators that are jumps of the seed's apart. */
  @Test
  void samplesAreThoseOfTheChunksGenerators() {
    double[][] samples = BATCH.sample(1, 42).reshape(ROWS, 2).toDoubleMatrix();
    JumpableUniformRandomProvider source =
        (JumpableUniformRandomProvider) RandomSource.XO_RO_SHI_RO_128_PP.create(42);
    for (int first = 0; first < ROWS; first += RowChunks.ROWS) {
      UniformRandomProvider random = source.jump();
      for (int n = first; n < Math.min(ROWS, first + RowChunks.ROWS); n++) {
        assertArrayEquals(BATCH.get(n).sample(1, random)[0], samples[n], "row " + n);
      }
    }
  }

  /** The first wrong entry is named, wherever the threads begin. */
  @Test
  void theFirstEntryThatIsNotFiniteIsNamed() {
    INDArray raw = DATA.raw().dup('f');
    raw.putScalar(ROWS - 1, 0, Double.NaN);
    raw.putScalar(RowChunks.ROWS + 5, 19, Double.NEGATIVE_INFINITY);
    raw.putScalar(RowChunks.ROWS + 6, 2, Double.NaN);
    for (int i = 0; i < 20; i++) {
      Exception e = assertThrows(IllegalArgumentException.class, () -> MixtureBatch.of(SPEC, raw));
      assertEquals(
          "Expected a finite output, got -Infinity at row %d, column 19"
              .formatted(RowChunks.ROWS + 5),
          e.getMessage());
    }
  }

  /**
   * A question takes the memory of its answer outside the heap, which the limit of ND4J's memory
   * holds it to, and in the heap a constant, however many rows there are: what a few threads and
   * the 391 chunks need. One number per row would be 800 kB.
   */
  @ParameterizedTest
  @ValueSource(chars = {'c', 'f'})
  void memoryIsThatOfTheAnswer(char order) {
    INDArray raw = Nd4j.createUninitialized(DataType.FLOAT, new long[] {100_000, 20}, order);
    Nd4j.rand(raw);
    INDArray y = Nd4j.rand(DataType.FLOAT, 100_000, 2);
    MixtureBatch batch = MixtureBatch.of(SPEC, raw);
    Environment environment = Nd4j.getEnvironment();
    long limit = environment.getDeviceLimit(0);
    for (Function<MixtureBatch, INDArray> question : questions(y)) {
      INDArray before = question.apply(batch);
      try {
        long answer = 8 * before.length();
        environment.setDeviceLimit(0, environment.getDeviceCouner(0) + answer + 4096);
        long heap = MixtureBatchSpeed.allocatedBytes();
        INDArray again = question.apply(batch);
        heap = MixtureBatchSpeed.allocatedBytes() - heap;
        assertEquals(before, again);
        assertTrue(heap < 2_000_000, heap + " bytes");
        again.close();
      } finally {
        environment.setDeviceLimit(0, limit);
      }
      before.close();
    }
  }

  /** A tenth of what a million rows may take, on a machine that may have a lot else to do. */
  @Test
  void manyRowsAreAnsweredQuickly() {
    MixtureSpec spec = MixtureSpec.builder().components(20).build();
    INDArray raw = Nd4j.createUninitialized(DataType.FLOAT, new long[] {100_000, 60}, 'f');
    Nd4j.rand(raw);
    INDArray y = Nd4j.rand(DataType.FLOAT, 100_000, 1);
    MixtureBatch batch = MixtureBatch.of(spec, raw);
    batch.logDensity(y);
    assertTimeout(Duration.ofSeconds(2), () -> batch.logDensity(y));
    assertTimeout(Duration.ofSeconds(1), () -> batch.sample(1, 1));
  }
}
