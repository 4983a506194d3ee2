/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.mdn4j.Arguments.require;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.commons.rng.UniformRandomProvider;
import org.mdn4j.Atoms;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpecBuilder;
import org.mdn4j.Truncation;
import org.mdn4j.distribution.questions.Landscape;

/**
 * A mixture of K components over D targets: one predictive distribution p(y | x), and what can be
 * asked of it.
 *
 * <pre>
 *   p(y) = Σ_k π_k N_k(y)
 * </pre>
 *
 * <p>The components are of one {@link ComponentFamily}. What a family does not have is rejected
 * with an {@link UnsupportedOperationException} that says so. Angles of VON_MISES are in radians
 * and the same modulo 2π: the density has this period; cdf, survival, quantiles and central
 * intervals are those of the angle in [−π, π), so that another cut needs a turn by {@link #shift}
 * first, while modes, highest-density regions and scores go round the circle.
 *
 * <p>Counts of NEGATIVE_BINOMIAL have probabilities: what is called density is that of an integer,
 * 0 elsewhere; the cdf jumps there and is right-continuous; {@link #quantile} is the least integer
 * y with P(Y ≤ y) ≥ p; a highest-density region is the smallest set of integers, as intervals [a,
 * b] of all integers from a to b, and includes integers as likely as its least likely one; modes
 * are integers that are more likely than both neighbours, of equal ones the least. Sums over
 * integers are to 1e-9 of themselves, in a time that does not grow with the mean.
 *
 * <p>A mixture over one target may have <b>atoms</b> ({@link #withAtoms}): values with a
 * probability of their own, beside the density. Its weights sum to 1 less the atoms' probabilities,
 * and its density is that of the rest, at an atom too; what a label costs is {@link
 * #logLikelihood}. The cdf is right-continuous and jumps at an atom, a quantile is inf {y : P(Y ≤
 * y) ≥ p}, modes are those of the density, and what compares densities with each other, such as the
 * entropy, is rejected.
 *
 * <p>Atoms of counts are integers, whose probabilities add to those that the components give the
 * same integers: with one at 0 the mixture is zero-inflated. It then is one of counts with other
 * probabilities, as all that is said of counts above, density, regions and modes too.
 *
 * <p>Computed in log space; densities and entropies are in nats, locations and scales in target
 * units. Source: Bishop (1994), equations 22 and 23; further sources stand at each question.
 *
 * <p>Immutable and safe for use by several threads: arrays that go in or out are copies.
 */
public final class Mixture {
  private final WeightedComponents numbers; // not changed any more
  private Landscape landscape; // null until needed; of threads that race, all make the same

  /** Takes numbers that nobody will change. */
  Mixture(WeightedComponents numbers) {
    this.numbers = numbers;
  }

  /**
   * Creates a mixture of Gaussians whose targets are independent within a component.
   *
   * @param weights {@code [K]}, at least 0, with a positive sum; normalised here
   * @param means {@code [K][D]}, finite
   * @param standardDeviations {@code [K][D]}, positive and finite
   * @return the mixture
   * @throws IllegalArgumentException if K or D is 0, lengths differ, or a value is out of its range
   */
  public static Mixture gaussian(
      double[] weights, double[][] means, double[][] standardDeviations) {
    return new Mixture(Parameters.gaussian(weights, means, standardDeviations));
  }

  /**
   * Creates a mixture of Gaussians with full covariances.
   *
   * @param weights {@code [K]}, at least 0, with a positive sum; normalised here
   * @param means {@code [K][D]}, finite
   * @param covariances {@code [K][D][D]}, symmetric and positive definite, in target units squared
   * @return the mixture
   * @throws IllegalArgumentException if K or D is 0, lengths differ, or a value is out of its range
   */
  public static Mixture gaussian(double[] weights, double[][] means, double[][][] covariances) {
    return new Mixture(Parameters.gaussian(weights, means, covariances));
  }

  /**
   * Creates a mixture of components of a family, whose targets are independent within a component;
   * for STUDENT_T see {@link #studentT}.
   *
   * @param family which family; its densities stand at {@link ComponentFamily}
   * @param weights {@code [K]}, at least 0, with a positive sum; normalised here
   * @param locations μ, {@code [K][D]}, finite
   * @param scales σ, for VON_MISES κ, for NEGATIVE_BINOMIAL α, {@code [K][D]}, positive and finite
   * @return the mixture
   * @throws IllegalArgumentException if the family is STUDENT_T, K or D is 0, lengths differ, or a
   *     value is out of its range
   */
  public static Mixture of(
      ComponentFamily family, double[] weights, double[][] locations, double[][] scales) {
    return new Mixture(Parameters.of(family, weights, locations, scales));
  }

  /**
   * Creates a mixture of Student's t components, whose targets are independent within a component.
   *
   * @param weights {@code [K]}, at least 0, with a positive sum; normalised here
   * @param locations μ, {@code [K][D]}, finite
   * @param scales σ, {@code [K][D]}, positive and finite; the standard deviation is σ √(ν/(ν − 2))
   * @param degreesOfFreedom ν, {@code [K]}, positive and finite
   * @return the mixture
   * @throws IllegalArgumentException if K or D is 0, lengths differ, or a value is out of its range
   */
  public static Mixture studentT(
      double[] weights, double[][] locations, double[][] scales, double[] degreesOfFreedom) {
    return new Mixture(Parameters.studentT(weights, locations, scales, degreesOfFreedom));
  }

  /**
   * Returns these components with atoms beside them, in place of any atoms they have: the
   * components' weights become (1 − Σ_a P(Y = a)) times what they are among each other.
   *
   * @param values {@code [A]}, finite and different, as FLOAT too, in target units; of counts
   *     integers of at least 0, exact as FLOAT
   * @param probabilities {@code [A]}, of the values, in [0, 1], with a sum of at most 1
   * @return the mixture with atoms
   * @throws IllegalArgumentException if D &gt; 1, the family is VON_MISES, the lengths differ or
   *     are 0, a value is out of its range, or one is outside of the mixture's truncation
   */
  public Mixture withAtoms(double[] values, double[] probabilities) {
    truncation().ifPresent(range -> Atoms.requireWithin(range, values));
    return new Mixture(
        numbers.withAtoms(Parameters.atoms(targets(), family(), values, probabilities)));
  }

  /**
   * Returns the components alone: the distribution given that Y is no atom.
   *
   * @return this mixture without atoms, with weights that sum to 1
   */
  public Mixture withoutAtoms() {
    return numbers.atoms() == null ? this : new Mixture(numbers.withAtoms(null));
  }

  /**
   * Returns the values of the atoms.
   *
   * @return {@code [A]}, ascending, in target units; empty where there are none
   */
  public double[] atoms() {
    return numbers.valuesOfAtoms();
  }

  /**
   * Returns the probabilities of the atoms.
   *
   * @return {@code [A]}, in the order of {@link #atoms()}
   */
  public double[] atomProbabilities() {
    return numbers.atoms() == null ? new double[0] : numbers.atoms().masses();
  }

  /**
   * Returns the probability that Y is exactly a value, D = 1: that of an atom, and for counts also
   * what the components give the value; 0 elsewhere. A value is an atom if it is the same number,
   * or the atom rounded to FLOAT.
   *
   * @param value a number
   * @return P(Y = value)
   * @throws IllegalArgumentException if D &gt; 1 or the value is NaN
   */
  public double probabilityOf(double value) {
    QuestionArguments.requirePoint(targets(), "The probability of a value", value);
    return numbers.probabilityOf(new double[] {value});
  }

  /**
   * Returns the number of components K.
   *
   * @return K
   */
  public int components() {
    return numbers.count();
  }

  /**
   * Returns the number of targets D.
   *
   * @return D
   */
  public int targets() {
    return numbers.targets();
  }

  /**
   * Returns whether a component with weight has a scale below what its location can resolve: less
   * than the distance from the location to the next double. What it answers between two doubles is
   * then still right, as far as doubles can say it, but y itself cannot be told apart there, and a
   * likelihood of such a scale says little.
   *
   * @return true if there is such a component; for FULL by a target's deviation given the others,
   *     for LOG_NORMAL also by exp(μ), for VON_MISES by 1/√κ
   */
  public boolean isDegenerate() {
    return numbers.isDegenerate();
  }

  /**
   * Returns the mixture weights π.
   *
   * @return {@code [K]}, which sum to 1, with the probabilities of atoms
   */
  public double[] weights() {
    return numbers.weights();
  }

  /**
   * Returns the family of the components.
   *
   * @return the family
   */
  public ComponentFamily family() {
    return numbers.components().family();
  }

  /**
   * Returns the location parameters μ: what the network regresses. For LOG_NORMAL they are those of
   * log y, for VON_MISES mean directions, for NEGATIVE_BINOMIAL log means, read within ±30.
   *
   * @return {@code [K][D]}, in target units, for LOG_NORMAL in their logarithm
   */
  public double[][] locations() {
    return ComponentTables.perTarget(numbers, numbers.components()::location);
  }

  /**
   * Returns the scale parameters σ, for VON_MISES κ, for NEGATIVE_BINOMIAL α. Only for a Gaussian σ
   * is the standard deviation.
   *
   * @return {@code [K][D]}, in target units; for LOG_NORMAL in their logarithm
   * @throws UnsupportedOperationException for {@link Covariance#FULL}, which has none per target
   */
  public double[][] scales() {
    return ComponentTables.perTarget(numbers, numbers.components()::scale);
  }

  /**
   * Returns the degrees of freedom ν of STUDENT_T components.
   *
   * @return {@code [K]}; ∞ for other families
   */
  public double[] degreesOfFreedom() {
    return ComponentTables.degreesOfFreedom(numbers);
  }

  /**
   * Returns the means of the components, E_k[y_d]; for VON_MISES mean directions in [−π, π).
   *
   * @return {@code [K][D]}, in target units
   * @throws UnsupportedOperationException if one does not exist: STUDENT_T with ν ≤ 1
   */
  public double[][] means() {
    return ComponentTables.perTarget(numbers, numbers.components()::mean);
  }

  /**
   * Returns the standard deviations of the components; for VON_MISES the circular one, √(−2 log R)
   * with the mean resultant length R = I₁(κ)/I₀(κ).
   *
   * @return {@code [K][D]}, in target units
   * @throws UnsupportedOperationException if one does not exist: STUDENT_T with ν ≤ 2
   */
  public double[][] standardDeviations() {
    return ComponentTables.perTarget(numbers, numbers.components()::standardDeviation);
  }

  /**
   * Returns the covariances of the components. The ellipse of n standard deviations is {y : (y −
   * μ)ᵀ Σ⁻¹ (y − μ) = n²}.
   *
   * @return {@code [K][D][D]}, in target units squared
   * @throws UnsupportedOperationException if one does not exist: STUDENT_T with ν ≤ 2
   */
  public double[][][] covariances() {
    return ComponentTables.covariances(numbers);
  }

  /**
   * Returns the log density, log p(y) = logsumexp_k( log π_k + log N_k(y) ). Atoms are no part of
   * it, not even at an atom: see {@link #logLikelihood}. Of counts they are.
   *
   * @param y {@code [D]}; a single number where D = 1
   * @return log p(y) in nats; −∞ where it is infinitely far from every component
   * @throws IllegalArgumentException if y has not D entries or one is NaN
   */
  public double logDensity(double... y) {
    QuestionArguments.requireNumbers(targets(), y);
    return numbers.logDensity(y);
  }

  /**
   * Returns the density p(y), the exponential of {@link #logDensity}.
   *
   * @param y {@code [D]}; a single number where D = 1
   * @return p(y), per target unit to the power of D
   * @throws IllegalArgumentException if y has not D entries or one is NaN
   */
  public double density(double... y) {
    return Math.exp(logDensity(y));
  }

  /**
   * Returns the responsibilities r_k(y) = π_k N_k(y) / p(y): the probability that component k made
   * y. Source: Bishop (1994), equation 30.
   *
   * @param y {@code [D]}; a single number where D = 1
   * @return {@code [K]}, which sum to 1; of a count that is an atom to 1 less the probability that
   *     the atom made it
   * @throws IllegalArgumentException if y has not D entries, one is NaN, the log density there is
   *     −∞, or y is an atom beside a density, which no component made
   */
  public double[] responsibilities(double... y) {
    QuestionArguments.requireNumbers(targets(), y);
    require(
        family().isDiscrete() || numbers.atom(y) < 0,
        "Expected a value that is no atom, got %s",
        y[0]);
    return QuestionArguments.requireDensity(numbers.responsibilities(y), y);
  }

  /**
   * Returns whether the mean exists.
   *
   * @return false if a STUDENT_T component with weight has ν ≤ 1
   */
  public boolean hasMean() {
    return numbers.hasMean();
  }

  /**
   * Returns the mean E[y] = Σ_k π_k E_k[y]. For VON_MISES the mean direction, that of E[exp(i y)],
   * in (−π, π]; of a mixture that is as much in one direction as in the opposite it is undefined,
   * and an arbitrary direction is returned.
   *
   * @return {@code [D]}, in target units
   * @throws UnsupportedOperationException if it does not exist, see {@link #hasMean}
   */
  public double[] mean() {
    double[] mean = new double[targets()];
    Arrays.setAll(mean, numbers::mean);
    return mean;
  }

  /**
   * Returns the variance of each target, the diagonal of {@link #covariance()}. For VON_MISES the
   * square of the circular standard deviation, −2 log |E[exp(i y)]|, which is the variance of the
   * normal distribution that, wound around the circle, has the same resultant length (Mardia and
   * Jupp 2000, equation 2.3.11); for narrow mixtures the variance as on a line.
   *
   * @return {@code [D]}, in target units squared
   * @throws UnsupportedOperationException if it does not exist: a STUDENT_T component with weight
   *     has ν ≤ 2
   */
  public double[] variance() {
    double[] variance = new double[targets()];
    Arrays.setAll(variance, d -> numbers.covariance(d, d));
    return variance;
  }

  /**
   * Returns the covariance, Σ_k π_k (Σ_k + (μ_k − E[y]) (μ_k − E[y])ᵀ) with the components' means
   * μ_k and covariances Σ_k.
   *
   * @return {@code [D][D]}, in target units squared
   * @throws UnsupportedOperationException if it does not exist: a STUDENT_T component with weight
   *     has ν ≤ 2, or several targets are VON_MISES angles, which have variances only
   */
  public double[][] covariance() {
    return ComponentTables.covariance(numbers);
  }

  /**
   * Returns the location of the component of the largest weight, the first of several, or an atom
   * that is more probable still. It is what the mixture tends to as the {@link Temperature} goes to
   * 0; for LOG_NORMAL it is exp(μ).
   *
   * @return {@code [D]}, in target units
   */
  public double[] heaviestLocation() {
    double[] location = new double[targets()];
    Arrays.setAll(location, numbers::heaviestLocation);
    return location;
  }

  /**
   * Returns this mixture at a temperature. Atoms have logits as components do, and no scale.
   *
   * @param temperature divides the logits and multiplies the squared scales
   * @return the widened or narrowed mixture
   */
  public Mixture temperature(Temperature temperature) {
    WeightedComponents changed = numbers.copy();
    changed.changeTemperature(temperature);
    return new Mixture(changed);
  }

  /**
   * Returns this mixture in units of another scale: the distribution of scale_d · y_d. The density
   * of a value in the new units is that of the old one divided by Π_d |scale_d|.
   *
   * <p>From standardised to original units it is {@code rescale(standardDeviations).shift(means)}.
   *
   * @param scale {@code [D]}, finite and not 0, new units per old unit
   * @return the same mixture in the new units
   * @throws IllegalArgumentException if there is not one scale per target or one is out of its
   *     range, or the family is not closed under the change: LOG_NORMAL needs scales &gt; 0,
   *     VON_MISES scales of 1 or −1
   */
  public Mixture rescale(double... scale) {
    return to(TargetUnits.unchanged(targets()).rescale(scale));
  }

  /**
   * Returns this mixture in units of another origin: the distribution of y_d + shift_d.
   *
   * @param shift {@code [D]}, finite
   * @return the same mixture in the new units
   * @throws IllegalArgumentException if there is not one shift per target or one is not finite, or
   *     the family is LOG_NORMAL, which needs shifts of 0
   */
  public Mixture shift(double... shift) {
    return to(TargetUnits.unchanged(targets()).shift(shift));
  }

  private Mixture to(TargetUnits units) {
    numbers.requireUnits(units);
    WeightedComponents changed = numbers.copy();
    changed.changeUnits(units.shift(), units.scale());
    return new Mixture(changed);
  }

  /**
   * Returns this distribution given that the target is in a range, D = 1: the mixture of the
   * components truncated to it,
   *
   * <pre>
   *   p(y) = Σ_k π_k f_k(y) / Σ_k π_k (F_k(b) − F_k(a)),   a ≤ y ≤ b
   * </pre>
   *
   * <p>whose weights are π_k (F_k(b) − F_k(a)), normalised. Atoms in the range, its ends included,
   * stay, and their probabilities are normalised with these. Means, variances, CRPS and entropy are
   * computed by quadrature. {@link #locations} and {@link #scales} stay those of the whole
   * components. Bounds by pairs of components are rejected. A mixture that is truncated already is
   * truncated anew from the whole one.
   *
   * @param lower a, finite or −∞
   * @param upper b, finite or ∞, above a
   * @return the truncated mixture
   * @throws IllegalArgumentException if D &gt; 1, an end is NaN, a is not below b, or, of
   *     LOG_NORMAL, b is not above 0
   * @throws UnsupportedOperationException for VON_MISES and counts
   */
  public Mixture truncated(double lower, double upper) {
    QuestionArguments.requireRange(numbers, lower, upper);
    return lower == Double.NEGATIVE_INFINITY && upper == Double.POSITIVE_INFINITY
        ? untruncated()
        : new Mixture(numbers.truncated(lower, upper));
  }

  /**
   * Returns the whole distribution of which this is a part: the population's, where a network was
   * trained with {@link MixtureSpecBuilder#truncatedBelow truncated} targets.
   *
   * @return the mixture without a range; the same if it has none
   */
  public Mixture untruncated() {
    return new Mixture(numbers.untruncated());
  }

  /**
   * Returns the range that this mixture is truncated to.
   *
   * @return the range, if there is one
   */
  public Optional<Truncation> truncation() {
    return numbers.components().range();
  }

  /**
   * Returns the distribution of some of the targets, whatever the others are.
   *
   * @param targets which targets, each at most once, in the order that the answer will have
   * @return a mixture over these targets, with the same weights
   * @throws IllegalArgumentException if there is none, one is not in [0, D), or one comes twice
   */
  public Mixture marginal(int... targets) {
    QuestionArguments.requireChosen(targets(), targets);
    return new Mixture(numbers.marginal(targets));
  }

  /**
   * Returns the distribution of the remaining targets where some have known values: component k's
   * weight becomes its responsibility π_k N_k(given) / Σ_j π_j N_j(given).
   *
   * @param given which targets are known, each at most once, not all of them
   * @param values their values in the same order
   * @return a mixture over the other targets, in ascending order
   * @throws IllegalArgumentException if a target is not in [0, D) or comes twice, none is given or
   *     none is left, the lengths differ, a value is NaN, or their log density is −∞
   */
  public Mixture conditional(int[] given, double[] values) {
    QuestionArguments.requireGiven(targets(), given, values);
    return new Mixture(
        QuestionArguments.requireDensity(numbers.conditional(given, values), values));
  }

  /**
   * Draws samples: a component by the weights, then the targets from that component.
   *
   * @param count number of samples, at least 0
   * @param random source of randomness; the same state gives the same samples
   * @return {@code [count][D]}, in target units
   */
  public double[][] sample(int count, UniformRandomProvider random) {
    return numbers.sample(count, random);
  }

  /**
   * Returns the cumulative distribution function P(Y ≤ y) = Σ_k π_k F_k(y), D = 1; atoms add the
   * probabilities of those up to y. Small probabilities are right in relative terms, down to the
   * smallest double; for those near 1 ask {@link #survival}.
   *
   * @param y a number, or ±∞
   * @return the probability of at most y
   * @throws IllegalArgumentException if D &gt; 1 or y is NaN
   */
  public double cdf(double y) {
    QuestionArguments.requirePoint(targets(), "The cdf", y);
    return numbers.cdf(y);
  }

  /**
   * Returns the probability integral transform of an outcome, D = 1: P(Y &lt; y) + u · P(Y = y)
   * with u drawn from [0, 1). For y drawn from this mixture it is uniform, with atoms too; without
   * them it is the cdf, and nothing is drawn. Source: C. Czado, T. Gneiting and L. Held,
   * <i>Predictive Model Assessment for Count Data</i>, Biometrics 65 (2009), section 2.1.
   *
   * @param y the outcome
   * @param random source of randomness; the same state gives the same value
   * @return a probability
   * @throws IllegalArgumentException if D &gt; 1 or y is NaN
   */
  public double pit(double y, UniformRandomProvider random) {
    QuestionArguments.requirePoint(targets(), "The PIT", y);
    return numbers.pit(y, random);
  }

  /**
   * Returns the probability integral transform of an outcome of which an interval is known, D = 1:
   * a number drawn evenly between P(Y &lt; lower) and P(Y ≤ upper). Where Y is drawn from this
   * mixture, and what is known of it does not depend on it otherwise, it is uniform.
   *
   * @param lower the lower end, or −∞
   * @param upper the upper end, or ∞; both may be the outcome
   * @param random source of randomness; the same state gives the same value
   * @return a probability
   * @throws IllegalArgumentException if D &gt; 1, an end is NaN, or the lower one is above the
   *     upper
   */
  public double pit(double lower, double upper, UniformRandomProvider random) {
    QuestionArguments.requireEnds(targets(), lower, upper);
    return numbers.pit(lower, upper, random);
  }

  /**
   * Returns the joint cumulative distribution function P(Y_1 ≤ y_1, …, Y_D ≤ y_D) = Σ_k π_k Π_d
   * F_kd(y_d). Small probabilities are right in relative terms.
   *
   * @param y {@code [D]}, numbers or ±∞
   * @return the probability of at most y in every target
   * @throws IllegalArgumentException if y has not D entries or one is NaN
   * @throws UnsupportedOperationException for {@link Covariance#FULL} with D &gt; 1, where the
   *     targets of a component are not independent
   */
  public double cdf(double... y) {
    QuestionArguments.requireNumbers(targets(), y);
    return numbers.cdf(y);
  }

  /**
   * Returns the probability of an interval, P(a &lt; Y ≤ b), D = 1; right in relative terms in both
   * tails, and of intervals so narrow that the cdf's values at their ends are equal.
   *
   * @param a lower end, a number or −∞
   * @param b upper end, a number or ∞, at least a; of VON_MISES angles, what is outside of [−π, π]
   *     does not count
   * @return the probability of more than a and at most b
   * @throws IllegalArgumentException if D &gt; 1, an end is NaN, or a is more than b
   */
  public double probability(double a, double b) {
    QuestionArguments.requireEnds(targets(), a, b);
    return numbers.probability(a, b);
  }

  /**
   * Returns the log probability of an interval, log P(a &lt; Y ≤ b), D = 1; also where the
   * probability itself is too small for a double.
   *
   * @param a lower end, a number or −∞
   * @param b upper end, a number or ∞, at least a
   * @return the logarithm in nats; −∞ where a and b are equal
   * @throws IllegalArgumentException if D &gt; 1, an end is NaN, or a is more than b
   * @throws UnsupportedOperationException for VON_MISES
   */
  public double logProbability(double a, double b) {
    QuestionArguments.requireEnds(targets(), a, b);
    QuestionArguments.requireIntervals(numbers);
    return numbers.intervals().logProbability(a, b);
  }

  /**
   * Returns the log-likelihood of a label, the negative of the score that the head is trained by.
   * Of values it is log P(Y = y) where y is an atom or a count, else {@link #logDensity}; of ends,
   * as {@link MixtureSpecBuilder#censored()} has them, the log density of exact values, the log
   * probability of intervals, and for several targets of either kind
   *
   * <pre>
   *   log Σ_k π_k Π_d ( f_kd(y_d), or F_kd(u_d) − F_kd(l_d) )
   *   log( Σ_k π_k (F_k(u) − F_k(l)) + Σ_{l ≤ a ≤ u} P(Y = a) )     with atoms a, D = 1
   * </pre>
   *
   * <p>An interval holds both its ends: an atom there counts, and of counts it is that of the
   * integers from l to u, F(u) − F(l − 1).
   *
   * @param label {@code [D]}, values; or {@code [2 D]}, the lower and the upper end of each target,
   *     or ±∞; equal ones for an exact value
   * @return a log probability or a log density, in nats; −∞ of what is impossible
   * @throws IllegalArgumentException if there are neither D nor 2 D numbers, one is NaN, or a lower
   *     end is above its upper one
   * @throws UnsupportedOperationException if there are intervals, for VON_MISES and for FULL with D
   *     &gt; 1
   */
  public double logLikelihood(double... label) {
    double[] y = label;
    if (label.length == 2 * targets()) {
      y = QuestionArguments.exact(targets(), label);
      if (y == null) {
        QuestionArguments.requireIntervals(numbers);
        return numbers.intervals().logLikelihood(label);
      }
    }
    QuestionArguments.requireNumbers(targets(), y);
    return numbers.logLikelihood(y, new double[components()]);
  }

  /**
   * Returns the probabilities that each component made what is known of the targets: {@link
   * #responsibilities} where some are intervals.
   *
   * @param ends {@code [2 D]}, as {@link #logLikelihood} takes them
   * @return {@code [K]}, which sum to 1, less the probability that it is an atom of an interval
   * @throws IllegalArgumentException as {@link #logLikelihood}, or if it is impossible
   * @throws UnsupportedOperationException as {@link #logLikelihood}
   */
  public double[] responsibilitiesOf(double... ends) {
    double[] exact = QuestionArguments.exact(targets(), ends);
    return exact != null
        ? responsibilities(exact)
        : QuestionArguments.requireDensity(numbers.intervals().responsibilities(ends), ends);
  }

  /**
   * Returns the survival function P(Y &gt; y) = Σ_k π_k (1 − F_k(y)), D = 1, computed from the
   * upper tail itself, never as 1 − cdf.
   *
   * @param y a number, or ±∞
   * @return the probability of more than y
   * @throws IllegalArgumentException if D &gt; 1 or y is NaN
   */
  public double survival(double y) {
    QuestionArguments.requirePoint(targets(), "The survival", y);
    return numbers.survival(y);
  }

  /**
   * Returns the logarithm of {@link #cdf}, also where the cdf itself is too small for a double.
   *
   * @param y a number, or ±∞
   * @return log P(Y ≤ y)
   * @throws IllegalArgumentException if D &gt; 1 or y is NaN
   */
  public double logCdf(double y) {
    QuestionArguments.requirePoint(targets(), "The cdf", y);
    return numbers.logCdf(y);
  }

  /**
   * Returns the logarithm of {@link #survival}, also where the survival itself is too small for a
   * double.
   *
   * @param y a number, or ±∞
   * @return log P(Y &gt; y)
   * @throws IllegalArgumentException if D &gt; 1 or y is NaN
   */
  public double logSurvival(double y) {
    QuestionArguments.requirePoint(targets(), "The survival", y);
    return numbers.logSurvival(y);
  }

  /**
   * Returns a quantile: the y with P(Y ≤ y) = p, D = 1; with atoms inf {y : P(Y ≤ y) ≥ p}. Inverts
   * the cdf or the survival, whichever is small, to 1e-12 of it; where y has too few digits for
   * that, to the nearest double. In a stretch without probability, an arbitrary y of it is
   * returned.
   *
   * @param p a probability in [0, 1]
   * @return y in target units; −∞ for 0 and ∞ for 1
   * @throws IllegalArgumentException if D &gt; 1 or p is not in [0, 1]
   */
  public double quantile(double p) {
    QuestionArguments.requireProbability(targets(), "A quantile", p);
    return numbers.quantile(p);
  }

  /**
   * Returns a quantile of the upper tail: the y with P(Y &gt; y) = q, D = 1; for q too small to be
   * told from 0 in 1 − q. With atoms inf {y : P(Y &gt; y) ≤ q}.
   *
   * @param q a probability in [0, 1]
   * @return y in target units; ∞ for 0 and −∞ for 1
   * @throws IllegalArgumentException if D &gt; 1 or q is not in [0, 1]
   */
  public double survivalQuantile(double q) {
    QuestionArguments.requireProbability(targets(), "A quantile", q);
    return numbers.survivalQuantile(q);
  }

  /**
   * Returns a central interval: from the quantile of (1 − level)/2 to that of (1 + level)/2, D = 1.
   * With atoms at its ends it may have a higher probability than the level.
   *
   * @param level probability of the interval, in (0, 1)
   * @return the interval, in target units
   * @throws IllegalArgumentException if D &gt; 1 or the level is not in (0, 1)
   */
  public Interval interval(double level) {
    QuestionArguments.requireLevel(targets(), "An interval", level);
    return Interval.of(numbers.interval(level));
  }

  /**
   * Returns a highest-density region: the smallest set of a given probability, {y : p(y) ≥ c}, D =
   * 1. Where p is so flat that doubles do not show which y are less likely, it may have more.
   *
   * <p>An atom has a probability and no length, so that it comes before every interval: with atoms
   * it is the heaviest ones, as many as the level needs (the last of them may make it more), and
   * where all are not enough the components' region of what is missing. An atom that lies in no
   * interval is one of width 0. Of counts with atoms, as without, it is the smallest set of
   * integers.
   *
   * <p>Source: R. J. Hyndman, <i>Computing and graphing highest density regions</i>, The American
   * Statistician 50 (1996).
   *
   * @param level probability of the region, in (0, 1)
   * @return disjoint intervals in ascending order, in target units; for VON_MISES within [−π, π],
   *     in two where it goes across the seam
   * @throws IllegalArgumentException if D &gt; 1 or the level is not in (0, 1)
   */
  public List<Interval> highestDensityRegion(double level) {
    return highestDensityRegions(level).get(0);
  }

  /**
   * Returns the highest-density regions of several levels, D = 1, as {@link #highestDensityRegion}
   * gives them one by one, in less time: the density's extrema are found once.
   *
   * @param levels probabilities of the regions, in (0, 1)
   * @return for each level its disjoint intervals in ascending order, in target units
   * @throws IllegalArgumentException if D &gt; 1 or a level is not in (0, 1)
   */
  public List<List<Interval>> highestDensityRegions(double... levels) {
    QuestionArguments.requireLevels(targets(), "A highest-density region", levels);
    return Interval.regions(landscape().regions(levels));
  }

  /**
   * Returns the highest-density regions of several probabilities outside of them, D = 1; for such
   * as are too small to be told from 0 in 1 − q. See {@link #densityTail}.
   *
   * @param tails probabilities q of what the regions leave out, in (0, 1)
   * @return for each its disjoint intervals in ascending order, in target units
   * @throws IllegalArgumentException if D &gt; 1 or a probability is not in (0, 1)
   */
  public List<List<Interval>> highestDensityRegionsLeaving(double... tails) {
    QuestionArguments.requireLevels(targets(), "A highest-density region", tails);
    return Interval.regions(landscape().regionsLeaving(tails));
  }

  /**
   * Returns the probability of what is less likely than an outcome, P(p(Y) &lt; p(y)), D = 1: what
   * the smallest highest-density region that has y leaves out. For y drawn from this mixture it is
   * uniform over [0, 1]. Small ones are right in relative terms. Source: G. E. P. Box, <i>Sampling
   * and Bayes' inference in scientific modelling and robustness</i>, J. R. Statist. Soc. A 143
   * (1980).
   *
   * @param y the outcome, finite
   * @return the probability: 1 at the highest mode, 0 where the density is 0. An atom comes before
   *     every value of the density, and counts itself: it is 1 for the heaviest. Of counts, with
   *     atoms too, it is the probability of all that are less likely
   * @throws IllegalArgumentException if D &gt; 1, or y is NaN or infinite
   */
  public double densityTail(double y) {
    QuestionArguments.requireOneTarget(targets(), "The tail by density");
    require(Double.isFinite(y), "Expected a finite outcome, got %s", y);
    return landscape().densityTail(y);
  }

  /**
   * Returns the modes: the local maxima of the density. Atoms are not among them, but of counts add
   * to the probability: see {@link #atoms()}.
   *
   * <p>D = 1: all of them, ascending. They are found by exclusion: bounds of the density's first
   * two derivatives prove that there is no other. Components of one location and equal ones make
   * one mode. Maxima that stand out by less than 1e-14 of the density cannot be told from rounding.
   *
   * <p>Those of LOG_NORMAL are found in log y, where its density is, but for a factor, a Gaussian
   * mixture's; those of VON_MISES round the circle.
   *
   * <p>D &gt; 1: the maxima to which the mean-shift (for LAPLACE, whose maxima lie on the grid of
   * the components' coordinates, steps along that grid) climbs from the components' locations, each
   * verified by the Hessian, the highest first. Such a mixture may have further ones, even more
   * than K, and that all are found is not guaranteed. Source: M. Á. Carreira-Perpiñán,
   * <i>Mode-finding for mixtures of Gaussian distributions</i>, IEEE Transactions on Pattern
   * Analysis and Machine Intelligence 22 (2000).
   *
   * @return {@code [modes][D]}, in target units
   */
  public double[][] modes() {
    return landscape().modes();
  }

  /**
   * Returns the highest of the modes; the first one, where several are highest.
   *
   * @return {@code [D]}, in target units
   */
  public double[] mode() {
    return landscape().mode();
  }

  private Landscape landscape() {
    Landscape known = landscape;
    if (known == null) {
      known = numbers.landscape();
      landscape = known;
    }
    return known;
  }

  /**
   * Returns the continuous ranked probability score of an outcome, D = 1:
   *
   * <pre>
   *   CRPS = ∫ (F(x) − 1{x ≥ y})² dx = E|Y − y| − ½ E|Y − Y'|
   * </pre>
   *
   * <p>in closed form for GAUSSIAN and LAPLACE, else by quadrature of the integral, to 1e-10 of it;
   * atoms are part of Y. For VON_MISES distances are arcs in [0, π] and the score is circular, by
   * its Fourier series to 1e-9 of it, from κ = 1e10 on as of normal distributions. Source: E. P.
   * Grimit, T. Gneiting, V. J. Berrocal and N. A. Johnson, <i>The continuous ranked probability
   * score for circular variables and its application to mesoscale forecast ensemble
   * verification</i>, Q. J. R. Meteorol. Soc. 132 (2006), equation 5.
   *
   * @param y the outcome, finite
   * @return the score in target units, at least 0; lower is better; ∞ where the integral is: for
   *     STUDENT_T if a component with weight has ν ≤ ½
   * @throws IllegalArgumentException if D &gt; 1, or y is NaN or infinite
   */
  public double crps(double y) {
    QuestionArguments.requireOneTarget(targets(), "The CRPS");
    require(Double.isFinite(y), "Expected a finite outcome, got %s", y);
    return numbers.crps(y);
  }

  /**
   * Returns the energy score of an outcome, for any D; for D = 1 it is the CRPS:
   *
   * <pre>
   *   ES = E‖Y − y‖ − ½ E‖Y − Y'‖
   * </pre>
   *
   * <p>by Monte Carlo: the mean over independent pairs of ½ (‖Y − y‖ + ‖Y' − y‖ − ‖Y − Y'‖), which
   * is never negative. Unbiased; its standard error falls as 1/√samples, see {@link
   * #energyScoreEstimate}. Distances mix the targets' units: standardise targets whose scales
   * differ. For VON_MISES the distance is the arc, and with several targets the chord √(Σ_d 4
   * sin²(δ_d/2)). Source: T. Gneiting and A. E. Raftery, <i>Strictly Proper Scoring Rules,
   * Prediction, and Estimation</i>, JASA 102 (2007), equation 22 with β = 1 and the other sign.
   *
   * @param y the outcome, {@code [D]}, finite
   * @param samples number of pairs that are drawn, at least 1
   * @param random source of randomness; the same state gives the same score
   * @return the score in target units, at least 0; lower is better; ∞ where the expectation is: for
   *     STUDENT_T if a component with weight has ν ≤ ½
   * @throws IllegalArgumentException if y has not D entries, one is NaN or infinite, or samples is
   *     less than 1
   */
  public double energyScore(double[] y, int samples, UniformRandomProvider random) {
    require(samples >= 1, "Expected at least 1 sample, got %d", samples);
    return Estimate.mean(energyScores(y, samples, random));
  }

  /**
   * Returns the energy score of an outcome with the standard error that its draws leave it.
   *
   * @param y the outcome, {@code [D]}, finite
   * @param samples number of pairs that are drawn, at least 2
   * @param random source of randomness; the same state gives the same estimate
   * @return what {@link #energyScore} gives, and its standard error, in target units; ∞ with an
   *     error of NaN where the expectation is infinite. The error is itself estimated, and from
   *     tails that have no variance, of STUDENT_T with ν ≤ 1, not to be relied on
   * @throws IllegalArgumentException if y has not D entries, one is NaN or infinite, or samples is
   *     less than 2
   */
  public Estimate energyScoreEstimate(double[] y, int samples, UniformRandomProvider random) {
    require(samples >= 2, "Expected at least 2 samples, got %d", samples);
    return Estimate.ofMean(energyScores(y, samples, random));
  }

  private double[] energyScores(double[] y, int samples, UniformRandomProvider random) {
    QuestionArguments.requireFinite(targets(), y);
    return MonteCarlo.energyScores(numbers, y, samples, random);
  }

  /**
   * Returns the differential entropy −∫ p(y) log p(y) dy, D = 1:
   *
   * <pre>
   *   H(Y) = Σ_k π_k H(N_k) − Σ_k π_k log π_k − E[−Σ_k r_k(Y) log r_k(Y)]
   * </pre>
   *
   * <p>The last term, what the components overlap, is integrated by adaptive Gauss-Legendre
   * quadrature to 1e-9 nats (STUDENT_T: for ν ≥ 0.1); the others are closed forms. Components that
   * overlap and whose scales are below 1e-7 of their locations lose digits, as y itself then has
   * few.
   *
   * @return the entropy in nats; that of y in other units differs by log |scale|
   * @throws IllegalArgumentException if D &gt; 1
   * @throws UnsupportedOperationException if there are atoms, which have no density, but of counts
   */
  public double entropy() {
    QuestionArguments.requireOneTarget(targets(), "The entropy");
    if (!family().isDiscrete()) {
      QuestionArguments.requireNoAtoms(numbers, "The differential entropy");
    }
    return numbers.entropy();
  }

  /**
   * Returns bounds of the differential entropy for any D, from pairwise distances of the
   * components, in closed form or, for STUDENT_T and LOGISTIC, by quadrature to 1e-10:
   *
   * <pre>
   *   H = Σ_i π_i H(N_i) − Σ_i π_i log Σ_j π_j exp(−d_ij)
   * </pre>
   *
   * <p>is a lower bound with Bhattacharyya's distance as d_ij, and an upper bound with Kullback and
   * Leibler's divergence. They meet where components coincide or lie far apart. Source: A.
   * Kolchinsky and B. D. Tracey, <i>Estimating Mixture Entropy with Pairwise Distances</i>, Entropy
   * 19 (2017), section 3.
   *
   * @return lower and upper bound, in nats
   * @throws UnsupportedOperationException if there are atoms, which have no density
   */
  public Interval entropyBounds() {
    QuestionArguments.requireNoAtoms(numbers, "The differential entropy");
    return Interval.of(numbers.entropyBounds());
  }

  /**
   * Returns Kullback and Leibler's divergence to another mixture, D(p ‖ q) = E_p[log p(Y) − log
   * q(Y)], by Monte Carlo: unbiased, and so at times a little less than 0 where the two are close.
   * Draws beyond all doubles count as the largest double; of two LOG_NORMAL mixtures it is log y
   * that is drawn, so that there are none. Draws that rounding has taken to where p has no density,
   * which happens to FULL covariances that are nearly singular, are left out.
   *
   * @param other q, over the same number of targets
   * @param samples number of draws from this mixture, at least 2
   * @param random source of randomness; the same state gives the same estimate
   * @return the divergence in nats with its standard error; ∞ with an error of NaN if q has no
   *     density at a draw, or if fewer than 2 draws are left
   * @throws IllegalArgumentException if D differs, or samples is less than 2
   * @throws UnsupportedOperationException if one has atoms
   */
  public Estimate klDivergence(Mixture other, int samples, UniformRandomProvider random) {
    QuestionArguments.requireSameTargets(targets(), other.targets());
    require(samples >= 2, "Expected at least 2 samples, got %d", samples);
    QuestionArguments.requireNoAtoms(numbers, "The divergence");
    QuestionArguments.requireNoAtoms(other.numbers, "The divergence");
    return MonteCarlo.klDivergence(numbers, other.numbers, samples, random);
  }

  /**
   * Returns a variational approximation of Kullback and Leibler's divergence to another mixture:
   *
   * <pre>
   *   D(p ‖ q) ≈ Σ_i π_i log [ Σ_i' π_i' exp(−D(N_i ‖ N_i')) / Σ_j ω_j exp(−D(N_i ‖ M_j)) ]
   * </pre>
   *
   * <p>In closed form (STUDENT_T and LOGISTIC: by quadrature) and quick, but <b>no bound</b>: it is
   * a difference of two bounds, may lie on either side of the divergence, and may be negative.
   * Source: J. R. Hershey and P. A. Olsen, <i>Approximating the Kullback Leibler Divergence Between
   * Gaussian Mixture Models</i>, ICASSP (2007), equation 20.
   *
   * @param other q with weights ω and components M, over the same number of targets
   * @return the approximation in nats
   * @throws IllegalArgumentException if D or the type of the components differs
   * @throws UnsupportedOperationException if one has atoms
   */
  public double variationalKlDivergence(Mixture other) {
    QuestionArguments.requireSameTargets(targets(), other.targets());
    require(
        numbers.isLike(other.numbers),
        "Expected a mixture of %s components, got one of %s",
        numbers.typeOfComponents(),
        other.numbers.typeOfComponents());
    QuestionArguments.requireNoAtoms(numbers, "The divergence");
    QuestionArguments.requireNoAtoms(other.numbers, "The divergence");
    return numbers.variationalKlDivergence(other.numbers);
  }

  @Override
  public String toString() {
    return ComponentTables.describe(numbers);
  }
}
