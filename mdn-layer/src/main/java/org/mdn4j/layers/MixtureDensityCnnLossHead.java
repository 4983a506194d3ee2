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
import org.mdn4j.MixtureSpec;
import org.mdn4j.layers.Shapes.Shape;
import org.mdn4j.rows.Layout;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The implementation of {@link MixtureDensityCnnLossLayer}: the loss over a matrix of N·H·W rows,
 * one per pixel, image by image and line by line. DL4J's own layer insists on labels of the
 * output's width, and its score reads NHWC as NCHW. As in {@link MixtureDensityHead}, the score of
 * the backward pass serves the iteration.
 */
class MixtureDensityCnnLossHead extends CnnLossLayer {
  private static final long serialVersionUID = 1L;

  private final LabelPass labelPass = new LabelPass();

  MixtureDensityCnnLossHead(NeuralNetConfiguration conf, DataType dataType) {
    super(conf, dataType);
  }

  private boolean isNhwc() {
    return layerConf().getFormat() == CNN2DFormat.NHWC;
  }

  private Layout layout() {
    return new Layout(isNhwc() ? 3 : 1);
  }

  /** Checks the input, and for a score the labels and the mask. */
  private void requireInput() {
    long channels = spec().parameterCount();
    if (input.rank() != 4 || layout().channels(input) != channels) {
      throw new IllegalArgumentException(
          "Expected an input of shape %s with P = %s channels, got %s - %s"
              .formatted(
                  isNhwc() ? "[N, H, W, P]" : "[N, P, H, W]",
                  channels,
                  Arrays.toString(input.shape()),
                  layerId()));
    }
  }

  private MixtureSpec spec() {
    return ((MixtureDensityCnnLossLayer) layerConf()).getSpec();
  }

  private Shape shape(String channelsName, long channels, String use) {
    long[] sizes = input.shape().clone();
    sizes[isNhwc() ? 3 : 1] = channels;
    String names = isNhwc() ? "[N, H, W, %s]" : "[N, %s, H, W]";
    return new Shape(names.formatted(channelsName), sizes, use);
  }

  private String place(long row, long column) {
    long width = input.size(isNhwc() ? 2 : 3);
    long pixels = input.length() / input.size(0) / layout().channels(input);
    return "image %s, pixel (%s, %s), %s"
        .formatted(
            row / pixels,
            row % pixels / width,
            row % width,
            MixtureDensityHead.target(spec(), column));
  }

  private INDArray labelRows() {
    requireInput();
    Shapes.require(
        "labels",
        labels,
        layerId(),
        shape(
            spec().censored() ? "2 D" : "D",
            spec().labelColumns(),
            "of the input's minibatch, height and width"));
    return layout().rows(labels);
  }

  /** Returns the mask per row [N·H·W, 1] or per target [N·H·W, D]; null without one. */
  private INDArray maskRows() {
    if (maskArray == null) {
      return null;
    }
    Shapes.require(
        "a label mask",
        maskArray,
        layerId(),
        new Shape("[N, 1]", new long[] {input.size(0), 1}, "per image"),
        shape("1", 1, "per pixel"),
        shape("D", spec().targets(), "per target"));
    if (maskArray.rank() == 4) {
      return layout().rows(maskArray);
    }
    long pixels = input.length() / layout().channels(input) / input.size(0);
    return maskArray.repeat(0, pixels).reshape(-1, 1);
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(
      INDArray epsilon, LayerWorkspaceMgr workspaceMgr) {
    assertInputSet(true);
    Pair<Double, INDArray> pass =
        LabelPass.run(
            this,
            this::place,
            () ->
                layerConf()
                    .getLossFn()
                    .computeGradientAndScore(
                        labelRows(),
                        layout().rows(input),
                        layerConf().getActivationFn(),
                        maskRows(),
                        false));
    labelPass.remember(pass.getFirst(), maskArray);
    INDArray images = layout().array(pass.getSecond(), input.shape());
    return Pair.of(new DefaultGradient(), workspaceMgr.dup(ArrayType.ACTIVATION_GRAD, images, 'c'));
  }

  @Override
  public double computeScore(
      double fullNetRegTerm, boolean training, LayerWorkspaceMgr workspaceMgr) {
    Double sum = labelPass.take(maskArray);
    if (!training || sum == null) {
      sum =
          LabelPass.run(
              this,
              this::place,
              () ->
                  layerConf()
                      .getLossFn()
                      .computeScore(
                          labelRows(),
                          layout().rows(input),
                          layerConf().getActivationFn(),
                          maskRows(),
                          false));
    }
    score = sum / (conf().isMiniBatch() ? getInputMiniBatchSize() : 1) + fullNetRegTerm;
    return score;
  }

  /** Returns the sum over each image's pixels, [N, 1]. */
  @Override
  public INDArray computeScoreForExamples(double fullNetRegTerm, LayerWorkspaceMgr workspaceMgr) {
    INDArray pixels =
        LabelPass.run(
            this,
            this::place,
            () ->
                layerConf()
                    .getLossFn()
                    .computeScoreArray(
                        labelRows(),
                        layout().rows(input),
                        layerConf().getActivationFn(),
                        maskRows()));
    INDArray images = pixels.reshape('c', input.size(0), -1).sum(true, 1);
    return workspaceMgr.leverageTo(ArrayType.ACTIVATIONS, images.addi(fullNetRegTerm));
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaceMgr) {
    assertInputSet(false);
    requireInput();
    return workspaceMgr.dup(ArrayType.ACTIVATIONS, input);
  }

  @Override
  public void setInput(INDArray input, LayerWorkspaceMgr workspaceMgr) {
    labelPass.forget();
    super.setInput(input, workspaceMgr);
  }

  @Override
  public void setLabels(INDArray labels) {
    labelPass.forget();
    super.setLabels(labels);
  }

  @Override
  public void clear() {
    labelPass.forget();
    super.clear();
  }

  /** Returns no mask: the features' mask ends here; labels have a mask of their own. */
  @Override
  public Pair<INDArray, MaskState> feedForwardMaskArray(
      INDArray maskArray, MaskState currentMaskState, int minibatchSize) {
    return null;
  }
}
