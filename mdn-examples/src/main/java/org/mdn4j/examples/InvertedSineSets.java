/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples;

import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerStandardize;

/**
 * The inverted sine for one run: three independent draws, and what the network sees of them,
 * standardised by the training points.
 *
 * @param train training points
 * @param test test points
 * @param standardize the standardisation of inputs and targets
 * @param trainSet training points, standardised
 * @param validationSet validation points, standardised alike
 * @param testSet test points, standardised alike
 */
record InvertedSineSets(
    InvertedSineData train,
    InvertedSineData test,
    NormalizerStandardize standardize,
    DataSet trainSet,
    DataSet validationSet,
    DataSet testSet) {

  /** How networks are trained on the inverted sine. */
  static DenseTraining training(int epochs, long seed) {
    return new DenseTraining(2, 32, epochs, 256, 0.01, 0.03, 0, seed);
  }

  static InvertedSineSets draw(
      int points, int validationPoints, int testPoints, UniformRandomProvider seeds) {
    InvertedSineData train = draw(points, seeds);
    InvertedSineData validation = draw(validationPoints, seeds);
    InvertedSineData test = draw(testPoints, seeds);
    NormalizerStandardize standardize = new NormalizerStandardize();
    standardize.fitLabel(true);
    standardize.fit(train.toDataSet());
    return new InvertedSineSets(
        train,
        test,
        standardize,
        standardized(train, standardize),
        standardized(validation, standardize),
        standardized(test, standardize));
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
