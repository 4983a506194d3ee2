/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs calls one after the other, each with a limit of 2 s: of processor time, so that other work
 * on the machine does not count.
 */
final class Clock implements AutoCloseable {
  private static final double LIMIT_SECONDS = 2;

  /** What hangs is left alone after so much processor time, … */
  private static final double HANGING_SECONDS = 10;

  /** … or so long, if it only waits. */
  private static final int WAITING_SECONDS = 600;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private volatile Thread thread;
  private ExecutorService worker = worker();

  /** The limit was passed. */
  static final class TimeException extends Exception {
    private static final long serialVersionUID = 1L;

    TimeException(String message) {
      super(message);
    }
  }

  private ExecutorService worker() {
    return Executors.newSingleThreadExecutor(
        task -> {
          thread = new Thread(task, "question");
          thread.setDaemon(true); // one that hangs must not hold the JVM
          return thread;
        });
  }

  private record Timed(Object answer, Exception thrown, double seconds) {}

  /** What the call returns or throws. */
  Object within(Callable<Object> call) throws Exception {
    Future<Timed> future = worker.submit(() -> timed(call));
    double before = seconds();
    Timed timed = null;
    for (int waited = 0; timed == null; waited++) {
      try {
        timed = future.get(1, TimeUnit.SECONDS);
      } catch (TimeoutException e) {
        if (seconds() - before > HANGING_SECONDS || waited > WAITING_SECONDS) {
          worker.shutdownNow();
          worker = worker();
          throw new TimeException("hangs");
        }
      } catch (ExecutionException e) {
        throw new IllegalStateException(e.getCause());
      }
    }
    if (timed.seconds > LIMIT_SECONDS) {
      throw new TimeException("took %.1f s".formatted(timed.seconds));
    }
    if (timed.thrown != null) {
      throw timed.thrown;
    }
    return timed.answer;
  }

  /** Processor time of the worker, if it has started. */
  private double seconds() {
    return thread == null ? 0 : 1e-9 * threads.getThreadCpuTime(thread.getId());
  }

  private Timed timed(Callable<Object> call) {
    double before = seconds();
    Object answer = null;
    Exception thrown = null;
    try {
      answer = call.call();
    } catch (Exception e) {
      thrown = e;
    }
    return new Timed(answer, thrown, seconds() - before);
  }

  @Override
  public void close() {
    worker.shutdownNow();
  }
}
