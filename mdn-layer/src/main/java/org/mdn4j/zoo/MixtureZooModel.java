/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.zoo;

import java.io.IOException;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.zoo.ModelMetaData;
import org.deeplearning4j.zoo.PretrainedType;
import org.deeplearning4j.zoo.ZooModel;
import org.deeplearning4j.zoo.ZooType;
import org.mdn4j.MixtureSpec;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * A zoo model with a mixture density head, whose input is a vector, and with weights in this jar.
 */
abstract class MixtureZooModel extends ZooModel<MultiLayerNetwork> {
  private final BundledWeights weights;
  private final ZooType type;
  final MixtureSpec spec;
  final IUpdater updater;
  final long seed;
  int inputs;

  MixtureZooModel(BundledWeights weights, ZooType type, Builder<?> builder) {
    this.weights = weights;
    this.type = type;
    this.spec = builder.spec;
    this.updater = builder.updater;
    this.seed = builder.seed;
    this.inputs = builder.inputs;
  }

  /**
   * Returns the network's configuration.
   *
   * @return the layers and the head
   */
  public abstract MultiLayerConfiguration conf();

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
    return new ModelMetaData(new int[][] {{inputs}}, spec.parameterCount(), type);
  }

  @Override
  public Class<? extends Model> modelType() {
    return MultiLayerNetwork.class;
  }

  /**
   * Returns the place of the weights inside this jar.
   *
   * @param pretrainedType IMAGENET, by which DL4J's zoo means a model's only or first weights; its
   *     other names, of sets of images, have none here
   * @return the address of the file, null if there is none
   */
  @Override
  public String pretrainedUrl(PretrainedType pretrainedType) {
    return weights.url(pretrainedType);
  }

  @Override
  public long pretrainedChecksum(PretrainedType pretrainedType) {
    return weights.checksum(pretrainedType);
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
    return (M) weights.network(pretrainedType, modelName());
  }

  /**
   * Sets the number of inputs, of each step where there are steps.
   *
   * @param inputShape {@code {{inputs}}}
   * @throws IllegalArgumentException if it is not one number, at least 1
   */
  @Override
  public void setInputShape(int[][] inputShape) {
    this.inputs = ZooShapes.vector(inputShape);
  }

  /**
   * The options that the models share.
   *
   * @param <B> the builder's own type
   */
  @SuppressWarnings("unchecked") // B is the type of this
  abstract static class Builder<B extends Builder<B>> {
    private MixtureSpec spec;
    private IUpdater updater;
    private long seed = 1234;
    int inputs;

    Builder(int inputs, MixtureSpec spec, IUpdater updater) {
      this.inputs = inputs;
      this.spec = spec;
      this.updater = updater;
    }

    /**
     * Sets the number of inputs, of each step where there are steps.
     *
     * @param inputs at least 1
     * @return this builder
     */
    public B inputs(int inputs) {
      this.inputs = inputs;
      return (B) this;
    }

    /**
     * Sets the form of the output, of each step where there are steps.
     *
     * @param spec components, targets and further options
     * @return this builder
     */
    public B spec(MixtureSpec spec) {
      this.spec = spec;
      return (B) this;
    }

    /**
     * Sets the updater.
     *
     * @param updater the updater
     * @return this builder
     */
    public B updater(IUpdater updater) {
      this.updater = updater;
      return (B) this;
    }

    /**
     * Sets the seed of the initial weights.
     *
     * @param seed the seed; 1234 by default
     * @return this builder
     */
    public B seed(long seed) {
      this.seed = seed;
      return (B) this;
    }
  }
}
