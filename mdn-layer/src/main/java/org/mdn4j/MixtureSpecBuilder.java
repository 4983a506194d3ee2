/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Builder of a {@link MixtureSpec}; only the number of components has no default. */
public final class MixtureSpecBuilder {
  private int components;
  private int targets = 1;
  private Covariance covariance = Covariance.DIAGONAL;
  private Double scaleFloor; // null: the transform's own
  private ScaleTransform scaleTransform = ScaleTransform.EXP;
  private ComponentFamily family = ComponentFamily.GAUSSIAN;
  private Double degreesOfFreedom;
  private boolean sharedScales;
  private double[] fixedScales;
  private ComponentBounds bounds = ComponentBounds.NONE;
  private double[] atoms = {};
  private boolean censored;
  private Truncation truncation = Truncation.NONE;

  MixtureSpecBuilder() {}

  /** Creates a builder of a specification's copy. */
  MixtureSpecBuilder(MixtureSpec spec) {
    components = spec.components();
    targets = spec.targets();
    covariance = spec.covariance();
    scaleFloor = spec.scaleFloor();
    scaleTransform = spec.scaleTransform();
    family = spec.family();
    spec.degreesOfFreedom().ifPresent(this::degreesOfFreedom);
    sharedScales = spec.sharedScales();
    fixedScales = spec.fixedScales().orElse(null);
    bounds = spec.bounds().orElse(ComponentBounds.NONE);
    atoms = spec.atoms();
    censored = spec.censored();
    truncation = spec.truncation().orElse(Truncation.NONE);
  }

  /**
   * Sets the number of components.
   *
   * @param components K, at least 1
   * @return this builder
   */
  public MixtureSpecBuilder components(int components) {
    this.components = components;
    return this;
  }

  /**
   * Sets the number of targets.
   *
   * @param targets D, at least 1; 1 by default
   * @return this builder
   */
  public MixtureSpecBuilder targets(int targets) {
    this.targets = targets;
    return this;
  }

  /**
   * Sets the form of the covariance.
   *
   * @param covariance the form; DIAGONAL by default
   * @return this builder
   */
  public MixtureSpecBuilder covariance(Covariance covariance) {
    this.covariance = covariance;
    return this;
  }

  /**
   * Sets the lower bound f of every scale, σ = f + g(s).
   *
   * @param scaleFloor f ≥ 0, in target units; 0 by default (ELU_PLUS_ONE: 10⁻⁷)
   * @return this builder
   */
  public MixtureSpecBuilder scaleFloor(double scaleFloor) {
    this.scaleFloor = scaleFloor;
    return this;
  }

  /**
   * Sets the transform from a scale parameter to a scale.
   *
   * @param scaleTransform g in σ = f + g(s); EXP by default
   * @return this builder
   */
  public MixtureSpecBuilder scaleTransform(ScaleTransform scaleTransform) {
    this.scaleTransform = Objects.requireNonNull(scaleTransform, "scaleTransform must be set");
    return this;
  }

  /**
   * Sets the family of the components.
   *
   * @param family the family; GAUSSIAN by default
   * @return this builder
   */
  public MixtureSpecBuilder family(ComponentFamily family) {
    this.family = family;
    return this;
  }

  /**
   * Sets the degrees of freedom of all STUDENT_T components, instead of one learned per component.
   *
   * @param degreesOfFreedom ν &gt; 0
   * @return this builder
   */
  public MixtureSpecBuilder degreesOfFreedom(double degreesOfFreedom) {
    this.degreesOfFreedom = degreesOfFreedom;
    return this;
  }

  /**
   * Sets whether all components share their scales, as in a kernel density estimate with one
   * bandwidth.
   *
   * @param sharedScales true to share; false by default
   * @return this builder
   */
  public MixtureSpecBuilder sharedScales(boolean sharedScales) {
    this.sharedScales = sharedScales;
    return this;
  }

  /**
   * Sets fixed scales: the network then puts out logits and locations only.
   *
   * @param fixedScales positive, in target units (for VON_MISES κ, for NEGATIVE_BINOMIAL α): {@code
   *     [K·S]}, component-major, or {@code [S]} if shared
   * @return this builder
   */
  public MixtureSpecBuilder fixedScales(double... fixedScales) {
    this.fixedScales = fixedScales.clone();
    return this;
  }

  /**
   * Sets the upper bounds c of the scales, which they approach and never reach; for FULL of the
   * standard deviations of the targets. For STUDENT_T and the like σ is not the standard deviation;
   * for LOG_NORMAL it is that of the targets' logarithms, for NEGATIVE_BINOMIAL the dispersion α.
   * Not for VON_MISES.
   *
   * @param scaleCeiling one for all targets or {@code [D]}, above the floor, in target units; none
   *     by default
   * @return this builder
   */
  public MixtureSpecBuilder scaleCeiling(double... scaleCeiling) {
    this.bounds =
        new ComponentBounds(boxed(scaleCeiling), bounds.locationLower(), bounds.locationUpper());
    return this;
  }

  /**
   * Sets the bounds of the locations, which they approach and never reach. For LOG_NORMAL they are
   * those of the targets' logarithms, for NEGATIVE_BINOMIAL of the logarithm of the mean, within
   * ±30. Not for VON_MISES.
   *
   * @param lower one for all targets or {@code [D]}, in target units; none by default
   * @param upper as many, above the lower ones
   * @return this builder
   */
  public MixtureSpecBuilder locationBounds(double[] lower, double[] upper) {
    this.bounds = new ComponentBounds(bounds.scaleCeiling(), boxed(lower), boxed(upper));
    return this;
  }

  /** Sets all bounds, in place of any set before. */
  MixtureSpecBuilder bounds(ComponentBounds bounds) {
    this.bounds = bounds;
    return this;
  }

  /**
   * Sets the atoms: values that one target has with a probability of their own, such as the 0 of
   * rain or claims. Each has one more logit, in one softmax with the components':
   *
   * <pre>
   *   P(Y = a_j) = softmax(z, atoms)_j        p(y) = Σ_k π_k N_k(y),  Σ_k π_k + Σ_j P(Y = a_j) = 1
   * </pre>
   *
   * <p>A label that is an atom scores −log P(Y = a_j), any other one −log p(y). The components do
   * not count at an atom, as a density is not to be compared with a probability. A label is an atom
   * if it is the same number, or the atom rounded to FLOAT.
   *
   * @param atoms finite and different, as FLOAT too, in target units, in any order; none by
   *     default. For one target, and not for VON_MISES
   * @return this builder
   */
  public MixtureSpecBuilder atoms(double... atoms) {
    this.atoms = atoms.clone();
    return this;
  }

  /**
   * Makes labels intervals: {@code [N, 2 D]}, of which columns 2d and 2d + 1 are the lower and the
   * upper end of target d. Equal ends are an exact value and score by its density; others score by
   * the probability of the interval, log(F(u) − F(l)). An infinite end leaves that side open
   * (right-censored: [c, ∞]); two infinite ends say nothing, and score 0. Ends are read in the
   * dtype of the network, in which two that differ may be equal. Not for FULL covariance, and not
   * for VON_MISES.
   *
   * @return this builder
   */
  public MixtureSpecBuilder censored() {
    this.censored = true;
    return this;
  }

  /**
   * Sets the value below which no target is ever seen, as where a survey leaves out small cases:
   * the mixture is renormalised to what is above. Of one target; not for FULL covariance, and not
   * for VON_MISES.
   *
   * @param value finite, in target units
   * @return this builder
   */
  public MixtureSpecBuilder truncatedBelow(double value) {
    this.truncation = new Truncation(value, truncation.above());
    return this;
  }

  /**
   * Sets the value above which no target is ever seen: the mixture is renormalised to what is
   * below. Otherwise as {@link #truncatedBelow}.
   *
   * @param value finite, in target units
   * @return this builder
   */
  public MixtureSpecBuilder truncatedAbove(double value) {
    this.truncation = new Truncation(truncation.below(), value);
    return this;
  }

  /** Sets what labels are, in place of anything set before. */
  MixtureSpecBuilder labels(boolean censored, Truncation truncation) {
    this.censored = censored;
    this.truncation = truncation;
    return this;
  }

  private static List<Double> boxed(double[] values) {
    return Arrays.stream(values).boxed().toList();
  }

  /**
   * Creates the specification.
   *
   * @return the specification
   * @throws IllegalArgumentException if a value is out of its range, options do not go together
   *     (the message says which), or the output would have more columns than an array can
   */
  public MixtureSpec build() {
    return new MixtureSpec(
        components,
        targets,
        covariance,
        scaleFloor == null ? scaleTransform.defaultFloor() : scaleFloor,
        family,
        degreesOfFreedom,
        sharedScales,
        fixedScales,
        scaleTransform,
        bounds,
        atoms,
        censored,
        truncation);
  }
}
