/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mdn4j.MixtureSpec;
import org.mdn4j.distribution.MixtureBatch;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ScaleCalibrationTest {
  private static final MixtureSpec SPEC = MixtureSpec.builder().components(1).targets(1).build();

  /** N(0, deviation²) in each row. */
  private static MixtureBatch normal(int rows, double deviation) {
    double[][] raw = new double[rows][];
    for (int n = 0; n < rows; n++) {
      raw[n] = new double[] {0, 0, Math.log(deviation)};
    }
    return MixtureBatch.of(SPEC, Nd4j.createFromArray(raw));
  }

  private static INDArray observed(int rows, double deviation) {
    Random random = new Random(1);
    double[][] y = new double[rows][1];
    for (double[] row : y) {
      row[0] = deviation * random.nextGaussian();
    }
    return Nd4j.createFromArray(y);
  }

  @Test
  void findsTheVarianceOfEqualMembersInClosedForm() {
    INDArray y = observed(400, 1);
    double squares = y.mul(y).meanNumber().doubleValue();
    MixtureBatch[] members = {normal(400, 1.5), normal(400, 1.5)};

    // the maximum of −½ log τ − ½ m / (1.5² τ) lies at τ = m / 1.5²; Brent's tolerance in log τ
    assertEquals(squares / 2.25, ScaleCalibration.of(members, y), 1e-5);
  }

  @Test
  void poolsBeforeItCalibrates() {
    // Members of variance 1, at −0.6 and 0.6; the outcomes have variance 1 as a whole.
    double[][] left = new double[2000][];
    double[][] right = new double[2000][];
    for (int n = 0; n < 2000; n++) {
      left[n] = new double[] {0, -0.6, 0};
      right[n] = new double[] {0, 0.6, 0};
    }
    MixtureBatch[] members = {
      MixtureBatch.of(SPEC, Nd4j.createFromArray(left)),
      MixtureBatch.of(SPEC, Nd4j.createFromArray(right))
    };
    double tau = ScaleCalibration.of(members, observed(2000, 1));

    // τ + 0.6² is the pool's variance
    assertEquals(1 - 0.36, tau, 0.05);
    assertEquals(1, ScaleCalibration.pool(members, 0.64).get(0).variance()[0], 1e-12);
  }

  @Test
  void staysAtOneForOneMemberOrFewRowsAndWithinFour() {
    assertEquals(1, ScaleCalibration.of(new MixtureBatch[] {normal(400, 2)}, observed(400, 1)));
    MixtureBatch[] few = {normal(19, 2), normal(19, 2)};
    assertEquals(1, ScaleCalibration.of(few, observed(19, 1)));
    MixtureBatch[] narrow = {normal(50, 0.01), normal(50, 0.01)};
    assertEquals(4, ScaleCalibration.of(narrow, observed(50, 1)), 1e-4);
  }
}
