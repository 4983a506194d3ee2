/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.questions;

import org.mdn4j.distribution.components.Components;
import org.mdn4j.distribution.components.IndependentTargets;
import org.mdn4j.distribution.components.MeanDistances;
import org.mdn4j.distribution.components.NegativeBinomials;

/**
 * The CRPS of a mixture with atoms a of probabilities m_a, the components' share w and cdf F, as a
 * sum of terms that are not negative:
 *
 * <pre>
 *   w² CRPS_F(y) + 2 w Σ_a m_a T_a + Σ_ab m_a m_b t_ab
 *   T_a  = ½ (E|X − y| + |a − y| − E|X − a|)        X from the components
 *        = ∫ F from a to y where a &lt; y, ∫ (1 − F) from y to a elsewhere
 *   t_ab = ½ (|a − y| + |b − y| − |a − b|)
 * </pre>
 */
final class AtomScore {
  private final PointMasses atoms;
  private final double[] weights;
  private final Components components;
  private final double factor;
  private final double y;

  /**
   * Creates the score of an outcome.
   *
   * @param weights of the components among each other
   * @param shrunk components in units of so many per target unit
   * @param y in target units
   */
  AtomScore(PointMasses atoms, double[] weights, Shrunk shrunk, double y) {
    this.atoms = atoms;
    this.weights = weights;
    this.components = shrunk.components();
    this.factor = shrunk.factor();
    this.y = y * factor;
  }

  /**
   * Returns the score in target units.
   *
   * @param ofComponents CRPS_F(y) in target units
   */
  double crps(double ofComponents) {
    double share = atoms.share();
    double sum = share > 0 ? share * (share * (ofComponents * factor)) : 0;
    for (int a = 0; a < atoms.count(); a++) {
      double mass = atoms.mass(a);
      double value = atoms.value(a) * factor;
      if (mass > 0 && value != y) {
        sum += share > 0 ? 2 * mass * (share * withComponents(value)) : 0;
        for (int b = 0; b < atoms.count(); b++) {
          double between = Scores.between(value - y, atoms.value(b) * factor - y);
          sum += mass * (atoms.mass(b) * between);
        }
      }
    }
    return sum / factor;
  }

  private double withComponents(double value) {
    if (components instanceof MeanDistances distances) {
      return closed(distances, value);
    }
    if (components instanceof NegativeBinomials counts) {
      return CountAnswers.area(counts, weights, value > y, Math.min(value, y), Math.max(value, y));
    }
    return byQuadrature((IndependentTargets) components, value);
  }

  private double closed(MeanDistances distances, double value) {
    double sum = 0;
    for (int k = 0; k < weights.length; k++) {
      if (weights[k] > 0) {
        double spread = distances.excessDistance(k, y) - distances.excessDistance(k, value);
        double between = Scores.between(distances.location(k, 0) - y, value - y);
        sum += weights[k] * Math.max(0, between + 0.5 * spread);
      }
    }
    return sum;
  }

  private double byQuadrature(IndependentTargets line, double value) {
    double lower = Math.min(value, y);
    double upper = Math.max(value, y);
    return Quadrature.integrateRelatively(
        Quadrature.parts(weights, line, 0, lower, upper),
        0,
        stretch -> {
          Tails tails = new Tails(weights, stretch.components());
          double from = lower - stretch.anchor();
          double to = upper - stretch.anchor();
          return (width, x) ->
              x < from || x > to ? 0 : width * (value < y ? tails.cdf(x) : tails.survival(x));
        },
        1e-12);
  }
}
