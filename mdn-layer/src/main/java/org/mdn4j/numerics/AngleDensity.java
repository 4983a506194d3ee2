/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.numerics;

/**
 * The log density of an angle by the von Mises distribution of direction μ and concentration κ, and
 * its derivatives:
 *
 * <pre>
 *   L = −2 κ sin²((y − μ)/2) − log(exp(−κ) I₀(κ)) − log 2π
 *   ∂L/∂μ     = κ sin(y − μ)
 *   ∂L/∂log κ = −2 κ sin²((y − μ)/2) − κ (I₁(κ)/I₀(κ) − 1)
 * </pre>
 *
 * <p>Intervals of angles have no probability here: a circle has no ends.
 */
public final class AngleDensity implements ComponentMass {
  private static final double LOG_TWO_PI = Math.log(2 * Math.PI);

  private double value;
  private double byDirection;
  private double byLogConcentration;

  @Override
  public void interval(double lower, double upper, double direction, double logConcentration) {
    double kappa = Math.exp(logConcentration);
    double difference = upper - direction;
    double sine = Math.sin(0.5 * difference);
    double fall = 2 * sine * sine * kappa;
    value = -(fall + SpecialFunctions.logBesselI0Scaled(kappa) + LOG_TWO_PI);
    byDirection = kappa * Math.sin(difference);
    byLogConcentration = -(fall + SpecialFunctions.logBesselI0ScaledSlope(kappa));
  }

  @Override
  public double value() {
    return value;
  }

  @Override
  public double byLocation() {
    return byDirection;
  }

  @Override
  public double byLogScale() {
    return byLogConcentration;
  }
}
