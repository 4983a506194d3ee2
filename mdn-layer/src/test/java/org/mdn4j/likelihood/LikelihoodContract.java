/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureLikelihood;
import org.mdn4j.MixtureSpec;
import org.mdn4j.PlainMixtureNll;
import org.mdn4j.RandomRows;
import org.mdn4j.ScoreAndGradient;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What every likelihood must give: values against the textbook's formula, finite differences, and
 * the integral of the density.
 */
public abstract class LikelihoodContract {
  private static final int ROWS = 8;

  protected abstract MixtureLikelihood likelihood(MixtureSpec spec);

  static List<MixtureSpec> grid() {
    List<MixtureSpec> specs = new ArrayList<>();
    for (int components : new int[] {1, 2, 5, 20}) {
      for (int targets : new int[] {1, 3}) {
        for (Covariance covariance : new Covariance[] {Covariance.SPHERICAL, Covariance.DIAGONAL}) {
          for (double floor : new double[] {0, 0.1}) {
            specs.add(
                MixtureSpec.builder()
                    .components(components)
                    .targets(targets)
                    .covariance(covariance)
                    .scaleFloor(floor)
                    .build());
          }
        }
      }
    }
    return specs;
  }

  /**
   * 1e-10: a sum of some 60 terms of size up to 100, each right to 1e-16, leaves room for 1e-12.
   */
  @ParameterizedTest
  @MethodSource("grid")
  void doubleAgreesWithThePlainFormula(MixtureSpec spec) {
    assertAgrees(spec, DataType.DOUBLE, 1e-10);
  }

  /**
   * 2e-4: at 10 σ, ½u² = 50 carries a rounding of a few 1e-6, which the responsibilities inherit as
   * a relative error.
   */
  @ParameterizedTest
  @MethodSource("grid")
  void floatAgreesWithThePlainFormula(MixtureSpec spec) {
    assertAgrees(spec, DataType.FLOAT, 2e-4);
  }

  /** Another for each specification, and not of the specification's own making. */
  private static long seed(MixtureSpec spec) {
    return Objects.hash(
        spec.components(), spec.targets(), spec.covariance().name(), spec.scaleFloor());
  }

  private void assertAgrees(MixtureSpec spec, DataType dtype, double tolerance) {
    MixtureLikelihood likelihood = likelihood(spec);
    RandomRows rows = RandomRows.of(spec, ROWS, 10, seed(spec), dtype);
    for (INDArray observed : Arrays.asList(null, rows.observed())) {
      PlainMixtureNll[] expected = PlainMixtureNll.rows(spec, rows.labels(), rows.raw(), observed);
      ScoreAndGradient actual = likelihood.scoreAndGradient(rows.labels(), rows.raw(), observed);
      INDArray scoreAlone = likelihood.score(rows.labels(), rows.raw(), observed);
      assertArrayEquals(new long[] {ROWS}, actual.score().shape());
      assertArrayEquals(new long[] {ROWS}, scoreAlone.shape());
      assertArrayEquals(new long[] {ROWS, spec.parameterCount()}, actual.gradient().shape());
      assertEquals(dtype, actual.score().dataType());
      assertEquals(dtype, actual.gradient().dataType());
      for (int n = 0; n < ROWS; n++) {
        double score = expected[n].score();
        assertEquals(score, actual.score().getDouble(n), tolerance * Math.max(1, Math.abs(score)));
        assertEquals(actual.score().getDouble(n), scoreAlone.getDouble(n), 0);
        assertClose(
            expected[n].gradient(), actual.gradient().getRow(n).toDoubleVector(), tolerance, n);
      }
    }
  }

  /**
   * Entry by entry, relative to the row's largest; where nothing is observed the true gradient is
   * 0, and what is left of π − r is of the size of the dtype's ε.
   */
  private static void assertClose(double[] expected, double[] actual, double tolerance, int row) {
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    largest = Math.max(largest, 1e-3);
    for (int column = 0; column < expected.length; column++) {
      assertEquals(
          expected[column], actual[column], tolerance * largest, "row " + row + ", " + column);
    }
  }

  /**
   * Central differences of the score with h = 1e-5, targets within 3 σ: the truncation h²/6 |f'''|
   * stays below 1e-7 (f''' < 4000), the rounding ε |f| / h below 1e-9; 1e-6 leaves room.
   */
  @ParameterizedTest
  @MethodSource("grid")
  void gradientIsTheDerivativeOfTheScore(MixtureSpec spec) {
    double h = 1e-5;
    int columns = spec.parameterCount();
    RandomRows row = RandomRows.of(spec, 2, 3, 7, DataType.DOUBLE);
    INDArray raw = row.raw().getRow(0, true);
    INDArray label = row.labels().getRow(0, true);
    INDArray steps = Nd4j.eye(columns).castTo(DataType.DOUBLE).mul(h);
    INDArray moved = // a step up and a step down in each column: [2P, P]
        Nd4j.vstack(steps, steps.neg()).addRowVector(raw);
    INDArray labels =
        PlainMixtureNll.repeated(label.toDoubleVector(), 2 * columns, DataType.DOUBLE);
    INDArray lastMissing = Nd4j.ones(DataType.DOUBLE, 1, spec.targets());
    lastMissing.putScalar(0, spec.targets() - 1, 0);
    for (INDArray observed : Arrays.asList(null, lastMissing)) {
      INDArray each =
          observed == null
              ? null
              : PlainMixtureNll.repeated(observed.toDoubleVector(), 2 * columns, DataType.DOUBLE);
      INDArray gradient = likelihood(spec).scoreAndGradient(label, raw, observed).gradient();
      INDArray scores = likelihood(spec).score(labels, moved, each);
      double largest = Math.max(1, gradient.amaxNumber().doubleValue());
      for (int column = 0; column < columns; column++) {
        double numeric = (scores.getDouble(column) - scores.getDouble(columns + column)) / (2 * h);
        assertEquals(numeric, gradient.getDouble(0, column), 1e-6 * largest, "column " + column);
      }
    }
  }

  /**
   * A trapezoid sum over ±60 in steps of 0.05. With σ ≥ e⁻¹ its error, about exp(−2π²(σ/h)²), and
   * the mass outside (more than 20 σ away) are both below 1e-100; FLOAT's rounding of each density
   * is about 1e-6 relative and of random sign.
   */
  @ParameterizedTest
  @CsvSource({
    "1, 0, DOUBLE, 1e-6",
    "3, 0, DOUBLE, 1e-6",
    "3, 0.1, DOUBLE, 1e-6",
    "20, 0, DOUBLE, 1e-6",
    "5, 0, FLOAT, 2e-6"
  })
  void densityIntegratesToOne(int components, double floor, DataType dtype, double tolerance) {
    MixtureSpec spec = MixtureSpec.builder().components(components).scaleFloor(floor).build();
    int points = 2401;
    double step = 0.05;
    INDArray y = Nd4j.linspace(DataType.DOUBLE, -60, step, points).reshape(points, 1);
    MixtureLikelihood likelihood = likelihood(spec);
    for (int seed = 0; seed < 3; seed++) {
      INDArray raw = RandomRows.of(spec, 1, 1, seed, dtype).raw();
      INDArray rows = PlainMixtureNll.repeated(raw.toDoubleVector(), points, dtype);
      INDArray score = likelihood.score(y, rows, null);
      double integral = 0;
      for (int n = 0; n < points; n++) {
        integral += step * Math.exp(-score.getDouble(n));
      }
      assertEquals(1, integral, tolerance);
    }
  }

  /** A target that is not observed must not matter, whatever stands in its place. */
  @ParameterizedTest
  @CsvSource({"SPHERICAL", "DIAGONAL"})
  void aMissingTargetLeavesTheMarginal(Covariance covariance) {
    MixtureSpec spec =
        MixtureSpec.builder().components(3).targets(2).covariance(covariance).build();
    MixtureSpec marginal =
        MixtureSpec.builder().components(3).targets(1).covariance(covariance).build();
    RandomRows rows = RandomRows.of(spec, 6, 3, 5, DataType.DOUBLE);
    double[][] raw = PlainMixtureNll.matrix(rows.raw());
    double[][] first = new double[6][marginal.parameterCount()];
    for (int n = 0; n < 6; n++) {
      for (int k = 0; k < 3; k++) {
        first[n][k] = raw[n][k];
        first[n][3 + k] = raw[n][spec.columns().location(k, 0)];
        first[n][6 + k] = raw[n][spec.columns().scale(k, 0)];
      }
    }
    INDArray observed = Nd4j.createFromArray(new double[][] {{1, 0}}).repeat(0, 6);
    INDArray whole = likelihood(spec).score(rows.labels(), rows.raw(), observed.reshape(6, 2));
    INDArray alone =
        likelihood(marginal)
            .score(rows.labels().getColumn(0, true), Nd4j.createFromArray(first), null);
    assertArrayEquals(alone.toDoubleVector(), whole.toDoubleVector(), 1e-12);
    assertTrue(alone.amaxNumber().doubleValue() > 0.1);
  }
}
