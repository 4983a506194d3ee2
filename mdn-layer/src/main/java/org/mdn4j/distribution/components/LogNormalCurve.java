/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.components;

import java.util.Arrays;

/**
 * The density of log-normal components y as a function of z = log y:
 *
 * <pre>
 *   f(exp z) = exp(−z) N(z; μ, σ²) = exp(σ²/2 − μ) N(z; μ − σ², σ²)
 * </pre>
 *
 * <p>Its extrema are those of the density of y. It is taken from the first form, which keeps its
 * digits where z is a logarithm of doubles and σ is large. It is no density of z: of what is asked
 * of components, this answers what is asked about extrema.
 */
public final class LogNormalCurve extends DiagonalGaussians {
  /** The least z; below it exp(z) is 0. */
  private static final double LEAST = Math.log(Double.MIN_VALUE);

  /** A component that is wider is a line over all logarithms of doubles. */
  private static final double WIDEST = 1e60;

  private final double anchor; // what z is less by, summed over the targets
  private final double[] constants; // [K·D], added to the logarithms

  private LogNormalCurve(
      int targets,
      double[] locations,
      double[] scales,
      double[] logScales,
      double[] constants,
      double anchor) {
    super(targets, locations, scales, logScales);
    this.constants = constants;
    this.anchor = anchor;
  }

  /**
   * Returns the curve of components; the arrays are not changed. Of one with σ &gt; 1e60 it is log
   * f = −z − log σ − ½ (μ/σ)² + z μ/σ² − ½ (z/σ)², where the last term is nothing: a component with
   * σ' = 1e60 and μ'/σ'² = μ/σ² has the same but for a constant, and no squares that overflow.
   */
  static LogNormalCurve of(int targets, double[] locations, double[] scales, double[] logScales) {
    double[] newLocations = locations.clone();
    double[] newScales = scales.clone();
    double[] newLogScales = logScales.clone();
    double[] constants = new double[locations.length];
    for (int i = 0; i < locations.length; i++) {
      if (scales[i] > WIDEST) {
        double ratio = WIDEST / scales[i];
        double u = locations[i] / scales[i];
        newLocations[i] = locations[i] * ratio * ratio;
        newScales[i] = WIDEST;
        newLogScales[i] = Math.log(WIDEST);
        constants[i] = -0.5 * u * u * (1 - ratio * ratio) + newLogScales[i] - logScales[i];
      }
    }
    return new LogNormalCurve(targets, newLocations, newScales, newLogScales, constants, 0);
  }

  @Override
  public LogNormalCurve with(int targets, double[] locations, double[] scales, double[] logScales) {
    return new LogNormalCurve(targets, locations, scales, logScales, constants, anchor);
  }

  @Override
  public IndependentTargets seenFrom(double... anchor) {
    double[] seen = super.seenFrom(anchor).locations;
    double sum = this.anchor + Arrays.stream(anchor).sum();
    return new LogNormalCurve(targets, seen, scales, logScales, constants, sum);
  }

  @Override
  public double lowest() {
    return LEAST;
  }

  @Override
  public double logDensity(int k, double[] z) {
    double sum = super.logDensity(k, z);
    for (int d = 0; d < targets; d++) {
      sum += constants[place(k, d)] - z[d];
    }
    return sum - anchor;
  }

  @Override
  public double logDensity(int i, double z) {
    return super.logDensity(i, z) + constants[i] - z - anchor;
  }

  @Override
  public double unitScore(int i, double z) {
    return super.unitScore(i, z) - scales[i];
  }

  @Override
  public double mode(int i) {
    return locations[i] - scales[i] * scales[i];
  }

  @Override
  public double center(int k, int d) {
    return mode(place(k, d));
  }
}
