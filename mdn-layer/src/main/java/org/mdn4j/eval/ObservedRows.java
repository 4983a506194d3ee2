/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.eval;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.mdn4j.MixtureSpec;
import org.mdn4j.MixtureSpecBuilder;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.rows.LabelForm;
import org.mdn4j.rows.LabelMask;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Predicted mixtures beside the observed targets, of those rows of a minibatch that a label mask
 * leaves: the one place where the shapes of labels and outputs are understood.
 *
 * <p>Masks, as in training:
 *
 * <ul>
 *   <li>{@code [N]} or {@code [N, 1]}: 0 leaves the row out; any other weight counts it once.
 *   <li>{@code [N, D]} of ones and zeros: 0 leaves that target out. The row's mixture is then the
 *       marginal over the targets that are left; a row without any is left out.
 * </ul>
 *
 * <p>A label that is masked may be NaN. Of labels that are intervals ({@link
 * MixtureSpecBuilder#censored()}) a target of which nothing is known counts as masked.
 *
 * <p>DL4J's {@code DataSet.merge}, which many iterators use, turns masks {@code [N, 1]} of several
 * targets into masks {@code [N, D]} that leave out target 0 alone; give it masks {@code [N, D]}.
 */
public final class ObservedRows {
  private final MixtureBatch mixtures; // N
  private final int[] rows; // which of them are left
  private final int[][] targets; // [N][observed]
  private final double[] labels; // [N·columns]
  private final LabelForm form;

  private ObservedRows(
      MixtureBatch mixtures, int[] rows, int[][] targets, double[] labels, LabelForm form) {
    this.mixtures = mixtures;
    this.form = form;
    this.rows = rows;
    this.targets = targets;
    this.labels = labels;
  }

  /**
   * Creates pairs of predictions and labels.
   *
   * @param predicted N mixtures over D targets
   * @param labels {@code [N, D]}; for one target also {@code [N]}
   * @param mask a label mask as described above, or null
   * @return the rows that are left, which may be none
   * @throws IllegalArgumentException if a shape does not fit, a mask holds another value, or a
   *     label that is not masked is NaN or infinite
   */
  public static ObservedRows of(MixtureBatch predicted, INDArray labels, INDArray mask) {
    return of(predicted, LabelForm.exact(predicted.targets()), labels, mask);
  }

  /**
   * Creates pairs of predictions and labels of a specification, which may be intervals.
   *
   * @param spec says what labels are; nothing else of it counts
   * @param labels {@code [N, D]}, or {@code [N, 2 D]}
   * @param predicted N mixtures over D targets
   * @param mask a label mask as described above, or null
   * @return the rows that are left, which may be none
   * @throws IllegalArgumentException if a shape does not fit, a mask holds another value, or a
   *     label that is not masked cannot be
   */
  public static ObservedRows of(
      MixtureSpec spec, INDArray labels, MixtureBatch predicted, INDArray mask) {
    return of(predicted, LabelForm.of(spec), labels, mask);
  }

  private static ObservedRows of(
      MixtureBatch predicted, LabelForm form, INDArray labels, INDArray mask) {
    int targets = predicted.targets();
    int columns = form.columns();
    boolean flat = columns == 1 && labels.rank() == 1 && labels.length() == predicted.size();
    if (!flat && !Arrays.equals(labels.shape(), new long[] {predicted.size(), columns})) {
      throw new IllegalArgumentException(
          "Expected labels of shape [%s, %s], one row per mixture, got %s"
              .formatted(predicted.size(), columns, Arrays.toString(labels.shape())));
    }
    double[] y = flat(labels); // [N·columns]
    LabelMask observing = new LabelMask(targets);
    observing.read(LabelMask.column(mask), predicted.size());
    int[][] observed = new int[predicted.size()][];
    int[] all = IntStream.range(0, targets).toArray();
    Arrays.setAll(
        observed,
        n ->
            mask == null && !form.censored()
                ? all
                : IntStream.of(all)
                    .filter(d -> observing.isObserved(n, d) && !form.saysNothing(y, n, d))
                    .toArray());
    int[] rows = IntStream.range(0, predicted.size()).filter(n -> observed[n].length > 0).toArray();
    for (int n : rows) {
      for (int d : observed[n]) {
        form.check(y, n, d);
      }
    }
    return new ObservedRows(predicted, rows, observed, y, form);
  }

  /**
   * Creates pairs of a network's output and labels: one row per example, or per step of a sequence
   * or pixel of an image that a mask leaves. Where the channels are is seen from the shapes.
   *
   * @param spec the columns of the output, or its channels
   * @param labels {@code [N, D]}, for one target also {@code [N]}; or {@code [N, D, T]}, {@code [N,
   *     T, D]}, {@code [N, D, H, W]}, {@code [N, H, W, D]}; with 2 D in place of D for intervals
   * @param output the same with P in place of D
   * @param mask as described above; of sequences and images a mask of its steps or pixels as {@link
   *     MixtureBatch#of(MixtureSpec, INDArray, int, INDArray)} takes it, or one of the labels'
   *     shape of ones and zeros; or null
   * @return the rows that are left, which may be none
   * @throws IllegalArgumentException if a shape does not fit, an output is NaN or infinite, a mask
   *     holds another value, or a label that is not masked is NaN or infinite
   */
  public static ObservedRows of(MixtureSpec spec, INDArray labels, INDArray output, INDArray mask) {
    return of(spec, labels, output, mask, UnaryOperator.identity());
  }

  /** Creates such pairs with mixtures that are changed first, to another temperature or units. */
  static ObservedRows of(
      MixtureSpec spec,
      INDArray labels,
      INDArray output,
      INDArray mask,
      UnaryOperator<MixtureBatch> change) {
    LabelForm form = LabelForm.of(spec);
    if (output.rank() == 2) {
      return of(change.apply(MixtureBatch.of(spec, output)), form, labels, mask);
    }
    int channels = channelDimension(spec, labels, output);
    long[] perTargetShape = labels.shape().clone();
    perTargetShape[channels] = spec.targets();
    boolean perTarget =
        mask != null && spec.targets() > 1 && Arrays.equals(mask.shape(), perTargetShape);
    INDArray ofPlaces = perTarget ? null : mask;
    if (ofPlaces != null && ofPlaces.maxNumber().doubleValue() == 0) {
      return new ObservedRows(null, new int[0], new int[0][], new double[0], form);
    }
    MixtureBatch predicted = MixtureBatch.of(spec, output, channels, ofPlaces);
    return of(
        change.apply(predicted),
        form,
        predicted.rows(labels, form.columns()),
        perTarget ? predicted.rows(mask) : null);
  }

  private static int channelDimension(MixtureSpec spec, INDArray labels, INDArray output) {
    int last = output.rank() - 1;
    for (int dimension : new int[] {1, last}) {
      if (labels.rank() == output.rank()
          && output.size(dimension) == spec.parameterCount()
          && labels.size(dimension) == spec.labelColumns()) {
        return dimension;
      }
    }
    throw new IllegalArgumentException(
        "Expected an output with %s channels and labels with %s, both in dimension 1 or both in"
                .formatted(spec.parameterCount(), spec.labelColumns())
            + " dimension %s, got shapes %s and %s"
                .formatted(last, Arrays.toString(output.shape()), Arrays.toString(labels.shape())));
  }

  /** Returns all entries in one copy, which toDoubleMatrix() would make by many small ones. */
  private static double[] flat(INDArray array) {
    return array.castTo(DataType.DOUBLE).dup('c').data().asDouble();
  }

  /**
   * Returns the number of rows that are left.
   *
   * @return the number of rows
   */
  public int size() {
    return rows.length;
  }

  /**
   * Returns the index among all rows of a row that is left.
   *
   * @param row in [0, size)
   * @return its number among the N mixtures, in [0, N)
   * @throws IndexOutOfBoundsException if there is no such row
   */
  public int row(int row) {
    return rows[row];
  }

  /**
   * Returns the distribution of a row's observed targets.
   *
   * @param row in [0, size)
   * @return the predicted mixture, or its marginal where targets are left out
   * @throws IndexOutOfBoundsException if there is no such row
   */
  public Mixture mixture(int row) {
    Mixture mixture = mixtures.get(rows[row]);
    int[] observed = targets[rows[row]];
    return observed.length == mixture.targets() ? mixture : mixture.marginal(observed);
  }

  /** Returns numbers of the rows that are left, of {@code [N]} such. */
  double[] left(double[] numbers) {
    return IntStream.of(rows).mapToDouble(row -> numbers[row]).toArray();
  }

  /**
   * Returns the indices of a row's observed targets.
   *
   * @param row in [0, size)
   * @return which they are, ascending, in [0, D)
   * @throws IndexOutOfBoundsException if there is no such row
   */
  public int[] targets(int row) {
    return targets[rows[row]].clone();
  }

  /**
   * Returns the observed targets of a row.
   *
   * @param row in [0, size)
   * @return values of the observed targets, in the order of {@link #targets}; of intervals the
   *     middle, or the finite end of those that are open on one side
   * @throws IndexOutOfBoundsException if there is no such row
   */
  public double[] labels(int row) {
    double[] ends = ends(row);
    double[] labels = new double[ends.length / 2];
    Arrays.setAll(labels, i -> LabelForm.known(ends[2 * i], ends[2 * i + 1]));
    return labels;
  }

  /**
   * Returns what is known of the observed targets of a row.
   *
   * @param row in [0, size)
   * @return lower and upper end of each observed target, in the order of {@link #targets}; equal
   *     ones of an exact value
   * @throws IndexOutOfBoundsException if there is no such row
   */
  public double[] ends(int row) {
    int n = rows[row];
    double[] ends = new double[2 * targets[n].length];
    for (int i = 0; i < targets[n].length; i++) {
      int at = n * form.columns() + targets[n][i] * form.perTarget();
      ends[2 * i] = labels[at];
      ends[2 * i + 1] = labels[at + form.perTarget() - 1];
    }
    return ends;
  }
}
