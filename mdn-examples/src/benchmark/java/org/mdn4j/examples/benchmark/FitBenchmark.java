/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

import java.util.concurrent.TimeUnit;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.nd4j.linalg.factory.Nd4j;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One iteration of training a net of 1-64-64-60 units, with Adam. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class FitBenchmark {
  private static final int CHECKED_STEPS = 5;

  /** Rows of the minibatch. */
  @Param("128")
  public int rows;

  /** Who trains. */
  @Param("mse-head")
  public String system;

  /** DL4J's workspace mode. */
  @Param("ENABLED")
  public WorkspaceMode workspaces;

  /** Threads of ND4J's operations as set by its API, or 0 to leave them. */
  @Param("0")
  public int maxThreads;

  private FitSystem running;

  /** Makes the system and holds its first steps against the plain loop. */
  @Setup
  public void prepare() {
    if (maxThreads > 0) {
      Nd4j.getEnvironment().setMaxThreads(maxThreads);
      Nd4j.getEnvironment().setMaxMasterThreads(maxThreads);
      Nd4j.factory().blas().setMaxThreads(maxThreads);
    }
    FitInput input = FitInput.of(rows);
    running =
        system.equals("pytorch-eager")
            ? new PyTorchFit(input)
            : new DenseNetFit(system, input, workspaces);
    PlainNet.Loss loss = system.equals("mse-head") ? input.squaredError() : input.mixtureLoss();
    double deviation = check(FitInput.net(), input, loss);
    new Note(running.threads(), running.settings(), running.offHeapBytes(), deviation).leave();
  }

  /**
   * The first score shows a wrong forward pass, its fall over a few steps a wrong gradient or
   * update.
   */
  private double check(PlainNet plain, FitInput input, PlainNet.Loss loss) {
    double firstExpected = 0;
    double first = 0;
    for (int step = 0; step < CHECKED_STEPS; step++) {
      double expected = plain.step(input.features(), loss);
      running.fit();
      double score = running.lastScore();
      if (step == 0) {
        firstExpected = expected;
        first = score;
      }
      double scoreDifference = Math.abs(score - expected);
      double fallDifference = Math.abs((first - score) - (firstExpected - expected));
      if (!(scoreDifference <= 1e-4 * Math.max(1, Math.abs(expected)))
          || !(fallDifference <= 0.02 * Math.abs(firstExpected - expected) + 1e-6)) {
        throw new IllegalStateException(
            "%s, %d rows, step %d: expected the score %s after %s, got %s after %s"
                .formatted(system, rows, step, expected, firstExpected, score, first));
      }
    }
    return Math.abs(first - firstExpected) / Math.abs(firstExpected);
  }

  /** What is timed. */
  @Benchmark
  public void fit() {
    running.fit();
  }

  /** A net that diverged would have computed with NaN. */
  @TearDown
  public void close() {
    double score = running.lastScore();
    running.close();
    if (!Double.isFinite(score)) {
      throw new IllegalStateException(system + ": the score became " + score);
    }
  }
}
