/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import java.util.Objects;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A layer that applies a noise of DL4J's in training, and nothing else: DL4J 1.0.0-M2.1's own
 * {@code DropoutLayer} fails where two of them follow one another, and on sequences with a mask.
 */
public final class NoiseLayer extends FixedLayer {
  private static final long serialVersionUID = 1L;

  private IDropout noise;

  /** Creates an empty layer for deserialisation. */
  NoiseLayer() {}

  /**
   * Creates a layer.
   *
   * @param noise of a constant strength
   */
  NoiseLayer(IDropout noise) {
    this.noise = noise;
  }

  /**
   * Returns the noise.
   *
   * @return the noise
   */
  public IDropout getNoise() {
    return noise;
  }

  /**
   * Sets {@link #getNoise()}; for deserialisation.
   *
   * @param noise the noise
   */
  public void setNoise(IDropout noise) {
    this.noise = noise;
  }

  @Override
  INDArray forward(INDArray input, boolean training) {
    INDArray output = input.dup();
    return training
        ? noise.applyDropout(input, output, 0, 0, LayerWorkspaceMgr.noWorkspaces())
        : output;
  }

  @Override
  INDArray backward(INDArray input, INDArray epsilon) {
    return noise.backprop(epsilon, epsilon.dup(), 0, 0);
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    return inputType;
  }

  /**
   * Returns a copy with a noise of its own, as a noise keeps what it drew until it goes backwards.
   */
  @Override
  public Layer clone() {
    NoiseLayer copy = (NoiseLayer) super.clone();
    copy.noise = noise.clone();
    return copy;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NoiseLayer that
        && Objects.equals(getLayerName(), that.getLayerName())
        && Objects.equals(noise, that.noise);
  }

  @Override
  public int hashCode() {
    return Objects.hash(getLayerName(), noise);
  }
}
