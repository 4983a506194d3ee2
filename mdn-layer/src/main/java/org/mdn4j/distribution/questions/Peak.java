/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.questions;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A local maximum of a density: as near to it as doubles come, and the height it has itself, which
 * between two doubles may be that of neither.
 *
 * @param y {@code [D]}
 * @param logDensity log p there
 */
public record Peak(double[] y, double logDensity) {
  static final Comparator<Peak> HIGHEST_FIRST =
      Comparator.comparingDouble(peak -> -peak.logDensity);

  /** Returns the maxima among extrema: the first one, and every second from there. */
  static List<Peak> of(double[] logWeights, List<Position> extrema) {
    List<Peak> peaks = new ArrayList<>();
    for (int i = 0; i < extrema.size(); i += 2) {
      Position maximum = extrema.get(i);
      DensityCurve curve = new DensityCurve(logWeights, maximum.stretch().components());
      double height = curve.at(maximum.offset()).logDensity;
      peaks.add(new Peak(new double[] {maximum.value()}, height));
    }
    return peaks;
  }
}
