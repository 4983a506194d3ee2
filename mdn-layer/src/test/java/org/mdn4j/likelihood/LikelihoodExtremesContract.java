/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureLikelihood;
import org.mdn4j.MixtureSpec;
import org.mdn4j.PlainMixtureNll;
import org.mdn4j.RandomRows;
import org.mdn4j.ScoreAndGradient;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** No NaN, no infinity, however far the net has gone; and NaN where the net itself has diverged. */
public abstract class LikelihoodExtremesContract {
  private static final double[] LOGITS = {0, 1e4, -1e4};
  private static final double[] SCALES = {0, 20, -20};
  private static final double[] DISTANCES = {0, 1, 1e6, -1e6};

  private static final MixtureSpec TWO = MixtureSpec.builder().components(2).build();

  protected abstract MixtureLikelihood likelihood(MixtureSpec spec);

  static List<Arguments> shapes() {
    List<Arguments> shapes = new ArrayList<>();
    for (DataType dtype : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
      for (int components : new int[] {1, 100}) {
        for (int targets : new int[] {1, 3}) {
          for (Covariance covariance :
              new Covariance[] {Covariance.SPHERICAL, Covariance.DIAGONAL}) {
            for (double floor : new double[] {0, 0.1}) {
              MixtureSpec spec =
                  MixtureSpec.builder()
                      .components(components)
                      .targets(targets)
                      .covariance(covariance)
                      .scaleFloor(floor)
                      .build();
              shapes.add(Arguments.of(spec, dtype));
            }
          }
        }
      }
    }
    return shapes;
  }

  /** All combinations of logits, scale parameters (one sign, or alternating) and distances. */
  @ParameterizedTest
  @MethodSource("shapes")
  void extremesStayFinite(MixtureSpec spec, DataType dtype) {
    List<double[]> raw = new ArrayList<>();
    List<double[]> labels = new ArrayList<>();
    for (double logit : LOGITS) {
      for (double scale : SCALES) {
        for (double distance : DISTANCES) {
          for (int alternate : new int[] {1, -1}) {
            double[] row = new double[spec.parameterCount()];
            double[] label = new double[spec.targets()];
            for (int k = 0; k < spec.components(); k++) {
              double sign = k % 2 == 0 ? 1 : alternate;
              row[k] = sign * logit;
              for (int d = 0; d < spec.targets(); d++) {
                row[spec.columns().location(k, d)] = 0.01 * k;
                row[spec.columns().scale(k, d)] = sign * scale;
                label[d] = distance * (spec.scaleFloor() + Math.exp(scale));
              }
            }
            raw.add(row);
            labels.add(label);
          }
        }
      }
    }
    INDArray outputs = PlainMixtureNll.array(raw.toArray(double[][]::new), dtype);
    INDArray targets = PlainMixtureNll.array(labels.toArray(double[][]::new), dtype);
    MixtureLikelihood likelihood = likelihood(spec);
    assertFinite(likelihood.scoreAndGradient(targets, outputs, null));
    assertFinite(likelihood.scoreAndGradient(targets, outputs, targets.mul(0)));
  }

  @ParameterizedTest
  @CsvSource({
    "FLOAT, SPHERICAL, 0", "FLOAT, DIAGONAL, 0", "FLOAT, DIAGONAL, 0.1",
    "DOUBLE, SPHERICAL, 0", "DOUBLE, DIAGONAL, 0", "DOUBLE, DIAGONAL, 0.1"
  })
  void aRandomSweepStaysFinite(DataType dtype, Covariance covariance, double floor) {
    MixtureSpec spec =
        MixtureSpec.builder()
            .components(5)
            .targets(3)
            .covariance(covariance)
            .scaleFloor(floor)
            .build();
    Random random = new Random(11);
    double[][] raw = new double[2000][spec.parameterCount()];
    double[][] labels = new double[2000][3];
    for (int n = 0; n < raw.length; n++) {
      for (int column = 0; column < raw[n].length; column++) {
        double size = column < spec.columns().scales().from() ? 1e4 : 1e3;
        raw[n][column] = size * (2 * random.nextDouble() - 1);
      }
      for (int d = 0; d < 3; d++) { // ±10^-15 to ±10^15, all magnitudes alike
        double magnitude = Math.pow(10, 30 * random.nextDouble() - 15);
        labels[n][d] = random.nextBoolean() ? magnitude : -magnitude;
      }
    }
    assertFinite(
        likelihood(spec)
            .scoreAndGradient(
                PlainMixtureNll.array(labels, dtype), PlainMixtureNll.array(raw, dtype), null));
  }

  /** With many targets, each at FLOAT's limit, the sum over targets must not overflow either. */
  @ParameterizedTest
  @ValueSource(ints = {3, 400})
  void manyTargetsAtTheLimitStayFinite(int targets) {
    MixtureSpec spec = MixtureSpec.builder().components(2).targets(targets).build();
    INDArray raw = Nd4j.zeros(DataType.FLOAT, 2, spec.parameterCount());
    INDArray labels = Nd4j.valueArrayOf(new long[] {2, targets}, 9e18, DataType.FLOAT);
    assertFinite(likelihood(spec).scoreAndGradient(labels, raw, null));
  }

  private static void assertFinite(ScoreAndGradient result) {
    for (INDArray array : List.of(result.score(), result.gradient().reshape(-1))) {
      double[] values = array.toDoubleVector();
      long bad = Arrays.stream(values).filter(value -> !Double.isFinite(value)).count();
      assertEquals(0, bad, () -> "not finite of " + values.length);
    }
  }

  /** Logits of ±1e4 choose components; what they choose is scored to the dtype's usual accuracy. */
  @ParameterizedTest
  @CsvSource({"FLOAT, 2e-4", "DOUBLE, 1e-10"})
  void valuesAtExtremeLogitsAgreeWithThePlainFormula(DataType dtype, double tolerance) {
    MixtureSpec spec = MixtureSpec.builder().components(4).targets(2).build();
    RandomRows rows = RandomRows.of(spec, 16, 5, 3, dtype);
    for (int n = 0; n < 16; n++) { // each subset of the components once
      for (int k = 0; k < 4; k++) {
        rows.raw().putScalar(n, k, (n >> k & 1) == 1 ? 1e4 : -1e4);
      }
    }
    PlainMixtureNll[] expected = PlainMixtureNll.rows(spec, rows.labels(), rows.raw(), null);
    ScoreAndGradient actual = likelihood(spec).scoreAndGradient(rows.labels(), rows.raw(), null);
    assertFinite(actual);
    for (int n = 0; n < 16; n++) {
      double score = expected[n].score();
      assertEquals(score, actual.score().getDouble(n), tolerance * Math.max(1, Math.abs(score)));
      double largest = Arrays.stream(expected[n].gradient()).map(Math::abs).max().orElseThrow();
      assertArrayEquals(
          expected[n].gradient(),
          actual.gradient().getRow(n).toDoubleVector(),
          tolerance * largest);
    }
  }

  /** In FLOAT, 1e6 σ away, ½u² = 5e11 is exact to 1e-7 relative. */
  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void aFarTargetPullsAsStronglyAsTheFormulaSays(DataType dtype) {
    MixtureSpec spec = MixtureSpec.builder().components(1).build();
    INDArray raw = PlainMixtureNll.array(new double[][] {{0, 0, -2}}, dtype);
    INDArray label = PlainMixtureNll.array(new double[][] {{1e6 * Math.exp(-2)}}, dtype);
    ScoreAndGradient actual = likelihood(spec).scoreAndGradient(label, raw, null);
    PlainMixtureNll expected = PlainMixtureNll.rows(spec, label, raw, null)[0];
    assertEquals(1, actual.score().getDouble(0) / expected.score(), 1e-6);
    for (int column = 1; column < 3; column++) {
      assertEquals(1, actual.gradient().getDouble(0, column) / expected.gradient()[column], 1e-6);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "NaN, 0",
    "NaN, 2",
    "NaN, 5",
    "Infinity, 0",
    "Infinity, 3",
    "Infinity, 5",
    "-Infinity, 1",
    "-Infinity, 2",
    "-Infinity, 4"
  })
  void anInvalidRowIsNaNAndNoOther(double value, int column) {
    MixtureSpec spec = TWO;
    for (DataType dtype : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
      RandomRows rows = RandomRows.of(spec, 4, 3, 1, dtype);
      MixtureLikelihood likelihood = likelihood(spec);
      ScoreAndGradient clean = likelihood.scoreAndGradient(rows.labels(), rows.raw(), null);
      INDArray raw = rows.raw().dup();
      raw.putScalar(2, column, value);
      ScoreAndGradient actual = likelihood.scoreAndGradient(rows.labels(), raw, null);
      INDArray scoreAlone = likelihood.score(rows.labels(), raw, null);
      for (int n = 0; n < 4; n++) {
        double[] gradient = actual.gradient().getRow(n).toDoubleVector();
        if (n == 2) {
          assertTrue(Double.isNaN(actual.score().getDouble(n)));
          assertTrue(Double.isNaN(scoreAlone.getDouble(n)));
          assertTrue(Arrays.stream(gradient).allMatch(Double::isNaN), Arrays.toString(gradient));
        } else {
          assertEquals(clean.score().getDouble(n), actual.score().getDouble(n));
          assertEquals(clean.score().getDouble(n), scoreAlone.getDouble(n));
          assertArrayEquals(clean.gradient().getRow(n).toDoubleVector(), gradient);
        }
      }
    }
  }

  /** A row of finite values whose sum overflows its dtype is no invalid row. */
  @ParameterizedTest
  @CsvSource({"HALF, 1e4", "FLOAT, 3e38", "DOUBLE, 1e308"})
  void largeFiniteLogitsAreNoInvalidRow(DataType dtype, double logit) {
    MixtureSpec spec = MixtureSpec.builder().components(20).build();
    INDArray raw = Nd4j.zeros(dtype, 2, spec.parameterCount());
    for (int k = 0; k < 20; k++) {
      raw.putScalar(1, k, logit);
    }
    INDArray labels = Nd4j.zeros(dtype, 2, 1);
    ScoreAndGradient actual = likelihood(spec).scoreAndGradient(labels, raw, null);
    assertFinite(actual);
    // Equal logits are equal weights, however large: both rows are a standard normal at 0.
    assertEquals(0.5 * Math.log(2 * Math.PI), actual.score().getDouble(0), 1e-6);
    assertEquals(0.5 * Math.log(2 * Math.PI), actual.score().getDouble(1), 1e-6);
  }
}
