/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.mdn4j.keras.KerasActivation.Function;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A translator of the layers that shift and scale each feature. */
final class NormalizationTranslator {
  private static final double EPSILON = 1e-7; // keras.backend.epsilon() unless a user sets it

  private final KerasFile file;
  private final KerasNode node;
  private final LayerConfiguration layer;
  private final Form input;
  private final String folder;
  private final int size;

  /**
   * Creates a translator.
   *
   * @param layer the layer at the node, or that inside of its TimeDistributed
   * @param folder where its arrays lie inside the node's
   */
  NormalizationTranslator(
      KerasFile file, KerasNode node, LayerConfiguration layer, Form input, String folder) {
    this.file = file;
    this.node = node;
    this.layer = layer;
    this.input = input;
    this.folder = folder;
    if (input.size() == Form.UNKNOWN) {
      throw layer.refusal("its input " + input + " has a size that is not known");
    }
    this.size = Math.toIntExact(input.size());
  }

  /**
   * Translates the layer.
   *
   * @param rank how many dimensions the layer's input has
   */
  Translation translate(int rank) {
    if (layer.className().equals("Rescaling")) {
      return rescaling();
    }
    layer.requireLastAxis(rank);
    return layer.className().equals("Normalization") ? normalization() : batchNormalization();
  }

  private Translation rescaling() {
    if (!(layer.value("scale") instanceof List<?>) && !(layer.value("offset") instanceof List<?>)) {
      return LayerTranslator.activation(
          node,
          new KerasActivation(Function.AFFINE, layer.number("scale"), layer.number("offset")),
          input);
    }
    return scaling(new double[size], layer.numbers("scale", size), layer.numbers("offset", size));
  }

  private Translation scaling(double[] subtracted, double[] factor, double[] added) {
    return Translation.of(
        node,
        LayerTranslator.onEachStep(new FeatureScalingLayer(subtracted, factor, added), input),
        Map.of(),
        input);
  }

  private Translation normalization() {
    if (layer.value("mean") == null || layer.value("variance") == null) {
      throw layer.refusal(
          "mean and variance are known where they are given to the layer; adapt() keeps what it"
              + " found outside of the weights, so that those in a file may be others than the model"
              + " computed with");
    }
    double[] mean = layer.numbers("mean", size);
    double[] variance = layer.numbers("variance", size);
    if (Arrays.stream(variance).anyMatch(v -> v < 0)) {
      throw layer.refusal("variance", "numbers of at least 0 are expected");
    }
    double[] deviation =
        Arrays.stream(variance).map(v -> Math.max(Math.sqrt(v), EPSILON)).toArray();
    if (layer.flag("invert", false)) {
      return scaling(new double[size], deviation, mean);
    }
    return scaling(mean, Arrays.stream(deviation).map(d -> 1 / d).toArray(), new double[size]);
  }

  private double[] vector(INDArray array) {
    double[] values = array.castTo(DataType.DOUBLE).toDoubleVector();
    if (!Arrays.stream(values).allMatch(Double::isFinite)) {
      throw new Refusal("The layer \"%s\" has an array that is not finite", node.name());
    }
    return values;
  }

  private Translation batchNormalization() {
    boolean isCentered = layer.flag("center");
    boolean isScaled = layer.flag("scale");
    double epsilon = layer.number("epsilon");
    double momentum = layer.number("momentum");
    ArrayShapes shapes =
        new ArrayShapes()
            .andIf(isScaled, "gamma", size)
            .andIf(isCentered, "beta", size)
            .and("moving_mean", size)
            .and("moving_variance", size);
    Map<String, INDArray> taken = file.layer(node.name(), node.group()).taken(folder, shapes);
    Map<String, INDArray> parameters = new HashMap<>();
    parameters.put(BatchNormalizationParamInitializer.GLOBAL_MEAN, taken.get("moving_mean"));
    parameters.put(BatchNormalizationParamInitializer.GLOBAL_VAR, taken.get("moving_variance"));
    parameters.put(
        BatchNormalizationParamInitializer.GAMMA,
        taken.getOrDefault("gamma", Nd4j.ones(DataType.FLOAT, size)));
    parameters.put(
        BatchNormalizationParamInitializer.BETA,
        taken.getOrDefault("beta", Nd4j.zeros(DataType.FLOAT, size)));
    if (!layer.isTrainable()) {
      return inference(parameters, epsilon);
    }
    BatchNormalization normalization =
        isCentered && isScaled
            ? new BatchNormalization()
            : new PartlyFixedBatchNormalization(isCentered, isScaled);
    normalization.setNIn(size);
    normalization.setNOut(size);
    normalization.setEps(epsilon);
    normalization.setDecay(momentum);
    normalization.setUseLogStd(false);
    return Translation.of(
        node, LayerTranslator.onEachStep(normalization, input), parameters, input);
  }

  /**
   * Returns the layer for use without training, in which Keras too takes the averages that it has:
   * fixed numbers.
   */
  private Translation inference(Map<String, INDArray> parameters, double epsilon) {
    double[] variance = vector(parameters.get(BatchNormalizationParamInitializer.GLOBAL_VAR));
    double[] factor = vector(parameters.get(BatchNormalizationParamInitializer.GAMMA));
    for (int i = 0; i < size; i++) {
      factor[i] /= Math.sqrt(variance[i] + epsilon);
    }
    return scaling(
        vector(parameters.get(BatchNormalizationParamInitializer.GLOBAL_MEAN)),
        factor,
        vector(parameters.get(BatchNormalizationParamInitializer.BETA)));
  }
}
