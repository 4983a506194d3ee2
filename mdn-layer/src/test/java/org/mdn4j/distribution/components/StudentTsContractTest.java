/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.components;

import java.util.Arrays;

/** The contract for single Student's t components: from Cauchy's to nearly the normal one. */
class StudentTsContractTest extends ComponentsContractTest {
  private static final double[] DEGREES = {1, 1.5, 3.5, 30, 1e6};

  @Override
  IndependentTargets components() {
    double[] scales = {1, 0.25, 3, 0.05, 2};
    double[] logScales = Arrays.stream(scales).map(Math::log).toArray();
    return new StudentTs(1, new double[] {0, -1, 2, 2.5, 1}, scales, logScales, DEGREES.clone());
  }

  @Override
  boolean hasMean(int k) {
    return DEGREES[k] > 1;
  }

  @Override
  boolean hasVariance(int k) {
    return DEGREES[k] > 2;
  }
}
