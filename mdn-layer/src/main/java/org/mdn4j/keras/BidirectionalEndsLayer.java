/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import java.util.Objects;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Takes the last outputs of both directions of a bidirectional layer, which are the first half's at
 * the last step and the second half's at the first: Keras's {@code Bidirectional} without {@code
 * return_sequences}. DL4J 1.0.0-M2.1 cannot train its own {@code Bidirectional} of {@code
 * LastTimeStep}.
 *
 * <p>Input {@code [N, 2 F, T]} of a {@code Bidirectional} that concatenates; output {@code [N, 2
 * F]} if this one does, {@code [N, F]} else. Where a mask says how long a sequence is, its last
 * step is the last that counts.
 */
public final class BidirectionalEndsLayer extends FixedLayer {
  private static final long serialVersionUID = 1L;

  private Bidirectional.Mode mode;

  /** For deserialisation. */
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

  /** A view {@code [F]} of one example's end: of the first half, or of the second. */
  private static INDArray end(INDArray array, int n, boolean isFirst, long step) {
    long half = array.size(1) / 2;
    return array.get(
        NDArrayIndex.point(n),
        isFirst ? NDArrayIndex.interval(0, half) : NDArrayIndex.interval(half, 2 * half),
        NDArrayIndex.point(step));
  }

  private static long lastStep(INDArray input, INDArray mask, int n) {
    long last = input.size(2) - 1;
    while (mask != null && last > 0 && mask.getDouble(n, last) == 0) {
      last--;
    }
    return last;
  }

  /** Returns the ends of one direction {@code [N, F]} in a new array. */
  private static INDArray ends(INDArray input, INDArray mask, boolean isFirst) {
    INDArray ends = Nd4j.create(input.dataType(), input.size(0), input.size(1) / 2);
    for (int n = 0; n < input.size(0); n++) {
      ends.putRow(n, end(input, n, isFirst, isFirst ? lastStep(input, mask, n) : 0));
    }
    return ends;
  }

  @Override
  INDArray forward(INDArray input, INDArray mask) {
    INDArray first = ends(input, mask, true);
    INDArray second = ends(input, mask, false);
    return switch (mode) {
      case CONCAT -> Nd4j.concat(1, first, second);
      case ADD -> first.addi(second);
      case AVERAGE -> first.addi(second).muli(0.5);
      case MUL -> first.muli(second);
    };
  }

  @Override
  INDArray backward(INDArray input, INDArray mask, INDArray epsilon) {
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
        first = epsilon.mul(ends(input, mask, false));
        second = epsilon.mul(ends(input, mask, true));
      }
      default -> {} // the sum's gradient goes to both
    }
    for (int n = 0; n < input.size(0); n++) {
      end(gradient, n, true, lastStep(input, mask, n)).assign(first.getRow(n));
      end(gradient, n, false, 0).assign(second.getRow(n));
    }
    return gradient;
  }

  @Override
  boolean keepsSteps() {
    return false;
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
