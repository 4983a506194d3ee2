/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureLikelihood;
import org.mdn4j.MixtureSpec;
import org.mdn4j.MixtureSpecBuilder;
import org.mdn4j.PlainMixtureNll;
import org.mdn4j.ScaleTransform;
import org.mdn4j.ScoreAndGradient;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Gradients in FLOAT of labels up to 10²⁰ away from components of every scale, where floors, ELU
 * and wide bounds multiply large derivatives by small slopes: each operation has to stay finite.
 */
@Tag("slow")
class FarGradientTest {
  private static final int TARGETS = 2;

  private static MixtureSpecBuilder builder(ComponentFamily family, double halfWidth) {
    double[] bounds = new double[TARGETS];
    Arrays.fill(bounds, halfWidth);
    MixtureSpecBuilder builder =
        MixtureSpec.builder().components(2).targets(TARGETS).family(family);
    return halfWidth > 0
        ? builder.locationBounds(Arrays.stream(bounds).map(b -> -b).toArray(), bounds)
        : builder;
  }

  /** All families, transforms, covariances and bounds, though not each with each. */
  static Stream<MixtureSpec> specs() {
    List<MixtureSpec> specs = new ArrayList<>();
    for (ComponentFamily family : ComponentFamily.values()) {
      if (family == ComponentFamily.VON_MISES) {
        specs.add(builder(family, 0).build());
        continue;
      }
      if (family.isDiscrete()) {
        specs.add(builder(family, 29).scaleFloor(1e-12).scaleCeiling(1e5, 1e5).build());
      } else {
        specs.add(builder(family, 1e6).scaleTransform(ScaleTransform.ELU_PLUS_ONE).build());
      }
      specs.add(builder(family, 0).scaleFloor(1e-12).covariance(Covariance.SPHERICAL).build());
    }
    for (Covariance covariance : Covariance.values()) {
      MixtureSpecBuilder wide =
          builder(ComponentFamily.GAUSSIAN, 1e6).covariance(covariance).scaleFloor(1e-12);
      specs.add(wide.build());
      specs.add(wide.scaleFloor(0).scaleCeiling(1e5, 1e5).build());
    }
    return specs.stream();
  }

  private static double[][][] rows(MixtureSpec spec) {
    List<double[]> labels = new ArrayList<>();
    List<double[]> raw = new ArrayList<>();
    for (double s : new double[] {-1000, -40, -27, -16, -8, -0.1, 0, 5, 79, 1000}) {
      for (double location : new double[] {-7, 1e5}) {
        for (double magnitude = -8; magnitude < 19.9; magnitude += 0.25) {
          double y = Math.pow(10, magnitude);
          labels.add(
              switch (spec.family()) {
                case LOG_NORMAL -> new double[] {y, 1 / y};
                case NEGATIVE_BINOMIAL -> new double[] {Math.rint(y), Math.rint(1 / y)};
                default -> new double[] {y, -y};
              });
          double[] row = new double[spec.parameterCount()];
          row[1] = 0.3;
          for (int column = spec.columns().locations().from(); column < row.length; column++) {
            int scale = column - spec.columns().scales().from();
            double sign = spec.covariance() == Covariance.FULL ? -1 : 1;
            row[column] =
                scale < 0 ? location : sign * s * (scale < spec.scalesPerComponent() ? 1 : 0.7);
          }
          raw.add(row);
        }
      }
    }
    return new double[][][] {labels.toArray(double[][]::new), raw.toArray(double[][]::new)};
  }

  @ParameterizedTest
  @MethodSource("specs")
  void isFinite(MixtureSpec spec) {
    double[][][] rows = rows(spec);
    INDArray labels = PlainMixtureNll.array(rows[0], DataType.FLOAT);
    INDArray raw = PlainMixtureNll.array(rows[1], DataType.FLOAT);
    List<MixtureLikelihood> engines = Graphs.engines(spec);
    INDArray observed = Nd4j.ones(DataType.FLOAT, rows[0].length, TARGETS);
    for (int n = 0; n < rows[0].length; n += 2) {
      observed.putScalar(n, n / 2 % 2, 0);
    }
    for (MixtureLikelihood engine : engines) {
      assertFinite(engine.scoreAndGradient(labels, raw, null), engine, rows);
      if (spec.family() == ComponentFamily.GAUSSIAN) { // a mask acts on all families alike
        assertFinite(engine.scoreAndGradient(labels, raw, observed), engine, rows);
      }
    }
  }

  private static void assertFinite(
      ScoreAndGradient result, MixtureLikelihood engine, double[][][] rows) {
    double[] scores = result.score().toDoubleVector();
    double[][] gradient = PlainMixtureNll.matrix(result.gradient());
    for (int n = 0; n < scores.length; n++) {
      boolean finite =
          Double.isFinite(scores[n]) && Arrays.stream(gradient[n]).allMatch(Double::isFinite);
      int row = n;
      assertTrue(
          finite,
          () ->
              "%s, y = %s, raw output %s: score %s, gradient %s"
                  .formatted(
                      engine.getClass().getSimpleName(),
                      Arrays.toString(rows[0][row]),
                      Arrays.toString(rows[1][row]),
                      scores[row],
                      Arrays.toString(gradient[row])));
    }
  }

  /**
   * σ = f + exp(s) = 10⁻⁷ at s = −1000, which is read as −40: d NLL/ds = (1 − u²) exp(−40) / σ, and
   * d NLL/dμ̃ = −(u / σ) q', q' = 1 in the middle of the bounds.
   */
  @ParameterizedTest
  @ValueSource(doubles = {3e8, 1e10, -5e10})
  void isRightWhereALargeSquareMeetsASmallSlope(double y) {
    for (ScaleTransform transform : ScaleTransform.values()) {
      MixtureSpec spec =
          MixtureSpec.builder()
              .components(1)
              .scaleTransform(transform)
              .scaleFloor(1e-7)
              .locationBounds(new double[] {-1e4}, new double[] {1e4})
              .build();
      INDArray raw = Nd4j.createFromArray(new float[][] {{0, 0, -1000}});
      INDArray labels = Nd4j.createFromArray(new float[][] {{(float) y}});
      double[] gradient =
          new SameDiffLikelihood(spec)
              .scoreAndGradient(labels, raw, null)
              .gradient()
              .toDoubleMatrix()[0];
      double sigma = 1e-7 + Math.exp(-40);
      double u = (float) y / sigma;
      double ofLocation = -u / sigma;
      double ofScale = (1 - u * u) * Math.exp(-40) / sigma;
      assertEquals(ofLocation, gradient[1], 1e-5 * Math.abs(ofLocation), spec.toString());
      assertEquals(ofScale, gradient[2], 1e-5 * Math.abs(ofScale), spec.toString());
    }
  }

  /** At s = log f both parts of log(f + exp(s)) are the larger: the slope is ½ all the same. */
  @Test
  void logOfFloorAndExponentialHasAnEvenSlopeWhereTheyAreEqual() {
    for (DataType dtype : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
      MixtureSpec spec = MixtureSpec.builder().components(1).scaleFloor(1).build();
      INDArray raw = Nd4j.zeros(dtype, 1, 3);
      INDArray labels = Nd4j.valueArrayOf(new long[] {1, 1}, 6.0, dtype);
      double slope =
          new SameDiffLikelihood(spec)
              .scoreAndGradient(labels, raw, null)
              .gradient()
              .getDouble(0, 2);
      assertEquals(0.5 * (1 - 3 * 3), slope, dtype == DataType.FLOAT ? 1e-5 : 1e-12); // σ = 2
    }
  }
}
