/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

/**
 * ELU and SELU. FLOAT's loops have exp(x) − 1 for x ≤ 0 as 2 t / (1 − t) with t = tanh(½ x), which
 * has no cancellation.
 */
final class Exponentials {
  private Exponentials() {}

  /** Returns exp(x) − 1 of the tanh of ½ x ≤ 0. */
  private static float expMinus1(float tanh) {
    float t = Math.min(0, tanh);
    return 2 * t / (1 - t);
  }

  /** x for x ≥ 0, α (exp(x) − 1) below; DL4J's derivative has α = 1 whatever α is. */
  static final class Elu extends Activation {
    private final double alpha;

    Elu(double alpha) {
      this.alpha = alpha;
    }

    @Override
    double value(double x) {
      return x < 0 ? alpha * Math.expm1(x) : x;
    }

    @Override
    double slope(double x) {
      return x < 0 ? Math.exp(x) : 1;
    }

    @Override
    void apply(float[] x, float[] slopes, int count) {
      FastTanh.of(x, 0.5f, slopes, count);
      finish(x, slopes, count, (float) alpha);
    }

    private static void finish(float[] x, float[] slopes, int count, float alpha) {
      for (int i = 0; i < count; i++) {
        float e = expMinus1(slopes[i]);
        x[i] = Rectifiers.positive(x[i]) + alpha * e;
        slopes[i] = 1 + e;
      }
    }
  }

  /** λ x for x &gt; 0, λ α (exp(x) − 1) below (Klambauer et al. 2017). */
  static final class Selu extends Activation {
    private static final double ALPHA = 1.6732632423543772848170429916717;
    private static final double LAMBDA = 1.0507009873554804934193349852946;

    @Override
    double value(double x) {
      return LAMBDA * (x > 0 ? x : ALPHA * Math.expm1(x));
    }

    @Override
    double slope(double x) {
      return LAMBDA * (x > 0 ? 1 : ALPHA * Math.exp(x));
    }

    @Override
    void apply(float[] x, float[] slopes, int count) {
      FastTanh.of(x, 0.5f, slopes, count);
      float lambda = (float) LAMBDA;
      float both = (float) (LAMBDA * ALPHA);
      for (int i = 0; i < count; i++) {
        float e = expMinus1(slopes[i]);
        float p = Rectifiers.positive(x[i]);
        slopes[i] = both * (1 + e) + Rectifiers.step(x[i]) * (lambda - both);
        x[i] = lambda * p + both * e;
      }
    }
  }

  /** log(1 + exp(x)). */
  static final class Softplus extends Activation {
    @Override
    double value(double x) {
      return Math.max(0, x) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    @Override
    double slope(double x) {
      return Sigmoids.sigmoid(x);
    }
  }
}
