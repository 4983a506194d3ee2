/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

import java.util.Arrays;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;
import org.apache.commons.rng.simple.RandomSource;

/**
 * A net of dense layers and its training by Adam, in plain loops over doubles: the same start for
 * every system, and what their first steps are held against.
 */
final class PlainNet {
  static final double LEARNING_RATE = 1e-5;
  static final double BETA1 = 0.9;
  static final double BETA2 = 0.999;
  static final double EPSILON = 1e-8;

  /** A function that returns the score of a row's output, and its derivative by the output. */
  @FunctionalInterface
  interface Loss {
    double scoreAndGradient(int row, double[] output, double[] gradient);
  }

  private final FitCase fitCase;
  private final int[] widths;
  private final double[][][] weights; // [layer][in][out], the last of in is the bias
  private final double[][][] gradients;
  private final double[][][] firstMoments;
  private final double[][][] secondMoments;
  private int steps;

  /**
   * Creates a net with random weights and, in the last layer, random biases.
   *
   * @param fitCase its units, and how it is trained
   */
  PlainNet(FitCase fitCase) {
    this.fitCase = fitCase;
    this.widths = fitCase.widths();
    UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(7);
    ZigguratSampler.NormalizedGaussian gaussian = ZigguratSampler.NormalizedGaussian.of(random);
    weights = new double[widths.length - 1][][];
    for (int layer = 0; layer < weights.length; layer++) {
      weights[layer] = new double[widths[layer] + 1][widths[layer + 1]];
      double scale = layer == weights.length - 1 ? 0.05 : 1 / Math.sqrt(widths[layer]);
      for (int i = 0; i <= widths[layer]; i++) {
        for (int j = 0; j < widths[layer + 1]; j++) {
          boolean bias = i == widths[layer];
          weights[layer][i][j] = (float) (bias ? 0.3 : scale) * (float) gaussian.sample();
        }
      }
    }
    gradients = zeros();
    firstMoments = zeros();
    secondMoments = zeros();
  }

  int layers() {
    return weights.length;
  }

  /** Returns a layer's weights, {@code [in · out]}, entry i · out + j from input i to unit j. */
  float[] weights(int layer) {
    float[] flat = new float[widths[layer] * widths[layer + 1]];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = (float) weights[layer][i / widths[layer + 1]][i % widths[layer + 1]];
    }
    return flat;
  }

  /** Returns a layer's biases, {@code [out]}. */
  float[] biases(int layer) {
    float[] flat = new float[widths[layer + 1]];
    for (int j = 0; j < flat.length; j++) {
      flat[j] = (float) weights[layer][widths[layer]][j];
    }
    return flat;
  }

  /**
   * Takes one step of Adam on the mean of all rows' scores, and returns that mean before the step.
   */
  double step(float[] features, Loss loss) {
    double score = 0;
    fillZero(gradients);
    int rows = features.length / widths[0];
    double[][] activations = new double[widths.length][];
    double[][] slopes = new double[widths.length][];
    for (int n = 0; n < rows; n++) {
      activations[0] = new double[widths[0]];
      for (int i = 0; i < widths[0]; i++) {
        activations[0][i] = features[n * widths[0] + i];
      }
      for (int layer = 0; layer < weights.length; layer++) {
        activations[layer + 1] = forward(layer, activations[layer]);
        if (layer < weights.length - 1) {
          slopes[layer + 1] = activate(activations[layer + 1]);
        }
      }
      double[] delta = new double[widths[widths.length - 1]];
      score += loss.scoreAndGradient(n, activations[weights.length], delta) / rows;
      for (int layer = weights.length - 1; layer >= 0; layer--) {
        delta = backward(layer, activations[layer], slopes[layer], delta, rows);
      }
    }
    adam();
    return score;
  }

  /** Returns λ ‖W‖², which DL4J adds to its score where weights decay, without a factor of ½. */
  double penalty() {
    double squares = 0;
    for (int layer = 0; layer < weights.length; layer++) {
      for (int i = 0; i < widths[layer]; i++) { // without the biases
        for (double weight : weights[layer][i]) {
          squares += weight * weight;
        }
      }
    }
    return fitCase.weightDecay() * squares;
  }

  private double[] forward(int layer, double[] input) {
    double[] output = new double[widths[layer + 1]];
    for (int j = 0; j < output.length; j++) {
      double sum = weights[layer][input.length][j];
      for (int i = 0; i < input.length; i++) {
        sum += input[i] * weights[layer][i][j];
      }
      output[j] = sum;
    }
    return output;
  }

  /** Replaces the units' inputs by their outputs, and returns the derivatives. */
  private double[] activate(double[] x) {
    double[] slopes = new double[x.length];
    for (int j = 0; j < x.length; j++) {
      if (fitCase.swish()) {
        double s = 1 / (1 + Math.exp(-x[j]));
        slopes[j] = s + x[j] * s * (1 - s);
        x[j] *= s;
      } else {
        x[j] = Math.tanh(x[j]);
        slopes[j] = 1 - x[j] * x[j];
      }
    }
    return slopes;
  }

  /**
   * Adds to the layer's gradients, and returns the derivative by its input, before the activation.
   */
  private double[] backward(int layer, double[] input, double[] slopes, double[] delta, int rows) {
    double[] below = new double[input.length];
    for (int j = 0; j < delta.length; j++) {
      gradients[layer][input.length][j] += delta[j] / rows;
      for (int i = 0; i < input.length; i++) {
        gradients[layer][i][j] += input[i] * delta[j] / rows;
        below[i] += layer == 0 ? 0 : weights[layer][i][j] * delta[j] * slopes[i];
      }
    }
    return below;
  }

  private void adam() {
    steps++;
    double rate =
        LEARNING_RATE * Math.sqrt(1 - Math.pow(BETA2, steps)) / (1 - Math.pow(BETA1, steps));
    for (int layer = 0; layer < weights.length; layer++) {
      double factor = clippingFactor(gradients[layer]);
      for (int i = 0; i < weights[layer].length; i++) {
        double decay = i == widths[layer] ? 0 : LEARNING_RATE * fitCase.weightDecay();
        for (int j = 0; j < weights[layer][i].length; j++) {
          double g = factor * gradients[layer][i][j];
          double[] first = firstMoments[layer][i];
          double[] second = secondMoments[layer][i];
          first[j] = BETA1 * first[j] + (1 - BETA1) * g;
          second[j] = BETA2 * second[j] + (1 - BETA2) * g * g;
          weights[layer][i][j] -=
              rate * first[j] / (Math.sqrt(second[j]) + EPSILON) + decay * weights[layer][i][j];
        }
      }
    }
  }

  private double clippingFactor(double[][] gradient) {
    double squares = 0;
    for (double[] row : gradient) {
      for (double g : row) {
        squares += g * g;
      }
    }
    double norm = Math.sqrt(squares);
    return fitCase.clipping() > 0 && norm > fitCase.clipping() ? fitCase.clipping() / norm : 1;
  }

  private double[][][] zeros() {
    double[][][] zeros = new double[weights.length][][];
    for (int layer = 0; layer < zeros.length; layer++) {
      zeros[layer] = new double[weights[layer].length][widths[layer + 1]];
    }
    return zeros;
  }

  private static void fillZero(double[][][] values) {
    for (double[][] layer : values) {
      for (double[] row : layer) {
        Arrays.fill(row, 0);
      }
    }
  }
}
