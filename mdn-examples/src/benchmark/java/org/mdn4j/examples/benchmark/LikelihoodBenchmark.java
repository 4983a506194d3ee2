/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

import java.util.concurrent.TimeUnit;
import org.mdn4j.MixtureSpec;
import org.mdn4j.likelihood.Engine;
import org.mdn4j.likelihood.EngineArithmetic;
import org.mdn4j.loss.LossMixtureNLL;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMixtureDensity;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The benchmark of score and gradient of one likelihood in FLOAT, without a mask. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class LikelihoodBenchmark {
  private static final double TOLERANCE = 1e-3; // of wrong formulas, not of rounding in FLOAT
  private static final int COMPARED_GRADIENTS = 4096;
  private static final IActivation IDENTITY = new ActivationIdentity();

  /** Name of a {@link LikelihoodCase}. */
  @Param("N128_K5_D1")
  public String likelihood;

  /** The system that computes. */
  @Param("fused")
  public String system;

  private LikelihoodSystem running;

  /** Creates the system and checks its result against the plain loop. */
  @Setup
  public void prepare() {
    LikelihoodCase size = LikelihoodCase.parse(likelihood);
    MixtureSpec spec = size.spec();
    float[] raw = new float[Math.multiplyExact(size.rows(), spec.parameterCount())];
    float[] labels = new float[size.rows() * size.targets()];
    new LikelihoodInput(spec, 1).next(raw, labels);
    running = create(size, raw, labels);
    LikelihoodSystem.Result result = running.result();
    Double deviation = result == null ? null : deviation(spec, raw, labels, result);
    if (deviation != null && !(deviation <= TOLERANCE)) {
      throw new IllegalStateException(
          "%s, %s: differs from the plain loop by %s, more than %s"
              .formatted(likelihood, system, deviation, TOLERANCE));
    }
    new Note(running.threads(), running.settings(), running.offHeapBytes(), deviation).leave();
  }

  /** Computes once, which is timed. */
  @Benchmark
  public Object scoreAndGradient() {
    return running.run();
  }

  /** Frees the memory outside the heap. */
  @TearDown
  public void close() {
    running.close();
  }

  private LikelihoodSystem create(LikelihoodCase size, float[] raw, float[] labels) {
    MixtureSpec spec = size.spec();
    return switch (system) {
      case "fused" -> fused(spec, raw, labels);
      case "samediff" ->
          nd4j(
              spec,
              new LossMixtureNLL(spec, Engine.SAMEDIFF),
              Nd4jLikelihood.ColumnOrder.OURS,
              Nd4jLikelihood.Threads.ND4J,
              raw,
              labels);
      case "samediff-naive" ->
          new Nd4jLikelihood(
              spec,
              new NaiveSameDiff(spec),
              Nd4jLikelihood.ColumnOrder.OURS,
              Nd4jLikelihood.Threads.ND4J,
              raw,
              labels);
      case "dl4j-lossmixturedensity" ->
          nd4j(
              spec,
              LossMixtureDensity.builder()
                  .gaussians(size.components())
                  .labelWidth(size.targets())
                  .build(),
              Nd4jLikelihood.ColumnOrder.logitsScalesLocations(spec),
              Nd4jLikelihood.Threads.ND4J,
              raw,
              labels);
      case "pytorch-eager" -> new PyTorchLikelihood(spec, raw, labels);
      case "floor" -> new Floor(size, EngineArithmetic::new, fused(spec, raw, labels).threads());
      case "floor-vector" ->
          new Floor(size, VectorArithmetic::new, fused(spec, raw, labels).threads());
      default -> throw new IllegalArgumentException("No such system: " + system);
    };
  }

  private static LikelihoodSystem fused(MixtureSpec spec, float[] raw, float[] labels) {
    return nd4j(
        spec,
        new LossMixtureNLL(spec, Engine.FUSED),
        Nd4jLikelihood.ColumnOrder.OURS,
        EngineThreads::of,
        raw,
        labels);
  }

  private static LikelihoodSystem nd4j(
      MixtureSpec spec,
      ILossFunction loss,
      Nd4jLikelihood.ColumnOrder order,
      Nd4jLikelihood.Threads threads,
      float[] raw,
      float[] labels) {
    return new Nd4jLikelihood(
        spec,
        (y, output) -> loss.computeGradientAndScore(y, output, IDENTITY, null, false),
        order,
        threads,
        raw,
        labels);
  }

  private static double deviation(
      MixtureSpec spec, float[] raw, float[] labels, LikelihoodSystem.Result result) {
    PlainMixture plain = new PlainMixture(spec);
    int width = spec.parameterCount();
    int rows = raw.length / width;
    double[] gradient = new double[width];
    double score = 0;
    double scale = 0;
    double worst = 0;
    for (int n = 0; n < rows; n++) {
      int row = n * width;
      int label = n * spec.targets();
      double rowScore;
      if (n < COMPARED_GRADIENTS) {
        rowScore = plain.scoreAndGradient(raw, row, labels, label, gradient);
        worst = Math.max(worst, relativeDifference(gradient, result.gradient(), row));
      } else {
        rowScore = -plain.logDensity(raw, row, labels, label);
      }
      score += rowScore;
      scale += Math.abs(rowScore);
    }
    return Math.max(worst, Math.abs(result.score() - score) / scale);
  }

  /** Returns the largest difference of a row's entries, relative to the largest of them. */
  private static double relativeDifference(double[] expected, float[] got, int row) {
    double largest = 0;
    double difference = 0;
    for (int column = 0; column < expected.length; column++) {
      largest = Math.max(largest, Math.abs(expected[column]));
      difference = Math.max(difference, Math.abs(expected[column] - got[row + column]));
    }
    return difference / largest;
  }
}
