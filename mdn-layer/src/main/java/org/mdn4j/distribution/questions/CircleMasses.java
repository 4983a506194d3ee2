/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.questions;

import java.util.HashMap;
import java.util.Map;
import org.mdn4j.distribution.components.VonMises;

/** Probabilities of a mixture on a circle, of arcs between points that are seen from anchors. */
final class CircleMasses implements Masses {
  private final double[] weights; // [K]
  private final VonMises components;
  private final Map<Double, VonMises> seen = new HashMap<>();

  CircleMasses(double[] weights, VonMises components) {
    this.weights = weights;
    this.components = components;
  }

  private VonMises seenFrom(double anchor) {
    return anchor == 0 ? components : seen.computeIfAbsent(anchor, components::seenFrom);
  }

  /** Returns the probability upwards from the one to the other, no more than a turn later. */
  @Override
  public double between(Position lower, Position upper) {
    VonMises atLower = seenFrom(lower.stretch().anchor());
    VonMises atUpper = seenFrom(upper.stretch().anchor());
    double width = lower.stretch().offset(upper) - lower.offset();
    double sum = 0;
    for (int k = 0; k < weights.length; k++) {
      if (weights[k] > 0) {
        double from = VonMises.wrapped(lower.offset() - atLower.mode(k));
        double to = VonMises.wrapped(upper.offset() - atUpper.mode(k));
        boolean acrossOpposite = from + width - to > Math.PI;
        double arc = // in two where it goes round, so that both ends keep their digits
            acrossOpposite
                ? arc(k, from, Math.PI, Math.PI - from) + arc(k, -Math.PI, to, to + Math.PI)
                : arc(k, from, to, width);
        sum += weights[k] * arc;
      }
    }
    return sum;
  }

  private double arc(int k, double from, double to, double width) {
    return Math.exp(components.logArc(k, from, to, width));
  }

  @Override
  public double outside(Position lower, Position upper) {
    return between(upper, lower.turned(2 * Math.PI));
  }
}
