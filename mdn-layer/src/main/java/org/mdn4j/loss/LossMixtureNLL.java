/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.loss;

import java.util.Arrays;
import org.mdn4j.Covariance;
import org.mdn4j.Limits;
import org.mdn4j.MixtureLikelihood;
import org.mdn4j.MixtureSpec;
import org.mdn4j.MixtureSpecBuilder;
import org.mdn4j.ScoreAndGradient;
import org.mdn4j.likelihood.Engine;
import org.mdn4j.likelihood.SameDiffLikelihood;
import org.mdn4j.rows.LabelForm;
import org.mdn4j.rows.Observations;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.shade.jackson.annotation.JsonAutoDetect;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The negative log-likelihood of a mixture whose parameters are the network's raw output, as a loss
 * function for DL4J.
 *
 * <pre>
 *   L_n = −log p(y_n | x_n) = −logsumexp_k( log π_k + Σ_d log N(y_nd; μ_kd, σ_kd) )
 * </pre>
 *
 * <p>in nats; see {@link SameDiffLikelihood} for the formula in log space, its source and its
 * limits, {@link Engine} for the ways to compute it, and {@link MixtureSpec} for the columns of the
 * output {@code [N, P]}. Labels have shape {@code [N, D]}; for one target {@code [N]} is accepted,
 * too. With {@link MixtureSpecBuilder#censored()} they are intervals, {@code [N, 2 D]}.
 *
 * <p><b>In a stock output layer</b> set {@code nOut} to {@link MixtureSpec#parameterCount()} and
 * the activation to identity:
 *
 * <pre>{@code
 * LossMixtureNLL loss = LossMixtureNLL.builder().components(5).targets(1).build();
 * new OutputLayer.Builder(loss)
 *     .nOut(loss.getSpec().parameterCount())
 *     .activation(Activation.IDENTITY)
 *     .build();
 * }</pre>
 *
 * <p><b>Masks.</b> A mask {@code [N, 1]} multiplies each row's score and gradient; 0 leaves the row
 * out. A mask {@code [N, D]} of ones and zeros leaves single targets out: the rest of the row is
 * scored by its marginal. A label that is masked may be NaN. A stock {@code OutputLayer} carries
 * only {@code [N, 1]}, and only of ones and zeros: DL4J multiplies the raw output by it, too, so
 * that a weight of ½ would give the likelihood of another mixture. Our own layers carry all masks.
 *
 * <p>A stock layer applies its activation to its output, whatever the loss is: training and scoring
 * reject another activation than the identity, {@code output()} cannot.
 *
 * <p><b>Averages</b> divide by the number of rows N, masked or not, as DL4J's own losses do.
 */
@JsonAutoDetect(
    fieldVisibility = JsonAutoDetect.Visibility.NONE,
    getterVisibility = JsonAutoDetect.Visibility.NONE,
    isGetterVisibility = JsonAutoDetect.Visibility.NONE)
public class LossMixtureNLL implements ILossFunction {
  private static final long serialVersionUID = 1L;

  private final MixtureSpec spec;
  private final Engine engine;
  private transient MixtureLikelihood likelihood; // made at the first use, when the backend counts

  /**
   * Creates a loss for one form of output, computed by {@link Engine#AUTO}.
   *
   * @param spec components, targets, covariance and scale floor
   * @throws IllegalArgumentException if spec is null
   */
  public LossMixtureNLL(MixtureSpec spec) {
    this(spec, Engine.AUTO);
  }

  /**
   * Creates a loss for one form of output.
   *
   * @param spec components, targets, covariance and scale floor
   * @param engine what computes it; null, as in the JSON of earlier versions, for AUTO
   * @throws IllegalArgumentException if spec is null
   */
  @JsonCreator
  public LossMixtureNLL(
      @JsonProperty("spec") MixtureSpec spec, @JsonProperty("engine") Engine engine) {
    if (spec == null) {
      throw new IllegalArgumentException("Expected a MixtureSpec, got null");
    }
    this.spec = spec;
    this.engine = engine == null ? Engine.AUTO : engine;
  }

  /**
   * Returns a builder of a loss; the options are those of {@link MixtureSpec#builder()}.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns the form of the output that this loss reads.
   *
   * @return the specification
   */
  @JsonProperty("spec")
  public MixtureSpec getSpec() {
    return spec;
  }

  /**
   * Returns the engine that computes this loss.
   *
   * @return the engine
   */
  @JsonProperty("engine")
  public Engine getEngine() {
    return engine;
  }

  /**
   * Returns the score at which the term of a far-off target is cut off, so that it stays finite. A
   * network's score of this size is finite and says that its training has diverged.
   *
   * @param dtype that of the network
   * @return nats; 10³⁶, for DOUBLE 10³⁰⁰, and less where there are more than 100 targets
   */
  public double largestTargetScore(DataType dtype) {
    return MixtureLikelihood.largestTargetScore(spec, dtype);
  }

  private synchronized MixtureLikelihood likelihood() {
    if (likelihood == null) {
      likelihood = engine.likelihood(spec);
    }
    return likelihood;
  }

  /**
   * {@inheritDoc}
   *
   * @return the sum of the rows' scores in nats, or that sum divided by N
   * @throws IllegalArgumentException if the activation is not the identity, the shape of labels,
   *     output or mask does not fit, or a label that is not masked is NaN or infinite, no interval,
   *     or outside of a truncation
   * @throws IllegalStateException if the engine is FUSED and ND4J's backend is not a CPU
   */
  @Override
  public double computeScore(
      INDArray labels,
      INDArray preOutput,
      IActivation activationFn,
      INDArray mask,
      boolean average) {
    Observations observations = check(labels, preOutput, activationFn, mask);
    INDArray scores = likelihood().score(observations.labels(), preOutput, observations.observed());
    return averaged(observations.total(scores), preOutput, average);
  }

  /**
   * {@inheritDoc}
   *
   * @return scores in nats, {@code [N, 1]}
   * @throws IllegalArgumentException as for {@link #computeScore}
   */
  @Override
  public INDArray computeScoreArray(
      INDArray labels, INDArray preOutput, IActivation activationFn, INDArray mask) {
    Observations observations = check(labels, preOutput, activationFn, mask);
    INDArray scores = likelihood().score(observations.labels(), preOutput, observations.observed());
    return observations.weighted(scores).reshape(-1, 1).castTo(preOutput.dataType());
  }

  /**
   * {@inheritDoc}
   *
   * @return the derivative of the sum of scores with respect to the raw output, {@code [N, P]}
   * @throws IllegalArgumentException as for {@link #computeScore}
   */
  @Override
  public INDArray computeGradient(
      INDArray labels, INDArray preOutput, IActivation activationFn, INDArray mask) {
    return computeGradientAndScore(labels, preOutput, activationFn, mask, false).getSecond();
  }

  /**
   * {@inheritDoc} Both come from one pass over the likelihood.
   *
   * @return the score as {@link #computeScore} gives it, and the gradient of the sum of scores
   * @throws IllegalArgumentException as for {@link #computeScore}
   */
  @Override
  public Pair<Double, INDArray> computeGradientAndScore(
      INDArray labels,
      INDArray preOutput,
      IActivation activationFn,
      INDArray mask,
      boolean average) {
    Observations observations = check(labels, preOutput, activationFn, mask);
    ScoreAndGradient pass =
        likelihood().scoreAndGradient(observations.labels(), preOutput, observations.observed());
    double score = averaged(observations.total(pass.score()), preOutput, average);
    return Pair.of(score, observations.weighted(pass.gradient()).castTo(preOutput.dataType()));
  }

  private Observations check(
      INDArray labels, INDArray preOutput, IActivation activationFn, INDArray mask) {
    if (!(activationFn instanceof ActivationIdentity)) {
      throw new IllegalArgumentException(
          "LossMixtureNLL needs the identity activation, got "
              + activationFn
              + ": the raw output holds logits, locations and log scales, none of which is bounded,"
              + " and the loss itself applies the softmax and the exponential");
    }
    if (preOutput.rank() != 2
        || preOutput.size(0) == 0
        || preOutput.size(1) != spec.parameterCount()) {
      throw new IllegalArgumentException(
          "Expected an output of shape [N, %s] with N > 0 for %s, got %s"
              .formatted(spec.parameterCount(), spec, Arrays.toString(preOutput.shape())));
    }
    long[] expected = {preOutput.size(0), spec.labelColumns()};
    boolean flat =
        labels != null
            && labels.rank() == 1
            && spec.labelColumns() == 1
            && labels.length() == preOutput.size(0);
    if (labels == null || !flat && !Arrays.equals(labels.shape(), expected)) {
      throw new IllegalArgumentException(
          "Expected labels of shape %s (rows of the output, %s), got %s"
              .formatted(
                  Arrays.toString(expected),
                  spec.censored() ? "two ends per target" : "targets",
                  labels == null
                      ? "none"
                      : Arrays.toString(labels.shape()) + advice(labels.rank())));
    }
    INDArray rows = flat ? labels.reshape(expected) : labels;
    return Observations.of(
        Limits.computed(rows, spec, preOutput.dataType()), LabelForm.of(spec), mask);
  }

  private static String advice(int rank) {
    return switch (rank) {
      case 3 -> "; for a mixture at each step take a MixtureDensityRnnOutputLayer";
      case 4 -> "; for a mixture at each pixel take a MixtureDensityCnnLossLayer";
      default -> "";
    };
  }

  private static double averaged(double sum, INDArray preOutput, boolean average) {
    return average ? sum / preOutput.size(0) : sum;
  }

  @Override
  public String name() {
    return toString();
  }

  @Override
  public boolean equals(Object other) {
    return other != null
        && other.getClass() == getClass()
        && spec.equals(((LossMixtureNLL) other).spec)
        && engine == ((LossMixtureNLL) other).engine;
  }

  @Override
  public int hashCode() {
    return 31 * spec.hashCode() + engine.name().hashCode();
  }

  @Override
  public String toString() {
    return "LossMixtureNLL(" + spec + ", engine=" + engine + ")";
  }

  /** Fills in the engine, which losses written before there were engines do not have. */
  private Object readResolve() {
    return new LossMixtureNLL(spec, engine);
  }

  /** Builder of a {@link LossMixtureNLL}. */
  public static final class Builder {
    private final MixtureSpecBuilder spec = MixtureSpec.builder();
    private Engine engine = Engine.AUTO;

    private Builder() {}

    /**
     * Sets the number of components.
     *
     * @param components K, at least 1
     * @return this builder
     */
    public Builder components(int components) {
      spec.components(components);
      return this;
    }

    /**
     * Sets the number of targets.
     *
     * @param targets D, at least 1; 1 by default
     * @return this builder
     */
    public Builder targets(int targets) {
      spec.targets(targets);
      return this;
    }

    /**
     * Sets the form of the covariance.
     *
     * @param covariance the form; DIAGONAL by default
     * @return this builder
     */
    public Builder covariance(Covariance covariance) {
      spec.covariance(covariance);
      return this;
    }

    /**
     * Sets the lower bound of every scale.
     *
     * @param scaleFloor f ≥ 0 in σ = f + exp(s), in target units; 0 by default
     * @return this builder
     */
    public Builder scaleFloor(double scaleFloor) {
      spec.scaleFloor(scaleFloor);
      return this;
    }

    /**
     * Sets the atoms: values that one target has with a probability of their own.
     *
     * @param atoms as {@link MixtureSpecBuilder#atoms} takes them; none by default
     * @return this builder
     */
    public Builder atoms(double... atoms) {
      spec.atoms(atoms);
      return this;
    }

    /**
     * Makes labels intervals, {@code [N, 2 D]}, as {@link MixtureSpecBuilder#censored()} says.
     *
     * @return this builder
     */
    public Builder censored() {
      spec.censored();
      return this;
    }

    /**
     * Sets the value below which no target is ever seen.
     *
     * @param value finite, in target units
     * @return this builder
     */
    public Builder truncatedBelow(double value) {
      spec.truncatedBelow(value);
      return this;
    }

    /**
     * Sets the value above which no target is ever seen.
     *
     * @param value finite, in target units
     * @return this builder
     */
    public Builder truncatedAbove(double value) {
      spec.truncatedAbove(value);
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
     * Creates the loss.
     *
     * @return the loss
     * @throws IllegalArgumentException if an option is out of its range, or the engine does not
     *     cover the form of the output
     */
    public LossMixtureNLL build() {
      return new LossMixtureNLL(spec.build(), engine);
    }
  }
}
