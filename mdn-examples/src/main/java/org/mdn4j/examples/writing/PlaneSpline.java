/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.writing;

import org.apache.commons.math3.analysis.interpolation.SplineInterpolator;
import org.apache.commons.math3.analysis.polynomials.PolynomialSplineFunction;

/**
 * A smooth curve through points of the plane: a natural cubic spline in each coordinate, whose
 * parameter grows from point to point by the root of their distance (the centripetal one, with
 * which a curve keeps near its points).
 */
public final class PlaneSpline {
  private static final double SHORTEST = 1e-6; // between points that coincide

  private final double[] knots; // [points]
  private final PolynomialSplineFunction[] position; // x, y
  private final PolynomialSplineFunction[] velocity;
  private final PolynomialSplineFunction[] acceleration;

  private PlaneSpline(double[] knots, PolynomialSplineFunction x, PolynomialSplineFunction y) {
    this.knots = knots;
    position = new PolynomialSplineFunction[] {x, y};
    velocity = derivatives(position);
    acceleration = derivatives(velocity);
  }

  private static PolynomialSplineFunction[] derivatives(PolynomialSplineFunction[] functions) {
    return new PolynomialSplineFunction[] {
      functions[0].polynomialSplineDerivative(), functions[1].polynomialSplineDerivative()
    };
  }

  /**
   * Creates the curve through points.
   *
   * @param points {@code [points][2]}, at least 3
   * @return the curve
   * @throws IllegalArgumentException if there are fewer points
   */
  public static PlaneSpline through(double[][] points) {
    int count = points.length;
    if (count < 3) {
      throw new IllegalArgumentException("Expected at least 3 points, got " + count);
    }
    double[] knots = new double[count];
    double[] x = new double[count];
    double[] y = new double[count];
    for (int i = 0; i < count; i++) {
      x[i] = points[i][0];
      y[i] = points[i][1];
      if (i > 0) {
        double distance = Math.hypot(x[i] - x[i - 1], y[i] - y[i - 1]);
        knots[i] = knots[i - 1] + Math.sqrt(Math.max(SHORTEST, distance));
      }
    }
    SplineInterpolator interpolator = new SplineInterpolator();
    return new PlaneSpline(
        knots, interpolator.interpolate(knots, x), interpolator.interpolate(knots, y));
  }

  /**
   * Returns parameters from one end to the other.
   *
   * @param perSpan how many steps from one point to the next, at least 1
   * @return ascending, {@code [perSpan · (points − 1) + 1]}
   */
  public double[] parameters(int perSpan) {
    double[] parameters = new double[perSpan * (knots.length - 1) + 1];
    for (int i = 0; i < parameters.length - 1; i++) {
      int span = i / perSpan;
      double share = (double) (i % perSpan) / perSpan;
      parameters[i] = knots[span] + share * (knots[span + 1] - knots[span]);
    }
    parameters[parameters.length - 1] = knots[knots.length - 1];
    return parameters;
  }

  /**
   * Returns a point of the curve.
   *
   * @param parameter from the first to the last of {@link #parameters}
   * @return x and y
   */
  public double[] at(double parameter) {
    return new double[] {position[0].value(parameter), position[1].value(parameter)};
  }

  /**
   * Returns the length of the curve per parameter.
   *
   * @param parameter from the first to the last of {@link #parameters}
   * @return √(x′² + y′²)
   */
  public double speed(double parameter) {
    return Math.hypot(velocity[0].value(parameter), velocity[1].value(parameter));
  }

  /**
   * Returns the curvature, the inverse of the radius.
   *
   * @param parameter from the first to the last of {@link #parameters}
   * @return |x′y″ − y′x″| / (x′² + y′²)^{3/2}; infinite where the curve stands still
   */
  public double curvature(double parameter) {
    double cross =
        velocity[0].value(parameter) * acceleration[1].value(parameter)
            - velocity[1].value(parameter) * acceleration[0].value(parameter);
    double speed = speed(parameter);
    return speed == 0 ? Double.POSITIVE_INFINITY : Math.abs(cross) / (speed * speed * speed);
  }
}
