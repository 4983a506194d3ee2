/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.components;

import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.mdn4j.ComponentFamily;
import org.mdn4j.distribution.Interval;

/** The contract for single log-normal components. */
class LogNormalsContractTest extends ComponentsContractTest {
  @Override
  IndependentTargets components() {
    return IndependentTargets.of(
        ComponentFamily.LOG_NORMAL,
        1,
        new double[] {0, -1, 1.5, 2},
        new double[] {1, 0.25, 1.5, 0.05});
  }

  @Override
  Interval support() {
    return new Interval(0, Double.POSITIVE_INFINITY);
  }

  /** Extrema are looked for in log y, where the components are Gaussian. */
  @Override
  @Test
  void derivativesOfTheDensityTurnAtTheBendsOnly() {
    assertThrows(UnsupportedOperationException.class, () -> components.bends(0));
  }
}
