/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import java.util.Arrays;
import java.util.function.DoubleSupplier;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.mdn4j.BoundTransform;
import org.mdn4j.MixtureSpec;
import org.mdn4j.distribution.components.Components;
import org.mdn4j.distribution.components.Components.RawReader;
import org.mdn4j.distribution.components.IndependentTargets;
import org.mdn4j.distribution.components.TruncatedTargets;
import org.mdn4j.distribution.questions.Answers;
import org.mdn4j.distribution.questions.Intervals;
import org.mdn4j.distribution.questions.JumpQuantile;
import org.mdn4j.distribution.questions.Landscape;
import org.mdn4j.distribution.questions.PairwiseBounds;
import org.mdn4j.distribution.questions.PointMasses;
import org.mdn4j.distribution.questions.QuantileSearch;
import org.mdn4j.distribution.questions.Segment;
import org.mdn4j.distribution.questions.Shrunk;
import org.mdn4j.distribution.questions.Tails;
import org.mdn4j.numerics.Doubles;
import org.mdn4j.rows.RowReader;

/**
 * Weights and components: the numbers of a mixture, and what both are asked together. Arguments are
 * trusted. Where there are atoms, weights are those of the components among each other.
 *
 * <p>May be changed by who made it. A {@link Mixture} holds one that is not changed any more; a
 * batch fills one with row after row, and asks it in between.
 */
final class WeightedComponents {
  private final double[] logWeights; // [K], logsumexp = 0
  private final double[] weights; // [K], their exponentials
  private final Components components;
  private final PointMasses atoms; // null: none
  private final IntConsumer unread; // reads a component before it is drawn; null: all are read

  /** Takes logits, which are normalised, and components, which are not copied. */
  WeightedComponents(double[] logits, Components components) {
    this(logits.clone(), components, null);
    Doubles.logSoftmax(logWeights, weights);
  }

  private WeightedComponents(double[] logWeights, Components components, PointMasses atoms) {
    this(logWeights, new double[logWeights.length], components, atoms, null);
  }

  private WeightedComponents(
      double[] logWeights,
      double[] weights,
      Components components,
      PointMasses atoms,
      IntConsumer unread) {
    this.logWeights = logWeights;
    this.weights = weights;
    this.components = components;
    this.atoms = atoms;
    this.unread = unread;
  }

  /** Returns components of the type that a raw output holds, whose numbers are still to be read. */
  static WeightedComponents blank(MixtureSpec spec) {
    return new WeightedComponents(
        new double[spec.components()], Components.blank(spec), atoms(spec));
  }

  private static PointMasses atoms(MixtureSpec spec) {
    return spec.atoms().length == 0 ? null : new PointMasses(spec.atoms());
  }

  /**
   * Starts a walk over rows of a raw output without bounds for draws alone: of a row all weights
   * are read, but only the components that are drawn.
   */
  static IntFunction<WeightedComponents> toDraw(MixtureSpec spec, RowReader numbers) {
    int[] at = {0}; // where the row begins
    Components components = Components.blank(spec);
    RawReader reader = components.reader(spec);
    WeightedComponents mixture =
        new WeightedComponents(
            new double[spec.components()],
            new double[spec.components()],
            components,
            atoms(spec),
            k -> reader.read(numbers.values(), at[0], k));
    RawReader weightReader = mixture.weightReader(spec);
    return row -> {
      at[0] = numbers.seek(row);
      weightReader.read(numbers.values(), at[0]);
      return mixture;
    };
  }

  /** Makes what reads the logits of the row that begins at a place of an array. */
  private RawReader weightReader(MixtureSpec spec) {
    int logits = spec.columns().logits().from(); // asked once, not for each row
    int ofAtoms = spec.columns().atoms().from();
    return (raw, row) -> {
      System.arraycopy(raw, row + logits, logWeights, 0, logWeights.length);
      double ofComponents = Doubles.logSoftmax(logWeights, weights);
      if (atoms != null) {
        atoms.read(ofComponents, raw, row + ofAtoms);
      }
    };
  }

  /** Returns so many components of the same type, whose numbers are still to be read. */
  WeightedComponents blank(int count) {
    return new WeightedComponents(
        new double[count], components.blank(count), atoms == null ? null : atoms.blank());
  }

  WeightedComponents copy() {
    return withAtoms(atoms == null ? null : atoms.copy());
  }

  /** Returns a copy with these atoms in place of any it has; null for none. */
  WeightedComponents withAtoms(PointMasses others) {
    return new WeightedComponents(
        logWeights.clone(), weights.clone(), components.copy(), others, null);
  }

  /** Returns other components with the same weights. */
  WeightedComponents with(Components others) {
    return new WeightedComponents(logWeights, weights, others, atoms, null);
  }

  // What changes the numbers.

  /** Makes what takes over the rows of a raw output, one after the other. */
  RawReader reader(MixtureSpec spec) {
    RawReader reader = components.reader(spec);
    RawReader weightReader = weightReader(spec);
    RawReader whole =
        (raw, row) -> {
          weightReader.read(raw, row);
          reader.read(raw, row);
          addShares(1);
        };
    return spec.bounds().isPresent() ? bounded(spec, whole) : whole;
  }

  private static RawReader bounded(MixtureSpec spec, RawReader reader) {
    BoundTransform transform = new BoundTransform(spec);
    double[] parameters = new double[spec.parameterCount()];
    return (raw, row) -> {
      System.arraycopy(raw, row, parameters, 0, parameters.length);
      transform.apply(parameters);
      reader.read(parameters, 0);
    };
  }

  /**
   * Takes over another mixture's components from place k on, their weights multiplied; after the
   * last, {@link #join} follows.
   */
  void read(WeightedComponents member, double share, int k) {
    double logShare = Math.log(share);
    double ofComponents = atoms == null ? 0 : member.atoms.logShare();
    for (int i = 0; i < member.weights.length; i++) {
      logWeights[k + i] = logShare + ofComponents + member.logWeights[i];
      weights[k + i] = share * member.weights[i];
    }
    components.read(member.components, k);
    if (atoms != null) {
      if (k == 0) {
        atoms.clear();
      }
      atoms.add(member.atoms, logShare);
    }
  }

  /**
   * Takes over another mixture of one component less, and in its last place one that has the mean
   * of all others and a multiple of their standard deviation, and gets a share of the whole.
   */
  void contaminate(WeightedComponents clean, double share, double widening) {
    read(clean, 1 - share, 0);
    int last = clean.count();
    double logShare = Math.log(share);
    logWeights[last] = atoms == null ? logShare : atoms.addEvenly(logShare);
    weights[last] = share;
    components.setWide(last, clean.components, clean.weights, widening);
    join();
  }

  /** Returns whether {@link #contaminate} can take it over. */
  boolean haveAnyMoments() {
    return components.haveAnyMoments();
  }

  /** Ends what {@link #read} began, where there are atoms. */
  void join() {
    if (atoms != null) {
      atoms.normalize(Doubles.logSoftmax(logWeights, weights));
    }
  }

  /** Widens or narrows the mixture. */
  void changeTemperature(Temperature temperature) {
    addShares(-1);
    // Relative to the largest, which stays at 0 however small the temperature.
    double max = Doubles.max(logWeights);
    for (int k = 0; k < logWeights.length; k++) {
      logWeights[k] = (logWeights[k] - max) / temperature.weights();
    }
    double ofComponents = Doubles.logSoftmax(logWeights, weights);
    if (atoms != null) {
      atoms.changeTemperature(temperature.weights(), max, ofComponents);
    }
    components.changeTemperature(temperature.scales());
    addShares(1);
  }

  /**
   * Multiplies the weights by what the components' whole distributions give to the range that they
   * are truncated to, or divides them by it; does nothing where there is no range. All atoms are in
   * it.
   */
  private void addShares(int sign) {
    if (components.range().isEmpty()) {
      return;
    }
    for (int k = 0; k < logWeights.length; k++) {
      logWeights[k] += sign * components.logShare(k);
    }
    double change = Doubles.logSoftmax(logWeights, weights);
    if (atoms != null) {
      atoms.changeShare(change);
    }
  }

  /** Returns the distribution given that the target is in a range, of which both ends are. */
  WeightedComponents truncated(double lower, double upper) {
    WeightedComponents whole = untruncated();
    WeightedComponents within =
        new WeightedComponents(
            whole.logWeights,
            whole.weights,
            new TruncatedTargets(whole.line(), lower, upper),
            whole.atoms == null ? null : whole.atoms.within(lower, upper),
            null);
    within.addShares(1);
    return within;
  }

  /** Returns a copy without a range. */
  WeightedComponents untruncated() {
    WeightedComponents copy = copy();
    copy.addShares(-1);
    return copy.components instanceof TruncatedTargets truncated
        ? new WeightedComponents(copy.logWeights, copy.weights, truncated.whole(), copy.atoms, null)
        : copy;
  }

  /** Makes this the distribution of scale_d · y_d + shift_d. */
  void changeUnits(double[] shift, double[] scale) {
    components.changeUnits(shift, scale);
    if (atoms != null) {
      atoms.changeUnits(shift[0], scale[0]);
    }
  }

  // The numbers.

  /** Returns the atoms, null if there are none. */
  PointMasses atoms() {
    return atoms;
  }

  int count() {
    return logWeights.length;
  }

  int targets() {
    return components.targets();
  }

  /** Returns the weights, which sum to 1 less the atoms' probabilities. */
  double[] weights() {
    double[] copy = weights.clone();
    if (atoms != null) {
      Arrays.setAll(copy, k -> atoms.share() * copy[k]);
    }
    return copy;
  }

  Components components() {
    return components;
  }

  /** Returns the components where there is one target. */
  private IndependentTargets line() {
    return (IndependentTargets) components;
  }

  /** Returns whether the components are of the same type, so that they can stand in one mixture. */
  boolean isLike(WeightedComponents other) {
    return components.getClass() == other.components.getClass()
        && components.family() == other.components.family()
        && components.range().equals(other.components.range());
  }

  /** Returns whether both have atoms at the same values, or none. */
  boolean hasAtomsOf(WeightedComponents other) {
    return Arrays.equals(valuesOfAtoms(), other.valuesOfAtoms());
  }

  /** Returns the values of the atoms, {@code [A]}. */
  double[] valuesOfAtoms() {
    return atoms == null ? new double[0] : atoms.values();
  }

  /** Returns the family, and whether its covariance is full. */
  String typeOfComponents() {
    return components instanceof IndependentTargets
        ? components.family().name()
            + components.range().map(range -> " truncated to " + range).orElse("")
        : "full " + components.family();
  }

  /** Checks that the family is closed under a change. */
  void requireUnits(TargetUnits units) {
    components.requireUnits(units.shift(), units.scale());
  }

  boolean isDegenerate() {
    return IntStream.range(0, weights.length)
        .anyMatch(k -> weights[k] > 0 && components.isDegenerate(k));
  }

  boolean hasMean() {
    return IntStream.range(0, weights.length)
        .allMatch(k -> weights[k] == 0 || components.hasMean(k));
  }

  boolean hasEnergyScore() {
    return components.hasEnergyScore(weights);
  }

  /** Returns the index of the largest weight, the first of several. */
  private int heaviest() {
    int heaviest = 0;
    for (int k = 1; k < logWeights.length; k++) {
      if (logWeights[k] > logWeights[heaviest]) {
        heaviest = k;
      }
    }
    return heaviest;
  }

  // Closed forms.

  /** Returns E[y_d]. */
  double mean(int d) {
    return atoms == null ? components.mean(weights, d) : atoms.mean(meanOfComponents());
  }

  /** Returns E[y] of the components; 0 if they have no share. */
  private double meanOfComponents() {
    return atoms.share() > 0 ? components.mean(weights, 0) : 0;
  }

  /** Returns Cov[y_d, y_e]. */
  double covariance(int d, int e) {
    if (atoms == null) {
      return components.covariance(weights, d, e);
    }
    double ofComponents = atoms.share() > 0 ? components.covariance(weights, 0, 0) : 0;
    return atoms.variance(meanOfComponents(), ofComponents);
  }

  /** Returns the location of the heaviest component at one target, or an atom that is heavier. */
  double heaviestLocation(int d) {
    int component = heaviest();
    if (atoms != null) {
      int atom = atoms.heaviest();
      if (atoms.logMass(atom) > atoms.logShare() + logWeights[component]) {
        return atoms.values()[atom];
      }
    }
    return components.center(component, d);
  }

  double logDensity(double[] y) {
    return logDensity(y, new double[count()]);
  }

  /**
   * Returns the log density, of counts log P(Y = y) with an atom's share; log π_k + log N_k(y) is
   * left in {@code [K]}.
   */
  double logDensity(double[] y, double[] logJoint) {
    for (int k = 0; k < logJoint.length; k++) {
      logJoint[k] = logWeights[k] + components.logDensity(k, y);
    }
    double ofComponents = Doubles.logSumExp(logJoint);
    if (atoms == null) {
      return ofComponents;
    }
    return components.family().isDiscrete()
        ? atoms.logProbability(
            ofComponents,
            y[0],
            () -> PointMasses.missing(weights, k -> components.logDensity(k, y)))
        : atoms.logShare() + ofComponents;
  }

  /** Returns the index of the atom that y is, −1 if it is none. */
  int atom(double[] y) {
    return atoms == null ? -1 : atoms.indexOf(y[0]);
  }

  /** Returns P(Y = y), D = 1. */
  double probabilityOf(double[] y) {
    return components.family().isDiscrete() || atom(y) >= 0
        ? Math.exp(logLikelihood(y, new double[count()]))
        : 0;
  }

  /** Returns what is asked about intervals; right until the numbers are changed. */
  Intervals intervals() {
    return new Intervals(logWeights, weights, components, atoms);
  }

  /** Returns log P(Y = y) of an atom or a count, of others the log density. */
  double logLikelihood(double[] y, double[] logJoint) {
    int atom = components.family().isDiscrete() ? -1 : atom(y);
    return atom < 0 ? logDensity(y, logJoint) : atoms.logMass(atom);
  }

  /**
   * Returns the responsibilities, {@code [K]}, of a count that is an atom the atom's taken off;
   * null where there is no density.
   */
  double[] responsibilities(double[] y) {
    double[] logJoint = new double[count()];
    double logDensity = logDensity(y, logJoint);
    double[] shares = new double[logJoint.length];
    if (!Intervals.isPossible(logJoint)) {
      return atom(y) < 0 ? null : shares;
    }
    double ofComponents = Doubles.logSoftmax(logJoint, shares);
    if (atom(y) >= 0) {
      Intervals.takeOffAtoms(atoms, shares, ofComponents, logDensity);
    }
    return shares;
  }

  WeightedComponents marginal(int[] targets) {
    WeightedComponents marginal = new WeightedComponents(logWeights, components.marginal(targets));
    return atoms == null ? marginal : marginal.withAtoms(atoms.copy());
  }

  /** Returns the conditional distribution; null where the values have no density. */
  WeightedComponents conditional(int[] given, double[] values) {
    double[] logJoint = new double[count()];
    marginal(given).logDensity(values, logJoint);
    return Intervals.isPossible(logJoint)
        ? new WeightedComponents(logJoint, components.conditional(given, values))
        : null;
  }

  double cdf(double[] y) {
    return atoms == null ? components.cdf(weights, y) : cdf(y[0]);
  }

  // Draws.

  Components.Sampler sampler(UniformRandomProvider random) {
    Components.Sampler sampler = components.sampler(random);
    if (unread == null) {
      return sampler;
    }
    return (k, into, offset) -> {
      unread.accept(k);
      sampler.sample(k, into, offset);
    };
  }

  /** Draws one sample into {@code into[offset … offset + D)}. */
  void sample(UniformRandomProvider random, Components.Sampler sampler, double[] into, int offset) {
    double place = random.nextDouble();
    if (atoms != null) {
      into[offset] = atoms.draw(place);
      if (!Double.isNaN(into[offset])) {
        return;
      }
      place = atoms.placeOfComponents(place);
    }
    sampler.sample(component(place), into, offset);
  }

  double[][] sample(int count, UniformRandomProvider random) {
    Components.Sampler sampler = sampler(random);
    double[][] samples = new double[count][targets()];
    for (double[] sample : samples) {
      sample(random, sampler, sample, 0);
    }
    return samples;
  }

  /** Returns the component at a place in [0, 1) of the weights, laid end to end. */
  private int component(double place) {
    double reached = 0;
    for (int k = 0; k < weights.length; k++) {
      reached += weights[k];
      if (place < reached) {
        return k;
      }
    }
    return heaviest(); // where rounding left the weights' sum below the place
  }

  // What algorithms answer; for one target but for the modes.

  private Tails tails() {
    return new Tails(weights, line());
  }

  Shrunk shrunk(double... values) {
    return Shrunk.of(components, weights, values);
  }

  double cdf(double y) {
    double ofComponents = tails().cdf(y);
    return atoms == null ? ofComponents : atoms.cdf(ofComponents, y);
  }

  double survival(double y) {
    double ofComponents = tails().survival(y);
    return atoms == null ? ofComponents : atoms.survival(ofComponents, y);
  }

  /** Returns P(Y &lt; y) + u · P(Y = y); u is drawn of counts, and where y is an atom. */
  double pit(double y, UniformRandomProvider random) {
    if (components.family().isDiscrete()) {
      double below = cdf(Math.ceil(y) - 1);
      return below + random.nextDouble() * (cdf(y) - below);
    }
    int atom = atoms == null ? -1 : atoms.indexOf(y);
    return atom < 0 ? cdf(y) : atoms.pit(atom, tails(), random.nextDouble());
  }

  /** Returns what is drawn evenly between P(Y &lt; lower) and P(Y ≤ upper). */
  double pit(double lower, double upper, UniformRandomProvider random) {
    double share = random.nextDouble();
    double below =
        components.family().isDiscrete()
            ? Math.ceil(lower) - 1
            : atoms == null ? lower : Math.nextDown(lower); // the lower end may be an atom
    return (1 - share) * cdf(below) + share * cdf(upper);
  }

  double logCdf(double y) {
    double ofComponents = Tails.logCdf(logWeights, line(), y);
    return ofTheSmaller(
        atoms == null ? ofComponents : atoms.logCdf(ofComponents, y), () -> survival(y));
  }

  double logSurvival(double y) {
    double ofComponents = Tails.logSurvival(logWeights, line(), y);
    return ofTheSmaller(
        atoms == null ? ofComponents : atoms.logSurvival(ofComponents, y), () -> cdf(y));
  }

  /** Returns the log of a probability, which near 1 the other one has all digits of. */
  private static double ofTheSmaller(double log, DoubleSupplier other) {
    return log > Math.log(0.5) ? Intervals.logOfMost(log, other.getAsDouble()) : log;
  }

  double probability(double a, double b) {
    double ofComponents = Answers.of(components).probability(weights, a, b);
    return atoms == null ? ofComponents : atoms.probability(ofComponents, a, b);
  }

  private JumpQuantile jumps() {
    return new JumpQuantile(atoms, tails(), line());
  }

  double quantile(double p) {
    return atoms == null ? QuantileSearch.of(tails(), line(), false, p) : jumps().of(false, p);
  }

  double survivalQuantile(double q) {
    return atoms == null ? QuantileSearch.of(tails(), line(), true, q) : jumps().of(true, q);
  }

  Segment interval(double level) {
    return atoms == null
        ? QuantileSearch.interval(tails(), line(), 1 - level)
        : jumps().interval(1 - level);
  }

  /** Returns modes and highest-density regions; right until the numbers are changed. */
  Landscape landscape() {
    return new Landscape(logWeights, weights, components, atoms);
  }

  double crps(double y) {
    if (atoms == null) {
      return shrunk(y).crps(weights, y);
    }
    double[] about = Arrays.copyOf(atoms.values(), atoms.count() + 1);
    about[atoms.count()] = y;
    return shrunk(about).crps(weights, atoms, y);
  }

  double entropy() {
    return shrunk().entropy(logWeights, atoms);
  }

  Segment entropyBounds() {
    return PairwiseBounds.ofEntropy(logWeights, components);
  }

  double variationalKlDivergence(WeightedComponents other) {
    return PairwiseBounds.variationalKlDivergence(
        logWeights, components, other.logWeights, other.components);
  }
}
