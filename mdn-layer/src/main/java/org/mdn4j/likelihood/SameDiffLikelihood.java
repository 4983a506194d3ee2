/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import org.mdn4j.MixtureLikelihood;
import org.mdn4j.MixtureSpec;
import org.mdn4j.MixtureSpecBuilder;
import org.mdn4j.ScoreAndGradient;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The mixture's negative log-likelihood, defined by SameDiff operations; for a Gaussian mixture
 *
 * <pre>
 *   log π    = z − logsumexp(z)
 *   log N_kd = −log σ_kd − ½ log 2π − ½ ((y_d − μ_kd) / σ_kd)²
 *   NLL      = −logsumexp_k( log π_k + Σ_d log N_kd )
 * </pre>
 *
 * <p>in nats, with σ = f + exp(s). Source: Bishop (1994), equations 23 to 29; the gradient is
 * SameDiff's own, and equals his equations 35, 36 and 37 (38 for the chain through exp).
 *
 * <p>Computed in DOUBLE where the raw output is DOUBLE, otherwise in FLOAT. So that every finite
 * raw output and label with |y − μ| &lt; 10²⁰ (DOUBLE: 10¹⁵⁰) has a finite score and gradient,
 *
 * <ul>
 *   <li>s is read within [−40, 80] (DOUBLE: [−300, 600]), and beyond has the gradient of the limit;
 *   <li>so is −l, of FULL; where a target is missing, within [−40, 80] in DOUBLE too;
 *   <li>½ ((y − μ) / σ)² counts as 10³⁶ (DOUBLE: 10³⁰⁰) where it is more, and then pulls at
 *       nothing: a score whose true value exceeds FLOAT's range comes out as about 10³⁶ per target
 *       (10³⁸ in all, where D is more than 100), with a zero gradient for that location and with ±1
 *       times the responsibility for that scale.
 * </ul>
 *
 * <p>Of other families the densities N_kd stand at {@link org.mdn4j.ComponentFamily}, and that of
 * {@link org.mdn4j.Covariance#FULL}, which is no product over targets, there.
 *
 * <p>A label that is an {@linkplain MixtureSpecBuilder#atoms atom} scores −log of its probability,
 * an interval that of the components' share and of the atoms in it, and one that is hidden 0.
 *
 * <p>A row whose raw output holds a NaN or an infinity gets a score and a gradient of NaN.
 *
 * <p>Safe for use by several threads: a graph is made once per dtype (and once more for rows with
 * missing targets) and shared; SameDiff keeps a session for each thread. Graphs are made and run
 * outside DL4J's workspaces.
 */
public final class SameDiffLikelihood implements MixtureLikelihood {
  private final MixtureLikelihood likelihood;

  /**
   * Creates a likelihood for one form of output.
   *
   * @param spec the columns of the raw output
   */
  public SameDiffLikelihood(MixtureSpec spec) {
    this.likelihood =
        spec.atoms().length == 0
            ? ofComponents(spec)
            : new AtomLikelihood(spec, SameDiffLikelihood::ofComponents);
  }

  private static MixtureLikelihood ofComponents(MixtureSpec spec) {
    return GaussianLikelihood.covers(spec)
        ? new GaussianLikelihood(spec)
        : new FamilyLikelihood(spec);
  }

  @Override
  public INDArray score(INDArray labels, INDArray raw, INDArray observed) {
    return likelihood.score(labels, raw, observed);
  }

  @Override
  public ScoreAndGradient scoreAndGradient(INDArray labels, INDArray raw, INDArray observed) {
    return likelihood.scoreAndGradient(labels, raw, observed);
  }
}
