/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Log densities of, or samples from, the mixtures of a million rows, K = 20. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class PredictionBenchmark {
  /** The system that predicts. */
  @Param("mdn4j")
  public String system;

  /** The question: predict (one log density per row) or sample (one sample per row). */
  @Param("predict")
  public String question;

  /** The number of rows. */
  @Param("1000000")
  public int rows;

  private PredictionSystem.Question running;

  /** Creates the system and checks its answers. */
  @Setup
  public void prepare() {
    PredictionSystem made =
        switch (system) {
          case "mdn4j" -> new MixtureBatchPrediction(rows);
          case "plain-loop" -> new PlainPrediction(rows);
          default -> throw new IllegalArgumentException("No such system: " + system);
        };
    PredictionCheck check = new PredictionCheck(rows);
    double deviation;
    switch (question) {
      case "predict" -> {
        running = made::logDensity;
        deviation = check.logDensities(made.values(running.ask()));
      }
      case "sample" -> {
        running = made::sample;
        deviation = check.samples(made.values(running.ask()));
      }
      default -> throw new IllegalArgumentException("No such question: " + question);
    }
    new Note(made.threads(), made.settings(), made.offHeapBytes(running), deviation).leave();
  }

  /** Answers the question once, which is timed. */
  @Benchmark
  public Object ask() {
    return running.ask();
  }
}
