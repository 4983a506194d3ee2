/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

import static org.mdn4j.training.dense.NotCoveredException.require;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.impl.LayerVertex;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A {@link ComputationGraph} that is a chain of layers. */
final class GraphNetwork extends Network {
  private final ComputationGraph net;
  private final String input;

  GraphNetwork(ComputationGraph net) throws NotCoveredException {
    super(net);
    require(
        net.getVertices() != null && net.params() != null && net.numParams() > 0,
        "it is not initialised: call init() first");
    this.net = net;
    List<String> inputs = net.getConfiguration().getNetworkInputs();
    List<String> outputs = net.getConfiguration().getNetworkOutputs();
    require(
        inputs.size() == 1 && outputs.size() == 1,
        "it has %d inputs and %d outputs instead of one each",
        inputs.size(),
        outputs.size());
    input = inputs.get(0);
    Map<String, List<String>> into = net.getConfiguration().getVertexInputs();
    for (String name = outputs.get(0); !name.equals(input); name = into.get(name).get(0)) {
      GraphVertex vertex = net.getVertex(name);
      require(
          vertex.getClass() == LayerVertex.class,
          "vertex \"%s\" is no layer, but %s",
          name,
          vertex.getClass().getSimpleName());
      require(
          into.get(name).size() == 1, "vertex \"%s\" has %d inputs", name, into.get(name).size());
      require(
          ((LayerVertex) vertex).getLayerPreProcessor() == null,
          "vertex \"%s\" has an input preprocessor",
          name);
      links.add(0, new Link(name, vertex.getLayer(), vertex));
    }
    require(
        links.size() + 1 == net.getVertices().length,
        "vertices lie beside the way from input to output");
  }

  @Override
  BackpropType backpropType() {
    return net.getConfiguration().getBackpropType();
  }

  @Override
  BaseMultiLayerUpdater<?> updater() {
    return net.getUpdater(true);
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
    return net.getConfiguration().getIterationCount();
  }

  @Override
  int epoch() {
    return net.getConfiguration().getEpochCount();
  }

  @Override
  void setIteration(int iteration) {
    net.getConfiguration().setIterationCount(iteration);
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
    net.setInputs(features);
    net.setLabels(labels);
  }

  @Override
  void setLoadingTime(long millis) {
    net.setLastEtlTime(millis);
  }

  @Override
  void passForward(TrainingListener listener, INDArray features, List<INDArray> outputs) {
    Map<String, INDArray> activations = new HashMap<>();
    activations.put(input, features);
    for (int i = 0; i < outputs.size(); i++) {
      activations.put(links.get(i).name(), outputs.get(i));
    }
    listener.onForwardPass(net, activations);
  }

  @Override
  void clear() {
    net.clearLayerMaskArrays();
    net.clearLayersStates();
  }
}
