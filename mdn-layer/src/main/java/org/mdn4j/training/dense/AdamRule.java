/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

import org.nd4j.linalg.learning.config.Adam;

/**
 * Adam: m′ = β₁ m + (1 − β₁) g, v′ = β₂ v + (1 − β₂) g², update = η √(1 − β₂ᵗ) / (1 − β₁ᵗ) · m′ /
 * (√v′ + ε).
 *
 * <p>Source: Kingma &amp; Ba (2015), section 2, last paragraph.
 */
final class AdamRule implements UpdateRule {
  private final Adam settings;

  AdamRule(Adam settings) {
    this.settings = settings;
  }

  @Override
  public void apply(Reals g, int from, int count, Reals[] state, int iteration, int epoch) {
    double rate = settings.getLearningRate(iteration, epoch);
    double beta1 = settings.getBeta1();
    double beta2 = settings.getBeta2();
    double epsilon = settings.getEpsilon();
    if (g instanceof Floats floats) {
      float step = step((float) rate, (float) beta1, (float) beta2, (float) epsilon, iteration);
      float[] firsts = ((Floats) state[0]).values;
      float[] seconds = ((Floats) state[1]).values;
      update(
          floats.values,
          from,
          count,
          firsts,
          seconds,
          step,
          (float) beta1,
          (float) beta2,
          (float) epsilon);
    } else {
      double step = step(rate, beta1, beta2, epsilon, iteration);
      double[] firsts = ((Doubles) state[0]).values;
      double[] seconds = ((Doubles) state[1]).values;
      update(((Doubles) g).values, from, count, firsts, seconds, step, beta1, beta2, epsilon);
    }
  }

  /**
   * Returns the rate corrected for the bias of both moments; ε if that is no number, as in ND4J.
   */
  static double step(double rate, double beta1, double beta2, double epsilon, int iteration) {
    double step =
        rate * Math.sqrt(1 - Math.pow(beta2, iteration + 1)) / (1 - Math.pow(beta1, iteration + 1));
    return step == 0 || !Double.isFinite(step) ? epsilon : step;
  }

  /**
   * Returns {@link #step(double, double, double, double, int)} with the roundings of ND4J's FLOAT.
   */
  static float step(float rate, float beta1, float beta2, float epsilon, int iteration) {
    float power1 = (float) Math.pow(beta1, iteration + 1);
    float power2 = (float) Math.pow(beta2, iteration + 1);
    float step = (float) (rate * (float) Math.sqrt((float) (1.0 - power2)) / (1.0 - power1));
    return step == 0 || !Float.isFinite(step) ? epsilon : step;
  }

  private static void update(
      float[] g,
      int from,
      int count,
      float[] firsts,
      float[] seconds,
      float step,
      float beta1,
      float beta2,
      float epsilon) {
    float c = Denormals.underRoot(epsilon);
    for (int i = 0; i < count; i++) {
      float gradient = g[from + i];
      float m = Denormals.flush(beta1 * firsts[i] + gradient * (1 - beta1), Denormals.FLOAT);
      float v = Denormals.flush(beta2 * seconds[i] + gradient * gradient * (1 - beta2), c);
      firsts[i] = m;
      seconds[i] = v;
      g[from + i] = m * step / ((float) Math.sqrt(v) + epsilon);
    }
  }

  private static void update(
      double[] g,
      int from,
      int count,
      double[] firsts,
      double[] seconds,
      double step,
      double beta1,
      double beta2,
      double epsilon) {
    double c = Denormals.underRoot(epsilon);
    for (int i = 0; i < count; i++) {
      double gradient = g[from + i];
      double m = Denormals.flush(beta1 * firsts[i] + gradient * (1 - beta1), Denormals.DOUBLE);
      double v = Denormals.flush(beta2 * seconds[i] + gradient * gradient * (1 - beta2), c);
      firsts[i] = m;
      seconds[i] = v;
      g[from + i] = m * step / (Math.sqrt(v) + epsilon);
    }
  }
}
