/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression;

import static org.mdn4j.Arguments.require;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.BiConsumer;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.backend.SafeBackend;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.eval.MixtureEvaluation;
import org.mdn4j.training.Trainer;
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
 * Builder#bounded}.
 *
 * <p>A fit or a load puts {@link SafeBackend} in place, for the whole process.
 *
 * <p>The same data, options and seed give the same model bit for bit on the same machine, whatever
 * the number of threads. Once fitted, an instance may be asked by several threads.
 */
public final class MixtureRegressor {
  /** One of them calibrates an ensemble; a difference of scores has an error. */
  private static final int FEWEST_VALIDATION_ROWS = 2;

  private final RegressorOptions options;
  private final FitSettings settings;
  private volatile Fitted fitted;

  private record Fitted(FittedEnsemble ensemble, FitReport report) {}

  private MixtureRegressor(RegressorOptions options, FitSettings settings) {
    this.options = options;
    this.settings = settings;
  }

  /**
   * Starts a regressor with the defaults.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Learns; what was learned before is replaced.
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
   * Learns; what was learned before is replaced.
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
   * Learns; what was learned before is replaced.
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
            features.columns(),
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
    fitted =
        new Fitted(
            new FittedEnsemble(
                featureUnits, targetUnits, outcome.members(), outcome.report().scaleTemperature()),
            outcome.report());
    return this;
  }

  /**
   * Predicts.
   *
   * @param features {@code [N][C]}
   * @return N mixtures over the targets, in their own units
   * @throws IllegalArgumentException if a row has another width than those of the fit, or a cell is
   *     NaN, infinite, or over a million standard deviations from the mean
   * @throws IllegalStateException if it was not fitted
   */
  public MixtureBatch predict(double[][] features) {
    return fitted().ensemble().predict(Table.of("features", features));
  }

  /**
   * Predicts.
   *
   * @param features {@code [N, C]}
   * @return N mixtures over the targets, in their own units
   * @throws IllegalArgumentException as {@link #predict(double[][])}
   * @throws IllegalStateException if it was not fitted
   */
  public MixtureBatch predict(INDArray features) {
    return fitted().ensemble().predict(Table.of("features", features));
  }

  /**
   * Predicts a table that need not fit into memory, minibatch by minibatch, from where the iterator
   * stands.
   *
   * @param iterator gives features {@code [B, C]}; labels are handed through
   * @param consumer takes each minibatch with its mixtures, in order
   * @throws IllegalArgumentException as {@link #predict(double[][])}
   * @throws IllegalStateException if it was not fitted
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
   * @throws IllegalStateException if it was not fitted
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
   * @throws IllegalStateException if it was not fitted
   */
  public MixtureEvaluation evaluate(INDArray features, INDArray targets) {
    return fitted()
        .ensemble()
        .evaluate(Table.of("features", features), Table.of("targets", targets));
  }

  /**
   * What the fit did.
   *
   * @return noise, epochs, validation NLL
   * @throws IllegalStateException if it was not fitted
   */
  public FitReport report() {
    return fitted().report();
  }

  /**
   * The first member of an ensemble alone: what a fit without an ensemble gives.
   *
   * @return a fitted regressor of this member
   * @throws IllegalStateException if it was not fitted
   */
  public MixtureRegressor firstMember() {
    FitReport report = report();
    MixtureRegressor first = new MixtureRegressor(options.withMembers(1), settings);
    first.fitted =
        new Fitted(
            fitted().ensemble().firstMember(),
            new FitReport(
                report.noise(),
                report.trials(),
                1,
                report.members().subList(0, 1),
                report.firstMemberSeconds(),
                report.firstMemberSeconds()));
    return first;
  }

  /**
   * Returns how many features a row has.
   *
   * @return C, as in the fit
   * @throws IllegalStateException if it was not fitted
   */
  public int features() {
    return fitted().ensemble().features().columns();
  }

  /**
   * Returns how many targets are predicted.
   *
   * @return D, as in the fit
   * @throws IllegalStateException if it was not fitted
   */
  public int targets() {
    return fitted().ensemble().targets().columns();
  }

  /**
   * Writes the fitted model as one zip; an older file is replaced in one step.
   *
   * @param file where to, in a folder that exists
   * @throws IOException if it cannot be written
   * @throws IllegalStateException if it was not fitted
   */
  public void save(Path file) throws IOException {
    Fitted present = fitted();
    new ModelFile(options, present.ensemble(), present.report()).write(file);
  }

  /**
   * Reads what {@link #save} wrote. No class is instantiated that is not a layer, an activation or
   * the like of DL4J, ND4J or this library, or given here.
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

  /** All options that decide what is learned, by their names. */
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

  /** Options of a regressor. The defaults are the same for all data. */
  public static final class Builder {
    private static final List<NoiseLevel> GRID =
        List.of(
            NoiseLevel.NONE,
            new NoiseLevel(0.02, 0.02),
            new NoiseLevel(0.05, 0.02),
            new NoiseLevel(0.1, 0.05),
            new NoiseLevel(0.05, 0.1));

    private int components = 10;
    private Covariance covariance = Covariance.DIAGONAL;
    private ComponentFamily family = ComponentFamily.GAUSSIAN;
    private double scaleFloor = 1e-3;
    private boolean bounded = true;
    private int members = 1;
    private List<NoiseLevel> noise = GRID;
    private boolean startFromData = true;
    private double learningRate = 0.003;
    private double weightDecay = 0.01;
    private double gradientClipping = 5;
    private double averagedEpochs = 3;
    private int patience = 20;
    private int maxEpochs = 2000;
    private int minibatch;
    private double validationFraction = 0.2;
    private String trunk;
    private long seed = 1;
    private Trainer trainer = Trainer.AUTO;
    private int parallelism = Runtime.getRuntime().availableProcessors();
    private FitListener listener;
    private boolean quiet;
    private Path checkpoint;
    private Duration checkpointInterval = Duration.ofSeconds(10);
    private boolean resume;

    private Builder() {}

    /**
     * Sets the number of components.
     *
     * @param components K, at least 1; 10 by default
     * @return this builder
     */
    public Builder components(int components) {
      this.components = components;
      return this;
    }

    /**
     * Sets the form of the covariance.
     *
     * @param covariance the form; DIAGONAL by default
     * @return this builder
     */
    public Builder covariance(Covariance covariance) {
      this.covariance = Objects.requireNonNull(covariance);
      return this;
    }

    /**
     * Sets the family of the components.
     *
     * @param family GAUSSIAN by default, LAPLACE or LOGISTIC: those that standardised targets have
     * @return this builder
     */
    public Builder family(ComponentFamily family) {
      this.family = Objects.requireNonNull(family);
      return this;
    }

    /**
     * Sets the lower bound of every scale.
     *
     * @param scaleFloor in standard deviations of the target, at least 0; 0.001 by default
     * @return this builder
     */
    public Builder scaleFloor(double scaleFloor) {
      this.scaleFloor = scaleFloor;
      return this;
    }

    /**
     * Sets whether components are held near the targets of the fit, of range R: no standard
     * deviation above R (or four times the scale floor, if that is more), no location farther than
     * R outside the range. A component that has hardly any row costs the likelihood nothing,
     * however wide it is, so that validation does not notice; yet it counts in the mixture's
     * variance. Without bounds, predictions for features far from those of the fit may go on
     * beyond, and single standard deviations be anything. The NLL of ordinary data is the same
     * either way.
     *
     * @param bounded true by default; false for models as they were before there were bounds
     * @return this builder
     */
    public Builder bounded(boolean bounded) {
      this.bounded = bounded;
      return this;
    }

    /**
     * Sets how many networks are averaged.
     *
     * @param members M, at least 1, which is the default
     * @return this builder
     */
    public Builder ensemble(int members) {
      this.members = members;
      return this;
    }

    /**
     * Sets the noise, or the levels among which validation chooses: the last one that is not worse
     * than the best by more than a standard error.
     *
     * @param noise at least one level, all different, from little to much; by default
     *     (inputs:targets) none, 0.02:0.02, 0.05:0.02, 0.1:0.05 and 0.05:0.1
     * @return this builder
     */
    public Builder noise(NoiseLevel... noise) {
      this.noise = List.of(noise);
      return this;
    }

    /**
     * Sets whether components start at quantiles or clusters of the targets, in place of an even
     * spread.
     *
     * @param startFromData true by default
     * @return this builder
     */
    public Builder startFromData(boolean startFromData) {
      this.startFromData = startFromData;
      return this;
    }

    /**
     * Sets Adam's learning rate before the first plateau.
     *
     * @param learningRate positive; 0.003 by default
     * @return this builder
     */
    public Builder learningRate(double learningRate) {
      this.learningRate = learningRate;
      return this;
    }

    /**
     * Sets the decoupled decay of the weights.
     *
     * @param weightDecay λ, at least 0; 0.01 by default
     * @return this builder
     */
    public Builder weightDecay(double weightDecay) {
      this.weightDecay = weightDecay;
      return this;
    }

    /**
     * Sets the largest norm of a layer's gradient.
     *
     * @param gradientClipping positive; 5 by default
     * @return this builder
     */
    public Builder gradientClipping(double gradientClipping) {
      this.gradientClipping = gradientClipping;
      return this;
    }

    /**
     * Sets over how many epochs the parameters are averaged, in a moving average that is validated
     * and kept in place of the parameters themselves.
     *
     * @param averagedEpochs at least 0; 0 for the parameters themselves; 3 by default
     * @return this builder
     */
    public Builder averaging(double averagedEpochs) {
      this.averagedEpochs = averagedEpochs;
      return this;
    }

    /**
     * Sets how many epochs without improvement of the validation NLL make a plateau.
     *
     * @param patience at least 1; 20 by default
     * @return this builder
     */
    public Builder patience(int patience) {
      this.patience = patience;
      return this;
    }

    /**
     * Sets how many epochs a training has at most.
     *
     * @param maxEpochs at least 1; 2000 by default
     * @return this builder
     */
    public Builder maxEpochs(int maxEpochs) {
      this.maxEpochs = maxEpochs;
      return this;
    }

    /**
     * Sets the rows of a step.
     *
     * @param minibatch at least 1; by default a power of two from 64 to 512, for about fifty steps
     *     per epoch
     * @return this builder
     */
    public Builder minibatch(int minibatch) {
      require(minibatch >= 1, "Expected a minibatch of at least 1, got %d", minibatch);
      this.minibatch = minibatch;
      return this;
    }

    /**
     * Sets how much of the rows validates.
     *
     * @param validationFraction in (0, 1); 0.2 by default
     * @return this builder
     */
    public Builder validationFraction(double validationFraction) {
      this.validationFraction = validationFraction;
      return this;
    }

    /**
     * Sets the layers below the head, in place of two dense layers of 50 with swish. Their
     * updaters, decay and clipping are those of the regressor.
     *
     * @param trunk the layers without an output layer, made with {@code validateOutputLayerConfig}
     *     off
     * @return this builder
     */
    public Builder trunk(MultiLayerConfiguration trunk) {
      this.trunk = trunk.toJson();
      return this;
    }

    /**
     * Sets the seed of splits, weights, order and noise.
     *
     * @param seed 1 by default
     * @return this builder
     */
    public Builder seed(long seed) {
      this.seed = seed;
      return this;
    }

    /**
     * Sets what takes the training steps. {@link Trainer#FUSED} is several times as fast; what is
     * learned is the same but for rounding, which training enlarges, so that a model of the one is
     * not bit for bit that of the other. A fit that is resumed with AUTO goes on with the trainer
     * of its checkpoint; one from before there were several was written by DL4J.
     *
     * @param trainer AUTO by default
     * @return this builder
     */
    public Builder trainer(Trainer trainer) {
      this.trainer = Objects.requireNonNull(trainer);
      return this;
    }

    /**
     * Sets how many networks train at the same time; the outcome does not depend on it. A network
     * that trains alone may take all processors.
     *
     * @param parallelism at least 1; the number of processors by default
     * @return this builder
     */
    public Builder parallelism(int parallelism) {
      this.parallelism = parallelism;
      return this;
    }

    /**
     * Sets who is told about each epoch.
     *
     * @param listener the listener
     * @return this builder
     */
    public Builder listener(FitListener listener) {
      this.listener = Objects.requireNonNull(listener);
      return this;
    }

    /**
     * Logs no progress; by default a line at INFO every five seconds.
     *
     * @return this builder
     */
    public Builder quiet() {
      this.quiet = true;
      return this;
    }

    /**
     * Writes a checkpoint now and then, and when a fit is interrupted or fails. A file of this name
     * is replaced.
     *
     * @param file where to, in a folder that exists; always whole
     * @return this builder
     */
    public Builder checkpoint(Path file) {
      this.checkpoint = Objects.requireNonNull(file);
      this.resume = false;
      return this;
    }

    /**
     * Sets how often a checkpoint is written.
     *
     * @param interval at most one in this time; ten seconds by default
     * @return this builder
     */
    public Builder checkpointInterval(Duration interval) {
      this.checkpointInterval = Objects.requireNonNull(interval);
      return this;
    }

    /**
     * Goes on from a checkpoint, to the same model as if the fit had never been stopped. The
     * options that decide what is learned, and the data that are given to {@code fit}, must be
     * those of the stopped fit. Writes further checkpoints to the same file.
     *
     * @param file a checkpoint
     * @return this builder
     */
    public Builder resumeFrom(Path file) {
      this.checkpoint = Objects.requireNonNull(file);
      this.resume = true;
      return this;
    }

    /**
     * Makes the regressor.
     *
     * @return an unfitted regressor
     * @throws IllegalArgumentException if an option is out of its range
     */
    public MixtureRegressor build() {
      require(parallelism >= 1, "Expected a parallelism of at least 1, got %s", parallelism);
      return new MixtureRegressor(
          options(),
          new FitSettings(parallelism, listener, quiet, checkpoint, checkpointInterval, resume));
    }

    RegressorOptions options() {
      return new RegressorOptions(
          components,
          covariance,
          family,
          scaleFloor,
          members,
          noise,
          startFromData,
          learningRate,
          weightDecay,
          gradientClipping,
          averagedEpochs,
          patience,
          maxEpochs,
          minibatch,
          validationFraction,
          trunk,
          seed,
          bounded,
          trainer);
    }
  }
}
