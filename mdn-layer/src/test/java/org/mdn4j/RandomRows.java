/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j;

import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Random raw outputs of a head, labels near them, and a mask, always the same for the same seed.
 *
 * @param raw {@code [N, P]}: logits in ±3, locations in ±2, scale parameters in ±1
 * @param labels {@code [N, D]}, each at most so many σ from one of the row's components
 * @param observed {@code [N, D]} of ones and zeros: of three targets about one is missing, and the
 *     last row has none
 */
public record RandomRows(INDArray raw, INDArray labels, INDArray observed) {

  public static RandomRows of(
      MixtureSpec spec, int rows, double maxDistance, long seed, DataType dtype) {
    Random random = new Random(seed);
    double[][] raw = new double[rows][spec.parameterCount()];
    double[][] labels = new double[rows][spec.targets()];
    double[][] observed = new double[rows][spec.targets()];
    for (int n = 0; n < rows; n++) {
      for (int column = 0; column < raw[n].length; column++) {
        double size =
            column < spec.columns().locations().from()
                ? 3
                : column < spec.columns().scales().from() ? 2 : 1;
        raw[n][column] = size * (2 * random.nextDouble() - 1);
      }
      int k = random.nextInt(spec.components());
      for (int d = 0; d < spec.targets(); d++) {
        double u = maxDistance * (2 * random.nextDouble() - 1);
        labels[n][d] = raw[n][spec.columns().location(k, d)] + u * scale(spec, raw[n], k, d);
        if (spec.family() == ComponentFamily.LOG_NORMAL) {
          labels[n][d] = Math.exp(labels[n][d]);
        }
        if (spec.family().isDiscrete()) { // here σ is the mean's standard deviation
          labels[n][d] = Math.rint(Math.exp(labels[n][d]));
        }
        observed[n][d] = n == rows - 1 || random.nextInt(3) == 0 ? 0 : 1;
      }
    }
    return new RandomRows(
        PlainMixtureNll.array(raw, dtype),
        PlainMixtureNll.array(labels, dtype),
        Nd4j.createFromArray(observed).castTo(dtype));
  }

  /** 1 where a target has no scale of its own that is learned. */
  private static double scale(MixtureSpec spec, double[] raw, int k, int d) {
    return spec.covariance() == Covariance.FULL || spec.fixedScales().isPresent()
        ? 1
        : spec.scaleFloor() + PlainMixtureScore.scale(spec, raw[spec.columns().scale(k, d)]);
  }
}
