/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;

/** The contract for Gaussian mixtures over one target. */
@Tag("slow")
class GaussianMixtureContractTest extends UnivariateMixtureContractTest {
  @Override
  Stream<Named<Mixture>> mixtures() {
    return GaussianMixtures.overOneTarget();
  }
}
