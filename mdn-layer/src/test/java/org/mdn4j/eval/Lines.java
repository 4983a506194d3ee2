/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.eval;

import java.util.Arrays;
import org.mdn4j.MixtureSpec;
import org.mdn4j.distribution.MixtureBatch;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Batches of one Gaussian per row and target. */
final class Lines {
  private Lines() {}

  /** Of one target. */
  static MixtureBatch gaussians(double[] means, double[] deviations) {
    double[][] raw = new double[means.length][];
    for (int n = 0; n < means.length; n++) {
      raw[n] = new double[] {0, means[n], Math.log(deviations[n])};
    }
    return MixtureBatch.of(MixtureSpec.builder().components(1).build(), Nd4j.createFromArray(raw));
  }

  /** The same one in each row. */
  static MixtureBatch gaussians(int rows, double mean, double deviation) {
    double[] means = new double[rows];
    double[] deviations = new double[rows];
    Arrays.fill(means, mean);
    Arrays.fill(deviations, deviation);
    return gaussians(means, deviations);
  }

  static INDArray column(double... values) {
    return Nd4j.createFromArray(values).reshape(values.length, 1);
  }
}
