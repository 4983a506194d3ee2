/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.mdn4j.distribution.Mixture;

/**
 * The prediction for one row of a file, in the targets' own units.
 *
 * @param row the line of the file that the row stands on; the header is on line 1
 * @param targets what was observed, {@code [D]}; of censored ones the two ends of each
 * @param logDensity log p(targets | features), in nats; of an atom, a count or an interval log P
 * @param means predicted means, {@code [D]}
 * @param standardDeviations predicted standard deviations, {@code [D]}
 * @param correlations predicted ones of each pair of targets, the first with the second, the first
 *     with the third, and so on, {@code [D (D − 1) / 2]}
 */
public record Prediction(
    int row,
    List<Double> targets,
    double logDensity,
    List<Double> means,
    List<Double> standardDeviations,
    List<Double> correlations) {

  /**
   * Creates a prediction of one target.
   *
   * @param row the line of the file that the row stands on
   * @param target what was observed
   * @param logDensity log p(target | features), in nats
   * @param mean predicted mean
   * @param standardDeviation predicted standard deviation
   */
  public Prediction(
      int row, double target, double logDensity, double mean, double standardDeviation) {
    this(row, List.of(target), logDensity, List.of(mean), List.of(standardDeviation), List.of());
  }

  static Prediction of(int row, double[] targets, Mixture mixture) {
    return new Prediction(
        row,
        list(targets),
        mixture.logLikelihood(targets),
        list(mixture.mean()),
        list(deviations(mixture)),
        list(correlations(mixture)));
  }

  private static double[] deviations(Mixture mixture) {
    return Arrays.stream(mixture.variance()).map(Math::sqrt).toArray();
  }

  /** Returns the correlation of each pair of targets, in the order of {@link #pairs}. */
  static double[] correlations(Mixture mixture) {
    if (mixture.targets() == 1) {
      return new double[0];
    }
    double[][] covariance = mixture.covariance();
    double[] deviations = deviations(mixture);
    return pairs(deviations.length)
        .mapToDouble(
            pair -> covariance[pair[0]][pair[1]] / (deviations[pair[0]] * deviations[pair[1]]))
        .toArray();
  }

  private static List<Double> list(double[] values) {
    return DoubleStream.of(values).boxed().toList();
  }

  /**
   * Returns the pairs of targets, the first with the second, the first with the third, and so on.
   */
  static Stream<int[]> pairs(int targets) {
    return IntStream.range(0, targets)
        .boxed()
        .flatMap(
            first ->
                IntStream.range(first + 1, targets).mapToObj(second -> new int[] {first, second}));
  }

  /**
   * Returns the observed value of the first target.
   *
   * @return in its own units
   */
  public double target() {
    return targets.get(0);
  }

  /**
   * Returns the predicted mean of the first target.
   *
   * @return in its own units
   */
  public double mean() {
    return means.get(0);
  }

  /**
   * Returns the predicted standard deviation of the first target.
   *
   * @return in its own units
   */
  public double standardDeviation() {
    return standardDeviations.get(0);
  }
}
