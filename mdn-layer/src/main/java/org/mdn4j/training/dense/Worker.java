/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Takes blocks of rows forward and back, one after the other, and adds their gradients to a sum.
 * Units lie one after the other, with a block's rows together: {@code [units, rows]}, row-major.
 *
 * <p>Products read and write native memory; what is done unit by unit happens on the heap, between
 * two copies, which cost a tenth of it.
 *
 * <p>One thread's, so that its memory stays in that thread's cache: see {@link #blockRows}.
 */
final class Worker {
  private static final int CACHE_BYTES = 1 << 20; // of a small second-level cache of today
  private static final int LEAST_ROWS = 64; // fewer slow the products
  private static final int MOST_ROWS = 128; // more gain nothing

  private final Chain chain;
  private final Parameters parameters;
  private final int lowest;
  private final Pointer[] units; // of each layer: its output, then the derivative by its output
  private final Reals[] slopes; // of each layer but the head: of its stages
  private final Pointer ones; // [rows]
  private final Pointer features; // moved to a block's first row
  private final Pointer input; // what the input's stages make of it, or null
  private final Reals scratch;
  private final Stages stages;
  private final Goal.Scorer scorer;

  // Of the present block.
  private Pointer source;
  private int sourceStride;
  private boolean sourceByUnits;

  Worker(Chain chain, Parameters parameters, int rows) {
    this.chain = chain;
    this.parameters = parameters;
    this.lowest = chain.lowestTrained();
    DataType dtype = chain.dtype();
    List<Dense> layers = chain.layers();
    units = new Pointer[layers.size()];
    slopes = new Reals[layers.size() - 1];
    int widest = chain.inputStages().isEmpty() ? 0 : chain.inputs();
    for (int layer = 0; layer < layers.size(); layer++) {
      Dense dense = layers.get(layer);
      widest = Math.max(widest, dense.outputs());
      units[layer] = Memory.zeros(dtype, (long) dense.outputs() * rows);
      if (layer < slopes.length) {
        slopes[layer] = Reals.zeros(dtype, dense.outputs() * rows);
      }
    }
    scratch = Reals.zeros(dtype, widest * rows);
    stages = new Stages(chain.seed(), dtype, widest * rows);
    boolean staged = !chain.inputStages().isEmpty();
    input = staged ? Memory.zeros(dtype, (long) chain.inputs() * rows) : null;
    features = Memory.nowhere(dtype);
    ones = Memory.zeros(dtype, rows);
    for (int n = 0; n < rows; n++) {
      scratch.set(n, 1);
    }
    scratch.write(ones, rows);
    scorer = chain.goal().scorer(dtype, rows);
  }

  /**
   * Returns the most rows of a block: as many as fit into the cache with all their units, which
   * products of a few rows would not be worth.
   */
  static int blockRows(Chain chain) {
    int sizeof = chain.dtype().width();
    long bytes = (long) chain.head().outputs() * Double.BYTES; // the likelihood's
    for (Dense dense : chain.layers()) {
      bytes += 2L * dense.outputs() * sizeof; // with the slopes
    }
    long rows = CACHE_BYTES / bytes / 16 * 16;
    return (int) Math.max(LEAST_ROWS, Math.min(MOST_ROWS, rows));
  }

  /**
   * Runs a block.
   *
   * @param first the block's first row
   * @param rows how many it has
   * @param sum to which the block's gradients are added
   * @param keep 1 to add to the sum, 0 to replace it
   * @param watch what looks at layers' outputs, or null
   * @return the sum of the rows' weighted scores
   */
  double run(
      Minibatch batch,
      int first,
      int rows,
      GradientSum sum,
      double keep,
      int iteration,
      int epoch,
      Watch watch) {
    open(batch, first, rows, iteration, epoch, watch);
    for (int layer = 0; layer < units.length; layer++) {
      multiply(layer, rows);
      if (layer < slopes.length) {
        activate(layer, rows);
      }
    }
    double score = head(batch, first, rows);
    for (int layer = units.length - 1; layer >= lowest; layer--) {
      multiplyBack(layer, rows, sum, keep);
      if (layer > lowest) {
        differentiate(layer - 1, rows);
      }
    }
    return score;
  }

  /**
   * Begins a block, and finds the first layer's input: the features where they lie, or what stages
   * make of them.
   */
  void open(Minibatch batch, int first, int rows, int iteration, int epoch, Watch watch) {
    stages.begin(first, rows, iteration, epoch, watch);
    Memory.move(features, batch.address(first));
    source = features;
    sourceStride = batch.stride();
    sourceByUnits = !batch.rowMajor();
    if (input != null) {
      scratch.readTransposed(features, rows, chain.inputs(), sourceStride);
      stages.run(chain.inputStages(), scratch, null, chain.inputs());
      scratch.write(input, chain.inputs() * rows);
      source = input;
      sourceStride = rows;
      sourceByUnits = true;
    }
  }

  /** Computes a layer's output before its stages. */
  void multiply(int layer, int rows) {
    Dense dense = chain.layers().get(layer);
    int outputs = dense.outputs();
    int inputs = dense.inputs();
    Pointer x = layer == 0 ? source : units[layer - 1];
    Pointer y = units[layer];
    if (dense.hasBiases()) {
      Pointer b = parameters.biases(layer);
      Products.multiply(outputs, rows, 1, b, 1, false, ones, rows, false, 0, y);
    }
    Products.multiply(
        outputs,
        rows,
        inputs,
        parameters.weights(layer),
        inputs,
        false,
        x,
        layer == 0 ? sourceStride : rows,
        layer == 0 && !sourceByUnits,
        dense.hasBiases() ? 1 : 0,
        y);
  }

  /** Runs a layer's stages over its output, and keeps their slopes. */
  void activate(int layer, int rows) {
    Dense dense = chain.layers().get(layer);
    if (stages.areIdle(dense.stages())) {
      return;
    }
    int count = dense.outputs() * rows;
    scratch.read(units[layer], count);
    stages.run(dense.stages(), scratch, slopes[layer], dense.outputs());
    scratch.write(units[layer], count);
  }

  /** Scores the output, and puts the derivative in its place. */
  private double head(Minibatch batch, int first, int rows) {
    Pointer y = units[units.length - 1];
    int count = chain.head().outputs() * rows;
    scratch.read(y, count);
    if (chain.stockHead() && batch.targets.mask().isPresent()) {
      scratch.weigh(batch.targets, first, rows, count);
    }
    double sum = scratch.scoreAndGradient(scorer, batch.targets, first, rows);
    scratch.write(y, count);
    return sum;
  }

  /**
   * Adds a layer's gradients to a sum, and puts the derivative by the output of the layer below, if
   * that is needed, in its place.
   */
  void multiplyBack(int layer, int rows, GradientSum sum, double keep) {
    Dense dense = chain.layers().get(layer);
    int outputs = dense.outputs();
    int inputs = dense.inputs();
    Pointer delta = units[layer];
    if (dense.trained()) {
      Products.multiply(
          outputs,
          inputs,
          rows,
          delta,
          rows,
          false,
          layer == 0 ? source : units[layer - 1],
          layer == 0 ? sourceStride : rows,
          layer > 0 || sourceByUnits,
          keep,
          sum.weights[layer]);
      if (dense.hasBiases()) {
        Products.multiply(outputs, rows, delta, ones, keep, sum.biases[layer]);
      }
    }
    if (layer > lowest) {
      Products.multiply(
          inputs,
          rows,
          outputs,
          parameters.weights(layer),
          inputs,
          true,
          delta,
          rows,
          false,
          0,
          units[layer - 1]);
    }
  }

  /** Turns the derivative by a layer's output into that by what its stages were given. */
  void differentiate(int layer, int rows) {
    Dense dense = chain.layers().get(layer);
    if (stages.areIdle(dense.stages())) {
      return;
    }
    int count = dense.outputs() * rows;
    scratch.read(units[layer], count);
    scratch.multiply(slopes[layer], count);
    scratch.write(units[layer], count);
  }
}
