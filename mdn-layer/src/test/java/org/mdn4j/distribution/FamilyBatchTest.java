/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;
import org.mdn4j.PlainMixtureScore;
import org.mdn4j.RandomRows;
import org.mdn4j.likelihood.Graphs;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Raw outputs of every specification, read as mixtures. */
@Tag("slow")
class FamilyBatchTest {
  private static final int ROWS = 7;

  /** The training loss and the distribution are written apart and must mean the same columns. */
  @ParameterizedTest
  @MethodSource("org.mdn4j.likelihood.FamilyLikelihoodTest#specs")
  void logDensityIsMinusTheLikelihoodsScore(MixtureSpec spec) {
    for (DataType dtype : new DataType[] {DataType.DOUBLE, DataType.FLOAT}) {
      RandomRows rows = RandomRows.of(spec, ROWS, 5, 3, dtype);
      INDArray score = Graphs.of(spec).score(rows.labels(), rows.raw(), null);
      MixtureBatch batch = MixtureBatch.of(spec, rows.raw());
      INDArray logDensity = batch.logDensity(rows.labels());
      double[][] raw = rows.raw().castTo(DataType.DOUBLE).toDoubleMatrix();
      double[][] labels = rows.labels().castTo(DataType.DOUBLE).toDoubleMatrix();
      for (int n = 0; n < ROWS; n++) {
        double expected = PlainMixtureScore.of(spec, labels[n], raw[n], null);
        double size = Math.max(1, Math.abs(expected));
        double tolerance = dtype == DataType.DOUBLE ? 1e-10 : 2e-4;
        assertEquals(-expected, logDensity.getDouble(n), 1e-10 * size);
        assertEquals(-score.getDouble(n), logDensity.getDouble(n), tolerance * size);
        assertEquals(logDensity.getDouble(n), batch.get(n).logDensity(labels[n]), 0);
      }
    }
  }

  /** Scale parameters out of the range that is read, and the heaviest and lightest tails. */
  @ParameterizedTest
  @MethodSource("org.mdn4j.likelihood.FamilyLikelihoodTest#specs")
  void extremeOutputsToo(MixtureSpec spec) {
    int first = spec.columns().locations().to();
    int columns = spec.parameterCount() - first; // none where all is fixed
    double[] extremes = {-1e3, -30, -9, 9, 19, 1e3};
    RandomRows rows = RandomRows.of(spec, ROWS * extremes.length, 5, 4, DataType.DOUBLE);
    INDArray raw = rows.raw().dup();
    for (int n = 0; n < ROWS * extremes.length && columns > 0; n++) {
      raw.putScalar(n, first + n % ROWS % columns, extremes[n / ROWS]);
    }
    INDArray score = Graphs.of(spec).score(rows.labels(), raw, null);
    INDArray logDensity = MixtureBatch.of(spec, raw).logDensity(rows.labels());
    // In the graph a rounding of log(1 + w²) comes ν/2 times, with ν up to 6.6e7.
    double tolerance = spec.learnsDegreesOfFreedom() ? 1e-8 : 1e-10;
    for (int n = 0; n < ROWS * extremes.length; n++) {
      // Beyond 1e290 the likelihood counts distances as less.
      if (score.getDouble(n) < 1e290) {
        double size = Math.max(1, Math.abs(score.getDouble(n)));
        assertEquals(-score.getDouble(n), logDensity.getDouble(n), tolerance * size);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("org.mdn4j.likelihood.FamilyLikelihoodTest#specs")
  void aRowHasTheParametersOfItsColumns(MixtureSpec spec) {
    RandomRows rows = RandomRows.of(spec, 2, 5, 5, DataType.DOUBLE);
    double[] raw = rows.raw().getRow(1).toDoubleVector();
    Mixture mixture = MixtureBatch.of(spec, rows.raw()).get(1);
    assertEquals(spec.family(), mixture.family());
    for (int k = 0; k < spec.components(); k++) {
      for (int d = 0; d < spec.targets(); d++) {
        assertEquals(raw[spec.columns().location(k, d)], mixture.locations()[k][d], 0);
        if (spec.covariance() != Covariance.FULL) {
          double scale =
              spec.fixedScales().isPresent()
                  ? spec.fixedScale(k, d)
                  : spec.scale(raw[spec.columns().scale(k, d)]);
          assertEquals(scale, mixture.scales()[k][d], 0);
        }
      }
      double degrees =
          spec.learnsDegreesOfFreedom()
              ? Math.exp(raw[spec.columns().degreesOfFreedom().from() + k])
              : spec.degreesOfFreedom().orElse(Double.POSITIVE_INFINITY);
      assertEquals(degrees, mixture.degreesOfFreedom()[k], 1e-15 * degrees);
    }
  }

  /** σ by √τ, κ by 1/τ, α by τ; and again from the learned scales at the next temperature. */
  @ParameterizedTest
  @MethodSource("org.mdn4j.likelihood.FamilyLikelihoodTest#specs")
  void temperaturesAndSamplesAreThoseOfEachRow(MixtureSpec spec) {
    MixtureBatch batch =
        MixtureBatch.of(spec, RandomRows.of(spec, ROWS, 5, 6, DataType.DOUBLE).raw());
    MixtureBatch warm = batch.temperature(Temperature.of(2));
    for (int n = 0; n < ROWS; n++) {
      Mixture expected = batch.get(n).temperature(Temperature.of(2));
      double[] y = batch.get(n).sample(1, RandomSource.XO_RO_SHI_RO_128_PP.create(n))[0];
      assertEquals(expected.logDensity(y), warm.get(n).logDensity(y), 1e-12);
      if (spec.covariance() != Covariance.FULL) {
        double factor =
            switch (spec.family()) {
              case VON_MISES -> 0.5;
              case NEGATIVE_BINOMIAL -> 2;
              default -> Math.sqrt(2);
            };
        double scale = batch.get(n).scales()[0][0];
        assertEquals(factor * scale, warm.get(n).scales()[0][0], 1e-14 * factor * scale);
      }
    }
    INDArray samples = warm.sample(2, 9);
    double[][] first = warm.get(0).sample(2, RandomSource.XO_RO_SHI_RO_128_PP.create(9L));
    assertArrayEquals(first, samples.slice(0).toDoubleMatrix());
    assertEquals(samples, warm.sample(2, 9));
  }

  @ParameterizedTest
  @MethodSource("org.mdn4j.likelihood.FamilyLikelihoodTest#specs")
  void averagesHoldTheComponentsOfAll(MixtureSpec spec) {
    RandomRows rows = RandomRows.of(spec, ROWS, 5, 7, DataType.DOUBLE);
    MixtureBatch one = MixtureBatch.of(spec, rows.raw());
    MixtureBatch other =
        MixtureBatch.of(spec, RandomRows.of(spec, ROWS, 5, 8, DataType.DOUBLE).raw());
    INDArray together = MixtureBatch.average(one, other).logDensity(rows.labels());
    for (int n = 0; n < ROWS; n++) {
      double[] y = rows.labels().getRow(n).toDoubleVector();
      double expected = Math.log(0.5 * one.get(n).density(y) + 0.5 * other.get(n).density(y));
      assertEquals(expected, together.getDouble(n), 1e-11 * (1 + Math.abs(expected)));
    }
  }

  @Test
  void averagesAreOfOneType() {
    MixtureBatch[] batches =
        Arrays.stream(new ComponentFamily[] {ComponentFamily.GAUSSIAN, ComponentFamily.LAPLACE})
            .map(family -> MixtureSpec.builder().components(2).targets(2).family(family).build())
            .map(spec -> MixtureBatch.of(spec, Nd4j.zeros(DataType.DOUBLE, 3, 10)))
            .toArray(MixtureBatch[]::new);
    Exception e = assertThrows(IllegalArgumentException.class, () -> MixtureBatch.average(batches));
    assertTrue(e.getMessage().contains("got GAUSSIAN and LAPLACE"), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"LOG_NORMAL, 1, 2, shift 0", "LOG_NORMAL, 0, -2, shift 0", "VON_MISES, 0, 2, turned"})
  void unitsThatAFamilyIsNotClosedUnderAreRefusedAtOnce(
      ComponentFamily family, double shift, double scale, String message) {
    MixtureSpec spec = MixtureSpec.builder().components(2).family(family).build();
    MixtureBatch batch = MixtureBatch.of(spec, Nd4j.zeros(DataType.DOUBLE, 3, 6));
    Exception e =
        assertThrows(IllegalArgumentException.class, () -> batch.rescale(scale).shift(shift));
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  @Test
  void meansThatDoNotExistAreRefused() {
    MixtureSpec spec =
        MixtureSpec.builder().components(2).family(ComponentFamily.STUDENT_T).build();
    INDArray raw = Nd4j.zeros(DataType.DOUBLE, 3, spec.parameterCount()); // ν = 1
    MixtureBatch batch = MixtureBatch.of(spec, raw);
    assertThrows(UnsupportedOperationException.class, batch::mean);
    assertThrows(UnsupportedOperationException.class, batch::variance);
    assertEquals(0, batch.quantile(0.5).getDouble(0), 1e-15);
  }
}
