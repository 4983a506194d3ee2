/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.sine;

import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.mdn4j.MixtureSpec;
import org.mdn4j.eval.MixtureEvaluation;
import org.mdn4j.eval.MixtureEvaluationBuilder;
import org.mdn4j.examples.kit.DenseTraining;
import org.mdn4j.training.Trainer;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerStandardize;

/**
 * The data of one run of the inverted sine: three independent draws, and what the network sees of
 * them, standardised by the training points.
 *
 * @param train training points
 * @param test test points
 * @param standardize the standardisation of inputs and targets
 * @param trainSet training points, standardised
 * @param validationSet validation points, standardised alike
 * @param testSet test points, standardised alike
 */
public record InvertedSineSets(
    InvertedSineData train,
    InvertedSineData test,
    NormalizerStandardize standardize,
    DataSet trainSet,
    DataSet validationSet,
    DataSet testSet) {
  private static final int PART = 1000; // points that ND4J sums alike with any number of threads

  /**
   * Returns the training of networks on the inverted sine.
   *
   * @param epochs passes over the training data
   * @param seed seed of the training
   * @return the training
   */
  public static DenseTraining training(int epochs, long seed) {
    return training(epochs, seed, 1);
  }

  /**
   * Returns the training of networks on the inverted sine by several copies at once.
   *
   * @param epochs passes over the training data
   * @param seed seed of the training
   * @param workers number of copies
   * @return the training
   */
  public static DenseTraining training(int epochs, long seed, int workers) {
    return new DenseTraining(2, 32, epochs, 256, 0.01, 0.03, 0, seed, workers, Trainer.AUTO);
  }

  /**
   * Draws the points of one run.
   *
   * @param points number of training points
   * @param validationPoints number of validation points
   * @param testPoints number of test points
   * @param seeds seeds of the three draws
   * @return the sets
   */
  public static InvertedSineSets draw(
      int points, int validationPoints, int testPoints, UniformRandomProvider seeds) {
    InvertedSineData train = draw(points, seeds);
    InvertedSineData validation = draw(validationPoints, seeds);
    InvertedSineData test = draw(testPoints, seeds);
    NormalizerStandardize standardize = new NormalizerStandardize();
    standardize.fitLabel(true);
    standardize.fit(new ExistingDataSetIterator(train.toDataSet().batchBy(PART)));
    return new InvertedSineSets(
        train,
        test,
        standardize,
        standardized(train, standardize),
        standardized(validation, standardize),
        standardized(test, standardize));
  }

  /**
   * Returns the builder of an evaluation of a network on these sets, in the data's own units.
   *
   * @param spec the form of its output
   * @return a builder with the units set
   */
  public MixtureEvaluationBuilder evaluation(MixtureSpec spec) {
    return MixtureEvaluation.builder(spec).inOriginalUnits(standardize);
  }

  private static InvertedSineData draw(int points, UniformRandomProvider seeds) {
    return InvertedSineData.draw(points, RandomSource.XO_RO_SHI_RO_128_PP.create(seeds.nextLong()));
  }

  private static DataSet standardized(InvertedSineData data, NormalizerStandardize standardize) {
    DataSet set = data.toDataSet();
    standardize.transform(set);
    return set;
  }
}
