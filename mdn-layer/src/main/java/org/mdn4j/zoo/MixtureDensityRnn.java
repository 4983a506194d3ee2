/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.zoo;

import java.io.IOException;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.zoo.ModelMetaData;
import org.deeplearning4j.zoo.PretrainedType;
import org.deeplearning4j.zoo.ZooModel;
import org.deeplearning4j.zoo.ZooType;
import org.mdn4j.MixtureSpec;
import org.mdn4j.layers.MixtureDensityRnnOutputLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;

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
public final class MixtureDensityRnn extends ZooModel<MultiLayerNetwork> {
  private static final BundledWeights WEIGHTS =
      new BundledWeights("mdn-rnn-strokes-v1.zip", 1490562622L);

  private final MixtureSpec spec;
  private final int layers;
  private final int units;
  private final IUpdater updater;
  private final long seed;
  private int inputs;

  private MixtureDensityRnn(Builder builder) {
    this.spec = builder.spec;
    this.layers = builder.layers;
    this.units = builder.units;
    this.updater = builder.updater;
    this.seed = builder.seed;
    this.inputs = builder.inputs;
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

  @Override
  @SuppressWarnings("unchecked") // as in the interface: the caller asks for modelType()
  public <M extends Model> M init() {
    MultiLayerNetwork network = new MultiLayerNetwork(conf());
    network.init();
    return (M) network;
  }

  @Override
  @SuppressWarnings("deprecation") // every zoo model has it
  public ModelMetaData metaData() {
    return new ModelMetaData(new int[][] {{inputs}}, spec.parameterCount(), ZooType.RNN);
  }

  @Override
  public Class<? extends Model> modelType() {
    return MultiLayerNetwork.class;
  }

  /**
   * Returns the place of the handwriting's weights inside this jar.
   *
   * @param pretrainedType IMAGENET, by which DL4J's zoo means a model's only or first weights; its
   *     other names, of sets of images, have none here
   * @return the address of the file, null if there is none
   */
  @Override
  public String pretrainedUrl(PretrainedType pretrainedType) {
    return WEIGHTS.url(pretrainedType);
  }

  @Override
  public long pretrainedChecksum(PretrainedType pretrainedType) {
    return WEIGHTS.checksum(pretrainedType);
  }

  /**
   * Reads the pretrained network, by way of DL4J's cache.
   *
   * @param pretrainedType IMAGENET
   * @return the network
   * @throws UnsupportedOperationException if it is another type
   * @throws IllegalStateException if the file in the cache is damaged; it is removed then
   * @throws IOException if the cache cannot be written or read
   */
  @Override
  @SuppressWarnings("unchecked") // as in the zoo: the caller asks for modelType()
  public <M extends Model> M initPretrained(PretrainedType pretrainedType) throws IOException {
    return (M) WEIGHTS.network(pretrainedType, modelName());
  }

  /**
   * Sets the number of inputs per step.
   *
   * @param inputShape {@code {{inputs}}}
   * @throws IllegalArgumentException if it is not one number, at least 1
   */
  @Override
  public void setInputShape(int[][] inputShape) {
    this.inputs = ZooShapes.vector(inputShape);
  }

  /** Builder of a {@link MixtureDensityRnn}. */
  public static final class Builder {
    private MixtureSpec spec = MixtureSpec.builder().components(5).targets(2).build();
    private int inputs = 2;
    private int layers = 1;
    private int units = 256;
    private IUpdater updater = new Adam(0.001);
    private long seed = 1234;

    private Builder() {}

    /**
     * Sets the number of inputs per step.
     *
     * @param inputs at least 1; 2 by default
     * @return this builder
     */
    public Builder inputs(int inputs) {
      this.inputs = inputs;
      return this;
    }

    /**
     * Sets the form of the output per step.
     *
     * @param spec components, targets and further options; 5 components over 2 targets by default
     * @return this builder
     */
    public Builder spec(MixtureSpec spec) {
      this.spec = spec;
      return this;
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
     * Sets the updater.
     *
     * @param updater the updater; Adam(0.001) by default
     * @return this builder
     */
    public Builder updater(IUpdater updater) {
      this.updater = updater;
      return this;
    }

    /**
     * Sets the seed of the initial weights.
     *
     * @param seed the seed
     * @return this builder
     */
    public Builder seed(long seed) {
      this.seed = seed;
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
