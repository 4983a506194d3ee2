/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.mdn4j.eval.ConformalSummary;
import org.mdn4j.eval.MixtureEvaluation;
import org.mdn4j.examples.kit.WholeFile;
import org.mdn4j.regression.report.FitReport;
import org.nd4j.shade.jackson.annotation.JsonAlias;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * The results of a method on one split, kept so that a study can be resumed where it was stopped.
 *
 * @param settings the regressor's options; a result of others is not used again
 * @param nll mean test NLL in nats, original units; NaN of a method without a density
 * @param crps mean CRPS, original units
 * @param rmse root mean squared error of the predicted mean
 * @param pit PIT values of the test rows
 * @param regionCoverage share of test rows in their highest-density regions, by level
 * @param conformalCoverage share of test rows in their conformal intervals, by coverage asked for;
 *     empty of a method without
 * @param chosen what validation chose
 * @param seconds time that training took
 */
record UciSplit(
    @JsonProperty("settings") String settings,
    @JsonProperty("nll") double nll,
    @JsonProperty("crps") double crps,
    @JsonProperty("rmse") double rmse,
    @JsonProperty("pit") double[] pit,
    @JsonProperty("regionCoverage") Map<Double, Double> regionCoverage,
    @JsonProperty("conformalCoverage") Map<Double, Double> conformalCoverage,
    @JsonProperty("chosen") @JsonAlias("noise") String chosen,
    @JsonProperty("seconds") double seconds) {
  private static final ObjectMapper JSON = new ObjectMapper();

  UciSplit {
    conformalCoverage = conformalCoverage == null ? Map.of() : conformalCoverage; // in older files
  }

  static UciSplit of(
      String settings, MixtureEvaluation evaluation, FitReport report, double seconds) {
    Map<Double, Double> regions = new TreeMap<>();
    evaluation.levels().forEach(level -> regions.put(level, evaluation.regionCoverage(level)));
    return new UciSplit(
        settings,
        evaluation.nll(),
        evaluation.target(0).crps(),
        evaluation.target(0).rmseOfMean(),
        evaluation.target(0).pitValues(),
        regions,
        Map.of(),
        "noise %s, %s bins".formatted(report.noise(), report.bins()),
        seconds);
  }

  /** Returns the same with what conformal intervals of the only target did. */
  UciSplit with(ConformalSummary summary) {
    Map<Double, Double> shares = new TreeMap<>();
    summary.intervals().get(0).forEach(line -> shares.put(line.coverage(), line.conformal()));
    return new UciSplit(settings, nll, crps, rmse, pit, regionCoverage, shares, chosen, seconds);
  }

  void write(Path file) throws IOException {
    WholeFile.write(file, draft -> JSON.writeValue(draft.toFile(), this));
  }

  /** Reads an earlier result with the same settings. */
  static Optional<UciSplit> read(Path file, String settings) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    UciSplit split = JSON.readValue(file.toFile(), UciSplit.class);
    return split.settings().equals(settings) ? Optional.of(split) : Optional.empty();
  }
}
