/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.preprocessor.ComposableInputPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.mdn4j.files.MalformedFileException;
import org.mdn4j.files.NetworkJson;
import org.mdn4j.keras.Translation.Step;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Adam;

/**
 * The network of a whole model: the translation of each layer of Keras's, and our head in place of
 * the MDN. Sequences come in and go out in Keras's order of dimensions; between, they are in
 * DL4J's.
 */
final class ImportedNetwork {
  private static final long FEW = 1 << 20;

  private final KerasFile file;
  private final KerasModel model;
  private final MixtureHead head;
  private final List<Step> steps = new ArrayList<>();
  private final Map<String, Form> forms = new HashMap<>();

  ImportedNetwork(KerasFile file, KerasModel model) {
    this.file = file;
    this.model = model;
    this.head = MixtureHead.of(model, file);
    LayerTranslator translator = new LayerTranslator(file);
    for (KerasNode node : head.trunk(model)) {
      node.inputs().forEach(input -> requireKnownNumbers(node, input));
      Translation translation =
          translator.translate(node, node.inputs().stream().map(forms::get).toList());
      steps.addAll(translation.steps());
      forms.put(node.name(), translation.form());
    }
    requireFitting(model.nodes().get(model.output()).layer());
    requireNamesApart();
  }

  /** Checks that layers and vertices that are made besides Keras's have names of their own. */
  private void requireNamesApart() {
    List<String> names = new ArrayList<>(model.inputs());
    model.inputs().forEach(input -> names.add(stepsLast(input)));
    steps.forEach(step -> names.add(step.name()));
    names.add(head.name());
    if (new HashSet<>(names).size() < names.size()) {
      throw new Refusal("Expected other names of the layers, got several alike: %s", names);
    }
  }

  /** Returns the name of an input's sequences in DL4J's order. */
  private static String stepsLast(String input) {
    return input + " steps last";
  }

  /** Checks that integers are for embeddings only, and embeddings of inputs only. */
  private void requireKnownNumbers(KerasNode node, String inputName) {
    LayerConfiguration input = model.nodes().get(inputName).layer();
    boolean isInput = model.inputs().contains(inputName);
    boolean isEmbedding = node.layer().className().equals("Embedding");
    if (isEmbedding && !isInput) {
      throw node.layer().refusal("it is expected to follow an input, got \"" + inputName + "\"");
    }
    Set<String> floats = Set.of("float32", "float64");
    Set<String> integers = Set.of("int32", "int64");
    if (isInput
        && !floats.contains(input.dataType())
        && !(isEmbedding && integers.contains(input.dataType()))) {
      throw input.refusal("dtype", "only floats are known, and of an Embedding int32 and int64");
    }
  }

  private void requireFitting(LayerConfiguration output) {
    Form input = forms.get(head.input());
    if (input == null || input.size() == Form.UNKNOWN) {
      throw output.refusal("its input is " + input);
    }
    if (output.className().equals("TimeDistributed") && !input.isSequence()) {
      throw output.refusal("its input is expected to be [N, T, F], got " + input);
    }
    if (output.simpleName().equals("Concatenate")) {
      output.requireLastAxis(input.rank());
    }
    requireKnownNumbers(model.nodes().get(model.output()), head.input());
    ParameterValues.requireShapes(head.name(), head.spec(), input.size(), head.parts());
  }

  private MixtureDensityOutputLayer layer() {
    return head.layer(forms.get(head.input()));
  }

  /** Returns a configuration of FLOAT, or of DOUBLE where a layer computes in it. */
  private NeuralNetConfiguration.Builder base() {
    boolean isDouble =
        model.nodes().values().stream().anyMatch(node -> node.layer().dataType().equals("float64"));
    return new NeuralNetConfiguration.Builder()
        .dataType(isDouble ? DataType.DOUBLE : DataType.FLOAT)
        .updater(new Adam());
  }

  MultiLayerNetwork sequential() {
    NeuralNetConfiguration.ListBuilder list = base().list();
    steps.forEach(step -> list.layer(step.layer()));
    // With one at the first layer, DL4J does not guess which others it needs.
    list.layer(layer()).inputPreProcessor(0, new ComposableInputPreProcessor());
    MultiLayerConfiguration configuration = list.build();
    Map<Integer, InputPreProcessor> preProcessors = new HashMap<>();
    if (!steps.isEmpty() && forms.get(model.inputs().get(0)).isSequence()) {
      preProcessors.put(0, new StepsLastPreProcessor());
    }
    if (!steps.isEmpty() && forms.get(head.input()).isSequence()) {
      preProcessors.put(steps.size(), new StepsLastPreProcessor());
    }
    configuration.setInputPreProcessors(preProcessors);
    requireFits(() -> NetworkJson.parameters(configuration, most()));
    MultiLayerNetwork net = new MultiLayerNetwork(configuration);
    net.init();
    setParameters(net::getLayer, net.numParams());
    return net;
  }

  ComputationGraph graph() {
    ComputationGraphConfiguration.GraphBuilder graph = base().graphBuilder();
    graph.addInputs(model.inputs()).setOutputs(head.name());
    Map<String, String> sources = new HashMap<>(); // of an input's sequences, in DL4J's order
    for (String input : model.inputs()) {
      if (forms.get(input).isSequence()) {
        sources.put(input, stepsLast(input));
        graph.addVertex(
            sources.get(input), new PreprocessorVertex(new StepsLastPreProcessor()), input);
      }
    }
    for (Step step : steps) {
      String[] inputs =
          step.inputs().stream()
              .map(input -> sources.getOrDefault(input, input))
              .toArray(String[]::new);
      if (step.layer() == null) {
        graph.addVertex(step.name(), step.vertex(), inputs);
      } else {
        graph.addLayer(step.name(), step.layer(), inputs);
      }
    }
    String input = sources.getOrDefault(head.input(), head.input());
    if (forms.get(head.input()).isSequence()) {
      graph.addLayer(head.name(), layer(), new StepsLastPreProcessor(), input);
    } else {
      graph.addLayer(head.name(), layer(), input);
    }
    ComputationGraphConfiguration configuration = graph.build();
    requireFits(() -> NetworkJson.parameters(configuration, most()));
    ComputationGraph net = new ComputationGraph(configuration);
    net.init();
    setParameters(net::getLayer, net.numParams());
    return net;
  }

  /**
   * Returns the most parameters that a network may have: as many as the file has numbers, and those
   * that DL4J has and Keras leaves out.
   */
  private long most() {
    return FEW
        + 2
            * file.layers().stream()
                .flatMap(layer -> layer.arrays().values().stream())
                .mapToLong(INDArray::length)
                .sum();
  }

  private interface Count {
    long parameters() throws MalformedFileException;
  }

  /** Checks the number of parameters before memory is taken for them. */
  private static void requireFits(Count count) {
    try {
      count.parameters();
    } catch (MalformedFileException e) {
      throw new Refusal(
          e, "The file has no weights for the layers that it describes: %s", e.getMessage());
    } catch (RuntimeException e) { // of DL4J, of many kinds
      throw new Refusal(
          e,
          "The layers before the MDN do not go together (%s)",
          MalformedFileException.firstLine(e));
    }
  }

  private void setParameters(Function<String, Layer> layers, long count) {
    ParameterValues values = new ParameterValues();
    for (Step step : steps) {
      if (step.layer() != null) {
        values.add(step.name(), layers.apply(step.name()), step.parameters());
      }
    }
    values.addMixture(head.name(), layers.apply(head.name()), head.spec(), head.parts());
    values.requireCount(count);
    values.apply();
  }
}
