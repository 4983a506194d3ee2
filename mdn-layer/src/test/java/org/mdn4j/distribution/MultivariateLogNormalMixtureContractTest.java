/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.mdn4j.ComponentFamily;

/** The contract for log-normal mixtures over several targets, independent within a component. */
class MultivariateLogNormalMixtureContractTest extends MultivariateMixtureContractTest {
  @Override
  Stream<Named<Mixture>> mixtures() {
    return FamilyMixtures.overSeveralTargets(ComponentFamily.LOG_NORMAL);
  }

  @Override
  Interval support(Mixture mixture) {
    return new Interval(0, Double.POSITIVE_INFINITY);
  }

  @Override
  List<Units> units(Mixture mixture) {
    return List.of(new Units(new double[mixture.targets()], all(mixture, 2.5)));
  }

  @Override
  List<Units> refusedUnits(Mixture mixture) {
    return List.of(
        new Units(all(mixture, 1), all(mixture, 1)),
        new Units(new double[mixture.targets()], all(mixture, -1)));
  }

  private static double[] all(Mixture mixture, double value) {
    double[] values = new double[mixture.targets()];
    Arrays.fill(values, value);
    return values;
  }

  @Override
  double[] edges(Mixture mixture) {
    return FamilyMixtures.edges(mixture);
  }
}
