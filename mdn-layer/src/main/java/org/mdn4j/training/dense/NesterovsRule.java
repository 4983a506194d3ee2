/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

import org.nd4j.linalg.learning.config.Nesterovs;

/**
 * Nesterov's momentum: v′ = μ v − η g, update = μ v − (1 + μ) v′.
 *
 * <p>Source: Sutskever et al. (2013), in the form of CS231n.
 */
final class NesterovsRule implements UpdateRule {
  private final Nesterovs settings;

  NesterovsRule(Nesterovs settings) {
    this.settings = settings;
  }

  @Override
  public void apply(Reals g, int from, int count, Reals[] state, int iteration, int epoch) {
    double rate = settings.getLearningRate(iteration, epoch);
    double momentum = settings.currentMomentum(iteration, epoch);
    if (g instanceof Floats floats) {
      update(
          floats.values, from, count, ((Floats) state[0]).values, (float) rate, (float) momentum);
    } else {
      update(((Doubles) g).values, from, count, ((Doubles) state[0]).values, rate, momentum);
    }
  }

  private static void update(
      float[] g, int from, int count, float[] states, float rate, float momentum) {
    for (int i = 0; i < count; i++) {
      float before = momentum * states[i];
      float v = Denormals.flush(before - rate * g[from + i], Denormals.FLOAT);
      states[i] = v;
      g[from + i] = before + (-momentum - 1) * v;
    }
  }

  private static void update(
      double[] g, int from, int count, double[] states, double rate, double momentum) {
    for (int i = 0; i < count; i++) {
      double before = momentum * states[i];
      double v = Denormals.flush(before - rate * g[from + i], Denormals.DOUBLE);
      states[i] = v;
      g[from + i] = before + (-momentum - 1) * v;
    }
  }
}
