/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.eval;

import static org.mdn4j.Arguments.require;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.mdn4j.distribution.Interval;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.nd4j.linalg.api.ndarray.INDArray;
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
 * <p>Where n is less than {@link #leastRows}, or so many labels were where the model had no
 * probability, interval and region are the whole line.
 *
 * <p>Sources: V. Chernozhukov, K. Wüthrich and Y. Zhu, <i>Distributional conformal prediction</i>,
 * PNAS 118 (2021); R. Izbicki, G. Shimizu and R. Stern, <i>CD-split and HPD-split: efficient
 * conformal regions in high dimensions</i>, JMLR 23 (2022); V. Vovk, <i>Conditional validity of
 * inductive conformal predictors</i>, ACML (2012), for coverage given the held-out rows and for
 * groups.
 *
 * <p>Immutable: arrays that go in or out are copies. As JSON it takes some 20 bytes per row and
 * target, and as many for the region; a random sample of many held-out rows has the same guarantee.
 *
 * @param tails {@code [D][n]}, ascending, in [0, ½]: of each held-out label the smaller of the
 *     probabilities of at most and of more than itself
 * @param densityTails {@code [n]}, ascending, in [0, 1]: of each row's labels the probability of
 *     what is less likely
 * @param groups calibrations of the rows of one group each, by the group's name
 */
public record Conformal(
    @JsonProperty("tails") @JsonSetter(contentNulls = Nulls.FAIL) double[][] tails,
    @JsonProperty("densityTails") @JsonSetter(contentNulls = Nulls.FAIL) double[] densityTails,
    @JsonProperty("groups") Map<String, Conformal> groups) {

  /**
   * Checks and copies.
   *
   * @param tails {@code [D][n]}, ascending, in [0, ½]
   * @param densityTails {@code [n]}, ascending, in [0, 1]
   * @param groups by name, without groups of their own
   * @throws IllegalArgumentException if something is null, there is no target or no row, lengths
   *     differ, numbers are NaN, not ascending or out of their range, or groups have other targets,
   *     groups of their own or more rows than there are
   */
  public Conformal {
    require(
        tails != null && tails.length > 0 && densityTails != null && groups != null,
        "Expected tails of at least one target, density tails and groups, got null or no target");
    require(densityTails.length > 0, "Expected at least one row, got none");
    requireAscending("density tails", densityTails, 1);
    for (double[] ofTarget : tails) {
      require(
          ofTarget != null && ofTarget.length == densityTails.length,
          "Expected %d tails of each target, as many as density tails, got %s",
          densityTails.length,
          ofTarget == null ? null : ofTarget.length);
      requireAscending("tails", ofTarget, 0.5);
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
  }

  private static void requireAscending(String name, double[] values, double most) {
    double before = 0;
    for (double value : values) {
      require(
          before <= value && value <= most,
          "Expected %s in [0, %s] in ascending order, got %s after %s",
          name,
          most,
          value,
          before);
      before = value;
    }
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
    ConformalScores[] scores = ConformalScores.of(predicted, labels);
    return of(scores, IntStream.range(0, scores.length).toArray(), Map.of());
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
    require(
        groups.size() == predicted.size(),
        "Expected %d groups, one per row, got %d",
        predicted.size(),
        groups.size());
    ConformalScores[] scores = ConformalScores.of(predicted, labels);
    Map<String, List<Integer>> rows = new LinkedHashMap<>();
    for (int row = 0; row < scores.length; row++) {
      if (groups.get(row) != null) {
        rows.computeIfAbsent(groups.get(row), name -> new ArrayList<>()).add(row);
      }
    }
    Map<String, Conformal> apart = new TreeMap<>();
    rows.forEach(
        (name, own) ->
            apart.put(name, of(scores, own.stream().mapToInt(i -> i).toArray(), Map.of())));
    return of(scores, IntStream.range(0, scores.length).toArray(), apart);
  }

  private static Conformal of(ConformalScores[] scores, int[] rows, Map<String, Conformal> groups) {
    double[][] tails = new double[scores[0].tails().length][];
    Arrays.setAll(
        tails, d -> Arrays.stream(rows).mapToDouble(n -> scores[n].tails()[d]).sorted().toArray());
    return new Conformal(
        tails,
        Arrays.stream(rows).mapToDouble(n -> scores[n].densityTail()).sorted().toArray(),
        groups);
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
   * Returns whether a group has a calibration of its own for a coverage.
   *
   * @param group its name, or null
   * @param coverage c, in (0, 1)
   * @return false if the group is unknown or has fewer than {@link #leastRows} rows
   * @throws IllegalArgumentException if the coverage is not in (0, 1)
   */
  public boolean hasGroup(String group, double coverage) {
    int least = leastRows(coverage);
    return group != null && groups.containsKey(group) && groups.get(group).rows() >= least;
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
    return quantile(tails[target], coverage);
  }

  /** Returns the density tail that labels of the regions have at least. */
  double densityTail(double coverage) {
    return quantile(densityTails, coverage);
  }

  /** Returns the ⌈(n + 1) c⌉-th largest: small tails are large scores. */
  private static double quantile(double[] ascending, double coverage) {
    BigDecimal rank =
        exact(coverage)
            .multiply(BigDecimal.valueOf(ascending.length + 1L))
            .setScale(0, RoundingMode.CEILING);
    return rank.intValueExact() > ascending.length
        ? 0
        : ascending[ascending.length - rank.intValueExact()];
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

  @Override
  public boolean equals(Object other) {
    return other instanceof Conformal that
        && Arrays.deepEquals(tails, that.tails)
        && Arrays.equals(densityTails, that.densityTails)
        && groups.equals(that.groups);
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
