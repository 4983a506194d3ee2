/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import org.apache.commons.math3.analysis.integration.gauss.GaussIntegrator;
import org.apache.commons.math3.analysis.integration.gauss.GaussIntegratorFactory;

/** Integrals over y, D = 1, by Gauss-Legendre rules on panels that are halved where need be. */
final class Quadrature {
  private static final GaussIntegrator RULE = new GaussIntegratorFactory().legendre(12);
  private static final int MAX_HALVINGS = 12;

  private Quadrature() {}

  /**
   * Edges of all components that have weight: a grid that is fine where a component is narrow and
   * ends where all but 1e-18 of each is covered.
   */
  static double[] panels(double[] weights, IndependentTargets components) {
    DoubleStream.Builder edges = DoubleStream.builder();
    for (int k = 0; k < weights.length; k++) {
      if (weights[k] > 0) {
        components.addEdges(k, edges);
      }
    }
    return panels(edges);
  }

  /** Edges in the order that {@link #integrate} needs. */
  static double[] panels(DoubleStream.Builder edges) {
    return edges.build().sorted().distinct().toArray();
  }

  /** ∫ f for f of one sign, to a relative tolerance of what a first, rough integral gives. */
  static double integrateRelatively(DoubleUnaryOperator f, double[] edges, double tolerance) {
    double rough = 0;
    for (int i = 1; i < edges.length; i++) {
      rough += Math.abs(rule(f, edges[i - 1], edges[i]));
    }
    return integrate(f, edges, tolerance * rough);
  }

  /**
   * ∫ f from the first panel's edge to the last, edges ascending. A panel is halved until that
   * changes its integral by no more than the tolerance, at most 12 times.
   */
  static double integrate(DoubleUnaryOperator f, double[] edges, double tolerance) {
    double sum = 0;
    for (int i = 1; i < edges.length; i++) {
      double whole = rule(f, edges[i - 1], edges[i]);
      sum += refined(f, edges[i - 1], edges[i], whole, tolerance, MAX_HALVINGS);
    }
    return sum;
  }

  private static double refined(
      DoubleUnaryOperator f, double from, double to, double whole, double tolerance, int halvings) {
    double middle = 0.5 * from + 0.5 * to;
    double left = rule(f, from, middle);
    double right = rule(f, middle, to);
    // Where a panel is few doubles wide, what y's rounding makes of f must not be chased.
    double rounding = 16 * Math.ulp(middle) / (to - from) * Math.abs(left + right);
    if (Math.abs(left + right - whole) <= tolerance + rounding || halvings == 0) {
      return left + right;
    }
    return refined(f, from, middle, left, tolerance, halvings - 1)
        + refined(f, middle, to, right, tolerance, halvings - 1);
  }

  private static double rule(DoubleUnaryOperator f, double from, double to) {
    double center = 0.5 * from + 0.5 * to;
    double radius = 0.5 * to - 0.5 * from;
    return radius * RULE.integrate(x -> f.applyAsDouble(center + radius * x));
  }
}
