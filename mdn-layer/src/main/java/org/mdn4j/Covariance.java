/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j;

/** The form of a mixture component's covariance over its D targets. */
public enum Covariance {
  /** One scale per component, for all its targets: Σ_k = σ_k² I for a Gaussian. */
  SPHERICAL {
    @Override
    public int scaleParameters(int targets) {
      return 1;
    }
  },

  /** One scale per component and target: Σ_k = diag(σ_k1², …, σ_kD²) for a Gaussian. */
  DIAGONAL {
    @Override
    public int scaleParameters(int targets) {
      return targets;
    }
  },

  /**
   * Targets that move together: the precision Λ_k = Σ_k⁻¹ = L_k L_kᵀ by its Cholesky factor L_k,
   * lower triangular with L_dd = exp(l_dd). Its D(D + 1)/2 parameters are l row by row over the
   * lower triangle (11, 21, 22, 31, …). With it, log N_k(y) = Σ_d l_dd − (D/2) log 2π − ½ ‖L_kᵀ (y
   * − μ_k)‖², a product and a sum, with no equations to solve. A larger l_dd is a smaller scale:
   * for D = 1, l = −log σ. Only for {@link ComponentFamily#GAUSSIAN}.
   *
   * <p>Source: P. M. Williams, <i>Using neural networks to model conditional multivariate
   * densities</i>, Neural Computation 8 (1996), section 3.
   */
  FULL {
    @Override
    public int scaleParameters(int targets) {
      return Math.toIntExact(targets * (targets + 1L) / 2);
    }
  };

  /**
   * Returns the number of scale parameters that one component has.
   *
   * @param targets number of targets D
   * @return scale parameters per component
   */
  public abstract int scaleParameters(int targets);
}
