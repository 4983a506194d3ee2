/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.mdn4j.ComponentFamily;

/** The contract for Laplace mixtures over several targets, independent within a component. */
@Tag("slow")
class MultivariateLaplaceMixtureContractTest extends MultivariateMixtureContractTest {
  @Override
  Stream<Named<Mixture>> mixtures() {
    return FamilyMixtures.overSeveralTargets(ComponentFamily.LAPLACE);
  }

  @Override
  double[] edges(Mixture mixture) {
    return FamilyMixtures.edges(mixture);
  }
}
