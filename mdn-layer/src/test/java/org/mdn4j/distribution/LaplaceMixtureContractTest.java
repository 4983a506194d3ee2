/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.mdn4j.ComponentFamily;

/** The contract for Laplace mixtures over one target. */
@Tag("slow")
class LaplaceMixtureContractTest extends UnivariateMixtureContractTest {
  @Override
  Stream<Named<Mixture>> mixtures() {
    return FamilyMixtures.overOneTarget(ComponentFamily.LAPLACE);
  }

  @Override
  double[] edges(Mixture mixture) {
    return FamilyMixtures.edges(mixture);
  }
}
