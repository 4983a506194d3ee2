/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import java.util.Objects;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A layer that applies an activation, and leaves its input alone: DL4J 1.0.0-M2.1's own {@code
 * ActivationLayer} overwrites it outside of training, which in a graph other layers may read too.
 */
public final class FunctionLayer extends FixedLayer {
  private static final long serialVersionUID = 1L;

  private IActivation function;

  /** Creates an empty layer for deserialisation. */
  FunctionLayer() {}

  /**
   * Creates a layer.
   *
   * @param function the activation
   */
  FunctionLayer(IActivation function) {
    this.function = function;
  }

  /**
   * Returns the activation.
   *
   * @return the activation
   */
  public IActivation getFunction() {
    return function;
  }

  /**
   * Sets {@link #getFunction()}; for deserialisation.
   *
   * @param function the activation
   */
  public void setFunction(IActivation function) {
    this.function = function;
  }

  @Override
  INDArray forward(INDArray input, boolean training) {
    return function.getActivation(input.dup(), training);
  }

  @Override
  INDArray backward(INDArray input, INDArray epsilon) {
    return function.backprop(input.dup(), epsilon).getFirst();
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    return inputType;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FunctionLayer that
        && Objects.equals(getLayerName(), that.getLayerName())
        && Objects.equals(function, that.function);
  }

  @Override
  public int hashCode() {
    return Objects.hash(getLayerName(), function);
  }
}
