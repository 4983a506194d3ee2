/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import java.util.function.Function;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.modelimport.keras.KerasLayer;
import org.deeplearning4j.nn.modelimport.keras.KerasModel;
import org.deeplearning4j.nn.modelimport.keras.KerasSequentialModel;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.mdn4j.files.MalformedFileException;
import org.mdn4j.files.NetworkJson;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.mdn4j.layers.MixtureDensityRnnOutputLayer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Adam;

/**
 * The network of a whole model: DL4J's own import makes it, with a Dense layer in place of the MDN;
 * then our head takes that place.
 */
final class ImportedNetwork {
  private static final long FEW = 1 << 20;
  private static final InputPreProcessor STEPS_FROM_ROWS =
      new FeedForwardToRnnPreProcessor(RNNFormat.NWC);

  private final KerasFile file;
  private final KerasConfiguration configuration;
  private final KerasModel model;

  ImportedNetwork(KerasFile file, KerasConfiguration configuration) {
    this.file = file;
    this.configuration = configuration;
    this.model =
        guarded(
            () ->
                configuration.isSequential()
                    ? new KerasSequentialModel()
                        .modelBuilder()
                        .modelJson(configuration.json())
                        .buildSequential()
                    : new KerasModel().modelBuilder().modelJson(configuration.json()).buildModel());
    model.setOptimizer(new Adam());
  }

  private interface Step<T> {
    T run() throws Exception;
  }

  /** DL4J's import throws exceptions of many kinds for what it does not know. */
  private static <T> T guarded(Step<T> step) {
    try {
      return step.run();
    } catch (Refusal e) {
      throw e;
    } catch (Exception e) {
      throw new Refusal(
          e,
          "DL4J's import does not know a layer before the MDN (%s)",
          MalformedFileException.firstLine(e));
    }
  }

  MultiLayerNetwork sequential() {
    MultiLayerConfiguration layers =
        guarded(((KerasSequentialModel) model)::getMultiLayerConfiguration);
    int last = layers.getConfs().size() - 1;
    MixtureDensityOutputLayer head = head();
    layers.getConfs().set(last, configured(head));
    if (head instanceof MixtureDensityRnnOutputLayer) {
      layers.getInputPreProcessors().remove(last); // that of the Dense layer
    }
    if (hasStepsAsRows(before())) {
      layers.getInputPreProcessors().put(last, STEPS_FROM_ROWS);
    }
    requireFits(() -> NetworkJson.parameters(layers, most()));
    MultiLayerNetwork net = new MultiLayerNetwork(layers);
    net.init();
    setParameters(net::getLayer);
    return net;
  }

  ComputationGraph graph() {
    ComputationGraphConfiguration graph = guarded(model::getComputationGraphConfiguration);
    graph
        .getVertices()
        .put(
            configuration.mixture(),
            new LayerVertex(configured(head()), hasStepsAsRows(before()) ? STEPS_FROM_ROWS : null));
    requireFits(() -> NetworkJson.parameters(graph, most()));
    ComputationGraph net = new ComputationGraph(graph);
    net.init();
    setParameters(net::getLayer);
    return net;
  }

  /** As many parameters as the file has numbers, and some that DL4J has and Keras leaves out. */
  private long most() {
    return FEW
        + 2
            * file.layers().stream()
                .flatMap(layer -> layer.arrays().values().stream())
                .mapToLong(INDArray::length)
                .sum();
  }

  /** Before memory is taken for them. */
  private static void requireFits(Step<Long> parameters) {
    try {
      parameters.run();
    } catch (MalformedFileException e) {
      throw new Refusal(
          e, "The file has no weights for the layers that it describes: %s", e.getMessage());
    } catch (Exception e) {
      throw new Refusal(e, "The layers before the MDN do not go together (%s)", e);
    }
  }

  private static NeuralNetConfiguration configured(MixtureDensityOutputLayer head) {
    return new NeuralNetConfiguration.Builder().updater(new Adam()).layer(head).build();
  }

  private MixtureDensityOutputLayer head() {
    LayerArrays arrays = arrays(configuration.mixture());
    int inputs = Math.toIntExact(arrays.mixtureParts().get(0).size(0));
    if (isSequence(before()) || hasStepsAsRows(before())) {
      return new MixtureDensityRnnOutputLayer.Builder()
          .name(configuration.mixture())
          .nIn(inputs)
          .spec(configuration.spec())
          .dataFormat(RNNFormat.NWC)
          .build();
    }
    return new MixtureDensityOutputLayer.Builder()
        .name(configuration.mixture())
        .nIn(inputs)
        .spec(configuration.spec())
        .build();
  }

  /** Name of the layer before the MDN. */
  private String before() {
    return model.getLayers().get(configuration.mixture()).getInboundLayerNames().get(0);
  }

  private boolean isSequence(String layer) {
    return model.getOutputTypes().get(layer) instanceof InputType.InputTypeRecurrent;
  }

  /** DL4J's import folds steps into rows for a Dense layer, and does not unfold them. */
  private boolean hasStepsAsRows(String name) {
    KerasLayer layer = model.getLayers().get(name);
    for (String input : layer.getInboundLayerNames()) {
      if (isSequence(name)) {
        return false;
      }
      InputType type = model.getOutputTypes().get(input);
      InputPreProcessor fold = guarded(() -> layer.getInputPreprocessor(type));
      if (fold instanceof RnnToFeedForwardPreProcessor || hasStepsAsRows(input)) {
        return true;
      }
    }
    return false;
  }

  private LayerArrays arrays(String layer) {
    return file.layer(layer, configuration.groups().get(layer));
  }

  private void setParameters(Function<String, Layer> layers) {
    ParameterValues values = new ParameterValues();
    for (KerasLayer layer : model.getLayers().values()) {
      String name = layer.getLayerName();
      if (name.equals(configuration.mixture())) {
        values.addMixture(layers.apply(name), configuration.spec(), arrays(name));
      } else if (layer.getNumParams() > 0) {
        guarded(
            () -> {
              layer.setWeights(arrays(name).named());
              return null;
            });
        values.add(name, layers.apply(name), layer.getWeights());
      }
    }
    values.apply();
  }
}
