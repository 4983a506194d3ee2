/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.Trainable;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.deeplearning4j.optimize.api.ConvexOptimizer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.ndarray.INDArray;

/** One of DL4J's two kinds of network, as a chain of layers. */
abstract class Network {
  /**
   * A layer of the chain.
   *
   * @param name its index, or its vertex's name
   * @param layer the layer
   * @param trainable under which the updater has it
   */
  record Link(String name, Layer layer, Trainable trainable) {}

  /**
   * One array of parameters, as the updater has it.
   *
   * @param link of which layer
   * @param name which of the layer's
   * @param block the updater's block that it is in
   * @param state the updater's entry for it
   */
  record Part(Link link, String name, UpdaterBlock block, UpdaterBlock.ParamState state) {
    int from() {
      return state.getParamOffsetStart();
    }

    int to() {
      return state.getParamOffsetEnd();
    }
  }

  private final Model model;
  final List<Link> links = new ArrayList<>();

  Network(Model model) {
    this.model = model;
  }

  /**
   * Opens a network.
   *
   * @throws NotCoveredException if it is not one of DL4J's two kinds itself, not initialised, or
   *     not a chain
   */
  static Network of(Model model) throws NotCoveredException {
    if (model != null && model.getClass() == MultiLayerNetwork.class) {
      return new LayeredNetwork((MultiLayerNetwork) model);
    }
    if (model != null && model.getClass() == ComputationGraph.class) {
      return new GraphNetwork((ComputationGraph) model);
    }
    throw new NotCoveredException(
        "it is neither a MultiLayerNetwork nor a ComputationGraph itself, but "
            + (model == null ? null : model.getClass().getName()));
  }

  final Model model() {
    return model;
  }

  /** Returns all layers from input to output. */
  final List<Link> links() {
    return links;
  }

  final NeuralNetConfiguration configuration() {
    return model.conf();
  }

  abstract BackpropType backpropType();

  final ConvexOptimizer optimizer() {
    updater(); // makes the optimizer where there is none
    return model.getOptimizer();
  }

  abstract BaseMultiLayerUpdater<?> updater();

  final INDArray parameters() {
    return model.params();
  }

  /** Returns DL4J's own array of gradients, created if there is none. */
  abstract INDArray gradients();

  abstract Collection<TrainingListener> listeners();

  abstract int iteration();

  abstract int epoch();

  abstract void setIteration(int iteration);

  abstract void countEpoch();

  abstract void setScore(double score);

  abstract void setGradient(Gradient gradient);

  /** Lets the network know what it is being trained on. */
  abstract void take(INDArray features, INDArray labels);

  abstract void setLoadingTime(long millis);

  /** Tells a listener of a forward pass. */
  abstract void passForward(TrainingListener listener, INDArray features, List<INDArray> outputs);

  /** Forgets inputs and masks, as after each of DL4J's own steps. */
  abstract void clear();

  /**
   * Returns the arrays of parameters in their order, which is that of the layers. The updater may
   * know the layers as they were before they were frozen, so that they cannot be told by
   * themselves.
   */
  final List<Part> parts() {
    List<Link> owners = new ArrayList<>();
    for (Link link : links()) {
      Map<String, INDArray> table = link.trainable().paramTable(false);
      for (int i = 0; table != null && i < table.size(); i++) {
        owners.add(link);
      }
    }
    List<Part> parts = new ArrayList<>();
    for (UpdaterBlock block : updater().getUpdaterBlocks()) {
      for (UpdaterBlock.ParamState state : block.getLayersAndVariablesInBlock()) {
        parts.add(new Part(owners.get(parts.size()), state.getParamName(), block, state));
      }
    }
    return parts;
  }

  /** Tells the layers how far training is. */
  final void spreadCounts() {
    for (Link link : links()) {
      link.layer().setIterationCount(iteration());
      link.layer().setEpochCount(epoch());
    }
  }
}
