/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BiConsumer;
import org.mdn4j.backend.SafeBackend;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.eval.MixtureEvaluation;
import org.mdn4j.regression.file.ModelFile;
import org.mdn4j.regression.fit.FitSettings;
import org.mdn4j.regression.fit.TableFit;
import org.mdn4j.regression.model.Fitted;
import org.mdn4j.regression.model.FittedEnsemble;
import org.mdn4j.regression.model.RegressorOptions;
import org.mdn4j.regression.model.Table;
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
 * on the same validation rows. The members of an ensemble have weights of their own, and rows but
 * for a tenth that none trains on; their mixtures are averaged, and made as wide as fits that
 * tenth.
 *
 * <p>Components are held near the targets of the fit: with R the range of a target there, the
 * difference of its largest and its least value, no location lies farther than R outside of it, and
 * no standard deviation of a component is R or more. Without that a component that hardly any row
 * has to do with could become millions of times as wide as the targets: the likelihood does not
 * notice, but the mixture's variance does. A target far outside still has a density. See {@link
 * MixtureRegressorBuilder#bounded}.
 *
 * <p>A fit or a load puts {@link SafeBackend} in place, for the whole process.
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
   * Fits the model, replacing any previous fit.
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
    return fit(Table.of("features", features), Table.of("targets", targets));
  }

  /**
   * Fits the model, replacing any previous fit.
   *
   * @param features {@code [N, C]}
   * @param targets {@code [N, D]}, or {@code [N]} for one target
   * @return this regressor
   * @throws IllegalArgumentException as {@link #fit(double[][], double[][])}
   * @throws CancellationException if the thread was interrupted; it still is then
   * @throws IllegalStateException if training never reached a finite NLL
   */
  public MixtureRegressor fit(INDArray features, INDArray targets) {
    return fit(Table.of("features", features), Table.of("targets", targets));
  }

  /**
   * Fits the model, replacing any previous fit.
   *
   * @param iterator features {@code [B, C]} and targets {@code [B, D]}; all rows are kept in memory
   * @return this regressor
   * @throws IllegalArgumentException as {@link #fit(double[][], double[][])}, or if there is a mask
   * @throws CancellationException if the thread was interrupted; it still is then
   * @throws IllegalStateException if training never reached a finite NLL
   */
  public MixtureRegressor fit(DataSetIterator iterator) {
    List<Table> both = Table.of(iterator);
    return fit(both.get(0), both.get(1));
  }

  private synchronized MixtureRegressor fit(Table features, Table targets) {
    SafeBackend.install();
    fitted = TableFit.run(options, settings, features, targets);
    return this;
  }

  /**
   * Predicts the distribution of the targets for each row of features.
   *
   * @param features {@code [N][C]}
   * @return N mixtures over the targets, in their own units
   * @throws IllegalArgumentException if a row has another width than those of the fit, or a cell is
   *     NaN, infinite, or over a million standard deviations from the mean
   * @throws IllegalStateException if the model was not fitted
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
   * @throws IllegalStateException if the model was not fitted
   */
  public MixtureBatch predict(INDArray features) {
    return fitted().ensemble().predict(Table.of("features", features));
  }

  /**
   * Predicts a table that need not fit into memory, minibatch by minibatch, from the iterator's
   * present position.
   *
   * @param iterator gives features {@code [B, C]}; labels are handed through
   * @param consumer takes each minibatch with its mixtures, in order
   * @throws IllegalArgumentException as {@link #predict(double[][])}
   * @throws IllegalStateException if the model was not fitted
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
   * @throws IllegalStateException if the model was not fitted
   */
  public MixtureEvaluation evaluate(double[][] features, double[][] targets) {
    return fitted()
        .ensemble()
        .evaluate(Table.of("features", features), Table.of("targets", targets));
  }

  /**
   * Scores predictions, in the targets' own units.
   *
   * @param features {@code [N, C]}
   * @param targets {@code [N, D]}, or {@code [N]} for one target
   * @return NLL, CRPS, calibration
   * @throws IllegalArgumentException as {@link #evaluate(double[][], double[][])}
   * @throws IllegalStateException if the model was not fitted
   */
  public MixtureEvaluation evaluate(INDArray features, INDArray targets) {
    return fitted()
        .ensemble()
        .evaluate(Table.of("features", features), Table.of("targets", targets));
  }

  /**
   * Returns a report of the fit.
   *
   * @return noise, epochs, validation NLL
   * @throws IllegalStateException if the model was not fitted
   */
  public FitReport report() {
    return fitted().report();
  }

  /**
   * Returns the temperature of the members' squared scales, by which their average is made as wide
   * as its errors are large.
   *
   * @return τ; 1 for one member, or fewer than 20 rows to calibrate on
   * @throws IllegalStateException if the model was not fitted
   */
  public double scaleTemperature() {
    return fitted().ensemble().scaleTemperature();
  }

  /**
   * Returns the first member of an ensemble alone, which is what a fit without an ensemble gives.
   *
   * @return a fitted regressor of this member
   * @throws IllegalStateException if the model was not fitted
   */
  public MixtureRegressor firstMember() {
    FitReport report = report();
    MixtureRegressor first = new MixtureRegressor(options.with("members", 1), settings);
    first.fitted =
        new Fitted(
            fitted().ensemble().firstMember(),
            new FitReport(
                report.noise(),
                report.bins(),
                report.trials(),
                report.members().subList(0, 1),
                report.firstMemberSeconds(),
                report.firstMemberSeconds()));
    return first;
  }

  /**
   * Returns how many features a row has.
   *
   * @return C, as in the fit
   * @throws IllegalStateException if the model was not fitted
   */
  public int features() {
    return fitted().ensemble().features().columns();
  }

  /**
   * Returns how many targets are predicted.
   *
   * @return D, as in the fit
   * @throws IllegalStateException if the model was not fitted
   */
  public int targets() {
    return fitted().ensemble().targets().columns();
  }

  /**
   * Writes the fitted model as one zip; an older file is replaced in one step.
   *
   * @param file where to, in a folder that exists
   * @throws IOException if it cannot be written
   * @throws IllegalStateException if the model was not fitted
   */
  public void save(Path file) throws IOException {
    Fitted present = fitted();
    new ModelFile(options, present.ensemble(), present.report()).write(file);
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
    ModelFile model = ModelFile.read(file, allowed);
    MixtureRegressor regressor = new MixtureRegressor(model.options(), FitSettings.DEFAULT);
    regressor.fitted = new Fitted(model.ensemble(), model.report());
    return regressor;
  }

  /** Returns all options that decide what is learned, by their names. */
  @Override
  public String toString() {
    return options.toString();
  }

  private Fitted fitted() {
    Fitted present = fitted;
    if (present == null) {
      throw new IllegalStateException("Expected a fitted regressor: call fit(...) first");
    }
    return present;
  }
}
