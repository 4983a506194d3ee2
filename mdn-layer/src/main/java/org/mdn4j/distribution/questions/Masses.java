/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.questions;

/** Probabilities of what lies between points. */
interface Masses {
  /** Returns P(lower &lt; Y ≤ upper). */
  double between(Position lower, Position upper);

  /**
   * Returns the probability of what is below the one or above the other, on a circle from it on.
   */
  double outside(Position lower, Position upper);
}
