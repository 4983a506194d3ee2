/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/** Sums over the counts up to the last edge, where a density would have integrals. */
final class IntegerSum extends PanelQuadrature {
  private final double last;

  IntegerSum(double[] edges) {
    super(edges, new Interval(0, Double.POSITIVE_INFINITY));
    this.last = Math.ceil(Arrays.stream(edges).max().orElseThrow());
  }

  /** Returns the sum over lower &lt; j ≤ upper, smallest terms first. */
  @Override
  public double integrate(DoubleUnaryOperator f, double lower, double upper) {
    double sum = 0;
    for (double j = Math.min(last, Math.floor(upper)); j >= 0 && j > lower; j--) {
      sum += f.applyAsDouble(j);
    }
    return sum;
  }

  /** Integrals over the line of functions that are constant from each count to the next. */
  static PanelQuadrature ofSteps(double[] edges) {
    double last = Math.ceil(Arrays.stream(edges).max().orElseThrow());
    return new PanelQuadrature(edges, new Interval(0, Double.POSITIVE_INFINITY)) {
      @Override
      public double integrate(DoubleUnaryOperator f, double lower, double upper) {
        double sum = 0;
        for (double j = last; j >= 0; j--) {
          double length = Math.min(upper, j + 1) - Math.max(lower, j);
          sum += length > 0 ? length * f.applyAsDouble(j) : 0;
        }
        return sum;
      }
    };
  }
}
