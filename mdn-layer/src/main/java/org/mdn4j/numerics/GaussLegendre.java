/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.numerics;

/** The Gauss-Legendre rule of 16 points on [0, 1], exact for polynomials of degree 31. */
public final class GaussLegendre {
  /** The number of points. */
  public static final int POINTS = 16;

  /** Newton's iteration from a cosine converges to all digits within this many steps. */
  private static final int STEPS = 8;

  static final double[] NODES = new double[POINTS];
  static final double[] WEIGHTS = new double[POINTS]; // their sum is 1

  static {
    for (int i = 0; i < POINTS; i++) {
      double x = Math.cos(Math.PI * (i + 0.75) / (POINTS + 0.5));
      double slope = 0;
      for (int step = 0; step < STEPS; step++) {
        double before = 1;
        double p = x; // Legendre's polynomials, by their recurrence
        for (int n = 2; n <= POINTS; n++) {
          double next = ((2 * n - 1) * x * p - (n - 1) * before) / n;
          before = p;
          p = next;
        }
        slope = POINTS * (x * p - before) / (x * x - 1);
        x -= p / slope;
      }
      NODES[i] = 0.5 * (1 - x);
      WEIGHTS[i] = 1 / ((1 - x * x) * slope * slope);
    }
  }

  private GaussLegendre() {}

  /**
   * Returns a node.
   *
   * @param i which, in [0, 16)
   * @return a number in (0, 1)
   */
  public static double node(int i) {
    return NODES[i];
  }

  /**
   * Returns the weight of a node.
   *
   * @param i which, in [0, 16)
   * @return a positive number; their sum is 1
   */
  public static double weight(int i) {
    return WEIGHTS[i];
  }
}
