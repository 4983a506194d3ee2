/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.mdn4j.distribution.FamilyMixtures.mixture;
import static org.mdn4j.distribution.FamilyMixtures.w;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.mdn4j.ComponentFamily;

/** The contract for log-normal mixtures over one target. */
class LogNormalMixtureContractTest extends UnivariateMixtureContractTest {
  private static final ComponentFamily FAMILY = ComponentFamily.LOG_NORMAL;

  @Override
  Stream<Named<Mixture>> mixtures() {
    return Stream.of(
        Named.of("standard", mixture(FAMILY, w(1), w(0), w(1))),
        Named.of("narrow, away from 1", mixture(FAMILY, w(1), w(3), w(1e-4))),
        Named.of("overlapping", mixture(FAMILY, w(1, 3), w(-1, 1), w(0.5, 0.8))),
        Named.of("far apart", mixture(FAMILY, w(0.3, 0.2, 0.5), w(-20, 0, 20), w(1, 0.5, 0.3))),
        Named.of("scales from 0.001 to 1", mixture(FAMILY, w(2, 1), w(0, 0.1), w(1, 0.001))),
        Named.of("weight of 0", mixture(FAMILY, w(1, 0, 3), w(-1, 300, 1), w(0.5, 30, 0.2))),
        Named.of("identical", mixture(FAMILY, w(0.2, 0.8), w(1, 1), w(0.7, 0.7))),
        Named.of("5 at random", FamilyMixtures.random(FAMILY, 5, 1, 1)));
  }

  @Override
  Interval support(Mixture mixture) {
    return new Interval(0, Double.POSITIVE_INFINITY);
  }

  /** Of wide ones a sample's variance is too far from normal for its standard error. */
  @Override
  boolean hasFourthMoment(Mixture mixture) {
    return mixture.scales()[0][0] < 0.5;
  }

  @Override
  List<Units> units(Mixture mixture) {
    return List.of(new Units(w(0), w(2.5)), new Units(w(0), w(1e-3)));
  }

  @Override
  List<Units> refusedUnits(Mixture mixture) {
    return List.of(new Units(w(1), w(2.5)), new Units(w(0), w(-1)));
  }

  @Override
  double[] edges(Mixture mixture) {
    return FamilyMixtures.edges(mixture);
  }
}
