/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;

/** A system that answers questions about the mixtures of many rows. */
interface PredictionSystem {
  MixtureSpec SPEC = MixtureSpec.builder().components(20).covariance(Covariance.SPHERICAL).build();

  /** Seed of the rows. */
  long INPUT_SEED = 5;

  /** One of the two questions. */
  @FunctionalInterface
  interface Question {
    Object ask();
  }

  /** Returns the log density of one target per row. */
  Object logDensity();

  /** Returns one sample per row. */
  Object sample();

  /** Returns an answer as an array, {@code [N]}. */
  double[] values(Object answer);

  /** Returns the off-heap bytes that a question allocates. */
  Long offHeapBytes(Question question);

  /** Returns the most threads that compute. */
  int threads();

  /** Returns a description of how it computes. */
  String settings();
}
