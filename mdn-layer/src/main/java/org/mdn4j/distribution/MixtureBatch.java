/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.mdn4j.Arguments.require;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.commons.rng.simple.RandomSource;
import org.mdn4j.Atoms;
import org.mdn4j.MixtureSpec;
import org.mdn4j.rows.MatrixMemory;
import org.mdn4j.rows.Places;
import org.mdn4j.rows.RowChunks;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.preprocessor.DataNormalization;
import org.nd4j.linalg.dataset.api.preprocessor.MultiDataNormalization;

/**
 * Predictive distributions of N examples, decoded from a network's output.
 *
 * <pre>{@code
 * MixtureBatch predicted = MixtureBatch.of(spec, net.output(features));
 * double[] mean = predicted.get(0).mean();
 * INDArray samples = predicted.sample(100, 42); // [N, 100, D]
 * }</pre>
 *
 * <p>Each question is the one of {@link Mixture}, asked of all rows; on several threads where there
 * are many. Computed in double whatever the network's dtype. A batch holds the raw output itself
 * and reads it anew for each question, so that a million rows need no more memory than their output
 * and the answer: <b>the output must not be changed afterwards</b>.
 *
 * <p>A batch can be changed in three ways, each of which gives a new batch. For one row, {@link
 * #temperature} acts on what the network put out, {@link #rescale}, {@link #shift} and {@link
 * #inOriginalUnits} on what comes of it, in whatever order the two kinds were called. {@link
 * #average} and {@link #contaminated} take batches as they are, changes included; the temperature
 * of what they give is one of all its components together.
 *
 * <p>Immutable and safe for use by several threads, as long as nobody changes the output.
 */
public final class MixtureBatch {
  private final MixtureRows rows;
  private final Places places; // null: of a matrix
  private final BatchChanges changes;

  private MixtureBatch(MixtureRows rows, Places places, BatchChanges changes) {
    this.rows = rows;
    this.places = places;
    this.changes = changes;
  }

  /**
   * Reads a raw output.
   *
   * @param spec the columns of the output
   * @param raw {@code [N, P]}, as {@code output()} of a network with our head returns it, of any
   *     dtype and order; not copied unless it belongs to a workspace, and not to be changed
   *     afterwards
   * @return N mixtures
   * @throws IllegalArgumentException if the output has another rank or width, no row, more than 2³¹
   *     − 1, or an entry that is NaN or infinite
   */
  public static MixtureBatch of(MixtureSpec spec, INDArray raw) {
    require(
        raw.rank() == 2
            && 0 < raw.size(0)
            && raw.size(0) <= Integer.MAX_VALUE
            && raw.size(1) == spec.parameterCount(),
        "Expected an output of shape [N, %d] with N > 0 for %s, got %s",
        spec.parameterCount(),
        spec,
        Arrays.toString(raw.shape()));
    return read(spec, raw.detach(), null);
  }

  /**
   * Reads the raw output of a network that was trained on normalized labels, in their original
   * units.
   *
   * <pre>{@code
   * normalizer.fitLabel(true);
   * normalizer.fit(training); // a NormalizerStandardize or NormalizerMinMaxScaler
   * normalizer.transform(training);
   * net.fit(training);
   * normalizer.transform(features);
   * MixtureBatch predicted = MixtureBatch.of(spec, net.output(features), normalizer);
   * }</pre>
   *
   * @param spec the columns of the output
   * @param raw {@code [N, P]}, as {@link #of(MixtureSpec, INDArray)} takes it
   * @param normalizer as {@link #inOriginalUnits(DataNormalization)} takes it
   * @return N mixtures in original units
   * @throws IllegalArgumentException as those two
   */
  public static MixtureBatch of(MixtureSpec spec, INDArray raw, DataNormalization normalizer) {
    return of(spec, raw).inOriginalUnits(normalizer);
  }

  private static MixtureBatch read(MixtureSpec spec, INDArray matrix, Places places) {
    RowQuestions.requireFinite(matrix, "a finite output");
    return new MixtureBatch(
        new MixtureRows.OfOutput(spec, MatrixMemory.of(matrix)), places, BatchChanges.NONE);
  }

  /**
   * Reads a raw output that has a mixture per step or per pixel. Each is a row of the batch, in the
   * order of their indices, the last one fastest; masked ones are left out. The numbers are copied,
   * unless they lie in this order already and there is no mask.
   *
   * <pre>{@code
   * MixtureBatch predicted = MixtureBatch.of(spec, net.output(sequences), 1, mask); // [N, P, T]
   * double[] mean = predicted.get(example, step).mean();
   * }</pre>
   *
   * @param spec the columns of the output, here its channels
   * @param raw of 3 dimensions, {@code [N, P, T]} or {@code [N, T, P]}, or of 4, {@code [N, P, H,
   *     W]} or {@code [N, H, W, P]}; of any dtype and order, not to be changed afterwards
   * @param channelDimension which dimension has size P: 1 for NCW and NCHW, the last for NWC and
   *     NHWC
   * @param mask null, or a label mask: {@code [N, T]}, {@code [N, H, W]}, the output's shape with
   *     one channel (or with 1 in place of further sizes), or {@code [N, 1]}; 0 leaves a place out
   * @return a mixture per place that is left
   * @throws IllegalArgumentException if a shape does not fit, a mask holds a negative number or
   *     leaves no place, or an entry that is left is NaN or infinite
   */
  public static MixtureBatch of(
      MixtureSpec spec, INDArray raw, int channelDimension, INDArray mask) {
    Places places = Places.of(raw, channelDimension, mask);
    require(
        raw.size(channelDimension) == spec.parameterCount(),
        "Expected %d channels in dimension %d for %s, got an output of shape %s",
        spec.parameterCount(),
        channelDimension,
        spec,
        Arrays.toString(raw.shape()));
    return read(spec, places.matrix(raw).detach(), places);
  }

  /**
   * Creates an ensemble: row by row the mixture of several batches' mixtures, with equal weights.
   *
   * <pre>
   *   p(y | x_n) = 1/M Σ_m p_m(y | x_n)
   * </pre>
   *
   * <p>Source: B. Lakshminarayanan, A. Pritzel and C. Blundell, <i>Simple and Scalable Predictive
   * Uncertainty Estimation using Deep Ensembles</i> (2017), section 2.4.
   *
   * @param batches M batches of the same size and targets, which may differ in their components,
   *     temperatures and units
   * @return N mixtures, each of all the components; their temperature is 1, and members keep theirs
   * @throws IllegalArgumentException if there is no batch, or sizes, targets, families, forms of
   *     the covariance (FULL or not) or atoms differ
   */
  public static MixtureBatch average(MixtureBatch... batches) {
    require(batches.length > 0, "Expected at least one batch, got none");
    return new MixtureBatch(
        new MixtureRows.Average(List.of(batches)), batches[0].places, BatchChanges.NONE);
  }

  /**
   * Returns these mixtures with heavier tails: with the probability ε an outcome comes from one
   * component that is three times as wide as all others together. So an outcome that the mixture
   * takes for all but impossible costs less: one far outside of Gaussians about a ninth of the
   * nats, and one between narrow branches a few in place of hundreds.
   *
   * <pre>
   *   p'(y | x) = (1 − ε) p(y | x) + ε q(y | x)      E_q[y] = E_p[y], Cov_q[y] = 9 Cov_p[y]
   * </pre>
   *
   * <p>The component q is of the mixture's family; where the targets of a component are
   * independent, those of q are, too, and only its variances are 9 times as large. Means stay as
   * they are, variances grow by the factor 1 + 8 ε. Beside A atoms, p stands for the components
   * alone in the moments of q, q has the share 1/(A + 1) of ε, and each atom gets as much: then the
   * mean of all changes, too. Source: J. W. Tukey, <i>A survey of sampling from contaminated
   * distributions</i> (1960), where the wide part is three times as wide.
   *
   * @param share ε, in (0, 1)
   * @return N mixtures of K + 1 components, whose temperature is 1; these keep theirs
   * @throws IllegalArgumentException if the share is not in (0, 1), components are not GAUSSIAN,
   *     LAPLACE, LOGISTIC or NEGATIVE_BINOMIAL, or they are truncated
   */
  public MixtureBatch contaminated(double share) {
    return new MixtureBatch(new MixtureRows.Contaminated(this, share), places, BatchChanges.NONE);
  }

  /**
   * Returns the number of mixtures N.
   *
   * @return N
   */
  public int size() {
    return rows.size();
  }

  /**
   * Returns the number of components K of each mixture.
   *
   * @return K
   */
  public int components() {
    return rows.components();
  }

  /**
   * Returns the number of targets D.
   *
   * @return D
   */
  public int targets() {
    return rows.targets();
  }

  /**
   * Returns the mixture of a row.
   *
   * @param row its row in the raw output, in [0, N)
   * @return the mixture
   * @throws IndexOutOfBoundsException if there is no such row
   */
  public Mixture get(int row) {
    return new Mixture(walk(1).apply(Objects.checkIndex(row, size())));
  }

  /**
   * Returns the average of the rows' densities as one mixture, of all N · K components:
   *
   * <pre>
   *   p(y) = 1/N Σ_n p(y | x_n)
   * </pre>
   *
   * @return the distribution of an outcome whose row is drawn at random
   */
  public Mixture pooled() {
    WeightedComponents joined = walk(1).apply(0).blank(Math.multiplyExact(size(), components()));
    IntFunction<WeightedComponents> walk = walk(RowChunks.ROWS);
    for (int row = 0; row < size(); row++) {
      joined.read(walk.apply(row), 1.0 / size(), row * components());
    }
    joined.join();
    return new Mixture(joined);
  }

  /**
   * Returns one mixture of a batch from an output with a mixture per step or per pixel.
   *
   * @param example in [0, N)
   * @param place the step; or the pixel's row and column
   * @return the mixture
   * @throws IllegalArgumentException if the batch has no such places, or the place is masked
   * @throws IndexOutOfBoundsException if an index is out of its range
   */
  public Mixture get(int example, int... place) {
    require(places != null, "Expected a batch with a mixture per step or pixel, got one per row");
    return get(places.row(IntStream.concat(IntStream.of(example), IntStream.of(place)).toArray()));
  }

  /**
   * Returns values that stand in the shape of the output, as one row per mixture: what the
   * questions do with outcomes of this shape.
   *
   * @param y {@code [N, D]} for a batch of rows; the output's shape with D channels in place of P
   *     for one with a mixture per step or per pixel; or {@code [size, D]} already. For one target
   *     {@code [size]} will do
   * @return {@code [size, D]}, maybe the same array
   * @throws IllegalArgumentException if y has another shape
   */
  public INDArray rows(INDArray y) {
    return rows(y, targets());
  }

  /**
   * Returns labels that stand in the shape of the output, as one row per mixture.
   *
   * @param y as {@link #rows(INDArray)} takes it, with so many columns or channels
   * @param columns D, or 2 D of labels that are intervals
   * @return {@code [size, columns]}, maybe the same array
   * @throws IllegalArgumentException if y has another shape
   */
  public INDArray rows(INDArray y, int columns) {
    return new OutcomeShape(places, size(), targets()).rows(y, columns);
  }

  /** Returns a walk over the mixtures as they are after temperature and change of units. */
  IntFunction<WeightedComponents> walk(int maxRows) {
    return changes.applied(rows.walk(maxRows));
  }

  /**
   * Returns these mixtures at a temperature, in place of any temperature they had.
   *
   * @param temperature divides the logits and multiplies the squared scales
   * @return the widened or narrowed mixtures
   */
  public MixtureBatch temperature(Temperature temperature) {
    return new MixtureBatch(rows, places, changes.temperature(temperature));
  }

  /**
   * Returns these mixtures in units of another scale, as {@link Mixture#rescale}: the distributions
   * of scale_d · y_d.
   *
   * @param scale {@code [D]}, finite and not 0, new units per present unit
   * @return the same mixtures in the new units
   * @throws IllegalArgumentException if there is not one scale per target, one is out of its range
   *     or goes out of it together with an earlier change of units, or the family is not closed
   *     under the change
   */
  public MixtureBatch rescale(double... scale) {
    return in(units().rescale(scale), scale, new double[targets()]);
  }

  /**
   * Returns these mixtures in units of another origin, as {@link Mixture#shift}: the distributions
   * of y_d + shift_d.
   *
   * @param shift {@code [D]}, finite, in present units
   * @return the same mixtures in the new units
   * @throws IllegalArgumentException if there is not one shift per target, one is not finite, or
   *     the family is not closed under the change
   */
  public MixtureBatch shift(double... shift) {
    return in(units().shift(shift), TargetUnits.unchanged(targets()).scale(), shift);
  }

  /**
   * Returns these mixtures in the units that the labels had before a normalizer transformed them.
   *
   * @param normalizer what transformed the training labels, a DL4J {@code NormalizerStandardize} or
   *     {@code NormalizerMinMaxScaler}; one with {@code fitLabel(false)}, which left them alone,
   *     changes nothing
   * @return the same mixtures in original units
   * @throws IllegalArgumentException if the normalizer is of another class, was not fitted to
   *     labels or to another number of targets, or the family is not closed under the change
   */
  public MixtureBatch inOriginalUnits(DataNormalization normalizer) {
    return followedBy(TargetUnits.original(normalizer, targets()));
  }

  /**
   * Returns these mixtures, the output of a graph with several, in the units that its labels had
   * before a normalizer transformed them.
   *
   * @param normalizer a DL4J {@code MultiNormalizerStandardize} or {@code
   *     MultiNormalizerMinMaxScaler}
   * @param output which of the graph's outputs, from 0
   * @return the same mixtures in original units
   * @throws IllegalArgumentException as {@link #inOriginalUnits(DataNormalization)}
   * @throws IndexOutOfBoundsException if there is no such output
   */
  public MixtureBatch inOriginalUnits(MultiDataNormalization normalizer, int output) {
    return followedBy(TargetUnits.original(normalizer, output, targets()));
  }

  private MixtureBatch followedBy(TargetUnits change) {
    return in(
        units().rescale(change.scale()).shift(change.shift()), change.scale(), change.shift());
  }

  private TargetUnits units() {
    return changes.units(targets());
  }

  /** Returns the mixtures in new units, to which the last step led by a scale and a shift. */
  private MixtureBatch in(TargetUnits newUnits, double[] scale, double[] shift) {
    rows.walk(1).apply(0).requireUnits(newUnits);
    return new MixtureBatch(rows, places, changes.units(newUnits, scale, shift));
  }

  /**
   * Returns these mixtures with their atoms at given values, in present units: what a change of
   * units makes of an atom may differ from the value itself by rounding, and a label is an atom
   * only if it is the same number.
   *
   * <pre>{@code
   * // trained with atoms at (0 − mean) / deviation and (1 − mean) / deviation
   * MixtureBatch.of(spec, output, normalizer).atAtoms(0, 1);
   * }</pre>
   *
   * @param values {@code [A]}, ascending, finite and different, as FLOAT too
   * @return the same mixtures, their atoms at these values
   * @throws IllegalArgumentException if there is not one value per atom, they are not in ascending
   *     order, or one is out of its range
   */
  public MixtureBatch atAtoms(double... values) {
    WeightedComponents first = walk(1).apply(0);
    int count = first.valuesOfAtoms().length;
    require(
        values.length == count && Arrays.equals(Atoms.ascending(values), values),
        "Expected %s values in ascending order, one per atom, got %s",
        count,
        Arrays.toString(values));
    Atoms.requireOf(first.components().family(), values);
    return count == 0
        ? this
        : new MixtureBatch(rows, places, changes.atoms(Atoms.ascending(values)));
  }

  /**
   * Returns the values of the mixtures' atoms, which are the same for all.
   *
   * @return {@code [A]}, ascending, in target units; empty where there are none
   */
  public double[] atoms() {
    return walk(1).apply(0).valuesOfAtoms();
  }

  /**
   * Returns the probability that Y is exactly a value, as {@link Mixture#probabilityOf}, D = 1.
   *
   * @param value a number
   * @return P(Y = value | x_n), {@code [N]}, DOUBLE
   * @throws IllegalArgumentException if D &gt; 1 or the value is NaN
   */
  public INDArray probabilityOf(double value) {
    RowQuestions questions = questionsOfOneTarget();
    require(!Double.isNaN(value), "Expected a number, got NaN");
    double[] y = {value};
    return questions.ask((mixture, none, into, at) -> into[at] = mixture.probabilityOf(y));
  }

  /**
   * Returns the log density of one outcome per mixture, as {@link Mixture#logDensity}.
   *
   * @param y outcomes, {@code [N, D]}, for one target also {@code [N]}, or see {@link #rows}
   * @return log p(y_n | x_n) in nats, {@code [N]}, DOUBLE
   * @throws IllegalArgumentException if y has another shape or holds a NaN
   */
  public INDArray logDensity(INDArray y) {
    return questions().atOutcome(y, WeightedComponents::logDensity);
  }

  /**
   * Returns the log-likelihood of one label per mixture, as {@link Mixture#logLikelihood}: the
   * negative of the scores that the head is trained by.
   *
   * @param labels {@code [N, D]}, for one target also {@code [N]}; or of what is known of outcomes
   *     {@code [N, 2 D]}, lower and upper end of each target; or see {@link #rows(INDArray, int)}
   * @return log likelihoods in nats, {@code [N]}, DOUBLE: log P(Y = y_n | x_n) of atoms and counts,
   *     log p(y_n | x_n) of other exact labels, the log probability of intervals
   * @throws IllegalArgumentException if the labels have another shape, one is NaN, or a lower end
   *     is above its upper one
   */
  public INDArray logLikelihood(INDArray labels) {
    if (new OutcomeShape(places, size(), targets()).hasEnds(labels)) {
      return questions()
          .askOf(
              rows(labels, 2 * targets()),
              (mixture, outcome, into, at) -> {
                double[] exact = QuestionArguments.exact(targets(), outcome);
                into[at] =
                    exact != null
                        ? mixture.logLikelihood(exact, new double[components()])
                        : mixture.intervals().logLikelihood(outcome);
              });
    }
    return questions().atOutcome(labels, WeightedComponents::logLikelihood);
  }

  /**
   * Returns the cumulative distribution function at one outcome per mixture, as {@link
   * Mixture#cdf}, D = 1.
   *
   * @param y outcomes, {@code [N, 1]} or {@code [N]}, or see {@link #rows}; they may be ±∞
   * @return P(Y ≤ y_n | x_n), {@code [N]}, DOUBLE
   * @throws IllegalArgumentException if D &gt; 1, y has another shape or holds a NaN
   */
  public INDArray cdf(INDArray y) {
    return questionsOfOneTarget().atNumber(y, WeightedComponents::cdf);
  }

  /**
   * Returns the probability integral transform of one outcome per mixture, as {@link Mixture#pit},
   * D = 1. Chunks of rows draw from the seed as {@link #sample} says.
   *
   * @param y outcomes, {@code [N, 1]} or {@code [N]}, or see {@link #rows}
   * @param seed the same seed gives the same values; without atoms nothing is drawn
   * @return {@code [N]}, DOUBLE; uniform over [0, 1] for outcomes drawn from the mixtures
   * @throws IllegalArgumentException if D &gt; 1, y has another shape or holds a NaN
   */
  public INDArray pit(INDArray y, long seed) {
    return questionsOfOneTarget().pit(y, seed);
  }

  /**
   * Returns the survival function at one outcome per mixture, as {@link Mixture#survival}, D = 1.
   *
   * @param y outcomes, {@code [N, 1]} or {@code [N]}, or see {@link #rows}; they may be ±∞
   * @return P(Y &gt; y_n | x_n), {@code [N]}, DOUBLE
   * @throws IllegalArgumentException if D &gt; 1, y has another shape or holds a NaN
   */
  public INDArray survival(INDArray y) {
    return questionsOfOneTarget().atNumber(y, WeightedComponents::survival);
  }

  /**
   * Returns the continuous ranked probability score of one outcome per mixture, as {@link
   * Mixture#crps}, D = 1.
   *
   * @param y outcomes, {@code [N, 1]} or {@code [N]}, or see {@link #rows}; finite
   * @return the scores in target units, {@code [N]}, DOUBLE; lower is better
   * @throws UnsupportedOperationException if a row's mean does not exist
   * @throws IllegalArgumentException if D &gt; 1, y has another shape or holds a NaN or an infinity
   */
  public INDArray crps(INDArray y) {
    RowQuestions questions = questionsOfOneTarget();
    INDArray outcomes = rows(y);
    RowQuestions.requireFinite(outcomes, "finite outcomes");
    return questions.askOf(
        outcomes, (mixture, outcome, into, at) -> into[at] = mixture.crps(outcome[0]));
  }

  /**
   * Returns quantiles, as {@link Mixture#quantile}, D = 1.
   *
   * @param p probabilities in [0, 1], at least one
   * @return {@code [N, number of p]} in target units, DOUBLE; −∞ for 0 and ∞ for 1
   * @throws IllegalArgumentException if D &gt; 1, there is no p or one is not in [0, 1]
   */
  public INDArray quantile(double... p) {
    RowQuestions questions = questionsOfOneTarget();
    require(p.length > 0, "Expected at least one probability, got none");
    for (double probability : p) {
      require(
          0 <= probability && probability <= 1,
          "Expected probabilities in [0, 1], got %s",
          probability);
    }
    return questions.atEach(p, WeightedComponents::quantile);
  }

  /**
   * Returns survival curves, as {@link Mixture#survival}, D = 1.
   *
   * @param times where to, at least one; they may be ±∞
   * @return P(Y &gt; time | x_n), {@code [N, number of times]}, DOUBLE
   * @throws IllegalArgumentException if D &gt; 1, there is no time or one is NaN
   */
  public INDArray survivalCurves(double... times) {
    RowQuestions questions = questionsOfOneTarget();
    require(times.length > 0, "Expected at least one time, got none");
    for (double time : times) {
      require(!Double.isNaN(time), "Expected times, got NaN");
    }
    return questions.atEach(times, WeightedComponents::survival);
  }

  /**
   * Returns the means, as {@link Mixture#mean()}.
   *
   * @return {@code [N, D]} in target units, DOUBLE
   * @throws UnsupportedOperationException if a row's does not exist
   */
  public INDArray mean() {
    return questions().ofEachTarget(WeightedComponents::mean);
  }

  /**
   * Returns the variances, as {@link Mixture#variance()}.
   *
   * @return {@code [N, D]} in target units squared, DOUBLE
   * @throws UnsupportedOperationException if a row's does not exist
   */
  public INDArray variance() {
    return questions().ofEachTarget((mixture, d) -> mixture.covariance(d, d));
  }

  /**
   * Returns the locations of the components of the largest weights, as {@link
   * Mixture#heaviestLocation()}.
   *
   * @return {@code [N, D]} in target units, DOUBLE
   */
  public INDArray heaviestLocation() {
    return questions().ofEachTarget(WeightedComponents::heaviestLocation);
  }

  /**
   * Returns the highest modes, as {@link Mixture#mode()}.
   *
   * @return {@code [N, D]} in target units, DOUBLE
   */
  public INDArray mode() {
    int targets = targets();
    return questions()
        .ask(
            (mixture, y, into, at) ->
                System.arraycopy(mixture.landscape().mode(), 0, into, at, targets),
            targets);
  }

  /**
   * Draws samples from every mixture, as {@link Mixture#sample} does. Rows are taken in chunks of
   * 256; chunk c draws from {@link RandomSource#XO_RO_SHI_RO_128_PP} with this seed, after c of its
   * jumps. What a row gives does not depend on the number of threads.
   *
   * @param perRow samples per mixture, at least 1
   * @param seed the same seed gives the same samples
   * @return {@code [N, perRow, D]} in target units, DOUBLE
   * @throws IllegalArgumentException if perRow is less than 1
   */
  public INDArray sample(int perRow, long seed) {
    require(perRow >= 1, "Expected at least 1 sample per row, got %d", perRow);
    boolean few = perRow < components() && changes.isNone();
    return questions()
        .sample(() -> few ? rows.walkToDraw(RowChunks.ROWS) : walk(RowChunks.ROWS), perRow, seed);
  }

  private RowQuestions questions() {
    return new RowQuestions(this);
  }

  private RowQuestions questionsOfOneTarget() {
    require(targets() == 1, "The question needs one target, got mixtures over %d", targets());
    return questions();
  }
}
