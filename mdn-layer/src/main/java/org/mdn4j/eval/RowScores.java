/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.mdn4j.Atoms;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Counts;
import org.mdn4j.MixtureSpec;
import org.mdn4j.distribution.Interval;
import org.mdn4j.distribution.Mixture;

/**
 * Scores of one predicted mixture and the observed targets.
 *
 * @param nll −log p(y) in nats
 * @param responsibilities {@code [K]}; zeros where y is infinitely far from every component
 * @param energyScore D = 1: the CRPS
 * @param densityRank of as many samples, how many have a higher density than y; −1 where D = 1
 * @param targets which targets were observed
 * @param perTarget their scores, in that order
 */
record RowScores(
    double nll,
    double[] responsibilities,
    double energyScore,
    int densityRank,
    int[] targets,
    List<Target> perTarget) {

  /**
   * Scores of one target.
   *
   * @param crps continuous ranked probability score
   * @param pit P(Y ≤ y); of a count or an atom drawn between P(Y &lt; y) and that; of an interval a
   *     random number between that of its ends
   * @param errorOfMean of the row's mean
   * @param errorOfMode of the row's best mode
   * @param inCentral {@code [levels]}, whether y is in the central interval
   * @param centralWidths {@code [levels]}
   * @param inRegion {@code [levels]}, whether y is in the highest-density region
   * @param regionWidths {@code [levels]}
   */
  record Target(
      double crps,
      double pit,
      double errorOfMean,
      double errorOfMode,
      boolean[] inCentral,
      double[] centralWidths,
      boolean[] inRegion,
      double[] regionWidths) {
    /** Returns the scores of an interval, which has a PIT and nothing else. */
    static Target interval(double pit) {
      return new Target(Double.NaN, pit, Double.NaN, Double.NaN, null, null, null, null);
    }

    /** Returns whether the target is known, so that there are all scores. */
    boolean isExact() {
      return regionWidths != null;
    }
  }

  /** Returns whether all observed targets are known. */
  boolean isExact() {
    return perTarget.stream().allMatch(Target::isExact);
  }

  /**
   * Computes the scores of all rows, on all threads of the common pool.
   *
   * @param seeds what was drawn from before; counts on
   * @param atoms of the predictions, in the labels' units
   * @throws IllegalArgumentException if a label of counts is none
   */
  static RowScores[] ofAll(Options options, ObservedRows rows, DrawSeeds seeds, Atoms atoms) {
    MixtureSpec spec = options.spec();
    if (spec.family().isDiscrete()) {
      requireCounts(spec, rows);
    }
    long[] draws = new long[rows.size()];
    if (spec.targets() > 1
        || spec.family().isDiscrete()
        || spec.atoms().length > 0
        || spec.censored()) {
      Arrays.setAll(
          draws,
          row -> seeds.next(options.seed(), spec.censored() ? rows.ends(row) : rows.labels(row)));
    }
    return IntStream.range(0, rows.size())
        .parallel()
        .mapToObj(row -> of(options, rows, row, draws[row], atoms))
        .toArray(RowScores[]::new);
  }

  private static void requireCounts(MixtureSpec spec, ObservedRows rows) {
    int columns = spec.labelColumns() / spec.targets();
    for (int row = 0; row < rows.size(); row++) {
      int[] observed = rows.targets(row);
      double[] ends = rows.ends(row);
      for (int i = 0; i < observed.length; i++) {
        Counts.requireEnds(ends[2 * i], ends[2 * i + 1], row, (long) observed[i] * columns);
      }
    }
  }

  /**
   * Computes the scores of a row.
   *
   * @param draws seed of its samples, and of what is random in the PIT of counts and atoms
   * @param atoms of the predictions, in the labels' units
   */
  private static RowScores of(
      Options options, ObservedRows rows, int row, long draws, Atoms atoms) {
    int[] targets = rows.targets(row);
    boolean angles = options.spec().family() == ComponentFamily.VON_MISES;
    double[] known = rows.ends(row);
    boolean isAtom = known[0] == known[1] && atoms.indexOf(known[0]) >= 0; // of the only target
    Arrays.setAll(known, i -> atoms.nearest(known[i]));
    double[] ends = options.inUnits(known, targets);
    if (angles) {
      Arrays.setAll(ends, i -> Math.IEEEremainder(ends[i], 2 * Math.PI));
    }
    double[] y = new double[targets.length]; // lower ends
    Arrays.setAll(y, i -> ends[2 * i]);
    boolean exact = IntStream.range(0, y.length).allMatch(i -> y[i] == ends[2 * i + 1]);
    Mixture mixture = rows.mixture(row);
    double nll = -mixture.logLikelihood(ends);
    double[] responsibilities =
        nll == Double.POSITIVE_INFINITY || isAtom && !mixture.family().isDiscrete()
            ? new double[mixture.components()]
            : mixture.responsibilitiesOf(ends);
    UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(draws);
    double[] mean = mixture.hasMean() ? mixture.mean() : notANumber(y.length);
    double[] mode = mixture.mode();
    List<Target> perTarget = new ArrayList<>();
    for (int i = 0; i < y.length; i++) {
      Mixture marginal = y.length == 1 ? mixture : mixture.marginal(i);
      perTarget.add(
          y[i] == ends[2 * i + 1]
              ? target(
                  options,
                  marginal,
                  y[i],
                  error(angles, mean[i], y[i]),
                  error(angles, mode[i], y[i]),
                  draws + i)
              : Target.interval(marginal.pit(y[i], ends[2 * i + 1], random)));
    }
    if (!exact) {
      return new RowScores(nll, responsibilities, Double.NaN, -1, targets, perTarget);
    }
    if (options.spec().targets() == 1) {
      return new RowScores(nll, responsibilities, perTarget.get(0).crps(), -1, targets, perTarget);
    }
    return new RowScores(
        nll,
        responsibilities,
        mixture.energyScore(y, options.samples(), random),
        densityRank(mixture, -nll, options.samples(), random),
        targets,
        perTarget);
  }

  private static double[] notANumber(int length) {
    double[] values = new double[length];
    Arrays.fill(values, Double.NaN);
    return values;
  }

  /** Returns the difference of predicted and observed value; of angles the shorter way round. */
  private static double error(boolean angles, double predicted, double y) {
    return angles ? Math.IEEEremainder(predicted - y, 2 * Math.PI) : predicted - y;
  }

  private static Target target(
      Options options,
      Mixture marginal,
      double y,
      double errorOfMean,
      double errorOfMode,
      long draws) {
    boolean jumps = marginal.family().isDiscrete() || marginal.atoms().length > 0;
    double pit = marginal.cdf(y);
    if (jumps) { // uniform for the true model, which the cdf itself is not
      // Rows with the same label differ in what was predicted.
      long own = draws + Double.doubleToLongBits(pit);
      pit = marginal.pit(y, RandomSource.SPLIT_MIX_64.create(own));
    }
    double[] levels = options.levels().stream().mapToDouble(Double::doubleValue).toArray();
    boolean[] inCentral = new boolean[levels.length];
    double[] centralWidths = new double[levels.length];
    boolean[] inRegion = new boolean[levels.length];
    double[] regionWidths = new double[levels.length];
    List<List<Interval>> regions =
        levels.length == 0 ? List.of() : marginal.highestDensityRegions(levels);
    for (int i = 0; i < levels.length; i++) {
      Interval central = marginal.interval(levels[i]);
      centralWidths[i] = central.width();
      inCentral[i] = jumps ? central.contains(y) : Math.abs(pit - 0.5) <= levels[i] / 2;
      for (Interval interval : regions.get(i)) {
        inRegion[i] |= interval.contains(y);
        regionWidths[i] += interval.width();
      }
    }
    return new Target(
        marginal.crps(y),
        pit,
        errorOfMean,
        errorOfMode,
        inCentral,
        centralWidths,
        inRegion,
        regionWidths);
  }

  private static int densityRank(
      Mixture mixture, double logDensity, int samples, UniformRandomProvider random) {
    int rank = 0;
    for (double[] sample : mixture.sample(samples, random)) {
      if (mixture.logDensity(sample) > logDensity) {
        rank++;
      }
    }
    return rank;
  }
}
