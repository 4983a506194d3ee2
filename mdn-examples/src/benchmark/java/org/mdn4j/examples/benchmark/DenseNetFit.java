/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.mdn4j.MixtureSpec;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.mdn4j.likelihood.Engine;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions;
import org.nd4j.linalg.lossfunctions.impl.LossMixtureDensity;

/** A {@code MultiLayerNetwork} of DL4J under one of several heads. */
final class DenseNetFit implements FitSystem {
  private final MultiLayerNetwork net;
  private final INDArray features;
  private final INDArray labels;

  /**
   * Creates the net, with the weights of {@link FitInput#net()}.
   *
   * @param head mse-head, mdn-head-fused, mdn-head-samediff or dl4j-lossmixturedensity
   * @param input the minibatch
   * @param workspaces DL4J's workspace mode
   */
  DenseNetFit(String head, FitInput input, WorkspaceMode workspaces) {
    FitCase fitCase = input.fitCase();
    NeuralNetConfiguration.Builder builder =
        new NeuralNetConfiguration.Builder()
            .trainingWorkspaceMode(workspaces)
            .activation(fitCase.swish() ? Activation.SWISH : Activation.TANH)
            .updater(
                new Adam(PlainNet.LEARNING_RATE, PlainNet.BETA1, PlainNet.BETA2, PlainNet.EPSILON));
    if (fitCase.weightDecay() > 0) {
      builder.weightDecay(fitCase.weightDecay(), true);
    }
    if (fitCase.clipping() > 0) {
      builder
          .gradientNormalization(GradientNormalization.ClipL2PerLayer)
          .gradientNormalizationThreshold(fitCase.clipping());
    }
    NeuralNetConfiguration.ListBuilder layers = builder.list();
    int inputs = fitCase.inputs();
    for (int width : fitCase.hidden()) {
      layers.layer(new DenseLayer.Builder().nIn(inputs).nOut(width).build());
      inputs = width;
    }
    net = new MultiLayerNetwork(layers.layer(layer(head, fitCase.spec(), inputs)).build());
    net.init();
    var order =
        head.equals("dl4j-lossmixturedensity")
            ? Nd4jLikelihood.ColumnOrder.logitsScalesLocations(fitCase.spec())
            : Nd4jLikelihood.ColumnOrder.OURS;
    PlainNet start = input.net();
    for (int layer = 0; layer < start.layers(); layer++) {
      INDArray biases = Nd4j.createFromArray(start.biases(layer)).reshape('c', 1, -1);
      INDArray weights =
          Nd4j.createFromArray(start.weights(layer)).reshape('c', -1, biases.size(1));
      boolean last = layer == start.layers() - 1;
      net.setParam(layer + "_W", last ? reordered(weights, order) : weights);
      net.setParam(layer + "_b", last ? reordered(biases, order) : biases);
    }
    features = Nd4j.createFromArray(input.features()).reshape('c', -1, fitCase.inputs());
    labels =
        head.equals("mse-head")
            ? Nd4j.createFromArray(input.wideLabels())
                .reshape('c', -1, fitCase.spec().parameterCount())
            : Nd4j.createFromArray(input.labels()).reshape('c', -1, 1);
  }

  private static BaseOutputLayer layer(String head, MixtureSpec spec, int inputs) {
    int outputs = spec.parameterCount();
    return switch (head) {
      case "mse-head" ->
          new OutputLayer.Builder(LossFunctions.LossFunction.MSE)
              .nIn(inputs)
              .nOut(outputs)
              .activation(Activation.IDENTITY)
              .build();
      case "mdn-head-fused" -> mixture(Engine.FUSED, spec, inputs);
      case "mdn-head-samediff" -> mixture(Engine.SAMEDIFF, spec, inputs);
      case "dl4j-lossmixturedensity" ->
          new OutputLayer.Builder(
                  LossMixtureDensity.builder().gaussians(spec.components()).labelWidth(1).build())
              .nIn(inputs)
              .nOut(outputs)
              .activation(Activation.IDENTITY)
              .build();
      default -> throw new IllegalArgumentException("No such head: " + head);
    };
  }

  private static BaseOutputLayer mixture(Engine engine, MixtureSpec spec, int inputs) {
    return new MixtureDensityOutputLayer.Builder()
        .nIn(inputs)
        .components(spec.components())
        .covariance(spec.covariance())
        .engine(engine)
        .build();
  }

  private static INDArray reordered(INDArray ours, Nd4jLikelihood.ColumnOrder order) {
    INDArray theirs = ours.dup();
    for (int column = 0; column < ours.size(1); column++) {
      theirs.putColumn(order.theirs(column), ours.getColumn(column));
    }
    return theirs;
  }

  MultiLayerNetwork net() {
    return net;
  }

  INDArray features() {
    return features;
  }

  INDArray labels() {
    return labels;
  }

  @Override
  public void fit() {
    net.fit(features, labels);
  }

  @Override
  public double lastScore() {
    return net.score();
  }

  @Override
  public Long offHeapBytes() {
    return OffHeap.bytesOf(
        () -> {
          fit();
          return net;
        });
  }

  @Override
  public int threads() {
    return Math.max(Nd4j.getEnvironment().maxThreads(), EngineThreads.of(this::fit));
  }

  @Override
  public String settings() {
    return "";
  }

  @Override
  public void close() {
    net.close();
  }
}
