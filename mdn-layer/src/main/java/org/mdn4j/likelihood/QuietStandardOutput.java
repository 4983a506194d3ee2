/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A filter that drops the lines that a task prints on standard output from this thread.
 *
 * <p>{@code SameDiff.createGradFunction} of ND4J 1.0.0-M2.1 calls {@code System.out.println} for
 * every operation it differentiates. What other threads print meanwhile passes through.
 */
final class QuietStandardOutput {
  private QuietStandardOutput() {}

  static synchronized void run(Runnable task) {
    PrintStream original = System.out;
    AtomicReference<Thread> silenced = new AtomicReference<>(Thread.currentThread());
    PrintStream filter =
        new PrintStream(original, true) {
          @Override
          public void println(String line) {
            if (Thread.currentThread() != silenced.get()) {
              original.println(line);
            }
          }
        };
    System.setOut(filter);
    try {
      task.run();
    } finally {
      silenced.set(null); // another thread may have kept the filter as the stream to go back to
      if (System.out == filter) {
        System.setOut(original);
      }
    }
  }
}
