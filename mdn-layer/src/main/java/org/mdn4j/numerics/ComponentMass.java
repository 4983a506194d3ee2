/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.numerics;

/**
 * The logarithm L of what one component gives to one target's label, a density or a probability,
 * and its derivatives by the component's parameters.
 *
 * <p>Each call of {@link #interval} leaves its results in the object. Not safe for use by several
 * threads.
 */
public interface ComponentMass {
  /**
   * Sets the degrees of freedom; does nothing for families without.
   *
   * @param nu ν &gt; 0, finite
   */
  default void degrees(double nu) {}

  /**
   * Computes L and its derivatives.
   *
   * @param lower the label's lower end, or −∞
   * @param upper its upper end, or ∞; the same for an exact value
   * @param location the component's location, of counts the logarithm of its mean
   * @param logScale the logarithm of its scale, concentration or dispersion
   */
  void interval(double lower, double upper, double location, double logScale);

  /**
   * Returns L.
   *
   * @return in nats
   */
  double value();

  /**
   * Returns the derivative by the location.
   *
   * @return ∂L/∂μ
   */
  double byLocation();

  /**
   * Returns the derivative by the scale's logarithm.
   *
   * @return ∂L/∂log σ
   */
  double byLogScale();

  /**
   * Returns the derivative by the logarithm of the degrees of freedom.
   *
   * @return ∂L/∂log ν; 0 of families without
   */
  default double byLogDegrees() {
    return 0;
  }
}
