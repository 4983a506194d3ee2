/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.sequence;

import static org.mdn4j.Arguments.require;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.layers.RecurrentLayer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.LearnedSelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.LocallyConnected1D;
import org.deeplearning4j.nn.conf.layers.RecurrentAttentionLayer;
import org.deeplearning4j.nn.conf.layers.SelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.mdn4j.MixtureSpec;
import org.mdn4j.layers.Head;
import org.mdn4j.layers.NetworkLayers;
import org.mdn4j.rows.Layout;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A recurrent network with a mixture density head, one step at a time or whole sequences at once,
 * whichever of DL4J's two kinds it is.
 */
final class StepwiseNetwork {
  /**
   * Layers that see several steps at once, which DL4J's rnnTimeStep rejects or computes wrongly.
   */
  private static final List<Class<?>> ACROSS_STEPS =
      List.of(
          Bidirectional.class,
          Convolution1DLayer.class,
          Subsampling1DLayer.class,
          LocallyConnected1D.class,
          SelfAttentionLayer.class,
          LearnedSelfAttentionLayer.class,
          RecurrentAttentionLayer.class);

  private static final int PROBE = 104_729;

  private final Model network;
  private final List<Layer> layers; // without wrappers
  private final List<String> outputs;
  private final Head head;
  private final Layout layout;
  private final int inputs;

  private StepwiseNetwork(Model network, Head head, int inputs) {
    this.network = network;
    this.layers = Arrays.stream(NetworkLayers.all(network)).map(NetworkLayers::unwrapped).toList();
    this.outputs = List.copyOf(NetworkLayers.outputs(network).keySet());
    this.head = head;
    this.layout = head.layout();
    this.inputs = inputs;
    for (Layer layer : this.layers) {
      Class<?> type = layer.conf().getLayer().getClass();
      require(
          ACROSS_STEPS.stream().noneMatch(across -> across.isAssignableFrom(type)),
          "Expected layers that go from one step to the next, got %s, which sees several at once",
          type.getSimpleName());
    }
    require(inputs > 0, "Expected a first layer that has an input width (nIn), got none");
  }

  static StepwiseNetwork of(MultiLayerNetwork net) {
    List<Head> heads = heads(net);
    Layer output = net.getOutputLayer();
    require(
        !heads.isEmpty(),
        "Expected a network that ends in a MixtureDensityRnnOutputLayer, got %s",
        output == null ? "no output layer" : output.conf().getLayer().getClass().getSimpleName());
    int inputs =
        Arrays.stream(net.getLayers())
            .mapToInt(StepwiseNetwork::inputs)
            .filter(width -> width > 0)
            .findFirst()
            .orElse(0);
    return new StepwiseNetwork(net, heads.get(0), inputs);
  }

  /** Returns a network by the name of its head, or with its only head if the name is null. */
  static StepwiseNetwork of(ComputationGraph graph, String name) {
    List<Head> heads = heads(graph);
    List<String> inputs = graph.getConfiguration().getNetworkInputs();
    require(inputs.size() == 1, "Expected a graph with one input, got %s", inputs);
    require(
        !heads.isEmpty(),
        "Expected a graph with a MixtureDensityRnnOutputLayer among its outputs, got %s",
        NetworkLayers.outputs(graph).keySet());
    List<String> names = heads.stream().map(Head::name).toList();
    require(
        name != null || heads.size() == 1,
        "Expected one MixtureDensityRnnOutputLayer, got several; name one of %s",
        names);
    int index = name == null ? 0 : names.indexOf(name);
    require(
        index >= 0,
        "Expected the name of a MixtureDensityRnnOutputLayer, one of %s, got %s",
        names,
        name);
    return new StepwiseNetwork(graph, heads.get(index), inputs(graph));
  }

  private static List<Head> heads(Model network) {
    return Head.find(network).stream().filter(Head::isOwnRecurrent).toList();
  }

  /** Returns the width of a layer's input; 0 if it has none of its own. */
  private static int inputs(Layer layer) {
    return layer != null
            && NetworkLayers.unwrapped(layer).conf().getLayer() instanceof FeedForwardLayer dense
        ? (int) dense.getNIn()
        : 0;
  }

  /**
   * Returns the width of a graph's only input: that of the first layers with one, behind any number
   * of layers and vertices that keep the width of their input; 0 if there are none.
   */
  private static int inputs(ComputationGraph graph) {
    ComputationGraphConfiguration configuration = graph.getConfiguration();
    Set<String> asWide = new HashSet<>(configuration.getNetworkInputs());
    for (int index : graph.topologicalSortOrder()) {
      String name = graph.getVertices()[index].getVertexName();
      List<String> sources = configuration.getVertexInputs().getOrDefault(name, List.of());
      if (sources.isEmpty() || !asWide.containsAll(sources)) {
        continue;
      }
      int width = inputs(graph.getLayer(name));
      if (width > 0) {
        return width;
      }
      if (keepsWidth(configuration.getVertices().get(name), sources.size())) {
        asWide.add(name);
      }
    }
    return 0;
  }

  /** Returns whether a vertex keeps a width, tried with one that nothing makes by chance. */
  private static boolean keepsWidth(GraphVertex vertex, int sources) {
    InputType[] types = new InputType[sources];
    Arrays.fill(types, InputType.recurrent(PROBE));
    return vertex.getOutputType(0, types) instanceof InputType.InputTypeRecurrent output
        && output.getSize() == PROBE;
  }

  /** Returns the network itself, on which DL4J synchronises whole outputs. */
  Object lock() {
    return network;
  }

  MixtureSpec spec() {
    return head.spec();
  }

  /** Returns the layout of this network's sequences. */
  Layout layout() {
    return layout;
  }

  /** Returns the width of the input. */
  int inputs() {
    return inputs;
  }

  /** Returns the names of the outputs. */
  List<String> outputs() {
    return outputs;
  }

  /** Returns the index of the head among the outputs. */
  int head() {
    return head.output();
  }

  /** Returns the number of steps of sequences in this network's format. */
  int steps(INDArray sequences) {
    return (int) sequences.size(layout.stepDimension());
  }

  /** Checks sequences in this network's format. */
  void requireSequences(String name, INDArray sequences, int width) {
    require(
        sequences.rank() == 3
            && sequences.size(0) > 0
            && layout.channels(sequences) == width
            && steps(sequences) > 0,
        layout.stepDimension() == 1
            ? "Expected %s of shape [N, T, %d], got %s"
            : "Expected %s of shape [N, %d, T], got %s",
        name,
        width,
        Arrays.toString(sequences.shape()));
  }

  /** Returns one step [N, inputs, 1] or [N, 1, inputs] of sequences. */
  INDArray step(INDArray sequences, int index) {
    INDArrayIndex[] part = {NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.all()};
    part[layout.stepDimension()] = NDArrayIndex.interval(index, index + 1);
    return sequences.get(part);
  }

  /** Returns inputs of one step, {@code [N][inputs]}, as [N, inputs, 1] or [N, 1, inputs]. */
  INDArray step(double[][] rows) {
    long[] shape = {rows.length, inputs, inputs};
    shape[layout.stepDimension()] = 1;
    return Nd4j.createFromArray(rows).reshape('c', shape);
  }

  /**
   * Advances by one step from the present state, and returns all outputs of that step, each as [N,
   * size].
   */
  INDArray[] advance(INDArray step) {
    INDArray input = step.castTo(network.params().dataType()).dup('c');
    INDArray[] activations =
        network instanceof MultiLayerNetwork net
            ? new INDArray[] {net.rnnTimeStep(input)}
            : ((ComputationGraph) network).rnnTimeStep(input);
    return Arrays.stream(activations)
        .map(output -> output.dup('c').reshape('c', input.size(0), output.length() / input.size(0)))
        .toArray(INDArray[]::new);
  }

  /** Returns the head's output for whole sequences from the beginning; the state is left alone. */
  INDArray output(INDArray features, INDArray mask) {
    if (network instanceof MultiLayerNetwork net) {
      return net.output(features, false, mask, null);
    }
    INDArray[] masks = mask == null ? null : new INDArray[] {mask};
    return ((ComputationGraph) network)
        .output(false, new INDArray[] {features}, masks)[head.output()];
  }

  /** Returns sequences as [N·T, size], sequence by sequence. */
  INDArray rows(INDArray sequences) {
    return layout.rows(sequences);
  }

  /**
   * Takes the state of all recurrent layers, which are reset to their beginning. Not by the
   * networks' own methods, which forget layers in wrappers, and the state of truncated
   * backpropagation.
   */
  List<Map<String, INDArray>> takeState() {
    List<Map<String, INDArray>> states = new ArrayList<>();
    for (RecurrentLayer layer : recurrentLayers()) {
      states.add(new HashMap<>(layer.rnnGetPreviousState()));
      layer.rnnSetPreviousState(Map.of());
    }
    return states;
  }

  void putState(List<Map<String, INDArray>> states) {
    List<RecurrentLayer> recurrent = recurrentLayers();
    for (int i = 0; i < recurrent.size(); i++) {
      recurrent.get(i).rnnSetPreviousState(states.get(i));
    }
  }

  private List<RecurrentLayer> recurrentLayers() {
    return layers.stream()
        .filter(RecurrentLayer.class::isInstance)
        .map(RecurrentLayer.class::cast)
        .toList();
  }
}
