/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.components;

import java.util.stream.DoubleStream;

/**
 * Components of a family that is one symmetric density of u = (y − μ)/σ, highest at 0: f(y) =
 * g(u)/σ. A family gives g.
 */
abstract class LocationScale extends IndependentTargets {
  static final double[] TAILS = {0.1, 1e-3, 1e-6, 1e-9, 1e-12, 1e-15, 1e-18};

  /** Panels as wide as this times their distance from μ are fine enough for the heaviest tails. */
  private static final double WIDEST = 4;

  LocationScale(int targets, double[] locations, double[] scales, double[] logScales) {
    super(targets, locations, scales, logScales);
  }

  /** Returns log g(u). */
  abstract double logStandardDensity(int i, double u);

  /** Returns where g' or g'' turns, ascending. */
  abstract double[] standardBends(int i);

  /** Returns log P(U &gt; u), exact in relative terms of the probability. */
  abstract double logUpperTail(int i, double u);

  /** Returns P(U &gt; u), exact in relative terms. */
  double upperTail(int i, double u) {
    return Math.exp(logUpperTail(i, u));
  }

  /** Returns the u ≥ 0 with P(U &gt; u) = q, q in [0, ½]. */
  abstract double upperQuantile(int i, double q);

  /** Returns σ times that u. */
  double upperDistance(int i, double q) {
    return scales[i] * upperQuantile(i, q);
  }

  /** Returns the standard deviation of U. */
  abstract double standardDeviationOfUnit(int i);

  /** Returns the differential entropy of U. */
  abstract double entropyOfUnit(int i);

  /** Returns u, ±∞ where it is beyond all doubles. */
  final double standardized(int i, double y) {
    return over(y, locations[i], scales[i]);
  }

  @Override
  public double logDensity(int i, double y) {
    return logStandardDensity(i, standardized(i, y)) - logScales[i];
  }

  /**
   * Returns −(log g)'(u)/u. These densities are scale mixtures of Gaussians, so that log g is
   * convex in u² and lies above its tangent there (D. F. Andrews and C. L. Mallows, <i>Scale
   * mixtures of normal distributions</i>, J. R. Statist. Soc. B 36, 1974).
   */
  @Override
  public double unitPrecision(int i, double y) {
    double u = standardized(i, y);
    return u == 0 ? -unitScoreSlope(i, y) : -unitScore(i, y) / u;
  }

  @Override
  public double mode(int i) {
    return locations[i];
  }

  @Override
  public double[] bends(int i) {
    return DoubleStream.of(standardBends(i)).map(u -> locations[i] + scales[i] * u).toArray();
  }

  @Override
  public void addEdges(int i, DoubleStream.Builder edges) {
    edges.add(locations[i]);
    double before = 1; // from there on g is smooth over what is as wide as its distance from 0
    for (double q : TAILS) {
      double edge = upperQuantile(i, q);
      for (double u = WIDEST * before; u < edge; u *= WIDEST) {
        addBothSides(i, u, edges);
      }
      addBothSides(i, edge, edges);
      before = edge;
    }
  }

  private void addBothSides(int i, double u, DoubleStream.Builder edges) {
    edges.add(locations[i] - scales[i] * u).add(locations[i] + scales[i] * u);
  }

  @Override
  public double mean(int i) {
    return locations[i];
  }

  @Override
  public double standardDeviation(int i) {
    return scales[i] * standardDeviationOfUnit(i);
  }

  @Override
  void setMoments(int i, double mean, double deviation) {
    double scale = deviation / standardDeviationOfUnit(i);
    locations[i] = mean;
    setScale(i, scale, Math.log(scale));
  }

  @Override
  public double logCdf(int i, double y) {
    return logUpperTail(i, -standardized(i, y));
  }

  @Override
  public double logSurvival(int i, double y) {
    return logUpperTail(i, standardized(i, y));
  }

  @Override
  public double cdf(int i, double y) {
    return upperTail(i, -standardized(i, y));
  }

  @Override
  public double survival(int i, double y) {
    return upperTail(i, standardized(i, y));
  }

  @Override
  public void quantiles(double p, double[] into) {
    place(p, -1, into);
  }

  @Override
  public void survivalQuantiles(double q, double[] into) {
    place(q, 1, into);
  }

  private void place(double tail, int side, double[] into) {
    for (int k = 0; k < count; k++) {
      double distance = tail <= 0.5 ? upperDistance(k, tail) : -upperDistance(k, 1 - tail);
      into[k] = locations[k] + side * distance;
    }
  }

  @Override
  public double entropyOfTarget(int i) {
    return entropyOfUnit(i) + logScales[i];
  }
}
