/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.dropout.AlphaDropout;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.dropout.GaussianDropout;
import org.deeplearning4j.nn.conf.dropout.GaussianNoise;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.dropout.SpatialDropout;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.recurrent.TimeDistributed;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.mdn4j.keras.KerasActivation.Function;
import org.mdn4j.keras.Translation.Step;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Makes DL4J's layers of Keras's, one by one. Sequences between them are in DL4J's order, {@code
 * [N, F, T]}; layers that take rows are applied to each step.
 */
final class LayerTranslator {
  private static final String WEIGHTS = DefaultParamInitializer.WEIGHT_KEY;
  private static final String BIAS = DefaultParamInitializer.BIAS_KEY;

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

  /** Applies the layer inside to each step, which most layers do by themselves. */
  private Translation timeDistributed(KerasNode node, Form input) {
    LayerConfiguration inner = node.layer().inner("layer");
    List<String> ofRows =
        List.of("Dense", "BatchNormalization", "Normalization", "Rescaling", "Activation", "ReLU");
    List<String> alsoOfRows =
        List.of("LeakyReLU", "ELU", "Softmax", "PReLU", "Dropout", "GaussianDropout");
    List<String> moreOfRows = List.of("AlphaDropout", "GaussianNoise", "Identity");
    boolean isOfRows =
        ofRows.contains(inner.className())
            || alsoOfRows.contains(inner.className())
            || moreOfRows.contains(inner.className());
    if (!input.isSequence() || !isOfRows) {
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
      case "Conv1D" -> convolution(node, layer, input);
      case "GlobalMaxPooling1D" -> pooling(node, layer, input, PoolingType.MAX);
      case "GlobalAveragePooling1D" -> pooling(node, layer, input, PoolingType.AVG);
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
      case "Dropout" -> noise(node, new Dropout(kept(layer)), layer.number("rate"), input);
      case "SpatialDropout1D" ->
          noise(node, new SpatialDropout(kept(layer)), layer.number("rate"), input);
      case "AlphaDropout" ->
          noise(node, new AlphaDropout(kept(layer)), layer.number("rate"), input);
      case "GaussianDropout" ->
          noise(node, new GaussianDropout(1 - kept(layer)), layer.number("rate"), input);
      case "GaussianNoise" ->
          noise(node, new GaussianNoise(layer.number("stddev")), layer.number("stddev"), input);
      case "Flatten" -> reshaped(node, layer, input, Form.row(input.length()));
      case "Reshape" -> reshaped(node, layer, input, target(layer, input));
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
    List<Long> sides = new ArrayList<>();
    for (Object side :
        Json.list(layer.value(key), key + " of the layer \"" + layer.name() + "\"")) {
      if (side != null && !(side instanceof Integer size && size > 0)) {
        throw layer.refusal(key, "sides from 1 on are expected");
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

  /** A layer of rows, on each step of a sequence. */
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
        kernelAndBias(node, folder, hasBias, input.size(), units),
        input.withSize(units));
  }

  private Map<String, INDArray> kernelAndBias(
      KerasNode node, String folder, boolean hasBias, long... kernel) {
    Map<String, INDArray> taken =
        arrays(node)
            .taken(
                folder,
                new ArrayShapes()
                    .and("kernel", kernel)
                    .andIf(hasBias, "bias", kernel[kernel.length - 1]));
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

  private Translation convolution(KerasNode node, LayerConfiguration layer, Form input) {
    requireSequence(layer, input);
    int filters = layer.size("filters");
    int kernel = layer.single("kernel_size");
    int stride = layer.single("strides");
    int dilation = layer.single("dilation_rate");
    boolean hasBias = layer.flag("use_bias");
    if (stride > 1 && dilation > 1) {
      throw layer.refusal("dilation_rate", "Keras has strides of 1 only with it");
    }
    ConvolutionMode mode =
        switch (String.valueOf(layer.value("padding"))) {
          case "valid" -> ConvolutionMode.Truncate;
          case "same" -> ConvolutionMode.Same;
          case "causal" -> ConvolutionMode.Causal;
          default -> throw layer.refusal("padding", "known are valid, same and causal");
        };
    Convolution1DLayer.Builder convolution =
        new Convolution1DLayer.Builder()
            .nIn(input.size())
            .nOut(filters)
            .hasBias(hasBias)
            .kernelSize(kernel)
            .stride(stride)
            .dilation(dilation)
            .convolutionMode(mode)
            .rnnDataFormat(RNNFormat.NCW)
            .activation(Activations.elementwise(layer, "activation", file));
    Training.frozenIfAsked(convolution, layer);
    Training.regularised(convolution, layer, "kernel_regularizer");
    Training.biasRegularised(convolution, layer, "bias_regularizer");
    Map<String, INDArray> parameters =
        kernelAndBias(node, "", hasBias, kernel, input.size(), filters);
    // DL4J's array has the shape [out, in, width]; it reads the numbers as [width, in, out].
    parameters.computeIfPresent(
        WEIGHTS, (name, array) -> array.dup('c').reshape('c', filters, input.size(), kernel));
    return Translation.of(
        node,
        convolution.build(),
        parameters,
        Form.sequence(stepsAfter(layer, input, mode, kernel, stride, dilation), filters));
  }

  private static long stepsAfter(
      LayerConfiguration layer,
      Form input,
      ConvolutionMode mode,
      int kernel,
      int stride,
      int dilation) {
    if (input.steps() == Form.UNKNOWN) {
      return Form.UNKNOWN;
    }
    long lost = mode == ConvolutionMode.Truncate ? (kernel - 1L) * dilation : 0;
    if (input.steps() <= lost) {
      throw layer.refusal("its input " + input + " is shorter than its kernel");
    }
    return (input.steps() - lost + stride - 1) / stride;
  }

  private static void requireSequence(LayerConfiguration layer, Form input) {
    if (!input.isSequence()) {
      throw layer.refusal("its input is expected to be [N, T, F], got " + input);
    }
  }

  private static Translation pooling(
      KerasNode node, LayerConfiguration layer, Form input, PoolingType type) {
    requireSequence(layer, input);
    Layer pooling = new GlobalPoolingLayer.Builder().poolingType(type).build();
    return Translation.of(node, pooling, Map.of(), Form.row(input.size()));
  }

  /** A layer that is a function of each number, or softmax of each row. */
  static Translation activation(KerasNode node, IActivation activation, Form input) {
    Layer layer = new FunctionLayer(activation);
    return Translation.of(
        node,
        activation instanceof ActivationSoftmax ? onEachStep(layer, input) : layer,
        Map.of(),
        input);
  }

  private static IActivation relu(LayerConfiguration layer) {
    for (String key : List.of("max_value", "negative_slope", "threshold")) {
      if (layer.value(key) != null && layer.number(key) < 0) {
        throw layer.refusal(key, "numbers from 0 on are expected");
      }
    }
    double max =
        layer.value("max_value") == null ? Double.POSITIVE_INFINITY : layer.number("max_value");
    return Activations.relu(max, orZero(layer, "negative_slope"), orZero(layer, "threshold"));
  }

  private static double orZero(LayerConfiguration layer, String key) {
    return layer.value(key) == null ? 0 : layer.number(key);
  }

  /** Called alpha in Keras 2. */
  private static double leakySlope(LayerConfiguration layer) {
    boolean isOfKeras2 = layer.value("alpha") != null;
    if (isOfKeras2 && layer.value("negative_slope") != null) {
      throw layer.refusal("alpha", "only one of alpha and negative_slope is known");
    }
    return layer.number(isOfKeras2 ? "alpha" : "negative_slope");
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

  private static double kept(LayerConfiguration layer) {
    if (layer.number("rate") < 0 || layer.number("rate") >= 1) {
      throw layer.refusal("rate", "rates from 0 to below 1 are expected");
    }
    return 1 - layer.number("rate");
  }

  /** What only acts in training; nothing where its strength is 0. */
  private static Translation noise(KerasNode node, IDropout noise, double strength, Form input) {
    if (strength == 0) {
      return activation(node, new ActivationIdentity(), input);
    }
    return Translation.of(node, new DropoutLayer(noise), Map.of(), input);
  }

  private static Form target(LayerConfiguration layer, Form input) {
    List<Object> shape = Json.list(layer.value("target_shape"), "target_shape");
    long known = 1;
    int open = 0;
    for (Object side : shape) {
      if (!(side instanceof Integer size) || size == 0 || size < -1) {
        throw layer.refusal("target_shape", "sides from 1 on and one of -1 are expected");
      }
      known *= size == -1 ? 1 : size;
      open += size == -1 ? 1 : 0;
    }
    long length = input.length();
    if (open > 1
        || shape.isEmpty()
        || shape.size() > 2
        || length == Form.UNKNOWN
        || (open == 1 ? length % known != 0 : length != known)) {
      throw layer.refusal("target_shape", "its input is " + input);
    }
    List<Long> sides = new ArrayList<>();
    for (Object side : shape) {
      sides.add((Integer) side == -1 ? length / known : (Integer) side);
    }
    return sides.size() == 1 ? Form.row(sides.get(0)) : Form.sequence(sides.get(0), sides.get(1));
  }

  private static Translation reshaped(
      KerasNode node, LayerConfiguration layer, Form input, Form output) {
    if (input.equals(output)) {
      return activation(node, new ActivationIdentity(), input);
    }
    if (input.length() == Form.UNKNOWN) {
      throw layer.refusal("its input " + input + " has a length that is not known");
    }
    return Translation.of(node, new StepReshapeLayer(output), Map.of(), output);
  }
}
