/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import java.util.Objects;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A layer that takes the numbers of an example in Keras's order, step after step, into another
 * shape: Keras's {@code Flatten} and {@code Reshape}.
 *
 * <p>Rows {@code [N, F]} or sequences {@code [N, F, T]} come in, rows or sequences of as many
 * numbers go out.
 */
public final class StepReshapeLayer extends FixedLayer {
  private static final long serialVersionUID = 1L;

  private long steps;
  private long size;

  /** Creates an empty layer for deserialisation. */
  StepReshapeLayer() {}

  /**
   * Creates a layer.
   *
   * @param output rows or sequences of a known length
   */
  StepReshapeLayer(Form output) {
    this.steps = output.isSequence() ? output.steps() : 0;
    this.size = output.size();
  }

  /**
   * Returns the output's steps.
   *
   * @return T; 0 for rows
   */
  public long getSteps() {
    return steps;
  }

  /**
   * Sets {@link #getSteps()}; for deserialisation.
   *
   * @param steps T, or 0
   */
  public void setSteps(long steps) {
    this.steps = steps;
  }

  /**
   * Returns the number of features of a row or step of the output.
   *
   * @return F
   */
  public long getSize() {
    return size;
  }

  /**
   * Sets {@link #getSize()}; for deserialisation.
   *
   * @param size F
   */
  public void setSize(long size) {
    this.size = size;
  }

  /** Returns {@code [N, F]} as it is, or {@code [N, F, T]} as {@code [N, T F]}, in a new array. */
  private static INDArray flat(INDArray array) {
    INDArray stepwise = array.rank() == 3 ? array.permute(0, 2, 1) : array;
    return stepwise.dup('c').reshape('c', array.size(0), array.length() / array.size(0));
  }

  private static INDArray formed(INDArray flat, long steps, long size) {
    return steps == 0 ? flat : flat.reshape('c', flat.size(0), steps, size).permute(0, 2, 1);
  }

  @Override
  INDArray forward(INDArray input, boolean training) {
    long perExample = Math.max(1, steps) * size;
    if (input.length() != input.size(0) * perExample) {
      throw new IllegalArgumentException(
          "Layer \"%s\": expected sequences of %s numbers in all, got %s"
              .formatted(getLayerName(), perExample, input.length() / input.size(0)));
    }
    return formed(flat(input), steps, size);
  }

  @Override
  INDArray backward(INDArray input, INDArray epsilon) {
    return formed(flat(epsilon), input.rank() == 3 ? input.size(2) : 0, input.size(1));
  }

  @Override
  INDArray maskAfter(INDArray mask) {
    return null; // the steps are no longer those of the input
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    return steps == 0 ? InputType.feedForward(size) : InputType.recurrent(size, steps);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StepReshapeLayer that
        && Objects.equals(getLayerName(), that.getLayerName())
        && steps == that.steps
        && size == that.size;
  }

  @Override
  public int hashCode() {
    return Objects.hash(getLayerName(), steps, size);
  }
}
