/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

/** The contract for single Gaussian components. */
class DiagonalGaussiansContractTest extends ComponentsContractTest {
  @Override
  Components components() {
    return new DiagonalGaussians(1, new double[] {0, -1, 2, 2.5}, new double[] {1, 0.25, 3, 0.05});
  }
}
