/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import org.mdn4j.MixtureLikelihood;
import org.mdn4j.MixtureSpec;
import org.mdn4j.likelihood.fused.FusedLikelihood;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Measures score and gradient of Gaussian mixtures with censored labels, of which 40 % are open
 * above, by both engines, and of plain labels by the fused one, in turns; no test. With the class
 * path of the tests:
 *
 * <pre>
 *   OMP_NUM_THREADS=1 java -cp … org.mdn4j.likelihood.IntervalSpeed [rounds]
 * </pre>
 */
public final class IntervalSpeed {
  private static final int WARM_UP = 100;

  private IntervalSpeed() {}

  /** Measures, and prints the medians. */
  public static void main(String[] arguments) {
    int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 300;
    measure(rounds, 128, 5);
    measure(rounds, 1000, 20);
  }

  private static void measure(int rounds, int rows, int components) {
    MixtureSpec plain = MixtureSpec.builder().components(components).build();
    MixtureSpec censored = plain.withLabels(true, null);
    Random random = new Random(1);
    INDArray raw = Nd4j.rand(DataType.FLOAT, rows, plain.parameterCount()).subi(0.5).muli(2);
    float[][] exact = new float[rows][1];
    float[][] ends = new float[rows][2];
    for (int n = 0; n < rows; n++) {
      exact[n][0] = random.nextFloat();
      ends[n][0] = exact[n][0];
      ends[n][1] = random.nextDouble() < 0.4 ? Float.POSITIVE_INFINITY : exact[n][0];
    }
    MixtureLikelihood[] likelihoods = {
      new FusedLikelihood(plain), new FusedLikelihood(censored), new SameDiffLikelihood(censored)
    };
    INDArray y = Nd4j.createFromArray(exact);
    INDArray intervals = Nd4j.createFromArray(ends);
    double[][] micros = new double[likelihoods.length][rounds];
    for (int round = -WARM_UP; round < rounds; round++) {
      for (int i = 0; i < likelihoods.length; i++) {
        long begin = System.nanoTime();
        likelihoods[i].scoreAndGradient(i == 0 ? y : intervals, raw, null);
        if (round >= 0) {
          micros[i][round] = (System.nanoTime() - begin) / 1e3;
        }
      }
    }
    System.out.printf(
        Locale.ROOT,
        "N%d K%d: plain fused %.0f µs, censored fused %.0f µs, censored SameDiff %.0f µs%n",
        rows,
        components,
        median(micros[0]),
        median(micros[1]),
        median(micros[2]));
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
