/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;

/** Something that answers questions about the mixtures of many rows. */
interface PredictionSystem {
  MixtureSpec SPEC = MixtureSpec.builder().components(20).covariance(Covariance.SPHERICAL).build();

  /** Seed of the rows. */
  long INPUT_SEED = 5;

  /** One of the two questions. */
  @FunctionalInterface
  interface Question {
    Object ask();
  }

  /** Log density of one target per row. */
  Object logDensity();

  /** One sample per row. */
  Object sample();

  /** An answer as an array, {@code [N]}. */
  double[] values(Object answer);

  /** Off-heap bytes that a question allocates. */
  Long offHeapBytes(Question question);

  /** Threads that compute, at most. */
  int threads();

  /** How it computes. */
  String settings();
}
