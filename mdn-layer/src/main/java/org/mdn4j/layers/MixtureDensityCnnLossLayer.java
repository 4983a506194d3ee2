/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.layers;

import java.util.Collection;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;
import org.mdn4j.MixtureSpecBuilder;
import org.mdn4j.likelihood.Engine;
import org.mdn4j.loss.LossMixtureNLL;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.shade.jackson.annotation.JsonIgnore;

/**
 * A layer with a mixture for each pixel of an image, in the manner of DL4J's {@code CnnLossLayer}:
 * it has no parameters, and stands behind a convolution with P output channels.
 *
 * <pre>{@code
 * var head = new MixtureDensityCnnLossLayer.Builder().components(3).targets(1).build();
 * new ConvolutionLayer.Builder(1, 1)
 *     .nOut(head.getSpec().parameterCount()).activation(Activation.IDENTITY).build()
 * }</pre>
 *
 * <p>The convolution must have the identity activation: its output is the raw output, which is
 * unbounded, and this layer cannot see which activation it passed. Mind {@code
 * FineTuneConfiguration.activation}, which sets the activation of every convolution.
 *
 * <p>Shapes in the format NCHW, the default: input and output {@code [N, P, H, W]}, labels {@code
 * [N, D, H, W]}; in NHWC: {@code [N, H, W, P]} and {@code [N, H, W, D]}. Label masks are per image
 * {@code [N, 1]}, per pixel (the labels' shape with 1 channel) or per target (the labels' shape).
 *
 * <p>The score is the NLL summed over the pixels that count, divided by the minibatch's size N, as
 * in {@code CnnLossLayer}.
 */
public class MixtureDensityCnnLossLayer extends CnnLossLayer {
  private static final long serialVersionUID = 1L;

  /** Creates an empty layer for deserialisation; use {@link Builder}. */
  public MixtureDensityCnnLossLayer() {}

  private MixtureDensityCnnLossLayer(Builder builder) {
    MixtureSpec spec = builder.options.build();
    setLayerName(builder.name);
    setLossFn(new LossMixtureNLL(spec, builder.engine));
    setActivationFn(new ActivationIdentity());
    setFormat(builder.format);
    setNIn(spec.parameterCount());
    setNOut(spec.parameterCount());
  }

  /**
   * Returns the form of each pixel's output.
   *
   * @return components, targets, covariance and further options
   */
  @JsonIgnore
  public MixtureSpec getSpec() {
    return ((LossMixtureNLL) getLossFn()).getSpec();
  }

  /**
   * Returns the engine that computes the loss.
   *
   * @return the engine
   */
  @JsonIgnore
  public Engine getEngine() {
    return ((LossMixtureNLL) getLossFn()).getEngine();
  }

  /**
   * Keeps the identity, whatever activation is given, as {@link
   * MixtureDensityOutputLayer#setActivationFn} does.
   *
   * @param activationFn not looked at
   */
  @Override
  public void setActivationFn(IActivation activationFn) {
    super.setActivationFn(new ActivationIdentity());
  }

  /**
   * Sets the loss; for deserialisation.
   *
   * @param lossFn a {@link LossMixtureNLL}
   * @throws IllegalArgumentException if it is another loss
   */
  @Override
  public void setLossFn(ILossFunction lossFn) {
    super.setLossFn(MixtureDensityOutputLayer.requireOurs(lossFn));
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    if (inputType instanceof InputType.InputTypeConvolutional image
        && image.getChannels() != getSpec().parameterCount()) {
      throw new IllegalStateException(
          "Layer \"%s\" (index %s): expected %s channels for %s, got %s"
              .formatted(
                  getLayerName(),
                  layerIndex,
                  getSpec().parameterCount(),
                  getSpec(),
                  image.getChannels()));
    }
    return super.getOutputType(layerIndex, inputType);
  }

  @Override
  public Layer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> trainingListeners,
      int layerIndex,
      INDArray layerParamsView,
      boolean initializeParams,
      DataType networkDataType) {
    MixtureDensityCnnLossHead head = new MixtureDensityCnnLossHead(conf, networkDataType);
    head.setListeners(trainingListeners);
    head.setIndex(layerIndex);
    head.setParamsViewArray(layerParamsView);
    Map<String, INDArray> parameters = initializer().init(conf, layerParamsView, initializeParams);
    head.setParamTable(parameters);
    head.setConf(conf);
    return head;
  }

  @Override
  protected boolean canEqual(Object other) {
    return other instanceof MixtureDensityCnnLossLayer;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MixtureDensityCnnLossLayer && super.equals(other);
  }

  @Override
  public int hashCode() {
    return super.hashCode();
  }

  @Override
  public String toString() {
    return "MixtureDensityCnnLossLayer(%s, %s)".formatted(getSpec(), getFormat());
  }

  /** Builder of a {@link MixtureDensityCnnLossLayer}. */
  public static final class Builder {
    private final SpecOptions options = new SpecOptions();
    private Engine engine = Engine.AUTO;
    private String name;
    private CNN2DFormat format = CNN2DFormat.NCHW;

    /** Creates a builder of a layer with 1 target and DIAGONAL Gaussian components. */
    public Builder() {}

    /**
     * Sets the number of components.
     *
     * @param components K, at least 1
     * @return this builder
     */
    public Builder components(int components) {
      options.option().components(components);
      return this;
    }

    /**
     * Sets the number of targets.
     *
     * @param targets D, at least 1; 1 by default
     * @return this builder
     */
    public Builder targets(int targets) {
      options.option().targets(targets);
      return this;
    }

    /**
     * Sets the form of the covariance.
     *
     * @param covariance the form; DIAGONAL by default
     * @return this builder
     */
    public Builder covariance(Covariance covariance) {
      options.option().covariance(covariance);
      return this;
    }

    /**
     * Sets the lower bound of every scale.
     *
     * @param scaleFloor f ≥ 0 in σ = f + exp(s), in target units; 0 by default
     * @return this builder
     */
    public Builder scaleFloor(double scaleFloor) {
      options.option().scaleFloor(scaleFloor);
      return this;
    }

    /**
     * Sets the family of the components.
     *
     * @param family the family; GAUSSIAN by default
     * @return this builder
     */
    public Builder family(ComponentFamily family) {
      options.option().family(family);
      return this;
    }

    /**
     * Sets the atoms: values that one target has with a probability of their own.
     *
     * @param atoms as {@link MixtureSpecBuilder#atoms} takes them; none by default
     * @return this builder
     */
    public Builder atoms(double... atoms) {
      options.option().atoms(atoms);
      return this;
    }

    /**
     * Makes labels intervals, with two channels per target, as {@link
     * MixtureSpecBuilder#censored()} says.
     *
     * @return this builder
     */
    public Builder censored() {
      options.option().censored();
      return this;
    }

    /**
     * Sets the value below which no target is ever seen.
     *
     * @param value finite, in target units
     * @return this builder
     */
    public Builder truncatedBelow(double value) {
      options.option().truncatedBelow(value);
      return this;
    }

    /**
     * Sets the value above which no target is ever seen.
     *
     * @param value finite, in target units
     * @return this builder
     */
    public Builder truncatedAbove(double value) {
      options.option().truncatedAbove(value);
      return this;
    }

    /**
     * Sets the whole form of each pixel's output, in place of the options above, which must then
     * not be set; a specification has more of them.
     *
     * @param spec the specification
     * @return this builder
     */
    public Builder spec(MixtureSpec spec) {
      options.whole(spec);
      return this;
    }

    /**
     * Sets the engine that computes the loss.
     *
     * @param engine the engine; AUTO by default
     * @return this builder
     */
    public Builder engine(Engine engine) {
      this.engine = engine;
      return this;
    }

    /**
     * Sets the layer's name.
     *
     * @param name the name
     * @return this builder
     */
    public Builder name(String name) {
      this.name = name;
      return this;
    }

    /**
     * Sets the order of the dimensions.
     *
     * @param format NCHW, the default, or NHWC
     * @return this builder
     */
    public Builder format(CNN2DFormat format) {
      this.format = format;
      return this;
    }

    /**
     * Creates the layer.
     *
     * @return the layer
     * @throws IllegalArgumentException if an option is out of its range, the number of components
     *     was not set, or the engine does not cover the form of the output
     */
    public MixtureDensityCnnLossLayer build() {
      return new MixtureDensityCnnLossLayer(this);
    }
  }
}
