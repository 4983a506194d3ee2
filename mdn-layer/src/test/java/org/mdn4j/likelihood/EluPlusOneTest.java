/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;
import org.mdn4j.ScaleTransform;
import org.mdn4j.ScoreAndGradient;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** σ = f + ELU(s) + 1 where the two branches meet, and far out on both. */
@Tag("slow")
class EluPlusOneTest {
  private static MixtureSpec spec(int components, int targets) {
    return MixtureSpec.builder()
        .components(components)
        .targets(targets)
        .scaleTransform(ScaleTransform.ELU_PLUS_ONE)
        .build();
  }

  /**
   * One Gaussian at μ = 0 and y = 2: d NLL/ds = (1 − u²) σ'/σ, u = 2/σ, with σ' = 1 from s = 0 on
   * and exp(s) below.
   */
  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void theSlopeIsContinuousAtZero(DataType dtype) {
    double[] s = {-0.5, -1e-6, -0.0, 0.0, 1e-6, 0.5};
    double[][] raw =
        Arrays.stream(s).mapToObj(x -> new double[] {0, 0, x}).toArray(double[][]::new);
    INDArray labels = Nd4j.valueArrayOf(new long[] {s.length, 1}, 2.0, dtype);
    INDArray outputs = Nd4j.createFromArray(raw).castTo(dtype);
    INDArray gradient =
        new SameDiffLikelihood(spec(1, 1)).scoreAndGradient(labels, outputs, null).gradient();
    for (int n = 0; n < s.length; n++) {
      double sigma = 1e-7 + (s[n] > 0 ? s[n] + 1 : Math.exp(s[n]));
      double u = 2 / sigma;
      double expected = (1 - u * u) * (s[n] > 0 ? 1 : Math.exp(s[n])) / sigma;
      double tolerance = dtype == DataType.DOUBLE ? 1e-12 : 1e-5;
      assertEquals(expected, gradient.getDouble(n, 2), tolerance, "s = " + s[n]);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void everyFiniteOutputHasAFiniteScoreAndGradient(DataType dtype) {
    for (int components : new int[] {1, 3}) {
      for (int targets : new int[] {1, 3}) {
        MixtureSpec spec = spec(components, targets);
        for (double s : new double[] {-1e30, -1e4, -40, -17, 17, 40, 1e4, 1e30}) {
          for (double y : new double[] {0, 1e-10, 1, 1e6, 1e15}) {
            INDArray raw = Nd4j.zeros(dtype, 1, spec.parameterCount());
            for (int column = spec.columns().scales().from();
                column < spec.columns().scales().to();
                column++) {
              raw.putScalar(0, column, column % 2 == 0 ? s : -s);
            }
            INDArray labels = Nd4j.valueArrayOf(new long[] {1, targets}, y, dtype);
            ScoreAndGradient pass =
                new SameDiffLikelihood(spec).scoreAndGradient(labels, raw, null);
            String where = "K=" + components + ", D=" + targets + ", s=" + s + ", y=" + y;
            assertTrue(Double.isFinite(pass.score().getDouble(0)), where);
            for (double slope : pass.gradient().toDoubleMatrix()[0]) {
              assertTrue(Double.isFinite(slope), where);
            }
          }
        }
      }
    }
  }

  /** A σ of 500, far more than exp would be needed for, is read as it stands: ½ log 2π + log σ. */
  @ParameterizedTest
  @EnumSource(
      value = Covariance.class,
      names = {"SPHERICAL", "DIAGONAL"})
  void largeScalesAreNotCutOff(Covariance covariance) {
    MixtureSpec spec =
        MixtureSpec.builder()
            .components(1)
            .targets(2)
            .covariance(covariance)
            .scaleTransform(ScaleTransform.ELU_PLUS_ONE)
            .build();
    INDArray raw = Nd4j.zeros(DataType.FLOAT, 1, spec.parameterCount());
    for (int column = spec.columns().scales().from();
        column < spec.columns().scales().to();
        column++) {
      raw.putScalar(0, column, 499);
    }
    INDArray score = new SameDiffLikelihood(spec).score(Nd4j.zeros(1, 2), raw, null);
    assertEquals(Math.log(2 * Math.PI) + 2 * Math.log(500), score.getDouble(0), 1e-5);
  }
}
