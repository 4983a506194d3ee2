/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/** The contract for Gaussian mixtures over several targets, independent within a component. */
class MultivariateGaussianMixtureContractTest extends MultivariateMixtureContractTest {
  @Override
  Stream<Named<Mixture>> mixtures() {
    return GaussianMixtures.overSeveralTargets();
  }
}
