/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import org.mdn4j.ComponentFamily;
import org.mdn4j.MixtureLikelihood;
import org.mdn4j.MixtureSpec;
import org.mdn4j.likelihood.fused.FusedLikelihood;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Measures score and gradient of each family by both engines, in turns, with exact labels and with
 * censored ones, of which 40 % are open above; no test. With the class path of the tests:
 *
 * <pre>
 *   OMP_NUM_THREADS=1 java -cp … org.mdn4j.likelihood.FamilySpeed [rounds]
 * </pre>
 */
public final class FamilySpeed {
  private static final int WARM_UP = 100;

  private FamilySpeed() {}

  /** Measures, and prints the medians. */
  public static void main(String[] arguments) {
    int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 300;
    for (int[] size : new int[][] {{128, 5}, {1000, 20}}) {
      for (ComponentFamily family : ComponentFamily.values()) {
        MixtureSpec plain = MixtureSpec.builder().components(size[1]).family(family).build();
        measure(rounds, size[0], plain);
        if (family != ComponentFamily.VON_MISES) {
          measure(rounds, size[0], plain.withLabels(true, null));
        }
      }
    }
  }

  private static void measure(int rounds, int rows, MixtureSpec spec) {
    Random random = new Random(1);
    INDArray raw = Nd4j.rand(DataType.FLOAT, rows, spec.parameterCount()).subi(0.5).muli(2);
    float[][] labels = new float[rows][spec.labelColumns()];
    for (float[] label : labels) {
      Arrays.fill(label, 1 + random.nextInt(8) * (spec.family().isDiscrete() ? 1 : 0.3f));
      if (spec.censored() && random.nextDouble() < 0.4) {
        label[1] = Float.POSITIVE_INFINITY;
      }
    }
    INDArray y = Nd4j.createFromArray(labels);
    MixtureLikelihood[] engines = {new FusedLikelihood(spec), new SameDiffLikelihood(spec)};
    double[][] micros = new double[engines.length][rounds];
    for (int round = -WARM_UP; round < rounds; round++) {
      for (int i = 0; i < engines.length; i++) {
        long begin = System.nanoTime();
        engines[i].scoreAndGradient(y, raw, null);
        if (round >= 0) {
          micros[i][round] = (System.nanoTime() - begin) / 1e3;
        }
      }
    }
    System.out.printf(
        Locale.ROOT,
        "N%d K%d %s%s: fused %.0f µs, SameDiff %.0f µs%n",
        rows,
        spec.components(),
        spec.family(),
        spec.censored() ? " censored" : "",
        median(micros[0]),
        median(micros[1]));
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
