/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.eval;

import static org.mdn4j.Arguments.require;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.mdn4j.distribution.Interval;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * What intervals and regions do on test rows, the model's own and the conformal ones.
 *
 * @param rows number of test rows
 * @param intervals {@code [D][coverages]}, the central intervals of each target
 * @param regions {@code [coverages]}, the highest-density regions of all targets together
 */
public record ConformalSummary(
    @JsonProperty("rows") int rows,
    @JsonProperty("intervals") List<List<Line>> intervals,
    @JsonProperty("regions") List<Line> regions) {
  private static final double[] COVERAGES = {0.5, 0.8, 0.9, 0.95};

  /** So much rounding of 1 − level counts as none. */
  private static final double ROUNDING = 1e-12;

  /**
   * One coverage.
   *
   * @param coverage that was asked for
   * @param own the share of test labels that the model's own interval or region of this level has
   * @param ownWidth its mean width, in target units; of several targets NaN
   * @param conformal the share of test labels that the conformal one has
   * @param conformalWidth its mean width; ∞ where it is the whole line, of several targets NaN
   */
  public record Line(
      @JsonProperty("coverage") double coverage,
      @JsonProperty("own") double own,
      @JsonProperty("ownWidth") double ownWidth,
      @JsonProperty("conformal") double conformal,
      @JsonProperty("conformalWidth") double conformalWidth) {}

  /**
   * Asks for coverages of 50, 80, 90 and 95 %.
   *
   * @param conformal calibrated on other rows
   * @param predicted mixtures of test rows
   * @param labels {@code [N, D]}, or see {@link MixtureBatch#rows}; finite
   * @param groups the name of each row's group, by whose calibration it is judged; null for none
   * @return what was found
   * @throws IllegalArgumentException if labels have another shape or another number of targets, one
   *     is NaN or infinite, or there is not one group per row
   */
  public static ConformalSummary of(
      Conformal conformal, MixtureBatch predicted, INDArray labels, List<String> groups) {
    return of(conformal, predicted, labels, groups, COVERAGES);
  }

  /**
   * Asks for coverages of 50, 80, 90 and 95 % of rows that count differently.
   *
   * @param conformal calibrated on other rows
   * @param predicted mixtures of test rows
   * @param labels {@code [N, D]}, or see {@link MixtureBatch#rows}; finite
   * @param groups the name of each row's group, by whose calibration it is judged; null for none
   * @param weights {@code [N]}, finite and above 0: shares and means are weighted; null where all
   *     rows count alike
   * @return what was found
   * @throws IllegalArgumentException as {@link #of(Conformal, MixtureBatch, INDArray, List)}, or if
   *     there is not one such weight per row
   */
  public static ConformalSummary weighted(
      Conformal conformal,
      MixtureBatch predicted,
      INDArray labels,
      List<String> groups,
      double[] weights) {
    return of(conformal, predicted, labels, groups, weights, COVERAGES);
  }

  /**
   * Asks for given coverages.
   *
   * @param conformal calibrated on other rows
   * @param predicted mixtures of test rows
   * @param labels {@code [N, D]}, or see {@link MixtureBatch#rows}; finite
   * @param groups the name of each row's group, by whose calibration it is judged; null for none
   * @param coverages in (0, 1)
   * @return what was found
   * @throws IllegalArgumentException as {@link #of(Conformal, MixtureBatch, INDArray, List)}, or if
   *     a coverage is not in (0, 1)
   */
  public static ConformalSummary of(
      Conformal conformal,
      MixtureBatch predicted,
      INDArray labels,
      List<String> groups,
      double... coverages) {
    return of(conformal, predicted, labels, groups, null, coverages);
  }

  private static ConformalSummary of(
      Conformal conformal,
      MixtureBatch predicted,
      INDArray labels,
      List<String> groups,
      double[] weights,
      double[] coverages) {
    List<String> ofRows = groups == null ? Collections.nCopies(predicted.size(), null) : groups;
    require(
        ofRows.size() == predicted.size(),
        "Expected %d groups, one per row, got %d",
        predicted.size(),
        ofRows.size());
    require(
        weights == null || weights.length == predicted.size(),
        "Expected %d weights, one per row, got %s",
        predicted.size(),
        weights == null ? null : weights.length);
    ObservedRows rows = ObservedRows.of(predicted, predicted.rows(labels), null);
    conformal.requireTargets(rows.mixture(0));
    Seen[][] seen =
        IntStream.range(0, rows.size())
            .parallel()
            .mapToObj(
                row ->
                    look(
                        rows.mixture(row),
                        rows.labels(row),
                        Arrays.stream(coverages)
                            .mapToObj(c -> conformal.forGroup(ofRows.get(row), c))
                            .toArray(Conformal[]::new),
                        coverages))
            .toArray(Seen[][]::new);
    List<List<Line>> lines = new ArrayList<>();
    for (int kind = 0; kind <= predicted.targets(); kind++) {
      List<Line> ofKind = new ArrayList<>();
      for (int i = 0; i < coverages.length; i++) {
        int at = kind * coverages.length + i;
        ofKind.add(line(coverages[i], Arrays.stream(seen).map(row -> row[at]).toList(), weights));
      }
      lines.add(List.copyOf(ofKind));
    }
    return new ConformalSummary(
        rows.size(),
        List.copyOf(lines.subList(0, predicted.targets())),
        lines.get(predicted.targets()));
  }

  /**
   * Returns the coverages that are asked for unless others are given.
   *
   * @return 0.5, 0.8, 0.9 and 0.95
   */
  public static double[] coverages() {
    return COVERAGES.clone();
  }

  /** What was seen of one row, kind and coverage. */
  private record Seen(boolean own, double ownWidth, boolean conformal, double conformalWidth) {}

  /** Looks at a row, {@code [(D + 1) · coverages]}: the intervals of each target, the regions. */
  private static Seen[] look(
      Mixture mixture, double[] y, Conformal[] conformal, double[] coverages) {
    int count = coverages.length;
    Seen[] seen = new Seen[(y.length + 1) * count];
    ConformalScores scores = ConformalScores.of(mixture, y);
    for (int d = 0; d < y.length; d++) {
      Mixture marginal = ConformalScores.marginal(mixture, d);
      for (int i = 0; i < count; i++) {
        double own = (1 - coverages[i]) / 2;
        double calibrated = conformal[i].tail(d, coverages[i]);
        seen[d * count + i] =
            new Seen(
                scores.tails()[d] >= own - ROUNDING,
                ConformalScores.interval(marginal, own).width(),
                scores.tails()[d] >= calibrated,
                ConformalScores.interval(marginal, calibrated).width());
      }
    }
    double[] tails = new double[2 * count];
    for (int i = 0; i < count; i++) {
      tails[i] = 1 - coverages[i];
      tails[count + i] = conformal[i].densityTail(coverages[i]);
    }
    double[] widths = widths(mixture, tails);
    for (int i = 0; i < count; i++) {
      seen[y.length * count + i] =
          new Seen(
              scores.densityTail() >= tails[i] - ROUNDING,
              widths[i],
              scores.densityTail() >= tails[count + i],
              widths[count + i]);
    }
    return seen;
  }

  private static double[] widths(Mixture mixture, double[] tails) {
    double[] widths = new double[tails.length];
    if (mixture.targets() > 1) {
      Arrays.fill(widths, Double.NaN);
      return widths;
    }
    List<List<Interval>> regions = ConformalScores.regions(mixture, tails);
    Arrays.setAll(widths, i -> regions.get(i).stream().mapToDouble(Interval::width).sum());
    return widths;
  }

  private static Line line(double coverage, List<Seen> rows, double[] weights) {
    return new Line(
        coverage,
        mean(rows, weights, row -> row.own() ? 1 : 0),
        mean(rows, weights, Seen::ownWidth),
        mean(rows, weights, row -> row.conformal() ? 1 : 0),
        mean(rows, weights, Seen::conformalWidth));
  }

  private static double mean(List<Seen> rows, double[] weights, ToDoubleFunction<Seen> of) {
    double sum = 0;
    double total = 0;
    for (int n = 0; n < rows.size(); n++) {
      double weight = weights == null ? 1 : weights[n];
      sum += weight * of.applyAsDouble(rows.get(n));
      total += weight;
    }
    return sum / total;
  }
}
