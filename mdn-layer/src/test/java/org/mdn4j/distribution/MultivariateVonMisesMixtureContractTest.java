/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mdn4j.ComponentFamily;

/** The contract for von Mises mixtures over several angles, independent within a component. */
class MultivariateVonMisesMixtureContractTest extends MultivariateMixtureContractTest {
  @Override
  Stream<Named<Mixture>> mixtures() {
    return FamilyMixtures.overSeveralTargets(ComponentFamily.VON_MISES);
  }

  @Override
  Interval support(Mixture mixture) {
    return new Interval(-Math.PI, Math.PI);
  }

  @Override
  List<Units> units(Mixture mixture) {
    double[] shift = new double[mixture.targets()];
    double[] scale = new double[mixture.targets()];
    Arrays.setAll(shift, d -> 1 - d);
    Arrays.setAll(scale, d -> d % 2 == 0 ? -1 : 1);
    return List.of(new Units(shift, scale));
  }

  @Override
  List<Units> refusedUnits(Mixture mixture) {
    double[] two = new double[mixture.targets()];
    Arrays.fill(two, 2);
    return List.of(new Units(new double[two.length], two));
  }

  @Override
  double[] edges(Mixture mixture) {
    return FamilyMixtures.edges(mixture);
  }

  /** Chords. */
  @Override
  double distance(double[] a, double[] b) {
    return Math.sqrt(
        IntStream.range(0, a.length).mapToDouble(d -> 2 - 2 * Math.cos(a[d] - b[d])).sum());
  }

  /** Each angle has its own; see the contract over one. */
  @Override
  @ParameterizedTest
  @MethodSource("mixtures")
  void momentsOfTheMarginalsAgreeWithQuadrature(Mixture mixture) {
    for (int d = 0; d < mixture.targets(); d++) {
      assertEquals(mixture.marginal(d).mean()[0], mixture.mean()[d], 1e-14);
      assertEquals(mixture.marginal(d).variance()[0], mixture.variance()[d], 1e-14);
    }
  }

  @Override
  @ParameterizedTest
  @MethodSource("mixtures")
  void meanAgreesWithSamples(Mixture mixture) {
    double[][] samples = mixture.sample(COUNT, random(4));
    for (int d = 0; d < mixture.targets(); d++) {
      int target = d;
      double mean = mixture.mean()[d];
      Estimate sine =
          Estimate.ofMean(
              Arrays.stream(samples).mapToDouble(y -> Math.sin(y[target] - mean)).toArray());
      assertEquals(0, sine.value(), 5 * sine.standardError());
    }
  }

  @Override
  @ParameterizedTest
  @MethodSource("mixtures")
  void covarianceAgreesWithSamples(Mixture mixture) {
    assertThrows(UnsupportedOperationException.class, mixture::covariance);
  }
}
