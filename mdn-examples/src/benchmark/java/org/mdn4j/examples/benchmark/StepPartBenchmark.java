/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

import java.util.concurrent.TimeUnit;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.mdn4j.training.FusedTraining;
import org.mdn4j.training.dense.NotCoveredException;
import org.mdn4j.training.dense.StepParts;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A part of a step by {@link FusedTraining} in one thread, by itself, or the whole step. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class StepPartBenchmark {
  /** The net, as {@link FitCase#of} names it. */
  @Param("fit_N128")
  public String fit;

  /** What is timed: products, likelihood, activations, update or step. */
  @Param("step")
  public String part;

  private Runnable running;

  /**
   * Creates the net and what is timed of it.
   *
   * @throws NotCoveredException never: the net is covered
   */
  @Setup
  public void prepare() throws NotCoveredException {
    DenseNetFit fit =
        new DenseNetFit("mdn-head-fused", FitInput.of(FitCase.of(this.fit)), WorkspaceMode.ENABLED);
    if (part.equals("step")) {
      FusedTraining training = FusedTraining.inOneThread(fit.net());
      running = () -> training.fit(fit.features(), fit.labels());
    } else {
      StepParts parts = new StepParts(fit.net(), fit.features(), fit.labels());
      running =
          switch (part) {
            case "products" -> parts::products;
            case "likelihood" -> parts::likelihood;
            case "activations" -> parts::activations;
            case "update" -> parts::update;
            default -> throw new IllegalArgumentException("No such part: " + part);
          };
    }
    new Note(1, "", null, null).leave();
  }

  /** Runs it once, which is timed. */
  @Benchmark
  public void run() {
    running.run();
  }
}
