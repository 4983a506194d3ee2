/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.eval;

import static org.mdn4j.Arguments.require;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.mdn4j.distribution.Interval;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonInclude;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import org.nd4j.shade.jackson.annotation.JsonSetter;
import org.nd4j.shade.jackson.annotation.Nulls;

/**
 * Conformal calibration: intervals and regions whose coverage is guaranteed in finite samples,
 * however wrong the model is.
 *
 * <pre>{@code
 * MixtureBatch heldOut = MixtureBatch.of(spec, net.output(features)); // not trained on
 * Conformal conformal = Conformal.of(heldOut, labels);
 * Interval interval = conformal.interval(predicted.get(row), 0.9);
 * }</pre>
 *
 * <p><b>The guarantee.</b> Let n rows that were held out and a new one be exchangeable, as they are
 * where all were drawn independently from one source. Then the new label lies in the interval, and
 * in the region, of coverage c with a probability of at least c, and of at most c + 1/(n + 1) where
 * scores have no ties. The probability is over the held-out rows and the new one together: given
 * the held-out rows, the share of new labels covered varies from one calibration to the next as a
 * beta distribution, with a standard deviation of some √(c (1 − c)/n). It holds on average over all
 * new rows, not for every kind of row; for named groups see {@link #of(MixtureBatch, INDArray,
 * List)}.
 *
 * <p><b>Rows of different weights</b> are asked for where new rows are not drawn as the held-out
 * ones were, but each as often as its weight says: twice as often where it is 2. The quantile then
 * is of the weighted scores, with the new row's weight at ∞ (weighted exchangeability). As that
 * weight is not known, the largest of the held-out ones stands for it: a lighter row is covered
 * rather more often. Only ratios of weights matter, so that equal ones change nothing, and a row of
 * weight 3 is no more evidence than one of weight 1 among equals: rows that were counted several
 * times are not as many rows. Weights that differ much leave little evidence, as many rows as
 * {@link #size()} says.
 *
 * <p><b>What voids it:</b> new rows from another source or another time than the held-out ones;
 * rows of one group (a patient, a day, a machine) of which some are held out and others are not;
 * held-out rows that the model was trained on, or that anything was chosen on, be it an epoch, a
 * temperature or this model among others; a coverage that was chosen by looking at several.
 *
 * <p><b>Intervals</b>, per target, are those of distributional conformal prediction: the score of a
 * label is |F(y) − ½|, kept as its tail min(F(y), 1 − F(y)), which has all its digits; of the
 * scores the ⌈(n + 1) c⌉-th smallest, q, gives [F⁻¹(½ − q), F⁻¹(½ + q)]. For several targets F is
 * that of the target's marginal distribution and the coverage that of this target alone.
 *
 * <p><b>Regions</b>, of all targets together, are those of the HPD-split: the score is the
 * probability of what is denser than the label, kept as its complement {@link Mixture#densityTail},
 * and the region is the highest-density region of the score's quantile. For several targets the
 * probability is estimated from 199 draws that depend on the mixture only: the region still is a
 * set {y : p(y) ≥ threshold} and the guarantee the same.
 *
 * <p>Where {@link #size()} is less than {@link #leastRows}, or so many labels were where the model
 * had no probability, interval and region are the whole line.
 *
 * <p>Sources: V. Chernozhukov, K. Wüthrich and Y. Zhu, <i>Distributional conformal prediction</i>,
 * PNAS 118 (2021); R. Izbicki, G. Shimizu and R. Stern, <i>CD-split and HPD-split: efficient
 * conformal regions in high dimensions</i>, JMLR 23 (2022); V. Vovk, <i>Conditional validity of
 * inductive conformal predictors</i>, ACML (2012), for coverage given the held-out rows and for
 * groups; R. Tibshirani, R. Foygel Barber, E. Candès and A. Ramdas, <i>Conformal prediction under
 * covariate shift</i>, NeurIPS (2019), theorem 2, for weights.
 *
 * <p>Immutable: arrays that go in or out are copies. As JSON it takes some 20 bytes per row and
 * target, and as many for the region; a random sample of many held-out rows has the same guarantee.
 *
 * @param tails {@code [D][n]}, ascending, in [0, ½]: of each held-out label the smaller of the
 *     probabilities of at most and of more than itself
 * @param densityTails {@code [n]}, ascending, in [0, 1]: of each row's labels the probability of
 *     what is less likely
 * @param groups calibrations of the rows of one group each, by the group's name
 * @param masses {@code [D + 1][n]}, of each entry of the tails of each target, and of the density
 *     tails: what the rows weigh from it to the last one, in units of the heaviest row; null where
 *     all rows count alike, and it is n, n − 1, …, 1
 */
public record Conformal(
    @JsonProperty("tails") @JsonSetter(contentNulls = Nulls.FAIL) double[][] tails,
    @JsonProperty("densityTails") @JsonSetter(contentNulls = Nulls.FAIL) double[] densityTails,
    @JsonProperty("groups") Map<String, Conformal> groups,
    @JsonProperty("masses")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @JsonSetter(contentNulls = Nulls.FAIL)
        double[][] masses) {
  /**
   * Checks and copies.
   *
   * @param tails {@code [D][n]}, ascending, in [0, ½]
   * @param densityTails {@code [n]}, ascending, in [0, 1]
   * @param groups by name, without groups of their own
   * @param masses {@code [D + 1][n]}, descending and above 0, or null
   * @throws IllegalArgumentException if something else is null, there is no target or no row,
   *     lengths differ, numbers are NaN, not in order or out of their range, or groups have other
   *     targets, groups of their own or more rows than there are
   */
  public Conformal {
    require(
        tails != null && tails.length > 0 && densityTails != null && groups != null,
        "Expected tails of at least one target, density tails and groups, got null or no target");
    require(densityTails.length > 0, "Expected at least one row, got none");
    ConformalChecks.requireAscending("density tails", densityTails, 1);
    for (double[] ofTarget : tails) {
      require(
          ofTarget != null && ofTarget.length == densityTails.length,
          "Expected %d tails of each target, as many as density tails, got %s",
          densityTails.length,
          ofTarget == null ? null : ofTarget.length);
      ConformalChecks.requireAscending("tails", ofTarget, 0.5);
    }
    tails = copy(tails);
    densityTails = densityTails.clone();
    groups = new TreeMap<>(groups);
    long rows = 0;
    for (Map.Entry<String, Conformal> group : groups.entrySet()) {
      Conformal own = group.getValue();
      require(
          own != null && own.tails.length == tails.length && own.groups.isEmpty(),
          "Expected group '%s' to be of %d targets and without groups of its own",
          group.getKey(),
          tails.length);
      rows += own.rows();
    }
    require(
        rows <= densityTails.length,
        "Expected groups of at most %d rows in all, got %d",
        densityTails.length,
        rows);
    groups = Collections.unmodifiableMap(groups);
    if (masses != null) {
      require(
          masses.length == tails.length + 1,
          "Expected masses of %d targets and of the density tails, got %d arrays",
          tails.length,
          masses.length);
      for (double[] ofKind : masses) {
        ConformalChecks.requireMasses(ofKind, densityTails.length, masses[0]);
      }
      masses = copy(masses);
    }
  }

  /**
   * Creates a calibration of rows that all count alike.
   *
   * @param tails {@code [D][n]}, ascending, in [0, ½]
   * @param densityTails {@code [n]}, ascending, in [0, 1]
   * @param groups by name, without groups of their own
   * @throws IllegalArgumentException as {@link #Conformal(double[][], double[], Map, double[][])}
   */
  public Conformal(double[][] tails, double[] densityTails, Map<String, Conformal> groups) {
    this(tails, densityTails, groups, null);
  }

  private static double[][] copy(double[][] values) {
    return Arrays.stream(values).map(double[]::clone).toArray(double[][]::new);
  }

  /**
   * Calibrates on held-out rows.
   *
   * @param predicted n mixtures of rows that nothing was trained on or chosen on
   * @param labels {@code [n, D]}, or see {@link MixtureBatch#rows}; finite
   * @return the calibration, without groups
   * @throws IllegalArgumentException if labels have another shape, or one is NaN or infinite
   */
  public static Conformal of(MixtureBatch predicted, INDArray labels) {
    return of(predicted, labels, null, null);
  }

  /**
   * Calibrates on held-out rows as a whole and on those of each group apart (Mondrian conformal
   * prediction). The guarantee then holds for each group by itself, which a common calibration does
   * not give: a noisy group would be covered too seldom, and a quiet one too often.
   *
   * @param predicted n mixtures of rows that nothing was trained on or chosen on
   * @param labels {@code [n, D]}, or see {@link MixtureBatch#rows}; finite
   * @param groups the name of each row's group; null where it has none, which then counts among all
   *     rows only. A row's group must be known before its label, and must not depend on held-out
   *     labels
   * @return the calibration
   * @throws IllegalArgumentException if labels have another shape, one is NaN or infinite, or there
   *     is not one group per row
   */
  public static Conformal of(MixtureBatch predicted, INDArray labels, List<String> groups) {
    return of(predicted, labels, Objects.requireNonNull(groups), null);
  }

  /**
   * Calibrates on held-out rows that count differently, as {@link #of(MixtureBatch, INDArray,
   * List)}; what weights mean stands above.
   *
   * @param predicted n mixtures of rows that nothing was trained on or chosen on
   * @param labels {@code [n, D]}, or see {@link MixtureBatch#rows}; finite
   * @param groups the name of each row's group, null where it has none; or null for no groups
   * @param weights {@code [n]}, finite and at least 0, which leaves a row out; or null where all
   *     rows count alike
   * @return the calibration
   * @throws IllegalArgumentException if labels have another shape, one is NaN or infinite, there is
   *     not one group or weight per row, a weight is negative, NaN or infinite, or all are 0
   */
  public static Conformal of(
      MixtureBatch predicted, INDArray labels, List<String> groups, double[] weights) {
    int size = predicted.size();
    require(
        groups == null || groups.size() == size,
        "Expected %d groups, one per row, got %s",
        size,
        groups == null ? null : groups.size());
    int[] counting = new WeightedRows(size, weights).counted();
    return ConformalScores.calibration(
        ConformalScores.of(predicted, labels), counting, groups, weights);
  }

  /**
   * Returns how many held-out rows a coverage needs, the least n with ⌈(n + 1) c⌉ ≤ n: 9 for 0.9,
   * 19 for 0.95. With fewer, only the whole line has it.
   *
   * @param coverage c, in (0, 1)
   * @return c/(1 − c), rounded up
   * @throws IllegalArgumentException if the coverage is not in (0, 1)
   */
  public static int leastRows(double coverage) {
    BigDecimal exact = exact(coverage);
    return exact
        .divide(BigDecimal.ONE.subtract(exact), 0, RoundingMode.CEILING)
        .min(BigDecimal.valueOf(Integer.MAX_VALUE))
        .intValue();
  }

  /** Returns the number as it is written, so that 0.55 of 20 are 11, and not a little more. */
  private static BigDecimal exact(double coverage) {
    require(coverage > 0 && coverage < 1, "Expected a coverage in (0, 1), got %s", coverage);
    return BigDecimal.valueOf(coverage);
  }

  /**
   * Returns the number of held-out rows.
   *
   * @return n
   */
  public int rows() {
    return densityTails.length;
  }

  /**
   * Returns how many rows the held-out ones are worth: the sum of their weights over the largest.
   *
   * @return n where all count alike; otherwise less
   */
  public double size() {
    return masses == null ? densityTails.length : masses[0][0];
  }

  /**
   * Returns whether the held-out rows are enough for a coverage.
   *
   * @param coverage c, in (0, 1)
   * @return whether {@link #size()} is at least c/(1 − c); otherwise only the whole line has it
   * @throws IllegalArgumentException if the coverage is not in (0, 1)
   */
  public boolean reaches(double coverage) {
    return size() >= threshold(coverage);
  }

  /** Returns c (size + 1), of which a size that is a number of rows makes no rounding error. */
  private double threshold(double coverage) {
    return exact(coverage).multiply(BigDecimal.valueOf(size() + 1)).doubleValue();
  }

  /**
   * Returns whether a group has a calibration of its own for a coverage.
   *
   * @param group its name, or null
   * @param coverage c, in (0, 1)
   * @return false if the group is unknown or has too few rows, see {@link #reaches}
   * @throws IllegalArgumentException if the coverage is not in (0, 1)
   */
  public boolean hasGroup(String group, double coverage) {
    exact(coverage);
    return group != null && groups.containsKey(group) && groups.get(group).reaches(coverage);
  }

  /**
   * Returns the calibration of a group; that of all rows where the group has none of its own for
   * this coverage, see {@link #hasGroup}. The guarantee then is that of all rows together.
   *
   * @param group its name, or null
   * @param coverage c, in (0, 1)
   * @return the group's calibration, or this one
   * @throws IllegalArgumentException if the coverage is not in (0, 1)
   */
  public Conformal forGroup(String group, double coverage) {
    return hasGroup(group, coverage) ? groups.get(group) : this;
  }

  /**
   * Returns the level of the model's own central interval that has a coverage.
   *
   * @param target d, in [0, D)
   * @param coverage c, in (0, 1)
   * @return its level: more than c where the model is too sure of itself; 1 for the whole line
   * @throws IllegalArgumentException if the coverage is not in (0, 1)
   * @throws IndexOutOfBoundsException if there is no such target
   */
  public double intervalLevel(int target, double coverage) {
    return 1 - 2 * tail(target, coverage);
  }

  /**
   * Returns the level of the model's own highest-density region that has a coverage.
   *
   * @param coverage c, in (0, 1)
   * @return its level: more than c where the model is too sure of itself; 1 for everything
   * @throws IllegalArgumentException if the coverage is not in (0, 1)
   */
  public double regionLevel(double coverage) {
    return 1 - densityTail(coverage);
  }

  /** Returns the tail that labels of the intervals have at least. */
  double tail(int target, double coverage) {
    return quantile(tails[target], masses == null ? null : masses[target], coverage);
  }

  /** Returns the density tail that labels of the regions have at least. */
  double densityTail(double coverage) {
    return quantile(densityTails, masses == null ? null : masses[tails.length], coverage);
  }

  /**
   * Returns the largest tail that labels of c (n + 1) rows have at least, the ⌈(n + 1) c⌉-th
   * largest; 0 where there are not so many. Small tails are large scores.
   */
  private double quantile(double[] ascending, double[] masses, double coverage) {
    double threshold = threshold(coverage);
    int from = -1; // the last that so many weigh from
    int beyond = ascending.length;
    while (beyond - from > 1) {
      int middle = (from + beyond) >>> 1;
      double mass = masses == null ? ascending.length - middle : masses[middle];
      if (mass >= threshold) {
        from = middle;
      } else {
        beyond = middle;
      }
    }
    return from < 0 ? 0 : ascending[from];
  }

  /**
   * Returns the interval of a row, D = 1.
   *
   * @param mixture the model's prediction
   * @param coverage c, in (0, 1)
   * @return an interval that has the label with a probability of at least c; (−∞, ∞), or a whole
   *     turn for VON_MISES, where there are too few held-out rows
   * @throws IllegalArgumentException if the mixture is over other targets, D &gt; 1, or the
   *     coverage is not in (0, 1)
   */
  public Interval interval(Mixture mixture, double coverage) {
    requireOneTarget();
    return interval(mixture, 0, coverage);
  }

  /**
   * Returns the interval of a row and target.
   *
   * @param mixture the model's prediction
   * @param target d, in [0, D)
   * @param coverage c, in (0, 1)
   * @return an interval that has this target's label with a probability of at least c; (−∞, ∞), or
   *     a whole turn for VON_MISES, where there are too few held-out rows
   * @throws IllegalArgumentException if the mixture is over other targets, or the coverage is not
   *     in (0, 1)
   * @throws IndexOutOfBoundsException if there is no such target
   */
  public Interval interval(Mixture mixture, int target, double coverage) {
    requireTargets(mixture);
    return ConformalScores.interval(
        ConformalScores.marginal(mixture, target), tail(target, coverage));
  }

  /**
   * Returns the region of a row, D = 1: disjoint intervals, where the prediction has branches.
   *
   * @param mixture the model's prediction
   * @param coverage c, in (0, 1)
   * @return intervals in ascending order, one of which has the label with a probability of at least
   *     c; the whole line, or a whole turn for VON_MISES, where there are too few held-out rows
   * @throws IllegalArgumentException if the mixture is over other targets, D &gt; 1, or the
   *     coverage is not in (0, 1)
   */
  public List<Interval> region(Mixture mixture, double coverage) {
    requireOneTarget();
    requireTargets(mixture);
    return ConformalScores.regions(mixture, densityTail(coverage)).get(0);
  }

  /**
   * Returns whether the region of a row has an outcome, for any number of targets: whether it is
   * likely enough in all targets together.
   *
   * @param mixture the model's prediction
   * @param y the outcome, {@code [D]}, finite
   * @param coverage c, in (0, 1)
   * @return true for the row's label with a probability of at least c
   * @throws IllegalArgumentException if the mixture or y is over other targets, y is not finite, or
   *     the coverage is not in (0, 1)
   */
  public boolean contains(Mixture mixture, double[] y, double coverage) {
    requireTargets(mixture);
    return ConformalScores.densityTail(mixture, y) >= densityTail(coverage);
  }

  private void requireOneTarget() {
    require(tails.length == 1, "Expected one target, got a calibration of %d", tails.length);
  }

  void requireTargets(Mixture mixture) {
    require(
        mixture.targets() == tails.length,
        "Expected a mixture over %d targets, got one over %d",
        tails.length,
        mixture.targets());
  }

  /**
   * Returns the tails of the held-out labels.
   *
   * @return {@code [D][n]}, ascending; a copy
   */
  @Override
  public double[][] tails() {
    return copy(tails);
  }

  /**
   * Returns the density tails of the held-out rows.
   *
   * @return {@code [n]}, ascending; a copy
   */
  @Override
  public double[] densityTails() {
    return densityTails.clone();
  }

  /**
   * Returns what the held-out rows weigh from each entry of the tails on.
   *
   * @return {@code [D + 1][n]}, descending; a copy; null where all rows count alike
   */
  @Override
  public double[][] masses() {
    return masses == null ? null : copy(masses);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Conformal that
        && Arrays.deepEquals(tails, that.tails)
        && Arrays.equals(densityTails, that.densityTails)
        && groups.equals(that.groups)
        && Arrays.deepEquals(masses, that.masses);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(densityTails) + groups.hashCode();
  }

  @Override
  public String toString() {
    return "Conformal(rows=%s, targets=%s, groups=%s)"
        .formatted(rows(), tails.length, groups.keySet());
  }
}
