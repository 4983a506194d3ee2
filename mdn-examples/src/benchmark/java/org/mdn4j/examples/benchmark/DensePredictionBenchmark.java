/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.training.dense.DenseOutput;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A table regressor's net over a million rows, and the log density of a target at each. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class DensePredictionBenchmark {
  private static final String CASE = "predict_dense_1e6";
  private static final int BLOCK = 10_000;
  private static final int CHECKED = 1000;

  /** The system that predicts. */
  @Param("mdn-dense-output")
  public String system;

  private interface Prediction {
    double[] logDensities();
  }

  private Prediction running;

  /** Creates the system and checks its answers against the plain loop over the first rows. */
  @Setup
  public void prepare() {
    FitCase fitCase = FitCase.of(CASE);
    FitInput input = FitInput.of(fitCase);
    int threads = Runtime.getRuntime().availableProcessors();
    switch (system) {
      case "mdn-dense-output" -> {
        DenseNetFit fit = new DenseNetFit("mdn-head-fused", input, WorkspaceMode.ENABLED);
        DenseOutput output = DenseOutput.of(fit.net()).orElseThrow();
        running = () -> negated(output.scores(fit.features(), fit.labels()));
      }
      case "dl4j-output" -> {
        DenseNetFit fit = new DenseNetFit("mdn-head-fused", input, WorkspaceMode.ENABLED);
        running = () -> byDl4j(fit.net(), fit.features(), fit.labels(), fitCase);
      }
      case "pytorch-eager" -> {
        PyTorchFit fit = new PyTorchFit(input);
        threads = fit.threads();
        running = () -> doubles(fit.logDensities(BLOCK));
      }
      default -> throw new IllegalArgumentException("No such system: " + system);
    }
    new Note(threads, "blocks of rows", null, check(fitCase)).leave();
  }

  private static double[] byDl4j(
      MultiLayerNetwork net, INDArray features, INDArray labels, FitCase fitCase) {
    double[] all = new double[fitCase.rows()];
    for (int from = 0; from < all.length; from += BLOCK) {
      var rows = NDArrayIndex.interval(from, Math.min(all.length, from + BLOCK));
      INDArray output = net.output(features.get(rows, NDArrayIndex.all()));
      double[] some =
          MixtureBatch.of(fitCase.spec(), output)
              .logDensity(labels.get(rows, NDArrayIndex.all()))
              .toDoubleVector();
      System.arraycopy(some, 0, all, from, some.length);
    }
    return all;
  }

  /** Returns the relative difference of the first rows' mean; fails beyond FLOAT's rounding. */
  private double check(FitCase fitCase) {
    FitInput first =
        FitInput.of(
            new FitCase(
                CHECKED,
                fitCase.inputs(),
                fitCase.hidden(),
                fitCase.components(),
                fitCase.swish(),
                0,
                0));
    double expected = first.net().step(first.features(), first.mixtureLoss());
    double got = -Arrays.stream(running.logDensities()).limit(CHECKED).average().orElseThrow();
    double deviation = Math.abs(got - expected) / Math.max(1, Math.abs(expected));
    if (!(deviation <= 1e-4)) {
      throw new IllegalStateException(
          "Expected a mean score of %s, got %s".formatted(expected, got));
    }
    return deviation;
  }

  private static double[] negated(double[] scores) {
    for (int i = 0; i < scores.length; i++) {
      scores[i] = -scores[i];
    }
    return scores;
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  /** Predicts all rows once, which is timed. */
  @Benchmark
  public Object predict() {
    return running.logDensities();
  }
}
