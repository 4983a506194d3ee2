/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.zoo;

import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.zoo.ZooType;
import org.mdn4j.MixtureSpec;
import org.mdn4j.layers.MixtureDensityRnnOutputLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;

/**
 * The MDN-RNN: LSTM layers, and a mixture of Gaussians over the next step at each step. Input
 * {@code [N, inputs, T]}, labels {@code [N, D, T]}. Gradients are clipped to ±1 each.
 *
 * <p>Sources: A. Graves, <i>Generating sequences with recurrent neural networks</i>,
 * arXiv:1308.0850 (2013), section 4, for handwriting; D. Ha and J. Schmidhuber, <i>World
 * models</i>, arXiv:1803.10122 (2018), for the dynamics of an environment, with one layer of 256
 * units and 5 components.
 *
 * <p><b>Pretrained</b> on synthetic handwriting, {@link #initPretrained()}: one layer of 80 units
 * and 12 components with FULL covariance, whatever the builder says. A step is the pen's offset
 * (Δx, Δy), in heights of a small letter, and its state afterwards, 0 on the paper, 1 lifted, 2 at
 * the end of the word, with N(0, 0.1²) added that gives it a density. The network sees the step
 * before, {@code [N, 3, T]}, zeros for the first, and its output is a mixture over the next. It
 * writes a word by:
 *
 * <pre>{@code
 * MultiLayerNetwork net = (MultiLayerNetwork) MixtureDensityRnn.builder().build().initPretrained();
 * double[][] word =
 *     SequenceGenerator.of(net)
 *         .stopWhen((step, input) -> input[2] > 1.5)
 *         .generate(1, 120, 1)
 *         .samples(0); // [T][3]
 * }</pre>
 *
 * <p>Its NLL of the offset, on test words, is −3.57 nats per step; that of the same network with
 * one Gaussian −3.07. {@code StrokeWeights} in mdn-examples made it.
 */
public final class MixtureDensityRnn extends MixtureZooModel {
  private static final BundledWeights WEIGHTS =
      new BundledWeights("mdn-rnn-strokes-v1.zip", 1490562622L);

  private final int layers;
  private final int units;

  private MixtureDensityRnn(Builder builder) {
    super(WEIGHTS, ZooType.RNN, builder);
    this.layers = builder.layers;
    this.units = builder.units;
  }

  /**
   * Returns a builder of a model.
   *
   * @return a builder with 2 inputs, one layer of 256 units, 5 components over 2 targets and Adam
   *     with a learning rate of 0.001
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns the network's configuration.
   *
   * @return LSTM layers and the head
   */
  @Override
  public MultiLayerConfiguration conf() {
    NeuralNetConfiguration.ListBuilder list =
        new NeuralNetConfiguration.Builder()
            .seed(seed)
            .weightInit(WeightInit.XAVIER)
            .gradientNormalization(GradientNormalization.ClipElementWiseAbsoluteValue)
            .gradientNormalizationThreshold(1)
            .updater(updater)
            .list();
    int width = inputs;
    for (int layer = 0; layer < layers; layer++) {
      list.layer(new LSTM.Builder().nIn(width).nOut(units).activation(Activation.TANH).build());
      width = units;
    }
    return list.layer(new MixtureDensityRnnOutputLayer.Builder().nIn(width).spec(spec).build())
        .build();
  }

  /** Builder of a {@link MixtureDensityRnn}. */
  public static final class Builder extends MixtureZooModel.Builder<Builder> {
    private int layers = 1;
    private int units = 256;

    private Builder() {
      super(2, MixtureSpec.builder().components(5).targets(2).build(), new Adam(0.001));
    }

    /**
     * Sets the LSTM layers.
     *
     * @param layers how many, at least 1; 1 by default
     * @param units units in each, at least 1; 256 by default
     * @return this builder
     */
    public Builder lstm(int layers, int units) {
      this.layers = layers;
      this.units = units;
      return this;
    }

    /**
     * Creates the model.
     *
     * @return the model
     * @throws IllegalArgumentException if a number is less than 1
     */
    public MixtureDensityRnn build() {
      ZooShapes.requirePositive("inputs", inputs);
      ZooShapes.requirePositive("LSTM layers", layers);
      ZooShapes.requirePositive("units", units);
      return new MixtureDensityRnn(this);
    }
  }
}
