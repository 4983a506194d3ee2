/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j;

import java.io.Serializable;
import java.util.Objects;
import org.nd4j.shade.jackson.annotation.JsonAutoDetect;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import org.nd4j.shade.jackson.annotation.JsonPropertyOrder;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.databind.DeserializationFeature;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * What a mixture density head puts out: the number of components K, the number of targets D, the
 * form of the covariance, and the columns in which a network's raw output holds them.
 *
 * <p>A raw output has shape {@code [N, P]}. With S scale parameters per component (1 for {@link
 * Covariance#SPHERICAL}, D for {@link Covariance#DIAGONAL}), P = K + K·D + K·S, in this order:
 *
 * <table>
 *   <caption>Columns of the raw output</caption>
 *   <tr><th>columns</th><th>meaning</th><th>index</th></tr>
 *   <tr><td>[0, K)</td><td>mixture logits z_k</td><td>k</td></tr>
 *   <tr><td>[K, K + K·D)</td><td>locations μ_kd</td><td>K + k·D + d</td></tr>
 *   <tr><td>[K + K·D, P)</td><td>scale parameters s_kd</td><td>K + K·D + k·S + d</td></tr>
 * </table>
 *
 * <p>They mean
 *
 * <pre>
 *   log π = z − logsumexp(z)
 *   σ     = f + exp(s)          (f: the scale floor, 0 unless set, so that log σ = s)
 * </pre>
 *
 * <p>Source: C. M. Bishop, <i>Mixture Density Networks</i>, Aston University NCRG/94/004 (1994),
 * equations 25 (softmax of the logits) and 26 (exponential of the scales).
 *
 * <p>Immutable and safe for use by several threads.
 */
@JsonAutoDetect(
    fieldVisibility = JsonAutoDetect.Visibility.NONE,
    getterVisibility = JsonAutoDetect.Visibility.NONE,
    isGetterVisibility = JsonAutoDetect.Visibility.NONE)
@JsonPropertyOrder({"components", "targets", "covariance", "scaleFloor"})
public final class MixtureSpec implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final ObjectMapper JSON =
      new ObjectMapper().disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);

  private final int components;
  private final int targets;
  private final Covariance covariance;
  private final double scaleFloor;
  private final int parameterCount;

  @JsonCreator
  private MixtureSpec(
      @JsonProperty("components") int components,
      @JsonProperty("targets") int targets,
      @JsonProperty("covariance") Covariance covariance,
      @JsonProperty("scaleFloor") double scaleFloor) {
    if (components < 1) {
      throw new IllegalArgumentException("components must be at least 1, got " + components);
    }
    if (targets < 1) {
      throw new IllegalArgumentException("targets must be at least 1, got " + targets);
    }
    if (covariance == null) {
      throw new IllegalArgumentException("covariance must be set, got null");
    }
    if (!(scaleFloor >= 0 && Double.isFinite(scaleFloor))) {
      throw new IllegalArgumentException("scaleFloor must be finite and >= 0, got " + scaleFloor);
    }
    long columns = components * (1L + targets + covariance.scaleParameters(targets));
    if (columns > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "components and targets need "
              + columns
              + " output columns, more than the "
              + Integer.MAX_VALUE
              + " that an output can have");
    }
    this.components = components;
    this.targets = targets;
    this.covariance = covariance;
    this.scaleFloor = scaleFloor;
    this.parameterCount = (int) columns;
  }

  /**
   * Starts a specification.
   *
   * @return a builder with 1 target, {@link Covariance#DIAGONAL} and a scale floor of 0
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Number of components K.
   *
   * @return K, at least 1
   */
  @JsonProperty("components")
  public int components() {
    return components;
  }

  /**
   * Number of targets D.
   *
   * @return D, at least 1
   */
  @JsonProperty("targets")
  public int targets() {
    return targets;
  }

  /**
   * Form of each component's covariance.
   *
   * @return the covariance's form
   */
  @JsonProperty("covariance")
  public Covariance covariance() {
    return covariance;
  }

  /**
   * Lower bound f of every scale, in target units: σ = f + exp(s).
   *
   * @return f, at least 0
   */
  @JsonProperty("scaleFloor")
  public double scaleFloor() {
    return scaleFloor;
  }

  /**
   * Number of columns P of the raw output, which is what the layer before needs as {@code nOut}.
   *
   * @return P = K · (1 + D + S)
   */
  public int parameterCount() {
    return parameterCount;
  }

  /**
   * Number of scale parameters S per component.
   *
   * @return 1 for SPHERICAL, D for DIAGONAL
   */
  public int scalesPerComponent() {
    return covariance.scaleParameters(targets);
  }

  /**
   * Columns of the mixture logits.
   *
   * @return [0, K)
   */
  public ColumnRange logitColumns() {
    return new ColumnRange(0, components);
  }

  /**
   * Columns of the locations.
   *
   * @return [K, K + K·D)
   */
  public ColumnRange locationColumns() {
    return new ColumnRange(components, components + components * targets);
  }

  /**
   * Columns of the scale parameters.
   *
   * @return [K + K·D, P)
   */
  public ColumnRange scaleColumns() {
    return new ColumnRange(locationColumns().to(), parameterCount);
  }

  /**
   * Column of one location.
   *
   * @param component k, in [0, K)
   * @param target d, in [0, D)
   * @return K + k·D + d
   * @throws IndexOutOfBoundsException if k or d is out of its range
   */
  public int locationColumn(int component, int target) {
    Objects.checkIndex(component, components);
    Objects.checkIndex(target, targets);
    return components + component * targets + target;
  }

  /**
   * Column of the scale parameter that one component has for one target; for SPHERICAL it is the
   * same for all targets.
   *
   * @param component k, in [0, K)
   * @param target d, in [0, D)
   * @return K + K·D + k·S + d, with d = 0 for SPHERICAL
   * @throws IndexOutOfBoundsException if k or d is out of its range
   */
  public int scaleColumn(int component, int target) {
    Objects.checkIndex(component, components);
    Objects.checkIndex(target, targets);
    int scales = scalesPerComponent();
    return locationColumns().to() + component * scales + (scales == 1 ? 0 : target);
  }

  /**
   * The scale that a scale parameter stands for.
   *
   * @param scaleParameter s; read within [−300, 600], so that the scale is positive and finite
   * @return σ = f + exp(s), in target units
   */
  public double scale(double scaleParameter) {
    return scaleFloor + Math.exp(within(scaleParameter));
  }

  /**
   * The logarithm of {@link #scale}.
   *
   * @param scaleParameter s; read within [−300, 600]
   * @return log σ = log(f + exp(s)), which is s itself without a floor
   */
  public double logScale(double scaleParameter) {
    return scaleFloor == 0 ? within(scaleParameter) : Math.log(scale(scaleParameter));
  }

  private static double within(double scaleParameter) {
    return Math.max(-300, Math.min(600, scaleParameter));
  }

  /**
   * This specification as JSON.
   *
   * @return a JSON object with components, targets, covariance and scaleFloor
   */
  public String toJson() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A specification could not be written as JSON: " + this, e);
    }
  }

  /**
   * Reads what {@link #toJson()} wrote.
   *
   * @param json a JSON object with components, targets, covariance and, optionally, scaleFloor
   * @return the specification
   * @throws IllegalArgumentException if the text is not such an object or a value is out of range
   */
  public static MixtureSpec fromJson(String json) {
    try {
      MixtureSpec spec = JSON.readValue(json, MixtureSpec.class);
      if (spec == null) {
        throw new IllegalArgumentException(
            "Expected a JSON object with components, targets and covariance, got: " + json);
      }
      return spec;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "Expected a JSON object with components, targets and covariance, got: " + json, e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MixtureSpec that
        && components == that.components
        && targets == that.targets
        && covariance == that.covariance
        && Double.compare(scaleFloor, that.scaleFloor) == 0;
  }

  @Override
  public int hashCode() {
    return Objects.hash(components, targets, covariance.name(), scaleFloor);
  }

  @Override
  public String toString() {
    return "MixtureSpec(components="
        + components
        + ", targets="
        + targets
        + ", covariance="
        + covariance
        + ", scaleFloor="
        + scaleFloor
        + ")";
  }

  /** Builds a {@link MixtureSpec}; only the number of components has no default. */
  public static final class Builder {
    private int components;
    private int targets = 1;
    private Covariance covariance = Covariance.DIAGONAL;
    private double scaleFloor;

    private Builder() {}

    /**
     * Sets the number of components.
     *
     * @param components K, at least 1
     * @return this builder
     */
    public Builder components(int components) {
      this.components = components;
      return this;
    }

    /**
     * Sets the number of targets.
     *
     * @param targets D, at least 1; 1 by default
     * @return this builder
     */
    public Builder targets(int targets) {
      this.targets = targets;
      return this;
    }

    /**
     * Sets the form of the covariance.
     *
     * @param covariance the form; DIAGONAL by default
     * @return this builder
     */
    public Builder covariance(Covariance covariance) {
      this.covariance = covariance;
      return this;
    }

    /**
     * Sets the lower bound f of every scale, σ = f + exp(s).
     *
     * @param scaleFloor f ≥ 0, in target units; 0 by default
     * @return this builder
     */
    public Builder scaleFloor(double scaleFloor) {
      this.scaleFloor = scaleFloor;
      return this;
    }

    /**
     * Makes the specification.
     *
     * @return the specification
     * @throws IllegalArgumentException if a value is out of its range, or the output would have
     *     more columns than an array can
     */
    public MixtureSpec build() {
      return new MixtureSpec(components, targets, covariance, scaleFloor);
    }
  }
}
