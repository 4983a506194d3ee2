/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import org.mdn4j.MixtureLikelihood;
import org.mdn4j.MixtureSpec;
import org.mdn4j.likelihood.fused.FusedLikelihood;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The choice of what computes the likelihood. The result does not depend on it, beyond rounding.
 */
public enum Engine {
  /** {@link #FUSED} on the CPU, {@link #SAMEDIFF} elsewhere. */
  AUTO,
  /** {@link FusedLikelihood}: every mixture, on the CPU; an exception is thrown elsewhere. */
  FUSED,
  /** {@link SameDiffLikelihood}: every mixture, on every backend of ND4J. */
  SAMEDIFF;

  /**
   * Creates the likelihood.
   *
   * @param spec the columns of the raw output
   * @return a likelihood for ND4J's current backend
   * @throws IllegalStateException if this is FUSED and ND4J's backend is not a CPU
   */
  public MixtureLikelihood likelihood(MixtureSpec spec) {
    return likelihood(spec, Nd4j.getEnvironment().isCPU());
  }

  MixtureLikelihood likelihood(MixtureSpec spec, boolean cpu) {
    if (this == FUSED && !cpu) {
      throw new IllegalStateException(
          "Engine FUSED computes on the CPU, but ND4J's backend is %s; use AUTO or SAMEDIFF"
              .formatted(Nd4j.getBackend().getClass().getSimpleName()));
    }
    boolean fused = this == FUSED || this == AUTO && cpu;
    return fused ? new FusedLikelihood(spec) : new SameDiffLikelihood(spec);
  }
}
