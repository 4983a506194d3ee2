/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression;

import static org.mdn4j.Arguments.require;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.mdn4j.Atoms;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpecBuilder;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.regression.fit.FitSettings;
import org.mdn4j.regression.model.RegressorOptions;
import org.mdn4j.regression.report.FitListener;
import org.mdn4j.regression.report.NoiseLevel;
import org.mdn4j.training.Trainer;

/**
 * Builder of a {@link MixtureRegressor}. The defaults are the same for all data. A method that sets
 * an option to a value out of its range throws an {@link IllegalArgumentException} that says what
 * was expected.
 */
public final class MixtureRegressorBuilder {
  private RegressorOptions options = RegressorOptions.DEFAULT;
  private int parallelism = Runtime.getRuntime().availableProcessors();
  private FitListener listener;
  private boolean quiet;
  private Path checkpoint;
  private Duration checkpointInterval = Duration.ofSeconds(10);
  private boolean resume;
  private Duration budget; // or null

  MixtureRegressorBuilder() {}

  /**
   * Sets the number of components that a network puts out. A prediction has one more for each
   * member, see {@link #contaminated}.
   *
   * @param components K, at least 1; 10 by default
   * @return this builder
   */
  public MixtureRegressorBuilder components(int components) {
    return with("components", components);
  }

  /**
   * Sets the form of the covariance.
   *
   * @param covariance the form; DIAGONAL by default
   * @return this builder
   */
  public MixtureRegressorBuilder covariance(Covariance covariance) {
    return with("covariance", Objects.requireNonNull(covariance));
  }

  /**
   * Sets the family of the components.
   *
   * @param family GAUSSIAN by default, LAPLACE or LOGISTIC: those that standardised targets have;
   *     or NEGATIVE_BINOMIAL, for targets that are integers of at least 0, which stay as they are
   * @return this builder
   */
  public MixtureRegressorBuilder family(ComponentFamily family) {
    return with("family", Objects.requireNonNull(family));
  }

  /**
   * Sets the lower bound of every scale.
   *
   * @param scaleFloor in standard deviations of the target, at least 0; 0.001 by default. For
   *     NEGATIVE_BINOMIAL its square bounds the dispersion α, a squared coefficient of variation
   * @return this builder
   */
  public MixtureRegressorBuilder scaleFloor(double scaleFloor) {
    return with("scaleFloor", scaleFloor);
  }

  /**
   * Sets whether the components that networks put out are held near the targets of the fit, of
   * range R: no standard deviation above R (or four times the scale floor, if that is more), no
   * location farther than R outside the range. A component that has hardly any row costs the
   * likelihood nothing, however wide it is, so that validation does not notice; yet it counts in
   * the mixture's variance. Without bounds, predictions for features far from those of the fit may
   * go on beyond, and single standard deviations be anything. The NLL of ordinary data is the same
   * either way.
   *
   * @param bounded true by default; false for models as they were before there were bounds
   * @return this builder
   */
  public MixtureRegressorBuilder bounded(boolean bounded) {
    return with("bounded", bounded);
  }

  /**
   * Sets whether a fit finds the target's atoms: values with a probability of their own, such as
   * the 0 of rain or both ends of a wind farm's power; see {@link MixtureSpecBuilder#atoms}. With
   * AUTO they are the values that at least 5 % of the rows of the fit have, provided that the
   * values next to them are five times as rare, and none of the rest has 5 % of the rest, as on a
   * grid. Of counts they are those that at least 5 % of the rows have, five times as many as have
   * the next lower and the next higher value; of zeros, what a geometric distribution of the other
   * counts lets expect stands for the next lower one. Several targets have none.
   *
   * @param search AUTO by default
   * @return this builder
   */
  public MixtureRegressorBuilder atoms(AtomSearch search) {
    return with("findAtoms", search == AtomSearch.AUTO).with("atoms", List.of());
  }

  /**
   * Sets the target's atoms, in place of what a fit would find.
   *
   * @param values finite and different, in the target's units, of one target, of counts integers of
   *     at least 0; none for none
   * @return this builder
   */
  public MixtureRegressorBuilder atoms(double... values) {
    List<Double> ascending = DoubleStream.of(Atoms.ascending(values)).boxed().toList();
    return with("findAtoms", false).with("atoms", ascending);
  }

  /**
   * Makes targets intervals, such as times that are known to be longer than the observation: arrays
   * {@code [N][2 D]} with the lower and the upper end of each target, where equal ends are an exact
   * value and infinite ones leave that side open; or two columns of a frame for each target, where
   * a missing cell leaves that side open. They score by the probability of the interval. Columns
   * are standardised by what is known: exact values, the middles of intervals, and single finite
   * ends.
   *
   * <p>A column of times with one of flags, 1 where the event was seen, becomes such a pair by an
   * upper end that is missing where the flag is 0.
   *
   * @return this builder
   */
  public MixtureRegressorBuilder censored() {
    return with("censored", true);
  }

  /**
   * Sets the number of networks that are averaged.
   *
   * @param members M, at least 1, which is the default
   * @return this builder
   */
  public MixtureRegressorBuilder ensemble(int members) {
    return with("members", members);
  }

  /**
   * Sets the noise, or the levels among which validation chooses: the last one that is not worse
   * than the best by more than a standard error. Targets that are counts get none.
   *
   * @param noise at least one level, all different, from little to much; by default
   *     (inputs:targets) none, 0.02:0.02, 0.05:0.02, 0.1:0.05 and 0.05:0.1
   * @return this builder
   */
  public MixtureRegressorBuilder noise(NoiseLevel... noise) {
    return with("noise", List.of(noise));
  }

  /**
   * Sets the numbers of bins among which validation chooses for the piecewise-linear encoding of
   * features, which gives networks resolution in single features.
   *
   * @param bins at least one number, all different, from 0, for no encoding, to 1024; by default 0,
   *     8, 16 and 32
   * @return this builder
   */
  public MixtureRegressorBuilder bins(int... bins) {
    return with("bins", IntStream.of(bins).boxed().toList());
  }

  /**
   * Sets whether components start at quantiles or clusters of the targets, in place of an even
   * spread.
   *
   * @param startFromData true by default
   * @return this builder
   */
  public MixtureRegressorBuilder startFromData(boolean startFromData) {
    return with("startFromData", startFromData);
  }

  /**
   * Sets Adam's learning rate before the first plateau.
   *
   * @param learningRate positive; 0.003 by default
   * @return this builder
   */
  public MixtureRegressorBuilder learningRate(double learningRate) {
    return with("learningRate", learningRate);
  }

  /**
   * Sets the decoupled decay of the weights, and that no stronger one is tried.
   *
   * @param weightDecay λ, at least 0; 0.01 by default
   * @return this builder
   */
  public MixtureRegressorBuilder weightDecay(double weightDecay) {
    return with("weightDecay", weightDecay).strongerDecay(0);
  }

  /**
   * Sets a stronger weight decay, which is tried after bins and noise, and taken unless it is worse
   * by more than the standard error of the difference.
   *
   * @param weightDecay λ, above the other one; 0 for no such trial; 0.3 by default
   * @return this builder
   */
  public MixtureRegressorBuilder strongerDecay(double weightDecay) {
    return with("strongerDecay", weightDecay);
  }

  /**
   * Sets the largest norm of a layer's gradient.
   *
   * @param gradientClipping positive; 5 by default
   * @return this builder
   */
  public MixtureRegressorBuilder gradientClipping(double gradientClipping) {
    return with("gradientClipping", gradientClipping);
  }

  /**
   * Sets over how many epochs the parameters are averaged, in a moving average that is validated
   * and kept in place of the parameters themselves.
   *
   * @param averagedEpochs at least 0; 0 for the parameters themselves; 3 by default
   * @return this builder
   */
  public MixtureRegressorBuilder averaging(double averagedEpochs) {
    return with("averagedEpochs", averagedEpochs);
  }

  /**
   * Sets how many epochs without improvement of the validation NLL make a plateau.
   *
   * @param patience at least 1; 20 by default
   * @return this builder
   */
  public MixtureRegressorBuilder patience(int patience) {
    return with("patience", patience);
  }

  /**
   * Sets how many epochs a training has at most.
   *
   * @param maxEpochs at least 1; 2000 by default
   * @return this builder
   */
  public MixtureRegressorBuilder maxEpochs(int maxEpochs) {
    return with("maxEpochs", maxEpochs);
  }

  /**
   * Sets how many steps there are at least between two looks at the validation rows. Where an epoch
   * has fewer, as small tables have, a round is several passes over the rows, so that averaging,
   * patience and limits, which count rounds as epochs, do not end the training of a small table
   * after a few steps.
   *
   * @param steps at least 0; 0 for one pass over the rows; 50 by default
   * @return this builder
   */
  public MixtureRegressorBuilder roundSteps(int steps) {
    return with("roundSteps", steps);
  }

  /**
   * Sets the units of each hidden layer, where no trunk is set; no others are tried then.
   *
   * @param units at least 1; 50 by default
   * @return this builder
   */
  public MixtureRegressorBuilder hiddenUnits(int units) {
    require(units >= 1, "Expected at least 1 hidden unit, got %d", units);
    return with("hiddenUnits", units).widerUnits(0);
  }

  /**
   * Sets the units of each hidden layer in a last trial, where noise or bins are on trial too: it
   * is taken where the validation NLL is lower by more than the standard error of the difference.
   *
   * @param units at least 1, or 0 for no such trial; 100 by default
   * @return this builder
   */
  public MixtureRegressorBuilder widerUnits(int units) {
    return with("widerUnits", units);
  }

  /**
   * Sets the rows of a step.
   *
   * @param minibatch at least 1; by default a power of two from 64 to 512, for about fifty steps
   *     per epoch
   * @return this builder
   */
  public MixtureRegressorBuilder minibatch(int minibatch) {
    require(minibatch >= 1, "Expected a minibatch of at least 1, got %d", minibatch);
    return with("minibatch", minibatch);
  }

  /**
   * Sets the share of the rows that validates.
   *
   * @param validationFraction in (0, 1); 0.2 by default
   * @return this builder
   */
  public MixtureRegressorBuilder validationFraction(double validationFraction) {
    return with("validationFraction", validationFraction);
  }

  /**
   * Sets how many rows validate at most, whatever their share: more would say little more.
   *
   * @param rows at least 2, or 0 for no limit; 1000 by default
   * @return this builder
   */
  public MixtureRegressorBuilder mostValidationRows(int rows) {
    return with("mostValidationRows", rows);
  }

  /**
   * Sets whether, at the end, each network is trained anew on all rows, those that validated too,
   * for as many epochs of each learning rate as validation has found best. That takes about half as
   * long again, and where rows are few a network gains from each of them. Where one row in eight or
   * fewer validates, there is little to gain, and networks stay as they are.
   *
   * @param refit true by default
   * @return this builder
   */
  public MixtureRegressorBuilder refit(boolean refit) {
    return with("refit", refit);
  }

  /**
   * Sets how many of the first member's validation rows validate all members, and calibrate the
   * width of their predictions: half of them, and at least so many if there are. The more do, the
   * better the width is known; of the other rows the members see different ones, which helps where
   * they are not trained anew on all.
   *
   * @param rows at least 0; 200 by default
   * @return this builder
   */
  public MixtureRegressorBuilder calibrationRows(int rows) {
    return with("calibrationRows", rows);
  }

  /**
   * Sets whether predictions get heavier tails, and a single network's the width, by as much as
   * validation rows say: with the probability ε the outcome comes from a component that is three
   * times as wide as the member's whole mixture, see {@link MixtureBatch#contaminated}. Of few rows
   * a network learns to take for impossible what it has not seen; a single such outcome can cost
   * the NLL more than all others together.
   *
   * @param contaminated true by default; false for the mixtures that networks put out
   * @return this builder
   */
  public MixtureRegressorBuilder contaminated(boolean contaminated) {
    return with("contaminated", contaminated);
  }

  /**
   * Sets the share of the rows that a fit holds out, at random and by whole groups, to conformalize
   * the model with: nothing is trained on them or chosen on them. See {@link
   * MixtureRegressor#conformalize(double[][], double[][], double[])}: rows count by their weights.
   *
   * @param fraction in [0, 1); 0 by default
   * @return this builder
   */
  public MixtureRegressorBuilder conformalFraction(double fraction) {
    return with("conformalFraction", fraction);
  }

  /**
   * Sets the layers below the head, in place of two dense layers of 50 with swish. Their updaters,
   * decay and clipping are those of the regressor.
   *
   * @param trunk the layers without an output layer, made with {@code validateOutputLayerConfig}
   *     off
   * @return this builder
   */
  public MixtureRegressorBuilder trunk(MultiLayerConfiguration trunk) {
    return with("trunk", trunk.toJson());
  }

  /**
   * Sets the seed of splits, weights, order and noise.
   *
   * @param seed 1 by default
   * @return this builder
   */
  public MixtureRegressorBuilder seed(long seed) {
    return with("seed", seed);
  }

  /**
   * Sets the trainer, which takes the steps. {@link Trainer#FUSED} is several times as fast; what
   * is learned is the same but for rounding, which training enlarges, so that a model of the one is
   * not bit for bit that of the other. A fit that is resumed with AUTO goes on with the trainer of
   * its checkpoint; one from before there were several was written by DL4J.
   *
   * @param trainer AUTO by default
   * @return this builder
   */
  public MixtureRegressorBuilder trainer(Trainer trainer) {
    return with("trainer", Objects.requireNonNull(trainer));
  }

  /**
   * Sets how many networks train at the same time; the outcome does not depend on it. A network
   * that trains alone may take all processors.
   *
   * @param parallelism at least 1; the number of processors by default
   * @return this builder
   */
  public MixtureRegressorBuilder parallelism(int parallelism) {
    this.parallelism = parallelism;
    return this;
  }

  /**
   * Sets the time that a fit may take. It uses what the choice of noise and bins and the members
   * that are asked for leave: for trials with more hidden units, in the first half, and then for
   * more members, 50 at most. Where half of the time does not suffice for the choice, it is of what
   * was tried until then. At the end trainings stop with their best parameters so far. What is
   * learned depends on how fast the machine is; the seed does not make it repeatable.
   *
   * @param budget positive; an epoch of as many trials as train at once, and of each member that is
   *     asked for, is trained in any case
   * @return this builder
   * @throws IllegalArgumentException if it is not positive
   */
  public MixtureRegressorBuilder budget(Duration budget) {
    require(!budget.isNegative() && !budget.isZero(), "Expected a positive budget, got %s", budget);
    this.budget = budget;
    return this;
  }

  /**
   * Sets the listener notified after each epoch.
   *
   * @param listener the listener
   * @return this builder
   */
  public MixtureRegressorBuilder listener(FitListener listener) {
    this.listener = Objects.requireNonNull(listener);
    return this;
  }

  /**
   * Switches off the log of the progress, a line at INFO every five seconds.
   *
   * @return this builder
   */
  public MixtureRegressorBuilder quiet() {
    this.quiet = true;
    return this;
  }

  /**
   * Sets the file to which a fit writes a checkpoint now and then, and when it is interrupted or
   * fails. An existing file is replaced.
   *
   * @param file where to, in a folder that exists; always whole
   * @return this builder
   */
  public MixtureRegressorBuilder checkpoint(Path file) {
    this.checkpoint = Objects.requireNonNull(file);
    this.resume = false;
    return this;
  }

  /**
   * Sets the least time between two checkpoints.
   *
   * @param interval at most one in this time; ten seconds by default
   * @return this builder
   */
  public MixtureRegressorBuilder checkpointInterval(Duration interval) {
    this.checkpointInterval = Objects.requireNonNull(interval);
    return this;
  }

  /**
   * Sets the checkpoint from which the fit resumes, to the same model as if the fit had never been
   * stopped. The options that decide what is learned, and the data that are given to {@code fit},
   * must be those of the stopped fit. Writes further checkpoints to the same file.
   *
   * @param file a checkpoint
   * @return this builder
   */
  public MixtureRegressorBuilder resumeFrom(Path file) {
    this.checkpoint = Objects.requireNonNull(file);
    this.resume = true;
    return this;
  }

  /**
   * Creates the regressor.
   *
   * @return an unfitted regressor
   * @throws IllegalArgumentException if an option is out of its range
   */
  public MixtureRegressor build() {
    require(parallelism >= 1, "Expected a parallelism of at least 1, got %s", parallelism);
    require(
        budget == null || checkpoint == null,
        "Expected a budget or a checkpoint: time decides what a fit with a budget learns, and none"
            + " can go on to the same model");
    return new MixtureRegressor(
        options(),
        new FitSettings(
            parallelism, listener, quiet, checkpoint, checkpointInterval, resume, budget));
  }

  RegressorOptions options() {
    return options;
  }

  private MixtureRegressorBuilder with(String name, Object value) {
    options = options.with(name, value);
    return this;
  }
}
