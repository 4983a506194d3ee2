/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

/** Something that computes score and gradient of one likelihood, over and over. */
interface LikelihoodSystem extends AutoCloseable {
  /** What one run gave, in our order of columns. */
  record Result(double score, float[] gradient) {}

  /** Computes score and gradient once; what comes back only keeps the work from being left out. */
  Object run();

  /** Computes once and reads the result; null for arithmetic that has none. */
  Result result();

  /** Off-heap bytes that one run allocates, or null where they cannot be counted. */
  Long offHeapBytes();

  /** Threads that compute. */
  int threads();

  /** How this system was made as fast as it goes. */
  String settings();

  @Override
  void close();
}
