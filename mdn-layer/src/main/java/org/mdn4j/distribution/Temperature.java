/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import java.io.Serializable;

/**
 * Two temperatures that widen (τ &gt; 1) or narrow (τ &lt; 1) a mixture before it is sampled or
 * asked.
 *
 * <pre>
 *   π_k(τ) = softmax(z / τ)_k ∝ π_k^(1/τ)     (the weights' τ divides the logits)
 *   σ_kd²(τ) = τ σ_kd²                        (the scales' τ multiplies the squared scales)
 * </pre>
 *
 * <p>So for a Gaussian it multiplies the variances, for FULL the covariance, as the factor L of the
 * precision is divided by √τ. Other families have their scale multiplied by √τ, LOG_NORMAL that of
 * log y; the concentration κ of VON_MISES, an inverse variance, is divided by τ; the dispersion α
 * of NEGATIVE_BINOMIAL, the squared coefficient of variation of Poisson's rates, is multiplied by
 * τ, so that Poisson's own variance stays. Degrees of freedom stay.
 *
 * <p>Atoms have logits in the same softmax, which the weights' τ divides too, and no scale.
 *
 * <p>τ = 1 is the learned model. As both go to 0, the mixture tends to a point: the location of the
 * component of the largest weight, {@link Mixture#heaviestLocation()}.
 *
 * <p>The two are what keras-mdn-layer calls {@code temp} and {@code sigma_temp}. Source: D. Ha and
 * D. Eck, <i>A Neural Representation of Sketch Drawings</i> (2017), section 3.3, equation 8.
 *
 * @param weights τ of the mixture weights, &gt; 0
 * @param scales τ of the squared scales, &gt; 0
 */
public record Temperature(double weights, double scales) implements Serializable {
  /**
   * Checks both temperatures.
   *
   * @param weights τ of the mixture weights
   * @param scales τ of the squared scales
   * @throws IllegalArgumentException if one is not positive and finite
   */
  public Temperature {
    requirePositive("weights", weights);
    requirePositive("scales", scales);
  }

  /**
   * Returns one temperature for both.
   *
   * @param tau τ &gt; 0
   * @return a temperature of τ for the weights and the scales
   * @throws IllegalArgumentException if τ is not positive and finite
   */
  public static Temperature of(double tau) {
    return new Temperature(tau, tau);
  }

  private static void requirePositive(String name, double tau) {
    if (!(tau > 0 && Double.isFinite(tau))) {
      throw new IllegalArgumentException(
          "Expected a temperature of the " + name + " that is positive and finite, got " + tau);
    }
  }
}
