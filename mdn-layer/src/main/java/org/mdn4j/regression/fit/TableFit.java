/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.fit;

import static org.mdn4j.Arguments.require;

import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.mdn4j.regression.columns.Table;
import org.mdn4j.regression.file.Checkpoints;
import org.mdn4j.regression.model.FeatureEncoding;
import org.mdn4j.regression.model.Fitted;
import org.mdn4j.regression.model.FittedEnsemble;
import org.mdn4j.regression.model.RegressorOptions;
import org.mdn4j.regression.model.Split;
import org.mdn4j.regression.model.Standardization;
import org.mdn4j.regression.model.StandardizedData;
import org.mdn4j.regression.model.Trust;

/** The way from a table to a fitted ensemble: checks, units, training. */
public final class TableFit {
  /** One of them calibrates an ensemble; a difference of scores has an error. */
  private static final int FEWEST_VALIDATION_ROWS = 2;

  private TableFit() {}

  /**
   * Fits an ensemble to a table.
   *
   * @throws IllegalArgumentException if the table does not serve, or a trainer was named that does
   *     not cover the network
   * @throws CancellationException if the thread is interrupted; its flag is set again then
   * @throws IllegalStateException if no epoch had a finite validation NLL
   */
  public static Fitted run(RegressorOptions options, FitSettings settings, FitTable table) {
    if (options.conformalFraction() == 0) {
      return fit(options, settings, table);
    }
    int held = (int) Math.max(1, Math.round(options.conformalFraction() * table.features().rows()));
    Split split =
        Split.random(table.info().groups(), table.features().rows(), held, options.seed());
    Fitted fitted = fit(options, settings, table.select(split.training()));
    FitTable rows = table.select(split.validation());
    return fitted.conformalized(rows.predictedBy(fitted.ensemble()), rows.targets(), null, null);
  }

  private static Fitted fit(RegressorOptions options, FitSettings settings, FitTable table) {
    Table features = table.features();
    Table targets = table.targets();
    int validationRows = options.validationRows(features.rows());
    require(
        validationRows >= FEWEST_VALIDATION_ROWS,
        "Expected at least %d rows, %d of them to train on, as many as components, and %d to"
            + " validate, got %d",
        options.rowsNeeded(options.components(), FEWEST_VALIDATION_ROWS),
        options.components(),
        FEWEST_VALIDATION_ROWS,
        features.rows());
    int trainingRows = features.rows() - validationRows;
    require(
        trainingRows >= options.components(),
        "Expected at least as many rows to train on as components, %d, got %d of %d rows",
        options.components(),
        trainingRows,
        features.rows());
    float[] weights = table.info().weights();
    Standardization featureUnits =
        Standardization.of("features", features, weights, table.continuous());
    Table known = options.censored() ? targets.known() : targets;
    Standardization targetUnits = Standardization.of("targets", known, weights, known.columns());
    for (int target = 0; target < targetUnits.columns(); target++) {
      require(
          targetUnits.deviations()[target] > 0,
          "Expected targets that vary, got %s in all %d rows of %s",
          targetUnits.means()[target],
          targets.rows(),
          targets.column(target * options.columnsPerTarget()));
    }
    StandardizedData data =
        new StandardizedData(
            featureUnits.apply("features", features),
            table.continuous(),
            FeatureEncoding.none(features.columns()),
            targetUnits.apply("targets", targets),
            known.columns(),
            table.info(),
            options.columnsPerTarget());
    requireGroups(options, data);
    Checkpoints checkpoints = settings.checkpoints(options, data);
    EnsembleTraining.Outcome outcome =
        new EnsembleTraining(
                checkpoints.options(),
                data,
                logJacobian(targetUnits, targets, options),
                settings.parallelism(),
                new TrainingWatch(options, settings.listener(), settings.quiet()),
                checkpoints,
                new Budget(settings.budget()))
            .run();
    return new Fitted(
        outcome.options().with("trainer", options.trainer()),
        new FittedEnsemble(
            table.columns(),
            featureUnits,
            outcome.encoding(),
            targetUnits,
            outcome.members(),
            outcome.scaleTemperature()),
        outcome.report().with(table.summaries()),
        Trust.of(data, options.seed()));
  }

  /**
   * Returns what is added to a mean NLL in standardised units for that in original ones. Exact
   * targets alone have a density, and so a Jacobian; that of intervals counts by their share of the
   * rows, so that the NLL of some of the rows is off by as much as their share is another one.
   */
  private static double logJacobian(
      Standardization units, Table targets, RegressorOptions options) {
    if (!options.censored()) {
      return units.logJacobian();
    }
    double sum = 0;
    for (int d = 0; d < units.columns(); d++) {
      int exact = 0;
      for (int row = 0; row < targets.rows(); row++) {
        exact += targets.get(row, 2 * d) == targets.get(row, 2 * d + 1) ? 1 : 0;
      }
      sum += Math.log(units.deviations()[d]) * exact / targets.rows();
    }
    return sum;
  }

  /** Checks that groups can be divided: a few large ones cannot be as rows can. */
  private static void requireGroups(RegressorOptions options, StandardizedData data) {
    if (data.info().groups() == null) {
      return;
    }
    for (int member = 0; member < options.members(); member++) {
      Split split = Split.of(options, data, member);
      require(
          split.training().length >= options.components()
              && split.validation().length >= FEWEST_VALIDATION_ROWS,
          "Expected groups of which some have at least %d rows to train on, as many as components,"
              + " and others at least %d to validate, got %d groups, which divide into %d and %d"
              + " rows",
          options.components(),
          FEWEST_VALIDATION_ROWS,
          IntStream.of(data.info().groups()).distinct().count(),
          split.training().length,
          split.validation().length);
    }
  }
}
