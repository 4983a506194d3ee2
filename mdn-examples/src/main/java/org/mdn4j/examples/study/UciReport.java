/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.study;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.mdn4j.examples.kit.WholeFile;
import org.mdn4j.examples.plot.CalibrationPlot;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.SerializationFeature;

/**
 * A method's results on a set. NLLs are in nats; they, CRPS and RMSE are in the target's own units.
 * A standard error is the splits' standard deviation divided by √splits, NaN of one split.
 *
 * @param dataset the set
 * @param method its name on the command line
 * @param splits how many were scored
 * @param nllMean mean over the splits; NaN of a method without a density
 * @param nllStandardError standard error of that mean
 * @param nllPerSplit mean test NLL of each split
 * @param crpsMean mean over the splits
 * @param crpsStandardError standard error of that mean
 * @param rmseMean mean over the splits
 * @param rmseStandardError standard error of that mean
 * @param coverage90 share of all test rows in their central 90 % interval
 * @param conformalCoverage share of all test rows in their conformal intervals, by coverage asked
 *     for; empty of a method without
 * @param seconds time that training took, all splits together
 * @param chosenPerSplit what validation chose
 */
public record UciReport(
    String dataset,
    String method,
    int splits,
    double nllMean,
    double nllStandardError,
    double[] nllPerSplit,
    double crpsMean,
    double crpsStandardError,
    double rmseMean,
    double rmseStandardError,
    double coverage90,
    Map<Double, Double> conformalCoverage,
    double seconds,
    List<String> chosenPerSplit) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  static UciReport of(String dataset, UciMethod method, List<UciSplit> results) {
    return new UciReport(
        dataset,
        method.toString(),
        results.size(),
        mean(results, UciSplit::nll),
        standardError(results, UciSplit::nll),
        results.stream().mapToDouble(UciSplit::nll).toArray(),
        mean(results, UciSplit::crps),
        standardError(results, UciSplit::crps),
        mean(results, UciSplit::rmse),
        standardError(results, UciSplit::rmse),
        Arrays.stream(pit(results)).filter(u -> Math.abs(2 * u - 1) <= 0.9).count()
            / (double) pit(results).length,
        pooled(results, UciSplit::conformalCoverage),
        results.stream().mapToDouble(UciSplit::seconds).sum(),
        results.stream().map(UciSplit::chosen).toList());
  }

  void write(Path file) throws IOException {
    WholeFile.write(file, draft -> JSON.writeValue(draft.toFile(), this));
  }

  /** Draws all splits' test rows in one calibration picture. */
  static void draw(List<UciSplit> results, Path file) throws IOException {
    double[] pit = pit(results);
    Map<Double, Double> regions = pooled(results, UciSplit::regionCoverage);
    CalibrationPlot.write(pit, CalibrationPlot.coverages(pit, regions), file);
  }

  /** Returns shares of all splits' test rows from those of each split's. */
  private static Map<Double, Double> pooled(
      List<UciSplit> results, Function<UciSplit, Map<Double, Double>> shares) {
    int rows = pit(results).length;
    Map<Double, Double> pooled = new TreeMap<>();
    for (UciSplit split : results) {
      double weight = (double) split.pit().length / rows;
      shares
          .apply(split)
          .forEach((level, share) -> pooled.merge(level, share * weight, Double::sum));
    }
    return pooled;
  }

  private static double[] pit(List<UciSplit> results) {
    return results.stream().flatMapToDouble(split -> Arrays.stream(split.pit())).toArray();
  }

  private static double mean(List<UciSplit> results, ToDoubleFunction<UciSplit> value) {
    return results.stream().mapToDouble(value).average().orElseThrow();
  }

  private static double standardError(List<UciSplit> results, ToDoubleFunction<UciSplit> value) {
    double mean = mean(results, value);
    double squares =
        results.stream().mapToDouble(value).map(one -> (one - mean) * (one - mean)).sum();
    return Math.sqrt(squares / (results.size() - 1) / results.size()); // 0 / 0 is NaN
  }
}
