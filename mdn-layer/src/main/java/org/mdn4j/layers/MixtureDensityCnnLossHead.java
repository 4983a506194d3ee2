/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.layers;

import java.util.Arrays;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.convolution.CnnLossLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What {@link MixtureDensityCnnLossLayer} runs: the loss over a matrix of N·H·W rows, one per
 * pixel, image by image and line by line. DL4J's own layer insists on labels of the output's width,
 * and its score reads NHWC as NCHW.
 */
class MixtureDensityCnnLossHead extends CnnLossLayer {
  private static final long serialVersionUID = 1L;

  MixtureDensityCnnLossHead(NeuralNetConfiguration conf, DataType dataType) {
    super(conf, dataType);
  }

  private boolean isNhwc() {
    return layerConf().getFormat() == CNN2DFormat.NHWC;
  }

  /** Images as [N·H·W, channels]. */
  private INDArray toRows(INDArray images) {
    INDArray nhwc = isNhwc() ? images : images.permute(0, 2, 3, 1);
    return nhwc.dup('c').reshape('c', images.length() / channels(images), channels(images));
  }

  private long channels(INDArray images) {
    return images.size(isNhwc() ? 3 : 1);
  }

  private INDArray requireImages(String name, INDArray array) {
    if (array.rank() != 4) {
      throw new IllegalArgumentException(
          "Expected %s of shape %s, got %s %s"
              .formatted(
                  name,
                  layerConf().getFormat().dimensionNames(),
                  Arrays.toString(array.shape()),
                  layerId()));
    }
    return array;
  }

  private INDArray labelRows() {
    INDArray images = requireImages("labels", labels);
    int from = isNhwc() ? 1 : 2;
    for (int side = from; side < from + 2; side++) {
      if (images.size(0) != input.size(0) || images.size(side) != input.size(side)) {
        throw new IllegalArgumentException(
            "Expected labels of the output's minibatch, height and width %s, got %s %s"
                .formatted(
                    Arrays.toString(input.shape()), Arrays.toString(images.shape()), layerId()));
      }
    }
    return toRows(images);
  }

  /** The mask per row [N·H·W, 1] or per target [N·H·W, D]; null without one. */
  private INDArray maskRows() {
    if (maskArray == null) {
      return null;
    }
    if (maskArray.rank() == 4) {
      return toRows(maskArray);
    }
    if (!Arrays.equals(maskArray.shape(), new long[] {input.size(0), 1})) {
      throw new IllegalArgumentException(
          "Expected a label mask of shape [%d, 1] (per image) or of rank 4, got %s %s"
              .formatted(input.size(0), Arrays.toString(maskArray.shape()), layerId()));
    }
    long pixels = input.length() / channels(input) / input.size(0);
    return maskArray.repeat(0, pixels).reshape(-1, 1);
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(
      INDArray epsilon, LayerWorkspaceMgr workspaceMgr) {
    assertInputSet(true);
    requireImages("an input", input);
    INDArray gradient =
        layerConf()
            .getLossFn()
            .computeGradient(labelRows(), toRows(input), layerConf().getActivationFn(), maskRows());
    long[] shape = input.shape();
    INDArray images =
        isNhwc()
            ? gradient.reshape('c', shape)
            : gradient.reshape('c', shape[0], shape[2], shape[3], shape[1]).permute(0, 3, 1, 2);
    return Pair.of(new DefaultGradient(), workspaceMgr.dup(ArrayType.ACTIVATION_GRAD, images, 'c'));
  }

  @Override
  public double computeScore(
      double fullNetRegTerm, boolean training, LayerWorkspaceMgr workspaceMgr) {
    double sum =
        layerConf()
            .getLossFn()
            .computeScore(
                labelRows(), toRows(input), layerConf().getActivationFn(), maskRows(), false);
    score = sum / (conf().isMiniBatch() ? getInputMiniBatchSize() : 1) + fullNetRegTerm;
    return score;
  }

  /** The sum over each image's pixels, [N, 1]. */
  @Override
  public INDArray computeScoreForExamples(double fullNetRegTerm, LayerWorkspaceMgr workspaceMgr) {
    INDArray pixels =
        layerConf()
            .getLossFn()
            .computeScoreArray(
                labelRows(), toRows(input), layerConf().getActivationFn(), maskRows());
    INDArray images = pixels.reshape('c', input.size(0), -1).sum(true, 1);
    return workspaceMgr.leverageTo(ArrayType.ACTIVATIONS, images.addi(fullNetRegTerm));
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaceMgr) {
    assertInputSet(false);
    requireImages("an input", input);
    return workspaceMgr.dup(ArrayType.ACTIVATIONS, input);
  }

  /** The features' mask ends here; labels have a mask of their own. */
  @Override
  public Pair<INDArray, MaskState> feedForwardMaskArray(
      INDArray maskArray, MaskState currentMaskState, int minibatchSize) {
    return null;
  }
}
