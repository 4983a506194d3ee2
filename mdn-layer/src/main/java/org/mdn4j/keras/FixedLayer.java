/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.NoParamLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A layer without parameters that computes a function of Keras's for which DL4J has no layer. */
public abstract class FixedLayer extends NoParamLayer {
  private static final long serialVersionUID = 1L;

  FixedLayer() {}

  /** Returns the layer's output as a new array. */
  abstract INDArray forward(INDArray input, boolean training);

  /** Returns the gradient by the input as a new array, from that by the output. */
  abstract INDArray backward(INDArray input, INDArray epsilon);

  /**
   * Returns the mask of the output.
   *
   * @param mask {@code [N, T]} of the input, 1 where a step counts; null where all do
   */
  INDArray maskAfter(INDArray mask) {
    return mask;
  }

  @Override
  public Layer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> trainingListeners,
      int layerIndex,
      INDArray layerParamsView,
      boolean initializeParams,
      DataType networkDataType) {
    FixedLayerPass pass = new FixedLayerPass(conf, networkDataType);
    pass.setListeners(trainingListeners);
    pass.setIndex(layerIndex);
    return pass;
  }

  @Override
  public InputPreProcessor getPreProcessorForInputType(InputType inputType) {
    return null;
  }

  @Override
  public LayerMemoryReport getMemoryReport(InputType inputType) {
    InputType output = getOutputType(-1, inputType);
    return new LayerMemoryReport.Builder(getLayerName(), getClass(), inputType, output)
        .standardMemory(0, 0)
        .workingMemory(0, 0, 0, inputType.arrayElementsPerExample())
        .cacheMemory(0, 0)
        .build();
  }
}
