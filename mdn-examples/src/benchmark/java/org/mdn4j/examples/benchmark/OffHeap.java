/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.Supplier;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.factory.Nd4j;

/** A count of what ND4J allocates outside the heap. */
final class OffHeap {
  private OffHeap() {}

  /**
   * Returns the native bytes that are in use after a task and were not before, by ND4J's and
   * JavaCPP's own counters. ND4J frees what the garbage collector finds, so the count stands only
   * if no collection fell into it; what a task frees itself is not counted.
   */
  static long bytesOf(Supplier<?> task) {
    for (int attempt = 0; attempt < 10; attempt++) {
      System.gc();
      settle();
      long collections = collections();
      long before = bytesInUse();
      Object result = task.get();
      long bytes = bytesInUse() - before;
      java.lang.ref.Reference.reachabilityFence(result);
      if (collections() == collections) {
        return bytes;
      }
    }
    throw new IllegalStateException("A garbage collection fell into each of 10 counts");
  }

  private static long bytesInUse() {
    return Nd4j.getEnvironment().getDeviceCouner(0) + Pointer.totalBytes();
  }

  private static long collections() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .mapToLong(GarbageCollectorMXBean::getCollectionCount)
        .sum();
  }

  /** Waits until ND4J has freed what the collector found. */
  private static void settle() {
    long last = -1;
    while (last != bytesInUse()) {
      last = bytesInUse();
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        throw new IllegalStateException("Interrupted while counting", e);
      }
    }
  }
}
