/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

/** Something that trains a net, one minibatch at a time. */
interface FitSystem extends AutoCloseable {
  /** One whole iteration: forward, backward, update. */
  void fit();

  /** Mean score of the minibatch in the last iteration, before its update. */
  double lastScore();

  /** Off-heap bytes that one iteration allocates, or null where they cannot be counted. */
  Long offHeapBytes();

  /** Threads that compute. */
  int threads();

  /** How this system was made as fast as it goes. */
  String settings();

  @Override
  void close();
}
