/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.layers;

import java.util.Arrays;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.util.TimeSeriesUtils;
import org.mdn4j.MixtureSpec;
import org.mdn4j.layers.Shapes.Shape;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The implementation of {@link MixtureDensityRnnOutputLayer}: the dense head on a matrix of N·T
 * rows, one per example and step, in DL4J's order (all examples of the first step, then of the
 * second, …).
 */
class MixtureDensityRnnHead extends MixtureDensityHead {
  private static final long serialVersionUID = 1L;

  private INDArray givenMask; // as it came; maskArray has its rows

  MixtureDensityRnnHead(NeuralNetConfiguration conf, DataType dataType) {
    super(conf, dataType);
  }

  private boolean isNwc() {
    return ((MixtureDensityRnnOutputLayer) layerConf()).getRnnDataFormat() == RNNFormat.NWC;
  }

  /** Returns [N, size, T] or [N, T, size] as [N·T, size]. */
  private INDArray toRows(INDArray sequences, LayerWorkspaceMgr workspaceMgr, ArrayType type) {
    INDArray ncw = isNwc() ? sequences.permute(0, 2, 1) : sequences;
    return TimeSeriesUtils.reshape3dTo2d(ncw, workspaceMgr, type);
  }

  /** Returns [N·T, size] as [N, size, T] or [N, T, size]. */
  private INDArray toSequences(
      INDArray rows, long examples, LayerWorkspaceMgr workspaceMgr, ArrayType type) {
    INDArray ncw = TimeSeriesUtils.reshape2dTo3d(rows, examples, workspaceMgr, type);
    return isNwc() ? ncw.permute(0, 2, 1) : ncw;
  }

  private void requireSequences(INDArray input) {
    if (input.rank() != 3 || input.size(isNwc() ? 2 : 1) != layerConf().getNIn()) {
      throw new IllegalArgumentException(
          "Expected an input of shape %s with nIn = %s, got %s - %s"
              .formatted(
                  isNwc() ? "[N, T, nIn]" : "[N, nIn, T]",
                  layerConf().getNIn(),
                  Arrays.toString(input.shape()),
                  layerId()));
    }
  }

  /** Checks labels and mask against the input's examples and steps. */
  private void requireFit(INDArray sequences) {
    long examples = sequences.size(0);
    long steps = sequences.size(isNwc() ? 1 : 2);
    MixtureSpec spec = layerConf().getSpec();
    Shapes.require(
        "labels",
        labels,
        layerId(),
        sequences(spec.censored() ? "2 D" : "D", examples, spec.labelColumns(), steps, null));
    if (givenMask != null) {
      Shapes.require(
          "a label mask",
          givenMask,
          layerId(),
          new Shape("[N, T]", new long[] {examples, steps}, "per step"),
          sequences("D", examples, spec.targets(), steps, "per target"));
    }
  }

  private Shape sequences(String name, long examples, long channels, long steps, String use) {
    return isNwc()
        ? new Shape("[N, T, %s]".formatted(name), new long[] {examples, steps, channels}, use)
        : new Shape("[N, %s, T]".formatted(name), new long[] {examples, channels, steps}, use);
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(
      INDArray epsilon, LayerWorkspaceMgr workspaceMgr) {
    assertInputSet(true);
    requireSequences(input);
    INDArray sequences = input;
    input =
        LabelPass.run(
            this,
            this::place,
            () -> {
              requireFit(sequences);
              return toRows(sequences, workspaceMgr, ArrayType.BP_WORKING_MEM);
            });
    applyDropOutIfNecessary(true, workspaceMgr); // training skips the layer's forward pass
    Pair<Gradient, INDArray> pass = super.backpropGradient(epsilon, workspaceMgr);
    input = sequences;
    weightNoiseParams.clear();
    INDArray epsilonNext =
        toSequences(pass.getSecond(), sequences.size(0), workspaceMgr, ArrayType.ACTIVATION_GRAD);
    return Pair.of(pass.getFirst(), epsilonNext);
  }

  @Override
  protected INDArray preOutput2d(boolean training, LayerWorkspaceMgr workspaceMgr) {
    assertInputSet(false);
    if (input.rank() == 2) { // rows already, in the backward pass
      return preOutput(training, workspaceMgr);
    }
    requireSequences(input);
    INDArray sequences = input;
    input = toRows(sequences, workspaceMgr, ArrayType.FF_WORKING_MEM);
    INDArray raw = preOutput(training, workspaceMgr);
    input = sequences;
    return raw;
  }

  @Override
  protected INDArray getLabels2d(LayerWorkspaceMgr workspaceMgr, ArrayType type) {
    if (input.rank() == 3) { // in the backward pass it was checked when it was
      requireFit(input);
    }
    return toRows(labels, workspaceMgr, type);
  }

  @Override
  String place(long row, long column) {
    long examples = labels.size(0);
    return "example %s, step %s, %s"
        .formatted(row % examples, row / examples, target(layerConf().getSpec(), column));
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaceMgr) {
    assertInputSet(false);
    requireSequences(input);
    INDArray raw = preOutput2d(training, workspaceMgr); // [N·T, P]
    return toSequences(raw, input.size(0), workspaceMgr, ArrayType.ACTIVATIONS);
  }

  @Override
  public void setMaskArray(INDArray maskArray) {
    LayerWorkspaceMgr workspaceMgr = LayerWorkspaceMgr.noWorkspacesImmutable();
    givenMask = maskArray;
    if (maskArray != null && maskArray.rank() == 2) { // [N, T]
      this.maskArray =
          TimeSeriesUtils.reshapeTimeSeriesMaskToVector(maskArray, workspaceMgr, ArrayType.INPUT);
    } else if (maskArray != null && maskArray.rank() == 3) {
      this.maskArray = toRows(maskArray, workspaceMgr, ArrayType.INPUT);
    } else {
      this.maskArray = maskArray; // null, or rejected with the labels
    }
  }

  @Override
  public void clear() {
    super.clear();
    givenMask = null;
  }

  @Override
  public Pair<INDArray, MaskState> feedForwardMaskArray(
      INDArray maskArray, MaskState currentMaskState, int minibatchSize) {
    return null; // the last layer; its labels have a mask of their own
  }

  /** Returns the sum over each example's steps, [N, 1]. */
  @Override
  public INDArray computeScoreForExamples(double fullNetRegTerm, LayerWorkspaceMgr workspaceMgr) {
    INDArray steps = super.computeScoreForExamples(0, workspaceMgr); // [N·T, 1]
    INDArray examples =
        TimeSeriesUtils.reshapeVectorToTimeSeriesMask(steps, (int) input.size(0)).sum(true, 1);
    return workspaceMgr.leverageTo(ArrayType.ACTIVATIONS, examples.addi(fullNetRegTerm));
  }

  @Override
  public Type type() {
    return Type.RECURRENT;
  }
}
