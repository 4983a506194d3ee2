/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j;

import static org.mdn4j.Arguments.require;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.nd4j.shade.jackson.annotation.JsonAutoDetect;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonInclude;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import org.nd4j.shade.jackson.annotation.JsonPropertyOrder;

/**
 * The form of a mixture density head's output: the number of components K, the number of targets D,
 * the family of the components and the form of their covariance, and the columns in which a
 * network's raw output holds them.
 *
 * <p>A raw output has shape {@code [N, P]}. With S scale parameters per component (1 for {@link
 * Covariance#SPHERICAL}, D for {@link Covariance#DIAGONAL}, D(D + 1)/2 for {@link
 * Covariance#FULL}), its columns are, in this order:
 *
 * <table>
 *   <caption>Columns of the raw output</caption>
 *   <tr><th>number</th><th>meaning</th><th>index</th></tr>
 *   <tr><td>K</td><td>mixture logits z_k</td><td>k</td></tr>
 *   <tr><td>K·D</td><td>locations μ_kd</td><td>K + k·D + d</td></tr>
 *   <tr><td>K·S; S if the components share them; 0 if they are fixed</td>
 *       <td>scale parameters s_kd (SPHERICAL: s_k), or l_kde for FULL</td>
 *       <td>K + K·D + k·S + d, or + e(e − 1)/2 + … row by row of the lower triangle</td></tr>
 *   <tr><td>K if degrees of freedom are learned, else 0</td><td>log ν_k</td>
 *       <td>P − A − K + k</td></tr>
 *   <tr><td>A, the number of {@link MixtureSpecBuilder#atoms atoms}</td><td>logits of the atoms</td>
 *       <td>P − A + a</td></tr>
 * </table>
 *
 * <p>They mean
 *
 * <pre>
 *   log π = z − logsumexp(z)   (over the logits of components and atoms together)
 *   σ     = f + exp(s)          (f: the scale floor, 0 unless set, so that log σ = s)
 *   σ     = f + ELU(s) + 1      ({@link ScaleTransform#ELU_PLUS_ONE}; f is 10⁻⁷ unless set)
 *   κ     = exp(s)              (VON_MISES)
 *   m     = exp(μ)              (NEGATIVE_BINOMIAL; μ read within [−30, 30])
 *   α     = f + exp(s)          (NEGATIVE_BINOMIAL)
 *   L_dd  = 1 / (f + exp(−l))   (FULL, Λ = L Lᵀ; so that log L_dd = l without a floor)
 *   L_de  = l                   (FULL, d &gt; e)
 *   ν     = exp(n)
 * </pre>
 *
 * <p>Where there are bounds, {@link BoundTransform} computes μ, s and l from the values of the
 * columns.
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
@JsonPropertyOrder({
  "components",
  "targets",
  "covariance",
  "scaleFloor",
  "family",
  "degreesOfFreedom",
  "sharedScales",
  "fixedScales",
  "scaleTransform",
  "bounds",
  "atoms",
  "censored",
  "truncation"
})
public final class MixtureSpec implements Serializable {
  private static final long serialVersionUID = 2L;

  @JsonProperty private final int components;
  @JsonProperty private final int targets;
  @JsonProperty private final Covariance covariance;
  @JsonProperty private final double scaleFloor;
  private final ComponentFamily family;

  @JsonProperty
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private final Double degreesOfFreedom; // null: none, or learned

  @JsonProperty
  @JsonInclude(JsonInclude.Include.NON_DEFAULT)
  private final boolean sharedScales;

  @JsonProperty
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private final double[] fixedScales; // [K·S], [S] if shared; null: learned

  private final ScaleTransform scaleTransform;

  @JsonProperty
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private final ComponentBounds bounds; // null: none

  @JsonProperty
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private final double[] atoms; // [A], ascending; null: none

  @JsonProperty
  @JsonInclude(JsonInclude.Include.NON_DEFAULT)
  private final boolean censored;

  @JsonProperty
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private final Truncation truncation; // null: none

  private final int parameterCount;
  private final transient OutputColumns columns;

  @JsonCreator
  MixtureSpec(
      @JsonProperty("components") int components,
      @JsonProperty("targets") int targets,
      @JsonProperty("covariance") Covariance covariance,
      @JsonProperty("scaleFloor") double scaleFloor,
      @JsonProperty("family") ComponentFamily family,
      @JsonProperty("degreesOfFreedom") Double degreesOfFreedom,
      @JsonProperty("sharedScales") boolean sharedScales,
      @JsonProperty("fixedScales") double[] fixedScales,
      @JsonProperty("scaleTransform") ScaleTransform scaleTransform,
      @JsonProperty("bounds") ComponentBounds bounds,
      @JsonProperty("atoms") double[] atoms,
      @JsonProperty("censored") boolean censored,
      @JsonProperty("truncation") Truncation truncation) {
    SpecRules.requireRanges(components, targets, covariance, scaleFloor);
    this.components = components;
    this.targets = targets;
    this.covariance = covariance;
    this.scaleFloor = scaleFloor;
    this.family = family == null ? ComponentFamily.GAUSSIAN : family;
    this.degreesOfFreedom = degreesOfFreedom;
    this.sharedScales = sharedScales;
    this.fixedScales = fixedScales == null ? null : fixedScales.clone();
    this.scaleTransform = scaleTransform == null ? ScaleTransform.EXP : scaleTransform;
    this.bounds = bounds == null || bounds.equals(ComponentBounds.NONE) ? null : bounds.of(targets);
    this.atoms = atoms == null || atoms.length == 0 ? null : Atoms.ascending(atoms);
    this.censored = censored;
    this.truncation = truncation == null || truncation.equals(Truncation.NONE) ? null : truncation;
    this.columns = new OutputColumns(this);
    SpecRules.requireSupported(this);
    this.parameterCount = columns.count();
  }

  /**
   * Returns a builder of a specification.
   *
   * @return a builder with 1 target, {@link Covariance#DIAGONAL} Gaussian components and a scale
   *     floor of 0
   */
  public static MixtureSpecBuilder builder() {
    return new MixtureSpecBuilder();
  }

  /**
   * Returns the number of components K.
   *
   * @return K, at least 1
   */
  public int components() {
    return components;
  }

  /**
   * Returns the number of targets D.
   *
   * @return D, at least 1
   */
  public int targets() {
    return targets;
  }

  /**
   * Returns the form of each component's covariance.
   *
   * @return the covariance's form
   */
  public Covariance covariance() {
    return covariance;
  }

  /**
   * Returns the lower bound f of every scale, in target units: σ = f + g(s).
   *
   * @return f, at least 0
   */
  public double scaleFloor() {
    return scaleFloor;
  }

  /**
   * Returns the transform g that turns a scale parameter into a scale, σ = f + g(s).
   *
   * @return the transform; EXP unless set
   */
  public ScaleTransform scaleTransform() {
    return scaleTransform;
  }

  @JsonProperty("scaleTransform")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private ScaleTransform scaleTransformUnlessDefault() {
    return scaleTransform == ScaleTransform.EXP ? null : scaleTransform;
  }

  /**
   * Returns the family of the components.
   *
   * @return the family; GAUSSIAN unless set
   */
  public ComponentFamily family() {
    return family;
  }

  @JsonProperty("family")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private ComponentFamily familyUnlessDefault() {
    return family == ComponentFamily.GAUSSIAN ? null : family;
  }

  /**
   * Returns the degrees of freedom ν of all STUDENT_T components, where they are given.
   *
   * @return ν &gt; 0; empty where they are learned, and for other families
   */
  public OptionalDouble degreesOfFreedom() {
    return degreesOfFreedom == null ? OptionalDouble.empty() : OptionalDouble.of(degreesOfFreedom);
  }

  /**
   * Returns whether each component learns its degrees of freedom ν_k = exp(n_k).
   *
   * @return true for STUDENT_T without given degrees of freedom
   */
  public boolean learnsDegreesOfFreedom() {
    return family == ComponentFamily.STUDENT_T && degreesOfFreedom == null;
  }

  /**
   * Returns whether all components have the same scales.
   *
   * @return true if the raw output holds the scale parameters of one component only
   */
  public boolean sharedScales() {
    return sharedScales;
  }

  /**
   * Returns the scales that are held fixed instead of learned.
   *
   * @return {@code [K·S]}, component-major, or {@code [S]} if shared, in target units (for
   *     VON_MISES κ, for NEGATIVE_BINOMIAL α); empty where they are learned
   */
  public Optional<double[]> fixedScales() {
    return Optional.ofNullable(fixedScales).map(double[]::clone);
  }

  /**
   * Returns the bounds within which the components are held.
   *
   * @return the bounds, one per target; empty where there are none
   */
  public Optional<ComponentBounds> bounds() {
    return Optional.ofNullable(bounds);
  }

  /**
   * Returns a copy of this specification with other bounds.
   *
   * @param bounds of one target, for all, or of D; {@link ComponentBounds#NONE} for none
   * @return a specification that is the same otherwise
   * @throws IllegalArgumentException if the components cannot have them
   */
  public MixtureSpec withBounds(ComponentBounds bounds) {
    return new MixtureSpecBuilder(this).bounds(bounds).build();
  }

  /**
   * Returns the values that the target has with a probability of their own, beside the components'
   * density.
   *
   * @return {@code [A]}, ascending, in target units; empty where there are none
   */
  public double[] atoms() {
    return atoms == null ? new double[0] : atoms.clone();
  }

  /**
   * Returns a copy of this specification with other atoms.
   *
   * @param atoms as {@link MixtureSpecBuilder#atoms} takes them; none to have none
   * @return a specification that is the same otherwise
   * @throws IllegalArgumentException as {@link MixtureSpecBuilder#build}
   */
  public MixtureSpec withAtoms(double... atoms) {
    return new MixtureSpecBuilder(this).atoms(atoms).build();
  }

  /**
   * Returns the specification of the components alone, whose columns are the first ones of this.
   *
   * @return a specification without atoms that is the same otherwise
   */
  public MixtureSpec withoutAtoms() {
    return atoms == null ? this : withAtoms();
  }

  /**
   * Returns whether labels are intervals: columns 2d and 2d + 1 of {@code [N, 2 D]} are the lower
   * and the upper end of target d.
   *
   * @return true if labels have two columns per target
   */
  public boolean censored() {
    return censored;
  }

  /**
   * Returns the range outside of which no target is ever seen.
   *
   * @return the range; empty where targets of all sizes are seen
   */
  public Optional<Truncation> truncation() {
    return Optional.ofNullable(truncation);
  }

  /**
   * Returns a copy of this specification for other labels.
   *
   * @param censored whether labels are intervals
   * @param truncation the range outside of which no target is seen; {@link Truncation#NONE} for
   *     none
   * @return a specification that is the same otherwise, its raw output too
   * @throws IllegalArgumentException if the components cannot have such labels
   */
  public MixtureSpec withLabels(boolean censored, Truncation truncation) {
    return new MixtureSpecBuilder(this).labels(censored, truncation).build();
  }

  /**
   * Returns the number of columns of the labels.
   *
   * @return D, or 2 D if they are intervals
   */
  public int labelColumns() {
    return Math.toIntExact((censored ? 2L : 1L) * targets);
  }

  /**
   * Returns the number of columns P of the raw output, which is the {@code nOut} of the layer
   * before the head.
   *
   * @return P, K · (1 + D + S) where all scales are learned, and one more for each atom
   */
  public int parameterCount() {
    return parameterCount;
  }

  /**
   * Returns the number of scale parameters S per component.
   *
   * @return 1 for SPHERICAL, D for DIAGONAL, D(D + 1)/2 for FULL
   */
  public int scalesPerComponent() {
    return covariance.scaleParameters(targets);
  }

  /**
   * Returns the columns of the raw output.
   *
   * @return which column holds what
   */
  public OutputColumns columns() {
    return columns;
  }

  /**
   * Returns the fixed scale that one component has for one target.
   *
   * @param component k, in [0, K)
   * @param target d, in [0, D)
   * @return σ_kd in target units, κ_kd for VON_MISES, or α_kd for NEGATIVE_BINOMIAL
   * @throws IndexOutOfBoundsException if k or d is out of its range
   * @throws IllegalStateException if the scales are learned
   */
  public double fixedScale(int component, int target) {
    if (fixedScales == null) {
      throw new IllegalStateException("The scales are learned: " + this);
    }
    return fixedScales[columns.scaleIndex(component, target)];
  }

  /**
   * Returns the scale that a scale parameter stands for.
   *
   * @param scaleParameter s; read within [−300, 600] (ELU_PLUS_ONE: [−300, e⁶⁰⁰]), so that the
   *     scale is positive and finite
   * @return σ = f + g(s), in target units
   */
  public double scale(double scaleParameter) {
    return scaleFloor + scaleTransform.apply(scaleTransform.within(scaleParameter));
  }

  /**
   * Returns the logarithm of {@link #scale}.
   *
   * @param scaleParameter s; read as {@link #scale} does
   * @return log σ = log(f + g(s)), which is s itself for EXP without a floor
   */
  public double logScale(double scaleParameter) {
    return scaleFloor == 0 && scaleTransform == ScaleTransform.EXP
        ? scaleTransform.within(scaleParameter)
        : Math.log(scale(scaleParameter));
  }

  /**
   * Returns the scale parameter that stands for a scale.
   *
   * @param scale σ &gt; f, in target units
   * @return s, with f + g(s) = σ
   * @throws IllegalArgumentException if the scale is not above the floor
   */
  public double scaleParameter(double scale) {
    require(scale > scaleFloor, "Expected a scale above the floor %s, got %s", scaleFloor, scale);
    return scaleTransform.inverse(scale - scaleFloor);
  }

  /**
   * Returns the degrees of freedom that their parameter stands for.
   *
   * @param logDegrees n; read within [−7, 18], ν from 0.0009 to 6.6e7
   * @return ν = exp(n)
   */
  public double degreesOfFreedom(double logDegrees) {
    return Math.exp(Math.max(Limits.MIN_LOG_DEGREES, Math.min(Limits.MAX_LOG_DEGREES, logDegrees)));
  }

  /**
   * Returns this specification as JSON.
   *
   * @return a JSON object with components, targets, covariance, scaleFloor, and further options
   *     where they differ from their defaults
   */
  public String toJson() {
    return SpecText.json(this);
  }

  /**
   * Reads a specification that {@link #toJson()} wrote.
   *
   * @param json a JSON object with components, targets, covariance and, optionally, the rest
   * @return the specification
   * @throws IllegalArgumentException if the text is not such an object or a value is out of range
   */
  public static MixtureSpec fromJson(String json) {
    return SpecText.read(json);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MixtureSpec that
        && components == that.components
        && targets == that.targets
        && covariance == that.covariance
        && Double.compare(scaleFloor, that.scaleFloor) == 0
        && family == that.family
        && Objects.equals(degreesOfFreedom, that.degreesOfFreedom)
        && sharedScales == that.sharedScales
        && Arrays.equals(fixedScales, that.fixedScales)
        && scaleTransform == that.scaleTransform
        && Objects.equals(bounds, that.bounds)
        && Arrays.equals(atoms, that.atoms)
        && censored == that.censored
        && Objects.equals(truncation, that.truncation);
  }

  @Override
  public int hashCode() {
    // By names: an enum's own hash code differs from one JVM to the next.
    int ofComponents =
        Objects.hash(
            components,
            targets,
            covariance.name(),
            scaleFloor,
            family.name(),
            degreesOfFreedom,
            sharedScales,
            Arrays.hashCode(fixedScales),
            scaleTransform.name(),
            bounds);
    int ofLabels = censored || truncation != null ? Objects.hash(censored, truncation) : 0;
    return 31 * (31 * ofComponents + Arrays.hashCode(atoms)) + ofLabels;
  }

  /**
   * Fills in the transform, which specifications written before there were transforms do not have.
   */
  private Object readResolve() {
    return new MixtureSpecBuilder(this).build();
  }

  @Override
  public String toString() {
    return SpecText.describe(this);
  }
}
