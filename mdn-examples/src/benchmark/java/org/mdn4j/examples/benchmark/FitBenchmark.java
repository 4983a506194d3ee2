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

/** One iteration of training a net, with Adam. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class FitBenchmark {
  private static final int CHECKED_STEPS = 5;

  /** The net, as {@link FitCase#of} names it. */
  @Param("fit_N128")
  public String fit;

  /** The system that trains. */
  @Param("mse-head")
  public String system;

  /** DL4J's workspace mode. */
  @Param("ENABLED")
  public WorkspaceMode workspaces;

  /** Threads of ND4J's operations as set by its API, or 0 to leave them. */
  @Param("0")
  public int maxThreads;

  private FitSystem running;

  /** Creates the system and checks its first steps against the plain loop. */
  @Setup
  public void prepare() {
    if (maxThreads > 0) {
      Nd4j.getEnvironment().setMaxThreads(maxThreads);
      Nd4j.getEnvironment().setMaxMasterThreads(maxThreads);
      Nd4j.factory().blas().setMaxThreads(maxThreads);
    }
    FitInput input = FitInput.of(FitCase.of(fit));
    running = system(input);
    PlainNet.Loss loss = system.equals("mse-head") ? input.squaredError() : input.mixtureLoss();
    Double deviation = system.equals("floor") ? null : check(input.net(), input, loss);
    new Note(running.threads(), running.settings(), running.offHeapBytes(), deviation).leave();
  }

  private FitSystem system(FitInput input) {
    return switch (system) {
      case "pytorch-eager" -> new PyTorchFit(input);
      case "mdn-fused-training" -> new FusedTrainingFit(input);
      case "floor" -> {
        try (FusedTrainingFit trainer = new FusedTrainingFit(input)) {
          yield new FitFloor(input.fitCase(), trainer.threads());
        }
      }
      default -> new DenseNetFit(system, input, workspaces);
    };
  }

  /**
   * Checks the first steps: the first score shows a wrong forward pass, its fall over a few steps a
   * wrong gradient or update.
   */
  private double check(PlainNet plain, FitInput input, PlainNet.Loss loss) {
    double firstExpected = 0;
    double first = 0;
    for (int step = 0; step < CHECKED_STEPS; step++) {
      double penalty = system.equals("pytorch-eager") ? 0 : plain.penalty();
      double expected = plain.step(input.features(), loss) + penalty;
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
            "%s, %s, step %s: expected the score %s after %s, got %s after %s"
                .formatted(system, fit, step, expected, firstExpected, score, first));
      }
    }
    return Math.abs(first - firstExpected) / Math.abs(firstExpected);
  }

  /** Runs one step, which is timed. */
  @Benchmark
  public void step() {
    running.fit();
  }

  /** Checks that the net has not diverged, as it would have computed with NaN. */
  @TearDown
  public void close() {
    double score = running.lastScore();
    running.close();
    if (!Double.isFinite(score)) {
      throw new IllegalStateException(system + ": the score became " + score);
    }
  }
}
