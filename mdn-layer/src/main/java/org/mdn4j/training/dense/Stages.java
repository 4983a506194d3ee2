/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;

/** Runs stages over a block's units on the heap. */
final class Stages {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private final long seed;
  private final Reals more; // slopes of a second stage, or a dropout's factors

  // Of the present block.
  private int first;
  private int rows;
  private int iteration;
  private int epoch;
  private Watch watch;

  Stages(long seed, DataType dtype, int length) {
    this.seed = seed;
    this.more = Reals.zeros(dtype, length);
  }

  /** Begins a block of the minibatch. */
  void begin(int first, int rows, int iteration, int epoch, Watch watch) {
    this.first = first;
    this.rows = rows;
    this.iteration = iteration;
    this.epoch = epoch;
    this.watch = watch;
  }

  /** Returns whether stages leave everything as it is, with nobody looking. */
  boolean areIdle(List<Stage> stages) {
    if (watch != null) {
      return false;
    }
    for (int i = 0; i < stages.size(); i++) {
      if (!(stages.get(i) instanceof Stage.Function function)
          || !function.activation().isIdentity()) {
        return false;
      }
    }
    return true;
  }

  /**
   * Runs stages over a block's units.
   *
   * @param x a layer's units, {@code [units, rows]}; what comes out afterwards
   * @param slopes the derivative of what comes out by what went in; or null for none
   */
  void run(List<Stage> stages, Reals x, Reals slopes, int units) {
    int count = units * rows;
    for (int i = 0; i < stages.size(); i++) {
      Stage stage = stages.get(i);
      if (stage instanceof Stage.Dropout dropout) {
        double p = dropout.probability(iteration, epoch);
        more.drop(streamOf(dropout), p, count);
        x.multiply(more, count);
        if (slopes != null) {
          slopes.multiply(more, count);
        }
      } else {
        Activation activation = ((Stage.Function) stage).activation();
        boolean assign = slopes != null && i == 0;
        x.activate(activation, assign ? slopes : more, count);
        if (slopes != null && i > 0) {
          slopes.multiply(more, count);
        }
      }
      if (watch != null) {
        watch.see(stage.shown(), x, units, first, rows);
      }
    }
  }

  /** Returns the random stream of a dropout in this block of this iteration. */
  private long streamOf(Stage.Dropout dropout) {
    long stream = mix(seed + GOLDEN * (iteration + 1L));
    return mix(mix(stream + GOLDEN * (dropout.number() + 1L)) + GOLDEN * (first + 1L));
  }

  /** Returns Splitmix64's mixing function of z (Steele, Lea &amp; Flood 2014). */
  static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
