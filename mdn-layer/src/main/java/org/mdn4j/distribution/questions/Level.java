/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.questions;

import java.util.stream.DoubleStream;

/**
 * The probability of a region. One of both numbers is 1 less the other; the one that is small has
 * all its digits.
 *
 * @param inside the probability of the region
 * @param outside of what it leaves out
 */
record Level(double inside, double outside) {
  /** Returns levels by what regions hold. */
  static Level[] holding(double... probabilities) {
    return DoubleStream.of(probabilities).mapToObj(p -> new Level(p, 1 - p)).toArray(Level[]::new);
  }

  /** Returns levels by what regions leave out. */
  static Level[] leaving(double... tails) {
    return DoubleStream.of(tails).mapToObj(q -> new Level(1 - q, q)).toArray(Level[]::new);
  }
}
