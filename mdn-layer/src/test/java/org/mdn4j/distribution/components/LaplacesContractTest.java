/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.components;

import org.mdn4j.ComponentFamily;

/** The contract for single Laplace components. */
class LaplacesContractTest extends ComponentsContractTest {
  @Override
  IndependentTargets components() {
    return IndependentTargets.of(
        ComponentFamily.LAPLACE,
        1,
        new double[] {0, -1, 2, 2.5, 2.5},
        new double[] {1, 0.25, 3, 0.05, 3.01});
  }
}
