/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

/** A system that computes score and gradient of one likelihood, over and over. */
interface LikelihoodSystem extends AutoCloseable {
  /** The result of one run, in our order of columns. */
  record Result(double score, float[] gradient) {}

  /**
   * Computes score and gradient once; the value returned only keeps the work from being left out.
   */
  Object run();

  /** Computes once and returns the result; null for arithmetic that has none. */
  Result result();

  /** Returns the off-heap bytes that one run allocates, or null where they cannot be counted. */
  Long offHeapBytes();

  /** Returns the number of threads that compute. */
  int threads();

  /** Returns the settings by which this system was made as fast as it goes. */
  String settings();

  @Override
  void close();
}
