/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.questions;

import java.util.List;
import org.mdn4j.distribution.components.Laplaces;

/** Maxima of Laplace mixtures over several targets lie on a grid. */
final class LaplaceAnswers extends Answers {
  private final Laplaces components;

  LaplaceAnswers(Laplaces components) {
    super(components);
    this.components = components;
  }

  @Override
  List<Peak> peaks(double[] logWeights, List<Position> extrema) {
    return components.targets() > 1
        ? Grid.peaks(logWeights, components)
        : super.peaks(logWeights, extrema);
  }
}
