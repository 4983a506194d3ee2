/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.layers;

import static org.mdn4j.Arguments.require;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.mdn4j.Limits;
import org.mdn4j.rows.LabelMask;
import org.mdn4j.rows.Layout;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A random sample of a head's label rows of bounded size, taken in one pass. Source: J. S. Vitter,
 * <i>Random sampling with a reservoir</i>, ACM Trans. Math. Softw. 11 (1985), algorithm R.
 */
final class LabelSample {
  static final int CAPACITY = 10_000;

  private final Head head;
  private final int targets;
  private final LabelMask visible;
  private final DataType dtype; // of the network
  private final UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(1L);
  private final List<double[]> sample = new ArrayList<>();
  private long examplesSeen;
  private long rowsSeen;
  private long kept;

  LabelSample(Head head) {
    this.head = head;
    this.targets = head.spec().targets();
    this.visible = new LabelMask(targets);
    this.dtype = head.biases().dataType();
  }

  /**
   * Adds a minibatch.
   *
   * @param labels {@code [N, D]}, or {@code [N]} for one target; of a recurrent head also {@code
   *     [N, D, T]}, or {@code [N, T, D]} in its format
   * @param mask {@code [N]}, {@code [N, 1]} or {@code [N, D]}, for sequences {@code [N, T]} or the
   *     labels' shape, 0 hides; or null
   */
  void add(INDArray labels, INDArray mask) {
    boolean sequences = head.isRecurrent() && labels.rank() == 3;
    boolean flat = targets == 1 && labels.rank() == 1;
    int channels = sequences ? head.layout().channelDimension() : 1;
    requireShape(
        flat || (sequences || labels.rank() == 2) && labels.size(channels) == targets,
        "labels",
        head.isRecurrent()
            ? (head.layout().channelDimension() == 1
                    ? "[N, %d, T] or [N, %d]"
                    : "[N, T, %d] or [N, %d]")
                .formatted(targets, targets)
            : "[N, %d]".formatted(targets),
        labels);
    int examples = Math.toIntExact(labels.size(0));
    int steps = sequences ? Math.toIntExact(labels.size(3 - channels)) : 1;
    boolean perTarget = mask != null && Arrays.equals(mask.shape(), labels.shape());
    if (mask != null && !perTarget) {
      boolean perRow =
          mask.size(0) == examples
              && (sequences
                  ? mask.rank() == 2 && mask.size(1) == steps
                  : mask.length() == examples);
      requireShape(
          perRow,
          "a label mask",
          "[%d, %d] or %s".formatted(examples, steps, Arrays.toString(labels.shape())),
          mask);
    }
    Layout layout = new Layout(channels);
    INDArray typed = Limits.computed(labels, dtype);
    double[] values =
        (sequences ? layout.rows(typed) : typed)
            .castTo(DataType.DOUBLE)
            .dup('c')
            .data()
            .asDouble(); // [N·T·D]
    int rows = examples * steps;
    INDArray maskRows =
        mask == null || !sequences
            ? mask
            : perTarget ? layout.rows(mask) : mask.reshape('c', rows, 1);
    visible.read(LabelMask.column(maskRows), rows);
    for (int row = 0; row < rows; row++) {
      if (isWhole(row)) {
        add(Arrays.copyOfRange(values, row * targets, (row + 1) * targets), row, steps);
      }
    }
    examplesSeen += examples;
    rowsSeen += rows;
  }

  private static void requireShape(boolean fits, String name, String expected, INDArray array) {
    require(
        fits, "Expected %s of shape %s, got %s", name, expected, Arrays.toString(array.shape()));
  }

  private boolean isWhole(int row) {
    return IntStream.range(0, targets).allMatch(d -> visible.isObserved(row, d));
  }

  private void add(double[] label, int row, int steps) {
    for (int d = 0; d < targets; d++) {
      if (!Double.isFinite(label[d])) {
        throw new IllegalArgumentException(
            steps == 1
                ? "Expected finite labels, got %s at row %d, column %d"
                    .formatted(label[d], examplesSeen + row, d)
                : "Expected finite labels, got %s at example %d, step %d, target %d"
                    .formatted(label[d], examplesSeen + row / steps, row % steps, d));
      }
    }
    kept++;
    if (sample.size() < CAPACITY) {
      sample.add(label);
      return;
    }
    long place = random.nextLong(kept);
    if (place < CAPACITY) {
      sample.set((int) place, label);
    }
  }

  /** Returns the sample, at least one row of D labels. */
  double[][] rows() {
    if (sample.isEmpty()) {
      throw new IllegalArgumentException(
          "Expected at least one label that is not masked, got none in %d rows"
              .formatted(rowsSeen));
    }
    return sample.toArray(double[][]::new);
  }
}
