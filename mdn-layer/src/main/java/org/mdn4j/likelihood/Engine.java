/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import org.mdn4j.FusedForms;
import org.mdn4j.MixtureLikelihood;
import org.mdn4j.MixtureSpec;
import org.mdn4j.likelihood.fused.FusedLikelihood;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The choice of what computes the likelihood. The result does not depend on it, beyond rounding.
 */
public enum Engine {
  /**
   * {@link #FUSED} where it covers the form of output and the backend, {@link #SAMEDIFF} elsewhere.
   */
  AUTO,
  /**
   * {@link FusedLikelihood}: mixtures of components with learned scales of their own, on the CPU.
   * Where it does not cover the form of output or the backend, an exception is thrown instead of
   * using the other.
   */
  FUSED,
  /** {@link SameDiffLikelihood}: every mixture, on every backend of ND4J. */
  SAMEDIFF;

  /**
   * Checks that this engine covers a form of output.
   *
   * @param spec the columns of the raw output
   * @throws IllegalArgumentException if this is FUSED and it does not cover the form
   */
  public void requireCovers(MixtureSpec spec) {
    if (this == FUSED) {
      FusedForms.requireCovered(spec);
    }
  }

  /**
   * Returns whether this engine covers a form of output.
   *
   * @param spec the columns of the raw output
   * @return true unless this is FUSED and does not cover the form
   */
  public boolean covers(MixtureSpec spec) {
    return this != FUSED || FusedForms.covers(spec);
  }

  /**
   * Creates the likelihood.
   *
   * @param spec the columns of the raw output
   * @return a likelihood for ND4J's current backend
   * @throws IllegalArgumentException as {@link #requireCovers}
   * @throws IllegalStateException if this is FUSED and ND4J's backend is not a CPU
   */
  public MixtureLikelihood likelihood(MixtureSpec spec) {
    return likelihood(spec, Nd4j.getEnvironment().isCPU());
  }

  MixtureLikelihood likelihood(MixtureSpec spec, boolean cpu) {
    requireCovers(spec);
    if (this == FUSED && !cpu) {
      throw new IllegalStateException(
          "Engine FUSED computes on the CPU, but ND4J's backend is %s; use AUTO or SAMEDIFF"
              .formatted(Nd4j.getBackend().getClass().getSimpleName()));
    }
    boolean fused = this == FUSED || this == AUTO && cpu && FusedForms.covers(spec);
    return fused ? new FusedLikelihood(spec) : new SameDiffLikelihood(spec);
  }
}
