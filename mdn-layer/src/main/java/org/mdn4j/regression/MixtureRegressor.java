/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.BiConsumer;
import org.mdn4j.backend.SafeBackend;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.eval.MixtureEvaluation;
import org.mdn4j.regression.columns.Table;
import org.mdn4j.regression.file.ModelFile;
import org.mdn4j.regression.file.ModelJson;
import org.mdn4j.regression.fit.FitSettings;
import org.mdn4j.regression.fit.FitTable;
import org.mdn4j.regression.fit.TableFit;
import org.mdn4j.regression.frame.ColumnRoles;
import org.mdn4j.regression.frame.Frame;
import org.mdn4j.regression.frame.UnseenCategory;
import org.mdn4j.regression.model.Fitted;
import org.mdn4j.regression.model.FittedEnsemble;
import org.mdn4j.regression.model.MemberNetwork;
import org.mdn4j.regression.model.RegressorOptions;
import org.mdn4j.regression.report.FitReport;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/**
 * Learns the distribution of targets given features from a table, and predicts it in the targets'
 * own units:
 *
 * <pre>{@code
 * MixtureRegressor regressor = MixtureRegressor.builder().ensemble(5).build();
 * regressor.fit(features, targets);
 * Mixture mixture = regressor.predict(newFeatures).get(0);
 * }</pre>
 *
 * <p>Columns are standardised; each network starts from the targets, trains with fresh noise by
 * Adam with decoupled weight decay, lowers its learning rate where the NLL of validation rows, a
 * random fifth, no longer falls, and keeps its best parameters. How much noise is best is found out
 * on the same validation rows. The members of an ensemble have weights of their own and part of
 * their validation rows in common, see {@link MixtureRegressorBuilder#calibrationRows}; their
 * mixtures are averaged. Predictions are made as wide as fits validation rows. At last each network
 * is trained on all rows, see {@link MixtureRegressorBuilder#refit}.
 *
 * <p>The components that networks put out are held near the targets of the fit, see {@link
 * MixtureRegressorBuilder#bounded}; beside them stands a wider one, see {@link
 * MixtureRegressorBuilder#contaminated}. A target far outside still has a density. Targets may be
 * intervals, see {@link MixtureRegressorBuilder#censored}.
 *
 * <p>A fit or a load puts {@link SafeBackend} in place, for the whole process. All that asks a
 * model throws an {@link IllegalStateException} before there is one.
 *
 * <p>The same data, options and seed give the same model bit for bit on the same machine, whatever
 * the number of threads. Once fitted, an instance may be asked by several threads.
 */
public final class MixtureRegressor {
  private final RegressorOptions options;
  private final FitSettings settings;
  private volatile Fitted fitted;

  MixtureRegressor(RegressorOptions options, FitSettings settings) {
    this.options = options;
    this.settings = settings;
  }

  /**
   * Creates a builder with the defaults.
   *
   * @return a builder
   */
  public static MixtureRegressorBuilder builder() {
    return new MixtureRegressorBuilder();
  }

  /**
   * Fits the model, replacing any previous fit. What this throws, all other ways to fit throw too.
   *
   * @param features {@code [N][C]}
   * @param targets {@code [N][D]}
   * @return this regressor
   * @throws IllegalArgumentException if rows differ in number or length, a cell is NaN or infinite,
   *     a target is constant, or there are fewer training rows than components, or fewer than 2
   *     validation rows; the message says how many rows it takes; or if FUSED was named as the
   *     trainer and does not cover the network; the message says why
   * @throws CancellationException if the thread was interrupted; it still is then
   * @throws IllegalStateException if training never reached a finite NLL
   */
  public MixtureRegressor fit(double[][] features, double[][] targets) {
    return fit(features, targets, null, null);
  }

  /**
   * Fits the model to rows that count differently, replacing any previous fit. A row of weight 2
   * counts in the likelihood, its validation and the units of columns as two equal rows would; one
   * of weight 0 is left out. Only the ratios of weights matter.
   *
   * @param features {@code [N][C]}
   * @param targets {@code [N][D]}
   * @param weights {@code [N]}, finite, at least 0
   * @return this regressor
   * @throws IllegalArgumentException as {@link #fit(double[][], double[][])}, or if a weight is
   *     negative, NaN or infinite
   */
  public MixtureRegressor fit(double[][] features, double[][] targets, double[] weights) {
    return fit(features, targets, Objects.requireNonNull(weights), null);
  }

  /**
   * Fits the model to rows that count differently and come in groups, such as the measurements of
   * one patient, replacing any previous fit. Rows of one group are all trained on, or all validate:
   * so validation says how well groups are predicted that were not seen.
   *
   * @param features {@code [N][C]}
   * @param targets {@code [N][D]}
   * @param weights {@code [N]}, finite, at least 0, or null where all rows count alike
   * @param groups {@code [N]}, the same number for rows of one group, or null
   * @return this regressor
   * @throws IllegalArgumentException as {@link #fit(double[][], double[][], double[])}, or if
   *     groups cannot be divided into enough rows to train on and to validate
   */
  public MixtureRegressor fit(
      double[][] features, double[][] targets, double[] weights, int[] groups) {
    return fit(
        FitTable.of(
            Table.of("features", features),
            Table.targets(targets, options.censored()),
            weights,
            groups));
  }

  /**
   * Fits the model to a frame, replacing any previous fit. Its columns of features may hold
   * numbers, categories, booleans and dates, and cells may be missing; see {@link Frame}. What was
   * found in them stands in the {@linkplain FitReport#columns() report}.
   *
   * @param frame features and targets
   * @param targets the names of the columns to predict; all others are features
   * @return this regressor
   * @throws IllegalArgumentException as {@link #fit(Frame, ColumnRoles)}
   */
  public MixtureRegressor fit(Frame frame, String... targets) {
    return fit(frame, ColumnRoles.targets(targets));
  }

  /**
   * Fits the model to a frame, replacing any previous fit.
   *
   * @param frame features, targets and what else the roles name
   * @param roles which columns are targets, weights, groups, or left out
   * @return this regressor
   * @throws IllegalArgumentException if a column that has a role is not there or not of its kind, a
   *     cell of a target or a weight is missing, no feature varies, or as {@link #fit(double[][],
   *     double[][], double[], int[])}; messages name column and row
   */
  public MixtureRegressor fit(Frame frame, ColumnRoles roles) {
    return fit(FitTable.of(frame, roles, options.censored()));
  }

  /**
   * Fits the model, replacing any previous fit.
   *
   * @param features {@code [N, C]}
   * @param targets {@code [N, D]}, or {@code [N]} for one target
   * @return this regressor
   * @throws IllegalArgumentException as {@link #fit(double[][], double[][])}
   */
  public MixtureRegressor fit(INDArray features, INDArray targets) {
    return fit(
        FitTable.of(
            Table.of("features", features),
            Table.targets(targets, options.censored()),
            null,
            null));
  }

  /**
   * Fits the model, replacing any previous fit.
   *
   * @param iterator features {@code [B, C]} and targets {@code [B, D]}; all rows are kept in memory
   * @return this regressor
   * @throws IllegalArgumentException as {@link #fit(double[][], double[][])}, or if there is a mask
   */
  public MixtureRegressor fit(DataSetIterator iterator) {
    List<Table> both = Table.of(iterator, options.censored());
    return fit(FitTable.of(both.get(0), both.get(1), null, null));
  }

  private synchronized MixtureRegressor fit(FitTable table) {
    SafeBackend.install();
    fitted = TableFit.run(options, settings, table);
    return this;
  }

  /**
   * Predicts the distribution of the targets for each row of features.
   *
   * @param features {@code [N][C]}
   * @return N mixtures over the targets, in their own units
   * @throws IllegalArgumentException if a row has another width than those of the fit, or a cell is
   *     NaN, infinite, or over a million standard deviations from the mean
   */
  public MixtureBatch predict(double[][] features) {
    return fitted().ensemble().predict(Table.of("features", features));
  }

  /**
   * Predicts the distribution of the targets for each row of features.
   *
   * @param features {@code [N, C]}
   * @return N mixtures over the targets, in their own units
   * @throws IllegalArgumentException as {@link #predict(double[][])}
   */
  public MixtureBatch predict(INDArray features) {
    return fitted().ensemble().predict(Table.of("features", features));
  }

  /**
   * Predicts the distribution of the targets for each row of a frame. Columns that the model does
   * not take may be there, and are not read. A cell that is missing, or a category that is new, in
   * a column without such cells in the fit can be anything: the row's mixture is the mean of what
   * sixteen likely values predict then.
   *
   * @param frame with the columns of features that the model was fitted to
   * @return N mixtures over the targets, in their own units
   * @throws IllegalArgumentException if a column is not there or of another kind, or the model was
   *     fitted to arrays
   */
  public MixtureBatch predict(Frame frame) {
    return fitted().ensemble().predict(frame);
  }

  /**
   * Returns the categories of a frame that the fit has not seen, and which count as missing.
   *
   * @param frame with the columns of features that the model was fitted to
   * @return one per cell, column by column
   * @throws IllegalArgumentException as {@link #predict(Frame)}
   */
  public List<UnseenCategory> unseen(Frame frame) {
    return fitted().ensemble().requireColumns().unseen(frame);
  }

  /**
   * Predicts a table that need not fit into memory, minibatch by minibatch, from the iterator's
   * present position.
   *
   * @param iterator gives features {@code [B, C]}; labels are handed through
   * @param consumer takes each minibatch with its mixtures, in order
   * @throws IllegalArgumentException as {@link #predict(double[][])}
   */
  public void predict(DataSetIterator iterator, BiConsumer<DataSet, MixtureBatch> consumer) {
    FittedEnsemble ensemble = fitted().ensemble();
    while (iterator.hasNext()) {
      DataSet minibatch = iterator.next();
      consumer.accept(minibatch, ensemble.predict(Table.of("features", minibatch.getFeatures())));
    }
  }

  /**
   * Scores predictions, in the targets' own units.
   *
   * @param features {@code [N][C]}
   * @param targets {@code [N][D]}
   * @return NLL, CRPS, calibration
   * @throws IllegalArgumentException as {@link #predict(double[][])}, or if the targets have
   *     another shape
   */
  public MixtureEvaluation evaluate(double[][] features, double[][] targets) {
    return evaluate(predict(features), Table.targets(targets, isCensored()), null);
  }

  /**
   * Scores predictions, in the targets' own units.
   *
   * @param features {@code [N, C]}
   * @param targets {@code [N, D]}, or {@code [N]} for one target
   * @return NLL, CRPS, calibration
   * @throws IllegalArgumentException as {@link #evaluate(double[][], double[][])}
   */
  public MixtureEvaluation evaluate(INDArray features, INDArray targets) {
    return evaluate(predict(features), Table.targets(targets, isCensored()), null);
  }

  /**
   * Scores predictions of rows that count differently, in the targets' own units.
   *
   * @param features {@code [N][C]}
   * @param targets {@code [N][D]}
   * @param weights {@code [N]}, finite, at least 0; only their ratios matter
   * @return NLL, CRPS, calibration, weighted; see {@link MixtureEvaluation#evalWeighted}
   * @throws IllegalArgumentException as {@link #evaluate(double[][], double[][])}, or if a weight
   *     is negative, NaN or infinite
   */
  public MixtureEvaluation evaluate(double[][] features, double[][] targets, double[] weights) {
    return evaluate(
        predict(features), Table.targets(targets, isCensored()), Objects.requireNonNull(weights));
  }

  /**
   * Scores predictions, in the targets' own units; weighted, if the model was fitted with a column
   * of weights and the frame has it.
   *
   * @param frame with the columns of features and targets that the model was fitted to
   * @return NLL, CRPS, calibration
   * @throws IllegalArgumentException as {@link #predict(Frame)}, or if a target is missing
   */
  public MixtureEvaluation evaluate(Frame frame) {
    FittedEnsemble ensemble = fitted().ensemble();
    return evaluate(ensemble.predict(frame), ensemble.targets(frame), ensemble.weights(frame));
  }

  private MixtureEvaluation evaluate(MixtureBatch predicted, Table observed, double[] weights) {
    return fitted().ensemble().evaluate(predicted, observed, weights);
  }

  /**
   * Calibrates intervals and regions on rows that the model was not fitted to, and on which nothing
   * was chosen, so that their coverage is guaranteed in finite samples: ask {@link #trust()} for
   * them. What the guarantee says, and what voids it, stands at {@link org.mdn4j.eval.Conformal}. A
   * file keeps the calibration; another fit discards it.
   *
   * @param features {@code [N][C]}
   * @param targets {@code [N][D]}
   * @return this regressor
   * @throws IllegalArgumentException as {@link #evaluate(double[][], double[][])}
   */
  public MixtureRegressor conformalize(double[][] features, double[][] targets) {
    return conformalize(predict(features), Table.targets(targets, isCensored()), null, null, null);
  }

  /**
   * Calibrates intervals and regions on rows that count differently, as {@link
   * #conformalize(double[][], double[][])}: the guarantee is for new rows each of which comes as
   * often as its weight says. See {@link org.mdn4j.eval.Conformal}.
   *
   * @param features {@code [N][C]}
   * @param targets {@code [N][D]}
   * @param weights {@code [N]}, finite, at least 0; only their ratios matter
   * @return this regressor
   * @throws IllegalArgumentException as {@link #evaluate(double[][], double[][], double[])}
   */
  public MixtureRegressor conformalize(double[][] features, double[][] targets, double[] weights) {
    return conformalize(
        predict(features),
        Table.targets(targets, isCensored()),
        null,
        null,
        Objects.requireNonNull(weights));
  }

  /**
   * Calibrates intervals and regions on rows that the model was not fitted to, as {@link
   * #conformalize(double[][], double[][], double[])}, weighted if the model was fitted with a
   * column of weights and the frame has it; rows of weight 0 are left out then.
   *
   * @param frame with the columns of features and targets
   * @return this regressor
   * @throws IllegalArgumentException as {@link #evaluate(Frame)}
   */
  public MixtureRegressor conformalize(Frame frame) {
    return conformalize(fitted().ensemble().counting(frame), null, null);
  }

  /**
   * Calibrates intervals and regions as {@link #conformalize(Frame)}, and for each group of rows by
   * itself, so that the guarantee holds for each of them: a common calibration would cover noisy
   * groups too seldom and quiet ones too often.
   *
   * @param frame with the columns of features, targets and groups
   * @param groups the name of a column; rows without a cell there, or in a group too small for the
   *     coverage asked for, are calibrated by all rows
   * @return this regressor
   * @throws IllegalArgumentException as {@link #evaluate(Frame)}, or if there is no such column
   */
  public MixtureRegressor conformalize(Frame frame, String groups) {
    Frame counting = fitted().ensemble().counting(frame);
    return conformalize(counting, PredictionTrust.groups(counting, groups), groups);
  }

  private MixtureRegressor conformalize(Frame counting, List<String> groups, String column) {
    FittedEnsemble ensemble = fitted().ensemble();
    return conformalize(
        ensemble.predict(counting),
        ensemble.targets(counting),
        groups,
        column,
        ensemble.weights(counting));
  }

  private synchronized MixtureRegressor conformalize(
      MixtureBatch predicted,
      Table observed,
      List<String> groups,
      String column,
      double[] weights) {
    fitted = fitted().conformalized(predicted, observed, groups, column, weights);
    return this;
  }

  /**
   * Returns what says how far predictions can be trusted.
   *
   * @return intervals with a guaranteed coverage, sources of uncertainty, likeness to the fit's
   *     rows
   */
  public PredictionTrust trust() {
    return new PredictionTrust(fitted());
  }

  /**
   * Returns a report of the fit.
   *
   * @return noise, epochs, validation NLL
   */
  public FitReport report() {
    return fitted().report();
  }

  /**
   * Returns the temperature of the members' squared scales, by which predictions are made as wide
   * as their errors on validation rows are large: noise in training and averaging make them too
   * wide.
   *
   * @return τ; 1 for fewer than 20 rows to calibrate on, and for one member whose predictions are
   *     not {@link MixtureRegressorBuilder#contaminated}
   */
  public double scaleTemperature() {
    return fitted().ensemble().scaleTemperature();
  }

  /**
   * Returns the probability ε of the wide components that give predictions heavier tails, as {@link
   * MixtureRegressorBuilder#contaminated} says: its expectation given the validation rows.
   *
   * @return the mean of the members' ε; 0 if there are no such components
   */
  public double contamination() {
    return fitted().ensemble().members().stream()
        .mapToDouble(MemberNetwork::contamination)
        .average()
        .orElseThrow();
  }

  /**
   * Returns the first member of an ensemble alone, which is what a fit without an ensemble gives.
   *
   * @return a fitted regressor of this member
   */
  public MixtureRegressor firstMember() {
    return of(fitted().firstMember(), settings);
  }

  /**
   * Returns how many features a row has.
   *
   * @return C, as in the fit
   */
  public int features() {
    FittedEnsemble ensemble = fitted().ensemble();
    return ensemble.columns() == null
        ? ensemble.features().columns()
        : ensemble.columns().names().size();
  }

  /**
   * Returns whether the model was fitted to a frame, and so knows the names of its columns.
   *
   * @return whether {@link #featureNames()} and {@link #targetNames()} are there
   */
  public boolean hasColumns() {
    return fitted().ensemble().columns() != null;
  }

  /**
   * Returns the names of the features of a model that was fitted to a frame.
   *
   * @return C names
   * @throws IllegalArgumentException if the model was fitted to arrays
   */
  public List<String> featureNames() {
    return fitted().ensemble().requireColumns().names();
  }

  /**
   * Returns the names of the columns of targets of a model that was fitted to a frame.
   *
   * @return D names; 2 D of censored targets
   * @throws IllegalArgumentException if the model was fitted to arrays
   */
  public List<String> targetNames() {
    return fitted().ensemble().requireColumns().targets();
  }

  /**
   * Returns how many targets are predicted.
   *
   * @return D, as in the fit
   */
  public int targets() {
    return fitted().ensemble().targets().columns();
  }

  /**
   * Returns all numbers that the model predicts with, as JSON for programs in other languages, such
   * as the page that the example {@code table} writes: {@code columns}, by which cells become
   * numbers x, {@code features} with their means m and deviations s, {@code encoding} with the
   * bins' edges of (x − m)/s, {@code members} with their dense layers, as 32-bit floats in Base64,
   * and the form of their raw output, whose mixture is in units of {@code targets}. In an ensemble
   * its squared scales are multiplied by {@code scaleTemperature}; then each member's mixture is
   * contaminated by its {@code contamination}, as {@link MixtureBatch#contaminated} says, unless
   * that is 0; then members are averaged. {@link #load} does not read it.
   *
   * @return a JSON object
   * @throws UnsupportedOperationException if the trunk has other layers than dense ones, or other
   *     activations than identity, relu, sigmoid, swish and tanh
   */
  public String toJson() {
    return ModelJson.of(fitted().ensemble()).text();
  }

  /**
   * Writes the fitted model as one zip; an older file is replaced in one step.
   *
   * @param file where to, in a folder that exists
   * @throws IOException if it cannot be written
   */
  public void save(Path file) throws IOException {
    new ModelFile(fitted()).write(file);
  }

  /**
   * Loads a model that {@link #save} wrote. No class is instantiated that is not a layer, an
   * activation or the like of DL4J, ND4J or this library, or given here.
   *
   * @param file a model
   * @param allowed classes of layers of your own that the trunk may have
   * @return a fitted regressor
   * @throws IOException if there is no such file, or it is foreign, damaged, or of a later version;
   *     the message says which
   */
  public static MixtureRegressor load(Path file, Class<?>... allowed) throws IOException {
    SafeBackend.install();
    return of(ModelFile.read(file, allowed).fitted(), FitSettings.DEFAULT);
  }

  private static MixtureRegressor of(Fitted fitted, FitSettings settings) {
    MixtureRegressor regressor = new MixtureRegressor(fitted.options(), settings);
    regressor.fitted = fitted;
    return regressor;
  }

  /** Returns all options that decide what is learned, by their names. */
  @Override
  public String toString() {
    return options.toString();
  }

  private boolean isCensored() {
    return fitted().ensemble().isCensored();
  }

  private Fitted fitted() {
    Fitted present = fitted;
    if (present == null) {
      throw new IllegalStateException("Expected a fitted regressor: call fit(...) first");
    }
    return present;
  }
}
