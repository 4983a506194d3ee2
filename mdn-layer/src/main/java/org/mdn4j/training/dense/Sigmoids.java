/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

/**
 * tanh, the sigmoid 1 / (1 + exp(−x)) and what is made of them. FLOAT's loops have the sigmoid as ½
 * + ½ tanh(½ x), right to 2 · 10⁻⁷ absolutely; a first loop leaves the tanh in the slopes' place.
 */
final class Sigmoids {
  private Sigmoids() {}

  static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static double square(double x) {
    return x * x;
  }

  static final class Tanh extends Activation {
    @Override
    double value(double x) {
      return Math.tanh(x);
    }

    @Override
    double slope(double x) {
      return 1 - square(Math.tanh(x));
    }

    @Override
    void apply(float[] x, float[] slopes, int count) {
      FastTanh.of(x, 1, slopes, count);
      for (int i = 0; i < count; i++) {
        float t = slopes[i];
        x[i] = t;
        slopes[i] = 1 - t * t;
      }
    }
  }

  static final class Sigmoid extends Activation {
    @Override
    double value(double x) {
      return sigmoid(x);
    }

    @Override
    double slope(double x) {
      return sigmoid(x) * (1 - sigmoid(x));
    }

    @Override
    void apply(float[] x, float[] slopes, int count) {
      FastTanh.of(x, 0.5f, slopes, count);
      for (int i = 0; i < count; i++) {
        float t = slopes[i];
        x[i] = 0.5f + 0.5f * t;
        slopes[i] = 0.25f - 0.25f * t * t;
      }
    }
  }

  /** x sigmoid(c x): swish for c = 1, DL4J's approximate GELU for c = 1.702. */
  static final class SigmoidLinear extends Activation {
    private final float c;

    SigmoidLinear(float c) {
      this.c = c;
    }

    @Override
    double value(double x) {
      return x * sigmoid(c * x);
    }

    @Override
    double slope(double x) {
      double s = sigmoid(c * x);
      return s + c * x * s * (1 - s);
    }

    @Override
    void apply(float[] x, float[] slopes, int count) {
      FastTanh.of(x, 0.5f * c, slopes, count);
      finish(x, slopes, count, c);
    }

    private static void finish(float[] x, float[] slopes, int count, float c) {
      for (int i = 0; i < count; i++) {
        float z = c * x[i];
        float t = slopes[i];
        float s = 0.5f + 0.5f * t;
        x[i] = x[i] * s;
        slopes[i] = s + z * (0.25f - 0.25f * t * t);
      }
    }
  }

  /** x tanh(log(1 + exp(x))) = x (1 − u²) / (1 + u²) with u = sigmoid(−x). */
  static final class Mish extends Activation {
    @Override
    double value(double x) {
      double u = sigmoid(-x);
      return x * (1 - u * u) / (1 + u * u);
    }

    @Override
    double slope(double x) {
      double u = sigmoid(-x);
      return (1 - u * u) / (1 + u * u) + x * 4 * u * u * (1 - u) / square(1 + u * u);
    }

    @Override
    void apply(float[] x, float[] slopes, int count) {
      FastTanh.of(x, 0.5f, slopes, count);
      for (int i = 0; i < count; i++) {
        float u = 0.5f - 0.5f * slopes[i];
        float inverse = 1 / (1 + u * u);
        float w = (1 - u) * (1 + u) * inverse;
        slopes[i] = w + x[i] * 4 * u * u * (1 - u) * inverse * inverse;
        x[i] = x[i] * w;
      }
    }
  }

  /** The rectified tanh, max(0, tanh(x)). */
  static final class RectifiedTanh extends Activation {
    @Override
    double value(double x) {
      return Math.max(0, Math.tanh(x));
    }

    @Override
    double slope(double x) {
      return x > 0 ? 1 - square(Math.tanh(x)) : 0;
    }

    @Override
    void apply(float[] x, float[] slopes, int count) {
      FastTanh.of(x, 1, slopes, count);
      for (int i = 0; i < count; i++) {
        float t = slopes[i];
        slopes[i] = Rectifiers.step(t) * (1 - t * t);
        x[i] = Rectifiers.positive(t);
      }
    }
  }

  /**
   * DL4J's GELU by tanh. Its cubes are those of the products, and its derivative has rounded
   * constants: what it is trained by, it is trained by here.
   */
  static final class GeluByTanh extends Activation {
    private static final double ROOT = Math.sqrt(2 / Math.PI);

    private static double cube(double x) {
      return x * x * x;
    }

    @Override
    double value(double x) {
      return x / 2 * (1 + Math.tanh(ROOT * (x + cube(0.044715 * x))));
    }

    @Override
    double slope(double x) {
      double z = 0.797885 * x + cube(0.0356774 * x);
      double t = Math.tanh(z);
      return 0.5 + (0.398942 * x + cube(0.0535161 * x)) * (1 - t * t) + 0.5 * t;
    }
  }
}
