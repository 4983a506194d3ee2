/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.zoo;

import java.io.IOException;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.zoo.ModelMetaData;
import org.deeplearning4j.zoo.PretrainedType;
import org.deeplearning4j.zoo.ZooModel;
import org.deeplearning4j.zoo.ZooType;
import org.mdn4j.MixtureSpec;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;

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
public final class MixtureDensityNetwork extends ZooModel<MultiLayerNetwork> {
  private static final BundledWeights WEIGHTS =
      new BundledWeights("mdn-inverted-sine-v2.zip", 3511678231L);

  private final MixtureSpec spec;
  private final int hiddenLayers;
  private final int hiddenUnits;
  private final Activation activation;
  private final IUpdater updater;
  private final long seed;
  private int inputs;

  private MixtureDensityNetwork(Builder builder) {
    this.spec = builder.spec;
    this.hiddenLayers = builder.hiddenLayers;
    this.hiddenUnits = builder.hiddenUnits;
    this.activation = builder.activation;
    this.updater = builder.updater;
    this.seed = builder.seed;
    this.inputs = builder.inputs;
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
    return new ModelMetaData(new int[][] {{inputs}}, spec.parameterCount(), ZooType.CNN);
  }

  @Override
  public Class<? extends Model> modelType() {
    return MultiLayerNetwork.class;
  }

  /**
   * Returns the place of the inverted sine's weights inside this jar.
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
   * Sets the number of inputs.
   *
   * @param inputShape {@code {{inputs}}}
   * @throws IllegalArgumentException if it is not one number, at least 1
   */
  @Override
  public void setInputShape(int[][] inputShape) {
    this.inputs = ZooShapes.vector(inputShape);
  }

  /** Builder of a {@link MixtureDensityNetwork}. */
  public static final class Builder {
    private MixtureSpec spec = MixtureSpec.builder().components(10).build();
    private int inputs = 1;
    private int hiddenLayers = 2;
    private int hiddenUnits = 32;
    private Activation activation = Activation.TANH;
    private IUpdater updater = new Adam(0.01);
    private long seed = 1234;

    private Builder() {}

    /**
     * Sets the number of inputs.
     *
     * @param inputs at least 1; 1 by default
     * @return this builder
     */
    public Builder inputs(int inputs) {
      this.inputs = inputs;
      return this;
    }

    /**
     * Sets the form of the output.
     *
     * @param spec components, targets and further options; 10 components over 1 target by default
     * @return this builder
     */
    public Builder spec(MixtureSpec spec) {
      this.spec = spec;
      return this;
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
     * Sets the updater.
     *
     * @param updater the updater; Adam(0.01) by default
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
    public MixtureDensityNetwork build() {
      ZooShapes.requirePositive("inputs", inputs);
      ZooShapes.requirePositive("hidden layers", hiddenLayers);
      ZooShapes.requirePositive("hidden units", hiddenUnits);
      return new MixtureDensityNetwork(this);
    }
  }
}
