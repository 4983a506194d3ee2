/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

import static org.bytedeco.openblas.global.openblas.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas.CblasTrans;
import static org.bytedeco.openblas.global.openblas.cblas_sgemm;

import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import org.bytedeco.javacpp.FloatPointer;
import org.mdn4j.likelihood.EngineArithmetic;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The arithmetic of a step alone: its matrix products by OpenBLAS at the same shapes, as many
 * exponentials by the engine's own over arrays that lie in cache, and one pass of Adam over as many
 * parameters; rows in as many threads as the trainer takes. Computes no step.
 */
final class FitFloor implements FitSystem {
  private static final int CACHED = 1024;

  private final FitCase fitCase;
  private final Share[] shares;
  private final float[] gradients;
  private final float[] parameters;
  private final float[] firstMoments;
  private final float[] secondMoments;

  FitFloor(FitCase fitCase, int threads) {
    this.fitCase = fitCase;
    shares = new Share[threads];
    for (int thread = 0; thread < threads; thread++) {
      shares[thread] = new Share(fitCase, threads);
    }
    gradients = numbers(fitCase.parameters());
    parameters = numbers(fitCase.parameters());
    firstMoments = numbers(fitCase.parameters());
    secondMoments = new float[fitCase.parameters()];
    Nd4j.factory().blas().setMaxThreads(1);
  }

  private static float[] numbers(int count) {
    SplittableRandom random = new SplittableRandom(1);
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextDouble(-1, 1);
    }
    return numbers;
  }

  /** One thread's rows. */
  private static final class Share {
    private final int[] widths;
    private final int rows;
    private final long exponentials;
    private final FloatPointer[] units;
    private final FloatPointer[] weights;
    private final FloatPointer[] gradients;
    private final Arithmetic arithmetic;

    Share(FitCase fitCase, int threads) {
      widths = fitCase.widths();
      rows = fitCase.rows() / threads;
      exponentials = fitCase.exponentials() / threads;
      units = new FloatPointer[widths.length];
      weights = new FloatPointer[widths.length];
      gradients = new FloatPointer[widths.length];
      for (int layer = 0; layer < widths.length; layer++) {
        units[layer] = new FloatPointer(numbers(widths[layer] * rows));
        if (layer > 0) {
          weights[layer] = new FloatPointer(numbers(widths[layer - 1] * widths[layer]));
          gradients[layer] = new FloatPointer(numbers(widths[layer - 1] * widths[layer]));
        }
      }
      arithmetic = new EngineArithmetic(numbers(CACHED), numbers(CACHED));
    }

    /** Runs a step that leaves units and weights as they are, so that numbers stay ordinary. */
    void run() {
      for (int layer = 1; layer < widths.length; layer++) {
        int in = widths[layer - 1];
        int out = widths[layer];
        FloatPointer w = weights[layer];
        FloatPointer x = units[layer - 1];
        FloatPointer y = units[layer];
        cblas_sgemm(
            CblasRowMajor,
            CblasNoTrans,
            CblasNoTrans,
            out,
            rows,
            in,
            1,
            w,
            in,
            x,
            rows,
            0,
            y,
            rows);
        cblas_sgemm(
            CblasRowMajor,
            CblasNoTrans,
            CblasTrans,
            out,
            in,
            rows,
            1,
            y,
            rows,
            x,
            rows,
            0,
            gradients[layer],
            in);
        if (layer > 1) {
          cblas_sgemm(
              CblasRowMajor,
              CblasTrans,
              CblasNoTrans,
              in,
              rows,
              out,
              0.01f,
              w,
              in,
              y,
              rows,
              0,
              x,
              rows);
        }
      }
      for (long left = exponentials; left > 0; left -= CACHED) {
        arithmetic.exponentials((int) Math.min(left, CACHED));
      }
    }
  }

  @Override
  public void fit() {
    ForkJoinTask<?>[] others = new ForkJoinTask<?>[shares.length - 1];
    for (int i = 0; i < others.length; i++) {
      Share share = shares[i + 1];
      others[i] = ForkJoinPool.commonPool().submit(share::run);
    }
    shares[0].run();
    for (ForkJoinTask<?> other : others) {
      other.join();
    }
    adam(parameters, gradients, firstMoments, secondMoments, parameters.length);
  }

  private static void adam(float[] x, float[] g, float[] first, float[] second, int count) {
    float beta1 = (float) PlainNet.BETA1;
    float beta2 = (float) PlainNet.BETA2;
    float rate = (float) PlainNet.LEARNING_RATE;
    float epsilon = (float) PlainNet.EPSILON;
    for (int i = 0; i < count; i++) {
      float m = beta1 * first[i] + (1 - beta1) * g[i];
      float v = beta2 * second[i] + (1 - beta2) * g[i] * g[i];
      first[i] = m;
      second[i] = v;
      x[i] -= rate * m / ((float) Math.sqrt(v) + epsilon);
    }
  }

  @Override
  public double lastScore() {
    return parameters[0];
  }

  @Override
  public Long offHeapBytes() {
    return 0L;
  }

  @Override
  public int threads() {
    return shares.length;
  }

  @Override
  public String settings() {
    return "products of %s rows, the engine's exponential".formatted(shares[0].rows);
  }

  @Override
  public void close() {}
}
