/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.fit;

import static org.mdn4j.Arguments.require;

import java.util.concurrent.CancellationException;
import org.mdn4j.regression.file.Checkpoints;
import org.mdn4j.regression.model.FeatureEncoding;
import org.mdn4j.regression.model.Fitted;
import org.mdn4j.regression.model.FittedEnsemble;
import org.mdn4j.regression.model.RegressorOptions;
import org.mdn4j.regression.model.Standardization;
import org.mdn4j.regression.model.StandardizedData;
import org.mdn4j.regression.model.Table;

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
  public static Fitted run(
      RegressorOptions options, FitSettings settings, Table features, Table targets) {
    require(
        features.rows() == targets.rows(),
        "Expected as many rows of targets as of features, %d, got %d",
        features.rows(),
        targets.rows());
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
    Standardization featureUnits = Standardization.of("features", features);
    Standardization targetUnits = Standardization.of("targets", targets);
    for (int target = 0; target < targetUnits.columns(); target++) {
      require(
          targetUnits.deviations()[target] > 0,
          "Expected targets that vary, got %s in all %d rows of column %d",
          targetUnits.means()[target],
          targets.rows(),
          target);
    }
    StandardizedData data =
        new StandardizedData(
            featureUnits.apply("features", features),
            FeatureEncoding.none(features.columns()),
            targetUnits.apply("targets", targets),
            targets.columns());
    Checkpoints checkpoints = settings.checkpoints(options, data);
    EnsembleTraining.Outcome outcome =
        new EnsembleTraining(
                checkpoints.options(),
                data,
                targetUnits.logJacobian(),
                settings.parallelism(),
                new TrainingWatch(options, settings.listener(), settings.quiet()),
                checkpoints)
            .run();
    return new Fitted(
        new FittedEnsemble(
            featureUnits,
            outcome.encoding(),
            targetUnits,
            outcome.members(),
            outcome.scaleTemperature()),
        outcome.report());
  }
}
