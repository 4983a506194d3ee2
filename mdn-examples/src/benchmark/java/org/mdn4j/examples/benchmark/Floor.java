/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;

/**
 * The arithmetic alone: as many exponentials and logarithms as one score and gradient needs, over
 * arrays that lie in cache, in as many threads as the fused engine takes. Reads no output and
 * writes no gradient.
 */
final class Floor implements LikelihoodSystem {
  private static final int CACHED = 1024;

  private final long exponentials; // per thread
  private final long logarithms;
  private final Arithmetic[] threads;

  Floor(LikelihoodCase likelihood, Arithmetic.Maker maker, int threads) {
    this.exponentials = likelihood.exponentials() / threads;
    this.logarithms = likelihood.logarithms() / threads;
    this.threads = new Arithmetic[threads];
    SplittableRandom random = new SplittableRandom(1);
    for (int thread = 0; thread < threads; thread++) {
      float[] exponents = new float[CACHED];
      float[] sums = new float[CACHED];
      for (int i = 0; i < CACHED; i++) {
        exponents[i] = (float) random.nextDouble(-10, 0);
        sums[i] = (float) random.nextDouble(1, 10);
      }
      this.threads[thread] = maker.over(exponents, sums);
      check(this.threads[thread], exponents, sums);
    }
  }

  /**
   * Checks the results: a loop that is fast because it computes something else would be no floor.
   */
  private static void check(Arithmetic arithmetic, float[] exponents, float[] sums) {
    arithmetic.exponentials(CACHED);
    arithmetic.logarithms(CACHED);
    for (int i = 0; i < CACHED; i++) {
      requireClose(Math.exp(exponents[i]), arithmetic.exponential(i));
      requireClose(Math.log(sums[i]), arithmetic.logarithm(i));
    }
  }

  private static void requireClose(double expected, double got) {
    if (!(Math.abs(got - expected) <= 1e-6 * Math.abs(expected) + 1e-7)) {
      throw new IllegalStateException("Expected %s, got %s".formatted(expected, got));
    }
  }

  @Override
  public Object run() {
    ForkJoinTask<?>[] others = new ForkJoinTask<?>[threads.length - 1];
    for (int i = 0; i < others.length; i++) {
      Arithmetic arithmetic = threads[i + 1];
      others[i] = ForkJoinPool.commonPool().submit(() -> share(arithmetic));
    }
    share(threads[0]);
    for (ForkJoinTask<?> other : others) {
      other.join();
    }
    return threads;
  }

  private void share(Arithmetic arithmetic) {
    for (long left = exponentials; left > 0; left -= CACHED) {
      arithmetic.exponentials((int) Math.min(left, CACHED));
    }
    for (long left = logarithms; left > 0; left -= CACHED) {
      arithmetic.logarithms((int) Math.min(left, CACHED));
    }
  }

  @Override
  public Result result() {
    return null;
  }

  @Override
  public Long offHeapBytes() {
    return 0L;
  }

  @Override
  public int threads() {
    return threads.length;
  }

  @Override
  public String settings() {
    return threads[0].toString();
  }

  @Override
  public void close() {}
}
