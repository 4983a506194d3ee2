/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

/** A system that trains a net, one minibatch at a time. */
interface FitSystem extends AutoCloseable {
  /** Runs one whole iteration: forward, backward, update. */
  void fit();

  /** Returns the mean score of the minibatch in the last iteration, before its update. */
  double lastScore();

  /**
   * Returns the off-heap bytes that one iteration allocates, or null where they cannot be counted.
   */
  Long offHeapBytes();

  /** Returns the number of threads that compute. */
  int threads();

  /** Returns the settings by which this system was made as fast as it goes. */
  String settings();

  @Override
  void close();
}
