/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.study;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.mdn4j.examples.kit.WholeFile;
import org.mdn4j.examples.plot.CalibrationPlot;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.SerializationFeature;

/**
 * A method's results on a set. NLLs are in nats; they, CRPS and RMSE are in the target's own units.
 *
 * @param dataset the set
 * @param method single, ensemble or gaussian
 * @param splits how many were scored
 * @param nllMean mean over the splits
 * @param nllStandardError the splits' standard deviation divided by √splits
 * @param nllPerSplit mean test NLL of each split
 * @param crpsMean mean over the splits
 * @param rmseMean mean over the splits
 * @param coverage90 share of all test rows in their central 90 % interval
 * @param seconds time that training took, all splits together
 * @param noisePerSplit the noise, inputs:targets, and the number of bins that validation chose
 */
public record UciReport(
    String dataset,
    String method,
    int splits,
    double nllMean,
    double nllStandardError,
    double[] nllPerSplit,
    double crpsMean,
    double rmseMean,
    double coverage90,
    double seconds,
    List<String> noisePerSplit) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  static UciReport of(String dataset, UciMethod method, List<UciSplit> results) {
    double[] nll = results.stream().mapToDouble(UciSplit::nll).toArray();
    double mean = mean(results, UciSplit::nll);
    double squares = Arrays.stream(nll).map(value -> (value - mean) * (value - mean)).sum();
    return new UciReport(
        dataset,
        method.toString(),
        nll.length,
        mean,
        Math.sqrt(squares / (nll.length - 1) / nll.length),
        nll,
        mean(results, UciSplit::crps),
        mean(results, UciSplit::rmse),
        Arrays.stream(pit(results)).filter(u -> Math.abs(2 * u - 1) <= 0.9).count()
            / (double) pit(results).length,
        results.stream().mapToDouble(UciSplit::seconds).sum(),
        results.stream().map(UciSplit::noise).toList());
  }

  void write(Path file) throws IOException {
    WholeFile.write(file, draft -> JSON.writeValue(draft.toFile(), this));
  }

  /** Draws all splits' test rows in one calibration picture. */
  static void draw(List<UciSplit> results, Path file) throws IOException {
    double[] pit = pit(results);
    Map<Double, Double> regions = new TreeMap<>();
    results.forEach(
        split ->
            split
                .regionCoverage()
                .forEach(
                    (level, share) ->
                        regions.merge(
                            level, share * split.pit().length / pit.length, Double::sum)));
    CalibrationPlot.write(pit, CalibrationPlot.coverages(pit, regions), file);
  }

  private static double[] pit(List<UciSplit> results) {
    return results.stream().flatMapToDouble(split -> Arrays.stream(split.pit())).toArray();
  }

  private static double mean(List<UciSplit> results, ToDoubleFunction<UciSplit> value) {
    return results.stream().mapToDouble(value).average().orElseThrow();
  }
}
