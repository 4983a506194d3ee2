/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.questions;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.mdn4j.distribution.components.Components;
import org.mdn4j.numerics.Doubles;

/**
 * Components in units in which no distance between what they are about is beyond all doubles: their
 * own, unless a location or scale is near the largest double. Questions about distances are asked
 * here, and answered in target units. What then is below 1e-300 loses digits.
 *
 * @param components the components in other units
 * @param factor these units per target unit, a power of 2
 */
public record Shrunk(Components components, double factor) {
  /** Returns the components that have weight, and further values that are about them. */
  public static Shrunk of(Components components, double[] weights, double... values) {
    double largest =
        IntStream.range(0, weights.length)
            .filter(k -> weights[k] > 0)
            .mapToDouble(components::largest)
            .max()
            .orElseThrow();
    double all = Math.max(largest, Arrays.stream(values).map(Math::abs).max().orElse(0));
    // No more than is needed: what is small loses digits by it.
    int powers = Math.getExponent(all) - Double.MAX_EXPONENT + components.headroom() + 1;
    if (largest == 0 || powers <= 0) {
      return new Shrunk(components, 1);
    }
    double factor = Math.scalb(1, -powers);
    Components shrunk = components.copy();
    double[] factors = new double[components.targets()];
    Arrays.fill(factors, factor);
    shrunk.changeUnits(new double[factors.length], factors);
    return new Shrunk(shrunk, factor);
  }

  private Answers answers() {
    return Answers.of(components);
  }

  /** Returns a peak of these components, in target units. */
  Peak enlarged(Peak peak) {
    if (factor == 1) {
      return peak;
    }
    double[] y = Arrays.stream(peak.y()).map(v -> Doubles.nearestFinite(v / factor)).toArray();
    return new Peak(y, peak.logDensity() + y.length * Math.log(factor));
  }

  /** Returns a segment of these components' values, in target units. */
  Segment enlarged(Segment segment) {
    return new Segment(segment.lower() / factor, segment.upper() / factor);
  }

  public double crps(double[] weights, double y) {
    return answers().crps(weights, y * factor) / factor;
  }

  /** Returns the score of a mixture with atoms. */
  public double crps(double[] weights, PointMasses atoms, double y) {
    return new AtomScore(atoms, weights, this, y).crps(atoms.share() > 0 ? crps(weights, y) : 0);
  }

  /**
   * Returns the entropy.
   *
   * @param atoms of counts; or null
   */
  public double entropy(double[] logWeights, PointMasses atoms) {
    return Answers.of(components, atoms).entropy(logWeights) - Math.log(factor);
  }

  /** Returns the terms of the energy score, from pairs of draws in target units. */
  public double[] energyScores(double[][] first, double[][] second, double[] y) {
    double[] terms = Scores.energyScores(components, times(first), times(second), times(y));
    return factor == 1 ? terms : DoubleStream.of(terms).map(term -> term / factor).toArray();
  }

  private double[][] times(double[][] rows) {
    return factor == 1 ? rows : Arrays.stream(rows).map(this::times).toArray(double[][]::new);
  }

  private double[] times(double[] values) {
    return factor == 1 ? values : Arrays.stream(values).map(v -> v * factor).toArray();
  }
}
