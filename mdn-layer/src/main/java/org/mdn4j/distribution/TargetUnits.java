/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.mdn4j.Arguments.require;

import java.util.Arrays;
import java.util.function.Supplier;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.preprocessor.DataNormalization;
import org.nd4j.linalg.dataset.api.preprocessor.MultiDataNormalization;
import org.nd4j.linalg.dataset.api.preprocessor.MultiNormalizerMinMaxScaler;
import org.nd4j.linalg.dataset.api.preprocessor.MultiNormalizerStandardize;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerMinMaxScaler;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerStandardize;

/**
 * A change of the targets' units, y_d → scale_d · y_d + shift_d, made of steps that are named, so
 * that none is taken for the other:
 *
 * <pre>{@code
 * TargetUnits.unchanged(1).rescale(1.8).shift(32); // °C → °F
 * TargetUnits.original(normalizer, 1); // what the normalizer did, undone
 * }</pre>
 *
 * <p>Immutable.
 */
public final class TargetUnits {
  private final double[] scale; // [D]
  private final double[] shift; // [D]

  private TargetUnits(double[] scale, double[] shift) {
    this.scale = scale;
    this.shift = shift;
  }

  /**
   * Returns the units that targets are in already.
   *
   * @param targets D
   * @return scales 1 and shifts 0
   */
  public static TargetUnits unchanged(int targets) {
    double[] ones = new double[targets];
    Arrays.fill(ones, 1);
    return new TargetUnits(ones, new double[targets]);
  }

  /**
   * Returns the way from normalized labels back to their original units, as {@link
   * DataNormalization#revertLabels(INDArray)} goes it.
   *
   * @param normalizer a {@link NormalizerStandardize} or {@link NormalizerMinMaxScaler}; one that
   *     leaves labels alone ({@code fitLabel(false)}) changes no units
   * @param targets D
   * @return the change of units
   * @throws IllegalArgumentException if the normalizer is of another class, was not fitted to
   *     labels, or was fitted to another number of targets
   */
  public static TargetUnits original(DataNormalization normalizer, int targets) {
    if (normalizer instanceof NormalizerStandardize standardize) {
      return !standardize.isFitLabel()
          ? unchanged(targets)
          : standardized(standardize::getLabelMean, standardize::getLabelStd, targets);
    }
    if (normalizer instanceof NormalizerMinMaxScaler scaler) {
      return !scaler.isFitLabel()
          ? unchanged(targets)
          : ranged(
              scaler::getLabelMin,
              scaler::getLabelMax,
              scaler.getTargetMin(),
              scaler.getTargetMax(),
              targets);
    }
    throw unknown("NormalizerStandardize or NormalizerMinMaxScaler", normalizer);
  }

  /**
   * Returns the way from the normalized labels of one output of a {@code ComputationGraph} back to
   * their original units.
   *
   * @param normalizer a {@link MultiNormalizerStandardize} or {@link MultiNormalizerMinMaxScaler}
   * @param output which of the labels, from 0
   * @param targets D of this output
   * @return the change of units
   * @throws IllegalArgumentException as {@link #original(DataNormalization, int)}
   * @throws IndexOutOfBoundsException if there is no such output
   */
  public static TargetUnits original(MultiDataNormalization normalizer, int output, int targets) {
    if (normalizer instanceof MultiNormalizerStandardize standardize) {
      return !standardize.isFitLabel()
          ? unchanged(targets)
          : standardized(
              () -> standardize.getLabelMean(output),
              () -> standardize.getLabelStd(output),
              targets);
    }
    if (normalizer instanceof MultiNormalizerMinMaxScaler scaler) {
      return !scaler.isFitLabel()
          ? unchanged(targets)
          : ranged(
              () -> scaler.getLabelMin(output),
              () -> scaler.getLabelMax(output),
              scaler.getTargetMin(),
              scaler.getTargetMax(),
              targets);
    }
    throw unknown("MultiNormalizerStandardize or MultiNormalizerMinMaxScaler", normalizer);
  }

  private static IllegalArgumentException unknown(String expected, Object normalizer) {
    return new IllegalArgumentException(
        "Expected a %s, got %s"
            .formatted(expected, normalizer == null ? null : normalizer.getClass().getName()));
  }

  /** Returns what undoes z = (y − mean) / deviation. */
  private static TargetUnits standardized(
      Supplier<INDArray> mean, Supplier<INDArray> deviation, int targets) {
    return unchanged(targets)
        .rescale(doubles(statistic(deviation), targets))
        .shift(doubles(statistic(mean), targets));
  }

  /** Returns what undoes z = from + (to − from) (y − lower) / (upper − lower). */
  private static TargetUnits ranged(
      Supplier<INDArray> lower, Supplier<INDArray> upper, double from, double to, int targets) {
    INDArray range = statistic(upper).sub(statistic(lower)); // in the dtype in which DL4J takes it
    double[] froms = new double[targets];
    Arrays.fill(froms, -from);
    double[] perUnit = new double[targets];
    Arrays.fill(perUnit, 1 / (to - from));
    return unchanged(targets)
        .shift(froms)
        .rescale(perUnit)
        .rescale(doubles(range, targets))
        .shift(doubles(statistic(lower), targets));
  }

  private static INDArray statistic(Supplier<INDArray> statistic) {
    try {
      return statistic.get();
    } catch (NullPointerException e) { // how DL4J says that it has none
      throw new IllegalArgumentException(
          "Expected a normalizer that was fitted to labels: call fitLabel(true) before fit", e);
    }
  }

  private static double[] doubles(INDArray statistic, int targets) {
    require(
        statistic.length() == targets,
        "Expected a normalizer that was fitted to %d targets, got one for %d",
        targets,
        statistic.length());
    return statistic.castTo(DataType.DOUBLE).dup('c').data().asDouble();
  }

  /**
   * Returns this change followed by a change of scale.
   *
   * @param scale {@code [D]}, finite and not 0, new units per present unit
   * @return y_d → scale_d · (what this change makes of y_d)
   * @throws IllegalArgumentException if there is not one scale per target, or one is out of its
   *     range, alone or together with the scales so far
   */
  public TargetUnits rescale(double... scale) {
    requireLength("scales", scale.length);
    double[] newScale = new double[scale.length];
    double[] newShift = new double[scale.length];
    for (int d = 0; d < scale.length; d++) {
      newScale[d] = scale[d] * this.scale[d];
      newShift[d] = scale[d] * shift[d];
      require(
          Double.isFinite(newScale[d]) && newScale[d] != 0 && Double.isFinite(newShift[d]),
          "Expected a finite scale other than 0, got %s at target %d%s",
          scale[d],
          d,
          this.scale[d] == 1 && shift[d] == 0
              ? ""
              : ", after a scale of %s and a shift of %s".formatted(this.scale[d], shift[d]));
    }
    return new TargetUnits(newScale, newShift);
  }

  /**
   * Returns this change followed by a change of origin.
   *
   * @param shift {@code [D]}, finite, in the units that this change leads to
   * @return y_d → (what this change makes of y_d) + shift_d
   * @throws IllegalArgumentException if there is not one shift per target, or one is out of its
   *     range, alone or together with the shifts so far
   */
  public TargetUnits shift(double... shift) {
    requireLength("shifts", shift.length);
    double[] newShift = new double[shift.length];
    for (int d = 0; d < shift.length; d++) {
      newShift[d] = this.shift[d] + shift[d];
      require(
          Double.isFinite(newShift[d]),
          "Expected a finite shift, got %s at target %d%s",
          shift[d],
          d,
          this.shift[d] == 0 ? "" : ", after one of " + this.shift[d]);
    }
    return new TargetUnits(scale, newShift);
  }

  private void requireLength(String name, int length) {
    require(
        length == scale.length,
        "Expected %d %s, one per target, got %d",
        scale.length,
        name,
        length);
  }

  /**
   * Returns the factors.
   *
   * @return {@code [D]}, in y_d → scale_d · y_d + shift_d
   */
  public double[] scale() {
    return scale.clone();
  }

  /**
   * Returns the summands.
   *
   * @return {@code [D]}, in y_d → scale_d · y_d + shift_d
   */
  public double[] shift() {
    return shift.clone();
  }

  @Override
  public String toString() {
    return "TargetUnits(scale=%s, shift=%s)"
        .formatted(Arrays.toString(scale), Arrays.toString(shift));
  }
}
