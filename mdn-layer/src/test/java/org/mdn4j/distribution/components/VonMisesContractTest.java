/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.components;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.mdn4j.ComponentFamily;
import org.mdn4j.distribution.Interval;

/** The contract for single von Mises components, one of them about the seam at ±π. */
class VonMisesContractTest extends ComponentsContractTest {
  @Override
  IndependentTargets components() {
    return IndependentTargets.of(
        ComponentFamily.VON_MISES,
        1,
        new double[] {0, -1, 2, 3.1, 0.5 + 4 * Math.PI},
        new double[] {1, 60, 0.3, 5, 1e3});
  }

  @Override
  Interval support() {
    return new Interval(-Math.PI, Math.PI);
  }

  @Override
  @Test
  void theDensityRisesToTheModeAndFallsAfterIt() {
    atValues(
        (k, y) -> {
          double mode = components.mode(k);
          assertTrue(support().contains(mode));
          assertTrue(components.logDensity(k, y) <= components.logDensity(k, mode) + 1e-12);
          assertTrue(Math.sin(y - mode) * components.score(k, y) <= 0);
        });
  }

  /** The mean direction and √(−2 log R), of E[exp(i y)] = R exp(i μ). */
  @Override
  @Test
  void momentsAreIntegrals() {
    for (int i = 0; i < components.count(); i++) {
      int k = i;
      double x = quadrature.integrate(y -> Math.cos(y) * components.density(k, y));
      double z = quadrature.integrate(y -> Math.sin(y) * components.density(k, y));
      assertEquals(Math.atan2(z, x), components.mean(k, 0), 1e-10);
      double deviation = Math.sqrt(-2 * Math.log(Math.hypot(x, z)));
      assertEquals(deviation, components.standardDeviation(k, 0), 1e-9);
      assertEquals(deviation * deviation, components.covariance(k, 0, 0), 1e-9);
    }
  }
}
