/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A random sample of label rows of bounded size, taken in one pass. Source: J. S. Vitter, <i>Random
 * sampling with a reservoir</i>, ACM Trans. Math. Softw. 11 (1985), algorithm R.
 */
final class LabelSample {
  static final int CAPACITY = 10_000;

  private final int targets;
  private final UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(1L);
  private final List<double[]> sample = new ArrayList<>();
  private long seen;
  private long kept;

  LabelSample(int targets) {
    this.targets = targets;
  }

  static LabelSample of(INDArray labels, int targets) {
    LabelSample sample = new LabelSample(targets);
    sample.add(labels, null);
    return sample;
  }

  /**
   * Adds a minibatch.
   *
   * @param labels {@code [N, D]}
   * @param mask {@code [N]}, {@code [N, 1]} or {@code [N, D]}, 0 hides; or null
   */
  void add(INDArray labels, INDArray mask) {
    if (labels.rank() != 2 || labels.size(1) != targets) {
      throw new IllegalArgumentException(
          "Expected labels of shape [N, %d], got %s"
              .formatted(targets, Arrays.toString(labels.shape())));
    }
    int rows = Math.toIntExact(labels.size(0));
    double[] values = flat(labels); // [N·D]
    double[] visible = mask == null ? null : flat(mask);
    for (int n = 0; n < rows; n++) {
      if (visible == null || isVisible(visible, n, visible.length / rows)) {
        add(Arrays.copyOfRange(values, n * targets, (n + 1) * targets));
      }
      seen++;
    }
  }

  private static double[] flat(INDArray array) {
    return array.castTo(DataType.DOUBLE).dup('c').data().asDouble();
  }

  private static boolean isVisible(double[] mask, int row, int columns) {
    return Arrays.stream(mask, row * columns, (row + 1) * columns).allMatch(value -> value != 0);
  }

  private void add(double[] row) {
    for (int d = 0; d < targets; d++) {
      if (!Double.isFinite(row[d])) {
        throw new IllegalArgumentException(
            "Expected finite labels, got %s at row %d, column %d".formatted(row[d], seen, d));
      }
    }
    kept++;
    if (sample.size() < CAPACITY) {
      sample.add(row);
      return;
    }
    long place = random.nextLong(kept);
    if (place < CAPACITY) {
      sample.set((int) place, row);
    }
  }

  /** The sample, at least one row of D labels. */
  double[][] rows() {
    if (sample.isEmpty()) {
      throw new IllegalArgumentException(
          "Expected at least one label that is not masked, got none in %d rows".formatted(seen));
    }
    return sample.toArray(double[][]::new);
  }
}
