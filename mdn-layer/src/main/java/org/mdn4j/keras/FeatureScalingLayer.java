/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import java.util.Arrays;
import java.util.Objects;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A layer that shifts and scales each feature by fixed numbers: y = (x − subtracted) · factor +
 * added. Keras's {@code Normalization}, {@code Rescaling} with a number per feature, and a {@code
 * BatchNormalization} that is not to be trained.
 *
 * <p>Input and output {@code [N, F]}.
 */
public final class FeatureScalingLayer extends FixedLayer {
  private static final long serialVersionUID = 1L;

  private double[] subtracted;
  private double[] factor;
  private double[] added;

  /** Creates an empty layer for deserialisation. */
  FeatureScalingLayer() {}

  /**
   * Creates a layer.
   *
   * @param subtracted {@code [F]}
   * @param factor {@code [F]}
   * @param added {@code [F]}
   */
  FeatureScalingLayer(double[] subtracted, double[] factor, double[] added) {
    this.subtracted = subtracted;
    this.factor = factor;
    this.added = added;
  }

  /**
   * Returns the numbers that are subtracted first.
   *
   * @return {@code [F]}
   */
  public double[] getSubtracted() {
    return subtracted;
  }

  /**
   * Sets {@link #getSubtracted()}; for deserialisation.
   *
   * @param subtracted {@code [F]}
   */
  public void setSubtracted(double[] subtracted) {
    this.subtracted = subtracted;
  }

  /**
   * Returns the factors that the differences are multiplied by.
   *
   * @return {@code [F]}
   */
  public double[] getFactor() {
    return factor;
  }

  /**
   * Sets {@link #getFactor()}; for deserialisation.
   *
   * @param factor {@code [F]}
   */
  public void setFactor(double[] factor) {
    this.factor = factor;
  }

  /**
   * Returns the numbers that are added last.
   *
   * @return {@code [F]}
   */
  public double[] getAdded() {
    return added;
  }

  /**
   * Sets {@link #getAdded()}; for deserialisation.
   *
   * @param added {@code [F]}
   */
  public void setAdded(double[] added) {
    this.added = added;
  }

  private static INDArray row(double[] values, INDArray like) {
    return Nd4j.create(values, new long[] {1, values.length}, 'c').castTo(like.dataType());
  }

  @Override
  INDArray forward(INDArray input, boolean training) {
    return input
        .subRowVector(row(subtracted, input))
        .muliRowVector(row(factor, input))
        .addiRowVector(row(added, input));
  }

  @Override
  INDArray backward(INDArray input, INDArray epsilon) {
    return epsilon.mulRowVector(row(factor, epsilon));
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    return inputType;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FeatureScalingLayer that
        && Objects.equals(getLayerName(), that.getLayerName())
        && Arrays.equals(subtracted, that.subtracted)
        && Arrays.equals(factor, that.factor)
        && Arrays.equals(added, that.added);
  }

  @Override
  public int hashCode() {
    return Objects.hash(
        getLayerName(),
        Arrays.hashCode(subtracted),
        Arrays.hashCode(factor),
        Arrays.hashCode(added));
  }
}
