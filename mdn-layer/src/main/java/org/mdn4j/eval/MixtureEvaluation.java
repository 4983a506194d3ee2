/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.eval;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.mdn4j.Atoms;
import org.mdn4j.MixtureSpec;
import org.mdn4j.MixtureSpecBuilder;
import org.mdn4j.distribution.MixtureBatch;
import org.nd4j.evaluation.BaseEvaluation;
import org.nd4j.evaluation.IMetric;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.databind.annotation.JsonSerialize;

/**
 * The evaluation of a mixture density network, in DL4J's own manner:
 *
 * <pre>{@code
 * MixtureEvaluation evaluation = new MixtureEvaluation(head.getSpec());
 * net.doEvaluation(testIterator, evaluation);
 * System.out.println(evaluation.stats());
 * }</pre>
 *
 * <p>It reports the mean NLL, the energy score (for one target the CRPS), per target the CRPS, the
 * calibration (PIT values; coverage and width of central intervals and of highest-density regions)
 * and the errors of the mean and of the best mode, and which components are used.
 *
 * <p><b>Labels</b> have shape {@code [N, D]}, {@code [N]} for one target; outputs {@code [N, P]}.
 * <b>Masks</b> are those of {@link ObservedRows}: rows that are masked out do not count. Where some
 * of a row's targets are masked, the row counts with the marginal distribution of the others, as it
 * does in training; each target's scores are over the rows that have it.
 *
 * <p><b>Intervals</b>, labels {@code [N, 2 D]} of {@link MixtureSpecBuilder#censored()}, score by
 * the likelihood that training has: of an interval the log of its probability. Their PIT is a
 * random number, drawn by the seed, between the cdf's values at the ends; for right predictions it
 * is uniform, too, so that the coverage of central intervals holds for all rows. CRPS, energy
 * score, errors and the coverage of highest-density regions, for which a target must be known, are
 * of the rows with exact values alone: of right-censored data the short ones. Source of the
 * randomised PIT: A. E. Brockwell, <i>Universal residuals: a multivariate transformation</i>,
 * Statistics and Probability Letters 77 (2007).
 *
 * <p><b>Units.</b> Scores are in the units of the labels, unless {@link
 * MixtureEvaluationBuilder#inOriginalUnits} converts normalized units to original ones; the NLL
 * then includes the Jacobian, Σ_d log |scale|.
 *
 * <p><b>Atoms.</b> A label that is one is scored by its probability, as in training, and its PIT
 * value is drawn.
 *
 * <p><b>Parts.</b> Evaluations of parts {@link #merge} to the figures of one pass: counts and PIT
 * values exactly, means up to rounding. Samples, where D &gt; 1 or an atom needs them, come from
 * the seed, the row's labels and, of rows with equal labels, their order, whatever the part or
 * thread that they are in. Every part counts equal labels for itself: rows of different parts may
 * share samples.
 */
public final class MixtureEvaluation extends BaseEvaluation<MixtureEvaluation> {
  private static final long serialVersionUID = 1L;

  private Options options;
  private RunningMean nll;
  private RunningMean energyScore;
  private double[] responsibilities; // [K], sums over the rows
  private long[] mostResponsible; // [K], rows

  @JsonSerialize(using = WholeNumbers.class)
  private double[] inRegion; // [levels], sums of weights; D > 1

  private TargetScores[] targets; // [D]
  private transient DrawSeeds seeds; // null until random numbers are needed

  /** Creates an empty evaluation for deserialisation. */
  private MixtureEvaluation() {}

  /**
   * Creates an evaluation with the builder's defaults.
   *
   * @param spec the columns of the raw output
   */
  public MixtureEvaluation(MixtureSpec spec) {
    this(builder(spec).options());
  }

  MixtureEvaluation(Options options) {
    this.options = options;
    reset();
  }

  /**
   * Returns a builder of an evaluation.
   *
   * @param spec the columns of the raw output
   * @return a builder
   */
  public static MixtureEvaluationBuilder builder(MixtureSpec spec) {
    return new MixtureEvaluationBuilder(spec);
  }

  /**
   * Reads an evaluation that {@link #toJson()} wrote, up to as many figures as a quarter of the
   * memory holds.
   *
   * @param json an evaluation as JSON
   * @return the evaluation
   * @throws IllegalArgumentException if it is none; the message says why
   */
  public static MixtureEvaluation fromJson(String json) {
    return EvaluationJson.read(json);
  }

  /** Returns what is wrong with this evaluation, as it was read; null if nothing is. */
  String damage() {
    if (options == null || nll == null || energyScore == null || targets == null) {
      return "options, nll, energyScore or targets are missing";
    }
    MixtureSpec spec = options.spec();
    boolean fits =
        EvaluationJson.hasLength(responsibilities, spec.components())
            && EvaluationJson.hasCounts(mostResponsible, spec.components())
            && EvaluationJson.hasSums(inRegion, spec.targets() == 1 ? 0 : options.levels().size())
            && targets.length == spec.targets()
            && nll.count() >= 0
            && (spec.censored()
                ? energyScore.count() <= nll.count()
                : energyScore.count() == nll.count());
    if (!fits) {
      return "expected counts of %s components and %s targets, none below 0, got others"
          .formatted(spec.components(), spec.targets());
    }
    for (int d = 0; d < targets.length; d++) {
      if (targets[d] == null || !targets[d].fits(options, d, rows())) {
        return "the scores of target %s do not fit the options".formatted(d);
      }
    }
    return null;
  }

  @Override
  public void reset() {
    MixtureSpec spec = options.spec();
    seeds = null;
    nll = new RunningMean();
    energyScore = new RunningMean();
    responsibilities = new double[spec.components()];
    mostResponsible = new long[spec.components()];
    inRegion = new double[spec.targets() == 1 ? 0 : options.levels().size()];
    targets = new TargetScores[spec.targets()];
    Arrays.setAll(targets, d -> new TargetScores(options.levels(), options.units().get(d)));
  }

  @Override
  public MixtureEvaluation newInstance() {
    return new MixtureEvaluation(options);
  }

  /**
   * Scores a minibatch, on all threads of the common pool.
   *
   * <p>Of sequences and images every step or pixel that is not masked is a row.
   *
   * @param labels {@code [N, D]}; or of sequences or images, as {@link ObservedRows#of(MixtureSpec,
   *     INDArray, INDArray, INDArray)} takes them
   * @param networkPredictions the raw output, {@code [N, P]}, or the labels' shape with P in place
   *     of D
   * @param maskArray a label mask as {@link ObservedRows} describes it, or null
   * @param recordMetaData not used
   * @throws IllegalArgumentException if a shape does not fit, an output is NaN or infinite, a label
   *     that is not masked is, or a mask holds another value
   */
  @Override
  public void eval(
      INDArray labels,
      INDArray networkPredictions,
      INDArray maskArray,
      List<? extends Serializable> recordMetaData) {
    add(
        ObservedRows.of(options.spec(), labels, networkPredictions, maskArray, options::applied),
        new Atoms(options.spec()));
  }

  /**
   * Scores predictions that are not one network's output, such as those of an ensemble.
   *
   * @param labels {@code [N, D]}, or see {@link MixtureBatch#rows}
   * @param predicted N mixtures of the specification's numbers of components and targets, before
   *     the evaluation's own temperature and units
   * @param maskArray a label mask as {@link ObservedRows} describes it, or null
   * @throws IllegalArgumentException if a shape does not fit, a label that is not masked is NaN or
   *     infinite, or a mask holds another value
   */
  public void eval(INDArray labels, MixtureBatch predicted, INDArray maskArray) {
    requireFits(predicted);
    add(observed(labels, predicted, maskArray), new Atoms(predicted.atoms()));
  }

  /**
   * Scores predictions of rows that count differently. All means, shares and standard errors are
   * weighted then, by the ratios of the weights; {@link TargetScores#pitValues()} and what is
   * computed from them are of the rows, each counted once.
   *
   * @param labels {@code [N, D]}
   * @param predicted as {@link #eval(INDArray, MixtureBatch, INDArray)} takes them
   * @param weights {@code [N]}, finite, at least 0; a row of weight 0 does not count
   * @throws IllegalArgumentException if a shape does not fit, a label is NaN or infinite, or a
   *     weight is negative, NaN or infinite
   */
  public void evalWeighted(INDArray labels, MixtureBatch predicted, double[] weights) {
    requireFits(predicted);
    if (weights.length != predicted.size()
        || !Arrays.stream(weights).allMatch(w -> w >= 0 && Double.isFinite(w))) {
      throw new IllegalArgumentException(
          "Expected %s finite weights of at least 0, got %s"
              .formatted(predicted.size(), Arrays.toString(weights)));
    }
    ObservedRows rows = observed(labels, predicted, null);
    add(rows, rows.left(weights), new Atoms(predicted.atoms()));
  }

  private ObservedRows observed(INDArray labels, MixtureBatch predicted, INDArray mask) {
    MixtureSpec spec = options.spec();
    return ObservedRows.of(
        spec, predicted.rows(labels, spec.labelColumns()), options.applied(predicted), mask);
  }

  private void requireFits(MixtureBatch predicted) {
    MixtureSpec spec = options.spec();
    if (predicted.components() != spec.components()
        || predicted.targets() != spec.targets()
        || predicted.atoms().length != spec.atoms().length) {
      throw new IllegalArgumentException(
          "Expected mixtures of %s components, %s targets and %s atoms, got %s, %s and %s"
              .formatted(
                  spec.components(),
                  spec.targets(),
                  spec.atoms().length,
                  predicted.components(),
                  predicted.targets(),
                  predicted.atoms().length));
    }
  }

  private void add(ObservedRows rows, Atoms atoms) {
    double[] ones = new double[rows.size()];
    Arrays.fill(ones, 1);
    add(rows, ones, atoms);
  }

  private void add(ObservedRows rows, double[] weights, Atoms atoms) {
    RowScores[] scores = RowScores.ofAll(options, rows, seeds(), atoms);
    for (int row = 0; row < scores.length; row++) { // in order: sums do not depend on threads
      if (weights[row] > 0) {
        add(scores[row], weights[row]);
      }
    }
  }

  private DrawSeeds seeds() {
    seeds = seeds == null ? new DrawSeeds() : seeds;
    return seeds;
  }

  private void add(RowScores row, double weight) {
    nll.add(row.nll(), weight);
    if (row.isExact()) {
      energyScore.add(row.energyScore(), weight);
    }
    int most = 0;
    for (int k = 0; k < responsibilities.length; k++) {
      responsibilities[k] += weight * row.responsibilities()[k];
      most = row.responsibilities()[k] > row.responsibilities()[most] ? k : most;
    }
    mostResponsible[most] += row.responsibilities()[most] > 0 ? 1 : 0;
    for (int i = 0; i < inRegion.length; i++) {
      // With y itself there are m + 1 draws, and its rank among them is uniform if it is one.
      double inside = options.levels().get(i) * (options.samples() + 1);
      boolean in = row.isExact() && row.densityRank() + 1 <= inside + 1e-9;
      inRegion[i] += in ? weight : 0; // 0.29 · 100 is 28.99…
    }
    for (int i = 0; i < row.targets().length; i++) {
      targets[row.targets()[i]].add(row.perTarget().get(i), weight);
    }
  }

  /**
   * Adds the rows that another evaluation has scored.
   *
   * @param other an evaluation with the same options; stays as it is
   * @throws IllegalArgumentException if its options are others
   */
  @Override
  public void merge(MixtureEvaluation other) {
    if (!options.equals(other.options)) {
      throw new IllegalArgumentException(
          "Expected an evaluation with the same options %s, got %s"
              .formatted(options, other.options));
    }
    nll.merge(other.nll);
    if (other.seeds != null) {
      seeds().merge(other.seeds);
    }
    energyScore.merge(other.energyScore);
    for (int k = 0; k < responsibilities.length; k++) {
      responsibilities[k] += other.responsibilities[k];
      mostResponsible[k] += other.mostResponsible[k];
    }
    for (int i = 0; i < inRegion.length; i++) {
      inRegion[i] += other.inRegion[i];
    }
    for (int d = 0; d < targets.length; d++) {
      targets[d].merge(other.targets[d]);
    }
  }

  /**
   * Returns the form of the output that is scored.
   *
   * @return the specification
   */
  public MixtureSpec spec() {
    return options.spec();
  }

  /**
   * Returns the probabilities of the intervals and regions.
   *
   * @return the levels, ascending
   */
  public List<Double> levels() {
    return options.levels();
  }

  /**
   * Returns the number of rows scored: those with at least one target that is not masked.
   *
   * @return the number of rows
   */
  public long rows() {
    return nll.count();
  }

  /**
   * Returns the mean negative log-likelihood, −log p(y | x).
   *
   * @return the mean in nats; NaN of no rows
   */
  public double nll() {
    return nll.mean();
  }

  /**
   * Returns the standard error of {@link #nll()}: the rows' standard deviation divided by √N.
   *
   * @return the standard error in nats; NaN of fewer than two rows
   */
  public double nllStandardError() {
    return nll.standardError();
  }

  /**
   * Returns the mean energy score over all targets, E‖Y − y‖ − ½ E‖Y − Y'‖; lower is better. For D
   * = 1 it is the CRPS, in closed form; else it is estimated from the builder's number of samples
   * per row. Source: T. Gneiting and A. E. Raftery, <i>Strictly proper scoring rules, prediction,
   * and estimation</i>, JASA 102 (2007), equation 22.
   *
   * @return the mean score, in target units; NaN of no rows
   */
  public double energyScore() {
    return energyScore.mean();
  }

  /**
   * Returns the standard error of {@link #energyScore()}: the rows' standard deviation divided by
   * √N. For D &gt; 1 it has in it what the samples add, as every row has samples of its own.
   *
   * @return the standard error, in target units; NaN of fewer than two rows
   */
  public double energyScoreStandardError() {
    return energyScore.standardError();
  }

  /**
   * Returns the share of the rows whose targets were all together in the highest-density region.
   * For D = 1 that of {@link TargetScores#regionCoverage}. Else by the rank of the density of y
   * among those of m samples: y is inside if at most level · (m + 1) − 1 samples have a higher one.
   * For right predictions the expected share is the level, where level · (m + 1) is whole. Source:
   * R. J. Hyndman, <i>Computing and graphing highest density regions</i>, The American Statistician
   * 50 (1996), section 3.
   *
   * @param level one of the levels
   * @return the share of rows; NaN of no rows
   * @throws IllegalArgumentException if it is not one of the levels
   */
  public double regionCoverage(double level) {
    int index = TargetScores.indexOf(options.levels(), level);
    return targets.length == 1
        ? targets[0].regionCoverage(level)
        : inRegion[index] / energyScore.totalWeight();
  }

  /**
   * Returns the scores of one target.
   *
   * @param target d, in [0, D)
   * @return its scores so far
   * @throws IndexOutOfBoundsException if there is no such target
   */
  public TargetScores target(int target) {
    return targets[Objects.checkIndex(target, targets.length)];
  }

  /**
   * Returns the mean responsibilities over the rows, each component's share of the data.
   *
   * @return {@code [K]}, which sum to 1; NaN of no rows
   */
  public double[] meanResponsibilities() {
    double sum = DoubleStream.of(responsibilities).sum();
    return DoubleStream.of(responsibilities).map(value -> value / sum).toArray();
  }

  /**
   * Returns the effective number of components, exp(−Σ_k r_k log r_k) of the mean responsibilities
   * r: K if all have the same share of the data, 1 if one has it all.
   *
   * @return a number in [1, K]; NaN of no rows
   */
  public double effectiveComponents() {
    return Math.exp(
        DoubleStream.of(meanResponsibilities())
            .map(share -> share == 0 ? 0 : -share * Math.log(share))
            .sum());
  }

  /**
   * Returns the components that are the most responsible one for no row: without them no row would
   * lose its best explanation.
   *
   * @return their indices, ascending; all of no rows
   */
  public int[] unusedComponents() {
    return IntStream.range(0, mostResponsible.length)
        .filter(k -> mostResponsible[k] == 0)
        .toArray();
  }

  /**
   * {@inheritDoc}
   *
   * @param metric a {@link MixtureMetric}
   * @throws IllegalArgumentException if it is a metric of another evaluation
   */
  @Override
  public double getValue(IMetric metric) {
    if (!(metric instanceof MixtureMetric known)) {
      throw new IllegalArgumentException(
          "Expected one of %s, got %s".formatted(Arrays.toString(MixtureMetric.values()), metric));
    }
    return known.of(this);
  }

  /**
   * Returns a table of all figures.
   *
   * @return several lines of text
   */
  @Override
  public String stats() {
    return EvaluationTable.of(this, options);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MixtureEvaluation that
        && options.equals(that.options)
        && nll.equals(that.nll)
        && energyScore.equals(that.energyScore)
        && Arrays.equals(responsibilities, that.responsibilities)
        && Arrays.equals(mostResponsible, that.mostResponsible)
        && Arrays.equals(inRegion, that.inRegion)
        && Arrays.equals(targets, that.targets);
  }

  @Override
  public int hashCode() {
    return Objects.hash(options, nll, energyScore);
  }
}
