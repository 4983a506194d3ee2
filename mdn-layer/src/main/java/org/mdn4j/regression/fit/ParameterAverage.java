/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.fit;

import java.lang.ref.Reference;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A moving average of a network's parameters, which generalises better than the parameters
 * themselves: after step t since the start
 *
 * <pre>
 *   a ← a + max(1/h, 1/t) (θ − a)
 * </pre>
 *
 * <p>the plain mean of the first h steps, then one that forgets by 1/h at each. Source: D. Kingma
 * and J. Ba, <i>Adam</i> (2015), section 7.2, after B. Polyak and A. Juditsky (1992).
 */
final class ParameterAverage {
  private final double horizon;
  private final float[] present;
  private float[] average;
  private int steps;

  /**
   * Creates an average of parameters.
   *
   * @param horizon h, in steps; up to 1 for the last parameters alone
   * @param start what it is before the first step
   * @param steps t so far
   */
  ParameterAverage(double horizon, float[] start, int steps) {
    this.horizon = Math.max(1, horizon);
    this.present = new float[start.length];
    this.average = start.clone();
    this.steps = steps;
  }

  /** Takes in the parameters after a step. */
  void add(INDArray parameters) {
    parameters.data().asNioFloat().get(present);
    Reference.reachabilityFence(parameters); // its memory is freed when it is no longer reachable
    float rate = (float) Math.max(1 / horizon, 1.0 / ++steps);
    for (int i = 0; i < present.length; i++) {
      average[i] += rate * (present[i] - average[i]);
    }
  }

  /** Forgets all steps. */
  void restart(float[] start) {
    average = start.clone();
    steps = 0;
  }

  int steps() {
    return steps;
  }

  float[] values() {
    return average.clone();
  }
}
