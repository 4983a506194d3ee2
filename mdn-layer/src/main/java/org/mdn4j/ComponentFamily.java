/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j;

/**
 * The distribution of one component, for one target, with location μ and scale σ. With several
 * targets a component is the product over them, except for {@link Covariance#FULL}.
 *
 * <p>u = (y − μ)/σ below. Source of the densities: N. L. Johnson, S. Kotz and N. Balakrishnan,
 * <i>Continuous Univariate Distributions</i>, volumes 1 and 2 (1994, 1995); of VON_MISES: K. V.
 * Mardia and P. E. Jupp, <i>Directional Statistics</i> (2000), section 3.5.4.
 */
public enum ComponentFamily {
  /** Normal: log f = −log σ − ½ log 2π − ½ u². */
  GAUSSIAN,

  /** Double exponential: log f = −log σ − log 2 − |u|; heavier tails and a peak. */
  LAPLACE,

  /** Logistic: log f = −log σ − |u| − 2 log(1 + exp(−|u|)). */
  LOGISTIC,

  /**
   * Student's t with ν degrees of freedom, given or learned: log f = −log σ + log Γ((ν + 1)/2) −
   * log Γ(ν/2) − ½ log νπ − ((ν + 1)/2) log(1 + u²/ν). Its mean needs ν &gt; 1, its variance ν &gt;
   * 2.
   */
  STUDENT_T,

  /** Log-normal, for targets above 0: log f = −log y − log σ − ½ log 2π − ½ ((log y − μ)/σ)². */
  LOG_NORMAL,

  /**
   * Von Mises, for angles in radians: log f = κ cos(y − μ) − log 2π − log I₀(κ), with mean
   * direction μ and concentration κ. Its scale parameter is log κ: a larger one is a narrower
   * component.
   */
  VON_MISES,

  /**
   * Negative binomial, for counts y = 0, 1, 2, …, with mean m = exp(μ), dispersion α and so the
   * variance m + α m²: log f = log Γ(y + r) − log Γ(r) − log y! − (y + r) log(1 + α m) + y log(α
   * m), r = 1/α; the log of a probability, not of a density. Its scale parameter is log α; as α
   * goes to 0 it becomes Poisson's. Parametrisation: J. M. Hilbe, <i>Negative Binomial
   * Regression</i> (2011), NB2.
   */
  NEGATIVE_BINOMIAL;

  /**
   * Returns whether the targets are counts, whose distribution has probabilities and no density.
   *
   * @return true for NEGATIVE_BINOMIAL
   */
  public boolean isDiscrete() {
    return this == NEGATIVE_BINOMIAL;
  }
}
