/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.mdn4j.rows.TargetRows;

/** {@link Reals} of FLOAT. */
final class Floats extends Reals {
  final float[] values;

  Floats(int length) {
    values = new float[length];
  }

  @Override
  int length() {
    return values.length;
  }

  @Override
  double get(int i) {
    return values[i];
  }

  @Override
  void set(int i, double value) {
    values[i] = (float) value;
  }

  @Override
  void read(Pointer memory, int count) {
    ((FloatPointer) memory).get(values, 0, count);
  }

  @Override
  void readTransposed(Pointer memory, int rows, int columns, int stride) {
    float[] lying = new float[(rows - 1) * stride + columns];
    ((FloatPointer) memory).get(lying);
    for (int n = 0; n < rows; n++) {
      for (int c = 0; c < columns; c++) {
        values[c * rows + n] = lying[n * stride + c];
      }
    }
  }

  @Override
  double scoreAndGradient(Goal.Scorer scorer, TargetRows targets, int first, int rows) {
    return scorer.scoreAndGradient(targets, first, rows, values);
  }

  @Override
  void write(Pointer memory, int count) {
    ((FloatPointer) memory).put(values, 0, count);
  }

  @Override
  void writeTransposed(Pointer memory, int rows, int columns) {
    float[] lying = new float[rows * columns];
    for (int n = 0; n < rows; n++) {
      for (int c = 0; c < columns; c++) {
        lying[n * columns + c] = values[c * rows + n];
      }
    }
    ((FloatPointer) memory).put(lying);
  }

  @Override
  void activate(Activation activation, Reals slopes, int count) {
    activation.apply(values, ((Floats) slopes).values, count);
  }

  @Override
  void multiply(Reals y, int count) {
    multiply(values, ((Floats) y).values, count);
  }

  @Override
  void subtract(Reals y) {
    subtract(values, ((Floats) y).values, values.length);
  }

  @Override
  void scale(int from, int to, double factor) {
    scale(values, from, to, (float) factor);
  }

  @Override
  void divide(int from, int to, double divisor) {
    divide(values, from, to, (float) divisor);
  }

  @Override
  void addScaled(int from, int to, Reals y, double factor) {
    addScaled(values, from, to, ((Floats) y).values, (float) factor);
  }

  @Override
  void addSigns(int from, int to, Reals y, double factor) {
    float[] signed = ((Floats) y).values;
    float step = (float) factor;
    for (int i = from; i < to; i++) {
      values[i] += step * Math.signum(signed[i]);
    }
  }

  @Override
  void clip(int from, int to, double limit) {
    float bound = (float) limit;
    for (int i = from; i < to; i++) {
      values[i] = Math.max(-bound, Math.min(bound, values[i]));
    }
  }

  @Override
  double norm2(int from, int to) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = from;
    for (; i < to - 3; i += 4) { // four sums, none of which waits for another
      a += (double) values[i] * values[i];
      b += (double) values[i + 1] * values[i + 1];
      c += (double) values[i + 2] * values[i + 2];
      d += (double) values[i + 3] * values[i + 3];
    }
    for (; i < to; i++) {
      a += (double) values[i] * values[i];
    }
    return Math.sqrt(a + b + (c + d));
  }

  @Override
  double norm1(int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += Math.abs(values[i]);
    }
    return sum;
  }

  // Loops in methods of their own, which the compiler takes one by one.

  private static void multiply(float[] x, float[] y, int count) {
    for (int i = 0; i < count; i++) {
      x[i] *= y[i];
    }
  }

  private static void subtract(float[] x, float[] y, int count) {
    for (int i = 0; i < count; i++) {
      x[i] -= y[i];
    }
  }

  private static void scale(float[] x, int from, int to, float factor) {
    for (int i = from; i < to; i++) {
      x[i] *= factor;
    }
  }

  private static void divide(float[] x, int from, int to, float divisor) {
    for (int i = from; i < to; i++) {
      x[i] /= divisor;
    }
  }

  private static void addScaled(float[] x, int from, int to, float[] y, float factor) {
    for (int i = from; i < to; i++) {
      x[i] += factor * y[i];
    }
  }
}
