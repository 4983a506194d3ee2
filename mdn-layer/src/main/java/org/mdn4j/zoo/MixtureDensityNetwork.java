/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.zoo;

import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.zoo.ZooType;
import org.mdn4j.MixtureSpec;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;

/**
 * Bishop's mixture density network: dense layers, and a mixture of Gaussians as the output.
 *
 * <p>Source: C. M. Bishop, <i>Mixture Density Networks</i>, Aston University NCRG/94/004 (1994).
 *
 * <p><b>Pretrained</b> on the inverted sine, {@link #initPretrained()}: t ~ U(−10.5, 10.5), s = 7
 * sin(0.75 t) + 0.5 t + N(0, 1); the network sees s, {@code [N, 1]}, and its output is a mixture of
 * 10 components over t, both in their own units. Its NLL on test points is 1.32 nats; no model can
 * have less than 1.288, and one Gaussian has 2.74. {@code InvertedSineWeights} in mdn-examples made
 * it.
 */
public final class MixtureDensityNetwork extends MixtureZooModel {
  private static final BundledWeights WEIGHTS =
      new BundledWeights("mdn-inverted-sine-v2.zip", 3511678231L);

  private final int hiddenLayers;
  private final int hiddenUnits;
  private final Activation activation;

  private MixtureDensityNetwork(Builder builder) {
    super(WEIGHTS, ZooType.CNN, builder);
    this.hiddenLayers = builder.hiddenLayers;
    this.hiddenUnits = builder.hiddenUnits;
    this.activation = builder.activation;
  }

  /**
   * Returns a builder of a model.
   *
   * @return a builder with 1 input, two hidden layers of 32 tanh units, 10 components over 1 target
   *     and Adam with a learning rate of 0.01
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns the network's configuration.
   *
   * @return dense layers and the head
   */
  @Override
  public MultiLayerConfiguration conf() {
    NeuralNetConfiguration.ListBuilder layers =
        new NeuralNetConfiguration.Builder()
            .seed(seed)
            .weightInit(WeightInit.XAVIER)
            .activation(activation)
            .updater(updater)
            .list();
    int width = inputs;
    for (int layer = 0; layer < hiddenLayers; layer++) {
      layers.layer(new DenseLayer.Builder().nIn(width).nOut(hiddenUnits).build());
      width = hiddenUnits;
    }
    return layers
        .layer(new MixtureDensityOutputLayer.Builder().nIn(width).spec(spec).build())
        .build();
  }

  /** Builder of a {@link MixtureDensityNetwork}. */
  public static final class Builder extends MixtureZooModel.Builder<Builder> {
    private int hiddenLayers = 2;
    private int hiddenUnits = 32;
    private Activation activation = Activation.TANH;

    private Builder() {
      super(1, MixtureSpec.builder().components(10).build(), new Adam(0.01));
    }

    /**
     * Sets the hidden layers.
     *
     * @param layers how many, at least 1; 2 by default
     * @param units units in each, at least 1; 32 by default
     * @return this builder
     */
    public Builder hidden(int layers, int units) {
      this.hiddenLayers = layers;
      this.hiddenUnits = units;
      return this;
    }

    /**
     * Sets the activation of the hidden layers.
     *
     * @param activation the activation; TANH by default
     * @return this builder
     */
    public Builder activation(Activation activation) {
      this.activation = activation;
      return this;
    }

    /**
     * Creates the model.
     *
     * @return the model
     * @throws IllegalArgumentException if a number is less than 1
     */
    public MixtureDensityNetwork build() {
      ZooShapes.requirePositive("inputs", inputs);
      ZooShapes.requirePositive("hidden layers", hiddenLayers);
      ZooShapes.requirePositive("hidden units", hiddenUnits);
      return new MixtureDensityNetwork(this);
    }
  }
}
