/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.apache.commons.math3.analysis.integration.gauss.GaussIntegrator;
import org.apache.commons.math3.analysis.integration.gauss.GaussIntegratorFactory;

/**
 * Integrals for tests, apart from the library's own: a Gauss-Legendre rule of 20 points on each
 * quarter of fixed panels. No error is estimated; the panels must be fine enough.
 */
public class PanelQuadrature {
  private static final GaussIntegrator RULE = new GaussIntegratorFactory().legendre(20);
  private static final int PARTS = 4;

  private final double[] edges;

  /**
   * Panels between the edges; where the support goes on beyond them, panels that grow by 2 up to
   * the end of the support or 10¹⁸ times the spread of the edges.
   */
  public PanelQuadrature(double[] edges, Interval support) {
    double[] inner =
        Arrays.stream(edges)
            .map(edge -> Math.max(support.lower(), Math.min(support.upper(), edge)))
            .sorted()
            .distinct()
            .toArray();
    double first = inner[0];
    double last = inner[inner.length - 1];
    List<Double> all = new ArrayList<>(Arrays.stream(inner).boxed().toList());
    for (double reach = (last - first) / 64; reach < (last - first) * 1e18; reach *= 2) {
      all.add(Math.max(support.lower(), first - reach));
      all.add(Math.min(support.upper(), last + reach));
    }
    this.edges = all.stream().mapToDouble(edge -> edge).sorted().distinct().toArray();
  }

  public double integrate(DoubleUnaryOperator f) {
    return integrate(f, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
  }

  /** Over the part of the support between two values. */
  public double integrate(DoubleUnaryOperator f, double lower, double upper) {
    double sum = 0;
    for (int i = 1; i < edges.length; i++) {
      double from = Math.max(lower, edges[i - 1]);
      double step = (Math.min(upper, edges[i]) - from) / PARTS;
      for (int part = 0; step > 0 && part < PARTS; part++) {
        sum += rule(f, from + part * step, 0.5 * step);
      }
    }
    return sum;
  }

  private static double rule(DoubleUnaryOperator f, double from, double radius) {
    return radius * RULE.integrate(x -> f.applyAsDouble(from + radius * (1 + x)));
  }
}
