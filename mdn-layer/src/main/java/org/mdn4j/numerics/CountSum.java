/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.numerics;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;

/**
 * Sums over counts, of a function that is smooth between them too: term by term over the first
 * hundreds and over short panels, elsewhere by Euler and Maclaurin's formula on the panels'
 * middles,
 *
 * <pre>
 *   Σ_{a ≤ j &lt; b} g(j) = ∫ g dx − Δg'/24 + 7 Δg'''/5760 − …,   from a − ½ to b − ½
 * </pre>
 *
 * <p>with Δ for what is at b − ½ less what is at a − ½, so that a sum over billions of counts takes
 * no longer than some thousands of terms. Where g changes over lengths of a panel or more, what is
 * left out is less than 1e-11 of the sum.
 */
public final class CountSum {
  /** So many are summed term by term. */
  public static final int FIRST = 256;

  /** Beyond it a count and the next one may be the same double. */
  private static final double LARGEST = 0x1p52;

  private static final double SHORT = 24;
  private static final double GROWTH = 1.5;

  /** Nodes and weights of Gauss and Legendre on [−1, 1], of the positive half. */
  private static final double[] NODES = {
    0.1488743389816312,
    0.4333953941292472,
    0.6794095682990244,
    0.8650633666889845,
    0.9739065285171717
  };

  private static final double[] WEIGHTS = {
    0.2955242247147529,
    0.2692667193099963,
    0.2190863625159820,
    0.1494513491505806,
    0.0666713443086881
  };

  private CountSum() {}

  /**
   * Returns the sum of g(j) over from ≤ j ≤ to.
   *
   * @param g smooth on [from, to]
   * @param from the first count
   * @param to the last count; the sum is 0 where it is less than the first
   * @param edges values between any two of which, or their geometric means, g is a polynomial of
   *     low degree, nearly
   * @return the sum
   */
  public static double of(DoubleUnaryOperator g, double from, double to, double... edges) {
    if (from >= LARGEST) {
      return ofLarge(g, from, to, edges);
    }
    double dense = Math.min(to, from + FIRST - 1);
    double sum = terms(g, from, dense + 1);
    if (dense >= to) {
      return sum;
    }
    double a = dense + 1;
    double[] inner =
        Arrays.stream(edges)
            .map(Math::rint)
            .filter(edge -> edge > dense + 1 && edge <= to)
            .sorted()
            .distinct()
            .toArray();
    boolean smooth = false; // whether what ends at a was integrated: between two such all cancels
    for (double edge :
        DoubleStream.concat(Arrays.stream(inner), DoubleStream.of(to + 1)).toArray()) {
      while (a < edge) {
        double b = Math.min(edge, Math.rint(from + GROWTH * (a - from)));
        boolean integrated = b - a > SHORT;
        if (integrated != smooth) {
          sum += (smooth ? -1 : 1) * correction(g, a);
        }
        sum += integrated ? integral(g, a - 0.5, b - 0.5) : terms(g, a, b);
        smooth = integrated;
        a = b;
      }
    }
    return smooth ? sum - correction(g, a) : sum;
  }

  /** Returns the integral, which the sum is where it begins so far out. */
  private static double ofLarge(DoubleUnaryOperator g, double from, double to, double[] edges) {
    double sum = 0;
    double a = from;
    double[] inner =
        Arrays.stream(edges).filter(edge -> edge > from && edge < to).sorted().toArray();
    for (double edge : DoubleStream.concat(Arrays.stream(inner), DoubleStream.of(to)).toArray()) {
      while (a < edge) {
        double b = Math.min(edge, GROWTH * a);
        sum += integral(g, a, b);
        a = b;
      }
    }
    return sum;
  }

  /** Returns the sum over a ≤ j &lt; b. */
  private static double terms(DoubleUnaryOperator g, double a, double b) {
    double sum = 0;
    for (double j = a; j < b; j++) {
      sum += g.applyAsDouble(j);
    }
    return sum;
  }

  /** Returns the integral by Gauss and Legendre's rule of 10 points. */
  private static double integral(DoubleUnaryOperator g, double lower, double upper) {
    double half = 0.5 * (upper - lower);
    double middle = lower + half;
    double sum = 0;
    for (int i = 0; i < NODES.length; i++) {
      double offset = half * NODES[i];
      sum += WEIGHTS[i] * (g.applyAsDouble(middle - offset) + g.applyAsDouble(middle + offset));
    }
    return half * sum;
  }

  /** Returns g'/24 − 7 g'''/5760 at x − ½, by differences: δg = g' + g'''/24 + …, δ³g = g''' + … */
  private static double correction(DoubleUnaryOperator g, double x) {
    double here = g.applyAsDouble(x);
    double before = g.applyAsDouble(x - 1);
    double third = g.applyAsDouble(x + 1) - g.applyAsDouble(x - 2) - 3 * (here - before);
    return (here - before) / 24 - third * (17.0 / 5760);
  }
}
