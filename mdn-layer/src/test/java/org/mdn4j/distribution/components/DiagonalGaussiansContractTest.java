/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.components;

import org.mdn4j.ComponentFamily;

/** The contract for single Gaussian components. */
class DiagonalGaussiansContractTest extends ComponentsContractTest {
  @Override
  IndependentTargets components() {
    return IndependentTargets.of(
        ComponentFamily.GAUSSIAN, 1, new double[] {0, -1, 2, 2.5}, new double[] {1, 0.25, 3, 0.05});
  }
}
