/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.model;

import static org.mdn4j.Arguments.require;

import java.util.List;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.mdn4j.MixtureSpec;
import org.mdn4j.files.MalformedFileException;
import org.mdn4j.files.NetworkJson;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.regularization.WeightDecay;

/**
 * Configurations of a member's network: a trunk and the mixture's head, trained by Adam with
 * decoupled weight decay on the weights, at each step w ← w − η (Adam's step + λ w). Source: I.
 * Loshchilov and F. Hutter, <i>Decoupled weight decay regularization</i> (2019), algorithm 2.
 */
public final class Networks {
  private Networks() {}

  /** Returns the configuration of a member's network with a setup. */
  public static MultiLayerConfiguration ofMember(
      RegressorOptions options, Setup setup, int inputs, MixtureSpec spec, int member) {
    long seed = Seeds.derive(Seeds.derive(options.seed(), member), Seeds.WEIGHTS);
    return configuration(setup.applied(options), inputs, spec, seed);
  }

  /**
   * Puts trunk and head together.
   *
   * @throws IllegalArgumentException if a given trunk has no layer, an output layer, or another
   *     number of inputs
   */
  public static MultiLayerConfiguration configuration(
      RegressorOptions options, int inputs, MixtureSpec spec, long seed) {
    NeuralNetConfiguration.ListBuilder layers =
        new NeuralNetConfiguration.Builder().seed(seed).dataType(DataType.FLOAT).list();
    List<? extends Layer> trunk =
        options.trunk() == null ? defaultTrunk(options) : given(options.trunk(), inputs, layers);
    trunk.forEach(layer -> layers.layer(trained(layer, options)));
    layers.layer(trained(head(spec), options));
    return layers.setInputType(InputType.feedForward(inputs)).build();
  }

  private static MixtureDensityOutputLayer head(MixtureSpec spec) {
    return new MixtureDensityOutputLayer.Builder().spec(spec).build();
  }

  private static List<DenseLayer> defaultTrunk(RegressorOptions options) {
    return List.of(hidden(options), hidden(options));
  }

  private static DenseLayer hidden(RegressorOptions options) {
    return new DenseLayer.Builder()
        .nOut(options.hiddenUnits())
        .activation(Activation.SWISH)
        .weightInit(WeightInit.XAVIER)
        .build();
  }

  private static List<Layer> given(
      String json, int inputs, NeuralNetConfiguration.ListBuilder layers) {
    MultiLayerConfiguration trunk;
    try {
      trunk = NetworkJson.trusted(json); // a file's was checked when it was read
    } catch (MalformedFileException e) {
      throw new IllegalArgumentException("Expected a trunk: " + e.getMessage(), e);
    }
    List<Layer> given = trunk.getConfs().stream().map(NeuralNetConfiguration::getLayer).toList();
    require(!given.isEmpty(), "Expected a trunk of at least one layer, got none");
    require(
        given.stream().noneMatch(BaseOutputLayer.class::isInstance),
        "Expected a trunk without an output layer: the regressor adds its own");
    if (given.get(0) instanceof org.deeplearning4j.nn.conf.layers.FeedForwardLayer first) {
      require(
          first.getNIn() == 0 || first.getNIn() == inputs,
          "Expected as many features as the trunk's %d inputs, got %d",
          first.getNIn(),
          inputs);
    }
    trunk.getInputPreProcessors().forEach(layers::inputPreProcessor);
    return given;
  }

  private static Layer trained(Layer layer, RegressorOptions options) {
    if (layer instanceof BaseLayer trained) {
      trained.setIUpdater(new Adam(options.learningRate()));
      trained.setBiasUpdater(null);
      trained.setRegularization(
          options.weightDecay() == 0
              ? List.of()
              : List.of(new WeightDecay(options.weightDecay(), true)));
      trained.setRegularizationBias(List.of());
      trained.setGradientNormalization(GradientNormalization.ClipL2PerLayer);
      trained.setGradientNormalizationThreshold(options.gradientClipping());
    }
    return layer;
  }
}
