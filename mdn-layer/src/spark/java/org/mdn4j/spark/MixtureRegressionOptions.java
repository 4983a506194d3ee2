/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.StringArrayParam;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.regression.AtomSearch;
import org.mdn4j.regression.MixtureRegressorBuilder;
import org.mdn4j.regression.report.NoiseLevel;

/**
 * The options of {@link MixtureRegression} that decide what is learned: those of {@link
 * MixtureRegressorBuilder}, with the same names, ranges and defaults.
 */
public abstract class MixtureRegressionOptions extends TrainingOptions {
  private static final long serialVersionUID = 1;

  MixtureRegressionOptions(String uid) {
    super(uid);
  }

  /** {@return the parameter of the number of components} */
  public IntParam components() {
    return options().components;
  }

  /**
   * Sets the number of components; see {@link MixtureRegressorBuilder#components}.
   *
   * @param value the new value
   * @return this estimator
   * @throws IllegalArgumentException if it is out of its range
   */
  public MixtureRegression setComponents(int value) {
    return with(options().components, value);
  }

  /** {@return the parameter of the form of the covariance} */
  public Param<String> covariance() {
    return options().covariance;
  }

  /**
   * Sets the form of the covariance; see {@link MixtureRegressorBuilder#covariance}.
   *
   * @param value the new value
   * @return this estimator
   * @throws IllegalArgumentException if it is out of its range
   */
  public MixtureRegression setCovariance(Covariance value) {
    return with(options().covariance, value.name());
  }

  /** {@return the parameter of the family of the components} */
  public Param<String> family() {
    return options().family;
  }

  /**
   * Sets the family of the components; see {@link MixtureRegressorBuilder#family}.
   *
   * @param value the new value
   * @return this estimator
   * @throws IllegalArgumentException if it is out of its range
   */
  public MixtureRegression setFamily(ComponentFamily value) {
    return with(options().family, value.name());
  }

  /**
   * {@return the parameter of the lower bound of every scale, in standard deviations of the label}
   */
  public DoubleParam scaleFloor() {
    return options().scaleFloor;
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
    return with(options().scaleFloor, value);
  }

  /** {@return the parameter of whether components are held near the labels of the fit} */
  public BooleanParam bounded() {
    return options().bounded;
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
    return with(options().bounded, value);
  }

  /** {@return the parameter of the values with a probability of their own} */
  public Param<String> atoms() {
    return options().atoms;
  }

  /**
   * Sets whether a fit finds values with a probability of their own; see {@link
   * MixtureRegressorBuilder#atoms(AtomSearch)}.
   *
   * @param value the new value
   * @return this estimator
   */
  public MixtureRegression setAtoms(AtomSearch value) {
    return with(options().atoms, value.name());
  }

  /**
   * Sets the values with a probability of their own; see {@link
   * MixtureRegressorBuilder#atoms(double...)}.
   *
   * @param values none for none
   * @return this estimator
   * @throws IllegalArgumentException if they are not finite and different
   */
  public MixtureRegression setAtoms(double... values) {
    return with(
        options().atoms,
        values.length == 0
            ? AtomSearch.NONE.name()
            : Arrays.stream(values).mapToObj(Double::toString).collect(Collectors.joining(", ")));
  }

  /**
   * {@return the parameter of whether labels are intervals, two labelCols each; as where a
   * censorCol is set}
   */
  public BooleanParam censored() {
    return options().censored;
  }

  /**
   * Sets whether labels are intervals, two labelCols each; as where a censorCol is set; see {@link
   * MixtureRegressorBuilder#censored}.
   *
   * @param value the new value
   * @return this estimator
   * @throws IllegalArgumentException if it is out of its range
   */
  public MixtureRegression setCensored(boolean value) {
    return with(options().censored, value);
  }

  /** {@return the parameter of the number of networks that are averaged} */
  public IntParam ensemble() {
    return options().ensemble;
  }

  /**
   * Sets the number of networks that are averaged; see {@link MixtureRegressorBuilder#ensemble}.
   *
   * @param value the new value
   * @return this estimator
   * @throws IllegalArgumentException if it is out of its range
   */
  public MixtureRegression setEnsemble(int value) {
    return with(options().ensemble, value);
  }

  /**
   * {@return the parameter of the noise levels among which validation chooses, each inputs:targets}
   */
  public StringArrayParam noise() {
    return options().noise;
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
        options().noise, Arrays.stream(value).map(NoiseLevel::toString).toArray(String[]::new));
  }

  /** {@return the parameter of the numbers of bins among which validation chooses} */
  public IntArrayParam bins() {
    return options().bins;
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
    return with(options().bins, value);
  }

  /** {@return the parameter of whether components start at quantiles or clusters of the labels} */
  public BooleanParam startFromData() {
    return options().startFromData;
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
    return with(options().startFromData, value);
  }

  /**
   * {@return the parameter of the units of each hidden layer; no others are tried then, unless
   * widerUnits is set}
   */
  public IntParam hiddenUnits() {
    return options().hiddenUnits;
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
    return with(options().hiddenUnits, value);
  }

  /**
   * {@return the parameter of the units of each hidden layer in a last trial; 0 for no such trial}
   */
  public IntParam widerUnits() {
    return options().widerUnits;
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
    return with(options().widerUnits, value);
  }

  /** {@return the parameter of the layers below the head, as JSON; empty for two dense layers} */
  public Param<String> trunk() {
    return options().trunk;
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
    return with(options().trunk, value.toJson());
  }
}
