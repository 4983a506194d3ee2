/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.layers;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseOutputLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.mdn4j.MixtureSpec;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The implementation of {@link MixtureDensityOutputLayer}: DL4J's output layer, with two
 * differences. The backward pass keeps the score of its likelihood pass, so that the {@link
 * #computeScore} that follows in the same iteration does not compute it again; and label masks act
 * on the likelihood only, not on the output.
 */
class MixtureDensityHead extends BaseOutputLayer<MixtureDensityOutputLayer> {
  private static final long serialVersionUID = 1L;

  private final LabelPass labelPass = new LabelPass();

  MixtureDensityHead(NeuralNetConfiguration conf, DataType dataType) {
    super(conf, dataType);
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(
      INDArray epsilon, LayerWorkspaceMgr workspaceMgr) {
    assertInputSet(true);
    INDArray raw = preOutput2d(true, workspaceMgr); // [N, P]
    Pair<Double, INDArray> pass =
        LabelPass.run(
            this,
            this::place,
            () ->
                layerConf()
                    .getLossFn()
                    .computeGradientAndScore(
                        getLabels2d(workspaceMgr, ArrayType.BP_WORKING_MEM),
                        raw,
                        layerConf().getActivationFn(),
                        maskArray,
                        false));
    labelPass.remember(pass.getFirst(), maskArray);

    INDArray delta = workspaceMgr.leverageTo(ArrayType.ACTIVATION_GRAD, pass.getSecond());
    Gradient gradients = new DefaultGradient();
    INDArray weightGradient = gradientViews.get(DefaultParamInitializer.WEIGHT_KEY); // [nIn, P]
    Nd4j.gemm(input.castTo(delta.dataType()), delta, weightGradient, true, false, 1.0, 0.0);
    gradients.setGradientFor(DefaultParamInitializer.WEIGHT_KEY, weightGradient);
    if (hasBias()) {
      INDArray biasGradient = gradientViews.get(DefaultParamInitializer.BIAS_KEY);
      delta.sum(biasGradient, 0);
      gradients.setGradientFor(DefaultParamInitializer.BIAS_KEY, biasGradient);
    }

    INDArray weights =
        getParamWithNoise(DefaultParamInitializer.WEIGHT_KEY, true, workspaceMgr); // [nIn, P]
    INDArray epsilonNext =
        workspaceMgr.createUninitialized(
            ArrayType.ACTIVATION_GRAD,
            delta.dataType(),
            new long[] {weights.size(0), delta.size(0)},
            'f');
    epsilonNext = weights.mmuli(delta.transpose(), epsilonNext).transpose(); // [N, nIn]
    return Pair.of(gradients, backpropDropOutIfPresent(epsilonNext));
  }

  @Override
  public double computeScore(
      double fullNetRegTerm, boolean training, LayerWorkspaceMgr workspaceMgr) {
    Double sum = labelPass.take(maskArray);
    if (training && sum != null) {
      double minibatch = conf().isMiniBatch() ? getInputMiniBatchSize() : 1;
      score = sum / minibatch + fullNetRegTerm;
    } else {
      score =
          LabelPass.run(
              this, this::place, () -> super.computeScore(fullNetRegTerm, training, workspaceMgr));
    }
    return score;
  }

  @Override
  public INDArray computeScoreForExamples(double fullNetRegTerm, LayerWorkspaceMgr workspaceMgr) {
    return LabelPass.run(
        this, this::place, () -> super.computeScoreForExamples(fullNetRegTerm, workspaceMgr));
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

  /** Returns the name of the target that a column of labels or of a mask belongs to. */
  static String target(MixtureSpec spec, long column) {
    return spec.censored()
        ? "column %s of the targets' ends".formatted(column)
        : "target %s".formatted(column);
  }

  /** Returns the user's name for the place of an entry of the rows that the loss sees. */
  String place(long row, long column) {
    return "row %s, column %s".formatted(row, column);
  }

  @Override
  protected INDArray getLabels2d(LayerWorkspaceMgr workspaceMgr, ArrayType arrayType) {
    return labels;
  }

  /** Does nothing: the loss takes the mask, and a mask of the targets does not fit the output. */
  @Override
  protected void applyMask(INDArray to) {}
}
