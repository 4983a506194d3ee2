/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.nn.layers.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.optimize.listeners.CollectScoresIterationListener;
import org.deeplearning4j.optimize.listeners.CollectScoresListener;
import org.deeplearning4j.optimize.listeners.PerformanceListener;
import org.deeplearning4j.optimize.listeners.ScoreIterationListener;
import org.deeplearning4j.optimize.listeners.TimeIterationListener;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Calls a network's listeners when and with what DL4J would call them. */
final class ListenerCalls {
  /** Listeners that look at the score at most. */
  private static final Set<Class<?>> LOOK_AT_NO_STATE =
      Set.of(
          ScoreIterationListener.class,
          CollectScoresListener.class,
          CollectScoresIterationListener.class,
          PerformanceListener.class,
          TimeIterationListener.class);

  private final Network network;
  private final List<TrainingListener> listeners;

  ListenerCalls(Network network) {
    this.network = network;
    this.listeners = List.copyOf(network.listeners());
  }

  boolean isEmpty() {
    return listeners.isEmpty();
  }

  /** Returns whether a listener looks at what passes through the layers, or at gradients. */
  boolean lookInside() {
    return listeners.stream()
        .anyMatch(
            listener ->
                overrides(listener, "onForwardPass", Model.class, List.class)
                    || overrides(listener, "onForwardPass", Model.class, Map.class)
                    || overrides(listener, "onBackwardPass", Model.class)
                    || overrides(listener, "onGradientCalculation", Model.class));
  }

  /** Returns whether a listener may look at parameters or the updater's state. */
  boolean lookAtState() {
    return listeners.stream().anyMatch(listener -> !LOOK_AT_NO_STATE.contains(listener.getClass()));
  }

  private static boolean overrides(TrainingListener listener, String method, Class<?>... types) {
    try {
      Class<?> where = listener.getClass().getMethod(method, types).getDeclaringClass();
      return where != BaseTrainingListener.class;
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(e); // it is in the interface
    }
  }

  /** Gives the layers their inputs and the head its labels and mask. */
  void showInside(INDArray features, INDArray labels, INDArray mask, List<INDArray> outputs) {
    List<Network.Link> links = network.links();
    for (int i = 0; i < links.size(); i++) {
      INDArray input = i == 0 ? features : outputs.get(i - 1);
      links.get(i).layer().setInput(input, LayerWorkspaceMgr.noWorkspaces());
    }
    Layer head = links.get(links.size() - 1).layer();
    ((IOutputLayer) head).setLabels(labels);
    head.setMaskArray(mask);
  }

  /** Gives the network its gradients, as views of DL4J's array of them. */
  void showGradients() {
    DefaultGradient gradient = new DefaultGradient(network.gradients());
    for (Network.Link link : network.links()) {
      Layer layer = link.layer();
      boolean frozen = layer instanceof FrozenLayer || layer instanceof FrozenLayerWithBackprop;
      if (!frozen && layer.numParams() > 0) {
        layer
            .conf()
            .getLayer()
            .initializer()
            .getGradientsFromFlattened(layer.conf(), layer.getGradientsViewArray())
            .forEach((name, view) -> gradient.setGradientFor(link.name() + "_" + name, view));
      }
    }
    network.setGradient(gradient);
  }

  void epochStarts() {
    listeners.forEach(listener -> listener.onEpochStart(network.model()));
  }

  void epochEnds() {
    listeners.forEach(listener -> listener.onEpochEnd(network.model()));
  }

  void forwardPassed(INDArray features, List<INDArray> outputs) {
    for (TrainingListener listener : listeners) {
      network.passForward(listener, features, new ArrayList<>(outputs));
    }
  }

  void backwardPassed() {
    listeners.forEach(listener -> listener.onBackwardPass(network.model()));
    listeners.forEach(listener -> listener.onGradientCalculation(network.model()));
  }

  void iterationDone(int iteration, int epoch) {
    listeners.forEach(listener -> listener.iterationDone(network.model(), iteration, epoch));
  }
}
