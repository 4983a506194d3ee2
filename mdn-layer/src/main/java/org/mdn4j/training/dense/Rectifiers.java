/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

/**
 * ReLU and its kin. FLOAT's loops have no branch: the step that is 1 where x &gt; 0 is p / (p +
 * 10⁻³⁷) with p = min(1, x⁺), which is exactly 0 or 1 but for 0 &lt; x &lt; 2 · 10⁻³⁰.
 */
final class Rectifiers {
  private static final float TINY = 1e-37f;

  private Rectifiers() {}

  static float positive(float x) {
    return Math.max(0, x);
  }

  static float step(float x) {
    float p = Math.min(1, positive(x));
    return p / (p + TINY);
  }

  /** The rectifier max(0, x). */
  static final class Relu extends Activation {
    @Override
    double value(double x) {
      return Math.max(0, x);
    }

    @Override
    double slope(double x) {
      return x > 0 ? 1 : 0;
    }

    @Override
    void apply(float[] x, float[] slopes, int count) {
      for (int i = 0; i < count; i++) {
        slopes[i] = step(x[i]);
        x[i] = positive(x[i]);
      }
    }
  }

  /** x for x ≥ 0, α x below. DL4J's derivative takes α in FLOAT. */
  static final class Leaky extends Activation {
    private final double alpha;

    Leaky(double alpha) {
      this.alpha = alpha;
    }

    @Override
    double value(double x) {
      return x < 0 ? alpha * x : x;
    }

    @Override
    double slope(double x) {
      return x < 0 ? (float) alpha : 1;
    }

    @Override
    void apply(float[] x, float[] slopes, int count) {
      apply(x, slopes, count, (float) alpha);
    }

    private static void apply(float[] x, float[] slopes, int count, float alpha) {
      for (int i = 0; i < count; i++) {
        slopes[i] = 1 - (1 - alpha) * step(-x[i]);
        x[i] = positive(x[i]) - alpha * positive(-x[i]);
      }
    }
  }

  /** min(6, max(0, x)). */
  static final class Relu6 extends Activation {
    @Override
    double value(double x) {
      return Math.min(6, Math.max(0, x));
    }

    @Override
    double slope(double x) {
      return x > 0 && x < 6 ? 1 : 0;
    }

    @Override
    void apply(float[] x, float[] slopes, int count) {
      for (int i = 0; i < count; i++) {
        slopes[i] = step(x[i]) * step(6 - x[i]);
        x[i] = Math.min(6, positive(x[i]));
      }
    }
  }

  /** x for x &gt; θ, 0 below. */
  static final class Thresholded extends Activation {
    private final double theta;

    Thresholded(double theta) {
      this.theta = theta;
    }

    @Override
    double value(double x) {
      return x > theta ? x : 0;
    }

    @Override
    double slope(double x) {
      return x > theta ? 1 : 0;
    }
  }

  /** DL4J's ReLU with a limit, a threshold or a slope below it; a limit of 0 has no derivative. */
  static final class General extends Activation {
    private final double limit; // or infinity
    private final double threshold;
    private final double slope;
    private final boolean leaky; // whether threshold or slope was given

    General(Double limit, Double threshold, Double slope) {
      this.limit = limit == null ? Double.POSITIVE_INFINITY : limit;
      this.threshold = threshold == null ? 0 : threshold;
      this.slope = slope == null ? 0 : slope;
      this.leaky = threshold != null || slope != null;
    }

    @Override
    double value(double x) {
      return Math.min(limit, x >= threshold ? x : slope * (x - threshold));
    }

    @Override
    double slope(double x) {
      if (limit != 0 && x >= limit) {
        return 0;
      }
      if (!leaky) {
        return x > 0 ? 1 : 0;
      }
      double below = threshold == 0 ? (float) slope : slope; // as DL4J passes it on
      return x >= threshold ? 1 : below;
    }
  }
}
