/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

import org.nd4j.linalg.factory.Nd4j;

/**
 * The number of threads that one matrix product takes, which is the whole process's. While anybody
 * holds it, it is one: products are small, and workers compute side by side. To change it takes
 * OpenBLAS some milliseconds.
 */
final class BlasThreads {
  private static int holders;
  private static int before;

  private BlasThreads() {}

  static synchronized void hold() {
    if (holders++ == 0) {
      before = Nd4j.factory().blas().getMaxThreads();
    }
    set(1);
  }

  static synchronized void release() {
    if (--holders == 0) {
      set(before);
    }
  }

  private static void set(int threads) {
    if (Nd4j.factory().blas().getMaxThreads() != threads) {
      Nd4j.factory().blas().setMaxThreads(threads);
    }
  }
}
