/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.mdn4j.regression.MixtureRegressorBuilder;
import org.mdn4j.training.Trainer;

/**
 * The options of {@link MixtureRegression} that decide how networks train and which rows validate:
 * those of {@link MixtureRegressorBuilder}, with the same names, ranges and defaults.
 */
public abstract class TrainingOptions extends Estimator<MixtureRegressionModel> {
  private static final long serialVersionUID = 1;

  private final String uid;
  private final OptionParams options;

  TrainingOptions(String uid) {
    this.uid = uid; // before the first parameter, which asks for it
    this.options = new OptionParams(this);
  }

  @Override
  public String uid() {
    return uid;
  }

  OptionParams options() {
    return options;
  }

  <T> MixtureRegression with(Param<T> option, T value) {
    set(option, value);
    return (MixtureRegression) this;
  }

  /** {@return the parameter of Adam's learning rate before the first plateau} */
  public DoubleParam learningRate() {
    return options.learningRate;
  }

  /**
   * Sets Adam's learning rate before the first plateau; see {@link
   * MixtureRegressorBuilder#learningRate}.
   *
   * @param value the new value
   * @return this estimator
   * @throws IllegalArgumentException if it is out of its range
   */
  public MixtureRegression setLearningRate(double value) {
    return with(options.learningRate, value);
  }

  /**
   * {@return the parameter of the decoupled decay of the weights; no stronger one is tried then,
   * unless strongerDecay is set}
   */
  public DoubleParam weightDecay() {
    return options.weightDecay;
  }

  /**
   * Sets the decoupled decay of the weights; no stronger one is tried then, unless strongerDecay is
   * set; see {@link MixtureRegressorBuilder#weightDecay}.
   *
   * @param value the new value
   * @return this estimator
   * @throws IllegalArgumentException if it is out of its range
   */
  public MixtureRegression setWeightDecay(double value) {
    return with(options.weightDecay, value);
  }

  /**
   * {@return the parameter of a stronger decay that is tried; 0 for none, as where weightDecay is
   * set}
   */
  public DoubleParam strongerDecay() {
    return options.strongerDecay;
  }

  /**
   * Sets a stronger decay that is tried; 0 for none, as where weightDecay is set; see {@link
   * MixtureRegressorBuilder#strongerDecay}.
   *
   * @param value the new value
   * @return this estimator
   * @throws IllegalArgumentException if it is out of its range
   */
  public MixtureRegression setStrongerDecay(double value) {
    return with(options.strongerDecay, value);
  }

  /** {@return the parameter of the largest norm of a layer's gradient} */
  public DoubleParam gradientClipping() {
    return options.gradientClipping;
  }

  /**
   * Sets the largest norm of a layer's gradient; see {@link
   * MixtureRegressorBuilder#gradientClipping}.
   *
   * @param value the new value
   * @return this estimator
   * @throws IllegalArgumentException if it is out of its range
   */
  public MixtureRegression setGradientClipping(double value) {
    return with(options.gradientClipping, value);
  }

  /** {@return the parameter of the number of epochs over which the weights are averaged} */
  public DoubleParam averaging() {
    return options.averaging;
  }

  /**
   * Sets the number of epochs over which the weights are averaged; see {@link
   * MixtureRegressorBuilder#averaging}.
   *
   * @param value the new value
   * @return this estimator
   * @throws IllegalArgumentException if it is out of its range
   */
  public MixtureRegression setAveraging(double value) {
    return with(options.averaging, value);
  }

  /** {@return the parameter of the number of epochs without improvement that make a plateau} */
  public IntParam patience() {
    return options.patience;
  }

  /**
   * Sets the number of epochs without improvement that make a plateau; see {@link
   * MixtureRegressorBuilder#patience}.
   *
   * @param value the new value
   * @return this estimator
   * @throws IllegalArgumentException if it is out of its range
   */
  public MixtureRegression setPatience(int value) {
    return with(options.patience, value);
  }

  /** {@return the parameter of the largest number of epochs of a training} */
  public IntParam maxEpochs() {
    return options.maxEpochs;
  }

  /**
   * Sets the largest number of epochs of a training; see {@link MixtureRegressorBuilder#maxEpochs}.
   *
   * @param value the new value
   * @return this estimator
   * @throws IllegalArgumentException if it is out of its range
   */
  public MixtureRegression setMaxEpochs(int value) {
    return with(options.maxEpochs, value);
  }

  /**
   * {@return the parameter of the least number of steps between two looks at the validation rows}
   */
  public IntParam roundSteps() {
    return options.roundSteps;
  }

  /**
   * Sets the least number of steps between two looks at the validation rows; see {@link
   * MixtureRegressorBuilder#roundSteps}.
   *
   * @param value the new value
   * @return this estimator
   * @throws IllegalArgumentException if it is out of its range
   */
  public MixtureRegression setRoundSteps(int value) {
    return with(options.roundSteps, value);
  }

  /** {@return the parameter of the rows of a step; 0 to let the number of rows decide} */
  public IntParam minibatch() {
    return options.minibatch;
  }

  /**
   * Sets the rows of a step; 0 to let the number of rows decide; see {@link
   * MixtureRegressorBuilder#minibatch}.
   *
   * @param value the new value
   * @return this estimator
   * @throws IllegalArgumentException if it is out of its range
   */
  public MixtureRegression setMinibatch(int value) {
    return with(options.minibatch, value);
  }

  /** {@return the parameter of the share of the rows that validates} */
  public DoubleParam validationFraction() {
    return options.validationFraction;
  }

  /**
   * Sets the share of the rows that validates; see {@link
   * MixtureRegressorBuilder#validationFraction}.
   *
   * @param value the new value
   * @return this estimator
   * @throws IllegalArgumentException if it is out of its range
   */
  public MixtureRegression setValidationFraction(double value) {
    return with(options.validationFraction, value);
  }

  /** {@return the parameter of the largest number of validation rows; 0 for no limit} */
  public IntParam mostValidationRows() {
    return options.mostValidationRows;
  }

  /**
   * Sets the largest number of validation rows, 0 for no limit; see {@link
   * MixtureRegressorBuilder#mostValidationRows}.
   *
   * @param value the new value
   * @return this estimator
   * @throws IllegalArgumentException if it is out of its range
   */
  public MixtureRegression setMostValidationRows(int value) {
    return with(options.mostValidationRows, value);
  }

  /**
   * {@return the parameter of the share of the rows that is held out to calibrate conformal
   * outputs}
   */
  public DoubleParam conformalFraction() {
    return options.conformalFraction;
  }

  /**
   * Sets the share of the rows that is held out to calibrate conformal outputs; see {@link
   * MixtureRegressorBuilder#conformalFraction}.
   *
   * @param value the new value
   * @return this estimator
   * @throws IllegalArgumentException if it is out of its range
   */
  public MixtureRegression setConformalFraction(double value) {
    return with(options.conformalFraction, value);
  }

  /** {@return the parameter of how many validation rows all members have in common at least} */
  public IntParam calibrationRows() {
    return options.calibrationRows;
  }

  /**
   * Sets how many validation rows all members have in common at least; see {@link
   * MixtureRegressorBuilder#calibrationRows}.
   *
   * @param value the new value
   * @return this estimator
   * @throws IllegalArgumentException if it is out of its range
   */
  public MixtureRegression setCalibrationRows(int value) {
    return with(options.calibrationRows, value);
  }

  /** {@return the parameter of whether predictions get heavier tails} */
  public BooleanParam contaminated() {
    return options.contaminated;
  }

  /**
   * Sets whether predictions get heavier tails, by as much as validation rows say; see {@link
   * MixtureRegressorBuilder#contaminated}.
   *
   * @param value the new value
   * @return this estimator
   */
  public MixtureRegression setContaminated(boolean value) {
    return with(options.contaminated, value);
  }

  /** {@return the parameter of whether each network is trained anew on all rows at the end} */
  public BooleanParam refit() {
    return options.refit;
  }

  /**
   * Sets whether each network is trained anew on all rows at the end; see {@link
   * MixtureRegressorBuilder#refit}.
   *
   * @param value the new value
   * @return this estimator
   * @throws IllegalArgumentException if it is out of its range
   */
  public MixtureRegression setRefit(boolean value) {
    return with(options.refit, value);
  }

  /** {@return the parameter of the seed of splits, weights, order, noise and samples} */
  public LongParam seed() {
    return options.seed;
  }

  /**
   * Sets the seed of splits, weights, order, noise and samples; see {@link
   * MixtureRegressorBuilder#seed}.
   *
   * @param value the new value
   * @return this estimator
   * @throws IllegalArgumentException if it is out of its range
   */
  public MixtureRegression setSeed(long value) {
    return with(options.seed, value);
  }

  /** {@return the parameter of the trainer} */
  public Param<String> trainer() {
    return options.trainer;
  }

  /**
   * Sets the trainer, which takes the steps; see {@link MixtureRegressorBuilder#trainer}.
   *
   * @param value the new value
   * @return this estimator
   * @throws IllegalArgumentException if it is out of its range
   */
  public MixtureRegression setTrainer(Trainer value) {
    return with(options.trainer, value.name());
  }
}
