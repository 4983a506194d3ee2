/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood.fused;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.concurrent.ForkJoinPool;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureLikelihood;
import org.mdn4j.MixtureSpec;
import org.mdn4j.RandomRows;
import org.mdn4j.ScoreAndGradient;
import org.mdn4j.likelihood.LikelihoodContract;
import org.mdn4j.likelihood.LikelihoodExtremesContract;
import org.mdn4j.likelihood.LikelihoodUseContract;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The contracts, and what is the fused engine's own: blocks, threads, memory. */
@Tag("slow")
class FusedLikelihoodTest {
  @Nested
  class Values extends LikelihoodContract {
    @Override
    protected MixtureLikelihood likelihood(MixtureSpec spec) {
      return new FusedLikelihood(spec);
    }
  }

  @Nested
  class Extremes extends LikelihoodExtremesContract {
    @Override
    protected MixtureLikelihood likelihood(MixtureSpec spec) {
      return new FusedLikelihood(spec);
    }
  }

  @Nested
  class Use extends LikelihoodUseContract {
    @Override
    protected MixtureLikelihood make(MixtureSpec spec) {
      return new FusedLikelihood(spec);
    }
  }

  private static MixtureSpec spec(int components, int targets, Covariance covariance) {
    return MixtureSpec.builder()
        .components(components)
        .targets(targets)
        .covariance(covariance)
        .build();
  }

  /** Bit for bit, in blocks of any size, with far rows among near ones, on one thread or four. */
  @ParameterizedTest
  @CsvSource({
    "20, 1, SPHERICAL, FLOAT",
    "5, 4, SPHERICAL, FLOAT",
    "5, 4, DIAGONAL, FLOAT",
    "200, 3, DIAGONAL, FLOAT",
    "5, 4, DIAGONAL, DOUBLE"
  })
  void whatARowGivesDependsOnNothingElse(
      int components, int targets, Covariance covariance, DataType dtype) throws Exception {
    MixtureSpec spec = spec(components, targets, covariance);
    int rows = 1501;
    RandomRows random = RandomRows.of(spec, rows, 5, 1, dtype);
    INDArray labels = random.labels();
    INDArray raw = random.raw();
    for (int n = 0; n < rows; n += 100) {
      labels.putScalar(n, 0, 1e9); // not ordinary for the kernel that takes columns
    }
    raw.putScalar(50, 1, Float.NaN);
    FusedLikelihood likelihood = new FusedLikelihood(spec);
    ScoreAndGradient all = likelihood.scoreAndGradient(labels, raw, null);
    for (int threads : new int[] {1, 4}) {
      ForkJoinPool pool = new ForkJoinPool(threads); // a parallel stream stays in its caller's pool
      try {
        ScoreAndGradient again =
            pool.submit(() -> likelihood.scoreAndGradient(labels, raw, null)).get();
        assertArrayEquals(all.score().toFloatVector(), again.score().toFloatVector());
        assertArrayEquals(values(all.gradient()), values(again.gradient()));
      } finally {
        pool.shutdown();
      }
    }
    for (int[] part : new int[][] {{0, 1}, {7, 8}, {49, 52}, {3, 40}, {100, 433}, {1400, 1501}}) {
      INDArray someLabels = labels.get(NDArrayIndex.interval(part[0], part[1])).dup();
      INDArray someRaw = raw.get(NDArrayIndex.interval(part[0], part[1])).dup();
      ScoreAndGradient some = likelihood.scoreAndGradient(someLabels, someRaw, null);
      assertArrayEquals(
          Arrays.copyOfRange(all.score().toDoubleVector(), part[0], part[1]),
          some.score().toDoubleVector());
      assertArrayEquals(
          Arrays.copyOfRange(
              values(all.gradient()),
              part[0] * spec.parameterCount(),
              part[1] * spec.parameterCount()),
          values(some.gradient()));
    }
  }

  private static double[] values(INDArray array) {
    return array.reshape(-1).toDoubleVector();
  }

  /**
   * What one call allocates: on the heap all threads of the pool together, off it in the caller's
   * workspace and, past it, in JavaCPP.
   */
  @ParameterizedTest
  @CsvSource({
    "128, 5, 1, SPHERICAL",
    "1000, 20, 1, SPHERICAL",
    "4096, 10, 8, SPHERICAL",
    "4096, 50, 1, SPHERICAL",
    "4096, 10, 8, DIAGONAL"
  })
  void allocatesLittleMoreThanTheGradient(
      int rows, int components, int targets, Covariance covariance) {
    MixtureSpec spec = spec(components, targets, covariance);
    RandomRows random = RandomRows.of(spec, rows, 3, 1, DataType.FLOAT);
    FusedLikelihood likelihood = new FusedLikelihood(spec);
    WorkspaceConfiguration configuration =
        WorkspaceConfiguration.builder()
            .initialSize(32 << 20)
            .policyLearning(LearningPolicy.NONE)
            .build();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 60; i++) { // the first ones make the threads' scratch
      try (MemoryWorkspace workspace =
          Nd4j.getWorkspaceManager().getAndActivateWorkspace(configuration, "MDN4J_ALLOCATION")) {
        long before = heapAllocated() + workspace.getPrimaryOffset();
        long offHeapBefore = Pointer.totalBytes();
        likelihood.scoreAndGradient(random.labels(), random.raw(), null);
        // It falls where garbage of earlier tests is freed meanwhile.
        long offHeap = Math.max(0, Pointer.totalBytes() - offHeapBefore);
        long after = heapAllocated() + workspace.getPrimaryOffset();
        least = Math.min(least, after - before + offHeap);
      }
    }
    Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
    long gradient = 4L * rows * spec.parameterCount();
    assertTrue(least >= gradient, "counted " + least + " for a gradient of " + gradient);
    long allowed = gradient * 12 / 10 + (32 << 10);
    assertTrue(least <= allowed, "allocated " + least + ", allowed " + allowed);
  }

  private static long heapAllocated() {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    return Arrays.stream(threads.getThreadAllocatedBytes(threads.getAllThreadIds())).sum();
  }

  /** Rows of many columns make small blocks; sizes around a block's must all work. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 31, 32, 33, 255, 256, 257, 513})
  void anyNumberOfRows(int rows) {
    for (int components : new int[] {1, 700}) {
      MixtureSpec spec = spec(components, 1, Covariance.DIAGONAL);
      RandomRows random = RandomRows.of(spec, rows, 3, rows, DataType.FLOAT);
      FusedLikelihood likelihood = new FusedLikelihood(spec);
      ScoreAndGradient result = likelihood.scoreAndGradient(random.labels(), random.raw(), null);
      assertEquals(rows, result.score().length());
      assertTrue(Double.isFinite(result.score().sumNumber().doubleValue()));
      assertTrue(result.gradient().amaxNumber().doubleValue() < 1e4);
    }
  }
}
