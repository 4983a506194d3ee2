/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.layers;

import static org.mdn4j.Arguments.require;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Counts;
import org.mdn4j.Limits;
import org.mdn4j.rows.BadEntryException;
import org.mdn4j.rows.LabelForm;
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
  private final LabelForm form;
  private final LabelMask visible;
  private final DataType dtype; // of the network
  private final UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(1L);
  private final List<Row> sample = new ArrayList<>();
  private long examplesSeen;
  private long rowsSeen;
  private long kept;

  LabelSample(Head head) {
    this.head = head;
    this.targets = head.spec().targets();
    this.form = LabelForm.of(head.spec());
    this.visible = new LabelMask(targets);
    this.dtype = head.biases().dataType();
  }

  /**
   * Adds a minibatch.
   *
   * @param labels {@code [N, D]}, or {@code [N]} for one target; of a recurrent head also {@code
   *     [N, D, T]}, or {@code [N, T, D]} in its format; 2 D in place of D for intervals
   * @param mask {@code [N]}, {@code [N, 1]} or {@code [N, D]}, for sequences {@code [N, T]} or the
   *     labels' shape, 0 hides; or null
   */
  void add(INDArray labels, INDArray mask) {
    boolean sequences = head.isRecurrent() && labels.rank() == 3;
    int columns = form.columns();
    boolean flat = columns == 1 && labels.rank() == 1;
    int channels = sequences ? head.layout().channelDimension() : 1;
    requireShape(
        flat || (sequences || labels.rank() == 2) && labels.size(channels) == columns,
        "labels",
        head.isRecurrent()
            ? (head.layout().channelDimension() == 1
                    ? "[N, %s, T] or [N, %s]"
                    : "[N, T, %s] or [N, %s]")
                .formatted(columns, columns)
            : "[N, %s]".formatted(columns),
        labels);
    int examples = Math.toIntExact(labels.size(0));
    int steps = sequences ? Math.toIntExact(labels.size(3 - channels)) : 1;
    long[] perTargetShape = labels.shape().clone();
    if (!flat) {
      perTargetShape[channels] = targets;
    }
    boolean perTarget = mask != null && Arrays.equals(mask.shape(), perTargetShape);
    if (mask != null && !perTarget) {
      boolean perRow =
          mask.size(0) == examples
              && (sequences
                  ? mask.rank() == 2 && mask.size(1) == steps
                  : mask.length() == examples);
      requireShape(
          perRow,
          "a label mask",
          "[%s, %s] or %s".formatted(examples, steps, Arrays.toString(perTargetShape)),
          mask);
    }
    Layout layout = new Layout(channels);
    INDArray typed = Limits.computed(labels, head.spec(), dtype);
    double[] values =
        (sequences ? layout.rows(typed) : typed)
            .castTo(DataType.DOUBLE)
            .dup('c')
            .data()
            .asDouble(); // [N·T·columns]
    int rows = examples * steps;
    INDArray maskRows =
        mask == null || !sequences
            ? mask
            : perTarget ? layout.rows(mask) : mask.reshape('c', rows, 1);
    visible.read(LabelMask.column(maskRows), rows);
    for (int row = 0; row < rows; row++) {
      if (isWhole(row)) {
        add(row(values, row, steps));
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

  /**
   * A row of labels.
   *
   * @param known {@code [D]}, one value for each target; NaN where its interval says nothing
   * @param lower the lower end of the first target
   * @param upper its upper end, the same of an exact value
   */
  record Row(double[] known, double lower, double upper) {}

  private Row row(double[] values, int row, int steps) {
    double[] known = new double[targets];
    for (int d = 0; d < targets; d++) {
      try {
        form.check(values, row, d);
      } catch (BadEntryException e) {
        throw new IllegalArgumentException(
            steps == 1
                ? "%s at row %s, column %s".formatted(e.problem(), examplesSeen + row, e.column())
                : "%s at example %s, step %s, %s"
                    .formatted(
                        e.problem(),
                        examplesSeen + row / steps,
                        row % steps,
                        MixtureDensityHead.target(head.spec(), e.column())),
            e);
      }
      int place = row * form.columns() + d * form.perTarget();
      double lower = values[place];
      if (form.censored() && head.spec().family() == ComponentFamily.LOG_NORMAL && lower <= 0) {
        lower = Double.NEGATIVE_INFINITY; // which says as much
      }
      double upper = values[place + form.perTarget() - 1];
      if (head.spec().family().isDiscrete()) {
        Counts.requireEnds(lower, upper, examplesSeen + row / steps, place % form.columns());
      }
      known[d] = LabelForm.known(lower, upper);
    }
    int first = row * form.columns();
    return new Row(known, values[first], values[first + form.perTarget() - 1]);
  }

  private void add(Row label) {
    if (Arrays.stream(label.known).anyMatch(Double::isNaN)) {
      return;
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

  /** Returns the sample, at least one row. */
  List<Row> rows() {
    if (sample.isEmpty()) {
      throw new IllegalArgumentException(
          "Expected at least one label that is not masked%s, got none in %s rows"
              .formatted(form.censored() ? " and says something" : "", rowsSeen));
    }
    return sample;
  }
}
