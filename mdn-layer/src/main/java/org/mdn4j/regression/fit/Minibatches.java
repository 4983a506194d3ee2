/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.fit;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.PermutationSampler;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;
import org.mdn4j.regression.model.StandardizedData;
import org.mdn4j.regression.report.NoiseLevel;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The rows of an epoch in random order, in minibatches of nearly equal size, with fresh noise on
 * the continuous features, which are encoded then, and on targets that are no atoms. A row comes as
 * often as its weight says. What an epoch gives depends on its random numbers only. The arrays are
 * used again for later minibatches.
 */
final class Minibatches {
  /** Where to begin among weighted rows where nothing is drawn at random. */
  static final double MIDDLE = 0.5;

  private final StandardizedData data;
  private final int[] rows;
  private final int size;
  private final NoiseLevel noise;
  private final Map<Integer, Minibatch> arrays = new HashMap<>();

  /**
   * Minibatches of some rows.
   *
   * @param size how many rows each has at most
   */
  Minibatches(StandardizedData data, int[] rows, int size, NoiseLevel noise) {
    this.data = data;
    this.rows = rows;
    this.size = size;
    this.noise = noise;
  }

  /** Hands an epoch's minibatches over, features {@code [B, C]} and targets {@code [B, D]}. */
  void forEach(UniformRandomProvider random, BiConsumer<INDArray, INDArray> step) {
    int[] order = rows.clone();
    if (data.info().weights() != null) {
      order = data.info().resampled(order, random.nextDouble());
    }
    PermutationSampler.shuffle(random, order);
    ZigguratSampler.NormalizedGaussian normal = ZigguratSampler.NormalizedGaussian.of(random);
    int steps = (order.length + size - 1) / size;
    for (int i = 0; i < steps; i++) {
      int from = (int) ((long) i * order.length / steps);
      int to = (int) ((i + 1L) * order.length / steps);
      Minibatch minibatch = arrays.computeIfAbsent(to - from, count -> new Minibatch(count, data));
      minibatch.fill(data, order, from, noise, normal);
      step.accept(minibatch.featureArray, minibatch.targetArray);
    }
  }

  /** Arrays of one size. */
  private static final class Minibatch {
    final float[] features; // before they are encoded
    final float[] inputs;
    final float[] targets;
    final INDArray featureArray;
    final INDArray targetArray;

    Minibatch(int rows, StandardizedData data) {
      this.features = new float[rows * data.encoding().features()];
      this.inputs = new float[rows * data.inputs()];
      this.targets = new float[rows * data.labelColumns()];
      this.featureArray = Nd4j.create(DataType.FLOAT, rows, data.inputs());
      this.targetArray = Nd4j.create(DataType.FLOAT, rows, data.labelColumns());
    }

    void fill(
        StandardizedData data,
        int[] order,
        int from,
        NoiseLevel noise,
        ZigguratSampler.NormalizedGaussian normal) {
      int columns = data.encoding().features();
      copy(data.features(), columns, order, from, features);
      add(noise.inputs(), data.continuous(), columns, features, normal);
      data.encoding().encode(features, targets.length / data.labelColumns(), inputs);
      copy(data.labels(), data.labelColumns(), order, from, targets);
      if (data.columnsPerTarget() == 1 && data.atoms().length == 0) {
        add(noise.targets(), data.targets(), data.targets(), targets, normal);
      } else {
        shift(noise.targets(), data, normal);
      }
      featureArray.data().asNioFloat().put(inputs);
      targetArray.data().asNioFloat().put(targets);
    }

    private static void copy(float[] source, int columns, int[] order, int from, float[] into) {
      int rows = into.length / columns;
      for (int n = 0; n < rows; n++) {
        System.arraycopy(source, order[from + n] * columns, into, n * columns, columns);
      }
    }

    /**
     * Adds noise to what is known of a target, the same to both ends of an interval; none to atoms,
     * which no longer would be some, and beside atoms none to intervals, which then might hold
     * others.
     */
    private void shift(
        double amplitude, StandardizedData data, ZigguratSampler.NormalizedGaussian normal) {
      int columns = data.columnsPerTarget();
      for (int i = 0; amplitude > 0 && i < targets.length; i += columns) {
        float upper = targets[i + columns - 1];
        boolean stays =
            data.isAtom(targets[i], upper) || data.atoms().length > 0 && targets[i] < upper;
        if (!stays) {
          float by = (float) (amplitude * normal.sample());
          for (int end = i; end < i + columns; end++) {
            targets[end] += by;
          }
        }
      }
    }

    /** Adds noise to the first columns of each row. */
    private static void add(
        double amplitude,
        int noisy,
        int columns,
        float[] cells,
        ZigguratSampler.NormalizedGaussian normal) {
      for (int row = 0; amplitude > 0 && row < cells.length; row += columns) {
        for (int i = row; i < row + noisy; i++) {
          cells[i] += (float) (amplitude * normal.sample());
        }
      }
    }
  }
}
