/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.numerics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RootSearchTest {
  /** A function, and where it was asked. */
  private static final class Search extends RootSearch {
    private final DoubleUnaryOperator function;
    private final DoubleUnaryOperator derivative;
    private final List<Double> asked = new ArrayList<>();

    Search(DoubleUnaryOperator function, DoubleUnaryOperator derivative) {
      this.function = function;
      this.derivative = derivative;
    }

    Search(DoubleUnaryOperator function, DoubleUnaryOperator derivative, double tolerance) {
      this(function, derivative);
      this.tolerance = tolerance;
    }

    @Override
    protected double value(double y) {
      asked.add(y);
      slope = derivative.applyAsDouble(y);
      return function.applyAsDouble(y);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 1, 1.2, 2})
  void newtonsStepsFindTheCubeRoot(double start) {
    Search search = new Search(y -> y * y * y - 2, y -> 3 * y * y);
    assertEquals(Math.cbrt(2), search.find(0, 2, start), 2 * Math.ulp(1.0));
    assertTrue(search.asked.size() < 20, search.asked::toString);
  }

  @Test
  void beginsAtTheStartInTheMiddleOrAtTheNearestEnd() {
    double[][] startAndFirst = {{1.5, 1.5}, {Double.NaN, 2}, {-7, 0}, {7, 4}};
    for (double[] one : startAndFirst) {
      Search search = new Search(y -> y - 1, y -> 1);
      assertEquals(1, search.find(0, 4, one[0]));
      assertEquals(one[1], search.asked.get(0));
    }
  }

  @Test
  void whatIsWithinTheToleranceIsTheRoot() {
    Search search = new Search(y -> y, y -> 1, 0.25);
    assertEquals(0.25, search.find(-1, 1, 0.25));
    assertEquals(-0.25, search.find(-1, 1, -0.25));
    assertEquals(0, search.find(-1, 1, 0.5));
  }

  /** Newton's steps leave the bracket of these, or do not halve the value. */
  @Test
  void flatAndSteepFunctionsAreNotGivenUp() {
    Search steep = new Search(y -> Math.atan(1e8 * (y - 3)), y -> 1e8 / (1 + sq(1e8 * (y - 3))));
    assertEquals(3, steep.find(-1e3, 1e3, 900), Math.ulp(3.0));
    Search flat = new Search(y -> Math.cbrt(y - 0.7), y -> sq(Math.cbrt(1 / (y - 0.7))) / 3);
    assertEquals(0.7, flat.find(-1e3, 1e3, -5), Math.ulp(0.7));
    Search noSlope = new Search(y -> y - 0.7, y -> 0);
    assertEquals(0.7, noSlope.find(-1e3, 1e3, 5), Math.ulp(0.7));
  }

  private static double sq(double value) {
    return value * value;
  }

  /** Of a jump the side that is nearer to 0; at most 126 values, however wide the bracket is. */
  @ParameterizedTest
  @ValueSource(doubles = {0.3, 1e-300, -1e-300, 1e300, -5})
  void aJumpIsARoot(double jump) {
    double width = Double.MAX_VALUE;
    Search below = new Search(y -> y < jump ? -0.5 : 1, y -> 0);
    assertEquals(Math.nextDown(jump), below.find(-width, width, Double.NaN));
    Search above = new Search(y -> y < jump ? -1 : 0.5, y -> 0);
    assertEquals(jump, above.find(-width, width, Double.NaN));
    assertTrue(above.asked.size() <= 126, () -> above.asked.size() + " values");
  }

  /** Where y has no more digits, the end that Newton's step says is nearer. */
  @Test
  void theNearerNeighbourIsReturned() {
    double y0 = 1;
    double ulp = Math.ulp(y0);
    for (double part : new double[] {0.1, 0.4, 0.6, 0.9}) {
      // The value of y − (1 + part ulp), with what y cannot hold
      Search search = new Search(y -> (y - y0) / ulp - part, y -> 1 / ulp);
      double root = search.find(0, 2, 1 + 5 * ulp);
      assertEquals(part < 0.5 ? y0 : y0 + ulp, root, "part " + part);
    }
  }
}
