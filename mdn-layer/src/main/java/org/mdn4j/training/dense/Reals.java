/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

import org.bytedeco.javacpp.Pointer;
import org.mdn4j.rows.TargetRows;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Numbers on the heap, where plain loops over arrays are what the compiler turns into vector
 * instructions: FLOAT or DOUBLE.
 */
abstract class Reals {
  /** Creates an array of zeros. */
  static Reals zeros(DataType dtype, int length) {
    return dtype == DataType.FLOAT ? new Floats(length) : new Doubles(length);
  }

  abstract int length();

  abstract double get(int i);

  abstract void set(int i, double value);

  /** Copies the first numbers out of native memory. */
  abstract void read(Pointer memory, int count);

  /**
   * Copies a matrix out of native memory, column by column.
   *
   * @param stride from one row to the next
   */
  abstract void readTransposed(Pointer memory, int rows, int columns, int stride);

  /** Copies the first numbers into native memory. */
  abstract void write(Pointer memory, int count);

  /** Copies columns, one after the other, into the rows of a dense matrix in native memory. */
  abstract void writeTransposed(Pointer memory, int rows, int columns);

  /** Replaces x by f(x), and slopes by f′(x). */
  abstract void activate(Activation activation, Reals slopes, int count);

  /** Fills x with the factors of inverted dropout: 1 / p with probability p, else 0. */
  final void drop(long stream, double p, int count) {
    double kept = 1 / p;
    for (int i = 0; i < count; i++) {
      long bits = Stages.mix(stream + i * 0x9E3779B97F4A7C15L) >>> 11;
      set(i, bits * 0x1p-53 < p ? kept : 0);
    }
  }

  /** Multiplies each column of {@code [units, rows]} by a row's weight. */
  final void weigh(TargetRows targets, int first, int rows, int count) {
    for (int i = 0; i < count; i++) {
      set(i, get(i) * targets.mask().weight(first + i % rows));
    }
  }

  /** Scores a block of a head's output, and puts the gradient in its place. */
  abstract double scoreAndGradient(Goal.Scorer scorer, TargetRows targets, int first, int rows);

  /** Computes x = x y. */
  abstract void multiply(Reals y, int count);

  /** Computes x = x − y. */
  abstract void subtract(Reals y);

  /** Computes x = c x. */
  abstract void scale(int from, int to, double factor);

  /** Computes x = x / c. */
  abstract void divide(int from, int to, double divisor);

  /** Computes x = x + c y. */
  abstract void addScaled(int from, int to, Reals y, double factor);

  /** Computes x = x + c sign(y). */
  abstract void addSigns(int from, int to, Reals y, double factor);

  /** Computes x = max(−c, min(c, x)). */
  abstract void clip(int from, int to, double limit);

  /** Returns the root of Σ x². */
  abstract double norm2(int from, int to);

  /** Returns Σ |x|. */
  abstract double norm1(int from, int to);
}
