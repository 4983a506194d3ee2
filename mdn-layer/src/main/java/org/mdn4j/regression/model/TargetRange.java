/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.model;

import java.util.ArrayList;
import java.util.List;
import org.mdn4j.ComponentBounds;
import org.mdn4j.MixtureSpec;
import org.mdn4j.layers.InitialBiases;

/**
 * Bounds of a regressor's components, from the range [y₁, y₂] of each target in the rows of the
 * fit, of intervals that of their finite ends:
 *
 * <pre>
 *   y₁ − R &lt; μ &lt; y₂ + R,   standard deviation &lt; R      R = y₂ − y₁
 * </pre>
 *
 * <p>No distribution within the range has a standard deviation above R/2 (Popoviciu's inequality).
 * Twice that leaves a component that is nearly even over the range, such as networks use to take no
 * part; with R/2 for a ceiling they were seen to learn less well. Why there are bounds at all,
 * {@link ComponentBounds} says.
 */
final class TargetRange {
  private static final double FLOORS = 4;

  private TargetRange() {}

  /**
   * Returns the bounds, in standardised units.
   *
   * @param spec what they are for; a ceiling is at least four times its floor, so that a
   *     temperature of 4 leaves room
   */
  static ComponentBounds bounds(StandardizedData data, MixtureSpec spec) {
    List<Double> ceiling = new ArrayList<>();
    List<Double> lower = new ArrayList<>();
    List<Double> upper = new ArrayList<>();
    for (int d = 0; d < data.targets(); d++) {
      double least = Double.POSITIVE_INFINITY;
      double most = Double.NEGATIVE_INFINITY;
      int ends = data.columnsPerTarget();
      for (int i = d * ends; i < data.labels().length; i += data.labelColumns()) {
        for (int end = i; end < i + ends; end++) {
          if (Float.isFinite(data.labels()[end])) { // an open end says nothing of the range
            least = Math.min(least, data.labels()[end]);
            most = Math.max(most, data.labels()[end]);
          }
        }
      }
      double range = most - least;
      double scale = range * InitialBiases.scalePerDeviation(spec);
      ceiling.add(Math.max(scale, FLOORS * spec.scaleFloor()));
      lower.add(least - range);
      upper.add(most + range);
    }
    return new ComponentBounds(ceiling, lower, upper);
  }
}
