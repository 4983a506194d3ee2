/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.files;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.junit.jupiter.api.function.ThrowingSupplier;

/** A limit for what a hostile file may cost, also where the machine is busy with other things. */
public final class Promptly {
  private static final Duration PROCESSOR = Duration.ofSeconds(2);
  private static final Duration CLOCK = Duration.ofMinutes(1);

  private Promptly() {}

  /**
   * Runs something, within two seconds of its thread's processor time and a minute of the clock.
   *
   * @param <T> its result's type
   * @param reading what to run; in another thread, which is stopped where it hangs
   * @return its result
   */
  public static <T> T run(ThrowingSupplier<T> reading) {
    return assertTimeoutPreemptively(
        CLOCK,
        () -> {
          long start = processorTime();
          T result = reading.get();
          long used = processorTime() - start;
          assertTrue(used <= PROCESSOR.toNanos(), () -> used / 1e9 + " s of processor time");
          return result;
        });
  }

  private static long processorTime() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
