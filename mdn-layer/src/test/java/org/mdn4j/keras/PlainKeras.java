/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.mdn4j.MixtureSpec;
import org.mdn4j.distribution.MixtureBatch;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Keras's layers and keras-mdn-layer's formulas in plain loops over doubles; they share nothing
 * with the main code.
 */
final class PlainKeras {
  /** Of FLOAT's arithmetic in another order, in units of the number where that is above 1. */
  private static final double TOLERANCE = 1e-5;

  /** DL4J's hard sigmoid is right to some 1e-8 only, in DOUBLE too. */
  private static final double TOLERANCE_OF_DOUBLE = 1e-6;

  private PlainKeras() {}

  static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /** That of Keras 2: max(0, min(1, 0.2 x + 0.5)). */
  static double hardSigmoid(double x) {
    return Math.max(0, Math.min(1, 0.2 * x + 0.5));
  }

  static double[] dense(
      double[] x, double[][] kernel, double[] bias, DoubleUnaryOperator activation) {
    double[] out = bias.clone();
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < out.length; j++) {
        out[j] += x[i] * kernel[i][j];
      }
    }
    return Arrays.stream(out).map(activation).toArray();
  }

  /** Outputs of all steps; Keras's gates are input, forget, cell, output. */
  static double[][] lstm(
      double[][] steps,
      double[][] kernel,
      double[][] recurrentKernel,
      double[] bias,
      DoubleUnaryOperator gate) {
    int units = bias.length / 4;
    double[] h = new double[units];
    double[] c = new double[units];
    double[][] outputs = new double[steps.length][];
    for (int t = 0; t < steps.length; t++) {
      double[] z = dense(steps[t], kernel, bias, x -> x);
      double[] r = dense(h, recurrentKernel, new double[4 * units], x -> x);
      double[] next = new double[units];
      for (int u = 0; u < units; u++) {
        double input = gate.applyAsDouble(z[u] + r[u]);
        double forget = gate.applyAsDouble(z[units + u] + r[units + u]);
        double cell = Math.tanh(z[2 * units + u] + r[2 * units + u]);
        double output = gate.applyAsDouble(z[3 * units + u] + r[3 * units + u]);
        c[u] = forget * c[u] + input * cell;
        next[u] = output * Math.tanh(c[u]);
      }
      h = next;
      outputs[t] = next;
    }
    return outputs;
  }

  /** [means | ELU(s) + 1 + 1e-7 | logits] as the MDN layer puts them out. */
  static double[] mdn(double[] x, double[][][] kernels, double[][] biases) {
    double[] means = dense(x, kernels[0], biases[0], v -> v);
    double[] scales =
        dense(x, kernels[1], biases[1], v -> (v > 0 ? v : Math.exp(v) - 1) + 1 + 1e-7);
    double[] logits = dense(x, kernels[2], biases[2], v -> v);
    return IntStream.range(0, 3)
        .mapToObj(part -> new double[][] {means, scales, logits}[part])
        .flatMapToDouble(Arrays::stream)
        .toArray();
  }

  /** log p(y) from an output of the MDN layer. */
  static double logDensity(double[] output, int components, int targets, double[] y) {
    double[] joint = new double[components];
    double[] logits = new double[components];
    for (int k = 0; k < components; k++) {
      logits[k] = output[2 * components * targets + k];
      joint[k] = logits[k];
      for (int d = 0; d < targets; d++) {
        double sigma = output[components * targets + k * targets + d];
        double u = (y[d] - output[k * targets + d]) / sigma;
        joint[k] -= 0.5 * u * u + Math.log(sigma) + 0.5 * Math.log(2 * Math.PI);
      }
    }
    return logSumExp(joint) - logSumExp(logits);
  }

  private static double logSumExp(double[] values) {
    double max = Arrays.stream(values).max().orElseThrow();
    return max + Math.log(Arrays.stream(values).map(value -> Math.exp(value - max)).sum());
  }

  /**
   * Holds an output of our head against one of Keras's MDN layer: means, scales, logits, and log
   * densities at the components' means, between them and away from them.
   *
   * @param raw {@code [N, P]}
   * @param keras {@code [N][K (2 D + 1)]}
   */
  static void assertSame(double[][] keras, INDArray raw, MixtureSpec spec) {
    assertSameParameters(keras, raw, spec);
    assertSameDensity(keras, raw, spec);
  }

  /** The first half of that: where σ is small, FLOAT's rounding of μ shows in the density. */
  static void assertSameParameters(double[][] keras, INDArray raw, MixtureSpec spec) {
    int components = spec.components();
    int targets = spec.targets();
    int width = components * targets;
    double tolerance = tolerance(raw);
    MixtureBatch batch = MixtureBatch.of(spec, raw);
    assertEquals(keras.length, batch.size());
    for (int n = 0; n < keras.length; n++) {
      double[] ours = raw.getRow(n).toDoubleVector();
      double[][] scales = batch.get(n).scales();
      for (int k = 0; k < components; k++) {
        assertClose(keras[n][2 * width + k], ours[k], tolerance);
        for (int d = 0; d < targets; d++) {
          int i = k * targets + d;
          assertClose(keras[n][i], ours[spec.columns().location(k, d)], tolerance);
          assertClose(keras[n][width + i], scales[k][d], tolerance);
        }
      }
    }
  }

  private static void assertSameDensity(double[][] keras, INDArray raw, MixtureSpec spec) {
    int components = spec.components();
    int targets = spec.targets();
    MixtureBatch batch = MixtureBatch.of(spec, raw);
    for (double away : new double[] {0, 0.5, -2}) {
      double[][] y = new double[keras.length][targets];
      for (int n = 0; n < y.length; n++) {
        int component = n % components;
        for (int d = 0; d < targets; d++) {
          y[n][d] = keras[n][component * targets + d] + away;
        }
      }
      INDArray logDensity = batch.logDensity(Nd4j.createFromArray(y));
      for (int n = 0; n < y.length; n++) {
        assertClose(
            logDensity(keras[n], components, targets, y[n]),
            logDensity.getDouble(n),
            tolerance(raw));
      }
    }
  }

  private static double tolerance(INDArray raw) {
    return raw.dataType() == DataType.DOUBLE ? TOLERANCE_OF_DOUBLE : TOLERANCE;
  }

  private static void assertClose(double expected, double actual, double tolerance) {
    assertEquals(expected, actual, tolerance * Math.max(1, Math.abs(expected)));
  }
}
