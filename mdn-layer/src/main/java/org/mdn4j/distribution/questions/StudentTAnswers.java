/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.questions;

import org.mdn4j.distribution.components.IndependentTargets;
import org.mdn4j.distribution.components.StudentTs;
import org.mdn4j.numerics.Doubles;

/** To integrals over Student's t densities their {@link FarTails} are added. */
final class StudentTAnswers extends Answers {
  private final StudentTs components;

  StudentTAnswers(StudentTs components) {
    super(components);
    this.components = components;
  }

  @Override
  double divergence(IndependentTargets pair) {
    return super.divergence(pair) + new FarTails((StudentTs) pair).divergence();
  }

  @Override
  double bhattacharyya(IndependentTargets pair) {
    double logInside = -super.bhattacharyya(pair);
    return -Doubles.logSumExp(logInside, new FarTails((StudentTs) pair).logRootOfProduct());
  }

  @Override
  double entropy(double[] logWeights) {
    return super.entropy(logWeights) - new FarTails(components).overlap(logWeights);
  }

  /** Returns the score, infinite where a component that has weight has ν ≤ ½. */
  @Override
  double crps(double[] weights, double y) {
    double least = components.leastDegrees(weights);
    if (least <= 0.5) {
      return Double.POSITIVE_INFINITY;
    }
    double reach = least < 2 ? StudentTs.FURTHEST : 0;
    return Scores.crpsByQuadrature(weights, components, y, reach)
        + new FarTails(components).crps(weights);
  }
}
