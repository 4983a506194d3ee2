/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.mdn4j.distribution.FamilyMixtures.w;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.mdn4j.ComponentFamily;

/** The contract for mixtures of several counts, independent within a component. */
class MultivariateNegativeBinomialMixtureContractTest extends MultivariateMixtureContractTest {
  private static final ComponentFamily FAMILY = ComponentFamily.NEGATIVE_BINOMIAL;

  @Override
  Stream<Named<Mixture>> mixtures() {
    return Stream.of(
        Named.of(
            "one in 2-D",
            Mixture.of(FAMILY, w(1), new double[][] {{0.5, 2}}, new double[][] {{0.3, 0.1}})),
        Named.of(
            "3 in 2-D",
            Mixture.of(
                FAMILY,
                w(1, 2, 1),
                new double[][] {{0, 3}, {2, 1}, {3, 3}},
                new double[][] {{0.5, 0.1}, {0.2, 1.5}, {0.05, 0.4}})),
        Named.of(
            "2 in 3-D",
            Mixture.of(
                FAMILY,
                w(3, 1),
                new double[][] {{1, -1, 2}, {2.5, 1, 0}},
                new double[][] {{0.4, 0.4, 0.2}, {0.1, 0.3, 1}})));
  }

  @Override
  Interval support(Mixture mixture) {
    return new Interval(0, Double.POSITIVE_INFINITY);
  }

  @Override
  double below(double y) {
    return y - 1;
  }

  @Override
  List<Units> units(Mixture mixture) {
    return List.of();
  }

  @Override
  List<Units> refusedUnits(Mixture mixture) {
    return CountMixtures.refusedUnits(mixture.targets());
  }

  @Override
  double[] edges(Mixture mixture) {
    return CountMixtures.edges(mixture);
  }

  @Override
  PanelQuadrature quadrature(Mixture mixture) {
    return new IntegerSum(edges(mixture));
  }

  @Override
  double[][] neighbours(Mixture mixture, double[] mode) {
    return CountMixtures.neighbours(mode);
  }
}
