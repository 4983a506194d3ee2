/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.sine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mdn4j.regression.MixtureRegressor;
import org.nd4j.linalg.dataset.DataSet;

/** The regressor's defaults on the inverted sine; {@code -Dmdn4j.sinePoints=20000} takes longer. */
@Tag("slow")
class InvertedSineRegressorTest {
  private static final double FLOOR = 1.2880;

  @Test
  void defaultsAreGoodEnough() {
    int points = Integer.getInteger("mdn4j.sinePoints", 3000);
    DataSet train = draw(points, 1);
    DataSet test = draw(20_000, 2);
    MixtureRegressor regressor =
        MixtureRegressor.builder().build().fit(train.getFeatures(), train.getLabels());
    double nll = // alone: an evaluation's regions take as long as the fit
        -regressor
            .predict(test.getFeatures())
            .logDensity(test.getLabels())
            .meanNumber()
            .doubleValue();

    System.out.printf(
        Locale.ROOT,
        "%d points: test NLL %.4f nats, noise %s, %.0f s%n",
        points,
        nll,
        regressor.report().noise(),
        regressor.report().seconds());
    assertTrue(nll <= (points < 20_000 ? 1.36 : 1.34), "NLL " + nll);
    assertTrue(nll > FLOOR - 0.02, "NLL " + nll); // its standard error is about 0.007
  }

  private static DataSet draw(int points, long seed) {
    return InvertedSineData.draw(points, RandomSource.XO_RO_SHI_RO_128_PP.create(seed)).toDataSet();
  }
}
