/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.components;

/** Components over one target whose mean distances have a closed form. */
public interface MeanDistances {
  /** Returns the location parameter μ_kd. */
  public double location(int k, int d);

  /**
   * Returns E|Y − y| − |μ − y| of component k around its location μ, at least 0 and exact in
   * relative terms.
   */
  double excessDistance(int k, double y);

  /**
   * Returns E|Y_i − Y_j| − |μ_i − μ_j| of independent draws from two components, at least 0 and
   * exact in relative terms.
   */
  double excessDistance(int i, int j);
}
