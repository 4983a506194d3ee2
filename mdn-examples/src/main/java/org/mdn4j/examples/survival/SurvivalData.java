/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.survival;

import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.mdn4j.examples.kit.Panels;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Made-up machines under observation: the time T until one fails, in years, given its load x ~
 * U(−1, 1), by one of two causes:
 *
 * <pre>
 *   P(T &gt; t | x) = w exp(−(t/a)²) + (1 − w) exp(−(t/b)⁶)
 *   w = 1 / (1 + exp(0.4 − 1.5 x)),   a = exp(0.2 − 0.5 x),   b = 5 exp(−0.3 x)
 * </pre>
 *
 * <p>flaws of the material, and wear. Observation of a machine ends at C ~ U(0.5, 7.5), whatever
 * the load: of those that run then, some four in ten, it is only known that T &gt; C.
 *
 * @param loads x, {@code [N]}
 * @param times min(T, C), {@code [N]}
 * @param failed whether T ≤ C, {@code [N]}
 */
record SurvivalData(double[] loads, double[] times, boolean[] failed) {
  static final double FIRST_END = 0.5;
  static final double LAST_END = 7.5;
  private static final double FLAW_SHAPE = 2;
  private static final double WEAR_SHAPE = 6;

  /** Draws machines at random. */
  static SurvivalData draw(int points, UniformRandomProvider random) {
    double[] loads = new double[points];
    double[] times = new double[points];
    boolean[] failed = new boolean[points];
    for (int n = 0; n < points; n++) {
      loads[n] = random.nextDouble(-1, 1);
      boolean flaw = random.nextDouble() < flawShare(loads[n]);
      double hazard = -Math.log1p(-random.nextDouble()); // cumulated until the failure
      double time =
          flaw
              ? flawScale(loads[n]) * Math.pow(hazard, 1 / FLAW_SHAPE)
              : wearScale(loads[n]) * Math.pow(hazard, 1 / WEAR_SHAPE);
      double end = random.nextDouble(FIRST_END, LAST_END);
      failed[n] = time <= end;
      times[n] = Math.min(time, end);
    }
    return new SurvivalData(loads, times, failed);
  }

  private static double flawShare(double load) {
    return 1 / (1 + Math.exp(0.4 - 1.5 * load));
  }

  private static double flawScale(double load) {
    return Math.exp(0.2 - 0.5 * load);
  }

  private static double wearScale(double load) {
    return 5 * Math.exp(-0.3 * load);
  }

  /** Returns the true survival P(T &gt; t | x). */
  static double survival(double load, double time) {
    double share = flawShare(load);
    return share * Math.exp(-Math.pow(time / flawScale(load), FLAW_SHAPE))
        + (1 - share) * Math.exp(-Math.pow(time / wearScale(load), WEAR_SHAPE));
  }

  /** Returns the true density, by year. */
  static double density(double load, double time) {
    double share = flawShare(load);
    return share * weibull(time / flawScale(load), FLAW_SHAPE) / flawScale(load)
        + (1 - share) * weibull(time / wearScale(load), WEAR_SHAPE) / wearScale(load);
  }

  private static double weibull(double t, double shape) {
    return shape * Math.pow(t, shape - 1) * Math.exp(-Math.pow(t, shape));
  }

  /** Returns the true median of T, by bisection. */
  static double median(double load) {
    double low = 0;
    double high = 20;
    while (high - low > 1e-9) {
      double middle = 0.5 * (low + high);
      if (survival(load, middle) > 0.5) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Returns P(C &gt; t). */
  private static double observed(double time) {
    return Math.max(0, Math.min(1, (LAST_END - time) / (LAST_END - FIRST_END)));
  }

  /**
   * Returns the NLL that no model can beat, of failures by their density and of machines that run
   * on by their survival:
   *
   * <pre>
   *   −∫ ( ∫ f log f P(C &gt; t) dt + 1/(c₂ − c₁) ∫ S log S dc ) dx / 2
   * </pre>
   *
   * @param panel width of the panels of Gauss and Legendre's rule
   * @return the floor in nats
   */
  static double floorNll(double panel) {
    Panels loads = Panels.of(-1, 1, panel);
    Panels early = Panels.of(0, FIRST_END, panel);
    Panels late = Panels.of(FIRST_END, LAST_END, panel);
    return IntStream.range(0, loads.size())
        .mapToDouble(
            i -> {
              double load = loads.nodes()[i];
              double sum = 0;
              for (Panels times : new Panels[] {early, late}) {
                for (int j = 0; j < times.size(); j++) {
                  double time = times.nodes()[j];
                  double density = density(load, time);
                  double survival = survival(load, time);
                  double ends = times == late ? 1 / (LAST_END - FIRST_END) : 0;
                  sum +=
                      times.weights()[j]
                          * (entropy(density) * observed(time) + entropy(survival) * ends);
                }
              }
              return 0.5 * loads.weights()[i] * sum;
            })
        .sum();
  }

  private static double entropy(double share) {
    return share == 0 ? 0 : -share * Math.log(share);
  }

  /**
   * Returns examples of the logarithms of times: features {@code [N, 1]} and labels {@code [N, 2]},
   * the ends of intervals, FLOAT.
   */
  DataSet logarithms() {
    float[][] ends = new float[times.length][2];
    for (int n = 0; n < times.length; n++) {
      ends[n][0] = (float) Math.log(times[n]);
      ends[n][1] = failed[n] ? ends[n][0] : Float.POSITIVE_INFINITY;
    }
    return new DataSet(features(), Nd4j.createFromArray(ends));
  }

  /** Returns the loads, {@code [N, 1]}, FLOAT. */
  INDArray features() {
    return Nd4j.createFromArray(loads).castTo(DataType.FLOAT).reshape(-1, 1);
  }

  /** Returns the ends of the times' intervals, {@code [N, 2]}. */
  INDArray ends() {
    double[][] ends = new double[times.length][];
    for (int n = 0; n < times.length; n++) {
      ends[n] = new double[] {times[n], failed[n] ? times[n] : Double.POSITIVE_INFINITY};
    }
    return Nd4j.createFromArray(ends);
  }

  /**
   * Returns what is added to the mean NLL of the logarithms for that of the times: the density of a
   * failure's time is that of its logarithm, divided by the time.
   */
  double logJacobian() {
    return IntStream.range(0, times.length)
            .mapToDouble(n -> failed[n] ? Math.log(times[n]) : 0)
            .sum()
        / times.length;
  }
}
