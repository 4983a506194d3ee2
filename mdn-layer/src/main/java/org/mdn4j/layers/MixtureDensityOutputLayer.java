/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.layers;

import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.distribution.NormalDistribution;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.LayerValidation;
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
 * A dense output layer whose output is the parameters of a mixture, and whose loss is the mixture's
 * negative log-likelihood.
 *
 * <pre>{@code
 * new MixtureDensityOutputLayer.Builder().components(5).targets(1).build()
 * }</pre>
 *
 * <p>{@code nOut} (P of {@link MixtureSpec}), the identity activation and the loss ({@link
 * LossMixtureNLL}) follow from components, targets, covariance and scale floor. Input {@code [N,
 * nIn]}, output {@code [N, P]}, labels {@code [N, D]}; label masks {@code [N, 1]} or {@code [N, D]}
 * act on the likelihood and leave the output alone.
 *
 * <p><b>Start.</b> Training starts from components that cover the targets: locations spread evenly
 * over {@code [lower, upper]}, equal weights, and for each component σ = (upper − lower) / (2
 * K<sup>1/D</sup>), half the spacing of neighbours, at which two equal components just merge into
 * one mode, so that the start has no gaps. The default range is [−√3, √3], where the uniform
 * distribution has mean 0 and variance 1: it fits standardised targets. Give the targets' own range
 * where they are not standardised. With several targets each one's K locations are a permutation of
 * the same even grid (a rank-1 lattice), so that components differ in all of them. The weights of
 * the locations, by default N(0, 0.02²), are drawn for the default range and scale with the range's
 * width.
 *
 * <p>In training, one pass over the likelihood gives score and gradient.
 */
public class MixtureDensityOutputLayer extends BaseOutputLayer {
  private static final long serialVersionUID = 1L;

  private double initialLower;
  private double initialUpper;

  /** Creates an empty layer for deserialisation; use {@link Builder}. */
  public MixtureDensityOutputLayer() {}

  /**
   * Creates the layer that a builder describes.
   *
   * @param builder the options
   */
  protected MixtureDensityOutputLayer(HeadBuilder<?> builder) {
    super(builder);
    this.initialLower = builder.initialLower;
    this.initialUpper = builder.initialUpper;
    initializeConstraints(builder);
  }

  /**
   * Returns the form of the output.
   *
   * @return components, targets, covariance and scale floor
   */
  @JsonIgnore
  public MixtureSpec getSpec() {
    return ((LossMixtureNLL) getLossFn()).getSpec();
  }

  /**
   * Returns the engine that computes the likelihood.
   *
   * @return the engine
   */
  @JsonIgnore
  public Engine getEngine() {
    return ((LossMixtureNLL) getLossFn()).getEngine();
  }

  /**
   * Returns the lower end of the range over which the locations are spread at the start.
   *
   * @return the lower end, in target units
   */
  public double getInitialLower() {
    return initialLower;
  }

  /**
   * Sets {@link #getInitialLower()}; for deserialisation.
   *
   * @param initialLower the lower end, in target units
   */
  public void setInitialLower(double initialLower) {
    this.initialLower = initialLower;
  }

  /**
   * Returns the upper end of the range over which the locations are spread at the start.
   *
   * @return the upper end, in target units
   */
  public double getInitialUpper() {
    return initialUpper;
  }

  /**
   * Sets {@link #getInitialUpper()}; for deserialisation.
   *
   * @param initialUpper the upper end, in target units
   */
  public void setInitialUpper(double initialUpper) {
    this.initialUpper = initialUpper;
  }

  /**
   * Keeps the identity, whatever activation is given: the raw output holds logits, locations and
   * parameters of the scales, none of which is bounded. DL4J's {@code
   * FineTuneConfiguration.activation} sets the activation of all layers of a network, this one
   * included.
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
    super.setLossFn(requireOurs(lossFn));
  }

  static LossMixtureNLL requireOurs(ILossFunction lossFn) {
    if (lossFn instanceof LossMixtureNLL ours) {
      return ours;
    }
    throw new IllegalArgumentException(
        "A mixture density head is trained by LossMixtureNLL, got " + lossFn);
  }

  @Override
  public Layer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> trainingListeners,
      int layerIndex,
      INDArray layerParamsView,
      boolean initializeParams,
      DataType networkDataType) {
    LayerValidation.assertNInNOutSet(
        "MixtureDensityOutputLayer", getLayerName(), layerIndex, getNIn(), getNOut());
    if (getNOut() != getSpec().parameterCount()) {
      throw new IllegalStateException(
          "Layer \"%s\" (index %s): expected nOut = %s for %s, got %s"
              .formatted(
                  getLayerName(), layerIndex, getSpec().parameterCount(), getSpec(), getNOut()));
    }
    if (initializeParams) {
      requireRange(initialLower, initialUpper);
    }
    MixtureDensityHead head = newHead(conf, networkDataType);
    head.setListeners(trainingListeners);
    head.setIndex(layerIndex);
    head.setParamsViewArray(layerParamsView);
    Map<String, INDArray> parameters = initializer().init(conf, layerParamsView, initializeParams);
    head.setParamTable(parameters);
    head.setConf(conf);
    return head;
  }

  private static void requireRange(double lower, double upper) {
    if (!(lower < upper && Double.isFinite(upper - lower))) {
      throw new IllegalArgumentException(
          "Expected a finite initial range with lower < upper, got [" + lower + ", " + upper + "]");
    }
  }

  MixtureDensityHead newHead(NeuralNetConfiguration conf, DataType dataType) {
    return new MixtureDensityHead(conf, dataType);
  }

  @Override
  public ParamInitializer initializer() {
    return SpreadComponentsInitializer.INSTANCE;
  }

  @Override
  protected boolean canEqual(Object other) {
    return other instanceof MixtureDensityOutputLayer;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MixtureDensityOutputLayer that
        && super.equals(other)
        && Double.compare(initialLower, that.initialLower) == 0
        && Double.compare(initialUpper, that.initialUpper) == 0;
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), initialLower, initialUpper);
  }

  @Override
  public String toString() {
    return "MixtureDensityOutputLayer(%s, initialLower=%s, initialUpper=%s, %s)"
        .formatted(getSpec(), initialLower, initialUpper, super.toString());
  }

  /**
   * Base of the builders of all mixture density output layers. Besides these options they take
   * those of every DL4J output layer (nIn, weightInit, l2, dropOut, updater, …); {@code nOut}, the
   * activation and the loss follow from the components and need not be set.
   *
   * @param <T> the builder's own type
   */
  @SuppressWarnings("unchecked") // T is the type of this
  public abstract static class HeadBuilder<T extends HeadBuilder<T>>
      extends BaseOutputLayer.Builder<T> {
    private final SpecOptions options = new SpecOptions();
    private final ILossFunction unsetLoss = getLossFn();
    private Engine engine = Engine.AUTO;
    private double initialLower = -Math.sqrt(3);
    private double initialUpper = Math.sqrt(3);

    /** Creates a builder of a layer with 1 target and DIAGONAL Gaussian components. */
    protected HeadBuilder() {
      weightInit(new NormalDistribution(0, 0.02));
    }

    /**
     * Sets the number of components.
     *
     * @param components K, at least 1
     * @return this builder
     */
    public T components(int components) {
      options.option().components(components);
      return (T) this;
    }

    /**
     * Sets the number of targets.
     *
     * @param targets D, at least 1; 1 by default
     * @return this builder
     */
    public T targets(int targets) {
      options.option().targets(targets);
      return (T) this;
    }

    /**
     * Sets the form of the covariance.
     *
     * @param covariance the form; DIAGONAL by default
     * @return this builder
     */
    public T covariance(Covariance covariance) {
      options.option().covariance(covariance);
      return (T) this;
    }

    /**
     * Sets the lower bound of every scale.
     *
     * @param scaleFloor f ≥ 0 in σ = f + exp(s), in target units; 0 by default
     * @return this builder
     */
    public T scaleFloor(double scaleFloor) {
      options.option().scaleFloor(scaleFloor);
      return (T) this;
    }

    /**
     * Sets the family of the components.
     *
     * @param family the family; GAUSSIAN by default
     * @return this builder
     */
    public T family(ComponentFamily family) {
      options.option().family(family);
      return (T) this;
    }

    /**
     * Sets the atoms: values that one target has with a probability of their own.
     *
     * @param atoms as {@link MixtureSpecBuilder#atoms} takes them; none by default
     * @return this builder
     */
    public T atoms(double... atoms) {
      options.option().atoms(atoms);
      return (T) this;
    }

    /**
     * Makes labels intervals, with two columns per target, as {@link MixtureSpecBuilder#censored()}
     * says.
     *
     * @return this builder
     */
    public T censored() {
      options.option().censored();
      return (T) this;
    }

    /**
     * Sets the value below which no target is ever seen.
     *
     * @param value finite, in target units
     * @return this builder
     */
    public T truncatedBelow(double value) {
      options.option().truncatedBelow(value);
      return (T) this;
    }

    /**
     * Sets the value above which no target is ever seen.
     *
     * @param value finite, in target units
     * @return this builder
     */
    public T truncatedAbove(double value) {
      options.option().truncatedAbove(value);
      return (T) this;
    }

    /**
     * Sets the whole form of the output, in place of the options above, which must then not be set;
     * a specification has more of them.
     *
     * @param spec the specification
     * @return this builder
     */
    public T spec(MixtureSpec spec) {
      options.whole(spec);
      return (T) this;
    }

    /**
     * Sets the engine that computes the likelihood.
     *
     * @param engine the engine; AUTO by default
     * @return this builder
     */
    public T engine(Engine engine) {
      this.engine = engine;
      return (T) this;
    }

    /**
     * Sets the range over which the locations are spread at the start, for every target.
     *
     * @param lower lower end, in target units; −√3 by default
     * @param upper upper end, in target units, above the lower; √3 by default
     * @return this builder
     */
    public T initialRange(double lower, double upper) {
      this.initialLower = lower;
      this.initialUpper = upper;
      return (T) this;
    }

    /**
     * Sets nOut, the activation and the loss from the options.
     *
     * @throws IllegalArgumentException if an option is out of its range, the engine does not cover
     *     the form of the output, or nOut, activation, loss or biasInit were set to something else
     *     than the components imply
     */
    protected void derive() {
      LossMixtureNLL loss = new LossMixtureNLL(options.build(), engine);
      long derived = loss.getSpec().parameterCount();
      refuse(getNOut() != 0 && getNOut() != derived, "nOut", derived, getNOut());
      refuse(
          getActivationFn() != null && !(getActivationFn() instanceof ActivationIdentity),
          "activation",
          "identity",
          getActivationFn());
      refuse(
          getLossFn() != unsetLoss && !loss.equals(getLossFn()), "lossFunction", loss, getLossFn());
      refuse(!Double.isNaN(getBiasInit()), "biasInit", "initialRange", getBiasInit());
      requireRange(initialLower, initialUpper);
      setNOut((int) derived);
      setActivationFn(new ActivationIdentity());
      setLossFn(loss);
    }

    private static void refuse(boolean conflict, String option, Object derived, Object given) {
      if (conflict) {
        throw new IllegalArgumentException(
            "The mixture determines %s = %s; leave it unset, got %s"
                .formatted(option, derived, given));
      }
    }
  }

  /** Builder of a {@link MixtureDensityOutputLayer}. */
  @SuppressWarnings("unchecked") // DL4J's build() returns a type parameter of its own
  public static class Builder extends HeadBuilder<Builder> {
    /** Creates a builder of a layer with 1 target and DIAGONAL Gaussian components. */
    public Builder() {}

    /**
     * Creates the layer.
     *
     * @return the layer
     * @throws IllegalArgumentException if an option is out of its range, or nOut, activation, loss
     *     or biasInit were set to something else than the components imply
     */
    @Override
    public MixtureDensityOutputLayer build() {
      derive();
      return new MixtureDensityOutputLayer(this);
    }
  }
}
