/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression;

import java.util.ArrayList;
import java.util.List;
import org.mdn4j.ComponentBounds;
import org.mdn4j.MixtureSpec;
import org.mdn4j.layers.InitialBiases;

/**
 * Bounds of a regressor's components, from the range [y₁, y₂] of each target in the rows of the
 * fit:
 *
 * <pre>
 *   y₁ − R &lt; μ &lt; y₂ + R,   standard deviation &lt; R / 2      R = y₂ − y₁
 * </pre>
 *
 * <p>No distribution within the range has a standard deviation above R/2 (Popoviciu's inequality),
 * so that nothing is lost that the rows can tell; and an ensemble's temperature, at most 4, leaves
 * it at R or less. Why there are bounds at all {@link ComponentBounds} says.
 */
final class TargetRange {
  private TargetRange() {}

  /**
   * The bounds, in standardised units.
   *
   * @param spec what they are for; where twice its floor is more than the ceiling, that is the
   *     ceiling
   */
  static ComponentBounds bounds(StandardizedData data, MixtureSpec spec) {
    List<Double> ceiling = new ArrayList<>();
    List<Double> lower = new ArrayList<>();
    List<Double> upper = new ArrayList<>();
    for (int d = 0; d < data.targets(); d++) {
      double least = Double.POSITIVE_INFINITY;
      double most = Double.NEGATIVE_INFINITY;
      for (int i = d; i < data.labels().length; i += data.targets()) {
        least = Math.min(least, data.labels()[i]);
        most = Math.max(most, data.labels()[i]);
      }
      double range = most - least;
      double scale = 0.5 * range * InitialBiases.scalePerDeviation(spec);
      ceiling.add(Math.max(scale, 2 * spec.scaleFloor()));
      lower.add(least - range);
      upper.add(most + range);
    }
    return new ComponentBounds(ceiling, lower, upper);
  }
}
