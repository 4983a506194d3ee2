/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;
import org.mdn4j.RandomRows;
import org.mdn4j.distribution.Estimate;
import org.mdn4j.distribution.MixtureBatch;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

class EnsembleUncertaintyTest {
  private static MixtureBatch batch(MixtureSpec spec, int rows, long seed) {
    return MixtureBatch.of(spec, RandomRows.of(spec, rows, 1, seed, DataType.DOUBLE).raw());
  }

  private static List<MixtureBatch> members(MixtureSpec spec, int rows) {
    return IntStream.range(0, 3).mapToObj(m -> batch(spec, rows, m + 1)).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "GAUSSIAN, DIAGONAL, 1",
    "GAUSSIAN, DIAGONAL, 2",
    "GAUSSIAN, FULL, 2",
    "LAPLACE, DIAGONAL, 1",
    "LOGISTIC, DIAGONAL, 2",
    "LOG_NORMAL, DIAGONAL, 1"
  })
  void bothVariancesAddUpToThePooledMixtures(
      ComponentFamily family, Covariance covariance, int targets) {
    MixtureSpec spec =
        MixtureSpec.builder()
            .components(3)
            .targets(targets)
            .family(family)
            .covariance(covariance)
            .build();
    List<MixtureBatch> members = members(spec, 40);
    EnsembleUncertainty uncertainty = new EnsembleUncertainty(members);
    double[][] data = uncertainty.dataVariance().toDoubleMatrix();
    double[][] member = uncertainty.memberVariance().toDoubleMatrix();
    double[][] pooled =
        MixtureBatch.average(members.toArray(MixtureBatch[]::new)).variance().toDoubleMatrix();
    for (int n = 0; n < 40; n++) {
      for (int d = 0; d < targets; d++) {
        assertTrue(data[n][d] > 0 && member[n][d] > 0);
        assertEquals(pooled[n][d], data[n][d] + member[n][d], 1e-9 * pooled[n][d]);
      }
    }
  }

  /** Means −2, 0 and 5, deviations 1, 2 and 3. */
  @Test
  void variancesOfThreeGaussians() {
    EnsembleUncertainty uncertainty =
        new EnsembleUncertainty(
            List.of(Lines.gaussians(2, -2, 1), Lines.gaussians(2, 0, 2), Lines.gaussians(2, 5, 3)));
    assertArrayEquals(new long[] {2, 1}, uncertainty.dataVariance().shape());
    assertEquals((1 + 4 + 9) / 3.0, uncertainty.dataVariance().getDouble(1, 0), 1e-12);
    assertEquals((9 + 1 + 16) / 3.0, uncertainty.memberVariance().getDouble(1, 0), 1e-12);
  }

  /** One member, or the same one several times, leaves nothing to disagree on. */
  @ParameterizedTest
  @EnumSource(
      value = ComponentFamily.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"VON_MISES", "STUDENT_T"})
  void identicalMembers(ComponentFamily family) {
    MixtureSpec spec = MixtureSpec.builder().components(2).family(family).build();
    for (int count : new int[] {1, 3, 5}) {
      EnsembleUncertainty uncertainty =
          new EnsembleUncertainty(Collections.nCopies(count, batch(spec, 20, 1)));
      assertEquals(0, uncertainty.memberVariance().maxNumber().doubleValue());
      for (Estimate nats : uncertainty.mutualInformation(10, 1)) {
        assertEquals(0, nats.value(), 1e-15);
        assertEquals(0, nats.standardError(), 1e-15);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"2, 0.6931471805599453", "3, 1.0986122886681098"})
  void farApartMembers(int count, double logarithm) {
    List<MixtureBatch> members =
        IntStream.range(0, count).mapToObj(m -> Lines.gaussians(1, 1e6 * m, 1)).toList();
    Estimate nats = new EnsembleUncertainty(members).mutualInformation(2, 1).get(0);
    assertEquals(logarithm, nats.value(), 1e-15);
    assertEquals(0, nats.standardError());
  }

  /** mpmath: log 2 − ∫ of the binary entropy of r under ½ N(−m, 1) + ½ N(m, 1), by quadrature. */
  @ParameterizedTest
  @CsvSource({
    "0.1, 0.00497516462545047",
    "0.5, 0.111421482184736",
    "1, 0.336830820346832",
    "2, 0.632720193736867"
  })
  void mutualInformationOfTwoGaussians(double mean, double nats) {
    EnsembleUncertainty uncertainty =
        new EnsembleUncertainty(
            List.of(Lines.gaussians(300, -mean, 1), Lines.gaussians(300, mean, 1)));
    RunningMean values = new RunningMean();
    RunningMean errors = new RunningMean();
    for (Estimate row : uncertainty.mutualInformation(50, 2)) {
      assertTrue(0 <= row.value() && row.value() <= Math.log(2));
      values.add(row.value());
      errors.add(row.standardError());
    }
    assertEquals(nats, values.mean(), 4 * values.standardError());
    assertEquals(values.standardDeviation(), errors.mean(), 0.15 * errors.mean());
  }

  /** H(pooled) − mean H(member) by the exact entropies. */
  @ParameterizedTest
  @EnumSource(ComponentFamily.class)
  void mutualInformationIsTheDifferenceOfEntropies(ComponentFamily family) {
    MixtureSpec spec = MixtureSpec.builder().components(2).family(family).build();
    List<MixtureBatch> members = members(spec, 5);
    MixtureBatch pooled = MixtureBatch.average(members.toArray(MixtureBatch[]::new));
    List<Estimate> estimates = new EnsembleUncertainty(members).mutualInformation(2000, 3);
    for (int n = 0; n < 5; n++) {
      int row = n;
      double expected =
          pooled.get(n).entropy()
              - members.stream().mapToDouble(m -> m.get(row).entropy()).average().orElseThrow();
      assertEquals(
          expected, estimates.get(n).value(), 4.5 * estimates.get(n).standardError() + 1e-6);
    }
  }

  @Test
  void aSeedGivesTheSame() {
    List<MixtureBatch> members = members(MixtureSpec.builder().components(2).build(), 600);
    EnsembleUncertainty uncertainty = new EnsembleUncertainty(members);
    List<Estimate> once = uncertainty.mutualInformation(3, 9);
    assertEquals(once, uncertainty.mutualInformation(3, 9));
    assertTrue(!once.equals(uncertainty.mutualInformation(3, 10)));
  }

  /** Degrees of freedom of 1.5 and of 0.5, which have no variance, and no mean. */
  @Test
  void heavyTails() {
    MixtureSpec spec =
        MixtureSpec.builder().components(1).family(ComponentFamily.STUDENT_T).build();
    MixtureBatch[] members = new MixtureBatch[3];
    double[] degrees = {5, 1.5, 0.5};
    for (int m = 0; m < 3; m++) {
      double[][] raw = new double[1][spec.parameterCount()];
      raw[0][1] = 3 * m;
      raw[0][3] = Math.log(degrees[m]);
      members[m] = MixtureBatch.of(spec, Nd4j.createFromArray(raw));
      assertEquals(degrees[m], members[m].get(0).degreesOfFreedom()[0], 1e-12);
    }
    EnsembleUncertainty two = new EnsembleUncertainty(List.of(members[0], members[1]));
    assertEquals(Double.POSITIVE_INFINITY, two.dataVariance().getDouble(0));
    assertEquals(2.25, two.memberVariance().getDouble(0), 1e-12);
    EnsembleUncertainty three = new EnsembleUncertainty(List.of(members));
    assertEquals(Double.POSITIVE_INFINITY, three.dataVariance().getDouble(0));
    assertTrue(Double.isNaN(three.memberVariance().getDouble(0)));
    Estimate nats = three.mutualInformation(500, 1).get(0);
    assertTrue(0.1 < nats.value() && nats.value() < Math.log(3) && nats.standardError() < 0.05);
  }

  @Test
  void anglesHaveMutualInformationOnly() {
    MixtureSpec spec =
        MixtureSpec.builder().components(1).family(ComponentFamily.VON_MISES).build();
    EnsembleUncertainty uncertainty = new EnsembleUncertainty(members(spec, 2));
    assertThrows(UnsupportedOperationException.class, uncertainty::dataVariance);
    assertThrows(UnsupportedOperationException.class, uncertainty::memberVariance);
  }

  @Test
  void membersOfDifferentRows() {
    List<MixtureBatch> members = List.of(Lines.gaussians(2, 0, 1), Lines.gaussians(3, 0, 1));
    assertEquals(
        "Expected batches of the same size and targets, got 2 rows of 1 targets"
            + " and 3 rows of 1 targets",
        assertThrows(IllegalArgumentException.class, () -> new EnsembleUncertainty(members))
            .getMessage());
    assertThrows(IllegalArgumentException.class, () -> new EnsembleUncertainty(List.of()));
    EnsembleUncertainty one = new EnsembleUncertainty(members.subList(0, 1));
    assertEquals(
        "Expected at least 2 samples per member, got 1",
        assertThrows(IllegalArgumentException.class, () -> one.mutualInformation(1, 1))
            .getMessage());
  }
}
