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
  /** Exponentials and logarithms of whole arrays, in the tightest loop there is. */
  interface Arithmetic {
    /** out[i] = exp(in[i]), i in [0, count). */
    void exp(float[] in, float[] out, int count);

    /** out[i] = log(in[i]), i in [0, count). */
    void log(float[] in, float[] out, int count);

    /** What computes. */
    String name();
  }

  private static final int CACHED = 2048;

  private final Arithmetic arithmetic;
  private final long exponentials;
  private final long logarithms;
  private final int threads;
  private final float[] exponents = new float[CACHED];
  private final float[] sums = new float[CACHED];
  private final float[][] results;

  Floor(LikelihoodCase likelihood, Arithmetic arithmetic, int threads) {
    this.arithmetic = arithmetic;
    this.exponentials = likelihood.exponentials() / threads;
    this.logarithms = likelihood.logarithms() / threads;
    this.threads = threads;
    this.results = new float[threads][CACHED];
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < CACHED; i++) {
      exponents[i] = (float) random.nextDouble(-10, 0);
      sums[i] = (float) random.nextDouble(1, 10);
    }
    check();
  }

  /** A loop that is fast because it computes something else would be no floor. */
  private void check() {
    arithmetic.exp(exponents, results[0], CACHED);
    for (int i = 0; i < CACHED; i++) {
      requireClose(Math.exp(exponents[i]), results[0][i]);
    }
    arithmetic.log(sums, results[0], CACHED);
    for (int i = 0; i < CACHED; i++) {
      requireClose(Math.log(sums[i]), results[0][i]);
    }
  }

  private void requireClose(double expected, double got) {
    if (!(Math.abs(got - expected) <= 1e-6 * Math.abs(expected) + 1e-7)) {
      throw new IllegalStateException(
          "%s: expected %s, got %s".formatted(arithmetic.name(), expected, got));
    }
  }

  @Override
  public Object run() {
    ForkJoinTask<?>[] others = new ForkJoinTask<?>[threads - 1];
    for (int i = 0; i < others.length; i++) {
      float[] result = results[i + 1];
      others[i] = ForkJoinPool.commonPool().submit(() -> share(result));
    }
    share(results[0]);
    for (ForkJoinTask<?> other : others) {
      other.join();
    }
    return results;
  }

  private void share(float[] result) {
    for (long left = exponentials; left > 0; left -= CACHED) {
      arithmetic.exp(exponents, result, (int) Math.min(left, CACHED));
    }
    for (long left = logarithms; left > 0; left -= CACHED) {
      arithmetic.log(sums, result, (int) Math.min(left, CACHED));
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
    return threads;
  }

  @Override
  public String settings() {
    return arithmetic.name();
  }

  @Override
  public void close() {}
}
