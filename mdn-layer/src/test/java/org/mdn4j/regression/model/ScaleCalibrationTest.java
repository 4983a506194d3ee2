/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ScaleCalibrationTest {
  private static final MixtureSpec SPEC = MixtureSpec.builder().components(1).targets(1).build();

  /** N(0, deviation²) in each row. */
  private static MemberOutput normal(int rows, double deviation) {
    double[][] raw = new double[rows][];
    for (int n = 0; n < rows; n++) {
      raw[n] = new double[] {0, 0, Math.log(deviation)};
    }
    return new MemberOutput(SPEC, Nd4j.createFromArray(raw), 0);
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
    MemberOutput one = normal(400, 1.5);

    // the maximum of −½ log τ − ½ m / (1.5² τ) lies at τ = m / 1.5²; Brent's tolerance in log τ
    for (List<MemberOutput> members : List.of(List.of(one, normal(400, 1.5)), List.of(one))) {
      assertEquals(squares / 2.25, ScaleCalibration.of(members, y, null), 1e-5);
    }
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
    List<MemberOutput> members =
        List.of(
            new MemberOutput(SPEC, Nd4j.createFromArray(left), 0),
            new MemberOutput(SPEC, Nd4j.createFromArray(right), 0));
    double tau = ScaleCalibration.of(members, observed(2000, 1), null);

    // τ + 0.6² is the pool's variance
    assertEquals(1 - 0.36, tau, 0.05);
    assertEquals(1, ScaleCalibration.pool(members, 0.64).get(0).variance()[0], 1e-12);
  }

  @Test
  void isOneForFewRowsAndWithinFour() {
    List<MemberOutput> few = List.of(normal(19, 2), normal(19, 2));
    assertEquals(1, ScaleCalibration.of(few, observed(19, 1), null));
    List<MemberOutput> narrow = List.of(normal(50, 0.01), normal(50, 0.01));
    assertEquals(4, ScaleCalibration.of(narrow, observed(50, 1), null), 1e-4);
  }

  /** A scale that is small beside its ceiling doubles; one that is near it stays below. */
  @Test
  void aTemperatureLeavesScalesBelowTheirCeiling() {
    for (Covariance covariance : Covariance.values()) {
      MixtureSpec spec =
          MixtureSpec.builder()
              .components(2)
              .targets(2)
              .covariance(covariance)
              .scaleFloor(0.01)
              .scaleCeiling(3)
              .build();
      double[] raw = new double[spec.parameterCount()];
      for (int k = 0; k < 2; k++) {
        for (int d = 0; d < 2; d++) {
          double s = k == 0 ? 20 : -3;
          if (covariance == Covariance.FULL) {
            raw[spec.columns().cholesky(k, d, d)] = -s;
          } else {
            raw[spec.columns().scale(k, d)] = s;
          }
        }
      }
      MemberOutput output = new MemberOutput(spec, Nd4j.createFromArray(new double[][] {raw}), 0);
      double[][] before = output.predictions().get(0).standardDeviations();
      for (double tau : new double[] {0.25, 1, 1.5, 4}) {
        double[][] after = output.predictions(tau).get(0).standardDeviations();
        double factor = Math.sqrt(tau);
        for (int d = 0; d < 2; d++) {
          assertTrue(after[0][d] < 3, tau + ": " + after[0][d]);
          assertEquals(tau > 1 ? 2.97 : factor * before[0][d], after[0][d], 0.03);
          assertEquals(factor * before[1][d], after[1][d], 0.03 * after[1][d]);
        }
      }
    }
  }
}
