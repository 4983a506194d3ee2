/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;
import org.mdn4j.RandomRows;
import org.mdn4j.distribution.components.FullGaussians;
import org.mdn4j.distribution.components.Triangle;
import org.nd4j.linalg.api.buffer.DataType;

/** Gaussians of full covariance against the textbook's formulas with inverses. */
class FullGaussiansTest {
  private static final double[][] SIGMA = {{4, -1.2, 0.6}, {-1.2, 1, 0.3}, {0.6, 0.3, 0.5}};
  private static final double[][] OTHER = {{1, 0.5, 0.1}, {0.5, 2, -0.4}, {0.1, -0.4, 0.3}};
  private static final double[] MU = {1, -2, 0.5};
  private static final double[] NU = {0, -1, 1};
  private static final double[] Y = {2.5, -3, 0.1};
  private static final Mixture ONE =
      Mixture.gaussian(new double[] {2}, new double[][] {MU}, new double[][][] {SIGMA});
  private static final Mixture TWO =
      Mixture.gaussian(
          new double[] {1, 3}, new double[][] {MU, NU}, new double[][][] {SIGMA, OTHER});

  private static RealMatrix matrix(double[][] values) {
    return MatrixUtils.createRealMatrix(values);
  }

  private static double logDeterminant(double[][] values) {
    return Math.log(new LUDecomposition(matrix(values)).getDeterminant());
  }

  private static double square(double[] r, double[][] covariance) {
    return MatrixUtils.createRealVector(r)
        .dotProduct(
            MatrixUtils.inverse(matrix(covariance)).operate(MatrixUtils.createRealVector(r)));
  }

  private static double[] minus(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> a[i] - b[i]).toArray();
  }

  private static void assertMatrix(double[][] expected, double[][] actual, double tolerance) {
    assertEquals(expected.length, actual.length);
    for (int d = 0; d < expected.length; d++) {
      assertArrayEquals(expected[d], actual[d], tolerance);
    }
  }

  @Test
  void densityMomentsAndEntropy() {
    double expected =
        -0.5 * square(minus(Y, MU), SIGMA)
            - 0.5 * logDeterminant(SIGMA)
            - 1.5 * Math.log(2 * Math.PI);
    assertEquals(expected, ONE.logDensity(Y), 1e-13 * Math.abs(expected));
    assertMatrix(SIGMA, ONE.covariance(), 1e-14 * 4);
    assertMatrix(SIGMA, ONE.covariances()[0], 1e-14 * 4);
    assertMatrix(OTHER, TWO.covariances()[1], 1e-14 * 4);
    assertArrayEquals(new double[] {2, 1, Math.sqrt(0.5)}, ONE.standardDeviations()[0], 1e-14);
    assertArrayEquals(new double[][] {MU, NU}, TWO.means());
    assertArrayEquals(new double[][] {MU, NU}, TWO.locations());
    double entropy = 0.5 * logDeterminant(SIGMA) + 1.5 * (1 + Math.log(2 * Math.PI));
    assertEquals(entropy, ONE.entropyBounds().lower(), 1e-13);
    assertEquals(entropy, ONE.entropyBounds().upper(), 1e-13);
    assertThrows(UnsupportedOperationException.class, ONE::scales);
    assertTrue(ONE.toString().contains("covariances"), ONE.toString());
  }

  @Test
  void divergenceAndBhattacharyyasDistance() {
    FullGaussians components =
        new FullGaussians(
            new double[][] {MU, NU},
            new double[][][] {Triangle.precisionFactor(SIGMA), Triangle.precisionFactor(OTHER)});
    RealMatrix product = MatrixUtils.inverse(matrix(OTHER)).multiply(matrix(SIGMA));
    double divergence =
        0.5
            * (product.getTrace()
                - 3
                + square(minus(MU, NU), OTHER)
                + logDeterminant(OTHER)
                - logDeterminant(SIGMA));
    assertEquals(divergence, components.klDivergence(0, components, 1), 1e-12 * divergence);
    assertEquals(0, components.klDivergence(1, components, 1), 1e-14);
    double[][] mean = matrix(SIGMA).add(matrix(OTHER)).scalarMultiply(0.5).getData();
    double distance =
        square(minus(MU, NU), mean) / 8
            + 0.5 * logDeterminant(mean)
            - 0.25 * (logDeterminant(SIGMA) + logDeterminant(OTHER));
    assertEquals(distance, components.bhattacharyyaDistance(0, 1), 1e-13);
    assertEquals(distance, components.bhattacharyyaDistance(1, 0), 1e-13);
    assertEquals(0, components.bhattacharyyaDistance(0, 0), 1e-14);
  }

  /** Σ_oo, and μ_r + Σ_rg Σ_gg⁻¹ (g − μ_g), Σ_rr − Σ_rg Σ_gg⁻¹ Σ_gr. */
  @Test
  void marginalsAndConditionals() {
    Mixture marginal = ONE.marginal(2, 0);
    assertMatrix(new double[][] {{0.5, 0.6}, {0.6, 4}}, marginal.covariance(), 1e-14 * 4);
    assertArrayEquals(new double[] {0.5, 1}, marginal.mean());
    assertEquals(1, ONE.marginal(1).standardDeviations()[0][0], 1e-14);

    int[] given = {2, 1};
    double[] values = {0.1, -3};
    double[][] inverse =
        MatrixUtils.inverse(matrix(new double[][] {{0.5, 0.3}, {0.3, 1}})).getData();
    double[] cross = {0.6, -1.2};
    double[] r = {0.1 - 0.5, -3 + 2};
    double mean = 1;
    double variance = 4;
    for (int i = 0; i < 2; i++) {
      for (int j = 0; j < 2; j++) {
        mean += cross[i] * inverse[i][j] * r[j];
        variance -= cross[i] * inverse[i][j] * cross[j];
      }
    }
    Mixture conditional = ONE.conditional(given, values);
    assertEquals(mean, conditional.mean()[0], 1e-13);
    assertEquals(variance, conditional.variance()[0], 1e-13);
    assertEquals(conditional.quantile(0.5), conditional.mean()[0], 1e-12); // one target answers all
  }

  @Test
  void diagonalCovariancesAreThoseOfIndependentTargets() {
    double[][][] diagonal = {{{4, 0}, {0, 0.25}}, {{1, 0}, {0, 9}}};
    double[][] means = {{0, 1}, {2, 3}};
    double[] weights = {1, 2};
    Mixture full = Mixture.gaussian(weights, means, diagonal);
    Mixture independent = Mixture.gaussian(weights, means, new double[][] {{2, 0.5}, {1, 3}});
    double[] y = {0.3, -1};
    assertEquals(independent.logDensity(y), full.logDensity(y), 1e-13);
    assertMatrix(independent.covariance(), full.covariance(), 1e-13);
    assertEquals(independent.entropyBounds().lower(), full.entropyBounds().lower(), 1e-13);
    assertEquals(independent.entropyBounds().upper(), full.entropyBounds().upper(), 1e-13);
    assertMatrix(independent.modes(), full.modes(), 1e-9);
    double[] infinite = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
    assertEquals(Double.NEGATIVE_INFINITY, full.logDensity(infinite));
  }

  @Test
  void unitsAndTemperature() {
    double[] scale = {-2, 10, 0.5};
    double[] shift = {1, 2, 3};
    Mixture changed = ONE.rescale(scale).shift(shift);
    double[][] covariance = changed.covariance();
    for (int d = 0; d < 3; d++) {
      assertEquals(shift[d] + scale[d] * MU[d], changed.mean()[d], 1e-14 * 20);
      for (int e = 0; e < 3; e++) {
        double expected = scale[d] * scale[e] * SIGMA[d][e];
        assertEquals(expected, covariance[d][e], 1e-13 * 100);
      }
    }
    double[][] wider = ONE.temperature(Temperature.of(3)).covariance();
    assertMatrix(matrix(SIGMA).scalarMultiply(3).getData(), wider, 1e-13 * 4);
  }

  /** A correlation of 1 − 1e-9: numbers that an inverse of Σ would not survive. */
  @ParameterizedTest
  @ValueSource(doubles = {1e-3, 1e-6, 1e-9})
  void correlationsNearOne(double lack) {
    double rho = 1 - lack;
    double[][][] covariance = {{{1, rho}, {rho, 1}}};
    Mixture line = Mixture.gaussian(new double[] {1}, new double[][] {{0, 0}}, covariance);
    double determinant = (1 - rho) * (1 + rho);
    for (double[] y : new double[][] {{1, 1}, {1, 1 + Math.sqrt(determinant)}, {-2, -2}}) {
      double difference = y[1] - rho * y[0];
      double expected =
          -Math.log(2 * Math.PI)
              - 0.5 * Math.log(determinant)
              - 0.5 * (y[0] * y[0] + difference / determinant * difference);
      assertEquals(expected, line.logDensity(y), 1e-12 / lack * 1e-3 + 1e-12 * Math.abs(expected));
    }
    assertMatrix(covariance[0], line.covariance(), 1e-12);
    Mixture conditional = line.conditional(new int[] {0}, new double[] {1.5});
    assertEquals(1.5 * rho, conditional.mean()[0], 1e-12);
    assertEquals(determinant, conditional.variance()[0], 1e-6 * determinant);
    assertEquals(1, line.marginal(1).standardDeviations()[0][0], 1e-12);
  }

  /** Against Σ = (L Lᵀ)⁻¹ of the raw output's columns. */
  @ParameterizedTest
  @CsvSource({"2, 0", "3, 0.2", "8, 0"})
  void rowsOfAnOutput(int targets, double floor) {
    MixtureSpec spec =
        MixtureSpec.builder()
            .components(2)
            .targets(targets)
            .covariance(Covariance.FULL)
            .scaleFloor(floor)
            .build();
    RandomRows rows = RandomRows.of(spec, 3, 1, 4, DataType.DOUBLE);
    MixtureBatch batch = MixtureBatch.of(spec, rows.raw());
    for (int n = 0; n < 3; n++) {
      double[] raw = rows.raw().getRow(n).toDoubleVector();
      for (int k = 0; k < 2; k++) {
        double[][] factor = new double[targets][targets];
        for (int d = 0; d < targets; d++) {
          for (int e = 0; e <= d; e++) {
            double l = raw[spec.columns().cholesky(k, d, e)];
            factor[d][e] = d == e ? 1 / (floor + Math.exp(-l)) : l;
          }
        }
        RealMatrix precision = matrix(factor).multiply(matrix(factor).transpose());
        double[][] expected = MatrixUtils.inverse(precision).getData();
        double size =
            Arrays.stream(expected).flatMapToDouble(Arrays::stream).map(Math::abs).max().orElse(1);
        assertMatrix(expected, batch.get(n).covariances()[k], 1e-10 * size);
      }
    }
  }

  @Test
  void samplesOfABatchAreThoseOfItsRows() {
    MixtureSpec spec =
        MixtureSpec.builder().components(3).targets(2).covariance(Covariance.FULL).build();
    MixtureBatch batch = MixtureBatch.of(spec, RandomRows.of(spec, 4, 1, 5, DataType.DOUBLE).raw());
    double[][] first = batch.get(0).sample(3, RandomSource.XO_RO_SHI_RO_128_PP.create(42L));
    assertArrayEquals(first, batch.sample(3, 42).slice(0).toDoubleMatrix());
  }

  @Test
  void mistakesAreNamed() {
    double[] one = {1};
    double[][] mean = {{0, 0}};
    refuses("positive definite", () -> make(one, mean, new double[][] {{1, 2}, {2, 1}}));
    refuses("positive definite", () -> make(one, mean, new double[][] {{1, 0}, {0, Double.NaN}}));
    refuses("symmetric", () -> make(one, mean, new double[][] {{1, 0.5}, {0.4, 1}}));
    refuses("2 rows and columns", () -> make(one, mean, new double[][] {{1}}));
    refuses("2 covariances", () -> make(new double[] {1, 1}, new double[][] {{0}, {0}}, SIGMA));
    Mixture independent = Mixture.gaussian(one, mean, new double[][] {{1, 1}});
    Mixture full = make(one, mean, new double[][] {{1, 0}, {0, 1}});
    refuses("full GAUSSIAN", () -> independent.variationalKlDivergence(full));
  }

  private static Mixture make(double[] weights, double[][] means, double[][] covariance) {
    return Mixture.gaussian(weights, means, new double[][][] {covariance});
  }

  private static void refuses(String message, Executable mistake) {
    Exception e = assertThrows(IllegalArgumentException.class, mistake);
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  /**
   * The square of 1e-170 is below all doubles, and so is what a covariance is made of on its way.
   */
  @Test
  void momentsAreRightInUnitsOfAnySize() {
    Mixture mixture =
        Mixture.gaussian(
            new double[] {1}, new double[][] {{0, 0}}, new double[][][] {{{1, 0.9}, {0.9, 1}}});
    for (double size : new double[] {1e-300, 1e-170, 1e-140, 1, 1e170, 1e300}) {
      Mixture there = mixture.rescale(size, 1 / size);
      assertEquals(size, there.standardDeviations()[0][0], 1e-14 * size);
      assertEquals(1 / size, there.standardDeviations()[0][1], 1e-14 / size);
      assertEquals(0.9, there.covariance()[0][1], 1e-14);
    }
  }
}
