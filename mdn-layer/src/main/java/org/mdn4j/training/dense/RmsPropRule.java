/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

import org.nd4j.linalg.learning.config.RmsProp;

/**
 * RMSProp: s′ = ρ s + (1 − ρ) g², update = η g / (√s′ + ε).
 *
 * <p>Source: Tieleman &amp; Hinton (2012), lecture 6.5.
 */
final class RmsPropRule implements UpdateRule {
  private final RmsProp settings;

  RmsPropRule(RmsProp settings) {
    this.settings = settings;
  }

  @Override
  public void apply(Reals g, int from, int count, Reals[] state, int iteration, int epoch) {
    double rate = settings.getLearningRate(iteration, epoch);
    double decay = settings.getRmsDecay();
    double epsilon = settings.getEpsilon();
    if (g instanceof Floats floats) {
      float[] states = ((Floats) state[0]).values;
      update(floats.values, from, count, states, (float) rate, (float) decay, (float) epsilon);
    } else {
      double[] states = ((Doubles) state[0]).values;
      update(((Doubles) g).values, from, count, states, rate, decay, epsilon);
    }
  }

  private static void update(
      float[] g, int from, int count, float[] states, float rate, float decay, float epsilon) {
    float c = Denormals.underRoot(epsilon);
    for (int i = 0; i < count; i++) {
      float gradient = g[from + i];
      float sum = Denormals.flush(states[i] * decay + gradient * gradient * (1 - decay), c);
      states[i] = sum;
      g[from + i] = rate * gradient / ((float) Math.sqrt(sum) + epsilon);
    }
  }

  private static void update(
      double[] g, int from, int count, double[] states, double rate, double decay, double epsilon) {
    double c = Denormals.underRoot(epsilon);
    for (int i = 0; i < count; i++) {
      double gradient = g[from + i];
      double sum = Denormals.flush(states[i] * decay + gradient * gradient * (1 - decay), c);
      states[i] = sum;
      g[from + i] = rate * gradient / (Math.sqrt(sum) + epsilon);
    }
  }
}
