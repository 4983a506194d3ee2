/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import java.util.Arrays;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.StringArrayParam;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.regression.MixtureRegressorBuilder;
import org.mdn4j.regression.report.NoiseLevel;
import org.mdn4j.training.Trainer;

/**
 * The options of {@link MixtureRegression} that decide what is learned: those of {@link
 * MixtureRegressorBuilder}, with the same names, ranges and defaults.
 */
public abstract class MixtureRegressionOptions extends Estimator<MixtureRegressionModel> {
  private static final long serialVersionUID = 1;

  private final String uid;
  private final OptionParams options;

  MixtureRegressionOptions(String uid) {
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

  private <T> MixtureRegression with(Param<T> option, T value) {
    set(option, value);
    return (MixtureRegression) this;
  }

  /** {@return the parameter of the number of components} */
  public IntParam components() {
    return options.components;
  }

  /**
   * Sets the number of components; see {@link MixtureRegressorBuilder#components}.
   *
   * @param value the new value
   * @return this estimator
   * @throws IllegalArgumentException if it is out of its range
   */
  public MixtureRegression setComponents(int value) {
    return with(options.components, value);
  }

  /** {@return the parameter of the form of the covariance} */
  public Param<String> covariance() {
    return options.covariance;
  }

  /**
   * Sets the form of the covariance; see {@link MixtureRegressorBuilder#covariance}.
   *
   * @param value the new value
   * @return this estimator
   * @throws IllegalArgumentException if it is out of its range
   */
  public MixtureRegression setCovariance(Covariance value) {
    return with(options.covariance, value.name());
  }

  /** {@return the parameter of the family of the components} */
  public Param<String> family() {
    return options.family;
  }

  /**
   * Sets the family of the components; see {@link MixtureRegressorBuilder#family}.
   *
   * @param value the new value
   * @return this estimator
   * @throws IllegalArgumentException if it is out of its range
   */
  public MixtureRegression setFamily(ComponentFamily value) {
    return with(options.family, value.name());
  }

  /**
   * {@return the parameter of the lower bound of every scale, in standard deviations of the label}
   */
  public DoubleParam scaleFloor() {
    return options.scaleFloor;
  }

  /**
   * Sets the lower bound of every scale, in standard deviations of the label; see {@link
   * MixtureRegressorBuilder#scaleFloor}.
   *
   * @param value the new value
   * @return this estimator
   * @throws IllegalArgumentException if it is out of its range
   */
  public MixtureRegression setScaleFloor(double value) {
    return with(options.scaleFloor, value);
  }

  /** {@return the parameter of whether components are held near the labels of the fit} */
  public BooleanParam bounded() {
    return options.bounded;
  }

  /**
   * Sets whether components are held near the labels of the fit; see {@link
   * MixtureRegressorBuilder#bounded}.
   *
   * @param value the new value
   * @return this estimator
   * @throws IllegalArgumentException if it is out of its range
   */
  public MixtureRegression setBounded(boolean value) {
    return with(options.bounded, value);
  }

  /** {@return the parameter of the number of networks that are averaged} */
  public IntParam ensemble() {
    return options.ensemble;
  }

  /**
   * Sets the number of networks that are averaged; see {@link MixtureRegressorBuilder#ensemble}.
   *
   * @param value the new value
   * @return this estimator
   * @throws IllegalArgumentException if it is out of its range
   */
  public MixtureRegression setEnsemble(int value) {
    return with(options.ensemble, value);
  }

  /**
   * {@return the parameter of the noise levels among which validation chooses, each inputs:targets}
   */
  public StringArrayParam noise() {
    return options.noise;
  }

  /**
   * Sets the noise levels among which validation chooses, each inputs:targets; see {@link
   * MixtureRegressorBuilder#noise}.
   *
   * @param value the new value
   * @return this estimator
   * @throws IllegalArgumentException if it is out of its range
   */
  public MixtureRegression setNoise(NoiseLevel... value) {
    return with(
        options.noise, Arrays.stream(value).map(NoiseLevel::toString).toArray(String[]::new));
  }

  /** {@return the parameter of the numbers of bins among which validation chooses} */
  public IntArrayParam bins() {
    return options.bins;
  }

  /**
   * Sets the numbers of bins among which validation chooses; see {@link
   * MixtureRegressorBuilder#bins}.
   *
   * @param value the new value
   * @return this estimator
   * @throws IllegalArgumentException if it is out of its range
   */
  public MixtureRegression setBins(int... value) {
    return with(options.bins, value);
  }

  /** {@return the parameter of whether components start at quantiles or clusters of the labels} */
  public BooleanParam startFromData() {
    return options.startFromData;
  }

  /**
   * Sets whether components start at quantiles or clusters of the labels; see {@link
   * MixtureRegressorBuilder#startFromData}.
   *
   * @param value the new value
   * @return this estimator
   * @throws IllegalArgumentException if it is out of its range
   */
  public MixtureRegression setStartFromData(boolean value) {
    return with(options.startFromData, value);
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

  /** {@return the parameter of the decoupled decay of the weights} */
  public DoubleParam weightDecay() {
    return options.weightDecay;
  }

  /**
   * Sets the decoupled decay of the weights; see {@link MixtureRegressorBuilder#weightDecay}.
   *
   * @param value the new value
   * @return this estimator
   * @throws IllegalArgumentException if it is out of its range
   */
  public MixtureRegression setWeightDecay(double value) {
    return with(options.weightDecay, value);
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

  /**
   * {@return the parameter of the units of each hidden layer; no others are tried then, unless
   * widerUnits is set}
   */
  public IntParam hiddenUnits() {
    return options.hiddenUnits;
  }

  /**
   * Sets the units of each hidden layer; no others are tried then, unless widerUnits is set; see
   * {@link MixtureRegressorBuilder#hiddenUnits}.
   *
   * @param value the new value
   * @return this estimator
   * @throws IllegalArgumentException if it is out of its range
   */
  public MixtureRegression setHiddenUnits(int value) {
    return with(options.hiddenUnits, value);
  }

  /**
   * {@return the parameter of the units of each hidden layer in a last trial; 0 for no such trial}
   */
  public IntParam widerUnits() {
    return options.widerUnits;
  }

  /**
   * Sets the units of each hidden layer in a last trial; 0 for no such trial; see {@link
   * MixtureRegressorBuilder#widerUnits}.
   *
   * @param value the new value
   * @return this estimator
   * @throws IllegalArgumentException if it is out of its range
   */
  public MixtureRegression setWiderUnits(int value) {
    return with(options.widerUnits, value);
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

  /** {@return the parameter of the layers below the head, as JSON; empty for two dense layers} */
  public Param<String> trunk() {
    return options.trunk;
  }

  /**
   * Sets the layers below the head, as JSON; empty for two dense layers; see {@link
   * MixtureRegressorBuilder#trunk}.
   *
   * @param value the new value
   * @return this estimator
   * @throws IllegalArgumentException if it is out of its range
   */
  public MixtureRegression setTrunk(MultiLayerConfiguration value) {
    return with(options.trunk, value.toJson());
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
