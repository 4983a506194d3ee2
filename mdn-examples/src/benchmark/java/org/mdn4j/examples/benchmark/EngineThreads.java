/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;

/**
 * The number of threads that the fused engine takes for a case: it hands rows to the common pool or
 * not.
 */
final class EngineThreads {
  private static final int LEAST_RUNS = 3;
  private static final long NANOS = 100_000_000;

  private EngineThreads() {}

  /**
   * Runs a system that only the engine makes parallel, watches the common pool, and returns the
   * number of threads.
   */
  static int of(Runnable fused) {
    ForkJoinPool pool = ForkJoinPool.commonPool();
    fused.run();
    pool.awaitQuiescence(1, TimeUnit.SECONDS);
    long before = pool.getStealCount();
    long start = System.nanoTime();
    for (int run = 0; run < LEAST_RUNS || System.nanoTime() - start < NANOS; run++) {
      fused.run();
    }
    pool.awaitQuiescence(1, TimeUnit.SECONDS);
    return pool.getStealCount() > before ? pool.getParallelism() + 1 : 1;
  }
}
