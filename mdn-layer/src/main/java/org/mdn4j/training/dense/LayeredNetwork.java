/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

import static org.mdn4j.training.dense.NotCoveredException.require;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A {@link MultiLayerNetwork} as a chain of layers. */
final class LayeredNetwork extends Network {
  private final MultiLayerNetwork net;

  LayeredNetwork(MultiLayerNetwork net) throws NotCoveredException {
    super(net);
    require(net.isInitCalled() && net.numParams() > 0, "it is not initialised: call init() first");
    this.net = net;
    Layer[] layers = net.getLayers();
    for (int i = 0; i < layers.length; i++) {
      require(
          net.getLayerWiseConfigurations().getInputPreProcess(i) == null,
          "layer %d has an input preprocessor",
          i);
      links.add(new Link(String.valueOf(i), layers[i], layers[i]));
    }
  }

  @Override
  BackpropType backpropType() {
    return net.getLayerWiseConfigurations().getBackpropType();
  }

  @Override
  BaseMultiLayerUpdater<?> updater() {
    return net.getUpdater(true) instanceof BaseMultiLayerUpdater<?> updater ? updater : null;
  }

  @Override
  INDArray gradients() {
    if (net.getFlattenedGradients() == null) {
      net.initGradientsView();
    }
    return net.getFlattenedGradients();
  }

  @Override
  Collection<TrainingListener> listeners() {
    return net.getListeners();
  }

  @Override
  int iteration() {
    return net.getIterationCount();
  }

  @Override
  int epoch() {
    return net.getEpochCount();
  }

  @Override
  void setIteration(int iteration) {
    net.setIterationCount(iteration);
  }

  @Override
  void countEpoch() {
    net.incrementEpochCount();
  }

  @Override
  void setScore(double score) {
    net.setScore(score);
  }

  @Override
  void setGradient(Gradient gradient) {
    net.setGradient(gradient);
  }

  @Override
  void take(INDArray features, INDArray labels) {
    net.setInput(features);
    net.setLabels(labels);
  }

  @Override
  void setLoadingTime(long millis) {
    net.setLastEtlTime(millis);
  }

  @Override
  void passForward(TrainingListener listener, INDArray features, List<INDArray> outputs) {
    List<INDArray> activations = new ArrayList<>();
    activations.add(features);
    activations.addAll(outputs);
    listener.onForwardPass(net, activations);
  }

  @Override
  void clear() {
    net.clearLayerMaskArrays();
    net.clearLayersStates();
  }
}
