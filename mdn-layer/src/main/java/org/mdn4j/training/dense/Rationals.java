/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

/** Activations by the four operations alone. */
final class Rationals {
  private Rationals() {}

  static final class Identity extends Activation {
    @Override
    boolean isIdentity() {
      return true;
    }

    @Override
    double value(double x) {
      return x;
    }

    @Override
    double slope(double x) {
      return 1;
    }
  }

  static final class Cube extends Activation {
    @Override
    double value(double x) {
      return x * x * x;
    }

    @Override
    double slope(double x) {
      return 3 * x * x;
    }

    @Override
    void apply(float[] x, float[] slopes, int count) {
      for (int i = 0; i < count; i++) {
        float square = x[i] * x[i];
        slopes[i] = 3 * square;
        x[i] = square * x[i];
      }
    }
  }

  /** x / (1 + |x|). */
  static final class Softsign extends Activation {
    @Override
    double value(double x) {
      return x / (1 + Math.abs(x));
    }

    @Override
    double slope(double x) {
      return 1 / ((1 + Math.abs(x)) * (1 + Math.abs(x)));
    }

    @Override
    void apply(float[] x, float[] slopes, int count) {
      for (int i = 0; i < count; i++) {
        float inverse = 1 / (1 + Math.abs(x[i]));
        slopes[i] = inverse * inverse;
        x[i] = x[i] * inverse;
      }
    }
  }

  /** max(−1, min(1, x)). */
  static final class HardTanh extends Activation {
    @Override
    double value(double x) {
      return Math.max(-1, Math.min(1, x));
    }

    @Override
    double slope(double x) {
      return Math.abs(x) <= 1 ? 1 : 0;
    }

    @Override
    void apply(float[] x, float[] slopes, int count) {
      for (int i = 0; i < count; i++) {
        slopes[i] = 1 - Rectifiers.step(Math.abs(x[i]) - 1);
        x[i] = Math.max(-1, Math.min(1, x[i]));
      }
    }
  }

  /** max(0, min(1, ½ + x / 5)), with DL4J's fifth in FLOAT. */
  static final class HardSigmoid extends Activation {
    private static final float FIFTH = 0.2f;

    @Override
    double value(double x) {
      return Math.max(0, Math.min(1, 0.5 + FIFTH * x));
    }

    @Override
    double slope(double x) {
      return Math.abs(x) <= 2.5 ? FIFTH : 0;
    }
  }

  /** 1.7159 times an approximation of tanh(⅔ x), with DL4J's constants, which are FLOAT. */
  static final class RationalTanh extends Activation {
    private static final double THIRDS = 2.0 / 3;
    private static final double HEIGHT = 1.7159f;
    private static final double QUARTIC = 1.41645f;

    private static double denominator(double y) {
      double square = y * y;
      return 1 + Math.abs(y) + square + QUARTIC * square * square;
    }

    @Override
    double value(double x) {
      double y = THIRDS * x;
      return HEIGHT * Math.signum(y) * (1 - 1 / denominator(y));
    }

    @Override
    double slope(double x) {
      double y = Math.abs(THIRDS * x);
      double d = denominator(y);
      return HEIGHT * THIRDS * (1 + 2 * y + 4 * QUARTIC * y * y * y) / (d * d);
    }
  }
}
