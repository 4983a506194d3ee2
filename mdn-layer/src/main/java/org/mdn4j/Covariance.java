/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j;

/** How the scales of one mixture component are shared among its D targets. */
public enum Covariance {
  /** One scale per component: Σ_k = σ_k² I, one scale parameter per component. */
  SPHERICAL {
    @Override
    public int scaleParameters(int targets) {
      return 1;
    }
  },

  /** One scale per component and target: Σ_k = diag(σ_k1², …, σ_kD²), D scale parameters each. */
  DIAGONAL {
    @Override
    public int scaleParameters(int targets) {
      return targets;
    }
  };

  /**
   * Number of scale parameters that one component has.
   *
   * @param targets number of targets D
   * @return scale parameters per component
   */
  public abstract int scaleParameters(int targets);
}
