/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.fit;

import java.util.function.Supplier;
import org.nd4j.linalg.factory.Environment;
import org.nd4j.linalg.factory.Nd4j;

/**
 * While work runs, ND4J's operations take one thread each: for networks of this size several cost
 * more than they bring, and members train side by side instead. The process's settings come back
 * when the last work has ended.
 */
public final class OneThreadPerOperation {
  private static int open;
  private static int maxThreads;
  private static int maxMasterThreads;
  private static int blasThreads;

  private OneThreadPerOperation() {}

  /** Returns what some work gives. */
  public static <T> T during(Supplier<T> work) {
    begin();
    try {
      return work.get();
    } finally {
      end();
    }
  }

  /** Begins some work, which {@link #end} must follow. */
  public static synchronized void begin() {
    if (open++ == 0) {
      Environment environment = Nd4j.getEnvironment();
      maxThreads = environment.maxThreads();
      maxMasterThreads = environment.maxMasterThreads();
      blasThreads = Nd4j.factory().blas().getMaxThreads();
      set(1, 1, 1);
    }
  }

  /** Ends what {@link #begin} began. */
  public static synchronized void end() {
    if (--open == 0) {
      set(maxThreads, maxMasterThreads, blasThreads);
    }
  }

  private static void set(int threads, int masterThreads, int blas) {
    Nd4j.getEnvironment().setMaxMasterThreads(masterThreads);
    Nd4j.getEnvironment().setMaxThreads(threads);
    Nd4j.factory().blas().setMaxThreads(blas);
  }
}
