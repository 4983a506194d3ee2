/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.params.LSTMParamInitializer;
import org.mdn4j.keras.Translation.Step;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** A translator of LSTMs, of one direction and of both. */
final class RecurrentTranslator {
  private static final List<String> PREFIXES = List.of("f", "b"); // of DL4J's parameters

  private final KerasFile file;
  private final KerasNode node;
  private final Form input;

  RecurrentTranslator(KerasFile file, KerasNode node, Form input) {
    this.file = file;
    this.node = node;
    this.input = input;
    if (!input.isSequence()) {
      throw node.layer().refusal("its input is expected to be [N, T, F], got " + input);
    }
  }

  Translation translate() {
    return node.layer().className().equals("LSTM") ? oneDirection() : bidirectional();
  }

  private Translation oneDirection() {
    LayerConfiguration layer = node.layer();
    LSTM lstm = lstm(layer);
    Map<String, INDArray> parameters = parameters(layer, arrays(), "");
    return layer.flag("return_sequences")
        ? Translation.of(node, lstm, parameters, input.withSize(lstm.getNOut()))
        : Translation.of(node, new LastTimeStep(lstm), parameters, Form.row(lstm.getNOut()));
  }

  private LayerArrays arrays() {
    return file.layer(node.name(), node.group());
  }

  private LSTM lstm(LayerConfiguration layer) {
    double dropout = layer.number("dropout", 0);
    if (dropout < 0 || dropout >= 1) {
      throw layer.refusal("dropout", "rates from 0 to below 1 are expected");
    }
    for (String key : List.of("activation", "recurrent_activation")) {
      if (!layer.has(key)) { // Keras's versions have several defaults
        throw layer.refusal(key + " is left out");
      }
    }
    LSTM.Builder lstm =
        new LSTM.Builder()
            .nIn(input.size())
            .nOut(layer.size("units"))
            .dataFormat(RNNFormat.NCW)
            .activation(Activations.elementwise(layer, "activation", file))
            .gateActivationFunction(Activations.elementwise(layer, "recurrent_activation", file));
    if (dropout > 0) {
      lstm.dropOut(new Dropout(1 - dropout));
    }
    if (!layer.flag("use_bias")) {
      Training.withoutBiasTraining(lstm);
    }
    Training.frozenIfAsked(lstm, layer);
    Training.regularised(lstm, layer, "kernel_regularizer", "recurrent_regularizer");
    Training.biasRegularised(lstm, layer, "bias_regularizer");
    return lstm.build();
  }

  private Map<String, INDArray> parameters(
      LayerConfiguration layer, LayerArrays arrays, String prefix) {
    boolean hasBias = layer.flag("use_bias");
    int units = layer.size("units");
    long gates = (long) Gates.COUNT * units;
    Map<String, INDArray> taken =
        arrays.taken(
            "cell/",
            new ArrayShapes()
                .and("kernel", input.size(), gates)
                .and("recurrent_kernel", units, gates)
                .andIf(hasBias, "bias", gates));
    Map<String, INDArray> parameters = new HashMap<>();
    taken.forEach(
        (name, array) ->
            parameters.put(
                prefix + Gates.PARAMETERS.get(name), Gates.reordered(array, layer.name())));
    if (!hasBias) {
      INDArray zeros = Nd4j.zeros(DataType.FLOAT, gates);
      parameters.put(prefix + LSTMParamInitializer.BIAS_KEY, zeros);
    }
    return parameters;
  }

  private Translation bidirectional() {
    LayerConfiguration layer = node.layer();
    LayerConfiguration forward = layer.inner("layer");
    if (!forward.className().equals("LSTM")) {
      throw layer.refusal("layer", "only LSTMs are known in both directions");
    }
    if (layer.value("backward_layer") != null) {
      requireAlike(forward);
    }
    Bidirectional.Mode mode = mode(layer);
    boolean isSequence = forward.flag("return_sequences");
    LSTM lstm = lstm(forward);
    // DL4J completes a layer inside another only where it stands directly in that.
    new NeuralNetConfiguration.Builder().updater(new Adam()).layer(lstm).build();
    Layer both = new Bidirectional(isSequence ? mode : Bidirectional.Mode.CONCAT, lstm);
    Map<String, INDArray> parameters = new HashMap<>();
    for (int direction = 0; direction < PREFIXES.size(); direction++) {
      parameters.putAll(
          parameters(forward, arrays().ofDirection(direction), PREFIXES.get(direction)));
    }
    long size = mode == Bidirectional.Mode.CONCAT ? 2 * lstm.getNOut() : lstm.getNOut();
    if (isSequence) {
      return Translation.of(node, both, parameters, input.withSize(size));
    }
    String steps = node.name() + " steps";
    both.setLayerName(steps);
    Layer ends = new BidirectionalEndsLayer(mode);
    ends.setLayerName(node.name());
    return new Translation(
        List.of(
            new Step(steps, node.inputs(), both, null, parameters),
            new Step(node.name(), List.of(steps), ends, null, Map.of())),
        Form.row(size));
  }

  private static Bidirectional.Mode mode(LayerConfiguration layer) {
    return switch (String.valueOf(layer.value("merge_mode"))) {
      case "concat" -> Bidirectional.Mode.CONCAT;
      case "sum" -> Bidirectional.Mode.ADD;
      case "mul" -> Bidirectional.Mode.MUL;
      case "ave" -> Bidirectional.Mode.AVERAGE;
      default -> throw layer.refusal("merge_mode", "known are concat, sum, mul and ave");
    };
  }

  /** Checks that both directions have the same configuration, as DL4J has only one for them. */
  private void requireAlike(LayerConfiguration forward) {
    LayerConfiguration layer = node.layer();
    Object config = Json.object(layer.value("backward_layer"), "backward_layer").get("config");
    if (!Boolean.TRUE.equals(Json.object(config, "config of backward_layer").get("go_backwards"))) {
      throw layer.refusal("backward_layer", "one that goes backwards is expected");
    }
    LayerConfiguration backward = layer.inner("backward_layer", Map.of("go_backwards", false));
    boolean isAlike =
        backward.className().equals(forward.className())
            && backward.isTrainable() == forward.isTrainable()
            && KnownLayers.keys(forward.className()).translated().stream()
                .allMatch(key -> Objects.equals(forward.value(key), backward.value(key)));
    if (!isAlike) {
      throw layer.refusal("backward_layer", "one like the forward layer is expected");
    }
  }
}
