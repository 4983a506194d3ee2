/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.Stream;
import org.apache.commons.math3.distribution.LaplaceDistribution;
import org.apache.commons.math3.distribution.LogisticDistribution;
import org.apache.commons.math3.distribution.MultivariateNormalDistribution;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.distribution.RealDistribution;
import org.apache.commons.math3.special.Gamma;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;
import org.mdn4j.MixtureSpecBuilder;
import org.mdn4j.RandomRows;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Mixtures with one wide component more. */
class ContaminatedTest {
  private static final double SHARE = 0.06;
  private static final int ROWS = 7;

  private static MixtureSpecBuilder spec(ComponentFamily family, int targets) {
    return MixtureSpec.builder().components(4).targets(targets).family(family).scaleFloor(0.1);
  }

  private static MixtureBatch batch(MixtureSpec spec) {
    return MixtureBatch.of(spec, RandomRows.of(spec, ROWS, 3, 11, DataType.DOUBLE).raw());
  }

  static Stream<MixtureSpec> specs() {
    return Stream.of(
        spec(ComponentFamily.GAUSSIAN, 1).build(),
        spec(ComponentFamily.GAUSSIAN, 3).covariance(Covariance.SPHERICAL).build(),
        spec(ComponentFamily.GAUSSIAN, 3).covariance(Covariance.FULL).build(),
        spec(ComponentFamily.LAPLACE, 2).build(),
        spec(ComponentFamily.LOGISTIC, 1).build(),
        spec(ComponentFamily.NEGATIVE_BINOMIAL, 1).build(),
        spec(ComponentFamily.GAUSSIAN, 1).scaleCeiling(2).build());
  }

  @ParameterizedTest
  @MethodSource("specs")
  void meansStayAndVariancesGrowByEightShares(MixtureSpec spec) {
    MixtureBatch clean = batch(spec);
    MixtureBatch dirty = clean.contaminated(SHARE);
    assertEquals(ROWS, dirty.size());
    assertEquals(5, dirty.components());
    for (int n = 0; n < ROWS; n++) {
      double[] mean = clean.get(n).mean();
      assertArrayEquals(mean, dirty.get(n).mean(), 1e-12 * (1 + Math.abs(mean[0])));
      for (int d = 0; d < spec.targets(); d++) {
        double expected = (1 + 8 * SHARE) * clean.get(n).variance()[d];
        assertEquals(expected, dirty.get(n).variance()[d], 1e-11 * expected);
      }
      double[] weights = dirty.get(n).weights();
      assertEquals(SHARE, weights[4], 1e-15);
      assertEquals(1, Arrays.stream(weights).sum(), 1e-14);
    }
  }

  /** The wide component by another library, from mean and variance alone. */
  @ParameterizedTest
  @EnumSource(
      value = ComponentFamily.class,
      names = {"GAUSSIAN", "LAPLACE", "LOGISTIC"})
  void densityAndCdfAreThoseOfTheTwoParts(ComponentFamily family) {
    MixtureBatch clean = batch(spec(family, 1).build());
    MixtureBatch dirty = clean.contaminated(SHARE);
    for (int n = 0; n < ROWS; n++) {
      Mixture one = clean.get(n);
      double mean = one.mean()[0];
      double deviation = 3 * Math.sqrt(one.variance()[0]);
      RealDistribution wide =
          switch (family) {
            case LAPLACE -> new LaplaceDistribution(mean, deviation / Math.sqrt(2));
            case LOGISTIC -> new LogisticDistribution(mean, deviation * Math.sqrt(3) / Math.PI);
            default -> new NormalDistribution(mean, deviation);
          };
      for (double u : new double[] {-9, -3, -0.5, 0, 0.3, 2, 7}) {
        double y = mean + u * deviation;
        double density = (1 - SHARE) * one.density(y) + SHARE * wide.density(y);
        assertEquals(density, dirty.get(n).density(y), 1e-12 * density);
        double cdf = (1 - SHARE) * one.cdf(y) + SHARE * wide.cumulativeProbability(y);
        assertEquals(cdf, dirty.get(n).cdf(y), 1e-12);
      }
    }
  }

  @Test
  void aFullCovarianceKeepsItsCorrelations() {
    MixtureBatch clean =
        batch(spec(ComponentFamily.GAUSSIAN, 3).covariance(Covariance.FULL).build());
    MixtureBatch dirty = clean.contaminated(SHARE);
    for (int n = 0; n < ROWS; n++) {
      double[][] covariance = clean.get(n).covariance();
      double[][] wide = new double[3][3];
      for (int d = 0; d < 3; d++) {
        for (int e = 0; e < 3; e++) {
          wide[d][e] = 9 * covariance[d][e];
          double expected = (1 + 8 * SHARE) * covariance[d][e];
          double size = Math.sqrt(covariance[d][d] * covariance[e][e]);
          assertEquals(expected, dirty.get(n).covariance()[d][e], 1e-11 * size);
        }
      }
      double[] mean = clean.get(n).mean();
      double[] y = {mean[0] + 5, mean[1] - 1, mean[2] + 2};
      double density =
          (1 - SHARE) * clean.get(n).density(y)
              + SHARE * new MultivariateNormalDistribution(mean, wide).density(y);
      assertEquals(density, dirty.get(n).density(y), 1e-10 * density);
    }
  }

  /** y_1 = −y_0 but for 1e-8 and less, of which a covariance of doubles knows nothing. */
  @Test
  void targetsMayDependOnEachOther() {
    MixtureSpec spec =
        MixtureSpec.builder().components(1).targets(2).covariance(Covariance.FULL).build();
    for (double slope : new double[] {1e7, 1e8, 1e10, 1e15}) {
      double[][] raw = {{0, 0, 0, Math.log(slope), slope, 0}};
      Mixture dirty = MixtureBatch.of(spec, Nd4j.createFromArray(raw)).contaminated(SHARE).get(0);
      double[][] covariance = dirty.covariance();
      double expected = 1 + 8 * SHARE;
      assertEquals(expected, covariance[0][0], 1e-9);
      assertEquals(-expected, covariance[1][0], 1e-9);
      assertEquals(expected, covariance[1][1], 1e-9);
      assertTrue(dirty.logDensity(9, 9) > -1e18 && dirty.logDensity(9, -9) > -10);
    }
  }

  /** A component of counts with the dispersion that its variance asks for. */
  @Test
  void countsStayCounts() {
    MixtureBatch clean = batch(spec(ComponentFamily.NEGATIVE_BINOMIAL, 1).build());
    MixtureBatch dirty = clean.contaminated(SHARE);
    for (int n = 0; n < ROWS; n++) {
      double mean = clean.get(n).mean()[0];
      double variance = 9 * clean.get(n).variance()[0];
      double size = mean * mean / (variance - mean);
      double sum = 0;
      for (int y = 0; y < 50; y++) {
        double wide =
            Math.exp(
                Gamma.logGamma(y + size)
                    - Gamma.logGamma(size)
                    - Gamma.logGamma(y + 1)
                    + size * Math.log(mean / variance)
                    + y * Math.log1p(-mean / variance));
        double expected = (1 - SHARE) * clean.get(n).probabilityOf(y) + SHARE * wide;
        assertEquals(expected, dirty.get(n).probabilityOf(y), 1e-10 * expected + 1e-300);
        sum += dirty.get(n).probabilityOf(y);
        assertEquals(sum, dirty.get(n).cdf(y), 1e-10);
      }
    }
  }

  /** Of two atoms and the components each gets a third of the share, whatever it had. */
  @ParameterizedTest
  @EnumSource(
      value = ComponentFamily.class,
      names = {"GAUSSIAN", "NEGATIVE_BINOMIAL"})
  void atomsGetAShareEach(ComponentFamily family) {
    MixtureSpec spec = spec(family, 1).atoms(0, 3).build();
    INDArray raw = RandomRows.of(spec, ROWS, 3, 12, DataType.DOUBLE).raw();
    MixtureBatch clean = MixtureBatch.of(spec, raw);
    double scale = family.isDiscrete() ? 1 : 2; // counts have no other units
    MixtureBatch dirty = clean.contaminated(SHARE).rescale(scale);
    for (int n = 0; n < ROWS; n++) {
      double[] masses = clean.get(n).atomProbabilities();
      double[] found = dirty.get(n).atomProbabilities();
      assertArrayEquals(new double[] {0, 3 * scale}, dirty.get(n).atoms());
      for (int a = 0; a < 2; a++) {
        assertEquals((1 - SHARE) * masses[a] + SHARE / 3, found[a], 1e-14);
      }
      Mixture rest = clean.get(n).withoutAtoms();
      double share = 1 - masses[0] - masses[1];
      double wide = SHARE / 3 / ((1 - SHARE) * share + SHARE / 3);
      double expected = (1 + 8 * wide) * scale * scale * rest.variance()[0];
      assertEquals(expected, dirty.get(n).withoutAtoms().variance()[0], 1e-11 * expected);
    }
  }

  /** What it is made of keeps its temperature and units; its own are of all components. */
  @Test
  void isChangedAsAnyBatch() {
    MixtureBatch warm =
        batch(spec(ComponentFamily.GAUSSIAN, 2).build()).temperature(Temperature.of(2));
    MixtureBatch dirty = warm.contaminated(SHARE);
    for (int n = 0; n < ROWS; n++) {
      double[] expected = warm.get(n).variance();
      assertEquals((1 + 8 * SHARE) * expected[1], dirty.get(n).variance()[1], 1e-10 * expected[1]);
      Mixture cold = dirty.temperature(new Temperature(1, 0.25)).get(n);
      assertEquals(0.5 * dirty.get(n).scales()[4][0], cold.scales()[4][0], 1e-12);
      assertEquals(SHARE, cold.weights()[4], 1e-12);
      assertEquals(dirty.get(n).mean()[0] + 3, dirty.shift(3, 0).get(n).mean()[0], 1e-12);
    }
    assertEquals(6, dirty.contaminated(0.5).components());
    assertEquals(9, MixtureBatch.average(warm, dirty).components());
  }

  /** In units of which no double holds the square it is what it is in others. */
  @ParameterizedTest
  @MethodSource("specs")
  void unitsMayBeOfAnySize(MixtureSpec spec) {
    if (spec.family().isDiscrete()) {
      return; // counts have no other units
    }
    MixtureBatch clean = batch(spec);
    double[] unit = new double[spec.targets()];
    for (double size : new double[] {1e-300, 1e-160, 1, 1e160, 1e300}) {
      Arrays.setAll(unit, d -> d == 0 ? size : 1 / size);
      MixtureBatch expected = clean.contaminated(SHARE).rescale(unit);
      MixtureBatch found = clean.rescale(unit).contaminated(SHARE);
      for (int n = 0; n < ROWS; n++) {
        double[] y = clean.get(n).mean();
        Arrays.setAll(y, d -> (y[d] + 4) * unit[d]);
        double log = expected.get(n).logDensity(y);
        assertEquals(log, found.get(n).logDensity(y), 1e-9 * Math.abs(log), () -> "in " + size);
        for (int d = 0; d < spec.targets(); d++) {
          double deviation = expected.get(n).standardDeviations()[4][d];
          assertEquals(deviation, found.get(n).standardDeviations()[4][d], 1e-9 * deviation);
        }
      }
    }
  }

  /** In one of sixteen draws it is the wide one's. */
  @Test
  void drawsComeFromTheWideComponentToo() {
    MixtureSpec spec = MixtureSpec.builder().components(1).build();
    MixtureBatch dirty =
        MixtureBatch.of(spec, Nd4j.zeros(DataType.DOUBLE, 1, 3)).contaminated(SHARE);
    double[] draws = dirty.sample(200_000, 5).reshape(-1).toDoubleVector();
    long far = Arrays.stream(draws).filter(y -> Math.abs(y) > 4.5).count(); // clean: 1.4 in all
    NormalDistribution normal = new NormalDistribution();
    double expected = 200_000 * 2 * SHARE * (1 - normal.cumulativeProbability(1.5));
    assertEquals(expected, far, 5 * Math.sqrt(expected));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, -0.1, Double.NaN})
  void sharesAreBetween0And1(double share) {
    MixtureBatch clean = batch(spec(ComponentFamily.GAUSSIAN, 1).build());
    Exception e = assertThrows(IllegalArgumentException.class, () -> clean.contaminated(share));
    assertEquals("Expected a share in (0, 1), got " + share, e.getMessage());
  }

  @Test
  void familiesWithoutSuchAComponentAreRefused() {
    for (MixtureSpec spec :
        new MixtureSpec[] {
          spec(ComponentFamily.STUDENT_T, 1).build(),
          spec(ComponentFamily.LOG_NORMAL, 1).build(),
          MixtureSpec.builder().components(2).family(ComponentFamily.VON_MISES).build(),
          spec(ComponentFamily.GAUSSIAN, 1).truncatedBelow(-1).build()
        }) {
      Exception e =
          assertThrows(IllegalArgumentException.class, () -> batch(spec).contaminated(0.1));
      assertTrue(
          e.getMessage()
              .startsWith("Expected GAUSSIAN, LAPLACE, LOGISTIC or NEGATIVE_BINOMIAL components"),
          e.getMessage());
    }
  }
}
