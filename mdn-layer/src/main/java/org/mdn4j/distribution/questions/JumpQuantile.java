/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.questions;

import org.mdn4j.distribution.components.IndependentTargets;
import org.mdn4j.distribution.components.NegativeBinomials;

/**
 * Quantile of a mixture with atoms: inf {y : P(Y ≤ y) ≥ p}. Where the cdf jumps over p it is the
 * atom; between two atoms it is a quantile of the components, at the part of p that is theirs. Of
 * counts it is the least integer that {@link CountAnswers} finds.
 */
public final class JumpQuantile {
  private final PointMasses atoms;
  private final Tails tails;
  private final IndependentTargets components;

  /** Takes the numbers of a mixture without copying. */
  public JumpQuantile(PointMasses atoms, Tails tails, IndependentTargets components) {
    this.atoms = atoms;
    this.tails = tails;
    this.components = components;
  }

  /** Returns inf {y : P(Y ≤ y) ≥ p}, or with upper inf {y : P(Y &gt; y) ≤ p}; p in [0, 1]. */
  public double of(boolean upper, double p) {
    if (p == 0 || p == 1) {
      return end(upper == (p == 0));
    }
    if (components instanceof NegativeBinomials counts) {
      return CountAnswers.quantile(tails, counts, atoms, upper, p);
    }
    // Both probabilities; of the one given no digit is lost.
    double below = upper ? 1 - p : p;
    double above = upper ? p : 1 - p;
    boolean byTail = above < below; // the small one is compared
    double previous = Double.NEGATIVE_INFINITY;
    for (int a = 0; a < atoms.count(); a++) {
      double value = atoms.value(a);
      if (atoms.mass(a) > 0) {
        if (byTail ? survivalBefore(value) <= above : cdfBefore(value) >= below) {
          return between(previous, value, below, above);
        }
        if (byTail
            ? atoms.survival(tails.survival(value), value) <= above
            : atoms.cdf(tails.cdf(value), value) >= below) {
          return value;
        }
        previous = value;
      }
    }
    return between(previous, Double.POSITIVE_INFINITY, below, above);
  }

  private double cdfBefore(double value) {
    return atoms.share() * tails.cdf(value)
        + atoms.between(Double.NEGATIVE_INFINITY, Math.nextDown(value));
  }

  private double survivalBefore(double value) {
    return atoms.share() * tails.survival(value)
        + atoms.between(Math.nextDown(value), Double.POSITIVE_INFINITY);
  }

  /** Returns the least or the largest value that has a share. */
  private double end(boolean largest) {
    double end = largest ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    if (atoms.share() > 0) {
      end = QuantileSearch.of(tails, components, largest, 0);
    }
    for (int a = 0; a < atoms.count(); a++) {
      if (atoms.mass(a) > 0) {
        double value = atoms.value(a);
        end = largest ? Math.max(end, value) : Math.min(end, value);
      }
    }
    return end;
  }

  /**
   * Returns the quantile where it lies between two atoms that have a share: of the part of a tail
   * that is the components'. Of both tails it takes the one that rounding leaves more digits of.
   */
  private double between(double lower, double upper, double below, double above) {
    double atomsBelow = atoms.between(Double.NEGATIVE_INFINITY, lower);
    double atomsAbove = atoms.between(lower, Double.POSITIVE_INFINITY);
    double errorBelow = Math.ulp(Math.max(below, atomsBelow));
    double errorAbove = Math.ulp(Math.max(above, atomsAbove));
    double ofBelow = part(below - atomsBelow, errorBelow);
    double ofAbove = part(above - atomsAbove, errorAbove);
    boolean byTail = errorAbove == errorBelow ? ofAbove <= ofBelow : errorAbove < errorBelow;
    double y = QuantileSearch.of(tails, components, byTail, byTail ? ofAbove : ofBelow);
    return Math.max(lower, Math.min(upper, y));
  }

  /** Returns the components' part; what is less than the rounding has been may be all of that. */
  private double part(double left, double error) {
    return Math.min(1, Math.max(left, 0.5 * error) / atoms.share());
  }

  /** Returns the central interval that leaves so much outside: at most half of it on each side. */
  public Segment interval(double outside) {
    double lower = of(false, outside / 2);
    return new Segment(lower, Math.max(lower, of(true, outside / 2)));
  }
}
