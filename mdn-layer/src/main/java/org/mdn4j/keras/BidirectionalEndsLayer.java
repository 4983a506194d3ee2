/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import java.util.Objects;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A layer that takes the last outputs of both directions of a bidirectional layer, which are the
 * first half's at the last step and the second half's at the first: Keras's {@code Bidirectional}
 * without {@code return_sequences}. DL4J 1.0.0-M2.1 cannot train its own {@code Bidirectional} of
 * {@code LastTimeStep}.
 *
 * <p>Input {@code [N, 2 F, T]} of a {@code Bidirectional} that concatenates; output {@code [N, 2
 * F]} if this one does, {@code [N, F]} else. Masks are rejected: DL4J's {@code Bidirectional} does
 * not act on them.
 */
public final class BidirectionalEndsLayer extends FixedLayer {
  private static final long serialVersionUID = 1L;

  private Bidirectional.Mode mode;

  /** Creates an empty layer for deserialisation. */
  BidirectionalEndsLayer() {}

  /**
   * Creates a layer.
   *
   * @param mode how both ends are merged
   */
  BidirectionalEndsLayer(Bidirectional.Mode mode) {
    this.mode = mode;
  }

  /**
   * Returns how both ends are merged.
   *
   * @return the mode
   */
  public Bidirectional.Mode getMode() {
    return mode;
  }

  /**
   * Sets {@link #getMode()}; for deserialisation.
   *
   * @param mode the mode
   */
  public void setMode(Bidirectional.Mode mode) {
    this.mode = mode;
  }

  /** Returns a view {@code [N, F]} of one direction's end. */
  private static INDArray end(INDArray array, boolean isFirst) {
    long half = array.size(1) / 2;
    return array.get(
        NDArrayIndex.all(),
        isFirst ? NDArrayIndex.interval(0, half) : NDArrayIndex.interval(half, 2 * half),
        NDArrayIndex.point(isFirst ? array.size(2) - 1 : 0));
  }

  @Override
  INDArray forward(INDArray input, boolean training) {
    INDArray first = end(input, true);
    INDArray second = end(input, false);
    return switch (mode) {
      case CONCAT -> Nd4j.concat(1, first, second);
      case ADD -> first.add(second);
      case AVERAGE -> first.add(second).muli(0.5);
      case MUL -> first.mul(second);
    };
  }

  @Override
  INDArray backward(INDArray input, INDArray epsilon) {
    INDArray gradient = Nd4j.zeros(input.dataType(), input.shape());
    long half = input.size(1) / 2;
    INDArray first = epsilon;
    INDArray second = epsilon;
    switch (mode) {
      case CONCAT -> {
        first = epsilon.get(NDArrayIndex.all(), NDArrayIndex.interval(0, half));
        second = epsilon.get(NDArrayIndex.all(), NDArrayIndex.interval(half, 2 * half));
      }
      case AVERAGE -> {
        first = epsilon.mul(0.5);
        second = first;
      }
      case MUL -> {
        first = epsilon.mul(end(input, false));
        second = epsilon.mul(end(input, true));
      }
      default -> {} // the sum's gradient goes to both
    }
    end(gradient, true).assign(first);
    end(gradient, false).assign(second);
    return gradient;
  }

  @Override
  INDArray maskAfter(INDArray mask) {
    if (mask != null) {
      throw new IllegalArgumentException(
          "Layer \"%s\": expected no mask, since DL4J's Bidirectional does not act on one"
              .formatted(getLayerName()));
    }
    return null;
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    long size = ((InputType.InputTypeRecurrent) inputType).getSize();
    return InputType.feedForward(mode == Bidirectional.Mode.CONCAT ? size : size / 2);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BidirectionalEndsLayer that
        && Objects.equals(getLayerName(), that.getLayerName())
        && mode == that.mode;
  }

  @Override
  public int hashCode() {
    return Objects.hash(getLayerName(), mode);
  }
}
