/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Locale;
import org.mdn4j.MixtureLikelihood;
import org.mdn4j.MixtureSpec;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Measures score and gradient of Gaussian mixtures by the graph that is for them alone and by that
 * of every family, in turns, in processor time; no test. With the class path of the tests:
 *
 * <pre>
 *   OMP_NUM_THREADS=1 java -cp … org.mdn4j.likelihood.GraphSpeed [rounds]
 * </pre>
 */
public final class GraphSpeed {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int WARM_UP = 50;

  private GraphSpeed() {}

  /** Measures, and prints the medians of both and their ratio. */
  public static void main(String[] arguments) {
    int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 200;
    measure(rounds, 128, 5, 1);
    measure(rounds, 1000, 20, 1);
    measure(rounds, 4096, 10, 8);
  }

  private static void measure(int rounds, int rows, int components, int targets) {
    MixtureSpec spec = MixtureSpec.builder().components(components).targets(targets).build();
    MixtureLikelihood[] likelihoods = {new GaussianLikelihood(spec), new FamilyLikelihood(spec)};
    Nd4j.getRandom().setSeed(1);
    INDArray raw = Nd4j.rand(DataType.FLOAT, rows, spec.parameterCount()).subi(0.5).muli(2);
    INDArray y = Nd4j.rand(DataType.FLOAT, rows, targets).subi(0.5).muli(2);
    double[][] micros = new double[likelihoods.length][rounds];
    for (int round = -WARM_UP; round < rounds; round++) {
      for (int i = 0; i < likelihoods.length; i++) {
        long begin = THREADS.getCurrentThreadCpuTime();
        likelihoods[i].scoreAndGradient(y, raw, null);
        if (round >= 0) {
          micros[i][round] = (THREADS.getCurrentThreadCpuTime() - begin) / 1e3;
        }
      }
    }
    double own = median(micros[0]);
    double general = median(micros[1]);
    System.out.printf(
        Locale.ROOT,
        "N%d K%d D%d: own graph %.0f µs, every family's %.0f µs, ratio %.2f%n",
        rows,
        components,
        targets,
        own,
        general,
        general / own);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
