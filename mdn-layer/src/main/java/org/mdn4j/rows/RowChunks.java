/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.rows;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Passes over many rows, in chunks of a fixed size and several chunks at a time. The result for a
 * chunk must depend on that chunk only, and so not on the number of threads.
 */
public final class RowChunks {
  /** Rows of a chunk; the samples that a seed gives depend on it. */
  public static final int ROWS = 256;

  private RowChunks() {}

  /** Returns the number of chunks of the given number of rows. */
  public static int count(int rows) {
    return (int) ((rows + ROWS - 1L) / ROWS);
  }

  /**
   * Runs workers over all rows, in the threads of the parallel stream's pool.
   *
   * @param rows number of rows
   * @param workers makes what one thread needs to work on chunks, at most once per thread
   */
  public static void forEach(int rows, Supplier<Worker> workers) {
    Queue<Worker> idle = new ConcurrentLinkedQueue<>();
    IntStream.range(0, count(rows))
        .parallel()
        .forEach(
            chunk -> {
              Worker waiting = idle.poll();
              Worker worker = waiting == null ? workers.get() : waiting;
              int first = chunk * ROWS;
              worker.work(chunk, first, (int) Math.min(rows, (long) first + ROWS));
              idle.add(worker);
            });
  }

  /** The work of one thread on its chunks. */
  public interface Worker {
    /** Processes the rows [first, end) of a chunk. */
    void work(int chunk, int first, int end);
  }
}
