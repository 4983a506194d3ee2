/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import java.util.Arrays;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A preprocessor that swaps steps and features, from Keras's order {@code [N, T, F]} to DL4J's
 * {@code [N, F, T]} or back: an imported network takes and gives sequences in Keras's order, its
 * layers work in DL4J's, which is the one that all of them handle.
 */
public final class StepsLastPreProcessor implements InputPreProcessor {
  private static final long serialVersionUID = 1L;

  /** Creates a preprocessor. */
  public StepsLastPreProcessor() {}

  private static INDArray swapped(INDArray array) {
    if (array.rank() != 3) {
      throw new IllegalArgumentException(
          "Expected sequences [N, T, features], got an array of shape "
              + Arrays.toString(array.shape()));
    }
    return array.permute(0, 2, 1);
  }

  @Override
  public INDArray preProcess(INDArray input, int miniBatchSize, LayerWorkspaceMgr workspaceMgr) {
    return workspaceMgr.dup(ArrayType.ACTIVATIONS, swapped(input), 'c');
  }

  @Override
  public INDArray backprop(INDArray output, int miniBatchSize, LayerWorkspaceMgr workspaceMgr) {
    return output == null
        ? null
        : workspaceMgr.dup(ArrayType.ACTIVATION_GRAD, swapped(output), 'c');
  }

  @Override
  public InputType getOutputType(InputType inputType) {
    InputType.InputTypeRecurrent steps = (InputType.InputTypeRecurrent) inputType;
    return InputType.recurrent(
        steps.getSize(),
        steps.getTimeSeriesLength(),
        steps.getFormat() == RNNFormat.NWC ? RNNFormat.NCW : RNNFormat.NWC);
  }

  @Override
  public Pair<INDArray, MaskState> feedForwardMaskArray(
      INDArray maskArray, MaskState currentMaskState, int minibatchSize) {
    return new Pair<>(maskArray, currentMaskState); // [N, T] in both
  }

  @Override
  public StepsLastPreProcessor clone() {
    return new StepsLastPreProcessor();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StepsLastPreProcessor;
  }

  @Override
  public int hashCode() {
    return StepsLastPreProcessor.class.hashCode();
  }
}
