/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.questions;

import java.util.HashMap;
import java.util.Map;
import org.mdn4j.distribution.components.IndependentTargets;

/** Probabilities of a mixture on a line, of what lies between points that are seen from anchors. */
final class LineMasses implements Masses {
  private final double[] weights; // [K]
  private final IndependentTargets components;
  private final Map<Double, IndependentTargets> seen = new HashMap<>();

  LineMasses(double[] weights, IndependentTargets components) {
    this.weights = weights;
    this.components = components;
  }

  private IndependentTargets seenFrom(double anchor) {
    return anchor == 0 ? components : seen.computeIfAbsent(anchor, components::seenFrom);
  }

  /**
   * Returns a sum of the components' probabilities, each taken in the tail that holds less of it.
   */
  @Override
  public double between(Position lower, Position upper) {
    IndependentTargets atLower = seenFrom(lower.stretch().anchor());
    IndependentTargets atUpper = seenFrom(upper.stretch().anchor());
    double sum = 0;
    for (int k = 0; k < weights.length; k++) {
      if (weights[k] > 0) {
        double below = atLower.cdf(k, lower.offset());
        double mass =
            below < 0.5
                ? atUpper.cdf(k, upper.offset()) - below
                : atLower.survival(k, lower.offset()) - atUpper.survival(k, upper.offset());
        sum += weights[k] * mass;
      }
    }
    return sum;
  }

  @Override
  public double outside(Position lower, Position upper) {
    Tails below = new Tails(weights, seenFrom(lower.stretch().anchor()));
    Tails above = new Tails(weights, seenFrom(upper.stretch().anchor()));
    return below.cdf(lower.offset()) + above.survival(upper.offset());
  }
}
