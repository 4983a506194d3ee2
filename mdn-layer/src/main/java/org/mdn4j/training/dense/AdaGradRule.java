/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

import org.nd4j.linalg.learning.config.AdaGrad;

/**
 * AdaGrad: s′ = s + g², update = η g / (√s′ + ε).
 *
 * <p>Source: Duchi, Hazan &amp; Singer (2011).
 */
final class AdaGradRule implements UpdateRule {
  private final AdaGrad settings;

  AdaGradRule(AdaGrad settings) {
    this.settings = settings;
  }

  @Override
  public void apply(Reals g, int from, int count, Reals[] state, int iteration, int epoch) {
    double rate = settings.getLearningRate(iteration, epoch);
    double epsilon = settings.getEpsilon();
    if (g instanceof Floats floats) {
      float[] states = ((Floats) state[0]).values;
      update(floats.values, from, count, states, (float) rate, (float) epsilon);
    } else {
      double[] states = ((Doubles) state[0]).values;
      update(((Doubles) g).values, from, count, states, rate, epsilon);
    }
  }

  private static void update(
      float[] g, int from, int count, float[] states, float rate, float epsilon) {
    for (int i = 0; i < count; i++) {
      float gradient = g[from + i];
      float sum = states[i] + gradient * gradient;
      states[i] = sum;
      g[from + i] = rate * gradient / ((float) Math.sqrt(sum) + epsilon);
    }
  }

  private static void update(
      double[] g, int from, int count, double[] states, double rate, double epsilon) {
    for (int i = 0; i < count; i++) {
      double gradient = g[from + i];
      double sum = states[i] + gradient * gradient;
      states[i] = sum;
      g[from + i] = rate * gradient / (Math.sqrt(sum) + epsilon);
    }
  }
}
