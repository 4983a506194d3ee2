/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.mdn4j.distribution.Mixture;

/**
 * The prediction for one row of a file, in the targets' own units.
 *
 * @param row the line of the file that the row stands on; the header is on line 1
 * @param targets what was observed, {@code [D]}
 * @param logDensity log p(targets | features), in nats
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
    double[][] covariance = mixture.covariance();
    double[] deviations = // [D]
        Arrays.stream(mixture.variance()).map(Math::sqrt).toArray();
    List<Double> correlations =
        pairs(targets.length)
            .map(pair -> covariance[pair[0]][pair[1]] / (deviations[pair[0]] * deviations[pair[1]]))
            .toList();
    return new Prediction(
        row,
        list(targets),
        mixture.logDensity(targets),
        list(mixture.mean()),
        list(deviations),
        correlations);
  }

  private static List<Double> list(double[] values) {
    return DoubleStream.of(values).boxed().toList();
  }

  private static Stream<int[]> pairs(int targets) {
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

  /**
   * Writes predictions as CSV with a header, in which a column's name is followed by that of its
   * target where there are several.
   */
  static void writeCsv(List<Prediction> predictions, List<String> targets, Path file)
      throws IOException {
    List<String> header = new ArrayList<>(List.of("row"));
    header.addAll(named("target", targets));
    header.add("log_density");
    header.addAll(named("mean", targets));
    header.addAll(named("standard_deviation", targets));
    pairs(targets.size())
        .map(pair -> "correlation_" + targets.get(pair[0]) + "_" + targets.get(pair[1]))
        .forEach(header::add);
    try (BufferedWriter writer = Files.newBufferedWriter(file)) {
      writer.write(header.stream().map(Prediction::cell).collect(Collectors.joining(",")));
      writer.newLine();
      for (Prediction one : predictions) {
        writer.write(
            Stream.of(
                    List.of(one.row()),
                    one.targets(),
                    List.of(one.logDensity()),
                    one.means(),
                    one.standardDeviations(),
                    one.correlations())
                .flatMap(List::stream)
                .map(Object::toString)
                .collect(Collectors.joining(",")));
        writer.newLine();
      }
    }
  }

  /** Returns a column's name per target; of the only one it is the bare name. */
  static List<String> named(String column, List<String> targets) {
    return targets.size() == 1
        ? List.of(column)
        : targets.stream().map(target -> column + "_" + target).toList();
  }

  /** Returns a CSV file's cell, in double quotes where it must be. */
  static String cell(String text) {
    return text.matches("[^,\"\r\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
