/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

import org.nd4j.linalg.learning.config.Nadam;

/**
 * Nadam: {@link AdamRule}'s moments, update = η (β₁ m′ + (1 − β₁) g) / (1 − β₁ᵗ) / (√v′ + ε).
 *
 * <p>Source: Dozat (2016), with a constant β₁ and without the correction of v, as in ND4J.
 */
final class NadamRule implements UpdateRule {
  private final Nadam settings;

  NadamRule(Nadam settings) {
    this.settings = settings;
  }

  @Override
  public void apply(Reals g, int from, int count, Reals[] state, int iteration, int epoch) {
    double rate = settings.getLearningRate(iteration, epoch);
    double beta1 = settings.getBeta1();
    double beta2 = settings.getBeta2();
    double epsilon = settings.getEpsilon();
    if (g instanceof Floats floats) {
      float correction = (float) (1.0 - (float) Math.pow((float) beta1, iteration + 1));
      float[] firsts = ((Floats) state[0]).values;
      float[] seconds = ((Floats) state[1]).values;
      update(
          floats.values,
          from,
          count,
          firsts,
          seconds,
          (float) rate,
          correction,
          (float) beta1,
          (float) beta2,
          (float) epsilon);
    } else {
      double correction = 1 - Math.pow(beta1, iteration + 1);
      double[] firsts = ((Doubles) state[0]).values;
      double[] seconds = ((Doubles) state[1]).values;
      update(
          ((Doubles) g).values,
          from,
          count,
          firsts,
          seconds,
          rate,
          correction,
          beta1,
          beta2,
          epsilon);
    }
  }

  private static void update(
      float[] g,
      int from,
      int count,
      float[] firsts,
      float[] seconds,
      float rate,
      float correction,
      float beta1,
      float beta2,
      float epsilon) {
    float c = Denormals.underRoot(epsilon);
    for (int i = 0; i < count; i++) {
      float gradient = g[from + i];
      float share = gradient * (1 - beta1);
      float m = Denormals.flush(beta1 * firsts[i] + share, Denormals.FLOAT);
      float v = Denormals.flush(beta2 * seconds[i] + gradient * gradient * (1 - beta2), c);
      firsts[i] = m;
      seconds[i] = v;
      g[from + i] = rate * ((m * beta1 + share) / correction) / ((float) Math.sqrt(v) + epsilon);
    }
  }

  private static void update(
      double[] g,
      int from,
      int count,
      double[] firsts,
      double[] seconds,
      double rate,
      double correction,
      double beta1,
      double beta2,
      double epsilon) {
    double c = Denormals.underRoot(epsilon);
    for (int i = 0; i < count; i++) {
      double gradient = g[from + i];
      double share = gradient * (1 - beta1);
      double m = Denormals.flush(beta1 * firsts[i] + share, Denormals.DOUBLE);
      double v = Denormals.flush(beta2 * seconds[i] + gradient * gradient * (1 - beta2), c);
      firsts[i] = m;
      seconds[i] = v;
      g[from + i] = rate * ((m * beta1 + share) / correction) / (Math.sqrt(v) + epsilon);
    }
  }
}
