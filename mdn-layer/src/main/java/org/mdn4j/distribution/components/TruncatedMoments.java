/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.components;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import org.mdn4j.ComponentFamily;
import org.mdn4j.numerics.GaussLegendre;

/**
 * Mean, standard deviation and entropy of a truncated component, by Gauss's rule between its
 * quantiles, in pieces over which the distance from the center grows by no more than a factor;
 * nothing is left out but a share of 1e-60 of each tail, of which the moments of Student's t are
 * those of its power law.
 */
final class TruncatedMoments {
  private static final double[] TAILS = {
    0.5, 0.25, 0.1, 1e-2, 1e-3, 1e-4, 1e-6, 1e-9, 1e-12, 1e-15, 1e-18, 1e-24, 1e-30, 1e-40, 1e-60
  };
  private static final double GROWTH = 3;

  private final TruncatedTargets components;
  private final int k;
  private final double center; // from which tails fall
  private final double unit;

  TruncatedMoments(TruncatedTargets components, int k) {
    this.components = components;
    this.k = k;
    boolean logarithmic = components.family() == ComponentFamily.LOG_NORMAL;
    this.center = logarithmic ? 0 : components.location(k, 0);
    this.unit = components.unit(k);
  }

  /** Returns values between which the density is smooth, ascending. */
  double[] edges() {
    DoubleStream.Builder edges = DoubleStream.builder();
    for (double tail : TAILS) {
      edges.add(components.quantile(k, tail, false));
      edges.add(components.quantile(k, tail, true));
    }
    for (double end : new double[] {components.lowest(), components.highest()}) {
      edges.add(end);
    }
    for (double kink : components.kinks(k)) {
      edges.add(Math.max(components.lowest(), Math.min(components.highest(), kink)));
    }
    double[] sorted = edges.build().filter(Double::isFinite).sorted().distinct().toArray();
    DoubleStream.Builder pieces = DoubleStream.builder();
    for (int i = 0; i < sorted.length; i++) {
      pieces.add(sorted[i]);
      if (i + 1 < sorted.length) {
        addPieces(sorted[i] - center, sorted[i + 1] - center, pieces);
      }
    }
    return pieces.build().toArray();
  }

  /** Adds points between two distances from the center, in geometric steps. */
  private void addPieces(double from, double to, DoubleStream.Builder pieces) {
    boolean above = from >= 0;
    double near = above ? from : -to;
    double far = above ? to : -from;
    near = Math.max(near, unit);
    if (above != to > 0 || !(far > GROWTH * near)) {
      return;
    }
    int count = (int) Math.ceil(Math.log(far / near) / Math.log(GROWTH));
    for (int piece = 0; piece < count; piece++) {
      double distance = near * Math.pow(far / near, (double) piece / count);
      if (distance > Math.min(Math.abs(from), Math.abs(to)) && distance < far) {
        pieces.add(above ? center + distance : center - distance);
      }
    }
  }

  /** Returns ∫ g(y) f(y) dy between the first and the last of the edges. */
  private double integral(double[] edges, DoubleUnaryOperator g) {
    double sum = 0;
    for (int i = 0; i + 1 < edges.length; i++) {
      double width = edges[i + 1] - edges[i];
      for (int node = 0; node < GaussLegendre.POINTS; node++) {
        double y = edges[i] + width * GaussLegendre.node(node);
        double density = Math.exp(components.logDensity(k, y) + Math.log(width));
        if (density > 0) {
          sum += GaussLegendre.weight(node) * density * g.applyAsDouble(y);
        }
      }
    }
    return sum;
  }

  double mean() {
    double[] edges = sorted();
    double from = origin();
    return from + (integral(edges, y -> y - from) + powerTails(edges, from, 1)) / mass(edges);
  }

  double standardDeviation() {
    double[] edges = sorted();
    double mean = mean();
    double squares = integral(edges, y -> (y - mean) * (y - mean)) + powerTails(edges, mean, 2);
    return Math.sqrt(squares / mass(edges));
  }

  double entropy() {
    double[] edges = sorted();
    return integral(edges, y -> -components.logDensity(k, y)) / mass(edges);
  }

  private double[] sorted() {
    double[] edges = edges();
    Arrays.sort(edges);
    return edges;
  }

  /** Returns the integral of the density: 1, but for the rule's error. */
  private double mass(double[] edges) {
    return integral(edges, y -> 1);
  }

  /** Returns an end of the range, near which little cancels; without one the center. */
  private double origin() {
    double lowest = components.lowest();
    double highest = components.highest();
    return Double.isFinite(lowest) ? lowest : Double.isFinite(highest) ? highest : center;
  }

  /**
   * Returns what is beyond the edges of E (Y − c)ᵖ, p = 1 or 2, of Student's t: its density falls
   * as the power −ν − 1 of u there.
   */
  private double powerTails(double[] edges, double c, int power) {
    double nu = components.degreesOfFreedom(k);
    if (Double.isInfinite(nu)) {
      return 0;
    }
    double sum = 0;
    if (Double.isInfinite(components.highest())) {
      sum += powerTail(edges[edges.length - 1], c, power, nu, 1);
    }
    if (Double.isInfinite(components.lowest())) {
      sum += powerTail(edges[0], c, power, nu, -1);
    }
    return sum;
  }

  private double powerTail(double edge, double c, int power, double nu, int side) {
    double scale = components.scale(k, 0);
    double u = Math.abs(edge - center) / scale;
    double density = Math.exp(components.logDensity(k, edge) + components.logScale(k));
    double offset = (center - c) * side; // of the distance that grows
    if (power == 1) {
      return side * density * (scale * u * u / (nu - 1) + offset * u / nu);
    }
    return density
        * (scale * scale * u * u * u / (nu - 2)
            + 2 * scale * offset * u * u / (nu - 1)
            + offset * offset * u / nu);
  }
}
