/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.components;

/** Components between any two of which divergences have a closed form. */
public interface PairDistances {
  /**
   * Returns Kullback and Leibler's divergence E_i[log N_i(y) − log M_j(y)] in nats, at least 0,
   * from component i to component j of others of the same type and D.
   */
  double klDivergence(int i, Components other, int j);

  /**
   * Returns Bhattacharyya's distance −log ∫ √(N_i(y) N_j(y)) dy of two components in nats, at least
   * 0.
   */
  double bhattacharyyaDistance(int i, int j);

  /** Those of independent targets, whose divergences are the sums of their targets'. */
  interface OfTargets extends PairDistances {
    /** Returns the number of targets D. */
    int targets();

    /** Returns the place of one target of one component. */
    int place(int k, int d);

    /** Returns Kullback and Leibler's divergence of one target at the places i and j. */
    double divergenceOfTarget(int i, IndependentTargets other, int j);

    /** Returns Bhattacharyya's distance of one target at the places i and j. */
    double bhattacharyyaOfTarget(int i, int j);

    @Override
    default double klDivergence(int i, Components other, int j) {
      double sum = 0;
      for (int d = 0; d < targets(); d++) {
        sum += divergenceOfTarget(place(i, d), (IndependentTargets) other, place(j, d));
      }
      return sum;
    }

    @Override
    default double bhattacharyyaDistance(int i, int j) {
      double sum = 0;
      for (int d = 0; d < targets(); d++) {
        sum += bhattacharyyaOfTarget(place(i, d), place(j, d));
      }
      return sum;
    }
  }
}
