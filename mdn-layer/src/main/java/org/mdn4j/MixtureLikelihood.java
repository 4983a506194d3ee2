/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j;

import org.mdn4j.likelihood.SameDiffLikelihood;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The negative log-likelihood of a mixture, row by row, and its derivative with respect to the raw
 * output. {@link SameDiffLikelihood} defines it; other implementations return the same values.
 *
 * <p>Safe for use by several threads.
 */
public interface MixtureLikelihood {
  /**
   * Returns the most that one target's ½ ((y − μ) / σ)² adds to a row's score. Farther targets
   * count as this much, and have no gradient.
   *
   * @param spec the columns of the raw output
   * @param dtype that of the raw output
   * @return nats; 10³⁶, for DOUBLE 10³⁰⁰, and less where there are more than 100 targets
   */
  static double largestTargetScore(MixtureSpec spec, DataType dtype) {
    return Limits.of(dtype).halfSquaredDistance(spec.targets());
  }

  /**
   * Returns the score of each row.
   *
   * @param labels targets, {@code [N, D]}; finite wherever observed
   * @param raw the network's raw output, {@code [N, P]}
   * @param observed {@code [N, D]} of ones and zeros, where a target marked 0 drops out of the
   *     likelihood, so that the rest is scored by its marginal; null when all targets count
   * @return negative log-likelihoods in nats, {@code [N]}, of the dtype that was computed in:
   *     DOUBLE where the raw output is DOUBLE, otherwise FLOAT
   */
  INDArray score(INDArray labels, INDArray raw, INDArray observed);

  /**
   * Returns the score and the gradient of each row, computed in one pass.
   *
   * @param labels as for {@link #score}
   * @param raw as for {@link #score}
   * @param observed as for {@link #score}
   * @return scores {@code [N]} and gradients {@code [N, P]}, in the caller's workspace
   */
  ScoreAndGradient scoreAndGradient(INDArray labels, INDArray raw, INDArray observed);
}
