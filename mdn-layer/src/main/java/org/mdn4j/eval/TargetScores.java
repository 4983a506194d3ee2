/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.eval;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.nd4j.shade.jackson.annotation.JsonIgnore;
import org.nd4j.shade.jackson.annotation.JsonInclude;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import org.nd4j.shade.jackson.databind.annotation.JsonSerialize;

/**
 * Scores of one target over many rows, in the target's units; for D &gt; 1 those of its marginal
 * distribution. Part of a {@link MixtureEvaluation}.
 *
 * <p>Every PIT value is kept, 8 bytes per row, so that their distance to uniform is exact in
 * whatever parts the rows came.
 */
public final class TargetScores implements Serializable {
  private static final long serialVersionUID = 1L;

  private List<Double> levels;
  private String unit;
  private RunningMean crps = new RunningMean();
  private RunningMean squaredErrorOfMean = new RunningMean();
  private RunningMean squaredErrorOfMode = new RunningMean();
  private RunningMean[] centralWidths; // [levels]
  private RunningMean[] regionWidths; // [levels]

  @JsonSerialize(using = WholeNumbers.class)
  private double[] inCentral; // [levels], sums of weights

  @JsonSerialize(using = WholeNumbers.class)
  private double[] inRegion; // [levels], likewise

  @JsonInclude(JsonInclude.Include.NON_DEFAULT)
  private long intervals; // rows

  @JsonInclude(JsonInclude.Include.NON_DEFAULT)
  private double weightOfIntervals;

  @JsonIgnore private double[] pit = new double[0]; // [rows] and room to grow

  /** Creates empty scores for deserialisation. */
  private TargetScores() {}

  TargetScores(List<Double> levels, String unit) {
    this.levels = levels;
    this.unit = unit;
    this.centralWidths = new RunningMean[levels.size()];
    this.regionWidths = new RunningMean[levels.size()];
    Arrays.setAll(centralWidths, i -> new RunningMean());
    Arrays.setAll(regionWidths, i -> new RunningMean());
    this.inCentral = new double[levels.size()];
    this.inRegion = new double[levels.size()];
  }

  /**
   * Returns whether nothing is missing of what scores of a target over at most the given number of
   * rows have.
   */
  boolean fits(Options options, int target, long rows) {
    int count = options.levels().size();
    return options.levels().equals(levels)
        && options.units().get(target).equals(unit)
        && Stream.of(crps, squaredErrorOfMean, squaredErrorOfMode)
            .allMatch(mean -> mean != null && mean.count() == crps.count())
        && Stream.of(centralWidths, regionWidths)
            .allMatch(
                means ->
                    means != null
                        && means.length == count
                        && Arrays.stream(means)
                            .allMatch(mean -> mean != null && mean.count() == crps.count()))
        && EvaluationJson.hasSums(inCentral, count)
        && EvaluationJson.hasSums(inRegion, count)
        && 0 <= intervals
        && weightOfIntervals >= 0
        && 0 <= rows()
        && rows() <= rows
        && EvaluationJson.hasLength(pit, rows());
  }

  void add(RowScores.Target scores, double weight) {
    int row = (int) rows();
    if (row == pit.length) {
      pit = Arrays.copyOf(pit, Math.max(256, row + row / 2));
    }
    pit[row] = scores.pit();
    for (int i = 0; i < inCentral.length; i++) {
      boolean in =
          scores.isExact()
              ? scores.inCentral()[i]
              : Math.abs(scores.pit() - 0.5) <= levels.get(i) / 2;
      inCentral[i] += in ? weight : 0;
    }
    if (!scores.isExact()) {
      intervals++;
      weightOfIntervals += weight;
      return;
    }
    crps.add(scores.crps(), weight);
    squaredErrorOfMean.add(scores.errorOfMean() * scores.errorOfMean(), weight);
    squaredErrorOfMode.add(scores.errorOfMode() * scores.errorOfMode(), weight);
    for (int i = 0; i < inCentral.length; i++) {
      inRegion[i] += scores.inRegion()[i] ? weight : 0;
      centralWidths[i].add(scores.centralWidths()[i], weight);
      regionWidths[i].add(scores.regionWidths()[i], weight);
    }
  }

  void merge(TargetScores other) {
    double[] merged = Arrays.copyOf(pit, Math.toIntExact(rows() + other.rows()));
    System.arraycopy(other.pit, 0, merged, (int) rows(), (int) other.rows());
    pit = merged;
    intervals += other.intervals;
    weightOfIntervals += other.weightOfIntervals;
    crps.merge(other.crps);
    squaredErrorOfMean.merge(other.squaredErrorOfMean);
    squaredErrorOfMode.merge(other.squaredErrorOfMode);
    for (int i = 0; i < inCentral.length; i++) {
      inCentral[i] += other.inCentral[i];
      inRegion[i] += other.inRegion[i];
      centralWidths[i].merge(other.centralWidths[i]);
      regionWidths[i].merge(other.regionWidths[i]);
    }
  }

  /**
   * Returns the number of rows that had this target.
   *
   * @return the number of rows
   */
  public long rows() {
    return crps.count() + intervals;
  }

  /**
   * Returns the number of rows of which an interval is known instead of a value. They count in the
   * PIT values and the coverage of central intervals only.
   *
   * @return the number of rows, at most that of {@link #rows}
   */
  public long intervals() {
    return intervals;
  }

  /**
   * Returns the name of the target's unit.
   *
   * @return the name that the scores are printed with
   */
  public String unit() {
    return unit;
  }

  /**
   * Returns the mean continuous ranked probability score; lower is better. See {@link
   * org.mdn4j.distribution.Mixture#crps}.
   *
   * @return the mean score, in the target's units; NaN of no rows
   */
  public double crps() {
    return crps.mean();
  }

  /**
   * Returns the root of the mean squared difference of the predicted means and the target; of
   * angles the shorter way round.
   *
   * @return the error, in the target's units; NaN of no rows, and where a row's mean does not exist
   *     (Student's t with ν ≤ 1)
   */
  public double rmseOfMean() {
    return Math.sqrt(squaredErrorOfMean.mean());
  }

  /**
   * Returns the root of the mean squared difference of the best modes, where the row's (joint)
   * density is highest, and the target.
   *
   * @return the error, in the target's units; NaN of no rows
   */
  public double rmseOfMode() {
    return Math.sqrt(squaredErrorOfMode.mean());
  }

  /**
   * Returns the probability integral transforms u = P(Y ≤ y): uniform over [0, 1] where the
   * predictions are right. Of counts and atoms u is drawn evenly between P(Y &lt; y) and P(Y ≤ y),
   * of intervals between those of their ends, by the evaluation's seed (C. Czado, T. Gneiting and
   * L. Held, <i>Predictive model assessment for count data</i>, Biometrics 65 (2009), section 2.2).
   * Source: T. Gneiting, F. Balabdaoui and A. E. Raftery, <i>Probabilistic forecasts, calibration
   * and sharpness</i>, J. R. Statist. Soc. B 69 (2007), section 3.1.
   *
   * @return {@code [rows]}, ascending
   */
  public double[] pitValues() {
    double[] sorted = Arrays.copyOf(pit, (int) rows());
    Arrays.sort(sorted);
    return sorted;
  }

  /**
   * Returns the Kolmogorov-Smirnov distance of the PIT values to the uniform distribution, with
   * u_(i) the i-th smallest of n:
   *
   * <pre>
   *   D = max_i max( i/n − u_(i), u_(i) − (i − 1)/n )
   * </pre>
   *
   * <p>For right predictions it is about 0.87/√n, and above 1.36/√n in 5 % of all cases.
   *
   * @return the distance, in [0, 1]; NaN of no rows
   */
  public double pitKs() {
    double[] sorted = pitValues(); // math3's test refuses fewer than two
    double distance = sorted.length == 0 ? Double.NaN : 0;
    for (int i = 0; i < sorted.length; i++) {
      double above = (i + 1.0) / sorted.length - sorted[i];
      double below = sorted[i] - (double) i / sorted.length;
      distance = Math.max(distance, Math.max(above, below));
    }
    return distance;
  }

  /**
   * Returns the share of the rows whose target was in the central interval, from the quantile of (1
   * − level)/2 to that of (1 + level)/2. With atoms, which no interval divides, right predictions
   * may have a higher share than the level, here and of regions.
   *
   * @param level one of the evaluation's levels
   * @return the share of rows; NaN of no rows
   * @throws IllegalArgumentException if it is not one of the levels
   */
  public double centralCoverage(double level) {
    return share(inCentral, level, crps.totalWeight() + weightOfIntervals);
  }

  /**
   * Returns the mean width of the central intervals; narrower is better where the coverage is
   * right.
   *
   * @param level one of the evaluation's levels
   * @return the mean width, in the target's units; NaN of no rows
   * @throws IllegalArgumentException if it is not one of the levels
   */
  public double centralWidth(double level) {
    return centralWidths[indexOf(level)].mean();
  }

  /**
   * Returns the share of the rows whose target was in the highest-density region.
   *
   * @param level one of the evaluation's levels
   * @return the share of rows; NaN of no rows
   * @throws IllegalArgumentException if it is not one of the levels
   */
  public double regionCoverage(double level) {
    return share(inRegion, level, crps.totalWeight());
  }

  /**
   * Returns the mean total width of the highest-density regions' intervals; narrower is better
   * where the coverage is right.
   *
   * @param level one of the evaluation's levels
   * @return the mean width, in the target's units; NaN of no rows
   * @throws IllegalArgumentException if it is not one of the levels
   */
  public double regionWidth(double level) {
    return regionWidths[indexOf(level)].mean();
  }

  private double share(double[] hits, double level, double weight) {
    return hits[indexOf(level)] / weight; // 0 / 0 is NaN
  }

  private int indexOf(double level) {
    return indexOf(levels, level);
  }

  static int indexOf(List<Double> levels, double level) {
    int index = levels.indexOf(level);
    if (index < 0) {
      throw new IllegalArgumentException(
          "Expected one of the levels %s, got %s".formatted(levels, level));
    }
    return index;
  }

  @JsonProperty("pitValues")
  private double[] pitForJson() {
    return pitValues();
  }

  @JsonProperty("pitValues")
  private void setPitFromJson(double[] values) {
    pit = values;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TargetScores that
        && levels.equals(that.levels)
        && unit.equals(that.unit)
        && intervals == that.intervals
        && weightOfIntervals == that.weightOfIntervals
        && crps.equals(that.crps)
        && squaredErrorOfMean.equals(that.squaredErrorOfMean)
        && squaredErrorOfMode.equals(that.squaredErrorOfMode)
        && Arrays.equals(centralWidths, that.centralWidths)
        && Arrays.equals(regionWidths, that.regionWidths)
        && Arrays.equals(inCentral, that.inCentral)
        && Arrays.equals(inRegion, that.inRegion)
        && Arrays.equals(pitValues(), that.pitValues());
  }

  @Override
  public int hashCode() {
    return Objects.hash(levels, unit, crps, squaredErrorOfMean, squaredErrorOfMode);
  }
}
