/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.fit;

import static org.mdn4j.Arguments.require;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.mdn4j.Atoms;
import org.mdn4j.Counts;
import org.mdn4j.regression.columns.Table;
import org.mdn4j.regression.file.Checkpoints;
import org.mdn4j.regression.model.FeatureEncoding;
import org.mdn4j.regression.model.Fitted;
import org.mdn4j.regression.model.FittedEnsemble;
import org.mdn4j.regression.model.RegressorOptions;
import org.mdn4j.regression.model.RowInfo;
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
    return run(options, settings, table, null);
  }

  /**
   * Fits an ensemble to a table, as {@link #run(RegressorOptions, FitSettings, FitTable)}.
   *
   * @param elsewhere opens the place where the trainings run, or null for threads of this process,
   *     which alone tell a listener and write checkpoints
   */
  public static Fitted run(
      RegressorOptions given, FitSettings settings, FitTable table, Workplace.Opener elsewhere) {
    RegressorOptions options = given.forTargets();
    if (options.conformalFraction() == 0) {
      return fit(options, settings, table, elsewhere);
    }
    int held = (int) Math.max(1, Math.round(options.conformalFraction() * table.features().rows()));
    Split split =
        Split.random(table.info().groups(), table.features().rows(), held, options.seed());
    Fitted fitted = fit(options, settings, table.select(split.training()), elsewhere);
    FitTable rows = table.select(split.validation());
    return fitted.conformalized(
        rows.predictedBy(fitted.ensemble()), rows.targets(), null, null, rows.weights());
  }

  private static Fitted fit(
      RegressorOptions asked, FitSettings settings, FitTable table, Workplace.Opener elsewhere) {
    List<Double> atoms =
        asked.findAtoms()
            ? found(table.targets(), table.info(), asked.family().isDiscrete(), asked.censored())
            : asked.atoms();
    RegressorOptions options = asked.with("atoms", atoms).with("findAtoms", false);
    options.requireFor(table.targets().columns() / asked.columnsPerTarget());
    Fitted fitted = fitWithAtoms(options, settings, table, elsewhere);
    return new Fitted(
        fitted.options().with("findAtoms", asked.findAtoms()),
        fitted.ensemble(),
        fitted.report(),
        fitted.trust());
  }

  /**
   * Returns the atoms of the target that FLOAT tells apart, in its units and standardised; of
   * intervals those among the exact values.
   */
  private static List<Double> found(Table targets, RowInfo info, boolean counts, boolean censored) {
    int[] exact = censored ? targets.exactRows() : null;
    if (censored && exact.length == 0) {
      return List.of();
    }
    List<Double> atoms =
        censored
            ? AtomFinder.find(targets.known().select(exact), info.select(exact).weights(), counts)
            : AtomFinder.find(targets, info.weights(), counts);
    boolean distinct =
        atoms.isEmpty()
            || Atoms.areDistinct(atoms.stream().mapToDouble(atom -> atom).toArray())
                && Atoms.areDistinct(
                    targetUnits(atoms, targets, info, counts, censored).apply(atoms));
    return distinct ? atoms : List.of();
  }

  private static Fitted fitWithAtoms(
      RegressorOptions options, FitSettings settings, FitTable table, Workplace.Opener elsewhere) {
    List<Double> atoms = options.atoms();
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
    boolean counts = options.family().isDiscrete();
    Standardization targetUnits =
        targetUnits(atoms, targets, table.info(), counts, options.censored());
    for (int target = 0; target < targetUnits.columns(); target++) {
      require(
          targetUnits.deviations()[target] > 0,
          "Expected targets that vary%s, got %s in all %s rows of %s",
          atoms.isEmpty() ? "" : ", beside the atoms " + atoms,
          targetUnits.means()[target],
          atoms.isEmpty() ? targets.rows() : "other",
          targets.column(target * options.columnsPerTarget()));
    }
    StandardizedData data =
        new StandardizedData(
            featureUnits.apply("features", features),
            table.continuous(),
            FeatureEncoding.none(features.columns()),
            labels(options, targets, targetUnits),
            targetUnits.columns(),
            table.info(),
            targetUnits.apply(atoms),
            options.columnsPerTarget());
    requireGroups(options, data);
    Checkpoints checkpoints = settings.checkpoints(options, data);
    FitData fitData = new FitData(checkpoints.options(), data, featureUnits, targetUnits);
    Budget budget = new Budget(settings.budget());
    EnsembleTraining.Outcome outcome;
    try (Workplace workplace =
        elsewhere == null
            ? new LocalWorkplace(fitData, settings, checkpoints, budget)
            : elsewhere.open(fitData, budget)) {
      outcome = new EnsembleTraining(fitData, workplace, settings.parallelism(), budget).run();
    }
    return new Fitted(
        outcome.options().with("trainer", options.trainer()),
        new FittedEnsemble(
            table.columns(),
            featureUnits,
            outcome.encoding(),
            targetUnits,
            outcome.members(),
            outcome.scaleTemperature(),
            outcome.firstScaleTemperature(),
            atoms),
        outcome.report().with(table.summaries(), AtomFinder.shares(atoms, targets, weights)),
        Trust.of(data, options.seed()));
  }

  /**
   * Returns the labels of targets, in the network's units.
   *
   * @param options with the atoms that there are
   * @throws IllegalArgumentException if they should be counts, and one is not
   */
  public static float[] labels(RegressorOptions options, Table targets, Standardization units) {
    return options.family().isDiscrete()
        ? counts(targets, options.columnsPerTarget())
        : labels(options.atoms(), targets, units);
  }

  /** Returns the targets as they are, row by row, after it is checked that they are counts. */
  private static float[] counts(Table targets, int columnsPerTarget) {
    double[] cells = targets.cells();
    float[] labels = new float[cells.length];
    for (int i = 0; i < labels.length; i += columnsPerTarget) {
      double upper = cells[i + columnsPerTarget - 1];
      Counts.requireEnds(cells[i], upper, i / targets.columns(), i % targets.columns());
    }
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (float) cells[i];
    }
    return labels;
  }

  /** Returns the units of what is known of the rows that are no atoms; counts have none. */
  private static Standardization targetUnits(
      List<Double> atoms, Table targets, RowInfo info, boolean counts, boolean censored) {
    Table known = censored ? targets.known() : targets;
    if (atoms.isEmpty()) {
      return counts
          ? Standardization.none(known.columns())
          : Standardization.of("targets", known, info.weights(), known.columns());
    }
    int[] others = AtomFinder.others(atoms, targets);
    require(
        others.length > 0,
        "Expected targets beside the atoms %s, got none in %d rows",
        atoms,
        targets.rows());
    return counts
        ? Standardization.none(1)
        : Standardization.of("targets", known.select(others), info.select(others).weights(), 1);
  }

  /** Returns the standardised targets, or their ends, none of which rounding has made an atom. */
  private static float[] labels(List<Double> atoms, Table targets, Standardization units) {
    if (atoms.isEmpty()) {
      return units.apply("targets", targets);
    }
    double mean = units.means()[0];
    double[] standardized = units.apply(atoms);
    Atoms rule = new Atoms(standardized);
    Atoms original = new Atoms(atoms.stream().mapToDouble(atom -> atom).toArray());
    double[] cells = targets.cells();
    double[] near = cells.clone(); // an atom may lie as far away as it likes
    Arrays.setAll(near, i -> original.indexOf(cells[i]) < 0 ? cells[i] : mean);
    float[] labels =
        units.apply("targets", new Table(near, targets.rows(), targets.columns(), targets.names()));
    for (int i = 0; i < labels.length; i++) {
      int atom = original.indexOf(cells[i]);
      if (atom >= 0) {
        labels[i] = (float) standardized[atom];
        continue;
      }
      double exact = (cells[i] - mean) / units.deviations()[0];
      while (rule.indexOf(labels[i]) >= 0) {
        boolean above = exact > rule.nearest(labels[i]);
        labels[i] = above ? Math.nextUp(labels[i]) : Math.nextDown(labels[i]);
      }
    }
    return labels;
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
