/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.kit;

import org.apache.commons.math3.analysis.integration.gauss.GaussIntegrator;
import org.apache.commons.math3.analysis.integration.gauss.GaussIntegratorFactory;

/**
 * A quadrature rule on an interval: Gauss and Legendre's with 10 nodes on each of several equal
 * panels.
 *
 * @param nodes where the integrand is taken
 * @param weights by how much it counts there; they sum to the interval's length
 */
public record Panels(double[] nodes, double[] weights) {
  private static final int NODES = 10;

  /**
   * Creates the rule.
   *
   * @param lower lower end of the interval
   * @param upper upper end
   * @param width the integrand is smooth over this length; panels are no wider
   */
  public static Panels of(double lower, double upper, double width) {
    int count = (int) Math.ceil((upper - lower) / width);
    double[] nodes = new double[count * NODES];
    double[] weights = new double[count * NODES];
    GaussIntegratorFactory rules = new GaussIntegratorFactory();
    for (int panel = 0; panel < count; panel++) {
      GaussIntegrator rule =
          rules.legendre(
              NODES,
              lower + (upper - lower) * panel / count,
              lower + (upper - lower) * (panel + 1) / count);
      for (int i = 0; i < NODES; i++) {
        nodes[panel * NODES + i] = rule.getPoint(i);
        weights[panel * NODES + i] = rule.getWeight(i);
      }
    }
    return new Panels(nodes, weights);
  }

  public int size() {
    return nodes.length;
  }
}
