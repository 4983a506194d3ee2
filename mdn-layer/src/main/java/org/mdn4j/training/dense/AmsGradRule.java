/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

import org.nd4j.linalg.learning.config.AMSGrad;

/**
 * AMSGrad: {@link AdamRule} with the largest v′ so far, v̂, in place of v′.
 *
 * <p>Source: Reddi, Kale &amp; Kumar (2018), algorithm 2; with Adam's correction of bias, as in
 * ND4J.
 */
final class AmsGradRule implements UpdateRule {
  private final AMSGrad settings;

  AmsGradRule(AMSGrad settings) {
    this.settings = settings;
  }

  @Override
  public void apply(Reals g, int from, int count, Reals[] state, int iteration, int epoch) {
    double rate = settings.getLearningRate(iteration, epoch);
    double beta1 = settings.getBeta1();
    double beta2 = settings.getBeta2();
    double epsilon = settings.getEpsilon();
    if (g instanceof Floats floats) {
      float step =
          AdamRule.step((float) rate, (float) beta1, (float) beta2, (float) epsilon, iteration);
      float[] firsts = ((Floats) state[0]).values;
      float[] seconds = ((Floats) state[1]).values;
      float[] largest = ((Floats) state[2]).values;
      update(
          floats.values,
          from,
          count,
          firsts,
          seconds,
          largest,
          step,
          (float) beta1,
          (float) beta2,
          (float) epsilon);
    } else {
      double step = AdamRule.step(rate, beta1, beta2, epsilon, iteration);
      double[] firsts = ((Doubles) state[0]).values;
      double[] seconds = ((Doubles) state[1]).values;
      double[] largest = ((Doubles) state[2]).values;
      update(
          ((Doubles) g).values, from, count, firsts, seconds, largest, step, beta1, beta2, epsilon);
    }
  }

  private static void update(
      float[] g,
      int from,
      int count,
      float[] firsts,
      float[] seconds,
      float[] largest,
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
      float rise = v - largest[i];
      float top = largest[i] + 0.5f * (rise + Math.abs(rise));
      largest[i] = top;
      g[from + i] = step * m / ((float) Math.sqrt(top) + epsilon);
    }
  }

  private static void update(
      double[] g,
      int from,
      int count,
      double[] firsts,
      double[] seconds,
      double[] largest,
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
      double rise = v - largest[i];
      double top = largest[i] + 0.5 * (rise + Math.abs(rise));
      largest[i] = top;
      g[from + i] = step * m / (Math.sqrt(top) + epsilon);
    }
  }
}
