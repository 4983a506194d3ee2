/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.recurrent.TimeDistributed;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.mdn4j.keras.KerasActivation.Function;
import org.mdn4j.keras.Translation.Step;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Translation of Keras's layers to DL4J's, one by one. Sequences between them are in DL4J's order,
 * {@code [N, F, T]}; layers that take rows are applied to each step.
 */
final class LayerTranslator {
  private static final String WEIGHTS = DefaultParamInitializer.WEIGHT_KEY;
  private static final String BIAS = DefaultParamInitializer.BIAS_KEY;

  private static final Set<String> OF_ROWS =
      Set.of(
          "Dense",
          "BatchNormalization",
          "Normalization",
          "Rescaling",
          "Activation",
          "ReLU",
          "LeakyReLU",
          "ELU",
          "Softmax",
          "PReLU",
          "Dropout",
          "GaussianDropout",
          "AlphaDropout",
          "GaussianNoise",
          "Identity");

  private final KerasFile file;

  LayerTranslator(KerasFile file) {
    this.file = file;
  }

  /**
   * Translates a layer.
   *
   * @param inputs what its inputs look like
   * @throws Refusal if the layer, a key, a value or an array is not known
   */
  Translation translate(KerasNode node, List<Form> inputs) {
    LayerConfiguration layer = node.layer();
    if (inputs.isEmpty() && !layer.className().equals("InputLayer")) {
      throw layer.refusal("an input is expected, got " + node.arguments());
    }
    if (layer.isOperator() || isMerge(layer)) {
      return new OperatorTranslator(node, inputs).translate();
    }
    if (layer.className().equals("InputLayer")) {
      return new Translation(List.of(), inputForm(layer));
    }
    node.input();
    Form input = inputs.get(0);
    return layer.className().equals("TimeDistributed")
        ? timeDistributed(node, input)
        : translate(node, layer, input, "");
  }

  private static boolean isMerge(LayerConfiguration layer) {
    return List.of("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate")
        .contains(layer.className());
  }

  /**
   * Translates the layer inside to one that works on each step, which most layers do by themselves.
   */
  private Translation timeDistributed(KerasNode node, Form input) {
    LayerConfiguration inner = node.layer().inner("layer");
    if (!input.isSequence() || !OF_ROWS.contains(inner.className())) {
      throw node.layer().refusal("layer", "layers that take rows are known, on sequences");
    }
    return translate(node, inner, input, "layer/");
  }

  private Translation translate(
      KerasNode node, LayerConfiguration layer, Form input, String folder) {
    // Inside TimeDistributed, a layer sees rows; what it says of axes is meant so.
    int rank = folder.isEmpty() ? input.rank() : 2;
    return switch (layer.className()) {
      case "Dense" -> dense(node, layer, input, folder);
      case "Embedding" -> embedding(node, layer, input);
      case "LSTM", "Bidirectional" -> new RecurrentTranslator(file, node, input).translate();
      case "Conv1D", "GlobalMaxPooling1D", "GlobalAveragePooling1D" ->
          new StepsTranslator(file, node, input).translate();
      case "BatchNormalization", "Normalization", "Rescaling" ->
          new NormalizationTranslator(file, node, layer, input, folder).translate(rank);
      case "Activation" -> activation(node, Activations.of(layer, "activation", file), input);
      case "Softmax" -> {
        layer.requireLastAxis(rank);
        yield activation(node, new ActivationSoftmax(), input);
      }
      case "ReLU" -> activation(node, relu(layer), input);
      case "LeakyReLU" -> activation(node, Activations.relu(leakySlope(layer)), input);
      case "ELU" ->
          activation(node, new KerasActivation(Function.ELU, layer.number("alpha", 1)), input);
      case "PReLU" -> prelu(node, layer, input, folder, rank);
      case "Dropout", "SpatialDropout1D", "AlphaDropout", "GaussianDropout", "GaussianNoise" ->
          new NoiseTranslator(node, layer, input).translate();
      case "Flatten", "Reshape" -> new ReshapeTranslator(node, input).translate();
      case "Identity" -> activation(node, new ActivationIdentity(), input);
      default ->
          throw new IllegalStateException(layer.className() + " is known, and not translated");
    };
  }

  private LayerArrays arrays(KerasNode node) {
    return file.layer(node.name(), node.group());
  }

  static Form inputForm(LayerConfiguration layer) {
    String key = layer.value("batch_shape") == null ? "batch_input_shape" : "batch_shape";
    if (key.equals("batch_shape") && layer.value("batch_input_shape") != null) {
      throw layer.refusal("batch_input_shape", "only one of it and batch_shape is known");
    }
    List<Long> sides = new ArrayList<>();
    for (Object side :
        Json.list(layer.value(key), key + " of the layer \"" + layer.name() + "\"")) {
      if (side != null && !(side instanceof Integer size && size > 0)) {
        throw layer.refusal(key, "sides of at least 1 are expected");
      }
      sides.add(side == null ? Form.UNKNOWN : ((Integer) side).longValue());
    }
    if (sides.size() == 2) {
      return Form.row(sides.get(1));
    }
    if (sides.size() == 3 && sides.get(2) != Form.UNKNOWN) {
      return Form.sequence(sides.get(1), sides.get(2));
    }
    throw layer.refusal(key, "rows [N, F] or sequences [N, T, F] are expected");
  }

  /** Returns a layer of rows, on each step of a sequence. */
  static Layer onEachStep(Layer layer, Form input) {
    return input.isSequence() ? new TimeDistributed(layer, RNNFormat.NCW) : layer;
  }

  private static long knownSize(LayerConfiguration layer, Form input) {
    if (input.size() == Form.UNKNOWN) {
      throw layer.refusal("its input " + input + " has a size that is not known");
    }
    return input.size();
  }

  private Translation dense(KerasNode node, LayerConfiguration layer, Form input, String folder) {
    int units = layer.size("units");
    boolean hasBias = layer.flag("use_bias");
    DenseLayer.Builder dense =
        new DenseLayer.Builder()
            .nIn(knownSize(layer, input))
            .nOut(units)
            .hasBias(hasBias)
            .activation(Activations.of(layer, "activation", file));
    Training.frozenIfAsked(dense, layer);
    Training.regularised(dense, layer, "kernel_regularizer");
    Training.biasRegularised(dense, layer, "bias_regularizer");
    return Translation.of(
        node,
        onEachStep(dense.build(), input),
        kernelAndBias(arrays(node), folder, hasBias, input.size(), units),
        input.withSize(units));
  }

  /**
   * Returns the parameters of a layer with a kernel of this shape, the last side of which is a
   * bias's.
   */
  static Map<String, INDArray> kernelAndBias(
      LayerArrays arrays, String folder, boolean hasBias, long... kernel) {
    ArrayShapes shapes =
        new ArrayShapes().and("kernel", kernel).andIf(hasBias, "bias", kernel[kernel.length - 1]);
    Map<String, INDArray> taken = arrays.taken(folder, shapes);
    Map<String, INDArray> parameters = new HashMap<>();
    parameters.put(WEIGHTS, taken.get("kernel"));
    if (hasBias) {
      parameters.put(BIAS, taken.get("bias"));
    }
    return parameters;
  }

  private Translation embedding(KerasNode node, LayerConfiguration layer, Form input) {
    if (input.isSequence()) {
      throw layer.refusal("its input is expected to be [N, T], got " + input);
    }
    int size = layer.size("output_dim");
    EmbeddingSequenceLayer.Builder embedding =
        new EmbeddingSequenceLayer.Builder()
            .nIn(layer.size("input_dim"))
            .nOut(size)
            .activation(new ActivationIdentity())
            .inferInputLength(true)
            .outputDataFormat(RNNFormat.NCW);
    Training.frozenIfAsked(embedding, layer);
    Training.regularised(embedding, layer, "embeddings_regularizer");
    ArrayShapes shapes = new ArrayShapes().and("embeddings", layer.size("input_dim"), size);
    Map<String, INDArray> taken = arrays(node).taken("", shapes);
    return Translation.of(
        node,
        embedding.build(),
        Map.of(WEIGHTS, taken.get("embeddings")),
        Form.sequence(input.size(), size));
  }

  /** Returns a layer that is a function of each number, or softmax of each row. */
  static Translation activation(KerasNode node, IActivation activation, Form input) {
    Layer layer = new FunctionLayer(activation);
    return Translation.of(
        node,
        activation instanceof ActivationSoftmax ? onEachStep(layer, input) : layer,
        Map.of(),
        input);
  }

  private static IActivation relu(LayerConfiguration layer) {
    for (String key : List.of("max_value", "threshold")) {
      if (layer.value(key) != null && layer.number(key) < 0) {
        throw layer.refusal(key, "numbers of at least 0 are expected");
      }
    }
    double max =
        layer.value("max_value") == null ? Double.POSITIVE_INFINITY : layer.number("max_value");
    double slope = layer.value("negative_slope") == null ? 0 : slope(layer, "negative_slope");
    return Activations.relu(max, slope, orZero(layer, "threshold"));
  }

  private static double orZero(LayerConfiguration layer, String key) {
    return layer.value(key) == null ? 0 : layer.number(key);
  }

  /** Returns the slope of a leaky ReLU, called alpha in Keras 2. */
  private static double leakySlope(LayerConfiguration layer) {
    boolean isOfKeras2 = layer.value("alpha") != null;
    if (isOfKeras2 && layer.value("negative_slope") != null) {
      throw layer.refusal("alpha", "only one of alpha and negative_slope is known");
    }
    return slope(layer, isOfKeras2 ? "alpha" : "negative_slope");
  }

  /** Returns a slope from 0 to 1: of steeper ones Keras's backends make different functions. */
  static double slope(LayerConfiguration layer, String key) {
    double slope = layer.number(key);
    if (slope < 0 || slope > 1) {
      throw layer.refusal(key, "slopes from 0 to 1 are known");
    }
    return slope;
  }

  private Translation prelu(
      KerasNode node, LayerConfiguration layer, Form input, String folder, int rank) {
    Object axes = layer.value("shared_axes");
    boolean isSharedBySteps = List.of(1).equals(axes);
    boolean isUnshared = axes == null || List.of().equals(axes);
    if (rank == 3 ? !isSharedBySteps : !isUnshared) {
      throw layer.refusal(
          "shared_axes", "a slope for each feature of its input " + input + " is known");
    }
    int size = Math.toIntExact(knownSize(layer, input));
    PReLULayer.Builder prelu = new PReLULayer.Builder().inputShape(size);
    Training.frozenIfAsked(prelu, layer);
    PReLULayer built = prelu.build();
    built.setNIn(size);
    built.setNOut(size);
    ArrayShapes shapes =
        rank == 3 ? new ArrayShapes().and("alpha", 1, size) : new ArrayShapes().and("alpha", size);
    Map<String, INDArray> slopes = Map.of(WEIGHTS, arrays(node).taken(folder, shapes).get("alpha"));
    if (input.isSequence()) {
      return Translation.of(node, onEachStep(built, input), slopes, input);
    }
    // DL4J's layer overwrites its input, which other layers may read: it gets one of its own.
    String copy = node.name() + " input";
    Layer copying = new FunctionLayer(new ActivationIdentity());
    copying.setLayerName(copy);
    built.setLayerName(node.name());
    return new Translation(
        List.of(
            new Step(copy, node.inputs(), copying, null, Map.of()),
            new Step(node.name(), List.of(copy), built, null, slopes)),
        input);
  }
}
