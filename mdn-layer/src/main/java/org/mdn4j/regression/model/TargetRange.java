/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.model;

import java.util.ArrayList;
import java.util.List;
import org.mdn4j.ComponentBounds;
import org.mdn4j.Limits;
import org.mdn4j.MixtureSpec;
import org.mdn4j.layers.InitialBiases;
import org.mdn4j.rows.LabelForm;

/**
 * Bounds of a regressor's components, from the range [y₁, y₂] of each target in the rows of the fit
 * that are no atoms, of intervals that of their finite ends:
 *
 * <pre>
 *   y₁ − R &lt; μ &lt; y₂ + R,   standard deviation &lt; R      R = y₂ − y₁
 * </pre>
 *
 * <p>No distribution within the range has a standard deviation above R/2 (Popoviciu's inequality).
 * Twice that leaves a component that is nearly even over the range, such as networks use to take no
 * part; with R/2 for a ceiling they were seen to learn less well. Why there are bounds at all,
 * {@link ComponentBounds} says.
 *
 * <p>Of counts, whose least one may be an atom, y₁ and y₂ are logarithms, of the least and the
 * largest count plus ½, and R is at least log 2; where there are zeros a mean may be as low as ½ in
 * all N rows together. No distribution of counts up to M with the mean m has a squared coefficient
 * of variation above M/m − 1: that and 1 more bound the dispersion α.
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
    return spec.family().isDiscrete() ? ofCounts(data, spec) : ofNumbers(data, spec);
  }

  private static ComponentBounds ofCounts(StandardizedData data, MixtureSpec spec) {
    List<Double> ceiling = new ArrayList<>();
    List<Double> lower = new ArrayList<>();
    List<Double> upper = new ArrayList<>();
    for (int d = 0; d < data.targets(); d++) {
      double least = Double.POSITIVE_INFINITY;
      double most = 0;
      double sum = 0;
      int rows = 0; // that are no atoms
      int ends = data.columnsPerTarget();
      for (int i = d * ends; i < data.labels().length; i += data.labelColumns()) {
        float first = Math.max(0, data.labels()[i]);
        float last = data.labels()[i + ends - 1];
        least = Math.min(least, first); // which also a component may have
        if (!data.isAtom(first, last)) {
          float known = (float) LabelForm.known(first, last);
          most = Math.max(most, Float.isFinite(last) ? last : first);
          sum += known;
          rows++;
        }
      }
      double from = Math.log(least + 0.5);
      double to = Math.log(most + 0.5);
      double range = Math.max(to - from, Math.log(2));
      double variation = sum == 0 ? 1 : Math.max(1, most / (sum / rows));
      ceiling.add(Math.max(variation, FLOORS * spec.scaleFloor()));
      double rare = least == 0 ? -Math.log(2.0 * data.rows()) : from;
      lower.add(Math.max(Limits.MIN_LOG_MEAN, Math.min(from - range, rare)));
      upper.add(Math.min(Limits.MAX_LOG_MEAN, to + range));
    }
    return new ComponentBounds(ceiling, lower, upper);
  }

  private static ComponentBounds ofNumbers(StandardizedData data, MixtureSpec spec) {
    List<Double> ceiling = new ArrayList<>();
    List<Double> lower = new ArrayList<>();
    List<Double> upper = new ArrayList<>();
    for (int d = 0; d < data.targets(); d++) {
      double least = Double.POSITIVE_INFINITY;
      double most = Double.NEGATIVE_INFINITY;
      int ends = data.columnsPerTarget();
      for (int i = d * ends; i < data.labels().length; i += data.labelColumns()) {
        if (data.isAtom(data.labels()[i], data.labels()[i + ends - 1])) {
          continue;
        }
        for (int end = i; end < i + ends; end++) {
          float label = data.labels()[end];
          if (Float.isFinite(label)) { // an open end says nothing
            least = Math.min(least, label);
            most = Math.max(most, label);
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
